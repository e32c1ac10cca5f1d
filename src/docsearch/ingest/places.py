"""Where the parts of each chunk stand in the document.

In: a document with its structure, and its chunks in order. Out: the chunks with their places.
Linear in the text: chunks and segments are walked side by side. Does not know how chunks were cut.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from docsearch.domain.document import Chunk, ExtractedText, Place, Segment


def with_places(chunks: Sequence[Chunk], extracted: ExtractedText) -> tuple[Chunk, ...]:
    """The chunks, each with the places of the segments it holds; what follows from a place is none.

    Their starts must rise, as must those of the segments.
    """
    segments = extracted.segments
    first, line_breaks = 0, 0
    seen = segments[0].start if segments else 0
    placed = []
    for chunk in chunks:
        while first + 1 < len(segments) and segments[first].end <= chunk.start:
            first += 1
            seen, line_breaks = segments[first].start, 0
        if seen < chunk.start:
            line_breaks += extracted.text.count("\n", seen, chunk.start)
            seen = chunk.start
        places = tuple(_told(_places(chunk, segments, first, line_breaks), chunk.text))
        placed.append(replace(chunk, places=places))
    return tuple(placed)


def _places(
    chunk: Chunk, segments: Sequence[Segment], first: int, line_breaks: int
) -> Iterator[Place]:
    """One for each segment in the chunk; the first began `line_breaks` before the chunk."""
    for at in range(first, len(segments)):
        segment = segments[at]
        if segment.start >= chunk.end:
            return
        place = Place(0, segment.headings, segment.location, segment.keeps_lines)
        yield place.moved(max(0, segment.start - chunk.start), line_breaks if at == first else 0)


def _told(places: Iterator[Place], text: str) -> Iterator[Place]:
    """Without those that the one before them tells, if its lines are counted on."""
    last: Place | None = None
    for place in places:
        if last is None:
            # No chunk starts with white space, but a segment may.
            last = replace(place, offset=0)
            yield last
            continue
        if last.moved(place.offset, text.count("\n", last.offset, place.offset)) != place:
            yield place
        last = place
