from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from docsearch.domain.batches import batches

counts_of_pairs = st.lists(
    st.lists(st.integers(4, 512), min_size=1, max_size=4).map(tuple), max_size=60
)


@given(counts_of_pairs, st.integers(16, 4096))
def test_batches_hold_every_pair_once_within_the_budget(
    pairs: list[tuple[int, ...]], budget: int
) -> None:
    packed = batches(pairs, budget)
    assert sorted(index for batch in packed for index in batch) == list(range(len(pairs)))
    for batch in packed:
        windows = sum(len(pairs[index]) for index in batch)
        longest = max(max(pairs[index]) for index in batch)
        assert len(batch) == 1 or windows * longest <= budget
    assert [min(batch) for batch in packed] == sorted(min(batch) for batch in packed)


def test_pairs_of_like_length_share_a_batch_and_the_best_placed_goes_first() -> None:
    assert batches([(500,), (20,), (490,), (25,)], budget=1000) == [[2, 0], [1, 3]]
