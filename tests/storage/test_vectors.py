"""What FAISS's forms cost and how one becomes the other; the contract says what they answer."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Event

import numpy as np
import pytest

from docsearch.domain.errors import IndexStoreError
from docsearch.ports import ChunkIds, Vectors
from docsearch.storage.vector_file import Stamp
from docsearch.storage.vectors import FaissIndex, VectorMemory

DIMENSION = 8
STAMP = Stamp("catalog", "embedder", 5)
IDS = np.arange(0, 80, 2, dtype=np.int64)
PATIENCE = 60


def unit_vectors(count: int, dimension: int = DIMENSION, seed: int = 1) -> Vectors:
    drawn = np.random.default_rng(seed).standard_normal((count, dimension), dtype=np.float32)
    vectors: Vectors = drawn / np.linalg.norm(drawn, axis=1, keepdims=True)
    return vectors


VECTORS = unit_vectors(len(IDS))


def stored(ids: ChunkIds) -> tuple[ChunkIds, Vectors]:
    return ids, VECTORS[np.searchsorted(IDS, ids)]


@pytest.fixture
def many(monkeypatch: pytest.MonkeyPatch) -> FaissIndex:
    """Held as bytes, since only ten vectors may be whole."""
    monkeypatch.setattr(FaissIndex, "most_whole_bytes", 10 * 4 * DIMENSION)
    index = FaissIndex(DIMENSION, stored)
    index.add(IDS, VECTORS)
    index.fit()
    return index


def test_the_form_follows_the_number_of_vectors(many: FaissIndex) -> None:
    assert many.memory() == VectorMemory(40, whole=False, size=40 * (DIMENSION + 8))
    many.remove(IDS[8:])
    many.fit()
    assert not many.memory().whole  # just under the border is no reason to be made again
    many.remove(IDS[5:])
    many.fit()
    assert many.memory() == VectorMemory(5, whole=True, size=5 * (4 * DIMENSION + 8))
    assert not len(many.differing(IDS[:5], VECTORS[:5]))
    many.add(IDS[5:], VECTORS[5:])
    many.fit()
    assert not many.memory().whole
    assert not len(many.differing(IDS, VECTORS))
    assert many.differing(IDS, VECTORS[::-1]).tolist() == IDS.tolist()


def test_openmp_has_its_number_of_threads_back(many: FaissIndex) -> None:
    import faiss

    before = faiss.omp_get_max_threads()
    faiss.omp_set_num_threads(3)
    try:
        many.search(VECTORS[:1], 3)
        many.search(VECTORS[:1], 3, IDS[:4])
        many.remove(IDS[5:])
        many.fit()
        many.add(IDS[5:], VECTORS[5:])
        many.fit()
        assert faiss.omp_get_max_threads() == 3
    finally:
        faiss.omp_set_num_threads(before)


def test_bytes_are_saved_and_loaded(many: FaissIndex, tmp_path: Path) -> None:
    many.remove(IDS[:1])
    sums: list[str] = []
    many.save(tmp_path / "vectors.faiss", STAMP, sums.append)
    loaded = FaissIndex.load(tmp_path / "vectors.faiss", STAMP, sums[0], DIMENSION, stored)
    assert loaded is not None
    index, generation = loaded
    assert generation == 5
    assert index.memory() == many.memory()
    assert index.search(VECTORS[7:8], 5) == many.search(VECTORS[7:8], 5)
    assert index.search(VECTORS[7:8], 1)[0][0] == IDS[7]


def test_products_are_those_of_the_stored_vectors(many: FaissIndex) -> None:
    for chunk_id, product in many.search(VECTORS[3:4], 50):
        assert product == pytest.approx(float(stored(np.array([chunk_id]))[1][0] @ VECTORS[3]))


def test_what_the_store_has_no_more_is_not_found(many: FaissIndex) -> None:
    def half(ids: ChunkIds) -> tuple[ChunkIds, Vectors]:
        return stored(ids[ids < 40])

    index = FaissIndex(DIMENSION, half)
    index.add(IDS, VECTORS)
    index.fit()
    assert [each for each, _ in index.search(VECTORS[:1], 40) if each >= 40] == []


def test_queries_are_answered_while_the_other_form_is_made(many: FaissIndex) -> None:
    begun, go_on = Event(), Event()

    def slow(ids: ChunkIds) -> tuple[ChunkIds, Vectors]:
        if not go_on.is_set() and not begun.is_set():
            begun.set()
            assert go_on.wait(PATIENCE)
        return stored(ids)

    index = FaissIndex(DIMENSION, slow)
    index.add(IDS, VECTORS)
    index.fit()
    index.remove(IDS[4:])
    with ThreadPoolExecutor(1) as pool:
        fitting = pool.submit(index.fit)
        try:
            assert begun.wait(PATIENCE)
            assert [each for each, _ in index.search(VECTORS[2:3], 1)] == [IDS[2]]
            assert not index.memory().whole
        finally:
            go_on.set()
        fitting.result()
    assert index.memory().whole
    assert index.ids().tolist() == IDS[:4].tolist()


def test_a_store_that_cannot_be_read_leaves_the_form(many: FaissIndex) -> None:
    def broken(ids: ChunkIds) -> tuple[ChunkIds, Vectors]:
        raise IndexStoreError("the disk is gone")

    index = FaissIndex(DIMENSION, broken)
    index.add(IDS, VECTORS)
    index.fit()
    index.remove(IDS[4:])
    with pytest.raises(IndexStoreError):
        index.fit()
    assert (len(index), index.memory().whole) == (4, False)


def test_whatever_is_near_is_found_among_bytes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(FaissIndex, "most_whole_bytes", 0)
    vectors = unit_vectors(20_000, 384)
    index = FaissIndex(384, lambda ids: (ids, vectors[ids]))
    index.add(np.arange(20_000, dtype=np.int64), vectors)
    index.fit()
    for query in unit_vectors(20, 384, seed=2):
        nearest = np.argsort(-(vectors @ query), kind="stable")[:50]
        found = [chunk_id for chunk_id, _ in index.search(query[None, :], 50)]
        assert set(found) == set(nearest.tolist())
