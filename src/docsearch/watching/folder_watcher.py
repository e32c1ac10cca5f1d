"""A folder, watched -> settled batches of what changed.

In: a folder and what to call. Out: calls, from a thread of this watcher, with the relative paths at
and below which something changed. Watches by the system's own events, and by polling where these
are not to be had: on file systems that other machines change, and when inotify is at its limits.
A folder that goes away is waited for. Does not know what is done with the paths.
"""

from __future__ import annotations

import os
import stat
import time
from collections.abc import Callable, Hashable
from pathlib import Path
from threading import Condition, Thread

from docsearch.domain.progress import WatchMode
from docsearch.watching.changes import Batch, RawEvent, Settling
from docsearch.watching.mounts import SILENT_TYPES, file_system_of, mounts_within, read_mounts
from docsearch.watching.observer import LIMITS, LimitReached, Matters, Observer
from docsearch.watching.observing import observe_by_polling, observe_natively
from docsearch.watching.polling import PollingObserver

POLLING_SECONDS = 2.0
"""Between two looks at a folder that is polled."""

PRESENCE_SECONDS = 1.0
"""How often it is made sure that the folder is still there, and still the same."""

LIMIT_REACHED = "the system's limit of watched folders is reached"

OnChanges = Callable[[set[str] | None], None]
"""Takes the paths that changed: None is anything, and an empty set only `mode` or `notice`."""

FolderId = tuple[int, int]


class FolderWatcher:
    """`start`, then `on_changes` is called until `stop`; both block until it is done.

    `matters` says whether a path can matter at all: what cannot is not waited for to settle.
    `beside` is asked every second; where its answer changes, anything may have.
    """

    def __init__(
        self,
        folder: Path,
        on_changes: OnChanges,
        *,
        matters: Matters = lambda _: True,
        beside: Callable[[], Hashable] = lambda: None,
        polling: bool = False,
        polling_seconds: float = POLLING_SECONDS,
    ) -> None:
        self._folder = folder
        self._on_changes = on_changes
        self._matters = matters
        self._beside = beside
        self._around: Hashable = None
        self._polling_seconds = polling_seconds
        self._why_poll = "as asked" if polling else _why_poll(folder)
        self._condition = Condition()
        self._settling = Settling()
        self._is_stopping = False
        self._at_limit = False
        self._observer: Observer | None = None
        self._folder_id: FolderId | None = None
        self._thread = Thread(target=self._run, name="watch", daemon=True)
        self._mode = WatchMode.OFF
        self._notice: str | None = None

    @property
    def mode(self) -> WatchMode:
        """How changes are noticed; OFF while the folder is away."""
        return self._mode

    @property
    def notice(self) -> str | None:
        """A sentence for the user where watching is not as it should be."""
        return self._notice

    def start(self) -> None:
        """Begin to watch: every change from the return of this method on is told."""
        self._observe()
        self._thread.start()

    def stop(self) -> None:
        """End, with all threads; what has not settled is not told. Idempotent."""
        with self._condition:
            self._is_stopping = True
            self._condition.notify()
        if self._thread.is_alive():
            self._thread.join()
        self._let_go()

    def look_again(self, paths: set[str] | None) -> None:
        """Say that the index has taken in something at these paths; None is anywhere.

        The system's own events miss nothing; between two polls a file can come and go.
        """
        observer = self._observer
        if isinstance(observer, PollingObserver):
            observer.look_again(paths)

    def _run(self) -> None:
        while not self._is_stopping:
            if self._is_watched():
                self._tell_what_settles()
            else:
                self._watch_again()

    def _tell_what_settles(self) -> None:
        """Wait for a batch to settle, or for the time to see whether the folder is there."""
        batch = self._wait_for_batch(time.monotonic() + PRESENCE_SECONDS)
        if self._is_stopping:
            return
        if self._at_limit:
            self._poll_instead()
        elif batch is not None and self._is_watched():
            self._on_changes(None if batch.paths is None else set(batch.paths))

    def _wait_for_batch(self, until: float) -> Batch | None:
        with self._condition:
            while not self._is_stopping and not self._at_limit:
                now = time.monotonic()
                batch = self._settling.take(now)
                if batch is not None or now >= until:
                    return batch
                self._condition.wait(min(until, self._settling.due() or until) - now)
            return None

    def _poll_instead(self) -> None:
        self._let_go()
        self._why_poll = LIMIT_REACHED
        self._observe()
        self._on_changes(None)

    def _watch_again(self) -> None:
        """Watch what is in the folder's place now, or wait for there to be something."""
        was_away = self._observer is None
        self._let_go()
        self._observe()
        if self._observer is not None:
            self._on_changes(None)
            return
        if not was_away:
            self._on_changes(set())
        with self._condition:
            if not self._is_stopping:
                self._condition.wait(PRESENCE_SECONDS)

    def _observe(self) -> None:
        """Start an observer; without one, `mode` and `notice` say why."""
        self._at_limit = False
        self._folder_id = _id_of(self._folder)
        self._around = self._what_is_around()
        try:
            if self._folder_id is None:
                raise FileNotFoundError(self._folder)
            if self._why_poll is None:
                self._observe_natively()
            if self._why_poll is not None:
                self._observe_by_polling()
        except OSError:
            self._let_go()
            self._folder_id = None
            self._notice = "The folder is gone; the index is kept as it was, and waits for it."

    def _observe_natively(self) -> None:
        try:
            self._observer = observe_natively(self._folder, self._matters, self._hear)
        except OSError as error:
            if error.errno not in LIMITS:
                raise
            self._at_limit = True
        if self._at_limit:
            self._let_go()
            self._at_limit, self._why_poll = False, LIMIT_REACHED
        else:
            self._mode, self._notice = WatchMode.NATIVE, None

    def _observe_by_polling(self) -> None:
        self._observer = observe_by_polling(
            self._folder, self._matters, self._hear, self._polling_seconds
        )
        self._mode = WatchMode.POLLING
        self._notice = (
            f"Changes are looked for every {self._polling_seconds:g} seconds: {self._why_poll}."
        )

    def _let_go(self) -> None:
        observer, self._observer = self._observer, None
        if observer is not None:
            observer.stop()
        self._mode = WatchMode.OFF

    def _is_watched(self) -> bool:
        """Whether the folder is still the one that is watched, and the observer still at work."""
        is_same = (
            self._folder_id is not None
            and self._folder_id == _id_of(self._folder)
            and self._around == self._what_is_around()
        )
        return is_same and self._observer is not None and self._observer.is_alive()

    def _what_is_around(self) -> Hashable:
        """What no event tells of: disks mounted in the folder, and what `beside` watches."""
        return mounts_within(self._folder, read_mounts()), self._beside()

    def _hear(self, event: RawEvent | LimitReached) -> None:
        """Called from an observer's thread, and on a limit also while one is started."""
        with self._condition:
            if isinstance(event, LimitReached):
                self._at_limit = True
            else:
                self._settling.add(event, time.monotonic())
            self._condition.notify()


def _why_poll(folder: Path) -> str | None:
    kind = file_system_of(Path(os.path.realpath(folder)), read_mounts())
    if kind not in SILENT_TYPES:
        return None
    return f"the file system ({kind}) does not tell of changes made elsewhere"


def _id_of(folder: Path) -> FolderId | None:
    """None for what is not there, or is no folder."""
    try:
        found = folder.stat()
    except OSError:
        return None
    return (found.st_dev, found.st_ino) if stat.S_ISDIR(found.st_mode) else None
