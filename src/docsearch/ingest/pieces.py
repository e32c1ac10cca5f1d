"""A segment -> pieces that each fit in a chunk.

In: a document's text, one of its segments, and the limits of a chunk. Out: pieces in order: the
whole segment where it fits, else its sentences or lines, else runs of tokens. Every character of
the segment that is not white space is in exactly one piece.
Does not know which pieces will share a chunk.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from docsearch.domain.document import Location, Segment
from docsearch.ingest.boundaries import Span, Splitter, splitters, strip_span
from docsearch.ports import TokenCounter


@dataclass(frozen=True, slots=True)
class Limits:
    """The most that a chunk may hold, special tokens left out, and what it may repeat.

    `characters` bounds what tokens do not: one unknown token can span megabytes.
    """

    tokens: int
    characters: int
    overlap: int

    @property
    def run(self) -> int:
        """Tokens in a run cut out of a sentence: what a full overlap leaves room for."""
        return max(1, self.tokens - self.overlap)


@dataclass(frozen=True, slots=True)
class Piece:
    """A span without white space at its ends, and what it weighs.

    `location` is where the piece itself starts. `is_run` tells a run of tokens, cut out of the
    middle of a sentence, from a sentence or more.
    """

    start: int
    end: int
    tokens: int
    segment: Segment
    location: Location
    is_run: bool = False


def pieces(text: str, segment: Segment, counter: TokenCounter, limits: Limits) -> Iterator[Piece]:
    """The segment in pieces within the limits."""
    seen, line = segment.start, segment.location.line
    cutter = _Cutter(text, counter, limits)
    for (start, end), tokens, is_run in cutter.cut(
        segment.start, segment.end, splitters(segment.kind)
    ):
        location = segment.location
        if line is not None and segment.keeps_lines:
            line += text.count("\n", seen, start)
            seen, location = start, replace(location, line=line)
        yield Piece(start, end, tokens, segment, location, is_run)


@dataclass(frozen=True, slots=True)
class _Cutter:
    text: str
    counter: TokenCounter
    limits: Limits

    def cut(
        self, start: int, end: int, ways: Sequence[Splitter]
    ) -> Iterator[tuple[Span, int, bool]]:
        """Spans that fit, their tokens, and whether each is a mere run of tokens."""
        start, end = strip_span(self.text, start, end)
        if start == end:
            return
        tokens = self._tokens_within_limits(start, end)
        if tokens is not None:
            yield (start, end), tokens, False
            return
        for depth, way in enumerate(ways, start=1):
            parts = list(way(self.text, start, end))
            if len(parts) > 1:
                for part in parts:
                    yield from self.cut(*part, ways[depth:])
                return
        for run in self._runs(start, end):
            for span, count in self._halved(*run):
                yield span, count, True

    def _tokens_within_limits(self, start: int, end: int) -> int | None:
        # Counting is left out where it could not help: it would hold a tuple for every token.
        if end - start > self.limits.characters:
            return None
        tokens = len(self.counter.token_spans(self.text[start:end]))
        return tokens if tokens <= self.limits.tokens else None

    def _runs(self, start: int, end: int) -> Iterator[Span]:
        """Spans of at most `limits.run` tokens each, cut between words where there are words."""
        while start < end:
            stop = min(end, start + self.limits.characters)
            tokens = self.counter.token_spans(self.text[start:stop])
            cuts = self._cuts(start, tokens)
            if stop == end or not cuts:
                cuts.append(stop)
            for cut in cuts:
                yield start, cut
                start = cut

    def _cuts(self, offset: int, tokens: Sequence[Span]) -> list[int]:
        cuts: list[int] = []
        first, run = 0, self.limits.run
        while first + run < len(tokens):
            nearest_first = range(first + run, first + run // 2, -1)
            first = next(
                (each for each in nearest_first if self._starts_word(offset + tokens[each][0])),
                first + run,
            )
            cut = offset + tokens[first][0]
            # Several tokens of one character share their start.
            if cut > (cuts[-1] if cuts else offset):
                cuts.append(cut)
        return cuts

    def _starts_word(self, place: int) -> bool:
        return self.text[place - 1].isspace()

    def _halved(self, start: int, end: int) -> Iterator[tuple[Span, int]]:
        """The run, in halves while it counts for too much: a cut inside a word can add tokens."""
        start, end = strip_span(self.text, start, end)
        if start == end:
            return
        tokens = len(self.counter.token_spans(self.text[start:end]))
        if tokens <= self.limits.tokens or end - start == 1:
            yield (start, end), tokens
        else:
            middle = (start + end) // 2
            yield from self._halved(start, middle)
            yield from self._halved(middle, end)
