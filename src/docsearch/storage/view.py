"""The catalog's vectors in FAISS: kept in step, saved, and brought up to date again.

In: a catalog, and each change that is committed to it. Out: nearest neighbours. A chunk id never
changes its vector, and is given twice only where a commit was lost, which the names of the commits
and the sum that the catalog vouches for tell. So after whatever else happened in between (a crash,
another writer), comparing ids tells what is missing and what is left over.

Not guarded against two threads that change it at once: `library.py` sees to that.
"""

from __future__ import annotations

import logging
from contextlib import suppress
from pathlib import Path

import numpy as np

from docsearch.domain.errors import IndexStoreError
from docsearch.ports import ChunkChange, ChunkIds, Vectors
from docsearch.storage.catalog import Moment, SqliteCatalog
from docsearch.storage.inspection import BUILD_AGAIN
from docsearch.storage.recipe import Recipe
from docsearch.storage.vector_file import Stamp
from docsearch.storage.vectors import FaissIndex, VectorMemory

_BATCH = 4096
_FEWEST_CHANGES_TO_SAVE = 2000
_log = logging.getLogger(__name__)


class VectorView:
    """The vectors of one catalog and one bi-encoder, in step with one commit of it."""

    def __init__(
        self, path: Path, catalog: SqliteCatalog, recipe: Recipe, *, writes: bool = False
    ) -> None:
        """Load the file at `path` if it can be trusted, the rest from the catalog.

        The one who writes deletes a file that cannot be: no later commit may make it look right.
        """
        self._path = path
        self._catalog = catalog
        self._recipe = recipe
        self._unsaved = 0
        self._mistrust: str | None = None
        self._index, self._saved = self._loaded(writes=writes)
        self._moment: Moment | None = None
        self.catch_up()

    def catch_up(self) -> bool:
        """Take in whatever has been committed; whether there was anything."""
        before, now = self._moment, self._catalog.moment
        if before == now:
            return False
        if before is not None and now.generation <= before.generation:
            # Commits were lost: whose ids were given again, nothing here can tell.
            self._index, self._saved = self._empty(), -1
        self._moment, ids = self._catalog.vector_ids()
        held = self._index.ids()
        self._index.remove(np.setdiff1d(held, ids, assume_unique=True))
        missing = np.setdiff1d(ids, held, assume_unique=True)
        for start in range(0, len(missing), _BATCH):
            self._index.add(*self._catalog.vectors_by_id(missing[start : start + _BATCH]))
            self._fit_quietly()
        self._fit_quietly()
        return True

    def follow(self, change: ChunkChange) -> None:
        """Take in the change that this process has just committed, and save from time to time."""
        self._index.remove(change.removed)
        self._index.add(change.added, change.vectors)
        self._moment = self._catalog.committed
        self._fit_quietly()
        self._unsaved += len(change.removed) + len(change.added)
        # A share of the whole, so that what is written stays in proportion to what is indexed.
        if self._unsaved > max(_FEWEST_CHANGES_TO_SAVE, len(self._index) // 4):
            self.save_quietly()

    def search(
        self, vector: Vectors, k: int, among: ChunkIds | None = None
    ) -> list[tuple[int, float]]:
        """The k nearest (chunk id, inner product), best first."""
        return self._index.search(vector, k, among)

    def save(self) -> None:
        """Write the file if it is behind. Raises IndexStoreError."""
        generation = -1 if self._moment is None else self._moment.generation
        if self._saved == generation:
            return
        self._unsaved = 0  # if it fails, try again after as many changes, not after each
        self._index.save(self._path, self._stamp(generation), self._catalog.vouch_for)
        self._saved = generation

    def save_quietly(self) -> None:
        """Save where that is no one's errand: what cannot be saved can be made again."""
        try:
            self.save()
        except IndexStoreError as error:
            _log.warning("%s", error)

    def memory(self) -> VectorMemory:
        """How the vectors are held."""
        return self._index.memory()

    def problems(self) -> list[str]:
        """Where it differs from the catalog, in sentences; reads every vector."""
        found = []
        if self._mistrust is not None:
            found.append(
                f"{self._path} cannot be used: {self._mistrust}. Nothing is lost: the next "
                "`docsearch index` makes it again from the catalog."
            )
        _, ids = self._catalog.vector_ids()
        if not np.array_equal(ids, self._index.ids()):
            found.append(
                f"FAISS holds {len(self._index)} vectors, the catalog {len(ids)}, "
                f"and not the same ones. {BUILD_AGAIN}"
            )
            return found
        wrong = sum(len(self._index.differing(*batch)) for batch in self._catalog.vectors())
        if wrong:
            found.append(f"{wrong} vectors in FAISS are not those of the catalog. {BUILD_AGAIN}")
        return found

    def _loaded(self, *, writes: bool) -> tuple[FaissIndex, int]:
        """The saved index and its generation, or an empty one and -1."""
        # Beside one who writes, a file may have been replaced since the catalog was asked.
        for is_last in (writes, False, True):
            try:
                found = FaissIndex.load(
                    self._path,
                    self._stamp(self._catalog.generation),
                    self._catalog.vouched,
                    self._recipe.dimension,
                    self._catalog.vectors_by_id,
                )
                return found or (self._empty(), -1)
            except IndexStoreError as error:
                if is_last:
                    self._distrust(str(error), writes=writes)
                    break
        return self._empty(), -1

    def _distrust(self, reason: str, *, writes: bool) -> None:
        # Of a catalog that vouches for none yet, an earlier docsearch made the file: no fault.
        if self._catalog.vouched:
            _log.warning("%s is not used, and made again from the catalog: %s", self._path, reason)
            self._mistrust = reason
        if writes:
            with suppress(OSError):
                self._path.unlink()
                self._mistrust = None

    def _empty(self) -> FaissIndex:
        return FaissIndex(self._recipe.dimension, self._catalog.vectors_by_id)

    def _fit_quietly(self) -> None:
        """In another form they may take less time or memory; in this one they are found as well."""
        try:
            self._index.fit()
        except IndexStoreError as error:
            _log.warning("%s", error)

    def _stamp(self, generation: int) -> Stamp:
        return Stamp(self._catalog.identity, self._recipe.embedder_fingerprint, generation)
