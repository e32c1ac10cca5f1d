"""One file of the folder -> its chunks, or why there are none.

In: a job: a file as the scan saw it. Out: what became of it, as a value that can go from one
process to another. Does not know the library, nor in which thread or process it runs.
"""

from __future__ import annotations

import time
from dataclasses import dataclass, replace
from pathlib import Path

from docsearch.domain.document import Chunk, ExtractedText, SourceFile
from docsearch.domain.errors import DocsearchError, ReaderError
from docsearch.domain.settings import Settings
from docsearch.ingest.chunk import chunk_document
from docsearch.ingest.extract import Clock, Readers, Snapshot, extract, take_snapshot
from docsearch.ingest.safe_open import may_pass
from docsearch.ingest.stopping import Stop, StoppableCounter, StoppedError
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


Outcome = Prepared | Unchanged | Gone | Unusable


def unread(path: str) -> SourceFile:
    """What is noted of a path that could not be read: like no file, so that it is tried again.

    What kept it from being read, a permission for one, can change without a trace in size or time.
    """
    return SourceFile(path, 0, 0, (0, 0))


class Preparer:
    """Reads, extracts and chunks; any thread may ask."""

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

    def confirm(self, path: str, content_hash: bytes) -> SourceFile | None:
        """The file as it is, if its bytes have this hash."""
        try:
            snapshot = self._snapshot(path)
        except ReaderError:
            return None
        if snapshot is None or snapshot.content_hash != content_hash:
            return None
        return snapshot.source

    def prepare(self, job: Job, stop: Stop) -> Outcome:
        """What becomes of the file. Raises StoppedError."""
        path = job.source.path
        try:
            snapshot = self._snapshot(path)
        except ReaderError as error:
            # A reader's error with a cause of its own is told from it, by `take_snapshot`.
            cause = error.__cause__.__cause__ if error.__cause__ else None
            return Unusable(unread(path), str(error), may_pass(cause))
        if snapshot is None:
            return Gone(path)
        if snapshot.content_hash == job.known:
            return Unchanged(snapshot.source)
        try:
            reader, extracted, chunks = self._chunk(snapshot.data, path, stop)
        except ReaderError as error:
            return Unusable(snapshot.source, str(error))
        # The chunks hold all of the text that is kept: a second copy would have to be carried.
        rest = replace(extracted, text="", segments=())
        return Prepared(snapshot.source, snapshot.content_hash, reader, rest, chunks)

    def _snapshot(self, path: str) -> Snapshot | None:
        return take_snapshot(self._folder, path, self._settings.max_file_bytes, self._clock)

    def _chunk(
        self, data: bytes, path: str, stop: Stop
    ) -> tuple[str, ExtractedText, tuple[Chunk, ...]]:
        settings = self._settings
        counter = StoppableCounter(self._counter, stop)
        try:
            reader, extracted = extract(data, path, self._readers)
            chunks = chunk_document(
                extracted, counter, settings.chunk_tokens, settings.overlap_tokens
            )
            return reader, extracted, chunks
        except (DocsearchError, StoppedError):
            raise
        except MemoryError as error:
            raise ReaderError("too large for the memory of this machine") from error
        except Exception as error:
            # The one place that catches a bug: readers run over anything that a disk can hold,
            # and one file must not keep the others out of the index. The reason tells it as a bug.
            raise ReaderError(
                f"could not be read, by a fault of docsearch ({type(error).__name__}: {error}); "
                "please report it"
            ) from error
