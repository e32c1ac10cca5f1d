"""One thread keeps the index in step with the folder: open, catch up, then follow what changes.

In: a way to assemble the parts. Out: the parts once they are open, and progress as it is made.
Does not know how a file is read or stored, nor who listens.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace
from queue import Empty, SimpleQueue
from threading import Event, Thread

from docsearch.domain.errors import DocsearchError, FolderError, IndexGoneError, IndexStoreError
from docsearch.domain.progress import IndexProgress, Phase, WatchMode
from docsearch.ingest.pipeline import IngestPipeline
from docsearch.serving.inference import WorkerClosedError
from docsearch.serving.parts import Parts
from docsearch.storage.library import Library
from docsearch.watching.folder_watcher import FolderWatcher

FOLLOW_SECONDS = 1.0
"""How often a read-only docsearch looks for what the writing one has committed."""

SIGNAL_SECONDS = 0.25
"""How soon a signal is noticed by whoever waits for the index."""

GONE_SECONDS = 2.0
"""How soon an index that was deleted or replaced under its writer is noticed."""

RETRY_SECONDS = 1.0
"""How long after it failed for a reason that may pass, indexing is tried again; then twice that."""

LONGEST_RETRY_SECONDS = 30.0
"""It is never longer, nor for paths at which the system failed or refused."""

Changes = set[str] | None


class IndexWorker:
    """Owns the parts from opening to closing; `publish` is called from its thread."""

    def __init__(
        self, assemble: Callable[[], Parts], publish: Callable[[IndexProgress], None]
    ) -> None:
        self._assemble = assemble
        self._publish = publish
        self._thread = Thread(target=self._run, name="index", daemon=True)
        self._changes: SimpleQueue[Changes] = SimpleQueue()
        self._opened, self._ready, self._stopping = Event(), Event(), Event()
        self._parts: Parts | None = None
        self._failure: Exception | None = None
        self._watcher: FolderWatcher | None = None
        self._last = IndexProgress()
        self._since: str | None = None

    def start(self) -> None:
        """Begin; returns at once."""
        self._thread.start()

    def stop(self, seconds: float) -> None:
        """End after the batch in hand, with all that was committed kept; idempotent.

        Waits no longer than `seconds` for that.
        """
        self._stopping.set()
        self._changes.put(set())
        if self._thread.is_alive():
            self._thread.join(seconds)

    def parts(self) -> Parts:
        """The parts, once they are open; raises what kept them from opening."""
        self._opened.wait()
        if self._parts is None:
            raise self._failure or WorkerClosedError
        return self._parts

    def wait_until_ready(self) -> None:
        """Return when the index has caught up with the folder; raises what kept it from that."""
        # A signal that the system hands to another thread does not wake one that waits without end.
        while not self._ready.wait(SIGNAL_SECONDS):
            pass
        if self._failure is not None:
            raise self._failure

    def _run(self) -> None:
        try:
            self._parts = self._assemble()
            self._opened.set()
            self._keep_in_step(self._parts)
        except WorkerClosedError:
            pass  # stopped while a batch was waiting for its turn
        except Exception as error:  # noqa: BLE001 - kept for the front end, which waits for it
            self._failure = error
            title = error.title if isinstance(error, DocsearchError) else type(error).__name__
            self._tell(replace(self._last, phase=Phase.FAILED, notice=f"{title}: {error}"))
        finally:
            self._opened.set()
            self._ready.set()
            # What is indexed can be searched until the engine is stopped.
            self._stopping.wait()
            self._close()

    def _keep_in_step(self, parts: Parts) -> None:
        if parts.ingest is None:
            self._settle(parts)
            return
        if parts.library.read_only:
            self._follow(parts)
        if self._stopping.is_set():
            return
        if parts.watch is not None:
            # Before the scan, so that nothing falls between the two.
            self._watcher = parts.watch(self._changes.put)
            self._watcher.start()
        self._keep_up(parts, parts.ingest)

    def _keep_up(self, parts: Parts, ingest: IngestPipeline) -> None:
        """Take in the whole folder, then what changes; what fails for a while is tried again."""
        changes: Changes = None
        pause, is_gone, is_saved = RETRY_SECONDS, False, False
        while not self._stopping.is_set():
            try:
                if is_gone:
                    parts.library.reopen()
                    changes, is_gone, is_saved = None, False, False
                if parts.library.read_only:
                    self._follow(parts)
                generation = parts.library.generation
                ingest.apply(changes, self._stopping.is_set, self._tell)
                if not is_saved:
                    is_saved = _is_saved(parts.library)
                self._read_what_takes_long(parts, ingest)
                self._since, pause = None, RETRY_SECONDS
                self._settle(parts)
            except (FolderError, IndexStoreError) as error:
                if isinstance(error, IndexStoreError) and not error.passing:
                    raise
                is_gone = is_gone or isinstance(error, IndexGoneError)
                self._stand_still(error)
                if self._watcher is None:
                    self._failure = error  # a command does not wait
                    return
                self._stopping.wait(RETRY_SECONDS)
                changes = _joined(changes, self._changed_within(pause - RETRY_SECONDS))
                pause = min(2 * pause, LONGEST_RETRY_SECONDS)
                continue
            if self._watcher is None:
                return
            if parts.library.generation != generation:
                self._watcher.look_again(changes)
            try:
                changes = self._changed_beside(parts, ingest)
            except IndexGoneError as error:
                self._stand_still(error)
                is_gone = True
                continue

    def _changed_beside(self, parts: Parts, ingest: IngestPipeline) -> Changes:
        """What has changed, with what is to be looked at again, now and then if nothing has.

        Raises IndexGoneError as soon as that is so.
        """
        waited = 0.0
        while True:
            try:
                return _joined(self._changes.get(timeout=GONE_SECONDS), ingest.unseen)
            except Empty:
                waited += GONE_SECONDS
                _ = parts.library.generation
            if waited >= LONGEST_RETRY_SECONDS:
                waited = 0.0
                if again := ingest.look_again_at():
                    return again

    def _changed_within(self, seconds: float) -> Changes:
        """What has changed, as soon as something has; nothing after so many seconds."""
        try:
            return self._changes.get(timeout=seconds)
        except Empty:
            return set()

    def _stand_still(self, error: DocsearchError) -> None:
        """Tell that the index answers as it was, since when, and why."""
        self._since = self._since or time.strftime("%H:%M")
        self._tell(
            replace(
                self._last,
                phase=Phase.WAITING,
                notice=f"The index stands still since {self._since}. {error}",
            )
        )
        self._ready.set()

    def _read_what_takes_long(self, parts: Parts, ingest: IngestPipeline) -> None:
        """It holds up neither an edit nor, on the screen, the first search."""
        if self._watcher is None:
            ingest.finish(self._stopping.is_set, self._tell)
            return
        self._settle(parts)
        ingest.expect_edits()
        ingest.finish(self._stopping.is_set, self._tell, lambda: not self._changes.empty())

    def _follow(self, parts: Parts) -> None:
        """Read what another docsearch writes, until it goes away and this one can take over."""
        self._settle(parts)
        while not self._stopping.wait(FOLLOW_SECONDS):
            try:
                if parts.library.try_promote():
                    return
                has_more = parts.library.refresh()
            except IndexGoneError as error:
                self._stand_still(error)
                parts.library.reopen()
                has_more = True
                if not parts.library.read_only:
                    return
            if has_more:
                self._settle(parts)

    def _settle(self, parts: Parts) -> None:
        """Tell what the index holds now that there is nothing more to do."""
        files, chunks, skipped = parts.library.counts()
        self._tell(
            IndexProgress(
                phase=Phase.READ_ONLY if parts.library.read_only else Phase.READY,
                files=files,
                chunks=chunks,
                skipped=skipped,
                generation=parts.library.generation,
                notice=parts.library.notice or (parts.ingest.notice if parts.ingest else None),
            )
        )
        self._ready.set()

    def _tell(self, progress: IndexProgress) -> None:
        if self._watcher is not None:
            progress = replace(
                progress,
                watch=self._watcher.mode,
                notice=progress.notice or self._watcher.notice,
            )
        self._last = progress
        self._publish(progress)

    def _close(self) -> None:
        if self._watcher is not None:
            self._watcher.stop()
            self._watcher = None
        if self._parts is not None:
            if self._parts.ingest is not None:
                self._parts.ingest.close()
            self._parts.library.close()
            self._parts.scores.close()
            self._parts.judgments.close()
        if self._last.phase is not Phase.FAILED:
            self._tell(replace(self._last, phase=Phase.STOPPED, watch=WatchMode.OFF))


def _is_saved(library: Library) -> bool:
    """Whether the vectors could be written out; the catalog has them, and they can wait."""
    try:
        library.save()
    except IndexGoneError:
        raise
    except IndexStoreError:
        return False
    return True


def _joined(some: Changes, more: Changes) -> Changes:
    return None if some is None or more is None else some | more
