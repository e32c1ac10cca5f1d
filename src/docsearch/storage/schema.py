"""The tables of the catalog, as numbered steps from an empty file to the present form.

In: an open database. Out: the same, at the latest version. Does not know what is written later.

    meta       generation and random name of the last commit; the random name of this index, and the
               SHA-256 of the FAISS file that was made of it, so that any other is refused
    embedders  what made the vectors
    files      one row per indexed file; `recipe` is the fingerprint of all that made its chunks,
               `losses` what of the file could not be read
    skipped    one row per file that this `recipe` could not index; `content_hash` is that of the
               bytes it could make nothing of
    chunks     passages; an id is never given twice, and its text and vector never change; `places`
               says where each part of the text stands, `name` is what models read above it
    vectors    float32, little-endian; apart from the text, so that reading all of them is quick
    judgments  people's grades by query and passage; `meta` counts their changes
    passages   what the full-text index reads: text, headings and title of a chunk, as terms between
               spaces; `meta` tells in which form those that it has read were
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from sqlite_utils import Database

from docsearch.domain.errors import IndexStoreError, NewerIndexError
from docsearch.storage.failures import damaged

# Times and identities are decimal text: they may be unsigned 64-bit numbers, which SQLite has not.
# The full-text index keeps no copy of the text (it reads `passages`), which saves a third of the
# file; SQLite before 3.43 has no contentless tables that rows can be deleted from.
_FIRST = """
CREATE TABLE meta (key TEXT PRIMARY KEY, value NOT NULL) WITHOUT ROWID;
INSERT INTO meta VALUES ('generation', 0), ('index', lower(hex(randomblob(16))));
CREATE TABLE embedders (
    id INTEGER PRIMARY KEY,
    name TEXT NOT NULL,
    fingerprint TEXT NOT NULL UNIQUE,
    dimension INTEGER NOT NULL
);
CREATE TABLE files (
    id INTEGER PRIMARY KEY,
    path TEXT NOT NULL UNIQUE,
    size INTEGER NOT NULL,
    modified_ns TEXT NOT NULL,
    device TEXT NOT NULL,
    inode TEXT NOT NULL,
    content_hash BLOB NOT NULL,
    reader TEXT NOT NULL,
    title TEXT,
    tags TEXT NOT NULL,
    day TEXT,
    recipe TEXT NOT NULL,
    chunk_count INTEGER NOT NULL
);
CREATE TABLE skipped (
    path TEXT PRIMARY KEY,
    size INTEGER NOT NULL,
    modified_ns TEXT NOT NULL,
    device TEXT NOT NULL,
    inode TEXT NOT NULL,
    recipe TEXT NOT NULL,
    reason TEXT NOT NULL
) WITHOUT ROWID;
CREATE TABLE chunks (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    file_id INTEGER NOT NULL REFERENCES files (id),
    ordinal INTEGER NOT NULL,
    start INTEGER NOT NULL,
    stop INTEGER NOT NULL,
    text TEXT NOT NULL,
    token_count INTEGER NOT NULL,
    headings TEXT NOT NULL,
    line INTEGER,
    page INTEGER,
    cell INTEGER,
    content_hash BLOB NOT NULL
);
CREATE INDEX chunks_of_file ON chunks (file_id, ordinal);
CREATE INDEX chunks_by_content ON chunks (content_hash);
CREATE TABLE vectors (
    chunk_id INTEGER PRIMARY KEY REFERENCES chunks (id),
    embedder_id INTEGER NOT NULL REFERENCES embedders (id),
    vector BLOB NOT NULL
);
CREATE INDEX vectors_of_embedder ON vectors (embedder_id);
CREATE VIEW passages AS
    SELECT chunks.id AS id, chunks.text AS text, chunks.headings AS headings, files.title AS title
    FROM chunks JOIN files ON files.id = chunks.file_id;
CREATE VIRTUAL TABLE full_text USING fts5 (
    text, headings, title,
    content = 'passages', content_rowid = 'id', tokenize = 'unicode61 remove_diacritics 2'
);
"""

# No reference to chunks or files: a judgment outlives both.
_JUDGMENTS = """
INSERT INTO meta VALUES ('judgments', 0);
CREATE TABLE judgments (
    query TEXT NOT NULL,
    content_hash BLOB NOT NULL,
    text TEXT NOT NULL,
    path TEXT NOT NULL,
    grade INTEGER NOT NULL,
    number INTEGER NOT NULL,
    PRIMARY KEY (query, content_hash)
);
"""

# A JSON list. Files that an earlier docsearch read are read again when their reader changes.
_LOSSES = """
ALTER TABLE files ADD COLUMN losses TEXT NOT NULL DEFAULT '[]';
"""

# Files of an earlier docsearch have no such time, and are looked at again by their hash.
_CHANGED = """
ALTER TABLE files ADD COLUMN changed_ns TEXT NOT NULL DEFAULT '0';
ALTER TABLE skipped ADD COLUMN changed_ns TEXT NOT NULL DEFAULT '0';
"""

# JSON, see `rows.py`; empty for a chunk of an earlier docsearch until its file is read again.
_PLACES = """
ALTER TABLE chunks ADD COLUMN places TEXT;
"""

# Every connection brings the function; its text is made of bytes, for those are all that a function
# in Python takes of text with lone surrogates. Full text is filled by `full_text.keep_in_form`.
_NORMAL_FORM = """
DROP TABLE full_text;
DROP VIEW passages;
CREATE VIEW passages AS
    SELECT chunks.id AS id,
        docsearch_terms(CAST(chunks.text AS BLOB)) AS text,
        docsearch_terms(CAST(chunks.headings AS BLOB)) AS headings,
        docsearch_terms(CAST(files.title AS BLOB)) AS title
    FROM chunks JOIN files ON files.id = chunks.file_id;
CREATE VIRTUAL TABLE full_text USING fts5 (
    text, headings, title, content = 'passages', content_rowid = 'id', tokenize = 'ascii'
);
INSERT INTO meta VALUES ('terms', '');
"""

# An edit through one of a file's hard links is an edit of all of them.
_BY_INODE = """
CREATE INDEX files_by_inode ON files (inode);
"""

# One that could not be read through a link can be made readable through another.
_SKIPPED_BY_INODE = """
CREATE INDEX skipped_by_inode ON skipped (inode);
"""

# What models read above a text; vectors of before were made without.
_NAMES = """
ALTER TABLE chunks ADD COLUMN name TEXT NOT NULL DEFAULT '';
"""

# Of a file that an earlier docsearch skipped it is not known: it is tried again once it is renamed.
_BROKEN_BYTES = """
ALTER TABLE skipped ADD COLUMN content_hash BLOB;
"""

MIGRATIONS: tuple[str, ...] = (
    _FIRST,
    _JUDGMENTS,
    _LOSSES,
    _CHANGED,
    _PLACES,
    _NORMAL_FORM,
    _BY_INODE,
    _SKIPPED_BY_INODE,
    _NAMES,
    _BROKEN_BYTES,
)
"""Step n takes a database from version n to n + 1; a released step never changes."""


def migrate(db: Database, path: Path, migrations: Sequence[str] = MIGRATIONS) -> None:
    """Take every step that is missing, each in a transaction of its own.

    Raises NewerIndexError, or DamagedIndexError for a database of some other program.
    """
    version = _version(db, path, len(migrations))
    for number, step in enumerate(migrations[version:], start=version + 1):
        with db.atomic():
            db.executescript(step)
            db.execute(f"PRAGMA user_version = {number}")


def require_version(db: Database, path: Path) -> None:
    """Raise IndexStoreError for a database that lacks a step, since a reader may not take it."""
    version = _version(db, path, len(MIGRATIONS))
    if version < len(MIGRATIONS):
        raise IndexStoreError(
            f"The index {path} has format {version}, and this docsearch needs format "
            f"{len(MIGRATIONS)} but may not write it. Run `docsearch index` on the folder; where "
            "that cannot write it either, close the other docsearch or make the directory writable."
        )


def _version(db: Database, path: Path, latest: int) -> int:
    """The number of steps this database has taken; 0 is an empty file."""
    version = int(db.execute("PRAGMA user_version").fetchone()[0])
    if version > latest:
        raise NewerIndexError(
            f"The index {path} has format {version}, made by a newer docsearch; this one reads up "
            f"to format {latest}. Update docsearch, or use another --data-dir."
        )
    if version == 0 and db.table_names():
        raise damaged(path)
    return version
