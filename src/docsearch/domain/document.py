"""From a file to its chunks, as values.

In: nothing. Out: the types that the FILE path hands from step to step.
Does not know how a file is read, tokenized, embedded or stored.
"""

from __future__ import annotations

import hashlib
from bisect import bisect_right
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum


@dataclass(frozen=True, slots=True)
class SourceFile:
    """A file as the scan saw it.

    `path` is relative to the searched folder, with forward slashes. Bytes of a name that are not
    UTF-8 are kept as surrogate escapes, so `os.fsencode` gives the name on disk back.
    `size` is in bytes, `modified_ns` in nanoseconds since the epoch. `file_id` is
    (device, inode): what a rename keeps. `changed_ns` is the system's own time of the last change
    of bytes, name or permissions (ctime), which no program can set back; 0 where it says nothing.
    """

    path: str
    size: int
    modified_ns: int
    file_id: tuple[int, int]
    changed_ns: int = 0


@dataclass(frozen=True, slots=True)
class Location:
    """Where in the source a piece of text starts: what a person can open.

    All are 1-based and None where the format has no such thing. `line` counts lines of the file
    itself, `page` pages of a PDF, `cell` cells of a notebook.
    """

    line: int | None = None
    page: int | None = None
    cell: int | None = None


class SegmentKind(StrEnum):
    """What a segment is in its document's structure."""

    HEADING = "heading"
    PARAGRAPH = "paragraph"
    LIST_ITEM = "list item"
    CODE = "code"
    TABLE = "table"


@dataclass(frozen=True, slots=True)
class Segment:
    """A structural piece `[start, end)` of `ExtractedText.text`, in characters.

    `headings` runs from the outermost heading to the innermost one in force, a heading's own
    text included. `keeps_lines` says that its line breaks are the file's own, so that a line within
    it can be counted from its first.
    """

    start: int
    end: int
    kind: SegmentKind
    headings: tuple[str, ...] = ()
    location: Location = Location()
    keeps_lines: bool = False


@dataclass(frozen=True, slots=True)
class ExtractedText:
    """What a reader made of one file.

    `segments` are in order, do not overlap, and together cover every character of `text` that is
    not white space. `title`, `tags` and `day` are the document's own (front matter, properties).
    `name` is what models are to read above it: the title, or else the file's name, where that says
    something and does not stand where the text begins.
    `losses` says in words for a person what of the file is not in `text`: "page 3 cannot be read".
    """

    text: str
    segments: tuple[Segment, ...]
    title: str | None = None
    tags: tuple[str, ...] = ()
    day: date | None = None
    losses: tuple[str, ...] = ()
    name: str = ""


@dataclass(frozen=True, slots=True)
class Place:
    """What holds from `offset` on, in characters of a chunk's text: headings, and where to look.

    `keeps_lines` is that of the segment, see there.
    """

    offset: int
    headings: tuple[str, ...] = ()
    location: Location = Location()
    keeps_lines: bool = False

    def moved(self, offset: int, line_breaks: int) -> Place:
        """The place at a later offset of the same segment, so many line breaks on."""
        line = self.location.line
        if line is None or not self.keeps_lines:
            return replace(self, offset=offset)
        return replace(
            self, offset=offset, location=replace(self.location, line=line + line_breaks)
        )


@dataclass(frozen=True, slots=True)
class Chunk:
    """A passage to embed and to rank: `document_text[start:end] == text`, always.

    `ordinal` counts from 0 within the file; `token_count` is in tokens of the embedding model,
    special tokens included. `headings` and `location` are those of the first piece that is new in
    it; `places` says where each part stands, in order of their offsets, the first at 0. It is empty
    where that is not known. `name` is what models read as a heading above the text; it counts in
    `token_count`.
    """

    ordinal: int
    start: int
    end: int
    text: str
    token_count: int
    headings: tuple[str, ...] = ()
    location: Location = Location()
    places: tuple[Place, ...] = ()
    name: str = ""

    @property
    def above(self) -> str:
        """What models read before the text: its heading with a line end, or nothing."""
        return heading_line(self.name)

    @property
    def reading(self) -> str:
        """What bi-encoders and cross-encoders read of it."""
        return self.above + self.text

    def place_at(self, offset: int) -> Place:
        """Where the character at `offset` of the text stands: its headings, page, cell or line."""
        if not self.places:
            return Place(0, self.headings, self.location)
        known = self.places[max(0, bisect_right(self.places, offset, key=_offset) - 1)]
        return known.moved(offset, self.text.count("\n", known.offset, offset))

    @property
    def content_hash(self) -> bytes:
        """The 32-byte hash of its text, which tells it from other passages."""
        return content_hash(self.text)

    @property
    def reading_hash(self) -> bytes:
        """The 32-byte hash that decides whether a stored vector or score is still its own."""
        return content_hash(self.reading)


def _offset(place: Place) -> int:
    return place.offset


def heading_line(name: str) -> str:
    """A name as models read it above a text."""
    return f"{name}\n" if name else ""


def content_hash(text: str) -> bytes:
    """SHA-256 of the text in UTF-8; lone surrogates are hashed as they stand."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).digest()


@dataclass(frozen=True, slots=True)
class StoredChunk:
    """A chunk of the index, with what a person needs to recognise and open it.

    `matter` is where in its text the sentence starts that matters to a query, None where no
    sentence matters more than another.
    """

    chunk_id: int
    path: str
    chunk: Chunk
    title: str | None
    modified_ns: int
    matter: int | None = None

    @property
    def place(self) -> Place:
        """What to show and to open: that of the sentence that matters, else of the first piece."""
        if self.matter is None:
            return Place(0, self.chunk.headings, self.chunk.location)
        return self.chunk.place_at(self.matter)


@dataclass(frozen=True, slots=True)
class Skipped:
    """A file that is not in the index, and the reason in words for a person."""

    path: str
    reason: str
    ignored: bool = False
    """Left out on request (an ignore rule, a hidden name), rather than for a fault of the file."""

    may_pass: bool = False
    """The system failed to say what is there: what is known of it and of all below it holds."""
