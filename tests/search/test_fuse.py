from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from docsearch.search.fuse import (
    DAY_SECONDS,
    recencies,
    reciprocal_rank_fusion,
    reciprocal_ranks,
    standardised,
)

rankings_of_ids = st.lists(st.lists(st.integers(0, 30), unique=True, max_size=20), max_size=4)
numbers = st.lists(st.floats(-50, 50).map(lambda each: round(each, 3)), min_size=1, max_size=20)


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


@given(numbers, st.integers(1, 1000))
def test_the_highest_has_rank_one_and_equals_share_a_rank(values: list[float], k: int) -> None:
    found = reciprocal_ranks(values, k)
    for value, share in zip(values, found, strict=True):
        above = sum(other > value for other in values)
        assert share == 1 / (k + above + 1)


def test_standard_scores_are_in_deviations_from_the_mean() -> None:
    assert standardised([2, 4, 4, 4, 5, 5, 7, 9]) == [-1.5, -0.5, -0.5, -0.5, 0, 0, 1, 2]


@given(numbers)
def test_standard_scores_have_mean_nothing_and_deviation_one(values: list[float]) -> None:
    found = standardised(values)
    assert math.fsum(found) == pytest.approx(0.0, abs=1e-6)
    square = math.fsum(each**2 for each in found) / len(found)
    assert square == pytest.approx(0.0 if len(set(values)) == 1 else 1.0)
    by_value = [each for _, each in sorted(zip(values, found, strict=True))]
    assert by_value == sorted(by_value)


@given(numbers, st.sampled_from([0.01, 1.0, 40.0]), st.sampled_from([-30.0, 0.0, 7.5]))
def test_standard_scores_do_not_depend_on_the_unit(
    values: list[float], scale: float, start: float
) -> None:
    moved = [start + scale * value for value in values]
    assert standardised(moved) == pytest.approx(standardised(values), abs=1e-6)


@pytest.mark.parametrize("same", [0.1, 1e9 + 0.1, -7.3, 0.0])
def test_values_that_do_not_differ_say_nothing(same: float) -> None:
    assert standardised([same] * 7) == [0.0] * 7


def test_recency_halves_with_every_half_life() -> None:
    now = 1_700_000_000.0
    written = [now - days * DAY_SECONDS for days in (0, 30, 60, 45)]
    assert recencies(written, now, 30.0) == pytest.approx([1, 0.5, 0.25, 0.5**1.5])


def test_a_file_from_the_future_is_as_new_as_one_written_now() -> None:
    assert recencies([1e9 + 7, 1e9], 1e9, 30.0) == [1.0, 1.0]


def test_the_oldest_file_with_the_shortest_half_life_has_no_recency() -> None:
    assert recencies([0.0], 1e10, 0.01) == [0.0]
