"""Whether the catalog is whole: its pages at every opening, all of it for `docsearch doctor`.

In: a database. Out: sentences about what is wrong with it. Repairs nothing.
"""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

from sqlite_utils import Database

from docsearch.domain.wording import plural
from docsearch.storage.connections import in_passing
from docsearch.storage.failures import damaged

BUILD_AGAIN = (
    "Move index.sqlite away: the next `docsearch index` builds it again, and your judgments, kept "
    "in judgments.jsonl, come back with it."
)
MOST_BYTES_CHECKED = 256 << 20
"""A larger index is opened unchecked: SQLite reads all pages, a millisecond for each megabyte."""

_MOST_NAMED = 5
_TEXTS = """
    SELECT path, CAST(text AS BLOB), chunks.content_hash FROM chunks
    JOIN files ON files.id = file_id ORDER BY chunks.id"""
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


def require_sound(db: Database, path: Path) -> None:
    """Raise DamagedIndexError where a page is not what the pages beside it say.

    A page that a disk lost reads as zeros, of which SQLite makes fewer rows and no error.
    """
    if path.stat().st_size > MOST_BYTES_CHECKED:
        return
    if db.execute("PRAGMA quick_check(1)").fetchone()[0] != "ok":
        raise damaged(path)


def problems(db: Database) -> list[str]:
    """What is wrong inside the file; reads all of it."""
    # The disk is asked, not the pages that the opening has left in memory.
    db.execute("PRAGMA shrink_memory")
    found = [
        f"SQLite: {row[0]}. {BUILD_AGAIN}"
        for row in db.execute("PRAGMA quick_check")
        if row[0] != "ok"
    ]
    if found:
        return found
    for sentence, sql in _FAULTS.items():
        if count := db.execute(sql).fetchone()[0]:
            found.append(f"{sentence.format(count)} {BUILD_AGAIN}")
    if count := db.execute(_WRONG_LENGTH, [_VECTOR_BYTES]).fetchone()[0]:
        found.append(f"{count} vectors are of the wrong length. {BUILD_AGAIN}")
    return found


def problems_of_words(db: Database) -> list[str]:
    """Whether the full-text index has the words of the passages, and no others."""
    if _full_text_agrees(db):
        return []
    return [
        "The full-text index is out of step with the chunks, so searches for words miss some. "
        f"{BUILD_AGAIN}"
    ]


def is_sound(text: bytes, content_hash: bytes) -> bool:
    """Whether a chunk's stored text is what its hash was made of."""
    return hashlib.sha256(text).digest() == content_hash


def damaged_files(db: Database) -> list[str]:
    """Paths of the files with a chunk whose text is not what was indexed; reads all text."""
    return sorted(
        {
            path
            for path, text, content_hash in db.execute(_TEXTS)
            if not is_sound(text, content_hash)
        }
    )


def told_of_damage(paths: Sequence[str]) -> str:
    """What to say of them."""
    shown = ", ".join(paths[:_MOST_NAMED]) + (" ..." if len(paths) > _MOST_NAMED else "")
    return (
        f"The stored text of {plural(len(paths), 'file')} is not what was read: {shown}. It is "
        "left out of results. Run `docsearch index` on the folder: it reads them again."
    )


def _full_text_agrees(db: Database) -> bool:
    """FTS5's own check, which compares every word.

    It has to write, if nothing: so it is asked of a copy that SQLite makes, in a file of its own
    that is gone when it is closed. Neither is whoever writes kept waiting.
    """
    with closing(in_passing()) as copy:
        db.conn.backup(copy.conn)
        try:
            copy.execute("INSERT INTO full_text (full_text, rank) VALUES ('integrity-check', 1)")
        except sqlite3.DatabaseError as error:
            if error.sqlite_errorcode & 0xFF == sqlite3.SQLITE_CORRUPT:
                return False
            raise
    return True
