"""What can be told of several orders of the same passages."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from docsearch.domain.comparison import Column, spread
from docsearch.domain.ranking import RerankScore

RANKS = st.lists(st.none() | st.integers(1, 1000), max_size=5)


def test_a_dispute_about_the_top_is_the_graver_one() -> None:
    assert spread([1, 10]) == 10
    assert spread([1, 10]) > spread([10, 40]) > spread([40, 50]) > spread([7, 7]) == 1


@given(RANKS)
def test_a_spread_counts_from_one_in_any_order_of_those_who_know(
    ranks: list[int | None],
) -> None:
    assert spread(ranks) >= 1
    assert spread(ranks) == spread([*reversed(ranks), None])
    assert spread(ranks) <= spread([*ranks, 1, 1000]) == 1000


@pytest.mark.parametrize("ranks", [[], [None], [None, 30], [4, 4, None]])
def test_one_opinion_is_no_dispute(ranks: list[int | None]) -> None:
    assert spread(ranks) == 1


@given(st.lists(st.none() | st.sampled_from([-3.5, 0.0, 2.25]), max_size=12))
def test_ranks_follow_the_scores_and_ties_the_first_order(raws: list[float | None]) -> None:
    column = Column(
        "any", None, tuple(None if raw is None else RerankScore(raw, 0.5) for raw in raws)
    )
    read = [at for at, raw in enumerate(raws) if raw is not None]
    assert column.scored == len(read)
    assert column.is_whole == (len(read) == len(raws))
    assert sorted(rank for rank in column.ranks if rank is not None) == list(
        range(1, len(read) + 1)
    )
    by_rank = sorted(read, key=lambda at: column.ranks[at] or 0)
    assert by_rank == sorted(read, key=lambda at: -(raws[at] or 0.0))
