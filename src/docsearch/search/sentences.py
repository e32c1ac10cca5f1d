"""The sentence of a passage that speaks to the query most.

In: words, a passage, and a way to score texts against words. Out: a span of the passage. Does not
know which model scores.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence

from sentencex import get_sentence_boundaries  # type: ignore[import-untyped]

from docsearch.domain.safe_text import safe_block

Span = tuple[int, int]

_NUMBER = re.compile(r"[\W_]*([0-9]{1,3}|[ivx]{1,4}|[a-z])[.)]", re.IGNORECASE)
"""What a list item begins with: no sentence, though a full stop ends it."""

_CLOSING = re.compile(r"[*_`~\"'”’»)\]]+(?=\s)")
"""Marks that end what stands before them, though a full stop stood between: `**Payment.** We`."""


def best_sentence(
    words: str, passage: str, score: Callable[[str, Sequence[str]], Sequence[float]]
) -> Span:
    """`[start, end)` in `passage`, in characters, of its best-scored sentence; the first of equals.

    The whole passage where it has no sentence. One sentence is best without being scored.
    """
    spans = sentence_spans(passage)
    if len(spans) < 2:
        return spans[0] if spans else (0, len(passage))
    scores = score(words, [passage[start:end] for start, end in spans])
    return spans[max(range(len(spans)), key=lambda index: scores[index])]


def sentence_spans(text: str) -> list[Span]:
    """The sentences in order, without the white space around them; rules and bullets are none.

    An item's number belongs to its first sentence, a closing mark to what it closes.
    """
    # sentencex takes no lone surrogates; the safe text is as long, so its offsets are the same.
    boundaries = get_sentence_boundaries("en", safe_block(text))
    cuts = _closed(text, [(each["start_index"], each["end_index"]) for each in boundaries])
    spans = (_trim(text, start, end) for start, end in _numbered(text, cuts))
    return [(start, end) for start, end in spans if any(map(str.isalnum, text[start:end]))]


def _closed(text: str, spans: Iterable[Span]) -> list[Span]:
    """Closing marks at the start of a span end the span before it, where nothing is between."""
    moved: list[Span] = []
    for start, end in spans:
        marks = _CLOSING.match(text, start, end)
        if marks and moved and moved[-1][1] == start:
            moved[-1] = (moved[-1][0], marks.end())
            moved.append((marks.end(), end))
        else:
            moved.append((start, end))
    return moved


def _numbered(text: str, spans: Iterable[Span]) -> Iterator[Span]:
    """A span that is a mere number begins the span after it on the same line."""
    number: Span | None = None
    for start, end in spans:
        if number is not None and "\n" in text[number[0] : start].lstrip():
            yield number
            number = None
        whole = (start if number is None else number[0], end)
        number = whole if _NUMBER.fullmatch(text[slice(*whole)].strip()) else None
        if number is None:
            yield whole
    if number is not None:
        yield number


def _trim(text: str, start: int, end: int) -> Span:
    piece = text[start:end]
    return start + len(piece) - len(piece.lstrip()), start + len(piece.rstrip())
