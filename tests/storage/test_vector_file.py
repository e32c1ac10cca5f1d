from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import pytest

from docsearch.domain.errors import IndexStoreError
from docsearch.ports import ChunkIds, Vectors
from docsearch.storage.vector_file import Stamp
from docsearch.storage.vectors import FaissIndex
from tests.storage.limits import file_size_limit

STAMP = Stamp("catalog", "embedder", 5)
IDS = np.array([3, 1, 2], dtype=np.int64)
VECTORS = np.eye(4, dtype=np.float32)[:3]


def stored(ids: ChunkIds) -> tuple[ChunkIds, Vectors]:
    return ids, VECTORS[np.searchsorted(np.sort(IDS), ids)]


@dataclass
class Vouching:
    """What a catalog does: it keeps the sum that it vouches for."""

    sum: str = ""

    def __call__(self, vectors: str) -> None:
        self.sum = vectors


@pytest.fixture
def catalog() -> Vouching:
    return Vouching()


@pytest.fixture
def file(tmp_path: Path, catalog: Vouching) -> Path:
    index = FaissIndex(4, stored)
    index.add(IDS, VECTORS)
    index.save(tmp_path / "vectors.faiss", STAMP, catalog)
    return tmp_path / "vectors.faiss"


def load(file: Path, catalog: Vouching, stamp: Stamp = STAMP) -> tuple[FaissIndex, int]:
    loaded = FaissIndex.load(file, stamp, catalog.sum, 4, stored)
    assert loaded is not None
    return loaded


def test_what_is_saved_is_loaded(file: Path, catalog: Vouching) -> None:
    index, generation = load(file, catalog, replace(STAMP, generation=9))
    assert generation == 5
    assert index.ids().tolist() == [1, 2, 3]
    assert index.differing(IDS, VECTORS).tolist() == []
    index.add(np.array([9], dtype=np.int64), VECTORS[:1])
    index.remove(np.array([3], dtype=np.int64))
    assert index.search(VECTORS[:1], 1) == [(9, 1.0)]


def test_what_was_removed_is_not_saved(file: Path, catalog: Vouching) -> None:
    index = FaissIndex(4, stored)
    index.add(IDS, VECTORS)
    index.remove(IDS[:2])
    index.save(file, STAMP, catalog)
    assert load(file, catalog)[0].ids().tolist() == [2]


@pytest.mark.parametrize(
    "stamp",
    [
        replace(STAMP, catalog="another"),
        replace(STAMP, embedder="another"),
        replace(STAMP, generation=4),
    ],
)
def test_what_does_not_belong_here_is_not_loaded(
    file: Path, catalog: Vouching, stamp: Stamp
) -> None:
    with pytest.raises(IndexStoreError, match=r"another|newer"):
        load(file, catalog, stamp)


def test_the_same_ids_with_other_vectors_are_not_loaded(file: Path, catalog: Vouching) -> None:
    other = FaissIndex(4, stored)
    other.add(IDS, VECTORS[::-1])
    other.save(file, STAMP, Vouching())
    with pytest.raises(IndexStoreError, match="not the one that the catalog vouches for"):
        load(file, catalog)


def test_another_dimension_is_not_loaded(file: Path, catalog: Vouching) -> None:
    with pytest.raises(IndexStoreError, match="dimension"):
        FaissIndex.load(file, STAMP, catalog.sum, 8, stored)


def test_a_missing_file_is_nothing_to_load(tmp_path: Path) -> None:
    assert FaissIndex.load(tmp_path / "none", STAMP, "", 4, stored) is None
    with pytest.raises(IndexStoreError, match="directory"):
        FaissIndex.load(tmp_path, STAMP, "", 4, stored)


def test_any_torn_file_is_not_loaded(file: Path, catalog: Vouching) -> None:
    whole = file.read_bytes()
    torn = [whole[:cut] for cut in [0, 1, 100, 511, 512, 513, len(whole) - 1]]
    for position in range(512, len(whole), 7):
        changed = bytearray(whole)
        changed[position] ^= 0xFF
        torn.append(bytes(changed))
    for header in [b"[]", b"5", b'{"generation": "x"}', b"\xff\xfe"]:
        torn.append(header.ljust(512) + whole[512:])
    for each in torn:
        file.write_bytes(each)
        with pytest.raises(IndexStoreError, match="it is torn"):
            load(file, catalog)


def test_a_save_that_fails_leaves_the_last_one(file: Path, catalog: Vouching) -> None:
    before = file.read_bytes()
    index = FaissIndex(4, stored)
    index.add(np.arange(2000, dtype=np.int64), np.ones((2000, 4), dtype=np.float32))
    with (
        file_size_limit(10_000),
        pytest.raises(IndexStoreError, match=r"vectors\.faiss.*disk") as told,
    ):
        index.save(file, STAMP, catalog)
    assert told.value.passing
    assert file.read_bytes() == before
    assert list(file.parent.iterdir()) == [file]
    assert load(file, catalog)[0].ids().tolist() == [1, 2, 3]
    index.save(file, STAMP, catalog)
    assert len(load(file, catalog)[0]) == 2000


def test_a_catalog_that_cannot_vouch_keeps_the_last_file(file: Path, catalog: Vouching) -> None:
    def refuse(_: str) -> None:
        raise IndexStoreError("no room", passing=True)

    index = FaissIndex(4, stored)
    index.add(IDS[:1], VECTORS[:1])
    with pytest.raises(IndexStoreError, match="no room"):
        index.save(file, STAMP, refuse)
    assert list(file.parent.iterdir()) == [file]
    assert load(file, catalog)[0].ids().tolist() == [1, 2, 3]
