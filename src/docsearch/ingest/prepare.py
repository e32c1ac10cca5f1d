"""One file of the folder -> its chunks, or why there are none.

In: a job: a file as the scan saw it. Out: what became of it, as a value that can go from one
process to another. Does not know the library, nor in which thread or process it runs.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

from docsearch.domain.document import Chunk, ExtractedText, SourceFile
from docsearch.domain.errors import DocsearchError, ReaderError
from docsearch.domain.settings import Settings
from docsearch.ingest.chunk import chunk_document
from docsearch.ingest.extract import Clock, Readers, extract, take_snapshot
from docsearch.ingest.safe_open import may_pass
from docsearch.ports import FileContents, TokenCounter, Vectors


@dataclass(frozen=True, slots=True)
class Job:
    """A file to prepare; not taken apart if its bytes still hash to `known`."""

    source: SourceFile
    known: bytes | None = None


@dataclass(frozen=True, slots=True)
class Prepared:
    """A file that waits for its vectors. Of `extracted` only what is not in the chunks is left."""

    source: SourceFile
    content_hash: bytes
    reader: str
    extracted: ExtractedText
    chunks: tuple[Chunk, ...]

    def contents(self, vectors: Vectors) -> FileContents:
        """What is to be written of it; `vectors` has a row for each chunk."""
        return FileContents(
            self.source, self.content_hash, self.reader, self.extracted, self.chunks, vectors
        )


@dataclass(frozen=True, slots=True)
class Unchanged:
    """The file's bytes are those that the job knew."""

    source: SourceFile


@dataclass(frozen=True, slots=True)
class Gone:
    """There is no such file any more."""

    path: str


@dataclass(frozen=True, slots=True)
class Unusable:
    """Nothing can be made of the file, for the reason given."""

    source: SourceFile
    reason: str
    may_pass: bool = False
    """The disk or the network failed: what is known of the file holds."""
    content_hash: bytes | None = None
    """Of the bytes that nothing can be made of, where they were read."""


@dataclass(frozen=True, slots=True)
class TakesLong:
    """The file was not read within the time that it has while others wait."""

    source: SourceFile


Outcome = Prepared | Unchanged | Gone | Unusable | TakesLong

TOO_MUCH_MEMORY = "could not be read: it takes more memory than a file may have"
TOO_DEEP = "could not be read: what is in it is nested too deeply"

CHUNKS_OF_ANY = 2_000
BYTES_A_CHUNK = 50
"""Most chunks taken from a file: so many, and one for so many of its bytes. Prose has one for some
1,500."""


NO_FILE = (0, 0)
"""The identity of what could not be looked at."""


def unread(path: str, file_id: tuple[int, int] = NO_FILE) -> SourceFile:
    """What is noted of a path that could not be read: like no file, so that it is tried again.

    What kept it from being read, a permission for one, can change without a trace in size or time,
    and be told of another name of the same file alone: so its identity is noted where it is known.
    """
    return SourceFile(path, 0, -1, file_id)


def is_refused(source: SourceFile) -> bool:
    """Whether this notes a file that is there, and that could not be read."""
    return source == unread(source.path, source.file_id) and source.file_id != NO_FILE


class Preparer:
    """Reads, extracts and chunks. Bounds what a file gives; what it takes is bounded outside."""

    def __init__(
        self,
        folder: Path,
        readers: Readers,
        counter: TokenCounter,
        settings: Settings,
        clock: Clock = time.time_ns,
    ) -> None:
        self._folder = folder
        self._readers = readers
        self._counter = counter
        self._settings = settings
        self._clock = clock

    def prepare(self, job: Job, in_hand: Callable[[bytes], None] = lambda _: None) -> Outcome:
        """What becomes of the file; `in_hand` hears its content hash before a reader has it."""
        path = job.source.path
        try:
            snapshot = take_snapshot(self._folder, path, self._settings.max_file_bytes, self._clock)
        except ReaderError as error:
            # A reader's error with a cause of its own is told from it, by `take_snapshot`.
            cause = error.__cause__.__cause__ if error.__cause__ else None
            return Unusable(unread(path, job.source.file_id), str(error), may_pass(cause))
        if snapshot is None:
            return Gone(path)
        if snapshot.content_hash == job.known:
            return Unchanged(snapshot.source)
        in_hand(snapshot.content_hash)
        try:
            reader, extracted, chunks = self._chunk(snapshot.data, path)
        except ReaderError as error:
            return Unusable(snapshot.source, str(error), content_hash=snapshot.content_hash)
        # The chunks hold all of the text that is kept: a second copy would have to be carried.
        rest = replace(extracted, text="", segments=())
        return Prepared(snapshot.source, snapshot.content_hash, reader, rest, chunks)

    def _chunk(self, data: bytes, path: str) -> tuple[str, ExtractedText, tuple[Chunk, ...]]:
        settings = self._settings
        try:
            reader, extracted = extract(data, path, self._readers)
            chunks = chunk_document(
                extracted, self._counter, settings.chunk_tokens, settings.overlap_tokens
            )
            return reader, *_with_fewer_chunks(extracted, chunks, len(data))
        except DocsearchError:
            raise
        except MemoryError as error:
            raise ReaderError(TOO_MUCH_MEMORY) from error
        except RecursionError as error:
            raise ReaderError(TOO_DEEP) from error
        except Exception as error:
            # The one place that catches a bug: readers run over anything that a disk can hold,
            # and one file must not keep the others out of the index. The reason tells it as a bug.
            raise ReaderError(
                f"could not be read, by a fault of docsearch ({type(error).__name__}: {error}); "
                "please report it"
            ) from error


def _with_fewer_chunks(
    extracted: ExtractedText, chunks: tuple[Chunk, ...], size: int
) -> tuple[ExtractedText, tuple[Chunk, ...]]:
    most = CHUNKS_OF_ANY + size // BYTES_A_CHUNK
    if len(chunks) <= most:
        return extracted, chunks
    loss = f"only the first {most:,} of {len(chunks):,} passages are indexed"
    return replace(extracted, losses=(*extracted.losses, loss)), chunks[:most]
