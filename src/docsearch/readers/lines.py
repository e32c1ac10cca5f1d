"""Text by lines, and segments of raw text from blocks of lines.

In: the text of a file as it stands, and which of its lines form a block. Out: segments that
fulfil what `ExtractedText` promises, whatever a parser left out. Knows no format.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from docsearch.domain.document import ExtractedText, Location, Segment, SegmentKind
from docsearch.domain.errors import ReaderError

STRUCTURE_LIMIT = 1_000_000
"""Characters beyond which the parsers of markup, which take a thousand times the text in memory
or seconds a megabyte, are not asked: such a file is cut into its paragraphs only."""


@dataclass(frozen=True, slots=True)
class Block:
    """Lines `[start, end)`, counted from 0, that form one piece of the document.

    `level` is that of a heading, 1 the outermost; 0 for anything else.
    """

    start: int
    end: int
    kind: SegmentKind = SegmentKind.PARAGRAPH
    headings: tuple[str, ...] = ()
    level: int = 0


class Lines:
    """A text and where its lines start; lines are counted from 0 and ended by LF alone."""

    def __init__(self, text: str) -> None:
        self.text = text
        self._starts = [0]
        at = text.find("\n")
        while at >= 0:
            self._starts.append(at + 1)
            at = text.find("\n", at + 1)

    def __len__(self) -> int:
        return len(self._starts)

    def __getitem__(self, line: int) -> str:
        return self.text[self.start(line) : self.end(line)]

    def start(self, line: int) -> int:
        """The offset of the line's first character."""
        return self._starts[line]

    def end(self, line: int) -> int:
        """The offset behind the line's last character, its LF left out."""
        return self._starts[line + 1] - 1 if line + 1 < len(self) else len(self.text)

    def at(self, offset: int) -> int:
        """The line that holds the character at `offset`."""
        return bisect_right(self._starts, offset) - 1

    def is_blank(self, line: int) -> bool:
        """Whether the line holds nothing but white space."""
        return not self[line].strip()

    def paragraphs(self, start: int = 0, end: int | None = None) -> Iterator[tuple[int, int]]:
        """The runs `[start, end)` of lines that are not blank, within the given lines."""
        end = len(self) if end is None else end
        begin = None
        for line in range(start, end):
            if self.is_blank(line):
                if begin is not None:
                    yield begin, line
                begin = None
            elif begin is None:
                begin = line
        if begin is not None:
            yield begin, end


def raw_text(
    lines: Lines,
    blocks: Iterable[Block],
    *,
    first_line: int = 0,
    title: str | None = None,
    tags: tuple[str, ...] = (),
    day: date | None = None,
    losses: tuple[str, ...] = (),
) -> ExtractedText:
    """The text as it stands, in segments made of `blocks`, from `first_line` on.

    `blocks` are in order of their starts. Where two overlap, the later one ends the earlier.
    Lines that no block holds become paragraphs under the headings in force. Raises ReaderError
    when there is nothing but white space.
    """
    segments = tuple(_segments(lines, _covering(lines, _disjoint(blocks), first_line)))
    if not segments:
        raise ReaderError("no text in it")
    return ExtractedText(lines.text, segments, title, tags, day, losses)


def _disjoint(blocks: Iterable[Block]) -> Iterator[Block]:
    previous: Block | None = None
    for block in blocks:
        if previous is not None:
            end = min(previous.end, block.start)
            if end > previous.start:
                yield Block(previous.start, end, previous.kind, previous.headings)
        previous = block
    if previous is not None:
        yield previous


def _covering(lines: Lines, blocks: Iterable[Block], first_line: int) -> Iterator[Block]:
    covered = first_line
    headings: tuple[str, ...] = ()
    for block in blocks:
        for start, end in lines.paragraphs(covered, block.start):
            yield Block(start, end, headings=headings)
        yield block
        covered, headings = max(covered, block.end), block.headings
    for start, end in lines.paragraphs(covered):
        yield Block(start, end, headings=headings)


def _segments(lines: Lines, blocks: Iterable[Block]) -> Iterator[Segment]:
    """Segments of whole lines: from the start of a block's first line that is not blank."""
    for block in blocks:
        first = block.start
        while first < block.end and lines.is_blank(first):
            first += 1
        if first < block.end:
            start, limit = lines.start(first), lines.end(block.end - 1)
            end = start + len(lines.text[start:limit].rstrip())
            location = Location(line=first + 1)
            yield Segment(start, end, block.kind, block.headings, location, keeps_lines=True)
