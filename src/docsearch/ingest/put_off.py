"""The files that took long to read, noted beside the index: the notes outlive a kill.

In: files, as they are put off, begun and done. Out: how often docsearch has died while one was
read, so that it does not come back to the same file for ever. One over whose quick reading it died
counts as one that takes long: others were read at the same time. A note that cannot be kept is no
error: then a start after a kill takes the file for one like all others.
"""

from __future__ import annotations

import json
from contextlib import suppress
from pathlib import Path
from threading import Lock

from docsearch.domain.document import SourceFile
from docsearch.files import read_file, replace_file
from docsearch.ingest.being_read import BeingRead, Key, key_of

MOST = 200
"""Files noted, the latest: of a folder that is full of slow files the others are found again."""


class PutOff:
    """What is noted in `file`, which need not be there; None keeps notes in memory alone.

    `being_read` is where quick readings are noted, beside it. Both are read on first use: until
    then another docsearch may be the one who writes them.
    """

    def __init__(self, file: Path | None, being_read: Path | None = None) -> None:
        self._file = file
        self._lock = Lock()
        self._known: dict[Key, int] | None = None
        self._begun: set[Key] = set()
        self.being_read = BeingRead(being_read)

    def deaths(self, source: SourceFile) -> int | None:
        """How often docsearch was killed while it was read; None for a file that is not noted."""
        with self._lock:
            return self._deaths.get(key_of(source))

    def add(self, source: SourceFile) -> None:
        """It takes long."""
        with self._lock:
            key = key_of(source)
            self._deaths[key] = self._deaths.pop(key, 0)
            self._write()

    def begin(self, source: SourceFile) -> None:
        """It is being read: until `remove` or `close`, the end of docsearch counts as its doing."""
        with self._lock:
            self._begun.add(key_of(source))
            self._write()

    def remove(self, source: SourceFile) -> None:
        """It has been read, or given up."""
        with self._lock:
            self._begun.discard(key_of(source))
            if self._deaths.pop(key_of(source), None) is not None:
                self._write()

    def leave(self, source: SourceFile) -> None:
        """Its reading was ended in good order."""
        with self._lock:
            self._begun.discard(key_of(source))
            self._write()

    def close(self) -> None:
        """The end is in good order, whatever it reads."""
        with self._lock:
            if self._begun:
                self._begun.clear()
                self._write()
        self.being_read.close()

    @property
    def _deaths(self) -> dict[Key, int]:
        if self._known is None:
            self._known = _read(self._file) if self._file else {}
            if left := self.being_read.left():
                for key in left:
                    self._known.setdefault(key, 0)
                self._write()  # before the other note goes
                self.being_read.forget_left()
        return self._known

    def _write(self) -> None:
        for oldest in list(self._deaths)[:-MOST]:
            del self._deaths[oldest]
        if self._file is None:
            return
        noted = [[*key, deaths + (key in self._begun)] for key, deaths in self._deaths.items()]
        with suppress(OSError):
            if not noted:
                self._file.unlink(missing_ok=True)
                return
            replace_file(self._file, json.dumps(noted).encode())


def _read(file: Path) -> dict[Key, int]:
    try:
        noted = json.loads(read_file(file, 1_000_000))
        return {
            (str(path), int(size), int(modified)): int(deaths)
            for path, size, modified, deaths in noted[:MOST]
        }
    except (OSError, ValueError, TypeError, KeyError, OverflowError, RecursionError):
        return {}
