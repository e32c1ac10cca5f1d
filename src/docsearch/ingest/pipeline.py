"""The FILE path on one page: discover -> extract -> chunk -> embed -> storage.

In: a folder, the readers, the model and the library. Out: a library that is in step with the
folder, and snapshots of progress on the way. Does not know which formats, model or database these
are, nor what thread it runs in.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Protocol

from docsearch.domain.document import Chunk, ExtractedText, Skipped, SourceFile
from docsearch.domain.errors import DocsearchError, FolderError, ReaderError
from docsearch.domain.progress import IndexProgress, Phase
from docsearch.domain.settings import Settings
from docsearch.ingest.areas import areas_of, may_matter
from docsearch.ingest.chunk import chunk_document
from docsearch.ingest.compare import compare
from docsearch.ingest.discover import look, require_folder
from docsearch.ingest.embed import embed_chunks
from docsearch.ingest.extract import Readers, extract, take_snapshot
from docsearch.ingest.plan import Known, Plan, Prepared, in_batches, unread
from docsearch.ingest.progress import Clock, IndexState, Reporter
from docsearch.ingest.stopping import Stop, StoppableCounter, StoppedError, go_on
from docsearch.ports import Catalog, Embedder, TokenCounter

Report = Callable[[IndexProgress], None]


class Library(Catalog, Protocol):
    """What indexing needs beyond the catalog."""

    def stale_paths(self) -> set[str]:
        """The files, indexed or skipped, that another bi-encoder, chunker or readers made."""
        ...


class IngestPipeline:
    """Brings the library in step with the folder; one call at a time."""

    def __init__(
        self,
        folder: Path,
        readers: Readers,
        counter: TokenCounter,
        embedder: Embedder,
        library: Library,
        settings: Settings,
        clock: Clock = time.monotonic,
    ) -> None:
        self._folder = folder
        self._readers = readers
        self._counter = counter
        self._embedder = embedder
        self._library = library
        self._settings = settings
        self._clock = clock

    def catch_up(self, stop: Stop, report: Report) -> None:
        """Look through the whole folder and take in what has changed.

        `stop` is asked between any two small steps; what was committed by then
        stays, and the next call goes on from there. `report` is called in this thread. Raises
        FolderError, ModelError and IndexStoreError; a file that cannot be read is skipped with
        the reason.
        """
        self._bring_in_step({""}, stop, report)

    def apply(self, paths: set[str] | None, stop: Stop, report: Report) -> None:
        """Take in what changed at and below these relative paths; None is the whole folder.

        A file that is named is read even if its size and time are what they were: some edits
        keep both. Raises what `catch_up` raises.
        """
        areas = {""} if paths is None else areas_of(filter(may_matter, paths))
        if areas:
            self._bring_in_step(areas, stop, report)

    def _bring_in_step(self, areas: set[str], stop: Stop, report: Report) -> None:
        progress = Reporter(report, self._state, self._clock)
        try:
            if "" in areas:
                progress.tell(Phase.SCANNING)
            found, skipped = self._look(areas, stop)
            plan = self._plan(areas, found, skipped)
            progress.begin(len(plan.work), sum(source.size for source in plan.work))
            for batch in in_batches(self._prepared(plan, stop, progress)):
                self._commit(batch, stop, progress)
            for path in plan.held.values():
                self._library.remove_file(path)
            progress.tell(Phase.READY)
        except StoppedError:
            progress.tell(Phase.STOPPED)

    def _look(self, areas: set[str], stop: Stop) -> tuple[list[SourceFile], list[Skipped]]:
        folder = require_folder(self._folder)
        before = folder.stat()
        found: list[SourceFile] = []
        skipped: list[Skipped] = []
        for entry in look(folder, areas, self._settings.max_file_bytes):
            go_on(stop)
            if isinstance(entry, SourceFile):
                found.append(entry)
            elif not entry.ignored:
                skipped.append(entry)
        after = require_folder(self._folder).stat()
        # A disk that was taken away while we looked would seem to have lost its files.
        if (before.st_dev, before.st_ino) != (after.st_dev, after.st_ino):
            raise FolderError(f"{self._folder} became another folder while it was looked through.")
        return found, skipped

    def _plan(
        self, areas: set[str], found: Iterable[SourceFile], skipped: Iterable[Skipped]
    ) -> Plan:
        """Take in what needs no reading: faults, moves, files gone. The rest is the plan."""
        library = self._library
        known = Known.of(library.files(areas), library.skipped_sources(), library.skipped(), areas)
        for each in known.not_yet_skipped(skipped):
            library.skip_file(unread(each.path), each.reason)
        changes = compare(found, known.sources(left_out={each.path for each in skipped}))
        for move in changes.moved:
            library.move_file(move.origin, move.source)
        plan = Plan.of(found, changes, known, library.stale_paths(), areas)
        for path in plan.lost:
            library.remove_file(path)
        return plan

    def _prepared(self, plan: Plan, stop: Stop, progress: Reporter) -> Iterator[Prepared]:
        for source in plan.work:
            go_on(stop)
            prepared = self._prepare(source, plan, stop)
            if prepared is not None:
                yield prepared
            else:
                progress.meter.file_done(source.size)
                progress.tell_in_time()

    def _prepare(self, source: SourceFile, plan: Plan, stop: Stop) -> Prepared | None:
        """The file in chunks, or None where it turned out that there is nothing to embed."""
        library, path = self._library, source.path
        try:
            snapshot = take_snapshot(self._folder, path, self._settings.max_file_bytes)
        except ReaderError as error:
            library.skip_file(unread(path), str(error))
            return None
        if snapshot is None:
            library.remove_file(path)
            return None
        if plan.is_as_indexed(snapshot):
            library.touch_file(snapshot.source)
            return None
        origin = plan.held.pop(snapshot.content_hash, None)
        if origin is not None:
            library.move_file(origin, snapshot.source)
            return None
        try:
            reader, extracted, chunks = self._chunk(snapshot.data, path, stop)
        except ReaderError as error:
            library.skip_file(snapshot.source, str(error))
            return None
        return Prepared(snapshot, reader, extracted, chunks)

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

    def _commit(self, batch: list[Prepared], stop: Stop, progress: Reporter) -> None:
        """Embed the chunks of some files together; then each file is one transaction."""
        chunks = [chunk for prepared in batch for chunk in prepared.chunks]
        size = sum(prepared.snapshot.source.size for prepared in batch)
        told = 0.0

        def embedded(count: int) -> None:
            nonlocal told
            told += size * count / len(chunks)
            progress.meter.embedded(count, size * count / len(chunks))
            progress.tell_in_time()

        known_vectors = self._library.known_vectors
        vectors = embed_chunks(chunks, known_vectors, self._embedder, stop, embedded)
        first = 0
        for prepared in batch:
            rows = vectors[first : first + len(prepared.chunks)]
            self._library.put_file(prepared.contents(rows))
            first += len(prepared.chunks)
            progress.meter.file_done((size - told) / len(batch), len(prepared.chunks))
            progress.tell_in_time()

    def _state(self) -> IndexState:
        files, chunks, skipped = self._library.counts()
        return IndexState(files, chunks, skipped, self._library.generation)
