"""The observers that there are: the system's own events, and polling.

In: a folder. Out: an observer at work on it. Knows which observer is whose, and watchdog's events.
"""

from __future__ import annotations

import logging
import os
import sys
from pathlib import Path

from watchdog.events import (
    DirAttribEvent,
    DirCreatedEvent,
    DirDeletedEvent,
    DirMovedEvent,
    FileAttribEvent,
    FileClosedEvent,
    FileCreatedEvent,
    FileDeletedEvent,
    FileModifiedEvent,
    FileMovedEvent,
    FileSystemEvent,
    FileSystemEventHandler,
)
from watchdog.observers import Observer as SystemObserver
from watchdog.observers.api import BaseObserver

from docsearch.watching.changes import Changed
from docsearch.watching.observer import Heard, Matters, Observer
from docsearch.watching.polling import PollingObserver

# watchdog logs what it cannot do; without a handler Python would write that over the screen.
logging.getLogger("watchdog").addHandler(logging.NullHandler())

WANTED: list[type[FileSystemEvent]] = [
    FileCreatedEvent,
    FileModifiedEvent,
    FileClosedEvent,
    FileMovedEvent,
    FileDeletedEvent,
    FileAttribEvent,
    DirCreatedEvent,
    DirMovedEvent,
    DirDeletedEvent,
    DirAttribEvent,
]
"""Not that a file was opened or read, which indexing itself does; nor that a folder was modified,
which the events of what is in it say better."""


def observe_natively(folder: Path, matters: Matters, heard: Heard) -> Observer:
    """Watch by the system's own events. Raises OSError where it gives none."""
    if sys.platform == "linux":
        from docsearch.watching.inotify import InotifyObserver

        return InotifyObserver(folder, matters, heard)
    return _WatchdogObserver(SystemObserver(), folder, matters, heard)


def observe_by_polling(
    folder: Path, matters: Matters, heard: Heard, seconds: float
) -> PollingObserver:
    """Watch by looking through the folder every so many seconds. Raises OSError."""
    return PollingObserver(folder, matters, heard, seconds)


class _WatchdogObserver:
    def __init__(
        self, observer: BaseObserver, folder: Path, matters: Matters, heard: Heard
    ) -> None:
        self._observer = observer
        handler = _Translator(os.fspath(folder), matters, heard)
        observer.schedule(handler, os.fspath(folder), recursive=True, event_filter=WANTED)
        try:
            observer.start()
        except BaseException:
            self.stop()
            raise

    def is_alive(self) -> bool:
        emitters = self._observer.emitters
        return self._observer.is_alive() and all(each.is_alive() for each in emitters)

    def stop(self) -> None:
        self._observer.stop()
        if self._observer.is_alive():
            self._observer.join()


class _Translator(FileSystemEventHandler):
    """watchdog's absolute paths as paths in the folder; those outside are left out."""

    def __init__(self, folder: str, matters: Matters, heard: Heard) -> None:
        self._prefix = folder.rstrip("/") + "/"
        self._matters = matters
        self._heard = heard

    def dispatch(self, event: FileSystemEvent) -> None:
        paths = (os.fsdecode(event.src_path), os.fsdecode(event.dest_path))
        inside = (
            path.removeprefix(self._prefix) for path in paths if path.startswith(self._prefix)
        )
        changed = tuple(path for path in inside if self._matters(path))
        if changed:
            self._heard(Changed(changed))
