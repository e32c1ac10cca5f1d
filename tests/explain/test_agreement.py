from __future__ import annotations

import math
from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import kendalltau  # type: ignore[import-untyped]

from docsearch.explain.agreement import kendall_tau, rank_biased_overlap

numbers = st.integers(0, 6) | st.floats(-3, 3)
pairs = st.lists(st.tuples(numbers, numbers), max_size=25)
rankings = st.lists(st.integers(0, 20), unique=True, max_size=15)


def parted(both: Sequence[tuple[float, float]]) -> tuple[list[float], list[float]]:
    return [one for one, _ in both], [two for _, two in both]


def by_definition(first: Sequence[object], second: Sequence[object], p: float) -> float:
    """(1 - p) * the sum of p ** (d - 1) * agreement(d), carried on until nothing is left of it."""
    short, long = sorted((first, second), key=len)
    agreements = []
    for depth in range(1, len(long) + 1):
        shared = len(set(short[:depth]) & set(long[:depth]))
        if depth > len(short):
            share = len(set(short) & set(long[: len(short)])) / len(short)
            shared += share * (depth - len(short))  # type: ignore[assignment]
        agreements.append(shared / depth)
    agreements += [agreements[-1]] * 5000
    return (1 - p) * sum(p**at * agreement for at, agreement in enumerate(agreements))


def test_tau_has_the_values_of_the_literature_and_of_the_formula() -> None:
    # The example in the documentation of scipy.stats.kendalltau.
    assert kendall_tau([12, 2, 1, 12, 2], [1, 4, 7, 1, 0]) == pytest.approx(-0.47140452079103173)
    # One of five neighbours changes places with the next: 9 pairs agree, 1 does not.
    assert kendall_tau([1, 2, 3, 4, 5], [2, 1, 3, 4, 5]) == pytest.approx(8 / 10)
    # One of three pairs is tied on one side: 2 / sqrt(3 * 2).
    assert kendall_tau([1, 2, 3], [1, 2, 2]) == pytest.approx(2 / math.sqrt(6))


@given(pairs)
def test_tau_is_that_of_scipy(both: list[tuple[float, float]]) -> None:
    first, second = parted(both)
    tau = kendall_tau(first, second)
    if len(set(first)) > 1 and len(set(second)) > 1:
        assert tau == pytest.approx(kendalltau(first, second).statistic)
    else:
        assert tau == (1.0 if len(set(first)) < 2 and len(set(second)) < 2 else 0.0)


@given(pairs)
def test_tau_is_symmetric_and_bounded(both: list[tuple[float, float]]) -> None:
    first, second = parted(both)
    assert kendall_tau(first, second) == kendall_tau(second, first)
    assert -1 <= kendall_tau(first, second) <= 1 + 1e-12


@given(st.lists(numbers, min_size=1, max_size=25))
def test_tau_of_an_order_with_itself_is_1_even_with_ties(values: list[float]) -> None:
    assert kendall_tau(values, values) == pytest.approx(1)
    if len(set(values)) > 1:
        assert kendall_tau(values, [-value for value in values]) == pytest.approx(-1)


def test_tau_wants_two_numbers_for_each_item() -> None:
    with pytest.raises(ValueError, match="shorter"):
        kendall_tau([1, 2], [1])


@pytest.mark.parametrize(
    ("first", "second", "p", "expected"),
    [
        # The doctest of David Lukeš's rbo.
        ("abcdefg", "bacdefg", 0.9, 0.900),
        # The README of b4ny4n/rankmeasures.
        ("abcde", "bcdae", 0.9, 0.828),
        # The test of changyaochen/rbo: a prefix agrees as far as it goes.
        ("abcdefghijklmnopqrstuvwxyz", "abcdefg", 0.95, 1.0),
        ("abcde", "fghij", 0.95, 0.0),
        ("", "", 0.9, 1.0),
        ("a", "", 0.9, 0.0),
    ],
)
def test_overlap_has_the_values_of_others(
    first: str, second: str, p: float, expected: float
) -> None:
    assert rank_biased_overlap(first, second, p) == pytest.approx(expected, abs=5e-4)


def test_overlap_of_the_rankings_in_the_paper() -> None:
    # Figure 5 of Webber, Moffat and Zobel gives these agreements, depth by depth.
    agreements = [0, 0, 2 / 3, 2 / 4, 2 / 5, 2 / 6, 2 / 7]
    weights = [0.1 * 0.9**depth for depth in range(7)]
    seen = sum(weight * each for weight, each in zip(weights, agreements, strict=True))
    expected = seen + 0.9**7 * 2 / 7
    assert rank_biased_overlap("abcdefg", "zcavwxy") == pytest.approx(expected)


@given(rankings, rankings, st.floats(0.05, 0.95))
def test_overlap_is_that_of_the_definition(first: list[int], second: list[int], p: float) -> None:
    if first and second:
        assert rank_biased_overlap(first, second, p) == pytest.approx(
            by_definition(first, second, p), abs=1e-9
        )


@given(rankings, rankings)
def test_overlap_is_symmetric_and_bounded(first: list[int], second: list[int]) -> None:
    overlap = rank_biased_overlap(first, second)
    assert overlap == rank_biased_overlap(second, first)
    assert 0 <= overlap <= 1


@given(rankings.filter(bool))
def test_overlap_is_1_with_itself_and_0_with_what_it_does_not_share(ranking: list[int]) -> None:
    assert rank_biased_overlap(ranking, ranking) == pytest.approx(1)
    assert rank_biased_overlap(ranking, [each + 100 for each in ranking]) == 0


def test_a_change_at_the_top_weighs_more_than_one_at_the_bottom() -> None:
    assert rank_biased_overlap("abcdef", "bacdef") < rank_biased_overlap("abcdef", "abcdfe")


@pytest.mark.parametrize("p", [0.0, 1.0, -1.0, math.nan])
def test_overlap_wants_a_persistence_between_0_and_1(p: float) -> None:
    with pytest.raises(ValueError, match="between 0 and 1"):
        rank_biased_overlap("ab", "ab", p)


def test_overlap_wants_each_item_once() -> None:
    with pytest.raises(ValueError, match="twice"):
        rank_biased_overlap("aa", "ab")
