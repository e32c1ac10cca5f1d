"""The book of record in SQLite: one transaction per change, one snapshot per question.

In: what ingest knows of files; questions of search. Out: values of the domain, and the change of
chunk ids that the vector index must follow. Does not know FAISS.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from sqlite_utils import Database

from docsearch.domain.document import Chunk, Skipped, SourceFile, StoredChunk
from docsearch.domain.errors import IndexStoreError
from docsearch.domain.query import Filters
from docsearch.ports import ChunkChange, ChunkIds, FileContents, IndexedFile, Vectors
from docsearch.storage import catalog_writing, full_text, inspection, selection
from docsearch.storage.connections import Access, Connections, to_text
from docsearch.storage.recipe import Recipe
from docsearch.storage.rows import (
    dictionaries,
    ids_array,
    ids_json,
    indexed_file,
    source_of,
    stored_chunk,
    vectors_of,
)
from docsearch.storage.schema import migrate, require_version

_META = "SELECT value FROM meta WHERE key = ?"
_SET_META = "INSERT OR REPLACE INTO meta VALUES (?, ?)"
_MOMENT = "SELECT key, value FROM meta WHERE key IN ('generation', 'commit')"
_NAME_COMMIT = "INSERT OR REPLACE INTO meta VALUES ('commit', lower(hex(randomblob(16))))"
_FILES = "SELECT * FROM files ORDER BY path"
# "0" comes next after "/": the range is what is below the area, and the index on `path` finds it.
_FILES_WITHIN = """
    SELECT * FROM files WHERE path = CAST(:area AS TEXT)
    UNION ALL SELECT * FROM files
    WHERE path > CAST(:area AS TEXT) || '/' AND path < CAST(:area AS TEXT) || '0'"""
_READ_AGAIN = "UPDATE files SET recipe = 'damaged' WHERE path = CAST(? AS TEXT)"
_OF_INODES = """
    WITH wanted AS MATERIALIZED (SELECT value FROM json_each(?))
    SELECT path, device, inode FROM files WHERE inode IN wanted
    UNION ALL SELECT path, device, inode FROM skipped WHERE inode IN wanted"""
_STALE = """
    SELECT path FROM files WHERE recipe <> :recipe
    UNION ALL SELECT path FROM skipped WHERE recipe <> :recipe"""
_BROKEN = "SELECT path, content_hash FROM skipped WHERE content_hash IS NOT NULL"
# The text as bytes: it is compared with its hash before it is taken for text.
_CHUNKS = """
    SELECT chunks.id, ordinal, start, stop, CAST(text AS BLOB) AS text, token_count, headings, line,
        page, cell, places, name, chunks.content_hash, files.path, files.title, files.modified_ns
    FROM json_each(?) AS wanted
    JOIN chunks ON chunks.id = wanted.value JOIN files ON files.id = chunks.file_id
    ORDER BY wanted.key"""
_IDS_OF_FILE = """
    SELECT chunks.id FROM chunks JOIN files ON files.id = chunks.file_id
    WHERE files.path = CAST(? AS TEXT) ORDER BY ordinal"""
_WITH_CONTENT = "SELECT id FROM chunks WHERE content_hash = ? ORDER BY id"
_KNOWN_VECTOR = """
    SELECT vector FROM chunks JOIN vectors ON chunk_id = id WHERE content_hash = ?
        AND name = CAST(? AS TEXT)
        AND embedder_id = (SELECT id FROM embedders WHERE fingerprint = ?) LIMIT 1"""
_ALL_VECTORS = """
    SELECT chunk_id, vector FROM vectors
    WHERE embedder_id = (SELECT id FROM embedders WHERE fingerprint = ?) ORDER BY chunk_id"""
_ALL_IDS = """
    SELECT chunk_id FROM vectors
    WHERE embedder_id = (SELECT id FROM embedders WHERE fingerprint = ?)"""
_SOME_VECTORS = """
    SELECT chunk_id, vector FROM vectors WHERE chunk_id IN (SELECT value FROM json_each(?))
        AND embedder_id = (SELECT id FROM embedders WHERE fingerprint = ?) ORDER BY chunk_id"""
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Moment:
    """A commit: its number, and a random name, since one that was lost has its number again."""

    generation: int
    commit: str


class SqliteCatalog:
    """The catalog of one folder; vectors are those of the recipe's bi-encoder alone."""

    def __init__(self, path: Path, recipe: Recipe, access: Access = Access.WRITE) -> None:
        """Open, and bring to the latest form where it may be written.

        Raises NewerIndexError, DamagedIndexError or IndexStoreError.
        """
        self._recipe = recipe
        # With every letter of a query its filters are asked again.
        self._matched: tuple[tuple[int, Filters] | None, ChunkIds] = None, ids_array(())
        self._connections = Connections(path, access)
        self._committed: Moment | None = None
        self._path = path
        self._damaged: set[str] = set()
        try:
            with self._connections.alone() as db:
                inspection.require_sound(db, path)
                if access is Access.WRITE:
                    migrate(db, path)
                    full_text.keep_in_form(db)
                else:
                    require_version(db, path)
        except BaseException:
            self.close()
            raise

    def retire(self) -> None:
        """Keep no connection open; who is still at work with this one gets one for the while."""
        self._connections.retire()

    def close(self) -> None:
        """Close the file; idempotent."""
        self._connections.close()

    @property
    def identity(self) -> str:
        """The random name this index was given when it was made."""
        return str(self._meta("index"))

    @property
    def generation(self) -> int:
        """Counts the transactions that were committed."""
        return int(self._meta("generation"))

    @property
    def moment(self) -> Moment:
        """The latest commit of all."""
        with self._connections.reading() as db:
            return _moment(db)

    @property
    def committed(self) -> Moment | None:
        """The latest commit that was made through this object."""
        return self._committed

    def files(self, areas: Collection[str] = ("",)) -> dict[str, IndexedFile]:
        """Every indexed file by its relative path, at or below one of these paths."""
        whole = "" in areas
        question = _FILES if whole else _FILES_WITHIN
        asked = [{}] if whole else [{"area": to_text(area)} for area in sorted(areas)]
        with self._connections.reading() as db:
            return {
                row["path"]: indexed_file(row)
                for parameters in asked
                for row in dictionaries(db.execute(question, parameters))
            }

    def same_files(self, file_ids: Collection[tuple[int, int]]) -> set[str]:
        """The paths, indexed or skipped, of these files, by (device, inode); links have several."""
        inodes = json.dumps([str(inode) for _, inode in file_ids])
        with self._connections.reading() as db:
            rows = db.execute(_OF_INODES, [inodes]).fetchall()
            return {path for path, *file_id in rows if tuple(map(int, file_id)) in file_ids}

    def stale_paths(self) -> set[str]:
        """The files that another recipe indexed or skipped."""
        mine = {"recipe": self._recipe.fingerprint}
        with self._connections.reading() as db:
            return {row[0] for row in db.execute(_STALE, mine)}

    def skipped(self) -> list[Skipped]:
        """Every file that was left out for a fault of its own, by path."""
        with self._connections.reading() as db:
            rows = db.execute("SELECT path, reason FROM skipped ORDER BY path")
            return [Skipped(path, reason) for path, reason in rows]

    def skipped_sources(self) -> dict[str, SourceFile]:
        """Each skipped file by its path, as it was when it was skipped."""
        with self._connections.reading() as db:
            rows = dictionaries(db.execute("SELECT * FROM skipped ORDER BY path"))
            return {row["path"]: source_of(row) for row in rows}

    def broken(self) -> dict[str, bytes]:
        """The content hash of each skipped file of which it is known, by path."""
        with self._connections.reading() as db:
            return dict(db.execute(_BROKEN).fetchall())

    def counts(self) -> tuple[int, int, int]:
        """Files, chunks, skipped files."""
        with self._connections.reading() as db:
            files, chunks, skipped = (
                db.table(name).count for name in ("files", "chunks", "skipped")
            )
            return files, chunks, skipped

    def text_length(self) -> int:
        """Characters of the indexed documents, each counted to the end of its last chunk."""
        ends = "SELECT max(stop) AS stop FROM chunks GROUP BY file_id"
        with self._connections.reading() as db:
            return int(db.execute(f"SELECT total(stop) FROM ({ends})").fetchone()[0])  # noqa: S608

    def put_file(self, contents: FileContents) -> ChunkChange:
        """Replace all that is known of one file; its entry among the skipped goes."""
        return self.put_files([contents])

    def put_files(self, files: Sequence[FileContents]) -> ChunkChange:
        """The same of several files, all or none; no two have the same path."""
        with self._changing() as db:
            change = catalog_writing.put_files(db, files, self._recipe)
        self._damaged -= {each.source.path for each in files}
        return change

    def move_file(
        self, old_path: str, source: SourceFile, *, read_again: bool = False
    ) -> ChunkChange:
        """The file at `old_path` is now `source.path`; what was known of that path goes."""
        with self._changing() as db:
            return catalog_writing.move_file(
                db, old_path, source, self._recipe.dimension, read_again=read_again
            )

    def touch_file(self, source: SourceFile) -> None:
        """The file's bytes are what they were; note its new time and identity."""
        self.move_file(source.path, source)

    def remove_file(self, path: str) -> ChunkChange:
        """Forget a file that is gone, indexed or skipped."""
        with self._changing() as db:
            return catalog_writing.remove_file(db, path, self._recipe.dimension)

    def skip_file(
        self, source: SourceFile, reason: str, content_hash: bytes | None = None
    ) -> ChunkChange:
        """The file cannot be indexed; what was known of it goes, the reason stays."""
        with self._changing() as db:
            return catalog_writing.skip_file(db, source, reason, self._recipe, content_hash)

    def known_vectors(self, chunks: Iterable[Chunk]) -> dict[bytes, Vectors]:
        """Stored vectors, shape (1, dimension), of what models read of these, by `reading_hash`."""
        known = {}
        with self._connections.reading() as db:
            for each in chunks:
                parameters = [
                    each.content_hash,
                    to_text(each.name),
                    self._recipe.embedder_fingerprint,
                ]
                if found := db.execute(_KNOWN_VECTOR, parameters).fetchone():
                    known[each.reading_hash] = vectors_of(found, self._recipe.dimension)
        return known

    def chunks(self, ids: Sequence[int]) -> list[StoredChunk]:
        """The chunks in the order of `ids`; one that is gone meanwhile is left out.

        So is one whose text is not what was indexed, as after a fault of the disk: its file is
        then among `damaged`, and is to be read again.
        """
        found, damaged = [], set()
        with self._connections.reading() as db:
            for row in dictionaries(db.execute(_CHUNKS, [ids_json(ids)])):
                if inspection.is_sound(row["text"], row["content_hash"]):
                    found.append(stored_chunk(row))
                else:
                    damaged.add(str(row["path"]))
        self._note_damage(damaged)
        return found

    @property
    def damaged(self) -> frozenset[str]:
        """Paths of the files of which `chunks` has left out a passage, until they are put again."""
        return frozenset(self._damaged)

    def _note_damage(self, paths: Collection[str]) -> None:
        """See that these files are read again, by whoever writes."""
        new = set(paths) - self._damaged
        self._damaged |= new
        if new:
            _log.warning("Stored text is damaged, and will be read again: %s", ", ".join(new))
            # Any docsearch may, one that only reads this index as well: ids and vectors stay.
            writer = Connections(self._path, Access.WRITE)
            with suppress(IndexStoreError), closing(writer), writer.writing() as db:
                for path in new:
                    db.execute(_READ_AGAIN, [to_text(path)])

    def chunk_ids(self, path: str | None = None) -> list[int]:
        """Ids of one file's chunks in the order of its text; without `path`, all by id."""
        with self._connections.reading() as db:
            if path is None:
                rows = db.execute("SELECT id FROM chunks ORDER BY id")
            else:
                rows = db.execute(_IDS_OF_FILE, [to_text(path)])
            return [row[0] for row in rows]

    def with_content(self, hashes: Iterable[bytes]) -> dict[bytes, list[int]]:
        """Ids of the chunks with these content hashes, by id; a hash of none is left out."""
        found = {}
        with self._connections.reading() as db:
            for each in hashes:
                if ids := [row[0] for row in db.execute(_WITH_CONTENT, [each])]:
                    found[each] = ids
        return found

    def matching(self, filters: Filters) -> ChunkIds | None:
        """Ids of the chunks for which every filter holds; None when there is no filter."""
        if not filters:
            return None
        with self._connections.reading() as db:
            asked = (db.execute(_META, ["generation"]).fetchone()[0], filters)
            last, ids = self._matched
            if last != asked:
                ids = selection.matching(db, filters)
                ids.flags.writeable = False
                self._matched = asked, ids
            return ids

    def search_text(
        self, words: str, k: int, among: ChunkIds | None = None
    ) -> list[tuple[int, float]]:
        """The k best (chunk id, BM25) for any of the words, higher is better."""
        with self._connections.reading() as db:
            return full_text.search(db, words, k, among)

    def newest(self, k: int, among: ChunkIds | None = None) -> list[int]:
        """The first chunk of each of the k newest files, newest file first."""
        with self._connections.reading() as db:
            return selection.newest(db, k, among)

    def vectors(self, batch: int = 4096) -> Iterator[tuple[ChunkIds, Vectors]]:
        """Every stored vector, in batches, by chunk id; all of one moment."""
        with self._connections.reading() as db:
            rows = db.execute(_ALL_VECTORS, [self._recipe.embedder_fingerprint])
            while part := rows.fetchmany(batch):
                yield self._vectors_of(part)

    def vector_ids(self) -> tuple[Moment, ChunkIds]:
        """The latest commit, and the ids of all stored vectors as of then."""
        with self._connections.reading() as db:
            rows = db.execute(_ALL_IDS, [self._recipe.embedder_fingerprint])
            return _moment(db), ids_array(row[0] for row in rows)

    def vectors_by_id(self, ids: ChunkIds) -> tuple[ChunkIds, Vectors]:
        """The vectors of these chunks, by id; one that is gone meanwhile is left out."""
        parameters = [ids_json(ids), self._recipe.embedder_fingerprint]
        with self._connections.reading() as db:
            return self._vectors_of(db.execute(_SOME_VECTORS, parameters).fetchall())

    def vouch_for(self, vectors: str) -> None:
        """Keep the sum of the file of vectors, and see onto the disk all that was committed.

        The log is synced up to this commit: not even a power cut loses what the file knows of.
        """
        with self._connections.alone() as db:
            db.execute("PRAGMA synchronous = FULL")
            try:
                db.execute(_SET_META, ["vectors", vectors])
            finally:
                db.execute("PRAGMA synchronous = NORMAL")

    @property
    def vouched(self) -> str:
        """The sum that `vouch_for` was last given; empty where it never was."""
        with self._connections.reading() as db:
            found = db.execute(_META, ["vectors"]).fetchone()
            return "" if found is None else str(found[0])

    def problems(self) -> list[str]:
        """What is wrong inside the file, in sentences; empty when nothing is.

        Files whose stored text is damaged will be read again.
        """
        with self._connections.reading() as db:
            found = inspection.problems(db)
            damaged = inspection.damaged_files(db)
            if not damaged:  # else its words differ, and for that reason
                found += inspection.problems_of_words(db)
        if damaged:
            self._note_damage(damaged)
            found.append(inspection.told_of_damage(damaged))
        return found

    def _vectors_of(self, rows: Sequence[tuple[int, bytes]]) -> tuple[ChunkIds, Vectors]:
        ids = np.array([row[0] for row in rows], dtype=np.int64)
        return ids, vectors_of((row[1] for row in rows), self._recipe.dimension)

    def _meta(self, key: str) -> str | int:
        with self._connections.reading() as db:
            value: str | int = db.execute(_META, [key]).fetchone()[0]
            return value

    @contextmanager
    def _changing(self) -> Iterator[Database]:
        with self._connections.writing() as db:
            yield db
            db.execute("UPDATE meta SET value = value + 1 WHERE key = 'generation'")
            db.execute(_NAME_COMMIT)
            moment = _moment(db)
        self._committed = moment


def _moment(db: Database) -> Moment:
    found = dict(db.execute(_MOMENT))
    return Moment(found["generation"], found.get("commit", ""))
