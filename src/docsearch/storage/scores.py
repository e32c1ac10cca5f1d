"""Scores that a reranker has already given, in a file of their own that may be thrown away.

In: scores under the model, the query and the passage they depend on. Out: the same, while they are
there: the least recently used go when there are too many. Does not know any model.
"""

from __future__ import annotations

import hashlib
import json
import logging
from collections.abc import Callable, Sequence
from dataclasses import asdict
from pathlib import Path
from tempfile import TemporaryDirectory

from sqlite_utils import Database

from docsearch.domain.errors import DamagedIndexError, IndexGoneError, IndexStoreError
from docsearch.domain.ranking import RerankScore
from docsearch.files import FOLDER_MODE
from docsearch.storage.connections import Access, Connections

MAX_SCORES = 200_000
"""About 20 MB: the scores of four thousand queries with fifty passages each."""

_FORM = 1
_SCHEMA = f"""
CREATE TABLE IF NOT EXISTS scores (
    key BLOB PRIMARY KEY,
    raw REAL NOT NULL,
    unit REAL NOT NULL,
    windows INTEGER NOT NULL,
    best_window INTEGER NOT NULL,
    used INTEGER NOT NULL
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS scores_by_use ON scores (used);
PRAGMA user_version = {_FORM};
"""
_GET = "SELECT raw, unit, windows, best_window FROM scores WHERE key = ?"
_USE = "UPDATE scores SET used = ? WHERE key = ?"
_NEXT_USE = "SELECT 1 + coalesce(max(used), 0) FROM scores"
_EVICT = "DELETE FROM scores WHERE key IN (SELECT key FROM scores ORDER BY used LIMIT ?)"
_log = logging.getLogger(__name__)


class SqliteScoreCache:
    """The port ScoreCache, holding at most `most` scores. Any thread, and any process, may use it.

    The file and what SQLite keeps beside it have a folder to themselves. A search never fails for
    its sake: what cannot be read is not there, what cannot be written is dropped, a damaged file is
    replaced by a new one; each leaves a line in the log.
    """

    def __init__(self, path: Path, most: int = MAX_SCORES) -> None:
        """Open or make the file; its folder is made where the one above is there."""
        self._path = path
        self._most = most
        self._connections: Connections | None = None
        try:
            self._connections = self._opened()
        except DamagedIndexError:
            self._start_again()

    def close(self) -> None:
        """Close the file; from then on the cache is empty. Idempotent."""
        if self._connections is not None:
            self._connections.close()
            self._connections = None

    def get(self, model: str, query: str, hashes: Sequence[bytes]) -> dict[bytes, RerankScore]:
        """Known scores by the passage's content hash; `model` is the reranker's fingerprint."""
        known: dict[bytes, RerankScore] = {}

        def read(db: Database) -> None:
            used = db.execute(_NEXT_USE).fetchone()[0]
            for each in hashes:
                key = _key(model, query, each)
                if row := db.execute(_GET, [key]).fetchone():
                    known[each] = RerankScore(*row)
                    db.execute(_USE, [used, key])

        self._attempt(read)
        return known

    def put(self, model: str, query: str, scores: dict[bytes, RerankScore]) -> None:
        """Keep these; the least recently used go where there would be too many."""

        def write(db: Database) -> None:
            used = db.execute(_NEXT_USE).fetchone()[0]
            rows = [
                {"key": _key(model, query, each), **asdict(score), "used": used}
                for each, score in scores.items()
            ]
            db.table("scores").insert_all(rows, replace=True)
            excess = db.table("scores").count - self._most
            if excess > 0:
                # A tenth more than needed, so that a full cache need not do this with every put.
                db.execute(_EVICT, [excess + self._most // 10])

        self._attempt(write)

    def _attempt(self, work: Callable[[Database], None], *, again: bool = True) -> None:
        connections = self._connections
        if connections is None:
            return
        try:
            with connections.writing() as db:
                work(db)
        except DamagedIndexError:
            self._start_again()
        except IndexGoneError:
            # With the index, or because another docsearch found it damaged: use what is there then.
            self.close()
            self._reopen()
            if again:
                self._attempt(work, again=False)
        except IndexStoreError as error:
            _log.warning("The score cache is passed over: %s", error)

    def _start_again(self) -> None:
        """Move the folder out of the way, and begin with an empty one.

        Another docsearch may have the file open. A rename takes the file and its log away at once,
        so that no log ever lies beside a file that it does not belong to; whoever has the old one
        open sees that it is gone before its next use.
        """
        _log.warning("The score cache %s is damaged; starting a new one.", self._path)
        self.close()
        folder = self._path.parent
        try:
            with TemporaryDirectory(
                prefix=".scores-", dir=folder.parent, ignore_cleanup_errors=True
            ) as room:
                folder.rename(Path(room) / folder.name)
        except OSError as error:
            _log.warning("Scores are not kept: %s cannot be moved: %s", folder, error)
            return
        self._reopen()

    def _reopen(self) -> None:
        try:
            self._connections = self._opened()
        except DamagedIndexError as error:
            _log.warning("Scores are not kept: %s", error)

    def _opened(self) -> Connections | None:
        """The open file; None where it cannot be used, with a line in the log.

        Raises DamagedIndexError.
        """
        try:
            self._path.parent.mkdir(FOLDER_MODE, exist_ok=True)
        except OSError as error:
            _log.warning("Scores are not kept: %s", error)
            return None
        connections = Connections(self._path, Access.WRITE)
        try:
            with connections.alone() as db:
                form = db.execute("PRAGMA user_version").fetchone()[0]
                if form not in (0, _FORM):
                    raise DamagedIndexError(f"{self._path} has form {form}, not {_FORM}.")
                db.executescript(_SCHEMA)
        except DamagedIndexError:
            connections.close()
            raise
        except IndexStoreError as error:
            _log.warning("Scores are not kept: %s", error)
            connections.close()
            return None
        return connections


def _key(model: str, query: str, content_hash: bytes) -> bytes:
    facts = json.dumps([model, query, content_hash.hex()])
    return hashlib.sha256(facts.encode()).digest()
