"""A folder, looked through again and again -> the paths that changed between two looks.

In: a folder. Out: the paths at which something is made, written, renamed, deleted or has other
permissions, and those that `look_again` asks for. Hidden folders and what else does not matter are
not entered. A folder that cannot be read for a failure of the disk or the network has not changed.
Why not watchdog's: it knows neither times of change (ctime) nor permissions.
"""

from __future__ import annotations

import errno
import os
import stat
import time
from pathlib import Path
from threading import Event, Lock, Thread

from docsearch.watching.changes import Changed, EventsLost
from docsearch.watching.observer import Heard, Matters

State = tuple[int, ...]

_REFUSED = (errno.EACCES, errno.EPERM)
_GONE = (errno.ENOENT, errno.ENOTDIR)
_COARSE_NS = 2_000_000_000
_FINE_NS = 20_000_000


class PollingObserver:
    """Raises OSError where the folder cannot be looked through."""

    def __init__(self, folder: Path, matters: Matters, heard: Heard, seconds: float) -> None:
        self._root = os.path.realpath(folder)
        self._matters = matters
        self._heard = heard
        self._seconds = seconds
        self._lock = Lock()
        self._again: set[str] | None = set()
        self._looks = 0
        self._seen: dict[str, State] = {}
        self._seen = self._look()
        self._stopping = Event()
        self._thread = Thread(target=self._run, name="poll", daemon=True)
        self._thread.start()

    def is_alive(self) -> bool:
        """Whether it looks on."""
        return self._thread.is_alive()

    def stop(self) -> None:
        """End after the look at hand."""
        self._stopping.set()
        self._thread.join()

    def look_again(self, paths: set[str] | None) -> None:
        """Tell of these after the next look, changed or not; None is everything.

        What somebody saw that no look has seen would otherwise be gone unnoticed before the next.
        """
        with self._lock:
            self._again = None if paths is None or self._again is None else self._again | paths

    def _run(self) -> None:
        while not self._stopping.wait(self._seconds):
            with self._lock:
                again, self._again = self._again, set()
            try:
                now = self._look()
            except OSError:
                # Whoever holds this observer sees whether the folder is there.
                self.look_again(again)
                continue
            before, self._seen = self._seen, now
            changed = {path for path in now if before.get(path) != now[path]}
            changed |= before.keys() - now.keys()
            changed |= again or set()
            if changed:
                self._heard(Changed(tuple(sorted(changed))))
            if again is None:
                self._heard(EventsLost())

    def _look(self) -> dict[str, State]:
        """The state of every path. Raises OSError for the folder itself."""
        self._looks += 1
        now = time.time_ns()
        found = {"": _state_of_folder(Path(self._root).stat())}
        folders = [""]
        while folders:
            folder = folders.pop()
            try:
                names = os.listdir(os.path.join(self._root, folder))  # noqa: PTH118, PTH208
            except OSError as error:
                if not folder:
                    raise
                if error.errno not in (*_REFUSED, *_GONE):
                    found |= self._seen_below(folder)
                continue
            for name in names:
                path = f"{folder}/{name}" if folder else name
                if not self._matters(path):
                    continue
                try:
                    status = os.lstat(os.path.join(self._root, path))  # noqa: PTH118
                except OSError as error:
                    if error.errno not in _GONE and path in self._seen:
                        found |= {path: self._seen[path]} | self._seen_below(path)
                    continue
                if stat.S_ISDIR(status.st_mode):
                    found[path] = _state_of_folder(status)
                    folders.append(path)
                else:
                    found[path] = self._state_of_file(status, now)
        return found

    def _seen_below(self, folder: str) -> dict[str, State]:
        return {path: state for path, state in self._seen.items() if path.startswith(f"{folder}/")}

    def _state_of_file(self, status: os.stat_result, now: int) -> State:
        """Never the same twice while the next edit could bear the same time."""
        times = status.st_mtime_ns, status.st_ctime_ns
        granule = _FINE_NS if any(each % 1_000_000_000 for each in times) else _COARSE_NS
        look = self._looks if status.st_ctime_ns > now - granule else 0
        return (status.st_mode, status.st_dev, status.st_ino, status.st_size, *times, look)


def _state_of_folder(status: os.stat_result) -> State:
    """Not its time, which every name in it changes: they are told of themselves."""
    return status.st_mode, status.st_dev, status.st_ino
