from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from docsearch.search.fuse import reciprocal_rank_fusion

rankings_of_ids = st.lists(st.lists(st.integers(0, 30), unique=True, max_size=20), max_size=4)


def test_the_sums_are_those_of_the_paper() -> None:
    fused = dict(reciprocal_rank_fusion([["a", "b", "c"], ["c", "a"]]))
    assert list(fused) == ["a", "c", "b"]
    assert fused["a"] == pytest.approx(1 / 61 + 1 / 62)
    assert fused["c"] == pytest.approx(1 / 63 + 1 / 61)
    assert fused["b"] == pytest.approx(1 / 62)


def test_equal_sums_keep_the_order_of_the_rankings() -> None:
    assert [each for each, _ in reciprocal_rank_fusion([["a", "b"], ["x", "y"]])] == list("axby")


@given(rankings_of_ids)
def test_every_id_is_there_once_with_the_sum_of_its_places_best_first(
    rankings: list[list[int]],
) -> None:
    fused = reciprocal_rank_fusion(rankings)
    ids = [each for each, _ in fused]
    scores = [score for _, score in fused]
    assert len(ids) == len(set(ids))
    assert set(ids) == {each for ranking in rankings for each in ranking}
    assert scores == sorted(scores, reverse=True)
    for each, score in fused:
        places = [ranking.index(each) + 1 for ranking in rankings if each in ranking]
        assert math.isclose(score, sum(1 / (60 + place) for place in places))


@given(rankings_of_ids)
def test_the_order_of_the_rankings_changes_no_score(rankings: list[list[int]]) -> None:
    backwards = dict(reciprocal_rank_fusion(rankings[::-1]))
    assert dict(reciprocal_rank_fusion(rankings)) == backwards


@given(st.lists(st.integers(), unique=True, max_size=20))
def test_one_ranking_fused_is_itself(ranking: list[int]) -> None:
    assert [each for each, _ in reciprocal_rank_fusion([ranking])] == ranking
    assert [each for each, _ in reciprocal_rank_fusion([ranking, ranking])] == ranking
