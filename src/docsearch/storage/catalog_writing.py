"""What a transaction does to the tables.

In: a database in a transaction, and what is now known of some files. Out: the change of chunk ids.
Does not know about generations, threads or FAISS.
"""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Iterable, Sequence

import numpy as np
from sqlite_utils import Database

from docsearch.domain.document import Chunk, SourceFile
from docsearch.ports import ChunkChange, FileContents
from docsearch.storage import full_text
from docsearch.storage.connections import to_text
from docsearch.storage.inspection import is_sound
from docsearch.storage.recipe import Recipe
from docsearch.storage.rows import (
    CONVERSIONS,
    chunk_row,
    file_row,
    headings_text,
    ids_array,
    ids_json,
    source_row,
    vector_blob,
)

_UPSERT_FILE = """
    INSERT INTO files (path, size, modified_ns, device, inode, changed_ns, content_hash, reader,
        title, tags, day, losses, recipe, chunk_count)
    VALUES (CAST(:path AS TEXT), :size, :modified_ns, :device, :inode, :changed_ns, :content_hash,
        CAST(:reader AS TEXT), CAST(:title AS TEXT), CAST(:tags AS TEXT), :day,
        CAST(:losses AS TEXT), :recipe, :chunk_count)
    ON CONFLICT (path) DO UPDATE SET size = :size, modified_ns = :modified_ns, device = :device,
        inode = :inode, changed_ns = :changed_ns, content_hash = :content_hash,
        reader = CAST(:reader AS TEXT),
        title = CAST(:title AS TEXT), tags = CAST(:tags AS TEXT), day = :day,
        losses = CAST(:losses AS TEXT), recipe = :recipe, chunk_count = :chunk_count
    RETURNING id"""
_OLD_CHUNKS = """
    SELECT chunks.id, content_hash, name, headings FROM chunks
    JOIN vectors ON chunk_id = chunks.id WHERE file_id = ? AND embedder_id = ? ORDER BY ordinal"""
_OLD_TEXTS = "SELECT id, CAST(text AS BLOB), content_hash FROM chunks WHERE file_id = ?"
_SET_TEXT = "UPDATE chunks SET text = CAST(? AS TEXT) WHERE id = ?"
_UPDATE_CHUNK = """
    UPDATE chunks SET ordinal = :ordinal, start = :start, stop = :stop,
        token_count = :token_count, headings = CAST(:headings AS TEXT), line = :line, page = :page,
        cell = :cell, places = CAST(:places AS TEXT)
    WHERE id = :id"""
_RELOCATE = {
    table: f"""
    UPDATE {table} SET path = CAST(:path AS TEXT), size = :size, modified_ns = :modified_ns,
        device = :device, inode = :inode, changed_ns = :changed_ns,
        recipe = coalesce(:recipe, recipe)
    WHERE path = CAST(:old_path AS TEXT)"""  # noqa: S608 - the two tables' names, from below
    for table in ("files", "skipped")
}


def put_files(db: Database, files: Sequence[FileContents], recipe: Recipe) -> ChunkChange:
    """Replace the chunks of files of different paths."""
    changes = [_no_chunks(recipe.dimension), *(_put_file(db, file, recipe) for file in files)]
    return ChunkChange(
        removed=ids_array(each for change in changes for each in change.removed.tolist()),
        added=np.concatenate([change.added for change in changes]),
        vectors=np.concatenate([change.vectors for change in changes]),
    )


def _put_file(db: Database, contents: FileContents, recipe: Recipe) -> ChunkChange:
    """Replace a file's chunks; those that the same bi-encoder reads the same keep id and vector."""
    path = to_text(contents.source.path)
    db.execute("DELETE FROM skipped WHERE path = CAST(? AS TEXT)", [path])
    embedder = _embedder_id(db, recipe)
    old_id, old_title = _file(db, path)
    is_lost = _repair(db, old_id, contents.chunks)
    kept, new = _match(db, old_id, embedder, contents.chunks)
    removed = _chunk_ids(db, old_id) - {chunk_id for chunk_id, _, _ in kept}
    retitled = old_title != contents.extracted.title
    reworded = {chunk_id for chunk_id, _, same_headings in kept if retitled or not same_headings}

    full_text.forget(db, removed | reworded)
    _delete_chunks(db, removed)
    file_id = db.execute(_UPSERT_FILE, file_row(contents, recipe.fingerprint)).fetchone()[0]
    for chunk_id, chunk, _ in kept:
        db.execute(_UPDATE_CHUNK, {**chunk_row(chunk), "id": chunk_id})
    added = _insert_chunks(db, file_id, embedder, contents, new)
    full_text.note(db, reworded | set(added))
    if is_lost:
        full_text.make_again(db)
    return ChunkChange(ids_array(removed), ids_array(added), contents.vectors[new])


def remove_file(db: Database, path: str, dimension: int) -> ChunkChange:
    """Forget a path, indexed or skipped or neither."""
    encoded = to_text(path)
    db.execute("DELETE FROM skipped WHERE path = CAST(? AS TEXT)", [encoded])
    file_id, _ = _file(db, encoded)
    is_lost = _repair(db, file_id, ())
    removed = _chunk_ids(db, file_id)
    full_text.forget(db, removed)
    _delete_chunks(db, removed)
    db.execute("DELETE FROM files WHERE id = ?", [file_id])
    if is_lost:
        full_text.make_again(db)
    return _no_chunks(dimension, removed)


def skip_file(
    db: Database,
    source: SourceFile,
    reason: str,
    recipe: Recipe,
    content_hash: bytes | None,
) -> ChunkChange:
    """Put a path among the skipped."""
    change = remove_file(db, source.path, recipe.dimension)
    row = {
        **source_row(source),
        "recipe": recipe.fingerprint,
        "reason": to_text(reason),
        "content_hash": content_hash,
    }
    db.table("skipped").insert(row, conversions=CONVERSIONS)
    return change


_OF_NO_RECIPE = ""
"""Of a file that is to be read again, whatever the recipe."""


def move_file(
    db: Database, old_path: str, source: SourceFile, dimension: int, *, read_again: bool = False
) -> ChunkChange:
    """Give an entry, indexed or skipped, a new path, time and identity.

    With `read_again` it is stale from then on. Raises KeyError for an unknown `old_path`.
    """
    if source.path == old_path:
        change = _no_chunks(dimension)
    else:
        change = remove_file(db, source.path, dimension)
    recipe = _OF_NO_RECIPE if read_again else None
    parameters = {**source_row(source), "old_path": to_text(old_path), "recipe": recipe}
    if not sum(db.execute(update, parameters).rowcount for update in _RELOCATE.values()):
        raise KeyError(old_path)
    return change


def _no_chunks(dimension: int, removed: Iterable[int] = ()) -> ChunkChange:
    nothing = np.empty((0, dimension), dtype=np.float32)
    return ChunkChange(ids_array(removed), ids_array(()), nothing)


def _file(db: Database, path: bytes) -> tuple[int | None, str | None]:
    """(id, title) of a path, both None where it is not indexed."""
    found: tuple[int, str | None] | None = db.execute(
        "SELECT id, title FROM files WHERE path = CAST(? AS TEXT)", [path]
    ).fetchone()
    return found or (None, None)


def _chunk_ids(db: Database, file_id: int | None) -> set[int]:
    return {row[0] for row in db.execute("SELECT id FROM chunks WHERE file_id = ?", [file_id])}


def _embedder_id(db: Database, recipe: Recipe) -> int:
    db.execute(
        "INSERT OR IGNORE INTO embedders (name, fingerprint, dimension) VALUES (?, ?, ?)",
        [recipe.embedder_name, recipe.embedder_fingerprint, recipe.dimension],
    )
    found = db.execute(
        "SELECT id FROM embedders WHERE fingerprint = ?", [recipe.embedder_fingerprint]
    )
    return int(found.fetchone()[0])


def _repair(db: Database, file_id: int | None, chunks: Sequence[Chunk]) -> bool:
    """Give damaged text of a file back what its hash was made of, where these chunks have it.

    Whether some is lost: then the full-text index cannot forget its words, and is to be made again.
    """
    texts = {chunk.content_hash: chunk.text for chunk in chunks}
    is_lost = False
    for chunk_id, text, content_hash in db.execute(_OLD_TEXTS, [file_id]).fetchall():
        if is_sound(text, content_hash):
            continue
        if content_hash in texts:
            db.execute(_SET_TEXT, [to_text(texts[content_hash]), chunk_id])
        else:
            is_lost = True
    return is_lost


def _match(
    db: Database, file_id: int | None, embedder: int, chunks: Sequence[Chunk]
) -> tuple[list[tuple[int, Chunk, bool]], list[int]]:
    """(old id, chunk, whether its headings are the same) of those kept, and rows of the new."""
    old: defaultdict[tuple[bytes, str], deque[tuple[int, bytes]]] = defaultdict(deque)
    for chunk_id, content_hash, name, headings in db.execute(_OLD_CHUNKS, [file_id, embedder]):
        old[content_hash, name].append((chunk_id, to_text(headings)))
    kept, new = [], []
    for row, chunk in enumerate(chunks):
        if waiting := old.get((chunk.content_hash, chunk.name)):
            chunk_id, headings = waiting.popleft()
            kept.append((chunk_id, chunk, headings == headings_text(chunk)))
        else:
            new.append(row)
    return kept, new


def _delete_chunks(db: Database, ids: Iterable[int]) -> None:
    doomed = [ids_json(ids)]
    db.execute("DELETE FROM vectors WHERE chunk_id IN (SELECT value FROM json_each(?))", doomed)
    db.execute("DELETE FROM chunks WHERE id IN (SELECT value FROM json_each(?))", doomed)


def _insert_chunks(
    db: Database, file_id: int, embedder: int, contents: FileContents, new: Sequence[int]
) -> list[int]:
    """Insert the chunks of these rows of `contents` with their vectors; their ids, in order."""
    last = db.execute("SELECT seq FROM sqlite_sequence WHERE name = 'chunks'").fetchone()
    first = 1 + (last[0] if last else 0)
    ids = list(range(first, first + len(new)))
    chunks = (
        {"id": chunk_id, "file_id": file_id, **chunk_row(contents.chunks[row])}
        for chunk_id, row in zip(ids, new, strict=True)
    )
    vectors = (
        {
            "chunk_id": chunk_id,
            "embedder_id": embedder,
            "vector": vector_blob(contents.vectors[row]),
        }
        for chunk_id, row in zip(ids, new, strict=True)
    )
    db.table("chunks").insert_all(chunks, conversions=CONVERSIONS)
    db.table("vectors").insert_all(vectors)
    return ids
