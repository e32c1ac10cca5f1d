"""Which words of a query carry its meaning.

In: a query. Out: its words, and what finds them in a text. Knows nothing of models, nor of what is
done with the words.
"""

from __future__ import annotations

import re

from docsearch.domain.query import Query

_MOST_WORDS = 64
_MOST_CHARACTERS = 4096

_WORD = re.compile(r"\w+(?:['’]\w+)?")

# Words that stand in every text: to look for them all would be to look for nothing.
_COMMON_WORDS = """
    a an and are as at be been but by can could did do does for from had has have how i if in
    into is it its may me my no not of on or our shall should so than that the their them then
    there these they this those to was we were what when where which who whom whose why will with
    would you your
"""
_COMMON = frozenset(_COMMON_WORDS.split())


_ENDING = re.compile(r"(?:'s|’s|ing|ed|es|s|e)$")
_UNSPACED = re.compile("[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u2e80-\ud7ff\uf900-\ufaff]")


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
    return re.compile("|".join(word_form(word) for word in words), re.IGNORECASE)


def word_form(word: str) -> str:
    """What finds one lower-cased word and its nearest forms, as a regular expression.

    That no word stands before it is said behind it: `re` then looks for the word itself first.
    """
    if _UNSPACED.search(word):
        return re.escape(word)
    if word.isdigit() or len(word) <= 3:
        escaped = re.escape(word)
        return rf"{escaped}(?<!\w{escaped})(?!\w)"
    stem = _ENDING.sub("", word)
    if len(stem) < 3:
        stem = word
    escaped = re.escape(stem)
    return rf"{escaped}(?<!\w{escaped})\w{{0,3}}(?!\w)"
