from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlite_utils import Database

from docsearch.domain.errors import DamagedIndexError, IndexStoreError, NewerIndexError
from docsearch.storage.schema import MIGRATIONS, migrate
from tests.fakes.contents import contents
from tests.storage.libraries import layout_in, open_library

WHERE = Path("index.sqlite")


@pytest.fixture
def db() -> Iterator[Database]:
    database = Database(sqlite3.connect(":memory:", isolation_level=None))
    yield database
    database.close()


def version(db: Database) -> int:
    return int(db.execute("PRAGMA user_version").fetchone()[0])


def test_every_step_is_taken_once(db: Database) -> None:
    migrate(db, WHERE)
    assert version(db) == len(MIGRATIONS)
    tables = set(db.table_names())
    migrate(db, WHERE)
    assert set(db.table_names()) == tables


def test_later_steps_keep_what_is_there(db: Database) -> None:
    steps = ["CREATE TABLE a (x); INSERT INTO a VALUES (1);", "ALTER TABLE a ADD COLUMN y"]
    migrate(db, WHERE, steps[:1])
    migrate(db, WHERE, steps)
    assert version(db) == 2
    assert list(db.table("a").rows) == [{"x": 1, "y": None}]


def test_a_step_that_fails_leaves_nothing_of_itself(db: Database) -> None:
    steps = ["CREATE TABLE a (x)", "CREATE TABLE b (x); INSERT INTO nowhere VALUES (1);"]
    with pytest.raises(sqlite3.OperationalError, match="nowhere"):
        migrate(db, WHERE, steps)
    assert version(db) == 1
    assert db.table_names() == ["a"]
    migrate(db, WHERE, [steps[0], "CREATE TABLE b (x)"])
    assert version(db) == 2


def test_files_of_an_index_without_losses_have_none(tmp_path: Path) -> None:
    layout_in(tmp_path).create()
    database = Database(layout_in(tmp_path).catalog)
    migrate(database, WHERE, MIGRATIONS[:2])
    database.execute(
        "INSERT INTO files VALUES (1, 'a.md', 5, '6', '7', '8', x'00', 'Markdown', NULL, '[]', "
        "NULL, 'a recipe', 0)"
    )
    database.conn.commit()
    database.close()
    library = open_library(tmp_path)
    file = library.files()["a.md"]
    library.close()
    assert (file.source.size, file.reader, file.losses) == (5, "Markdown", ())
    assert file.source.changed_ns == 0


def alter(folder: Path, statement: str) -> None:
    connection = sqlite3.connect(layout_in(folder).catalog)
    connection.execute(statement)
    connection.commit()
    connection.close()


@pytest.mark.parametrize("read_only", [False, True])
def test_an_index_of_a_newer_docsearch_is_left_alone(tmp_path: Path, read_only: bool) -> None:
    library = open_library(tmp_path)
    library.put_file(contents("a.md", "text"))
    library.close()
    alter(tmp_path, f"PRAGMA user_version = {len(MIGRATIONS) + 7}")
    before = layout_in(tmp_path).catalog.read_bytes()
    expected = rf"format {len(MIGRATIONS) + 7}.*up to format {len(MIGRATIONS)}\. Update docsearch"
    with pytest.raises(NewerIndexError, match=expected):
        open_library(tmp_path, read_only=read_only)
    assert layout_in(tmp_path).catalog.read_bytes() == before


def test_a_reader_does_not_migrate(tmp_path: Path) -> None:
    layout_in(tmp_path).create()
    alter(tmp_path, "PRAGMA user_version = 0")
    layout_in(tmp_path).catalog.touch()
    with pytest.raises(IndexStoreError, match="may not write it"):
        open_library(tmp_path, read_only=True)


def test_a_database_of_another_program_is_not_written_to(tmp_path: Path) -> None:
    layout_in(tmp_path).create()
    alter(tmp_path, "CREATE TABLE files (mine)")
    with pytest.raises(DamagedIndexError, match=r"index\.sqlite is damaged"):
        open_library(tmp_path)


def test_an_index_of_an_earlier_form_finds_its_words_in_normal_form(tmp_path: Path) -> None:
    layout_in(tmp_path).create()
    connection = sqlite3.connect(layout_in(tmp_path).catalog, isolation_level=None)
    migrate(Database(connection), WHERE, MIGRATIONS[:2])
    connection.executescript(
        """
        INSERT INTO files VALUES
            (7, 'a.md', 1, '1', '1', '1', x'00', 'text', NULL, '[]', NULL, 'r', 1);
        INSERT INTO chunks VALUES
            (3, 7, 0, 0, 9, 'Um' || char(0xad) || 'spannwerk', 1, '', NULL, NULL, NULL, x'00');
        INSERT INTO full_text (rowid, text, headings, title)
            SELECT id, text, headings, title FROM passages;
        """
    )
    connection.close()
    library = open_library(tmp_path)
    assert [hit[0] for hit in library.search_text("umspannwerk", 5)] == [3]
    library.remove_file("a.md")
    assert library.search_text("umspannwerk", 5) == []
    library.close()
