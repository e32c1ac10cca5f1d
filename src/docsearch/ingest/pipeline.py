"""The FILE path on one page: discover -> extract -> chunk -> embed -> storage.

In: a folder, the readers, the model and the library. Out: a library that is in step with the
folder, and snapshots of progress on the way. Does not know which formats, model or database these
are, nor what thread it runs in.
"""

from __future__ import annotations

import itertools
import os
import time
from collections.abc import Callable, Collection, Generator, Iterable, Iterator, Mapping, Sequence
from contextlib import closing, suppress
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
from docsearch.ingest.compare import Move, compare, taken_from_name
from docsearch.ingest.discover import look, require_folder
from docsearch.ingest.embed import embed_chunks
from docsearch.ingest.extract import confirm
from docsearch.ingest.plan import Known, Plan, in_batches
from docsearch.ingest.prepare import (
    NO_FILE,
    Gone,
    Job,
    Outcome,
    Prepared,
    TakesLong,
    Unchanged,
    Unusable,
    is_refused,
    unread,
)
from docsearch.ingest.progress import Clock, IndexState, Reporter
from docsearch.ingest.stopping import Stop, StoppedError, go_on
from docsearch.ports import Catalog, Embedder, FileContents, IndexedFile

Report = Callable[[IndexProgress], None]


class Preparing(Protocol):
    """Whoever prepares files, ahead of the model and where they can do no harm."""

    def prepare(self, jobs: Iterable[Job], stop: Stop) -> Generator[tuple[Job, Outcome] | None]:
        """Each job with what became of it; None where the next one has to be waited for.

        A file that takes long is not among them but in `put_off`. Raises StoppedError.
        """
        ...

    @property
    def put_off(self) -> Mapping[str, SourceFile]:
        """The files that are read beside all else, by path."""
        ...

    def forget(self, path: str) -> None:
        """What comes of this file that was put off is of no use."""
        ...

    def finish(self, stop: Stop, others_wait: Stop) -> Iterator[tuple[Job, Outcome]]:
        """Each file that was put off with what became of it; ends early where others wait.

        Raises StoppedError.
        """
        ...

    def warm_up(self) -> None:
        """Make ready for the next file, and do not wait for it."""
        ...

    def close(self) -> None:
        """End all that is still being read."""
        ...


class Library(Catalog, Protocol):
    """What indexing needs beyond the catalog."""

    def same_files(self, file_ids: Collection[tuple[int, int]]) -> set[str]:
        """The paths, indexed or skipped, of these files, by (device, inode); links have several."""
        ...

    def broken(self) -> dict[str, bytes]:
        """The content hash of each skipped file of which it is known, by path."""
        ...

    def stale_paths(self) -> set[str]:
        """The files, indexed or skipped, that another bi-encoder, chunker or readers made."""
        ...


class IngestPipeline:
    """Brings the library in step with the folder; one call at a time."""

    def __init__(
        self,
        folder: Path,
        pool: Preparing,
        embedder: Embedder,
        library: Library,
        settings: Settings,
        clock: Clock = time.monotonic,
        now: Callable[[], int] = time.time_ns,
        form_named: Callable[[str], object] = taken_from_name,
    ) -> None:
        """`clock` measures the pace, in seconds; `now` is compared with times of files.

        `form_named` is what a path tells of the format: a file that broke is not read again under
        another path that tells the same.
        """
        self._folder = folder
        self._pool = pool
        self._now = now
        self._form_named = form_named
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
        """Paths at which the system failed: no event says when they can be looked at again."""
        return set(self._unseen)

    def look_again_at(self) -> set[str]:
        """What is unseen, and files that were refused and may be read by now.

        A permission can come back through a name that nothing watches: outside of the folder, or in
        a hidden part of it.
        """
        skipped = self._library.skipped_sources().items()
        refused = {path for path, source in skipped if is_refused(source)}
        readable = {path for path in refused if os.access(self._folder / path, os.R_OK)}
        return self._unseen | readable

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
        named = None if paths is None else set(filter(may_matter, paths))
        areas = {""} if named is None else areas_of(named)
        if areas:
            self._bring_in_step(areas, stop, report, named or set())

    def finish(self, stop: Stop, report: Report, others_wait: Stop = lambda: False) -> bool:
        """Take in the files that were put off, as they have been read; whether there were any.

        Blocks for them, but ends early where `others_wait`: `apply` then takes those in, and the
        next call goes on. Raises what `catch_up` raises.
        """
        left = self._pool.put_off.values()
        if not left:
            return False
        progress = Reporter(report, self._state, self._clock)
        progress.begin(len(left), sum(source.size for source in left))
        try:
            for job, outcome in self._pool.finish(stop, others_wait):
                path = job.source.path
                self._unseen.add(path)  # until it is in
                if isinstance(outcome, Prepared):
                    self._commit([outcome], stop, progress)
                else:
                    self._note(outcome, self._library.files({path}))
                    progress.meter.file_done(job.source.size)
                if not (isinstance(outcome, Unusable) and outcome.may_pass):
                    self._unseen.discard(path)
                progress.tell(Phase.INDEXING)
        except StoppedError:
            progress.tell(Phase.STOPPED)
        return True

    def expect_edits(self) -> None:
        """Make ready for files that will be edited; returns at once."""
        self._pool.warm_up()

    def close(self) -> None:
        """End what is still being read; idempotent."""
        self._pool.close()

    def _bring_in_step(
        self, areas: set[str], stop: Stop, report: Report, named: Collection[str] = ()
    ) -> None:
        progress = Reporter(report, self._state, self._clock)
        try:
            if "" in areas:
                progress.tell(Phase.SCANNING)
            for each in (self._kept, self._unseen):
                each -= {path for path in each if is_within(path, areas)}
            devices: set[int] = set()
            found, skipped = self._look(areas, stop, devices)
            if links := self._links_elsewhere(areas, found, named):
                areas = areas | links
                found, skipped = self._look(areas, stop, devices)
            plan = self._plan(areas, found, skipped, stop, devices)
            progress.begin(len(plan.work), sum(source.size for source in plan.work))
            # Closed at once, whatever happens: it holds processes.
            with closing(self._pool.prepare(plan.jobs(), stop)) as outcomes:
                for batch in in_batches(self._prepared(outcomes, plan, progress)):
                    self._commit(batch, stop, progress)
            for path in plan.held.values():
                self._library.remove_file(path)
            progress.tell(Phase.READY)
        except StoppedError:
            progress.tell(Phase.STOPPED)

    def _links_elsewhere(
        self, areas: set[str], found: Iterable[SourceFile], named: Collection[str]
    ) -> set[str]:
        """Other names of the files in these areas: an edit is told of one name alone."""
        if "" in areas:
            return set()
        library = self._library
        file_ids = {each.file_id for each in found}
        file_ids |= {each.source.file_id for each in library.files(areas).values()}
        # What is gone by now may have been edited, or made readable, under its own name before.
        skipped = library.skipped_sources().items()
        file_ids |= {each.file_id for path, each in skipped if is_within(path, areas)}
        file_ids.discard(NO_FILE)
        for path in named:
            # A name that is left out, a rule file's too, is not among the found.
            with suppress(OSError):
                status = os.lstat(os.path.join(self._folder, path))  # noqa: PTH118 - odd names
                file_ids.add((status.st_dev, status.st_ino))
        same = library.same_files(file_ids)
        return {path for path in same if not is_within(path, areas)}

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
        known = Known.of(
            library.files(areas),
            library.skipped_sources(),
            library.skipped(),
            library.broken(),
            areas,
        )
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
            taken = taken_from_name if move.origin in known.indexed else self._form_named
            library.move_file(move.origin, move.source, read_again=move.is_read_again(taken))
        plan = Plan.of(found, changes, known, library.stale_paths(), areas)
        plan = plan.without(self._still_read(plan, areas))
        for path in plan.lost:
            library.remove_file(path)
        return plan

    def _confirm(
        self, known: Known, stop: Stop, origin: str, source: SourceFile
    ) -> SourceFile | None:
        go_on(stop)
        content_hash = known.content_hash(origin)
        if content_hash is None:
            return None
        most = self._settings.max_file_bytes
        return confirm(self._folder, source.path, most, content_hash, self._now)

    def _still_read(self, plan: Plan, areas: set[str]) -> set[str]:
        """Of the files that were put off, those that are as they were; the others are forgotten."""
        work = {source.path: source for source in plan.work}
        still = set()
        for path, source in list(self._pool.put_off.items()):
            if is_within(path, areas):
                if work.get(path) == source and path not in areas:
                    still.add(path)
                else:
                    self._pool.forget(path)
        return still

    def _prepared(
        self, outcomes: Iterable[tuple[Job, Outcome] | None], plan: Plan, progress: Reporter
    ) -> Iterator[Prepared | None]:
        """Those of the files whose chunks are to be embedded; what else there is, is noted."""
        for each in outcomes:
            if each is None:
                yield None
                continue
            job, outcome = each
            if isinstance(outcome, Prepared) and not self._is_moved(outcome, plan):
                yield outcome
            else:
                self._note(outcome, plan.as_indexed)
                progress.meter.file_done(job.source.size)
                progress.tell_in_time()

    def _is_moved(self, prepared: Prepared, plan: Plan) -> bool:
        """Whether the file is one that is gone from elsewhere, and nothing more is to be done."""
        origin = plan.held.pop(prepared.content_hash, None)
        if origin is None:
            return False
        move = Move(origin, prepared.source)
        read_again = move.is_read_again()
        self._library.move_file(origin, prepared.source, read_again=read_again)
        return not read_again

    def _note(self, outcome: Outcome, as_indexed: Mapping[str, IndexedFile]) -> None:
        library = self._library
        match outcome:
            case Unchanged(source=source):
                entry = as_indexed.get(source.path)
                if entry is None or entry.source != source:
                    library.touch_file(source)
            case Gone(path=path):
                library.remove_file(path)
            case Unusable(source, reason, may_pass, content_hash):
                if may_pass:
                    self._unseen.add(source.path)
                if may_pass and source.path in as_indexed:
                    self._kept.add(source.path)
                    before = as_indexed[source.path].source
                    library.touch_file(replace(before, changed_ns=0))
                else:
                    library.skip_file(source, reason, content_hash)
            case TakesLong():
                raise AssertionError("the pool puts it off")

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
