"""Nearest neighbours with FAISS: exact, by inner product.

In: vectors under their chunk ids, and questions. Out: ids with their inner products. Does not know
where the vectors come from, nor what they mean.
"""

from __future__ import annotations

from pathlib import Path
from threading import Lock
from typing import Any

import numpy as np

from docsearch.ports import ChunkIds, Vectors
from docsearch.storage.vector_file import Stamp, read_vectors, write_vectors


class FaissIndex:
    """`IndexIDMap2` over a flat index; any thread may search while another adds.

    What is removed is taken out of FAISS with the next search, addition or save: it moves the whole
    array, once for a thousand files as for one.
    """

    def __init__(self, dimension: int, index: Any = None) -> None:
        """An empty index, or one that FAISS has read."""
        import faiss  # seconds: not before it is needed

        self._index = index or faiss.IndexIDMap2(faiss.IndexFlatIP(dimension))
        self._ids: set[int] = set(faiss.vector_to_array(self._index.id_map).tolist())
        self._doomed: set[int] = set()
        # Held for as long as FAISS is read or changed.
        self._touch = Lock()
        # Held by whoever changes or saves: a save takes long, and must not keep searches out.
        self._change = Lock()

    @classmethod
    def load(cls, path: Path, stamp: Stamp, dimension: int) -> tuple[FaissIndex, int] | None:
        """The saved index and the generation it was saved at.

        None where the file is missing, torn, newer than `stamp`, or of another index, bi-encoder or
        dimension.
        """
        found = read_vectors(path, stamp, dimension)
        return None if found is None else (cls(dimension, found[0]), found[1])

    def __len__(self) -> int:
        """How many vectors it holds."""
        return len(self._ids)

    def ids(self) -> ChunkIds:
        """The ids it holds, in rising order."""
        with self._touch:
            return np.array(sorted(self._ids), dtype=np.int64)

    def holds(self, ids: ChunkIds, vectors: Vectors) -> bool:
        """Whether these very vectors stand under these ids."""
        with self._touch:
            if not self._ids.issuperset(ids.tolist()):
                return False
            return np.array_equal(self._index.reconstruct_batch(ids), vectors)

    def add(self, ids: ChunkIds, vectors: Vectors) -> None:
        """Take in vectors under their chunk ids; an id that is already there is replaced."""
        if not len(ids):
            return
        with self._change, self._touch:
            self._doom(set(ids.tolist()))
            self._settle()
            self._index.add_with_ids(np.ascontiguousarray(vectors, dtype=np.float32), ids)
            self._ids.update(ids.tolist())

    def remove(self, ids: ChunkIds) -> None:
        """Forget these ids; unknown ones are passed over."""
        with self._change, self._touch:
            self._doom(set(ids.tolist()))

    def search(
        self, vector: Vectors, k: int, among: ChunkIds | None = None
    ) -> list[tuple[int, float]]:
        """The k best (chunk id, inner product), best first; only of `among` where it is given.

        Equal products come in the order of their ids, also where k cuts through them.
        """
        query = np.ascontiguousarray(vector, dtype=np.float32).reshape(1, -1)
        with self._touch:
            self._settle()
            most = len(self._ids) if among is None else min(len(among), len(self._ids))
            if k < 1 or most < 1:
                return []
            take = min(k + 1, most)
            while True:
                found = self._nearest(query, take, among)
                # FAISS picks any of equals; ask on until the last one is worse than the k-th.
                if take == most or len(found) < take or found[-1][1] < found[k - 1][1]:
                    break
                take = min(4 * take, most)
        return sorted(found, key=lambda hit: (-hit[1], hit[0]))[:k]

    def save(self, path: Path, stamp: Stamp) -> None:
        """Replace the file at once or not at all. Raises IndexStoreError.

        The caller sees to it that the index holds what the catalog held at the stamp's generation.
        """
        with self._change:
            with self._touch:
                self._settle()
            write_vectors(path, self._index, stamp)

    def _nearest(
        self, query: Vectors, take: int, among: ChunkIds | None
    ) -> list[tuple[int, float]]:
        import faiss

        if among is None:
            products, ids = self._index.search(query, take)
        else:
            selector = faiss.IDSelectorBatch(np.ascontiguousarray(among, dtype=np.int64))
            parameters = faiss.SearchParameters(sel=selector)  # type: ignore[call-arg]
            products, ids = self._index.search(query, take, params=parameters)
        pairs = zip(ids[0].tolist(), products[0].tolist(), strict=True)
        return [(chunk_id, product) for chunk_id, product in pairs if chunk_id >= 0]

    def _doom(self, ids: set[int]) -> None:
        present = ids & self._ids
        self._doomed |= present
        self._ids -= present

    def _settle(self) -> None:
        if self._doomed:
            doomed: Any = np.array(sorted(self._doomed), dtype=np.int64)
            self._index.remove_ids(doomed)
            self._doomed = set()
