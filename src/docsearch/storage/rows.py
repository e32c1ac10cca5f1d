"""Values of the domain as rows of the tables, and back.

In: files, chunks and vectors. Out: dictionaries for sqlite-utils. Does not know any SQL statement.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from typing import Any

import numpy as np

from docsearch.domain.document import Chunk, Location, Place, SourceFile, StoredChunk
from docsearch.ports import ChunkIds, FileContents, IndexedFile, Vectors
from docsearch.storage.connections import from_text, to_text

Row = dict[str, Any]

AS_TEXT = "CAST(? AS TEXT)"
CONVERSIONS = dict.fromkeys(("path", "text", "headings", "places", "name", "reason"), AS_TEXT)
"""For sqlite-utils' inserts: the columns that `to_text` has encoded."""

_STORED = np.dtype("<f4")


def dictionaries(cursor: sqlite3.Cursor) -> Iterator[Row]:
    """A statement's rows by the names of their columns."""
    names = [column[0] for column in cursor.description]
    return (dict(zip(names, row, strict=True)) for row in cursor)


def file_row(contents: FileContents, recipe: str) -> Row:
    """The row of `files`, without its id."""
    extracted = contents.extracted
    return {
        **source_row(contents.source),
        "content_hash": contents.content_hash,
        "reader": to_text(contents.reader),
        "title": None if extracted.title is None else to_text(extracted.title),
        "tags": _json(extracted.tags),
        "losses": _json(extracted.losses),
        "day": None if extracted.day is None else extracted.day.isoformat(),
        "recipe": recipe,
        "chunk_count": len(contents.chunks),
    }


def source_row(source: SourceFile) -> Row:
    """The columns that `files` and `skipped` share."""
    device, inode = source.file_id
    return {
        "path": to_text(source.path),
        "size": source.size,
        "modified_ns": str(source.modified_ns),
        "device": str(device),
        "inode": str(inode),
        "changed_ns": str(source.changed_ns),
    }


def source_of(row: Row) -> SourceFile:
    """What `source_row` was given."""
    return SourceFile(
        row["path"],
        row["size"],
        int(row["modified_ns"]),
        (int(row["device"]), int(row["inode"])),
        int(row["changed_ns"]),
    )


def indexed_file(row: Row) -> IndexedFile:
    """A row of `files` as its entry."""
    return IndexedFile(
        source_of(row),
        row["content_hash"],
        row["chunk_count"],
        row["reader"],
        tuple(json.loads(row["losses"])),
    )


def chunk_row(chunk: Chunk) -> Row:
    """The row of `chunks`, without its id and its file's."""
    return {
        "ordinal": chunk.ordinal,
        "start": chunk.start,
        "stop": chunk.end,
        "text": to_text(chunk.text),
        "token_count": chunk.token_count,
        "headings": headings_text(chunk),
        "line": chunk.location.line,
        "page": chunk.location.page,
        "cell": chunk.location.cell,
        "places": _places_text(chunk.places),
        "name": to_text(chunk.name),
        "content_hash": chunk.content_hash,
    }


def headings_text(chunk: Chunk) -> bytes:
    """A chunk's headings as they are stored."""
    return _json(chunk.headings)


def stored_chunk(row: Row) -> StoredChunk:
    """A row of `chunks`, its text as bytes, with `path`, `title` and `modified_ns` of its file."""
    chunk = Chunk(
        row["ordinal"],
        row["start"],
        row["stop"],
        from_text(row["text"]),
        row["token_count"],
        tuple(json.loads(row["headings"])),
        Location(row["line"], row["page"], row["cell"]),
        () if row["places"] is None else _places_of(row["places"]),
        row["name"],
    )
    return StoredChunk(row["id"], row["path"], chunk, row["title"], int(row["modified_ns"]))


def _places_text(places: Sequence[Place]) -> bytes | None:
    """A list of [offset, line, page, cell, 1 where lines are counted, headings where others]."""
    if not places:
        return None
    rows: list[list[object]] = []
    headings: tuple[str, ...] | None = None
    for each in places:
        at = each.location
        row: list[object] = [each.offset, at.line, at.page, at.cell, int(each.keeps_lines)]
        rows.append(row if each.headings == headings else [*row, each.headings])
        headings = each.headings
    return to_text(json.dumps(rows, ensure_ascii=False, separators=(",", ":")))


def _places_of(stored: str) -> tuple[Place, ...]:
    places = []
    headings: tuple[str, ...] = ()
    for offset, line, page, cell, keeps_lines, *others in json.loads(stored):
        if others:
            headings = tuple(others[0])
        places.append(Place(offset, headings, Location(line, page, cell), bool(keeps_lines)))
    return tuple(places)


def tags_of(row: Row) -> list[str]:
    """The document's tags."""
    tags: list[str] = json.loads(row["tags"])
    return tags


def day_of(row: Row) -> date | None:
    """The document's own day."""
    return None if row["day"] is None else date.fromisoformat(row["day"])


def vector_blob(vector: Vectors) -> bytes:
    """One vector, shape (dimension,), as it is stored."""
    return vector.astype(_STORED).tobytes()


def vectors_of(blobs: Iterable[bytes], dimension: int) -> Vectors:
    """Stored vectors as rows, shape (n, dimension)."""
    stored = np.frombuffer(b"".join(blobs), dtype=_STORED)
    return stored.reshape(-1, dimension).astype(np.float32)


def ids_array(ids: Iterable[int]) -> ChunkIds:
    """Ids in rising order."""
    return np.array(sorted(ids), dtype=np.int64)


def ids_json(ids: Iterable[int] | ChunkIds) -> str:
    """Ids as one parameter, for `json_each(?)`: any number of them in one statement."""
    return json.dumps(ids.tolist() if isinstance(ids, np.ndarray) else list(ids))


def _json(values: tuple[str, ...]) -> bytes:
    # As they are, not as \u escapes: the full-text index reads this.
    return to_text(json.dumps(values, ensure_ascii=False))
