from __future__ import annotations

from dataclasses import replace
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


@pytest.fixture
def file(tmp_path: Path) -> Path:
    index = FaissIndex(4, stored)
    index.add(IDS, VECTORS)
    index.save(tmp_path / "vectors.faiss", STAMP)
    return tmp_path / "vectors.faiss"


def test_what_is_saved_is_loaded(file: Path) -> None:
    loaded = FaissIndex.load(file, replace(STAMP, generation=9), 4, stored)
    assert loaded is not None
    index, generation = loaded
    assert generation == 5
    assert index.ids().tolist() == [1, 2, 3]
    assert index.holds(IDS, VECTORS)
    index.add(np.array([9], dtype=np.int64), VECTORS[:1])
    index.remove(np.array([3], dtype=np.int64))
    assert index.search(VECTORS[:1], 1) == [(9, 1.0)]


def test_what_was_removed_is_not_saved(tmp_path: Path, file: Path) -> None:
    index = FaissIndex(4, stored)
    index.add(IDS, VECTORS)
    index.remove(IDS[:2])
    index.save(file, STAMP)
    loaded = FaissIndex.load(file, STAMP, 4, stored)
    assert loaded is not None
    assert loaded[0].ids().tolist() == [2]


@pytest.mark.parametrize(
    "stamp",
    [
        replace(STAMP, catalog="another"),
        replace(STAMP, embedder="another"),
        replace(STAMP, generation=4),
    ],
)
def test_what_does_not_belong_here_is_not_loaded(file: Path, stamp: Stamp) -> None:
    assert FaissIndex.load(file, stamp, 4, stored) is None


def test_another_dimension_is_not_loaded(file: Path) -> None:
    assert FaissIndex.load(file, STAMP, 8, stored) is None


def test_a_missing_file_is_not_loaded(tmp_path: Path) -> None:
    assert FaissIndex.load(tmp_path / "none", STAMP, 4, stored) is None
    assert FaissIndex.load(tmp_path, STAMP, 4, stored) is None


def test_any_torn_file_is_not_loaded(file: Path) -> None:
    whole = file.read_bytes()
    for cut in [0, 1, 100, 511, 512, 513, len(whole) - 1]:
        file.write_bytes(whole[:cut])
        assert FaissIndex.load(file, STAMP, 4, stored) is None
    for position in range(512, len(whole), 7):
        changed = bytearray(whole)
        changed[position] ^= 0xFF
        file.write_bytes(changed)
        assert FaissIndex.load(file, STAMP, 4, stored) is None
    for header in [b"[]", b"5", b'{"generation": "x"}', b"\xff\xfe"]:
        file.write_bytes(header.ljust(512) + whole[512:])
        assert FaissIndex.load(file, STAMP, 4, stored) is None


def test_a_save_that_fails_leaves_the_last_one(file: Path) -> None:
    before = file.read_bytes()
    index = FaissIndex(4, stored)
    index.add(np.arange(2000, dtype=np.int64), np.ones((2000, 4), dtype=np.float32))
    with file_size_limit(10_000), pytest.raises(IndexStoreError, match=r"vectors\.faiss.*disk"):
        index.save(file, STAMP)
    assert file.read_bytes() == before
    assert list(file.parent.iterdir()) == [file]
    index.save(file, STAMP)
    loaded = FaissIndex.load(file, STAMP, 4, stored)
    assert loaded is not None
    assert len(loaded[0]) == 2000
