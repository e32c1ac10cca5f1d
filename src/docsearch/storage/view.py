"""The catalog's vectors in FAISS: kept in step, saved, and brought up to date again.

In: a catalog, and each change that is committed to it. Out: nearest neighbours. A chunk id never
changes its vector and is never given twice, so whatever happened in between (a crash, another
writer, a torn file), comparing ids tells what is missing and what is left over.

Not guarded against two threads that change it at once: `library.py` sees to that.
"""

from __future__ import annotations

import logging
from pathlib import Path

import numpy as np

from docsearch.domain.errors import IndexStoreError
from docsearch.ports import ChunkChange, ChunkIds, Vectors
from docsearch.storage.catalog import SqliteCatalog
from docsearch.storage.recipe import Recipe
from docsearch.storage.vector_file import Stamp
from docsearch.storage.vectors import FaissIndex, VectorMemory

_BATCH = 4096
_FEWEST_CHANGES_TO_SAVE = 2000
_log = logging.getLogger(__name__)


class VectorView:
    """The vectors of one catalog and one bi-encoder; `generation` is what it is in step with."""

    def __init__(self, path: Path, catalog: SqliteCatalog, recipe: Recipe) -> None:
        """Load the file at `path` as far as it can be trusted, the rest from the catalog."""
        self._path = path
        self._catalog = catalog
        self._embedder = recipe.embedder_fingerprint
        self._unsaved = 0
        stamp, stored = self._stamp(catalog.generation), catalog.vectors_by_id
        loaded = FaissIndex.load(path, stamp, recipe.dimension, stored)
        self._index, self._saved = loaded or (FaissIndex(recipe.dimension, stored), -1)
        self.generation = -1
        self.catch_up()

    def catch_up(self) -> bool:
        """Take in whatever has been committed; whether there was anything."""
        if self.generation == self._catalog.generation:
            return False
        self.generation, ids = self._catalog.vector_ids()
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
        self._fit_quietly()
        self.generation += 1
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
        if self._saved == self.generation:
            return
        self._unsaved = 0  # if it fails, try again after as many changes, not after each
        # The file must never know of commits that a power cut could still take from the catalog.
        self._catalog.make_durable()
        self._index.save(self._path, self._stamp(self.generation))
        self._saved = self.generation

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
        """Where it differs from the catalog, in sentences."""
        _, ids = self._catalog.vector_ids()
        if not np.array_equal(ids, self._index.ids()):
            return [
                f"FAISS holds {len(self._index)} vectors, the catalog {len(ids)}, "
                "and not the same ones."
            ]
        if all(self._index.holds(*batch) for batch in self._catalog.vectors()):
            return []
        return ["Some vectors in FAISS are not those of the catalog."]

    def _fit_quietly(self) -> None:
        """In another form they may take less time or memory; in this one they are found as well."""
        try:
            self._index.fit()
        except IndexStoreError as error:
            _log.warning("%s", error)

    def _stamp(self, generation: int) -> Stamp:
        return Stamp(self._catalog.identity, self._embedder, generation)
