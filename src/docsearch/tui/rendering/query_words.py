"""Which words of the query to look for in a text, and where they stand in it.

In: a query and a text. Out: the spans of its words. Knows nothing of models: this is only for the
eye, and never ranks anything.
"""

from __future__ import annotations

import re

from docsearch.domain.query import Query

Span = tuple[int, int]

_MOST_WORDS = 64
_MOST_CHARACTERS = 4096

_WORD = re.compile(r"\w+(?:['’]\w+)?")
_ENDING = re.compile(r"(?:'s|’s|ing|ed|es|s|e)$")
_UNSPACED = re.compile("[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u2e80-\ud7ff\uf900-\ufaff]")

# Words that stand in every text: to mark them all would mark nothing.
_COMMON_WORDS = """
    a an and are as at be been but by can could did do does for from had has have how i if in
    into is it its may me my no not of on or our shall should so than that the their them then
    there these they this those to was we were what when where which who whom whose why will with
    would you your
"""
_COMMON = frozenset(_COMMON_WORDS.split())


def wanted_words(query: Query) -> tuple[str, ...]:
    """The query's words that matter, lower-cased, each once; all of them if none stands out."""
    text = " ".join((query.words, *query.filters.phrases))
    words = tuple(dict.fromkeys(word.lower() for word in _WORD.findall(text[:_MOST_CHARACTERS])))
    rare = tuple(word for word in words if word not in _COMMON)
    return (rare or words)[:_MOST_WORDS]


def word_pattern(words: tuple[str, ...]) -> re.Pattern[str] | None:
    """Finds the words and their nearest forms (rest, rests, resting); None for no words."""
    if not words:
        return None
    return re.compile("|".join(_form(word) for word in words), re.IGNORECASE)


def _form(word: str) -> str:
    if _UNSPACED.search(word):
        return re.escape(word)
    if word.isdigit() or len(word) <= 3:
        return rf"(?<!\w){re.escape(word)}(?!\w)"
    stem = _ENDING.sub("", word)
    if len(stem) < 3:
        stem = word
    return rf"(?<!\w){re.escape(stem)}\w{{0,3}}(?!\w)"


def spans(pattern: re.Pattern[str] | None, text: str) -> tuple[Span, ...]:
    """Where the words stand in `text`, in order, without overlap."""
    return () if pattern is None else tuple(match.span() for match in pattern.finditer(text))


def densest(found: tuple[Span, ...], text: str, length: int) -> int:
    """The start of the first word from which `length` characters hold most different words.

    Longer words count more. 0 where nothing was found.
    """
    best, best_weight = 0, 0
    for index, (start, _) in enumerate(found):
        held: set[str] = set()
        for begin, end in found[index:]:
            if end > start + length:
                break
            held.add(text[begin:end].lower()[:4])
        weight = sum(len(word) for word in held)
        if weight > best_weight:
            best, best_weight = start, weight
    return best
