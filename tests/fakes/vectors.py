"""Nearest neighbours by looking at every vector with numpy."""

from __future__ import annotations

import numpy as np

from docsearch.ports import ChunkIds, Vectors


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
