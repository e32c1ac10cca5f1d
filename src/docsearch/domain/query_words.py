"""Which words of a query carry its meaning.

In: a query. Out: its words, and what finds them in a text. Knows nothing of models, nor of what is
done with the words.
"""

from __future__ import annotations

import re
from functools import cache

from docsearch.domain.normal_form import (
    gram_length,
    normal,
    spaced_letter,
    unit,
    vowel_signs,
    without_invisible,
)
from docsearch.domain.query import Query

_MOST_WORDS = 64
_MOST_CHARACTERS = 4096

# Words that stand in every text: to look for them all would be to look for nothing.
_COMMON_WORDS = """
    a an and are as at be been but by can could did do does for from had has have how i if in
    into is it its may me my no not of on or our shall should so than that the their them then
    there these they this those to was we were what when where which who whom whose why will with
    would you your
"""
_COMMON = frozenset(_COMMON_WORDS.split())


_ENDING = re.compile(r"(?:'s|ing|ed|es|s|e)$")


def wanted_words(query: Query) -> tuple[str, ...]:
    """The query's words that matter, lower-cased, each once; all of them if none stands out."""
    text = " ".join((query.words, *query.filters.phrases))[:_MOST_CHARACTERS]
    words: dict[str, str] = {}
    for word in _word().findall(without_invisible(text)):
        words.setdefault(normal(word), word.lower())
    rare = tuple(word for form, word in words.items() if form not in _COMMON)
    return (rare or tuple(words.values()))[:_MOST_WORDS]


def carries_meaning(word: str) -> bool:
    """Whether a word is more than one of those that stand in every English text."""
    return normal(word) not in _COMMON


def word_pattern(words: tuple[str, ...]) -> re.Pattern[str] | None:
    """Finds the words and their nearest forms (rest, rests, resting) in a text in normal form.

    None for no words.
    """
    forms = list(filter(None, map(word_form, words)))
    return re.compile("|".join(forms)) if forms else None


def word_form(word: str) -> str:
    """What finds one word and its nearest forms in a text in normal form, as a regular expression.

    In a script without spaces these are parts of it, too. Empty for a word of which the normal
    form leaves nothing.
    """
    word = normal(word).strip()
    if units := unit().findall(word):
        length = gram_length("".join(units))
        parts = [word]
        if len(units) > length:
            starts = range(len(units) - length + 1)
            parts += ["".join(units[start : start + length]) for start in starts]
        return "|".join(map(re.escape, parts))
    if word.isdigit() or len(word) <= 3:
        return _alone(word) if word else ""
    stem = _ENDING.sub("", word)
    return _alone(stem if len(stem) >= 3 else word, most_letters=3)


def _alone(word: str, most_letters: int = 0) -> str:
    escaped = re.escape(word)
    # The letters of Latin words are ASCII in normal form. The class of all letters takes `re` some
    # 20 ms to compile, for every word and keystroke.
    letter = r"(?a:\w)" if word.isascii() else spaced_letter()
    ending = f"(?:{letter}){{0,{most_letters}}}" if most_letters else ""
    # That no word stands before it is said behind it: `re` then looks for the word itself first.
    return rf"{escaped}(?<!{letter}{escaped}){ending}(?!{letter})"


@cache
def _word() -> re.Pattern[str]:
    # Accents that stand apart belong to the word, and signs that some scripts write sounds with.
    part = rf"\w[\w\u0300-\u036f\u0591-\u05bd\u064b-\u0652\u0670{vowel_signs()}]*"
    return re.compile(rf"{part}(?:['’]{part})?")
