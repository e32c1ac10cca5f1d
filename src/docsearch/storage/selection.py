"""Which chunks a query's filters let through, and which files are newest.

In: a database and filters. Out: chunk ids. What a filter means is in `filters.py`; this asks it of
the stored files, and of as little text as the full-text index allows.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

import numpy as np
from sqlite_utils import Database

from docsearch.domain.query import Filters
from docsearch.ports import ChunkIds
from docsearch.storage import full_text
from docsearch.storage.filters import admits_file, effective_day, finder
from docsearch.storage.rows import Row, day_of, dictionaries, ids_array, ids_json, tags_of

_FILES = "SELECT id, path, tags, day, modified_ns FROM files"
# A file's chunks mostly have ids that follow each other: a row a file is read sooner than all ids.
_SPANS = """
    SELECT file_id, min(id), max(id), count(*) FROM chunks
    WHERE file_id IN (SELECT value FROM json_each(?)) GROUP BY file_id"""
_OF_FILE = "SELECT id FROM chunks WHERE file_id = ?"
# Beside a minimum, the bare column `id` is of the row that holds it.
_FIRSTS = """
    SELECT file_id, id, min(ordinal) FROM chunks
    WHERE :among IS NULL OR id IN (SELECT value FROM json_each(:among)) GROUP BY file_id"""


def matching(db: Database, filters: Filters) -> ChunkIds:
    """Ids of the chunks for which every filter holds."""
    if replace(filters, excluded=(), phrases=()):
        admitted = [row["id"] for row in _files(db) if _admits(filters, row)]
        ids = _of_files(db, admitted)
    else:
        ids = ids_array(row[0] for row in db.execute("SELECT id FROM chunks"))
    for phrase in filters.phrases:
        ids = np.intersect1d(ids, _holding(db, phrase), assume_unique=True)
    for word in filters.excluded:
        ids = np.setdiff1d(ids, _holding(db, word), assume_unique=True)
    return ids


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


def _of_files(db: Database, files: Iterable[int]) -> ChunkIds:
    """Ids of these files' chunks, in rising order."""
    parts = [ids_array(())]
    for file_id, first, last, count in db.execute(_SPANS, [ids_json(files)]):
        if last - first + 1 == count:
            parts.append(np.arange(first, last + 1, dtype=np.int64))
        else:
            parts.append(ids_array(row[0] for row in db.execute(_OF_FILE, [file_id])))
    return np.sort(np.concatenate(parts))


def _holding(db: Database, phrase: str) -> ChunkIds:
    """Ids of the chunks that hold the phrase, in rising order."""
    occurs_in = finder(phrase)
    found = full_text.may_hold(db, phrase)
    return ids_array(chunk_id for chunk_id, text in found if occurs_in(text))
