"""The files in their first, quick reading, noted beside the index: the note outlives a kill.

In: files, as their reading begins and ends. Out: those whose reading never ended. A small file is
read in a millisecond, so a note is one write into an open file: it is there however docsearch is
killed. Against a power cut it is synced only while a reading lasts.
"""

from __future__ import annotations

import json
import os
import stat
from contextlib import suppress
from pathlib import Path
from threading import Lock

from docsearch.domain.document import SourceFile
from docsearch.files import FILE_MODE, read_file

_LONGEST = 1_000_000

Key = tuple[str, int, int]
"""A file as it was: its path, size and time."""


def key_of(source: SourceFile) -> Key:
    """What a file is noted as: once it is edited, it is another."""
    return source.path, source.size, source.modified_ns


class BeingRead:
    """What is noted in `file`, which need not be there; None keeps no note."""

    def __init__(self, file: Path | None) -> None:
        self._file = file
        self._lock = Lock()
        self._keys: dict[Key, None] = {}
        self._descriptor: int | None = None

    def left(self) -> list[Key]:
        """What was being read when docsearch was killed; to be asked before the first `begin`."""
        if self._file is None:
            return []
        try:
            # The first line counts: a longer note may have stood there before.
            line = read_file(self._file, _LONGEST).partition(b"\n")[0]
            return [
                (str(path), int(size), int(modified)) for path, size, modified in json.loads(line)
            ]
        except (OSError, ValueError, TypeError, OverflowError, RecursionError):
            return []

    def forget_left(self) -> None:
        """What was left is noted elsewhere."""
        with self._lock:
            self._write()

    def begin(self, source: SourceFile) -> None:
        """It is being read from now on."""
        with self._lock:
            self._keys[key_of(source)] = None
            self._write()

    def remove(self, source: SourceFile) -> None:
        """It has been read, or given up."""
        with self._lock:
            self._keys.pop(key_of(source), None)
            self._write()

    leave = remove

    def sync(self) -> None:
        """A reading lasts: have the note outlive a power cut, too."""
        with self._lock, suppress(OSError):
            if self._descriptor is not None and self._keys:
                os.fsync(self._descriptor)

    def close(self) -> None:
        """The end is in good order, whatever is being read; idempotent."""
        with self._lock:
            self._keys.clear()
            if self._descriptor is not None:
                self._write()
                os.close(self._descriptor)
                self._descriptor = None

    def _write(self) -> None:
        if self._file is None:
            return
        with suppress(OSError):
            if self._descriptor is None:
                self._descriptor = _opened(self._file)
            os.pwrite(self._descriptor, json.dumps(list(self._keys)).encode() + b"\n", 0)


def _opened(file: Path) -> int:
    """For writing in place. Raises OSError, also for what is no regular file."""
    descriptor = os.open(file, os.O_RDWR | os.O_CREAT | os.O_NONBLOCK, FILE_MODE)
    if stat.S_ISREG(os.fstat(descriptor).st_mode):
        return descriptor
    os.close(descriptor)
    raise OSError(f"{file} is no regular file")
