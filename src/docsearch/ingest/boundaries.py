"""Where a text may be cut: after a sentence, a line, or a block of lines.

In: a text and a span of it. Out: the spans that together make it up, in order. Linear in the span.
Does not know of tokens or budgets.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from sentencex import get_sentence_boundaries  # type: ignore[import-untyped]

from docsearch.domain.document import SegmentKind
from docsearch.domain.encodable import encodable

Span = tuple[int, int]
"""`[start, end)` in characters."""

Splitter = Callable[[str, int, int], Iterator[Span]]

SENTENCE_WINDOW = 4000
"""Characters that sentencex is given at once: its time is quadratic in the sentences of a text."""

_BLANK_LINES = re.compile(r"\n[^\S\n]*\n\s*")


def sentences(text: str, start: int, end: int) -> Iterator[Span]:
    """Sentences, with the white space that follows each.

    One that is longer than the window comes in parts that end at white space.
    """
    while start < end:
        stop = min(end, start + SENTENCE_WINDOW)
        # sentencex takes UTF-8, which has no lone surrogates.
        window = encodable(text[start:stop])
        starts = [start + found["start_index"] for found in get_sentence_boundaries("en", window)]
        if stop < end:
            stop = starts.pop() if len(starts) > 1 else _after_last_space(text, start, stop)
        yield from zip(starts, [*starts[1:], stop], strict=True)
        start = stop


def lines(text: str, start: int, end: int) -> Iterator[Span]:
    """Lines, each with its line break."""
    while start < end:
        line_break = text.find("\n", start, end)
        stop = end if line_break < 0 else line_break + 1
        yield start, stop
        start = stop


def blocks(text: str, start: int, end: int) -> Iterator[Span]:
    """Runs of lines without a blank one, each with the blank lines that follow it."""
    for gap in _BLANK_LINES.finditer(text, start, end):
        yield start, gap.end()
        start = gap.end()
    if start < end:
        yield start, end


def splitters(kind: SegmentKind) -> tuple[Splitter, ...]:
    """How a segment of this kind is taken apart, the coarsest cut first."""
    if kind is SegmentKind.CODE:
        return blocks, lines
    if kind is SegmentKind.TABLE:
        return (lines,)
    return sentences, lines


def strip_span(text: str, start: int, end: int) -> Span:
    """The span without the white space at its ends; empty where there is nothing else."""
    whole = text[start:end]
    body = whole.strip()
    if not body:
        return start, start
    start += len(whole) - len(whole.lstrip())
    return start, start + len(body)


def _after_last_space(text: str, start: int, stop: int) -> int:
    """The last place in `(start, stop]` that white space comes before; `stop` if there is none."""
    for place in range(stop, start, -1):
        if text[place - 1].isspace():
            return place
    return stop
