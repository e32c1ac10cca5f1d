"""The files that took long to read, noted beside the index: the notes outlive a kill.

In: files, as they are put off, begun and done. Out: how often docsearch has died while one was
read, so that it does not come back to the same file for ever. A note that cannot be kept is no
error: then a start after a kill takes the file for one like all others.
"""

from __future__ import annotations

import json
from contextlib import suppress
from pathlib import Path
from threading import Lock

from docsearch.domain.document import SourceFile
from docsearch.files import read_file, replace_file

MOST = 200
"""Files noted, the latest: of a folder that is full of slow files the others are found again."""

_Key = tuple[str, int, int]


class PutOff:
    """What is noted in `file`, which need not be there; None keeps notes in memory alone."""

    def __init__(self, file: Path | None) -> None:
        self._file = file
        self._lock = Lock()
        self._deaths: dict[_Key, int] = _read(file) if file else {}
        self._begun: set[_Key] = set()

    def deaths(self, source: SourceFile) -> int | None:
        """How often docsearch was killed while it was read; None for a file that is not noted."""
        return self._deaths.get(_key(source))

    def add(self, source: SourceFile) -> None:
        """It takes long."""
        with self._lock:
            key = _key(source)
            self._deaths[key] = self._deaths.pop(key, 0)
            for oldest in list(self._deaths)[:-MOST]:
                del self._deaths[oldest]
            self._write()

    def begin(self, source: SourceFile) -> None:
        """It is being read: until `remove` or `close`, the end of docsearch counts as its doing."""
        with self._lock:
            self._begun.add(_key(source))
            self._write()

    def remove(self, source: SourceFile) -> None:
        """It has been read, or given up."""
        with self._lock:
            self._begun.discard(_key(source))
            if self._deaths.pop(_key(source), None) is not None:
                self._write()

    def close(self) -> None:
        """The end is in good order, whatever it reads."""
        with self._lock:
            if self._begun:
                self._begun.clear()
                self._write()

    def _write(self) -> None:
        if self._file is None:
            return
        noted = [[*key, deaths + (key in self._begun)] for key, deaths in self._deaths.items()]
        with suppress(OSError):
            if not noted:
                self._file.unlink(missing_ok=True)
                return
            replace_file(self._file, json.dumps(noted).encode())


def _key(source: SourceFile) -> _Key:
    return source.path, source.size, source.modified_ns


def _read(file: Path) -> dict[_Key, int]:
    try:
        noted = json.loads(read_file(file, 1_000_000))
        return {
            (str(path), int(size), int(modified)): int(deaths)
            for path, size, modified, deaths in noted[:MOST]
        }
    except (OSError, ValueError, TypeError, KeyError, OverflowError, RecursionError):
        return {}
