"""From a file to its chunks, as values.

In: nothing. Out: the types that the FILE path hands from step to step.
Does not know how a file is read, tokenized, embedded or stored.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
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
    text included.
    """

    start: int
    end: int
    kind: SegmentKind
    headings: tuple[str, ...] = ()
    location: Location = Location()


@dataclass(frozen=True, slots=True)
class ExtractedText:
    """What a reader made of one file.

    `segments` are in order, do not overlap, and together cover every character of `text` that is
    not white space; front matter at the top is the one thing that may stand outside. `title`,
    `tags` and `day` are the document's own (front matter, properties). `losses` says in words for
    a person what of the file is not in `text`: "page 3 cannot be read".
    """

    text: str
    segments: tuple[Segment, ...]
    title: str | None = None
    tags: tuple[str, ...] = ()
    day: date | None = None
    losses: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Chunk:
    """A passage to embed and to rank: `document_text[start:end] == text`, always.

    `ordinal` counts from 0 within the file; `token_count` is in tokens of the embedding model,
    special tokens included.
    """

    ordinal: int
    start: int
    end: int
    text: str
    token_count: int
    headings: tuple[str, ...] = ()
    location: Location = Location()

    @property
    def content_hash(self) -> bytes:
        """The 32-byte hash that decides whether a stored vector or score is still its own."""
        return content_hash(self.text)


def content_hash(text: str) -> bytes:
    """SHA-256 of the text in UTF-8; lone surrogates are hashed as they stand."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).digest()


@dataclass(frozen=True, slots=True)
class StoredChunk:
    """A chunk of the index, with what a person needs to recognise and open it."""

    chunk_id: int
    path: str
    chunk: Chunk
    title: str | None
    modified_ns: int


@dataclass(frozen=True, slots=True)
class Skipped:
    """A file that is not in the index, and the reason in words for a person."""

    path: str
    reason: str
    ignored: bool = False
    """Left out on request (an ignore rule, a hidden name), rather than for a fault of the file."""
