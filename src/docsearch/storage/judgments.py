"""People's judgments: in the catalog's own file, and in a journal beside it that outlives it.

In: judgments. Out: the same, by query. Nothing else in docsearch can be had again from the folder
alone, so they hang on no chunk and no file of the index; what indexes, cleans or migrates never
touches them. Each is in the journal, and that on the disk, before it is committed: where the
catalog is damaged and moved away, or loses its last commits with the power, the next opening takes
what is missing from the journal. Does not know the chunks.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import Any, TypeVar

from sqlite_utils import Database

from docsearch.domain.errors import (
    DamagedIndexError,
    IndexGoneError,
    IndexStoreError,
    NewerIndexError,
)
from docsearch.domain.judgment import Grade, Judgment, query_key
from docsearch.files import may_use
from docsearch.storage.connections import Access, Connections, to_text
from docsearch.storage.judgment_journal import Entry, JudgmentJournal
from docsearch.storage.layout import IndexLayout
from docsearch.storage.schema import require_version

_ALL = "SELECT query, text, path, grade FROM judgments ORDER BY number"
_OF_QUERY = """
    SELECT query, text, path, grade FROM judgments
    WHERE query = CAST(? AS TEXT) ORDER BY number"""
_NUMBERED = "SELECT number, query, text, path, grade FROM judgments ORDER BY number"
_NUMBER = "SELECT value FROM meta WHERE key = 'judgments'"
_SET_NUMBER = "UPDATE meta SET value = ? WHERE key = 'judgments'"
_PUT = """
    INSERT INTO judgments (query, content_hash, text, path, grade, number)
    VALUES (CAST(:query AS TEXT), :content_hash, CAST(:text AS TEXT), CAST(:path AS TEXT), :grade,
        :number)
    ON CONFLICT (query, content_hash) DO UPDATE SET
        path = CAST(:path AS TEXT), grade = :grade"""
_CLEAR = """
    DELETE FROM judgments
    WHERE query = CAST(:query AS TEXT) AND content_hash = :content_hash"""


T = TypeVar("T")


class SqliteJudgments:
    """The port Judgments. Any thread, and any docsearch on the folder, may judge at any time.

    Where the file cannot be written it only reads. Methods raise IndexStoreError.
    """

    def __init__(self, layout: IndexLayout) -> None:
        """Open the catalog's file, which must be there and in today's form, and heal both copies.

        Raises NewerIndexError, DamagedIndexError or IndexStoreError.
        """
        self._layout = layout
        self._journal = JudgmentJournal(layout.judgments)
        self._connections = self._open()

    def close(self) -> None:
        """Close the file; idempotent."""
        self._connections.close()

    def put(self, judgments: Sequence[Judgment]) -> None:
        """Keep these, all or none; a later grade of the same passage replaces an earlier one."""
        self._change([Entry.of(each) for each in judgments])

    def clear(self, judgments: Sequence[Judgment]) -> None:
        """Forget the grades of these passages; one that is not there is passed over."""
        self._change([Entry.of(each, cleared=True) for each in judgments])

    def of(self, query: str) -> list[Judgment]:
        """Those of one query, in the order in which they were first made."""
        asked = [to_text(query_key(query))]

        def read() -> list[Judgment]:
            with self._connections.reading() as db:
                return [_judgment(row) for row in db.execute(_OF_QUERY, asked)]

        return self._at_once_or_reopened(read)

    def all(self) -> list[Judgment]:
        """Every judgment, in the order in which they were first made."""

        def read() -> list[Judgment]:
            with self._connections.reading() as db:
                return [_judgment(row) for row in db.execute(_ALL)]

        return self._at_once_or_reopened(read)

    def _change(self, entries: Sequence[Entry]) -> None:
        self._at_once_or_reopened(lambda: self._change_now(entries))

    def _at_once_or_reopened(self, work: Callable[[], T]) -> T:
        """Where the index was replaced meanwhile, by the one that is there now."""
        try:
            return work()
        except IndexGoneError:
            if not self._layout.exists():
                raise
            before, self._connections = self._connections, self._open()
            before.close()
            return work()

    def _change_now(self, entries: Sequence[Entry]) -> None:
        with self._connections.writing() as db:
            number = _number(db)
            numbered = [each.numbered(number + at) for at, each in enumerate(entries, start=1)]
            _apply(db, numbered)
            appended = self._journal.append(numbered)
            try:
                db.commit()
            except BaseException:
                # With the writer's turn, so that nobody adds to the journal meanwhile: a commit
                # that failed may have given it up.
                with suppress(sqlite3.Error):
                    db.rollback()
                    db.execute("BEGIN IMMEDIATE")
                with suppress(IndexStoreError):
                    self._journal.take_back(appended)
                raise

    def _open(self) -> Connections:
        try:
            return self._opened(Access.WRITE, heal=True)
        except (NewerIndexError, DamagedIndexError):
            raise
        except IndexStoreError:
            # Nothing can be written, or another docsearch is writing just now.
            places = (self._layout.catalog, self._layout.folder)
            writable = all(may_use(each, os.W_OK) for each in places)
            access = Access.WRITE if writable else Access.READ
            return self._opened(access, heal=False)

    def _opened(self, access: Access, *, heal: bool) -> Connections:
        connections = Connections(self._layout.catalog, access)
        try:
            with connections.alone() as db:
                require_version(db, self._layout.catalog)
            if heal:
                # Within the one writer's turn, so that no judgment can come in between.
                with connections.writing() as db:
                    self._heal(db)
        except BaseException:
            connections.close()
            raise
        return connections

    def _heal(self, db: Database) -> None:
        """Bring the catalog and the journal in step: each may lack what the other has."""
        held = self._journal.read()
        number = _number(db)
        _apply(db, [each for each in held.entries if each.number > number])
        if held.number < number or held.is_torn:
            entries = [Entry(*row) for row in db.execute(_NUMBERED)]
            self._journal.rewrite(entries, max(number, held.number))


def _apply(db: Database, entries: Sequence[Entry]) -> None:
    for each in entries:
        if each.grade is None:
            db.execute(_CLEAR, _parameters(each))
        else:
            db.execute(_PUT, _parameters(each))
    if entries:
        db.execute(_SET_NUMBER, [entries[-1].number])


def _parameters(entry: Entry) -> dict[str, Any]:
    judgment = Judgment(entry.query, entry.text, entry.path, Grade.NOT_RELEVANT)
    facts = {"query": to_text(entry.query), "content_hash": judgment.content_hash}
    if entry.grade is None:
        return facts
    kept = {"text": to_text(entry.text), "path": to_text(entry.path)}
    return facts | kept | {"grade": entry.grade, "number": entry.number}


def _number(db: Database) -> int:
    return int(db.execute(_NUMBER).fetchone()[0])


def _judgment(row: tuple[str, str, str, int]) -> Judgment:
    query, text, path, grade = row
    return Judgment(query, text, path, Grade(grade))
