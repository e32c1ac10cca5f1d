"""SQLite's errors, in words for a person.

In: an error code and the file it befell. Out: errors of `domain/errors.py`. Errors that no person
can do anything about are bugs, and surface as themselves.
"""

from __future__ import annotations

import errno
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from docsearch.domain.errors import DamagedIndexError, IndexGoneError, IndexStoreError

_TORN = {sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB}
_NO_ROOM = "The disk that holds {path} is full. Free some space, or use another --data-dir."
_REASONS = {
    sqlite3.SQLITE_FULL: _NO_ROOM,
    sqlite3.SQLITE_IOERR: (
        "{path} cannot be read or written ({name}). See whether the disk is full or failing, "
        "or use another --data-dir."
    ),
    sqlite3.SQLITE_READONLY: "{path} cannot be written. Make it and its directory writable.",
    sqlite3.SQLITE_PERM: "{path} may not be opened. Make it readable and writable for you.",
    sqlite3.SQLITE_CANTOPEN: (
        "{path} cannot be opened. Make it and its directory readable and writable for you."
    ),
    sqlite3.SQLITE_BUSY: "{path} is in use by another program. Close that, and try again.",
}
_PASSING = {sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR, sqlite3.SQLITE_BUSY, sqlite3.SQLITE_CANTOPEN}
"""No room, a disk that stumbles, a lock of somebody else, no descriptor left: for a moment or not.
"""
_PASSING_OF_SYSTEM = {
    errno.ENOSPC,
    errno.EDQUOT,
    errno.EFBIG,
    errno.EIO,
    errno.EMFILE,
    errno.ENFILE,
    errno.EAGAIN,
    errno.ENOLCK,
    errno.ESTALE,
}


@contextmanager
def translated(path: Path) -> Iterator[None]:
    """Turn what SQLite says of `path` into IndexStoreError or DamagedIndexError.

    The former is `passing` where trying again may help.
    """
    try:
        yield
    except sqlite3.Error as error:
        # The low byte is the kind; the rest says more closely which.
        code = getattr(error, "sqlite_errorcode", 0) & 0xFF
        if code in _TORN:
            raise damaged(path) from error
        if code not in _REASONS:
            raise
        raise IndexStoreError(
            _REASONS[code].format(path=path, name=error.sqlite_errorname),
            passing=code in _PASSING,
        ) from error


def may_pass(error: OSError) -> bool:
    """Whether trying again may help: no room, no descriptor left, a disk that stumbles."""
    return error.errno in _PASSING_OF_SYSTEM


def gone(path: Path) -> IndexGoneError:
    """The error for a file that was deleted, moved or replaced while it was open."""
    return IndexGoneError(
        f"The index {path} was deleted, moved or replaced while docsearch had it open. Put it "
        "back, or let docsearch build it again."
    )


def damaged(path: Path) -> DamagedIndexError:
    """The error for a file that is no whole SQLite database."""
    return DamagedIndexError(
        f"The index {path} is damaged. Your documents are not: move that file away, and the next "
        "start builds it again. Your judgments are kept beside it, in judgments.jsonl, and come "
        "back with it."
    )
