"""A text as words that can be compared: disks, Disk and disk's are one.

In: text. Out: its words with their stems and places. Endings are taken off as English has them;
words of other languages are mostly compared as they stand. Pure.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from docsearch.domain.explanation import Span
from docsearch.domain.normal_form import normal

_WORD = re.compile(r"\w+(?:['’\u00ad\u0300-\u036f]\w+)*")
_POSSESSIVE = re.compile(r"'s?$")


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


@lru_cache(maxsize=65_536)
def stem(word: str) -> str:
    """The word without its English ending, in any case (Snowball's English stemmer)."""
    is_plain = word.replace("’", "").isascii()
    word = _POSSESSIVE.sub("", normal(word))
    if not (is_plain and word.isalpha()):
        return word
    from snowballstemmer import stemmer  # type: ignore[import-untyped]

    # One of its own for each word: a stemmer keeps what it is at, and several threads ask.
    stemmed: str = stemmer("english").stemWord(word)
    return stemmed


def within(found: Sequence[Term], span: Span) -> list[Term]:
    """Those terms that lie in the span, if only in part."""
    start, end = span
    return [term for term in found if term.span[0] < end and start < term.span[1]]
