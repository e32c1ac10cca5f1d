from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from docsearch.evaluation.regression import NOISE, Condition, regression
from tests.evaluation.reports import latency, rate, report

values = st.floats(1e-3, 1e6)


def test_what_is_slower_and_what_does_less_in_a_second_is_worse() -> None:
    found = regression(report(latency(10), rate(10)), report(latency(20), rate(4)))
    assert [(each.name[0], each.gain) for each in found.worse] == [("b", 0.4), ("a", 0.5)]
    assert (found.better, found.same) == ((), 0)


def test_what_is_quicker_and_what_does_more_in_a_second_is_better() -> None:
    found = regression(report(latency(10), rate(10)), report(latency(5), rate(40)))
    assert [(each.name[0], each.gain) for each in found.better] == [("b", 4.0), ("a", 2.0)]
    assert found.worse == ()


@given(values, values)
def test_two_runs_told_the_other_way_round_tell_the_opposite(before: float, after: float) -> None:
    there = regression(report(latency(before)), report(latency(after)))
    back = regression(report(latency(after)), report(latency(before)))
    if abs(max(before, after) / min(before, after) - (1 + NOISE)) > 1e-9:
        assert (len(there.worse), len(there.better), there.same) == (
            len(back.better),
            len(back.worse),
            back.same,
        )


@pytest.mark.parametrize("after", [10.0, 11.0, 9.0])
def test_within_noise_nothing_has_changed(after: float) -> None:
    found = regression(report(latency(10)), report(latency(after)))
    assert (found.worse, found.better, found.same) == ((), (), 1)


def test_zero_is_compared_without_dividing_by_it() -> None:
    found = regression(report(latency(0), rate(0)), report(latency(0), rate(3)))
    assert [each.gain for each in found.better] == [math.inf]
    assert found.same == 1
    assert regression(report(latency(0)), report(latency(1))).worse[0].gain == 0


def test_figures_of_one_run_alone_are_named() -> None:
    found = regression(report(latency(1, "old")), report(latency(1, "new")))
    assert found.only_before == (("old", "p50"),)
    assert found.only_after == (("new", "p50"),)
    assert (found.worse, found.better, found.same) == ((), (), 0)


def test_another_machine_is_told_fact_by_fact() -> None:
    other = {"processor": "b", "cores": "2", "memory": "8 GB"}
    found = regression(report(), report(machine=other))
    assert found.is_other_machine
    assert found.conditions == (
        Condition("machine", "processor", "a", "b"),
        Condition("machine", "memory", None, "8 GB"),
    )
    assert not regression(report(), report()).is_other_machine
