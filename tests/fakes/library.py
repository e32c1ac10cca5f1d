"""The catalog in memory together with its vectors: what indexing writes to and search reads."""

from __future__ import annotations

from collections.abc import Sequence

from docsearch.domain.document import SourceFile
from docsearch.ports import ChunkChange, ChunkIds, FileContents, Vectors
from tests.fakes.catalog import MemoryCatalog
from tests.fakes.vectors import ExactIndex


class MemoryLibrary(MemoryCatalog):
    """`stale` is what `stale_paths` tells, until a path is put again; `saves` counts `save`."""

    read_only = False

    def __init__(self, dimension: int = 64) -> None:
        super().__init__(dimension)
        self.stale: set[str] = set()
        self.saves = 0
        self._index = ExactIndex()

    def put_files(self, files: Sequence[FileContents]) -> ChunkChange:
        self.stale.difference_update(file.source.path for file in files)
        return self._follow(super().put_files(files))

    def move_file(self, old_path: str, source: SourceFile) -> ChunkChange:
        return self._follow(super().move_file(old_path, source))

    def remove_file(self, path: str) -> ChunkChange:
        self.stale.discard(path)
        return self._follow(super().remove_file(path))

    def search_vectors(
        self, vector: Vectors, k: int, among: ChunkIds | None = None
    ) -> list[tuple[int, float]]:
        return self._index.search(vector, k, among)

    def stale_paths(self) -> set[str]:
        return set(self.stale)

    def refresh(self) -> bool:
        return False

    def try_promote(self) -> bool:
        return False

    def save(self) -> None:
        self.saves += 1

    def close(self) -> None:
        pass

    def _follow(self, change: ChunkChange) -> ChunkChange:
        self._index.remove(change.removed)
        self._index.add(change.added, change.vectors)
        return change
