from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from docsearch.domain.latencies import Latencies, percentile
from docsearch.evaluation.assemble import percentiles
from docsearch.evaluation.latency import latencies

times = st.lists(st.floats(1e-6, 1e4), min_size=1)


@given(times, st.floats(0, 100))
def test_a_percentile_is_that_of_numpy_whose_rule_it_names(
    seconds: list[float], percent: float
) -> None:
    found = percentile(seconds, percent)
    assert found == pytest.approx(float(np.percentile(seconds, percent)), rel=1e-9)
    assert min(seconds) <= found <= max(seconds) * (1 + 1e-12)


@given(times)
def test_screen_evaluation_and_bench_give_the_same_percentiles_of_the_same_times(
    seconds: list[float],
) -> None:
    session = Latencies(tuple(seconds))
    evaluated = percentiles(seconds)
    benched = [figure.value / 1000 for figure in latencies(("a",), seconds)]
    assert evaluated is not None
    on_screen = [session.percentile(percent) for percent in (50, 95, 99)]
    assert on_screen == [evaluated.p50, evaluated.p95, evaluated.p99]
    assert on_screen == pytest.approx(benched)


def test_between_two_times_a_percentile_is_in_proportion() -> None:
    assert Latencies((3.0, 1.0)).percentile(50) == 2.0
    assert Latencies((1.0, 2.0, 3.0, 5.0)).percentile(95) == pytest.approx(4.7)


def test_nothing_has_no_percentile() -> None:
    with pytest.raises(ValueError, match="nothing"):
        percentile([], 50)
    with pytest.raises(ValueError, match="nothing"):
        Latencies().percentile(50)


def test_a_session_keeps_the_latest_thousand() -> None:
    session = Latencies()
    for number in range(Latencies.KEPT + 5):
        session = session.and_one(float(number))
    assert session.count == Latencies.KEPT
    assert session.totals[0] == 5.0
