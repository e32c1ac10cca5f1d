"""Where in a passage stands what matters to a query, judged by its words alone.

In: the query's words that matter, a passage and the places in it. Out: an offset, or None. Cheap
enough for every candidate of every keystroke, and linear in the passage. Knows no model.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import replace
from functools import lru_cache
from math import log

from docsearch.domain.document import Chunk, StoredChunk
from docsearch.domain.normal_form import Mapped, mapped, normal
from docsearch.domain.query import Query
from docsearch.domain.query_words import wanted_words, word_form

Span = tuple[int, int]

_MOST_CHARACTERS = 20_000
_WRAPPED_FROM = 40
"""A shorter line is not broken for its length: it is an item, a row, a line of verse or of code."""

_OF_A_HEADING = 0.5
"""What a word of a heading in force counts, beside one of the sentence itself."""

_END = re.compile(r"[.!?…][\"'”’»)\]*_`]*\s+|[。！？]\s*|\n\s*")  # noqa: RUF001


def offset_that_matters(
    words: tuple[str, ...], chunk: Chunk, within: Span | None = None
) -> int | None:
    """Where in the chunk's text the sentence starts that holds most of the words.

    It is the first of equals. Rare words count more, and those of the headings in force a little.
    Items, rows and lines of code count as sentences. Only what starts in the span `within` is
    looked at. None where no sentence holds any of the words.
    """
    text = chunk.text[:_MOST_CHARACTERS]
    way, starts = _read(text, tuple(each.offset for each in chunk.places))
    found = [
        (way.span(*match.span())[0], word)
        for word in words
        for match in _finder(word).finditer(way.normal)
    ]
    if not found:
        return None
    held: dict[int, set[str]] = {}
    for at, word in found:
        held.setdefault(starts[bisect_right(starts, at) - 1], set()).add(word)
    counts = {word: sum(word in each for each in held.values()) for word in words}
    weights = {word: log(1 + len(starts) / max(1, count)) for word, count in counts.items()}
    low, high = within or (0, len(text))
    best, best_weight = None, 0.0
    for start, own in sorted(held.items()):
        if low <= start < high:
            above = normal("\n".join(chunk.place_at(start).headings))
            named = {word for word in weights if word not in own and _finder(word).search(above)}
            weight = sum(weights[word] for word in own)
            weight += _OF_A_HEADING * sum(weights[word] for word in named)
            if weight > best_weight:
                best, best_weight = start, weight
    return best


def speaking_to(query: Query, passages: Iterable[StoredChunk]) -> list[StoredChunk]:
    """The passages, each with what in it matters to the query."""
    words = wanted_words(query)
    return [
        replace(each, matter=offset_that_matters(words, each.chunk)) if words else each
        for each in passages
    ]


@lru_cache(maxsize=256)
def _finder(word: str) -> re.Pattern[str]:
    return re.compile(word_form(word) or r"(?!)")


@lru_cache(maxsize=512)
def _read(text: str, places: tuple[int, ...]) -> tuple[Mapped, list[int]]:
    """A passage in normal form, and where its sentences, items, rows and places start, in order.

    Kept for the next keystroke, which mostly finds the same passages.
    """
    cuts = {0, *places}
    cuts.update(match.end() for match in _END.finditer(text) if not _is_wrapped(text, match))
    return mapped(text), sorted(cuts)


def _is_wrapped(text: str, match: re.Match[str]) -> bool:
    """Whether it is a line break in the middle of a sentence that had no room on its line."""
    at, after = match.start(), match.end()
    if text[at] != "\n" or "\n" in text[at + 1 : after]:
        return False
    length = at - 1 - text.rfind("\n", 0, at)
    return length >= _WRAPPED_FROM and text[after : after + 1].islower()
