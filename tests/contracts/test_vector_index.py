"""What every vector index promises: exact search by numpy, and FAISS in each of its forms."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from docsearch.ports import VectorIndex, Vectors
from tests.fakes.vectors import ExactIndex, KeptIndex

DIMENSION = 4
MANY = 1_000_000
MAKERS: dict[str, Callable[[], VectorIndex]] = {
    "exact": ExactIndex,
    "faiss, whole": lambda: KeptIndex(DIMENSION, most_whole=MANY),
    "faiss, bytes": lambda: KeptIndex(DIMENSION, most_whole=0),
    "faiss, now this, now that": lambda: KeptIndex(DIMENSION, most_whole=4),
}


@pytest.fixture(params=MAKERS)
def index(request: pytest.FixtureRequest) -> VectorIndex:
    return MAKERS[request.param]()


def ids(*values: int) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    return np.array(values, dtype=np.int64)


def unit(*coordinates: int) -> Vectors:
    return np.eye(DIMENSION, dtype=np.float32)[list(coordinates)]


def found(index: VectorIndex, axis: int, k: int, *among: int) -> list[int]:
    hits = index.search(unit(axis), k, ids(*among) if among else None)
    return [chunk_id for chunk_id, _ in hits]


def test_an_empty_index_finds_nothing(index: VectorIndex) -> None:
    assert len(index) == 0
    assert index.search(unit(0), 5) == []
    index.add(ids(), np.empty((0, DIMENSION), dtype=np.float32))
    index.remove(ids(1, 2))
    assert len(index) == 0


def test_the_nearest_come_first(index: VectorIndex) -> None:
    near = np.array([[0.6, 0.8, 0, 0], [1, 0, 0, 0], [0, 1, 0, 0]], dtype=np.float32)
    index.add(ids(5, 7, 3), near)
    hits = index.search(unit(0), 2)
    assert [chunk_id for chunk_id, _ in hits] == [7, 5]
    assert [product for _, product in hits] == pytest.approx([1.0, 0.6])


def test_more_may_be_asked_for_than_there_are(index: VectorIndex) -> None:
    index.add(ids(1, 2), unit(0, 1))
    assert found(index, 0, 100) == [1, 2]
    assert found(index, 0, 0) == []


def test_equal_vectors_come_by_id_wherever_k_cuts(index: VectorIndex) -> None:
    order = [9, 2, 7, 1, 8, 3, 30, 20, 10]
    index.add(ids(*order), unit(*[0] * len(order)))
    index.add(ids(50), unit(1))
    for k in range(1, 11):
        assert found(index, 0, k) == [*sorted(order), 50][:k]
    assert found(index, 0, 2, 30, 20, 50) == [20, 30]


def test_only_among(index: VectorIndex) -> None:
    index.add(ids(1, 2, 3), unit(0, 0, 1))
    assert found(index, 0, 5, 2, 3, 99) == [2, 3]
    assert index.search(unit(0), 5, ids()) == []


def test_what_is_removed_is_not_found(index: VectorIndex) -> None:
    index.add(ids(1, 2, 3), unit(0, 0, 0))
    index.remove(ids(2, 99))
    assert len(index) == 2
    assert found(index, 0, 5) == [1, 3]
    index.remove(ids(1, 3))
    assert found(index, 0, 5) == []


def test_an_id_that_is_there_is_replaced(index: VectorIndex) -> None:
    index.add(ids(1, 2), unit(0, 1))
    index.add(ids(1), unit(2))
    assert len(index) == 2
    assert index.search(unit(2), 1) == [(1, 1.0)]
    index.remove(ids(1))
    index.add(ids(1), unit(3))
    assert index.search(unit(3), 1) == [(1, 1.0)]
    assert len(index) == 2


steps = st.lists(
    st.tuples(
        st.sampled_from(["add", "remove", "search", "search among"]),
        st.lists(st.integers(1, 12), unique=True, max_size=6),
        st.integers(0, 2**16),
    ),
    max_size=25,
)


@pytest.mark.parametrize("most_whole", [MANY, 0, 5])
@given(steps)
@settings(deadline=None, max_examples=60)
def test_faiss_does_what_numpy_does(
    most_whole: int, work: list[tuple[str, list[int], int]]
) -> None:
    exact, faiss = ExactIndex(), KeptIndex(DIMENSION, most_whole)
    for step, chosen, seed in work:
        # Of powers of two, so that both compute the very same products; no longer than one.
        drawn = np.random.default_rng(seed).integers(-2, 3, (len(chosen) + 1, DIMENSION)) / 4
        vectors = drawn.astype(np.float32)
        if step == "add":
            exact.add(ids(*chosen), vectors[1:])
            faiss.add(ids(*chosen), vectors[1:])
        elif step == "remove":
            exact.remove(ids(*chosen))
            faiss.remove(ids(*chosen))
        else:
            among = ids(*chosen) if step == "search among" else None
            k = seed % 8
            assert faiss.search(vectors[:1], k, among) == exact.search(vectors[:1], k, among)
        assert len(faiss) == len(exact)


@pytest.mark.parametrize("most_whole", [MANY, 0])
@given(
    seed=st.integers(0, 2**16),
    share=st.sampled_from([0.0, 0.0002, 0.01, 0.2, 0.9]),
    removed=st.sampled_from([0, 3, 600, 9_000]),
    k=st.sampled_from([1, 50, 200]),
    far=st.booleans(),
)
@settings(deadline=None, max_examples=15)
def test_no_filter_empties_the_list(
    most_whole: int, seed: int, share: float, removed: int, k: int, far: bool
) -> None:
    many = 10_000
    chance = np.random.default_rng(seed)
    drawn = chance.standard_normal((many + 1, 32), dtype=np.float32)
    drawn[: many // 2] += 3 * drawn[0]  # half of them close together
    vectors = drawn / np.linalg.norm(drawn, axis=1, keepdims=True)
    numbers = np.arange(many, dtype=np.int64) * 3
    faiss = KeptIndex(32, most_whole)
    faiss.add(numbers, vectors[:-1])
    gone = chance.choice(numbers, removed, replace=False)
    faiss.remove(gone)
    among = numbers[chance.random(many) < share]
    if far:  # only what is further away than all that the filter keeps out
        among = among[among >= 3 * many // 2]
    left = np.setdiff1d(among, gone)
    query = vectors[:1] if far else vectors[-1:]
    products = vectors[left // 3] @ query[0]
    best = np.argsort(-products, kind="stable")[:k]
    found = faiss.search(query, k, among)
    assert [product for _, product in found] == pytest.approx(products[best].tolist(), abs=1e-6)
    assert {chunk_id for chunk_id, _ in found} <= set(left.tolist())
