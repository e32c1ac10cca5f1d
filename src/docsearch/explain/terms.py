"""A text as words that can be compared: disks, Disk and disk's are one.

In: text. Out: its words with their stems and places. Endings are taken off as English has them;
words of other languages are mostly compared as they stand. Pure.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from docsearch.domain.explanation import Span

_WORD = re.compile(r"\w+(?:['’]\w+)*")
_POSSESSIVE = re.compile(r"['’]s?$")
_VOWEL = re.compile("[aeiouy]")
_DOUBLED = re.compile(r"([bdfgmnprt])\1$")


@dataclass(frozen=True, slots=True)
class Term:
    """One word of a text: as it stands there but for case, its stem, and where."""

    word: str
    stem: str
    span: Span


def terms(text: str) -> list[Term]:
    """Every word, in order."""
    return [
        Term(match[0].casefold(), stem(match[0]), match.span()) for match in _WORD.finditer(text)
    ]


def stem(word: str) -> str:
    """The word without its ending: plural, -ed, -ing, final e and y, in any case.

    A shorter form of step 1 of Porter, "An algorithm for suffix stripping" (Program 14:3, 1980).
    """
    word = _POSSESSIVE.sub("", word.casefold())
    if not (word.isascii() and word.isalpha()):
        return word
    word = _past(_singular(word))
    if word.endswith("e") and len(word) > 3:
        return word[:-1]
    if word.endswith("y") and len(word) > 2 and not _VOWEL.match(word[-2]):
        return word[:-1] + "i"
    return word


def within(found: Sequence[Term], span: Span) -> list[Term]:
    """Those terms that lie in the span, if only in part."""
    start, end = span
    return [term for term in found if term.span[0] < end and start < term.span[1]]


def _singular(word: str) -> str:
    if word.endswith("ies") and len(word) > 4:
        return word[:-3] + "y"
    if word.endswith("s") and not word.endswith(("ss", "us", "is")) and len(word) > 3:
        return word[:-1]
    return word


def _past(word: str) -> str:
    for ending in ("ed", "ing"):
        left = word.removesuffix(ending)
        if left != word and len(left) > 2 and _VOWEL.search(left) and not word.endswith("eed"):
            return _DOUBLED.sub(r"\1", left)
    return word
