"""The catalog in memory together with its vectors: what indexing writes to and search reads."""

from __future__ import annotations

from collections.abc import Sequence

from docsearch.domain.document import SourceFile
from docsearch.ports import ChunkChange, ChunkIds, FileContents, Vectors
from tests.fakes.catalog import MemoryCatalog
from tests.fakes.vectors import ExactIndex


class MemoryLibrary(MemoryCatalog):
    """`saves` counts `save`."""

    read_only = False

    def __init__(self, dimension: int = 64) -> None:
        super().__init__(dimension)
        self.saves = 0
        self._index = ExactIndex()

    def put_files(self, files: Sequence[FileContents]) -> ChunkChange:
        return self._follow(super().put_files(files))

    def move_file(
        self, old_path: str, source: SourceFile, *, read_again: bool = False
    ) -> ChunkChange:
        return self._follow(super().move_file(old_path, source, read_again=read_again))

    def remove_file(self, path: str) -> ChunkChange:
        return self._follow(super().remove_file(path))

    def search_vectors(
        self, vector: Vectors, k: int, among: ChunkIds | None = None
    ) -> list[tuple[int, float]]:
        return self._index.search(vector, k, among)

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
