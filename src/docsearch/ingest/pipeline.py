"""The FILE path on one page: discover -> extract -> chunk -> embed -> storage.

In: a folder, the readers, the model and the library. Out: a library that is in step with the
folder, and snapshots of progress on the way. Does not know which formats, model or database these
are, nor what thread it runs in.
"""

from __future__ import annotations

import itertools
import time
from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, closing
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Protocol

import numpy as np

from docsearch.domain.document import Skipped, SourceFile
from docsearch.domain.errors import FolderError, IndexStoreError
from docsearch.domain.progress import IndexProgress, Phase
from docsearch.domain.settings import Settings
from docsearch.ingest.areas import areas_of, is_within, may_matter
from docsearch.ingest.away import away, in_words
from docsearch.ingest.compare import Move, compare
from docsearch.ingest.discover import look, require_folder
from docsearch.ingest.embed import embed_chunks
from docsearch.ingest.plan import Known, Plan, in_batches
from docsearch.ingest.pool import pays
from docsearch.ingest.prepare import (
    Gone,
    Job,
    Outcome,
    Prepared,
    Preparer,
    Unchanged,
    Unusable,
    unread,
)
from docsearch.ingest.progress import Clock, IndexState, Reporter
from docsearch.ingest.stopping import Stop, StoppedError, go_on
from docsearch.ports import Catalog, Embedder, FileContents

Report = Callable[[IndexProgress], None]


class Preparing(Protocol):
    """Whoever prepares many files ahead of the model."""

    def prepare(self, jobs: Iterable[Job], stop: Stop) -> Iterator[tuple[Job, Outcome]]:
        """Each job with what became of it. Raises StoppedError."""
        ...


OpenPool = Callable[[], AbstractContextManager[Preparing]]


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
        preparer: Preparer,
        embedder: Embedder,
        library: Library,
        settings: Settings,
        open_pool: OpenPool | None = None,
        clock: Clock = time.monotonic,
    ) -> None:
        """Without `open_pool` every file is prepared in the thread that asks."""
        self._folder = folder
        self._preparer = preparer
        self._open_pool = open_pool
        self._embedder = embedder
        self._library = library
        self._settings = settings
        self._clock = clock
        self._kept: set[str] = set()
        self._unseen: set[str] = set()

    @property
    def notice(self) -> str | None:
        """A sentence for the user where files are kept that could not be seen."""
        return in_words(self._kept)

    @property
    def unseen(self) -> set[str]:
        """Paths at which the system failed: nothing will tell when they can be looked at again."""
        return set(self._unseen)

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
            for each in (self._kept, self._unseen):
                each -= {path for path in each if is_within(path, areas)}
            devices: set[int] = set()
            found, skipped = self._look(areas, stop, devices)
            plan = self._plan(areas, found, skipped, stop, devices)
            progress.begin(len(plan.work), sum(source.size for source in plan.work))
            # Closed at once, whatever happens: it may hold processes.
            with closing(self._outcomes(plan, stop)) as outcomes:
                for batch in in_batches(self._prepared(outcomes, plan, progress)):
                    self._commit(batch, stop, progress)
            for path in plan.held.values():
                self._library.remove_file(path)
            progress.tell(Phase.READY)
        except StoppedError:
            progress.tell(Phase.STOPPED)

    def _look(
        self, areas: set[str], stop: Stop, devices: set[int]
    ) -> tuple[list[SourceFile], list[Skipped]]:
        folder = require_folder(self._folder)
        before = folder.stat()
        found: list[SourceFile] = []
        skipped: list[Skipped] = []
        for entry in look(folder, areas, self._settings.max_file_bytes, devices):
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
        self,
        areas: set[str],
        found: Iterable[SourceFile],
        skipped: Iterable[Skipped],
        stop: Stop,
        devices: set[int],
    ) -> Plan:
        """Take in what needs no reading: faults, moves, files gone. The rest is the plan."""
        library = self._library
        known = Known.of(library.files(areas), library.skipped_sources(), library.skipped(), areas)
        sources = known.sources(left_out={each.path for each in skipped})
        self._unseen |= {each.path.rstrip("/") for each in skipped if each.may_pass}
        seen = {source.path for source in found} | {each.path for each in skipped}
        kept = away(sources, seen, devices) | {
            path for path in known.indexed if is_within(path, self._unseen)
        }
        self._kept |= kept
        for each in known.not_yet_skipped(skipped):
            if each.path not in kept:
                library.skip_file(unread(each.path), each.reason)
        sources = {path: source for path, source in sources.items() if path not in kept}
        changes = compare(found, sources, partial(self._confirm, known, stop))
        for move in changes.moved:
            library.move_file(move.origin, move.source, read_again=move.is_read_again)
        plan = Plan.of(found, changes, known, library.stale_paths(), areas)
        for path in plan.lost:
            library.remove_file(path)
        return plan

    def _confirm(
        self, known: Known, stop: Stop, origin: str, source: SourceFile
    ) -> SourceFile | None:
        go_on(stop)
        entry = known.indexed.get(origin)
        return None if entry is None else self._preparer.confirm(source.path, entry.content_hash)

    def _outcomes(self, plan: Plan, stop: Stop) -> Generator[tuple[Job, Outcome], None, None]:
        if self._open_pool is not None and pays(plan.work):
            with self._open_pool() as pool:
                yield from pool.prepare(plan.jobs(), stop)
            return
        for job in plan.jobs():
            go_on(stop)
            yield job, self._preparer.prepare(job, stop)

    def _prepared(
        self, outcomes: Iterable[tuple[Job, Outcome]], plan: Plan, progress: Reporter
    ) -> Iterator[Prepared]:
        """Those of the files whose chunks are to be embedded; what else there is, is noted."""
        for job, outcome in outcomes:
            if isinstance(outcome, Prepared) and not self._is_moved(outcome, plan):
                yield outcome
            else:
                self._note(outcome, plan)
                progress.meter.file_done(job.source.size)
                progress.tell_in_time()

    def _is_moved(self, prepared: Prepared, plan: Plan) -> bool:
        """Whether the file is one that is gone from elsewhere, and nothing more is to be done."""
        origin = plan.held.pop(prepared.content_hash, None)
        if origin is None:
            return False
        move = Move(origin, prepared.source)
        self._library.move_file(origin, prepared.source, read_again=move.is_read_again)
        return not move.is_read_again

    def _note(self, outcome: Outcome, plan: Plan) -> None:
        library = self._library
        match outcome:
            case Unchanged(source=source):
                if plan.as_indexed[source.path].source != source:
                    library.touch_file(source)
            case Gone(path=path):
                library.remove_file(path)
            case Unusable(source=source, reason=reason, may_pass=may_pass):
                if may_pass:
                    self._unseen.add(source.path)
                if may_pass and source.path in plan.as_indexed:
                    self._kept.add(source.path)
                    before = plan.as_indexed[source.path].source
                    library.touch_file(replace(before, changed_ns=0))
                else:
                    library.skip_file(source, reason)

    def _commit(self, batch: list[Prepared], stop: Stop, progress: Reporter) -> None:
        """Embed the chunks of some files together, and put the files in together."""
        chunks = [chunk for prepared in batch for chunk in prepared.chunks]
        size = sum(prepared.source.size for prepared in batch)
        told = 0.0

        def embedded(count: int) -> None:
            nonlocal told
            told += size * count / len(chunks)
            progress.meter.embedded(count, size * count / len(chunks))
            progress.tell_in_time()

        known_vectors = self._library.known_vectors
        vectors = embed_chunks(chunks, known_vectors, self._embedder, stop, embedded)
        ends = itertools.accumulate(len(prepared.chunks) for prepared in batch)
        rows = np.split(vectors, list(ends)[:-1])
        self._put([each.contents(part) for each, part in zip(batch, rows, strict=True)])
        for prepared in batch:
            progress.meter.file_done((size - told) / len(batch), len(prepared.chunks))
            progress.tell_in_time()

    def _put(self, files: Sequence[FileContents]) -> None:
        """All in one transaction; where it fails in halves, so that a file costs no other.

        What was embedded for the others is then not lost. Raises what putting it in alone raises.
        """
        try:
            self._library.put_files(files)
        except Exception as error:
            if len(files) == 1 or (isinstance(error, IndexStoreError) and error.passing):
                raise
            half = len(files) // 2
            try:
                self._put(files[:half])
            finally:
                self._put(files[half:])

    def _state(self) -> IndexState:
        files, chunks, skipped = self._library.counts()
        return IndexState(files, chunks, skipped, self._library.generation)
