"""One folder's index: the catalog, and the FAISS view that is kept in step with it.

In: what ingest writes. Out: what search reads. Whoever holds the writer's lock writes; any other
docsearch on the same folder reads, follows what the writer commits, and can take its place.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager
from threading import RLock

from docsearch.domain.document import Chunk, Skipped, SourceFile, StoredChunk
from docsearch.domain.errors import DamagedIndexError, IndexStoreError
from docsearch.domain.query import Filters
from docsearch.ports import ChunkChange, ChunkIds, FileContents, IndexedFile, Vectors
from docsearch.storage.layout import IndexLayout
from docsearch.storage.opening import Opened, open_as_writer, open_catalog
from docsearch.storage.recipe import Recipe
from docsearch.storage.vectors import VectorMemory
from docsearch.storage.view import VectorView


class Library:
    """The port Catalog, and `search_vectors` over the vectors of the recipe's bi-encoder.

    Methods may be called from any thread. Those that write raise IndexStoreError in a reader.
    """

    def __init__(self, layout: IndexLayout, recipe: Recipe, opened: Opened, follows: bool) -> None:
        """Use `open`."""
        self._layout = layout
        self._recipe = recipe
        self._catalog = opened.catalog
        self._lock = opened.lock
        self._notice = opened.notice
        self._may_promote = follows
        self._step = RLock()  # held while catalog and view are not in step
        self._view = VectorView(layout.vectors, self._catalog, recipe, writes=not self.read_only)

    @classmethod
    def open(
        cls,
        layout: IndexLayout,
        *,
        embedder_name: str,
        embedder_fingerprint: str,
        chunking_fingerprint: str,
        reader_fingerprint: str,
        dimension: int,
        read_only: bool = False,
    ) -> Library:
        """Open the index, or make a new one; a reader where another docsearch is the writer.

        The fingerprints decide which files are stale, and which vectors are served. Raises
        NewerIndexError, DamagedIndexError and IndexStoreError.
        """
        recipe = Recipe(
            embedder_name,
            embedder_fingerprint,
            dimension,
            chunking_fingerprint,
            reader_fingerprint,
        )
        opened = open_catalog(layout, recipe, read_only)
        try:
            return cls(layout, recipe, opened, follows=not read_only)
        except BaseException:
            opened.close()
            raise

    def close(self) -> None:
        """Save the vectors if this is the writer, and let go of everything; idempotent."""
        with self._step:
            if not self.read_only:
                self._view.save_quietly()
            self._may_promote = False
            self._catalog.close()
            if self._lock is not None:
                self._lock.release()
                self._lock = None

    @property
    def read_only(self) -> bool:
        """Whether this one only reads."""
        return self._lock is None

    @property
    def notice(self) -> str | None:
        """Why it only reads, in words for a person."""
        return self._notice

    def refresh(self) -> bool:
        """In a reader, take in what the writer has committed; whether there was anything."""
        with self._step:
            return self.read_only and self._view.catch_up()

    def try_promote(self) -> bool:
        """Become the writer if the writer has gone away; whether this is the writer now."""
        with self._step:
            if not self.read_only or not self._may_promote:
                return not self.read_only
            try:
                opened = open_as_writer(self._layout, self._recipe)
            except OSError:
                return False  # it still cannot be written
            if opened is None:
                return False
            self._take(opened)
            return True

    def reopen(self) -> None:
        """After an IndexGoneError: open what is there now in place of what was deleted or replaced.

        The one who wrote makes a new index where there is none; the folder is then to be caught up
        with. Raises IndexStoreError.
        """
        with self._step:
            if self._lock is not None:
                # Held on a file that may be gone too: another docsearch may have the lock by now.
                self._lock.release()
                self._lock = None
            self._take(open_catalog(self._layout, self._recipe, not self._may_promote))

    def save(self) -> None:
        """Write the vectors out, so that the next start need not read them from the catalog.

        Does nothing in a reader, or where nothing has changed. Raises IndexStoreError.
        """
        with self._step:
            if not self.read_only:
                self._view.save()

    @property
    def fingerprint(self) -> str:
        """Changes whenever a file's chunks or vectors could come out otherwise."""
        return self._recipe.fingerprint

    def integrity(self) -> list[str]:
        """What is wrong with the index, in sentences; empty when nothing is. Reads all of it."""
        with self._step:
            try:
                self.refresh()
                return self._catalog.problems() or self._view.problems()
            except DamagedIndexError as error:
                return [str(error)]

    def search_vectors(
        self, vector: Vectors, k: int, among: ChunkIds | None = None
    ) -> list[tuple[int, float]]:
        """The k nearest (chunk id, inner product), best first; of `among` where it is given."""
        return self._view.search(vector, k, among)

    def vector_memory(self) -> VectorMemory:
        """How the vectors are held, and in how much memory."""
        return self._view.memory()

    def same_files(self, file_ids: Collection[tuple[int, int]]) -> set[str]:
        """The indexed paths of these files, by (device, inode): hard links have several."""
        return self._catalog.same_files(file_ids)

    def stale_paths(self) -> set[str]:
        """The files that another bi-encoder, chunker or set of readers indexed or skipped."""
        return self._catalog.stale_paths()

    def skipped_sources(self) -> dict[str, SourceFile]:
        """Each skipped file by its path, as it was when it was skipped."""
        return self._catalog.skipped_sources()

    def broken(self) -> dict[str, bytes]:
        """The content hash of each skipped file of which it is known, by path."""
        return self._catalog.broken()

    # What follows is the port Catalog; what each does is said there.

    @property
    def generation(self) -> int:
        """Counts the committed changes."""
        return self._catalog.generation

    def files(self, areas: Collection[str] = ("",)) -> dict[str, IndexedFile]:
        """Every indexed file by its relative path, at or below one of these paths."""
        return self._catalog.files(areas)

    def skipped(self) -> list[Skipped]:
        """Every file that was left out for a fault of its own."""
        return self._catalog.skipped()

    def counts(self) -> tuple[int, int, int]:
        """Files, chunks, skipped files."""
        return self._catalog.counts()

    def text_length(self) -> int:
        """Characters of the indexed documents."""
        return self._catalog.text_length()

    def put_file(self, contents: FileContents) -> ChunkChange:
        """Replace all that is known of one file."""
        return self.put_files([contents])

    def put_files(self, files: Sequence[FileContents]) -> ChunkChange:
        """Replace all that is known of several files, all or none."""
        with self._writing():
            return self._follow(self._catalog.put_files(files))

    def move_file(
        self, old_path: str, source: SourceFile, *, read_again: bool = False
    ) -> ChunkChange:
        """The file at `old_path` is now `source.path`."""
        with self._writing():
            return self._follow(self._catalog.move_file(old_path, source, read_again=read_again))

    def touch_file(self, source: SourceFile) -> None:
        """Note a file's new time and identity."""
        with self._writing():
            self._follow(self._catalog.move_file(source.path, source))

    def remove_file(self, path: str) -> ChunkChange:
        """Forget a file that is gone."""
        with self._writing():
            return self._follow(self._catalog.remove_file(path))

    def skip_file(
        self, source: SourceFile, reason: str, content_hash: bytes | None = None
    ) -> ChunkChange:
        """Note that a file cannot be indexed, and why."""
        with self._writing():
            return self._follow(self._catalog.skip_file(source, reason, content_hash))

    def known_vectors(self, chunks: Iterable[Chunk]) -> dict[bytes, Vectors]:
        """Stored vectors of what models read of these chunks."""
        return self._catalog.known_vectors(chunks)

    def chunks(self, ids: Sequence[int]) -> list[StoredChunk]:
        """The chunks in the order of `ids`."""
        return self._catalog.chunks(ids)

    @property
    def damaged(self) -> frozenset[str]:
        """Paths of the files of which `chunks` has left out a passage."""
        return self._catalog.damaged

    def chunk_ids(self, path: str | None = None) -> list[int]:
        """Ids of the chunks of one file, or of all."""
        return self._catalog.chunk_ids(path)

    def with_content(self, hashes: Iterable[bytes]) -> dict[bytes, list[int]]:
        """Ids of the chunks with these content hashes."""
        return self._catalog.with_content(hashes)

    def matching(self, filters: Filters) -> ChunkIds | None:
        """Ids of the chunks for which every filter holds; None when there is no filter."""
        return self._catalog.matching(filters)

    def search_text(
        self, words: str, k: int, among: ChunkIds | None = None
    ) -> list[tuple[int, float]]:
        """The k best (chunk id, BM25) for any of the words."""
        return self._catalog.search_text(words, k, among)

    def newest(self, k: int, among: ChunkIds | None = None) -> list[int]:
        """The first chunk of each of the k newest files."""
        return self._catalog.newest(k, among)

    def vectors(self, batch: int = 4096) -> Iterator[tuple[ChunkIds, Vectors]]:
        """Every stored vector, in batches, by chunk id."""
        return self._catalog.vectors(batch)

    def _take(self, opened: Opened) -> None:
        """Serve from this catalog; searches that are under way end with the one before."""
        writes = opened.lock is not None
        try:
            view = VectorView(self._layout.vectors, opened.catalog, self._recipe, writes=writes)
        except BaseException:
            opened.close()
            raise
        before = self._catalog
        self._catalog, self._view = opened.catalog, view
        self._lock, self._notice = opened.lock, opened.notice
        before.retire()

    @contextmanager
    def _writing(self) -> Iterator[None]:
        with self._step:
            if self.read_only:
                raise IndexStoreError(
                    f"This docsearch only reads the index in {self._layout.folder}: "
                    f"{self._notice or 'it was opened for reading'}."
                )
            # Where a commit went through that the view has not heard of: it failed half way.
            self._view.catch_up()
            yield

    def _follow(self, change: ChunkChange) -> ChunkChange:
        self._view.follow(change)
        return change
