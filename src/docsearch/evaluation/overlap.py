"""Which passage of today's index a judged passage is, when its own chunk is gone.

In: the judged text and its file, and passages that may be like it. Out: the one that overlaps most,
where that is enough. Does not know where the passages come from.

Texts are compared by the pairs of words that follow each other in both: a passage that was cut at
other places still has nearly all of its pairs, and one that merely uses the same words has few.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise

from docsearch.domain.document import StoredChunk

LEAST_OVERLAP = 0.5
"""Of the word pairs of the shorter text, as many must stand in the other one as well."""

LEAST_SHARE = 0.1
"""Of the word pairs of the judged text: a heading alone is not the passage it stood over."""

_WORD = re.compile(r"\w+")
Pairs = Counter[tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Match:
    """The passage that the judged one is now, and the share of the shorter text that both have."""

    passage: StoredChunk
    overlap: float


def overlap(one: str, other: str) -> float:
    """The share of word pairs of the shorter text that the other has too, in [0, 1]."""
    return _overlap(_pairs(one), _pairs(other))


def best_match(text: str, path: str, passages: Iterable[StoredChunk]) -> Match | None:
    """The passage that has most in common with `text`; None where none has enough.

    One of the file `path` goes before all others. Of passages with as much in common the one that
    overlaps more is taken, and then the one that comes first.
    """
    judged = _pairs(text)
    least = LEAST_SHARE * judged.total()
    matches = []
    for passage in passages:
        pairs = _pairs(passage.chunk.text)
        shared, share = (judged & pairs).total(), _overlap(judged, pairs)
        if share >= LEAST_OVERLAP and shared >= least:
            matches.append((passage.path == path, shared, Match(passage, share)))
    if not matches:
        return None
    return max(matches, key=lambda each: (each[0], each[1], each[2].overlap))[2]


def _pairs(text: str) -> Pairs:
    """Each pair of neighbouring words with its count; of a single word, the word."""
    words = _WORD.findall(text.casefold())
    return Counter(pairwise(words)) if len(words) > 1 else Counter((word,) for word in words)


def _overlap(one: Pairs, other: Pairs) -> float:
    shorter = min(one.total(), other.total())
    return (one & other).total() / shorter if shorter else 0.0
