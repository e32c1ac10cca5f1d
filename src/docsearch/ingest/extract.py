"""A file of the folder -> one snapshot of its bytes -> its text.

In: the folder, a path, the readers. Out: bytes that were all there at one time, and the text that a
reader made of them, or ReaderError with the reason. Does not know formats.
"""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Protocol

from docsearch.domain.document import ExtractedText, Segment, SourceFile
from docsearch.domain.encodable import encodable
from docsearch.domain.errors import ReaderError
from docsearch.domain.normal_form import normal
from docsearch.ingest.file_name import day_of, says_something, title_of
from docsearch.ingest.safe_open import NotReadableError, read_regular, source_of

READING_ATTEMPTS = 2
"""A file that changes while it is read is read again at once; then it has to wait."""

UNSETTLED_NS = 2_000_000_000
"""The coarsest times of a file system that is in use (FAT)."""

Clock = Callable[[], int]
TEXT_OF_ANY = 2_000_000
TEXT_A_BYTE = 12
"""Most characters taken from a file: so many, and for each of its bytes so many. A book in EPUB
has two or three a byte."""

LONGEST_TITLE = 1000
LONGEST_HEADING = 400
DEEPEST_HEADING = 16
MOST_TAGS = 500
"""What is repeated with each chunk is kept short: characters, innermost headings, tags."""

_BEGINNING = 1000
"""Characters of the text, front matter among them, where its title may stand."""

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


def confirm(
    folder: Path, path: str, max_bytes: int, content_hash: bytes, clock: Clock
) -> SourceFile | None:
    """The file as it is, if its bytes have this hash."""
    try:
        snapshot = take_snapshot(folder, path, max_bytes, clock)
    except ReaderError:
        return None
    if snapshot is None or snapshot.content_hash != content_hash:
        return None
    return snapshot.source


def extract(data: bytes, path: str, readers: Readers) -> tuple[str, ExtractedText]:
    """The format's name, and the text, free of what cannot be stored. Raises ReaderError."""
    name, extracted = readers.read(data, path)
    bounded = _bounded(extracted, TEXT_OF_ANY + TEXT_A_BYTE * len(data))
    return name, _named(_storable(bounded), path)


def _named(extracted: ExtractedText, path: str) -> ExtractedText:
    """With the file's name as title, and the day it begins with, where the text has none."""
    title = extracted.title or title_of(path)
    return replace(
        extracted,
        title=title,
        day=extracted.day or day_of(path),
        name=title if title and _is_news(title, extracted.text) else "",
    )


def _is_news(title: str, text: str) -> bool:
    """Whether the title says something that does not stand where the text begins."""
    return says_something(title) and _line(title) not in _line(text[:_BEGINNING])


def _line(text: str) -> str:
    return " ".join(normal(text).split())


def _bounded(extracted: ExtractedText, most: int) -> ExtractedText:
    """The first `most` characters of the text; what is cut is told. Other parts are cut short."""
    title, losses = extracted.title, extracted.losses
    segments: Iterable[Segment] = extracted.segments
    length = len(extracted.text)
    if length > most:
        cut = f"only the first {most:,} of {length:,} characters of its text are indexed"
        losses = (cut, *losses)
        segments = [
            replace(each, end=min(each.end, most)) for each in segments if each.start < most
        ]
    return replace(
        extracted,
        text=extracted.text[:most],
        title=None if title is None else title[:LONGEST_TITLE],
        tags=tuple(each[:LONGEST_HEADING] for each in extracted.tags[:MOST_TAGS]),
        segments=_with_short_headings(segments),
        losses=losses,
    )


def _with_short_headings(segments: Iterable[Segment]) -> tuple[Segment, ...]:
    """The same headings stay the same tuple: a file of few has few of them in memory."""
    known: dict[tuple[str, ...], tuple[str, ...]] = {}
    short = []
    for segment in segments:
        innermost = segment.headings[-DEEPEST_HEADING:]
        if innermost not in known:
            known[innermost] = tuple(encodable(each[:LONGEST_HEADING]) for each in innermost)
        short.append(replace(segment, headings=known[innermost]))
    return tuple(short)


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
    )
