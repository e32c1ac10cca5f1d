"""The statistics hold what they promise, on runs made up with a known difference."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from docsearch.domain.evaluation import Finding
from docsearch.evaluation.metrics import Scorer
from docsearch.evaluation.statistics import LEVEL, finding, holm, intervals, p_values, paired

TRIALS = 5000
NOISE = 3 * np.sqrt(LEVEL * (1 - LEVEL) / TRIALS)
"""Three standard errors of a rate of 5% over the trials."""

PLACES = 12
Chances = NDArray[np.float64]


def chances(lean: float) -> Chances:
    """Of the one relevant document to stand at each place; the last stands for not found."""
    weights = np.exp(-lean * np.arange(PLACES))
    share: Chances = weights / weights.sum()
    return share


def ndcg_by_place() -> NDArray[np.float64]:
    """Of a ranking with its one relevant document at each place, as the real metric has it."""
    others = [f"n{at}" for at in range(PLACES - 2)]
    rankings = {
        str(at): [*others[:at], "relevant", *others[at:]] if at < PLACES - 1 else others
        for at in range(PLACES)
    }
    grades = {query: {"relevant": 1} for query in rankings}
    return Scorer(grades).values(rankings)["NDCG@10"]


def runs(lean: float, queries: int, seed: int) -> NDArray[np.float64]:
    """NDCG@10 of made-up runs, shape (queries, TRIALS)."""
    draw = np.random.default_rng(seed)
    places = draw.choice(PLACES, size=(queries, TRIALS), p=chances(lean))
    values: NDArray[np.float64] = ndcg_by_place()[places]
    return values


@pytest.mark.parametrize("queries", [12, 50])
def test_the_interval_covers_a_known_difference_at_the_stated_rate(queries: int) -> None:
    truth = float(ndcg_by_place() @ (chances(0.5) - chances(0.25)))
    assert truth > 0.1
    differences = runs(0.5, queries, seed=2) - runs(0.25, queries, seed=3)
    found = intervals(differences, resamples=2000)
    covered = np.mean([(each.low or 0) <= truth <= (each.high or 0) for each in found])
    assert covered == pytest.approx(1 - LEVEL, abs=NOISE + 0.005)


@pytest.mark.parametrize("queries", [8, 12, 50])
def test_without_a_difference_false_alarms_stay_at_the_stated_level(queries: int) -> None:
    differences = runs(0.4, queries, seed=4) - runs(0.4, queries, seed=5)
    alarms = np.mean(np.array(p_values(differences, resamples=1000)) <= LEVEL)
    assert alarms <= LEVEL + NOISE
    if queries > 12:
        assert alarms >= LEVEL - NOISE - 0.01


def mostly_the_same(differences: NDArray[np.float64], seed: int) -> NDArray[np.float64]:
    """Seven in ten queries are as good in both, as is usual for orders of the same candidates."""
    same = np.random.default_rng(seed).random(differences.shape) < 0.7
    return np.where(same, 0.0, differences)


@pytest.mark.parametrize("queries", [12, 30, 60])
def test_where_most_queries_are_the_same_false_alarms_stay_at_the_stated_level(
    queries: int,
) -> None:
    differences = mostly_the_same(runs(0.4, queries, 11) - runs(0.4, queries, 12), seed=13)
    assert np.mean(np.array(p_values(differences, resamples=500)) <= LEVEL) <= LEVEL + NOISE


def test_where_most_queries_are_the_same_the_interval_covers_with_enough_that_are_not() -> None:
    differences = mostly_the_same(runs(0.5, 60, 14) - runs(0.25, 60, 15), seed=16)
    truth = 0.3 * float(ndcg_by_place() @ (chances(0.5) - chances(0.25)))
    found = intervals(differences, resamples=2000)
    covered = np.mean([(each.low or 0) <= truth <= (each.high or 0) for each in found])
    assert covered == pytest.approx(1 - LEVEL, abs=NOISE + 0.005)


def test_of_many_orders_that_are_no_better_hardly_ever_one_is_said_to_be() -> None:
    orders, queries = 5, 30
    trials = TRIALS // orders
    after, before = runs(0.4, queries, seed=6), runs(0.4, queries, seed=7)
    alarms = 0
    for trial in range(trials):
        some = slice(trial * orders, (trial + 1) * orders)
        differences = after[:, some] - before[:, [trial * orders]]
        alarms += min(holm(p_values(differences, resamples=500))) <= LEVEL
    assert alarms / trials <= LEVEL + 2 * np.sqrt(LEVEL * (1 - LEVEL) / trials)


def test_a_difference_that_is_there_is_found_and_none_is_made_up() -> None:
    before = runs(0.2, 60, seed=8)[:, :3]
    better = runs(0.9, 60, seed=9)[:, 0]
    worse = runs(0.02, 60, seed=10)[:, 0]
    after = np.stack([better, worse, before[:, 2]], axis=1)
    compared = paired(after, before)
    assert [finding(each) for each in compared] == [
        *(Finding.HELPS, Finding.HURTS, Finding.UNDECIDED)
    ]
    assert compared[2].gain.mean == compared[2].gain.low == compared[2].gain.high == 0.0
    assert (compared[2].same, compared[2].p) == (60, 1.0)
    for each, column in zip(compared, (after - before).T, strict=True):
        assert each.better + each.worse + each.same == 60
        assert each.gain.mean == pytest.approx(column.mean())


def test_five_queries_can_show_nothing_at_this_level() -> None:
    (compared,) = paired(np.ones((5, 1)), np.zeros((5, 1)))
    assert compared.p == pytest.approx(2 / 2**5)
    assert finding(compared) is Finding.UNDECIDED


def test_one_query_has_no_interval() -> None:
    (one,) = intervals(np.array([[0.5]]))
    assert (one.mean, one.low, one.high) == (0.5, None, None)
    (compared,) = paired(np.array([[1.0]]), np.array([[0.0]]))
    assert finding(compared) is Finding.UNDECIDED


def test_few_queries_are_tried_with_every_pattern_of_signs() -> None:
    column = [0.3, -0.1, 0.25, 0.0, 0.4]
    sums = [
        abs(sum(sign * abs(value) for sign, value in zip(signs, column, strict=True)))
        for signs in itertools.product((1, -1), repeat=5)
    ]
    expected = np.mean([each >= sum(column) - 1e-12 for each in sums])
    assert p_values(np.array([column]).T) == [pytest.approx(expected)]


@given(st.lists(st.floats(0, 1), min_size=1, max_size=8))
def test_holm_only_ever_raises_and_keeps_the_order(p: list[float]) -> None:
    adjusted = holm(p)
    assert all(before <= after <= 1.0 for before, after in zip(p, adjusted, strict=True))
    in_order = [adjusted[at] for at in sorted(range(len(p)), key=lambda at: p[at])]
    assert in_order == sorted(in_order)
    # As Holm has it: the smallest is multiplied by how many there are.
    assert min(adjusted) == min(1.0, len(p) * min(p))


@given(st.lists(st.floats(-1, 1), min_size=2, max_size=30), st.integers(0, 5))
def test_the_same_values_give_the_same_answer(values: list[float], seed: int) -> None:
    column = np.array([values]).T
    assert intervals(column, seed, 200) == intervals(column, seed, 200)
    assert p_values(column, seed, 200) == p_values(column, seed, 200)
    (found,) = intervals(column, seed, 200)
    assert found.low is not None
    assert found.high is not None
    assert min(values) - 1e-9 <= found.low <= found.high <= max(values) + 1e-9
