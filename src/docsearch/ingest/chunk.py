"""A document's text -> the chunks that are embedded and ranked.

In: the text with its structure, the embedding model's tokenizer, and the budget. Out: chunks, each
a slice of the text. Segments are packed together up to the budget:

- A chunk ends before a heading once it is a quarter full, and always before a section that is not
  a sibling of its first one, or inside it. A heading is not left behind at a chunk's end.
- A segment is cut only when it is larger than the budget (see `pieces.py`).
- Where a section had to be cut for size, the next chunk repeats the last sentences (lines of code
  or of a table, tokens of an endless sentence) of the one before, up to the overlap.

Linear in the text. Does not know what made the text, nor what becomes of the chunks.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from docsearch.domain.document import Chunk, ExtractedText, SegmentKind, heading_line
from docsearch.ingest.boundaries import lines, splitters, strip_span
from docsearch.ingest.pieces import Limits, Piece, pieces
from docsearch.ingest.places import with_places
from docsearch.ports import TokenCounter

CHUNKING_VERSION = 4
"""Part of the chunking fingerprint: raised whenever the same text would be cut elsewhere, more is
kept of where its parts stand, or models read something else above it."""

CHARACTERS_PER_TOKEN = 16
"""A chunk's bound in characters for each token it may hold; English has about four."""

NAME_SHARE = 8
"""A file's name takes at most so small a part of the budget, its first words."""

QUARTER = 4
"""A chunk with this part of the budget, or more, ends before the next heading."""


def chunk_document(
    extracted: ExtractedText, counter: TokenCounter, max_tokens: int, overlap_tokens: int
) -> tuple[Chunk, ...]:
    """The chunks in order; none for a text without anything but white space.

    A chunk counts at most `max_tokens`, special tokens and the name above it included. Every
    character that is not white space is in at least one chunk, and no chunk starts or ends with
    white space. Headings and location are those of the first piece that the chunk before does not
    hold already; `places` holds those of all its parts.
    """
    name, name_tokens = _name(extracted.name, counter, max_tokens // NAME_SHARE)
    limits = Limits(
        tokens=max_tokens - counter.special_tokens - name_tokens,
        characters=max_tokens * CHARACTERS_PER_TOKEN,
        overlap=overlap_tokens,
    )
    packer = _Packer(extracted.text, counter, limits)
    for segment in extracted.segments:
        for piece in pieces(extracted.text, segment, counter, limits):
            packer.add(piece)
    chunks = packer.finish()
    if name:
        chunks = tuple(
            replace(each, name=name, token_count=each.token_count + name_tokens) for each in chunks
        )
    return with_places(chunks, extracted)


def _name(name: str, counter: TokenCounter, most: int) -> tuple[str, int]:
    """The first words of the name that have room, and the tokens that they take above a text."""
    words = name.split()[:most]
    while words:
        name = " ".join(words)
        if (tokens := len(counter.token_spans(heading_line(name)))) <= most:
            return name, tokens
        words.pop()
    return "", 0


class _Packer:
    """Holds the pieces of the chunk in the making; `_lead` is where its overlap starts."""

    def __init__(self, text: str, counter: TokenCounter, limits: Limits) -> None:
        self._text = text
        self._counter = counter
        self._limits = limits
        self._chunks: list[Chunk] = []
        self._held: list[Piece] = []
        self._lead: int | None = None
        self._tokens = 0

    def add(self, piece: Piece) -> None:
        """Take the next piece in, after closing the chunk that it does not belong to."""
        while self._held:
            if self._ends_before(piece):
                self._close(None)
            elif not self._has_room_for(piece):
                self._close(piece)
            else:
                break
        self._held.append(piece)
        self._tokens += piece.tokens

    def finish(self) -> tuple[Chunk, ...]:
        """Close the last chunk and hand all of them over."""
        while self._held:
            self._close(None)
        return tuple(self._chunks)

    def _ends_before(self, piece: Piece) -> bool:
        last, first = self._held[-1].segment, self._held[0].segment
        if piece.segment is last or (
            piece.segment.kind is not SegmentKind.HEADING
            and piece.segment.headings == last.headings
        ):
            return False
        parent = first.headings[:-1]
        is_related = piece.segment.headings[: len(parent)] == parent
        return not is_related or self._tokens * QUARTER >= self._limits.tokens

    def _has_room_for(self, piece: Piece) -> bool:
        return (
            self._tokens + piece.tokens <= self._limits.tokens
            and piece.end - self._start() <= self._limits.characters
        )

    def _start(self) -> int:
        return self._held[0].start if self._lead is None else self._lead

    def _close(self, cut_before: Piece | None) -> None:
        """Make a chunk of what is held; `cut_before` is the piece that had no room in it."""
        rest = self._take_trailing_headings() if cut_before is not None else []
        start, count = self._start(), self._count(self._start())
        # The sum of the pieces can be less than the whole: a tokenizer may join across them.
        while count > self._limits.tokens and (self._lead is not None or len(self._held) > 1):
            if self._lead is not None:
                self._lead = None
            else:
                rest.insert(0, self._held.pop())
            start, count = self._start(), self._count(self._start())
        self._emit(start, count)
        kept, self._held = self._held, rest
        self._tokens, self._lead = sum(piece.tokens for piece in rest), None
        if cut_before is not None and not rest:
            self._repeat(kept, cut_before)

    def _take_trailing_headings(self) -> list[Piece]:
        keep = len(self._held)
        while keep and self._held[keep - 1].segment.kind is SegmentKind.HEADING:
            keep -= 1
        if not keep:
            return []
        rest = self._held[keep:]
        del self._held[keep:]
        return rest

    def _count(self, start: int) -> int:
        return len(self._counter.token_spans(self._text[start : self._held[-1].end]))

    def _emit(self, start: int, count: int) -> None:
        first, end = self._held[0], self._held[-1].end
        self._chunks.append(
            Chunk(
                ordinal=len(self._chunks),
                start=start,
                end=end,
                text=self._text[start:end],
                token_count=count + self._counter.special_tokens,
                headings=first.segment.headings,
                location=first.location,
            )
        )

    def _repeat(self, before: list[Piece], piece: Piece) -> None:
        """Start the chunk of `piece` with the end of the one before, as far as there is room."""
        room = min(self._limits.overlap, self._limits.tokens - piece.tokens)
        for each in reversed(before):
            is_same_section = each.segment.headings == piece.segment.headings
            if each.segment.kind is SegmentKind.HEADING or not is_same_section:
                return
            taken = 0
            for start, tokens in self._tails(each, room):
                if tokens > room or piece.end - start > self._limits.characters:
                    break
                self._lead, taken = start, tokens
            self._tokens += taken
            room -= taken
            if self._lead != each.start:
                return

    def _tails(self, piece: Piece, room: int) -> Iterator[tuple[int, int]]:
        """Ends of the piece that may be repeated, shortest first: start, and tokens from there."""
        if piece.is_run:
            yield from self._run_tails(piece, room)
            return
        is_code = piece.segment.kind is SegmentKind.CODE
        split = lines if is_code else splitters(piece.segment.kind)[0]
        tokens = 0
        for part in reversed(list(split(self._text, piece.start, piece.end))):
            start, end = strip_span(self._text, *part)
            if start == end:
                continue  # sentencex takes some blank lines for a sentence
            tokens += len(self._counter.token_spans(self._text[start:end]))
            yield start, tokens

    def _run_tails(self, piece: Piece, room: int) -> list[tuple[int, int]]:
        spans = self._counter.token_spans(self._text[piece.start : piece.end])
        tails = [
            (piece.start + spans[-tokens][0], tokens)
            for tokens in range(1, min(room, len(spans)) + 1)
        ]
        at_words = [
            tail for tail in tails if tail[0] == piece.start or self._text[tail[0] - 1].isspace()
        ]
        return at_words or tails[-1:]
