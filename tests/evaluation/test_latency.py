from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from docsearch.evaluation.latency import latencies, times_as_fast

times = st.lists(st.floats(1e-6, 1e4), min_size=1)


@given(times)
def test_percentiles_rise_and_stay_within_what_was_measured(seconds: list[float]) -> None:
    found = [figure.value / 1000 for figure in latencies(("a",), seconds)]
    slack = 1e-9 * max(seconds)
    assert found == sorted(found)
    assert min(seconds) - slack <= found[0]
    assert found[-1] <= max(seconds) + slack


def test_a_hundred_times_have_the_percentiles_of_the_textbook() -> None:
    seconds = [number / 1000 for number in range(101)]
    found = {figure.name: figure.value for figure in latencies(("one", "thing"), seconds)}
    assert found == pytest.approx(
        {
            ("one", "thing", "p50"): 50,
            ("one", "thing", "p95"): 95,
            ("one", "thing", "p99"): 99,
        }
    )


def test_a_ratio_names_the_figure_that_it_stands_on() -> None:
    found = times_as_fast(("ours",), [1.0, 2.0, 30.0], ("theirs", "fp32"), [8.0])
    assert (found.value, found.unit, found.higher_is_better) == (4.0, "x", True)
    assert found.baseline == "theirs · fp32 · p50"
