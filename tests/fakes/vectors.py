"""Nearest neighbours by looking at every vector with numpy; and what keeps vectors for FAISS."""

from __future__ import annotations

import numpy as np

from docsearch.ports import ChunkIds, Vectors
from docsearch.storage.vectors import FaissIndex


class ExactIndex:
    def __init__(self) -> None:
        self._vectors: dict[int, Vectors] = {}

    def __len__(self) -> int:
        return len(self._vectors)

    def add(self, ids: ChunkIds, vectors: Vectors) -> None:
        self._vectors.update(zip(ids.tolist(), vectors, strict=True))

    def remove(self, ids: ChunkIds) -> None:
        for each in ids.tolist():
            self._vectors.pop(each, None)

    def search(
        self, vector: Vectors, k: int, among: ChunkIds | None = None
    ) -> list[tuple[int, float]]:
        allowed = self._vectors.keys() if among is None else set(among.tolist())
        found = [
            (each, float(np.dot(stored, vector[0])))
            for each, stored in self._vectors.items()
            if each in allowed
        ]
        return sorted(found, key=lambda hit: (-hit[1], hit[0]))[:k]


class KeptIndex(FaissIndex):
    """FAISS beside a store of its vectors, and in the form that fits after each change."""

    def __init__(self, dimension: int, most_whole: int) -> None:
        super().__init__(dimension, self._fetch)
        self._most_whole = most_whole
        self._kept: dict[int, Vectors] = {}

    def add(self, ids: ChunkIds, vectors: Vectors) -> None:
        self._kept.update(zip(ids.tolist(), vectors, strict=True))
        super().add(ids, vectors)
        self.fit()

    def remove(self, ids: ChunkIds) -> None:
        super().remove(ids)
        for each in ids.tolist():
            self._kept.pop(each, None)
        self.fit()

    def _fetch(self, ids: ChunkIds) -> tuple[ChunkIds, Vectors]:
        present = [each for each in ids.tolist() if each in self._kept]
        vectors = [self._kept[each] for each in present]
        shape = (len(present), self._dimension)
        return np.array(present, dtype=np.int64), np.array(vectors, dtype=np.float32).reshape(shape)
