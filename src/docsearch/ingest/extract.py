"""A file of the folder -> one snapshot of its bytes -> its text.

In: the folder, a path, the readers. Out: bytes that were all there at one time, and the text that a
reader made of them, or ReaderError with the reason. Does not know formats.
"""

from __future__ import annotations

import hashlib
import re
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path, PurePosixPath
from typing import Protocol

from docsearch.domain.document import ExtractedText, SourceFile
from docsearch.domain.encodable import encodable
from docsearch.domain.errors import ReaderError
from docsearch.ingest.safe_open import NotReadableError, read_regular, source_of

READING_ATTEMPTS = 2
"""A file that changes while it is read is read again at once; then it has to wait."""

UNSETTLED_NS = 2_000_000_000
"""The coarsest times of a file system that is in use (FAT)."""

Clock = Callable[[], int]

_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}(?![0-9])")
"""What the name of a daily note is, or begins with."""

_MOST_LOSSES = 20
_LONGEST_LOSS = 200


class Readers(Protocol):
    """The formats, as far as indexing needs them."""

    @property
    def fingerprint(self) -> str:
        """Changes when a reader extracts something else than it did."""
        ...

    def read(self, data: bytes, name: str) -> tuple[str, ExtractedText]:
        """The format's name, and the text; raises ReaderError with the reason."""
        ...


@dataclass(frozen=True, slots=True)
class Snapshot:
    """A file as it was when its bytes were read; `content_hash` is their SHA-256."""

    source: SourceFile
    data: bytes
    content_hash: bytes


def take_snapshot(
    folder: Path, path: str, max_bytes: int, clock: Clock = time.time_ns
) -> Snapshot | None:
    """The bytes of a file that stood still while it was read; None if it is gone.

    Of a file that changed just before, by `clock` in nanoseconds since the epoch, no `changed_ns`
    is noted, so that the next scan looks at it again: an edit still to come may bear the same time.
    Raises ReaderError for one that is not readable, has grown too large, or keeps changing.
    """
    for _ in range(READING_ATTEMPTS):
        began = clock()
        try:
            read = read_regular(folder, path, max_bytes)
        except FileNotFoundError:
            return None
        except NotReadableError as error:
            raise ReaderError(f"cannot be read: {error}") from error
        if read.is_steady:
            source = source_of(path, read.after)
            if source.changed_ns > began - UNSETTLED_NS:
                source = replace(source, changed_ns=0)
            return Snapshot(source, read.data, hashlib.sha256(read.data).digest())
    raise ReaderError("it kept changing while it was read; its next change is waited for")


def extract(data: bytes, path: str, readers: Readers) -> tuple[str, ExtractedText]:
    """The format's name, and the text, free of what cannot be stored. Raises ReaderError."""
    name, extracted = readers.read(data, path)
    return name, _named(_storable(extracted), path)


def _named(extracted: ExtractedText, path: str) -> ExtractedText:
    """With the file's name as title, and the day it begins with, where the text has none."""
    stem = PurePosixPath(path).stem
    day = extracted.day
    if day is None and (found := _DAY.match(stem)):
        with suppress(ValueError):
            day = date.fromisoformat(found[0])
    words = " ".join(encodable(stem).replace("_", " ").replace("-", " ").split())
    title = extracted.title or (stem if _DAY.fullmatch(stem) else words)
    return replace(extracted, title=title or None, day=day)


def _told(losses: tuple[str, ...]) -> list[str]:
    """Each loss once, in a number and length that fit a list."""
    each = list(dict.fromkeys(losses))
    told = [loss[:_LONGEST_LOSS] for loss in each[:_MOST_LOSSES]]
    return told + ([f"{len(each) - len(told):,} more such losses"] if len(each) > len(told) else [])


def _storable(extracted: ExtractedText) -> ExtractedText:
    """The same with lone surrogates replaced, one character for one, so that offsets stay true."""
    title = extracted.title
    return replace(
        extracted,
        text=encodable(extracted.text),
        title=None if title is None else encodable(title),
        tags=tuple(map(encodable, extracted.tags)),
        losses=tuple(map(encodable, _told(extracted.losses))),
        segments=tuple(
            replace(segment, headings=tuple(map(encodable, segment.headings)))
            for segment in extracted.segments
        ),
    )
