"""Connections to one SQLite file, lent to whichever thread needs one.

In: a path, and whether it may be written. Out: an open transaction on a connection of one's own.
Does not know the tables.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from enum import Enum, auto
from pathlib import Path
from threading import Lock

from sqlite_utils import Database

from docsearch.domain.encodable import encodable
from docsearch.domain.errors import IndexStoreError
from docsearch.storage.failures import damaged, gone, may_pass, translated
from docsearch.storage.layout import make_private
from docsearch.storage.word_terms import indexed

BUSY_SECONDS = 10.0
_LARGEST_IDLE_LOG = 64 * 1024 * 1024

# NORMAL: a commit survives kill -9, but the last few may be lost with the power. All of them can
# be made again from the folder, and syncing each would make a `git checkout` of ten thousand files
# wait on the disk ten thousand times. `make_durable` syncs where it matters.
# 8192: a vector of 384 numbers leaves a quarter of a 4096-byte page empty.
_WRITER = f"""
PRAGMA page_size = 8192;
PRAGMA journal_mode = WAL;
PRAGMA synchronous = NORMAL;
PRAGMA foreign_keys = ON;
PRAGMA journal_size_limit = {_LARGEST_IDLE_LOG};
"""


class Access(Enum):
    """WRITE is for the one writer; READ for those beside it, and where nothing can be written."""

    WRITE = auto()
    READ = auto()


class Connections:
    """A pool: as many connections as threads were ever reading at once.

    Errors of SQLite leave its methods as IndexStoreError or DamagedIndexError; IndexGoneError says
    that the file was deleted or replaced since it was first opened here. Nothing but SQLite opens,
    copies or closes a database's files while this process has a connection to it: closing any
    descriptor of a file drops all locks that the process has on it.
    """

    def __init__(self, path: Path, access: Access) -> None:
        self._path = path
        self._access = access
        self._idle: list[Database] = []
        self._lock = Lock()
        self._writer = Lock()
        self._file: tuple[int, int] | None = None
        self._keeps = True
        self._closed = False

    @contextmanager
    def reading(self) -> Iterator[Database]:
        """One unchanging snapshot; what is stored and cannot be decoded is a damaged index."""
        with self._lent() as db, db.atomic():
            try:
                yield db
            except ValueError as error:
                raise damaged(self._path) from error

    @contextmanager
    def writing(self) -> Iterator[Database]:
        """One transaction: committed at the end, rolled back on any error; one at a time."""
        with self._writer, self._lent() as db:
            # At once a writer: one that has begun as a reader cannot wait for another process.
            db.execute("BEGIN IMMEDIATE")
            try:
                yield db
                db.commit()
            except BaseException:
                with suppress(sqlite3.Error):  # of what went wrong, the first says why
                    db.rollback()
                raise

    @contextmanager
    def alone(self) -> Iterator[Database]:
        """The writer's turn without a transaction, for migrations and pragmas."""
        with self._writer, self._lent() as db:
            yield db

    def retire(self) -> None:
        """Keep no connection open: for those who are still at work with what another pool follows.

        Each of them gets one of its own, which is closed as it is given back.
        """
        self._keeps = False
        self._close_idle()

    def close(self) -> None:
        """Close what is idle now, and the rest as it is given back; idempotent."""
        self._closed = True
        self.retire()

    @contextmanager
    def _lent(self) -> Iterator[Database]:
        with translated(self._path):
            before = _state(self._path)
            db = self._taken() or self._connected()
            try:
                yield db
            finally:
                self._take_back(db)
                if isinstance(db, _Unshared) and before != _state(self._path):
                    # What was read may be of before and after, and look damaged.
                    raise IndexStoreError(
                        f"The index {self._path} was written while it was read. Try again.",
                        passing=True,
                    )

    def _taken(self) -> Database | None:
        with self._lock:
            if self._closed:
                raise IndexStoreError(f"The index {self._path} has been closed.")
            if self._file is not None and self._file != _identity(self._path):
                raise gone(self._path)
            return self._idle.pop() if self._idle else None

    def _connected(self) -> Database:
        db = connect(self._path, self._access)
        with self._lock:
            self._file = self._file or _identity(self._path)
        return db

    def _take_back(self, db: Database) -> None:
        with self._lock:
            # One that could not end its transaction is of no more use, and would keep others out.
            if self._keeps and not db.conn.in_transaction and not isinstance(db, _Unshared):
                self._idle.append(db)
                return
        db.close()

    def _close_idle(self) -> None:
        with self._lock:
            idle, self._idle = self._idle, []
        for db in idle:
            db.close()


class _Unshared(Database):
    """One that sees nothing of what others write after it was opened, not even half of it."""


def _state(path: Path) -> tuple[int, int] | None:
    """Changes when the file is written."""
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_mtime_ns, found.st_size


def _identity(path: Path) -> tuple[int, int] | None:
    """Which file has this name now; None where there is none."""
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_dev, found.st_ino


def connect(path: Path, access: Access) -> Database:
    """Open the file; sqlite3's own errors pass through."""
    with suppress(PermissionError):  # SQLite says so
        if path.exists() and not path.is_file():  # SQLite would wait for a pipe for ever
            raise IndexStoreError(
                f"{path} cannot be opened: it is not a regular file. Move it away, or use another "
                "--data-dir."
            )
    if access is Access.READ:
        return _connect_reader(path)
    try:
        make_private(path)  # before SQLite does it with the umask; its log files copy the mode
    except OSError as error:
        raise IndexStoreError(
            f"{path} cannot be written: {error.strerror}. Make it and its directory writable, or "
            "use another --data-dir.",
            passing=may_pass(error),
        ) from error
    return _opened(path, "mode=rw", _WRITER)


def _connect_reader(path: Path) -> Database:
    """Open a file for reading, also where SQLite may not make the log files it shares with writers.

    A file without a log is whole by itself, and may then be called immutable until somebody writes
    it. Beside a log that cannot be read, SQLite's refusal stands.
    """
    try:
        return _opened(path, "mode=ro", "SELECT count(*) FROM sqlite_master;")
    except sqlite3.OperationalError:
        log = path.with_name(path.name + "-wal")
        if not path.exists() or (log.exists() and log.stat().st_size):
            raise
        script = "SELECT count(*) FROM sqlite_master;"
        return _opened(path, "mode=ro&immutable=1", script, _Unshared)


def in_passing() -> Database:
    """An empty database, in memory and a file of the system's, that is gone when it is closed."""
    return _connected("", "")


def _opened(path: Path, how: str, script: str, kind: type[Database] = Database) -> Database:
    return _connected(f"{path.absolute().as_uri()}?{how}", script, kind)


def _connected(place: str, script: str, kind: type[Database] = Database) -> Database:
    connection = sqlite3.connect(
        place,
        uri=True,
        timeout=BUSY_SECONDS,
        isolation_level=None,
        check_same_thread=False,
    )
    try:
        connection.text_factory = from_text
        connection.create_function("docsearch_terms", 1, _terms, deterministic=True)
        connection.execute("PRAGMA trusted_schema = ON")  # the view `passages` calls it
        connection.executescript(script)
        return kind(connection, execute_plugins=False)
    except BaseException:
        connection.close()
        raise


def _terms(stored: bytes | None) -> str | None:
    """What the full-text index reads of a stored text, also of one that is damaged."""
    if stored is None:
        return None
    try:
        text = encodable(from_text(stored))
    except UnicodeDecodeError:
        text = stored.decode("utf-8", "replace")
    return indexed(text)


def to_text(text: str) -> bytes:
    """What to bind for `CAST(? AS TEXT)`: unlike sqlite3, it takes lone surrogates.

    They come from file names that are not UTF-8, and from escapes in documents.
    """
    return text.encode("utf-8", "surrogatepass")


def from_text(stored: bytes) -> str:
    """The string that `to_text` was given."""
    return stored.decode("utf-8", "surrogatepass")
