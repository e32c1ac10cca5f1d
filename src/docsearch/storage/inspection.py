"""Whether the catalog is whole, for `docsearch doctor`.

In: a database. Out: sentences about what is wrong with it. Repairs nothing.
"""

from __future__ import annotations

import sqlite3

from sqlite_utils import Database

_VECTOR_BYTES = 4
# Each counts what should not be there.
_FAULTS = {
    "{} chunks have no vector.": """
        SELECT count(*) FROM chunks WHERE id NOT IN (SELECT chunk_id FROM vectors)""",
    "{} vectors belong to no chunk.": """
        SELECT count(*) FROM vectors WHERE chunk_id NOT IN (SELECT id FROM chunks)""",
    "{} chunks belong to no file.": """
        SELECT count(*) FROM chunks WHERE file_id NOT IN (SELECT id FROM files)""",
    "{} files do not have as many chunks as they were given.": """
        SELECT count(*) FROM files WHERE chunk_count <>
            (SELECT count(*) FROM chunks WHERE file_id = files.id)""",
    "{} chunks are missing in the full-text index, or left over there.": """
        SELECT abs((SELECT count(*) FROM chunks) - (SELECT count(*) FROM full_text_docsize))""",
}
_WRONG_LENGTH = """
    SELECT count(*) FROM vectors JOIN embedders ON embedders.id = embedder_id
    WHERE length(vector) <> dimension * ?"""


def problems(db: Database) -> list[str]:
    """What is wrong inside the file; reads all of it."""
    found = [f"SQLite: {row[0]}" for row in db.execute("PRAGMA quick_check") if row[0] != "ok"]
    if found:
        return found
    for sentence, sql in _FAULTS.items():
        if count := db.execute(sql).fetchone()[0]:
            found.append(sentence.format(count))
    if count := db.execute(_WRONG_LENGTH, [_VECTOR_BYTES]).fetchone()[0]:
        found.append(f"{count} vectors are of the wrong length.")
    if not _full_text_agrees(db):
        found.append("The full-text index is out of step with the chunks.")
    return found


def _full_text_agrees(db: Database) -> bool:
    """FTS5's own check, which a read-only connection may not ask for."""
    try:
        db.execute("INSERT INTO full_text (full_text, rank) VALUES ('integrity-check', 1)")
    except sqlite3.DatabaseError as error:
        if error.sqlite_errorcode & 0xFF == sqlite3.SQLITE_READONLY:
            return True
        if error.sqlite_errorcode & 0xFF == sqlite3.SQLITE_CORRUPT:
            return False
        raise
    return True
