"""A folder's events from Linux itself, over watchdog's reader of inotify.

In: a folder. Out: the path of everything that is made, written, moved or deleted in it.

watchdog's own observer keeps track of where a moved folder is, and loses it when folders are moved
and remade in quick succession; it also passes in silence over folders for which there is no watch
left, and over events that were lost. A batch of ours only needs paths to look at. So a moved folder
is forgotten where it was and watched anew where it is: a watch comes before the look at what is in
the folder, and a change falls under one or the other.
"""

from __future__ import annotations

import os
import warnings
from contextlib import suppress
from functools import reduce
from pathlib import Path
from threading import RLock

from watchdog.observers.inotify_c import (
    CallbackId,
    InotifyConstants,
    InotifyEvent,
    InotifyFD,
    Mask,
    WatchDescriptor,
)

from docsearch.watching.changes import Changed, EventsLost
from docsearch.watching.observer import LIMITS, Heard, LimitReached, Matters

MASK = reduce(
    lambda all_of, each: Mask(all_of | each),
    (
        InotifyConstants.IN_CREATE,
        InotifyConstants.IN_MODIFY,
        InotifyConstants.IN_CLOSE_WRITE,
        InotifyConstants.IN_ATTRIB,
        InotifyConstants.IN_MOVE,
        InotifyConstants.IN_DELETE,
        InotifyConstants.IN_ONLYDIR,
        InotifyConstants.IN_DONT_FOLLOW,
        InotifyConstants.IN_EXCL_UNLINK,
    ),
)
"""Not that a file was opened or read, which indexing itself does."""

# A folder that is met twice, in its parent and by its own event, is rightly watched once.
warnings.filterwarnings("ignore", "Callback with id", RuntimeWarning)


class InotifyObserver:
    """Raises OSError: one of `LIMITS`, or the folder cannot be watched."""

    def __init__(self, folder: Path, matters: Matters, heard: Heard) -> None:
        self._root = os.fsencode(os.path.realpath(folder))
        self._matters = matters
        self._heard = heard
        self._id = CallbackId(id(self))
        self._paths: dict[WatchDescriptor, bytes] = {}
        self._lock = RLock()
        self._inotify = InotifyFD()
        self._inotify.start()
        try:
            with self._lock:
                self._watch(b"")
        except BaseException:
            self.stop()
            raise

    def is_alive(self) -> bool:
        """Whether the thread that reads the events runs."""
        return self._inotify.is_alive()

    def stop(self) -> None:
        """Let go of every watch."""
        self._inotify.stop()
        self._inotify.join()

    def on_event(self, event: InotifyEvent) -> None:
        """Watchdog's call for something that happened in a watched folder."""
        with self._lock:
            folder = self._paths.get(event.wd)
            if folder == b"" and not event.name and event.is_attrib:
                # Unlocked, it may have to be watched; locked, it stays watched for that.
                with suppress(OSError):
                    self._watch(b"")
                self._heard(Changed(("",)))
                return
            if folder is None or not event.name:
                return
            path = folder + b"/" + event.name if folder else event.name
            if not self._matters(os.fsdecode(path)):
                return
            if event.is_directory and event.is_moved_from:
                self._forget(path)
            elif event.is_directory and (event.is_moved_to or event.is_create or event.is_attrib):
                self._watch(path)
        self._heard(Changed((os.fsdecode(path),)))

    def on_watch_deleted(self, wd: WatchDescriptor) -> None:
        """Watchdog's call for a watched folder that is no more."""
        with self._lock:
            self._paths.pop(wd, None)

    def on_queue_overflow(self) -> None:
        """Watchdog's call for events that the system had no room for."""
        with self._lock:
            self._forget(b"")
            try:
                self._watch(b"")
            except OSError:
                return  # the folder is gone, which is noticed by whoever holds this observer
        self._heard(EventsLost())

    def _watch(self, top: bytes) -> None:
        """Watch a folder and those below it. Raises OSError for the root alone."""
        folders = [top]
        while folders:
            path = folders.pop()
            on_disk = os.path.join(self._root, path)  # noqa: PTH118 - bytes
            try:
                watch = self._inotify.add_callback(on_disk, MASK, self, self._id)
            except OSError as error:
                if not path:
                    raise
                if error.errno in LIMITS:
                    self._heard(LimitReached())
                continue
            self._paths[watch] = path
            folders += self._folders_in(path, on_disk)

    def _folders_in(self, path: bytes, on_disk: bytes) -> list[bytes]:
        try:
            with os.scandir(on_disk) as entries:
                names = [entry.name for entry in entries if entry.is_dir(follow_symlinks=False)]
        except OSError:
            return []
        inner = [path + b"/" + name if path else name for name in names]
        return [each for each in inner if self._matters(os.fsdecode(each))]

    def _forget(self, top: bytes) -> None:
        gone = [
            watch
            for watch, path in self._paths.items()
            if not top or path == top or path.startswith(top + b"/")
        ]
        for watch in gone:
            del self._paths[watch]
        self._inotify.remove_callbacks([(watch, self._id) for watch in gone])
