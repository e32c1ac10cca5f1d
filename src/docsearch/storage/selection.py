"""Which chunks a query's filters let through, and which files are newest.

In: a database and filters. Out: chunk ids. What a filter means is in `filters.py`; this asks it of
the stored files, and of as little text as the full-text index allows.
"""

from __future__ import annotations

from dataclasses import replace

from sqlite_utils import Database

from docsearch.domain.query import Filters
from docsearch.ports import ChunkIds
from docsearch.storage import full_text
from docsearch.storage.filters import admits_file, effective_day, finder
from docsearch.storage.rows import Row, day_of, dictionaries, ids_array, ids_json, tags_of

_FILES = "SELECT id, path, tags, day, modified_ns FROM files"
_OF_FILES = "SELECT id FROM chunks WHERE file_id IN (SELECT value FROM json_each(?))"
# Beside a minimum, the bare column `id` is of the row that holds it.
_FIRSTS = """
    SELECT file_id, id, min(ordinal) FROM chunks
    WHERE :among IS NULL OR id IN (SELECT value FROM json_each(:among)) GROUP BY file_id"""


def matching(db: Database, filters: Filters) -> ChunkIds:
    """Ids of the chunks for which every filter holds."""
    if replace(filters, excluded=(), phrases=()):
        admitted = [row["id"] for row in _files(db) if _admits(filters, row)]
        chunks = db.execute(_OF_FILES, [ids_json(admitted)])
    else:
        chunks = db.execute("SELECT id FROM chunks")
    ids = {row[0] for row in chunks}
    for phrase in filters.phrases:
        ids &= _holding(db, phrase)
    for word in filters.excluded:
        ids -= _holding(db, word)
    return ids_array(ids)


def newest(db: Database, k: int, among: ChunkIds | None) -> list[int]:
    """The first chunk of each of the k newest files, newest file first."""
    allowed = None if among is None else ids_json(among)
    firsts = {row[0]: row[1] for row in db.execute(_FIRSTS, {"among": allowed})}
    files = sorted((row for row in _files(db) if row["id"] in firsts), key=_age)
    return [firsts[row["id"]] for row in files[:k]]


def _files(db: Database) -> list[Row]:
    return list(dictionaries(db.execute(_FILES)))


def _admits(filters: Filters, row: Row) -> bool:
    return admits_file(filters, row["path"], tags_of(row), day_of(row), int(row["modified_ns"]))


def _age(row: Row) -> tuple[int, int, str]:
    modified = int(row["modified_ns"])
    return -effective_day(day_of(row), modified).toordinal(), -modified, row["path"]


def _holding(db: Database, phrase: str) -> set[int]:
    occurs_in = finder(phrase)
    return {chunk_id for chunk_id, text in full_text.may_hold(db, phrase) if occurs_in(text)}
