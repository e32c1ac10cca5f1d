from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path
from threading import Barrier

import pytest
from sqlite_utils import Database

from docsearch.domain.errors import DamagedIndexError, IndexGoneError, IndexStoreError
from docsearch.storage import connections as module
from docsearch.storage.connections import Access, Connections


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "some where?#%20" / "index.sqlite"


@pytest.fixture
def connections(path: Path) -> Iterator[Connections]:
    path.parent.mkdir()
    opened = Connections(path, Access.WRITE)
    with opened.writing() as db:
        db.execute("CREATE TABLE t (x)")
    yield opened
    opened.close()


def count(connections: Connections) -> int:
    with connections.reading() as db:
        return db.table("t").count


def test_an_error_undoes_the_whole_transaction(connections: Connections) -> None:
    def write_two_halves() -> None:
        with connections.writing() as db:
            db.execute("INSERT INTO t VALUES (1)")
            raise KeyError("half way")

    with pytest.raises(KeyError):
        write_two_halves()
    assert count(connections) == 0
    with connections.writing() as db:
        db.execute("INSERT INTO t VALUES (1)")
    assert count(connections) == 1


def test_a_reader_sees_one_moment(connections: Connections) -> None:
    with connections.reading() as db:
        assert db.table("t").count == 0
        with connections.writing() as other:
            other.execute("INSERT INTO t VALUES (1)")
        assert db.table("t").count == 0
    assert count(connections) == 1


def test_writers_of_two_pools_wait_for_each_other(connections: Connections, path: Path) -> None:
    pools = [connections, Connections(path, Access.WRITE)]
    start = Barrier(4)

    def add(number: int) -> None:
        start.wait(timeout=30)
        for _ in range(20):
            with pools[number % 2].writing() as db:
                most = db.execute("SELECT coalesce(max(x), 0) FROM t").fetchone()[0]
                db.execute("INSERT INTO t VALUES (?)", [most + 1])

    with ThreadPoolExecutor(4) as threads:
        list(threads.map(add, range(4)))
    with connections.reading() as db:
        assert [row[0] for row in db.execute("SELECT x FROM t ORDER BY x")] == list(range(1, 81))
    pools[1].close()


def test_a_reader_cannot_write(connections: Connections, path: Path) -> None:
    reader = Connections(path, Access.READ)
    assert count(reader) == 0

    def write() -> None:
        with reader.writing() as db:
            db.execute("INSERT INTO t VALUES (1)")

    with pytest.raises(IndexStoreError, match=r"index\.sqlite cannot be written\. Make it") as told:
        write()
    assert not told.value.passing
    reader.close()


def test_sqlites_full_is_told_as_a_full_disk(connections: Connections) -> None:
    with connections.alone() as db:
        db.execute("PRAGMA max_page_count = 5")

    def fill() -> None:
        with connections.writing() as db:
            db.execute("INSERT INTO t VALUES (randomblob(100000))")

    with pytest.raises(IndexStoreError, match=r"index\.sqlite is full\. Free some space") as told:
        fill()
    assert told.value.passing
    assert count(connections) == 0


def test_rows_that_cannot_be_decoded_are_damage(connections: Connections) -> None:
    with connections.writing() as db:
        db.execute("INSERT INTO t VALUES (CAST(x'ff80' AS TEXT))")

    def read() -> None:
        with connections.reading() as db:
            db.execute("SELECT x FROM t").fetchall()

    with pytest.raises(DamagedIndexError, match="damaged"):
        read()


def test_a_fault_of_ours_is_not_put_down_to_the_disk(connections: Connections) -> None:
    def mistake() -> None:
        with connections.reading() as db:
            db.execute("SELECT no_such_column FROM t")

    with pytest.raises(sqlite3.OperationalError, match="no_such_column"):
        mistake()
    assert count(connections) == 0


def test_what_is_lent_while_closing_is_closed_when_it_comes_back(
    connections: Connections, path: Path
) -> None:
    with connections.reading() as db:
        connections.close()
        assert db.table("t").count == 0
    with pytest.raises(IndexStoreError, match="has been closed"):
        count(connections)
    assert not list(path.parent.glob("*-wal"))


@pytest.mark.parametrize("how", ["deleted", "replaced"])
def test_a_file_that_went_away_is_told_and_not_written_into(
    connections: Connections, path: Path, how: str
) -> None:
    kept = path.with_suffix(".kept")
    path.rename(kept)
    if how == "replaced":
        path.write_bytes(b"")

    def write() -> None:
        with connections.writing() as db:
            db.execute("INSERT INTO t VALUES (1)")

    with pytest.raises(IndexGoneError, match=r"deleted, moved or replaced while") as told:
        write()
    assert told.value.passing
    with pytest.raises(IndexGoneError):
        count(connections)
    kept.replace(path)
    assert count(connections) == 0


def test_a_retired_pool_serves_those_who_still_use_it_and_keeps_nothing_open(
    connections: Connections, path: Path
) -> None:
    with connections.reading() as db:
        connections.retire()
        assert db.table("t").count == 0
    assert count(connections) == 0
    assert not list(path.parent.glob("*-wal"))


def test_what_was_read_of_a_file_that_was_written_meanwhile_is_not_handed_out(
    path: Path, connections: Connections, monkeypatch: pytest.MonkeyPatch
) -> None:
    connections.close()
    opened = module._opened

    def alone(path: Path, how: str, script: str, *kind: type[Database]) -> Database:
        """As on a disk where SQLite can make no files to share with those who write."""
        if how == "mode=ro":
            raise sqlite3.OperationalError
        return opened(path, how, script, *kind)

    monkeypatch.setattr(module, "_opened", alone)
    reader = Connections(path, Access.READ)
    assert count(reader) == 0

    def write() -> None:
        with reader.reading() as db:
            assert db.table_names() == ["t"]
            os.utime(path, ns=(1, 1))

    with pytest.raises(IndexStoreError, match=r"written while it was read\. Try again") as refused:
        write()
    assert refused.value.passing
    with closing(sqlite3.connect(path)) as db, db:
        db.execute("INSERT INTO t VALUES (1)")
    assert count(reader) == 1
    reader.close()


@pytest.mark.parametrize("access", Access)
def test_a_pipe_in_the_files_place_is_refused_and_not_waited_for(
    path: Path, access: Access
) -> None:
    path.parent.mkdir()
    os.mkfifo(path)
    with (
        closing(Connections(path, access)) as connections,
        pytest.raises(IndexStoreError, match="it is not a regular file"),
        connections.reading(),
    ):
        raise AssertionError("it was opened")
