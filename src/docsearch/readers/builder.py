"""Text and segments, built up together, for formats whose source is not what a person reads.

In: pieces of text in reading order. Out: an `ExtractedText` that keeps its promises. Knows no
format.
"""

from __future__ import annotations

from datetime import date

from docsearch.domain.document import ExtractedText, Location, Segment, SegmentKind
from docsearch.domain.errors import ReaderError
from docsearch.readers.decoding import clean
from docsearch.readers.outline import Outline

_CLOSE = frozenset({SegmentKind.LIST_ITEM, SegmentKind.TABLE})
_LOSSES_TOLD = 3
NOWHERE = Location()


class ExtractionBuilder:
    """Collects pieces; each becomes one segment under the headings in force."""

    def __init__(self) -> None:
        self._pieces: list[str] = []
        self._segments: list[Segment] = []
        self._losses: list[str] = []
        self._length = 0
        self._outline = Outline()

    def heading(self, text: str, level: int, location: Location = NOWHERE) -> None:
        """A heading, 1 the outermost; it is text itself, and stands over what follows."""
        text = " ".join(clean(text).split())
        if text:
            self._outline.enter(level, text)
            self._append(text, SegmentKind.HEADING, location)

    def leave(self, level: int) -> None:
        """What follows is under no heading of this level or of a deeper one."""
        self._outline.leave(level)

    def add(
        self,
        text: str,
        kind: SegmentKind = SegmentKind.PARAGRAPH,
        location: Location = NOWHERE,
        *,
        keeps_lines: bool = False,
        goes_on: bool = False,
    ) -> None:
        """A piece of text; white space around it goes, but for a code block's indentation.

        One that `goes_on` is part of the paragraph before it.
        """
        text = clean(text)
        text = text.strip("\n").rstrip() if kind is SegmentKind.CODE else text.strip()
        if text and not text.isspace():
            self._append(text, kind, location, keeps_lines=keeps_lines, goes_on=goes_on)

    def lost(self, what: str) -> None:
        """Note what of the file is missing from the text, in words for a person: see `losses`."""
        self._losses.append(what)

    def build(
        self,
        *,
        title: str | None = None,
        tags: tuple[str, ...] = (),
        day: date | None = None,
        when_empty: str = "no text in it",
    ) -> ExtractedText:
        """What was collected. Raises ReaderError(`when_empty`, what is lost) if that is nothing."""
        if not self._segments:
            raise ReaderError("; ".join((when_empty, *self._losses[:_LOSSES_TOLD])))
        plain_title = " ".join(clean(title).split()) if title else None
        plain_tags = (" ".join(clean(tag).split()) for tag in tags)
        return ExtractedText(
            "".join(self._pieces),
            tuple(self._segments),
            plain_title or None,
            tuple(dict.fromkeys(tag for tag in plain_tags if tag)),
            day,
            tuple(self._losses),
        )

    def _append(
        self,
        text: str,
        kind: SegmentKind,
        location: Location,
        *,
        keeps_lines: bool = False,
        goes_on: bool = False,
    ) -> None:
        if self._segments:
            together = (goes_on or kind in _CLOSE) and self._segments[-1].kind is kind
            separator = "\n" if together else "\n\n"
            self._pieces.append(separator)
            self._length += len(separator)
        start = self._length
        self._pieces.append(text)
        self._length += len(text)
        self._segments.append(
            Segment(start, self._length, kind, self._outline.path, location, keeps_lines)
        )


def line_of_file(line: int) -> Location:
    """The place of a line of a text that is a file by itself."""
    return Location(line=line)


def row_text(cells: list[str]) -> str:
    """A table's row on one line, its cells divided by bars; empty if every cell is."""
    plain = [" ".join(cell.split()) for cell in cells]
    return " | ".join(plain) if any(plain) else ""
