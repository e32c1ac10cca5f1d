"""The fastest way to run a model that says what the reference says."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from docsearch.domain.runtime import REFERENCE, Precision, Runtime, RuntimeChoice
from docsearch.domain.tuning import Agreement, Trial, Tuning, fastest_that_agrees

FLOAT32 = RuntimeChoice(Runtime.OPENVINO, Precision.FLOAT32)
INT8 = RuntimeChoice(Runtime.OPENVINO, Precision.INT8)
FIRST = Trial(REFERENCE, 10.0, 1.0)
NEAR = Agreement(overlap=0.995, ndcg_change=-0.001)
FAR = Agreement(overlap=0.95, ndcg_change=0.0)


def test_the_fastest_is_kept_where_it_agrees() -> None:
    fast, faster = Trial(FLOAT32, 5.0, 2.0, NEAR), Trial(INT8, 2.0, 5.0, NEAR)
    tuning = Tuning("a", (FIRST, fast, faster))
    assert tuning.kept == faster
    assert tuning.why_not(faster) is None
    assert tuning.why_not(fast) == "slower than openvino int8"
    assert tuning.why_not(FIRST) == "slower than openvino int8"


def test_one_that_does_not_agree_is_refused_with_the_measure_that_says_so() -> None:
    fast, faster = Trial(FLOAT32, 5.0, 2.0, NEAR), Trial(INT8, 2.0, 5.0, FAR)
    tuning = Tuning("a", (FIRST, fast, faster))
    assert tuning.kept == fast
    assert tuning.why_not(faster) == "its first ten overlap by 0.9500, less than 0.99"


@pytest.mark.parametrize(
    ("agreement", "refusal"),
    [
        (Agreement(0.99, 0.005), None),
        (Agreement(0.99, -0.005), None),
        (Agreement(0.9899, 0.0), "overlap"),
        (Agreement(1.0, 0.0051), "NDCG"),
        (Agreement(1.0, -0.0051), "NDCG"),
        (Agreement(least_cosine=0.99), None),
        (Agreement(least_cosine=0.9899), "cosine"),
        (Agreement(float("nan"), 0.0), "overlap"),
        (Agreement(1.0, float("nan")), "NDCG"),
        (Agreement(least_cosine=float("nan")), "cosine"),
    ],
)
def test_the_bounds_belong_to_what_agrees(agreement: Agreement, refusal: str | None) -> None:
    assert (agreement.refusal is None) == (refusal is None)
    assert refusal is None or refusal in str(agreement.refusal)


def test_what_is_slower_than_the_reference_is_not_kept_however_near_it_is() -> None:
    slower = Trial(FLOAT32, 20.0, 0.5, NEAR)
    tuning = Tuning("a", (FIRST, slower))
    assert tuning.kept == FIRST
    assert tuning.why_not(slower) == "slower than torch float32"


def test_what_could_not_be_run_says_why() -> None:
    broken = Trial(INT8, problem="OpenVINO failed: no room")
    assert Tuning("a", (FIRST, broken)).why_not(broken) == "OpenVINO failed: no room"


def test_the_reference_is_kept_where_there_is_nothing_else() -> None:
    assert Tuning("a", (Trial(REFERENCE),)).kept == Trial(REFERENCE)


agreements = st.none() | st.builds(
    Agreement, st.floats(0.97, 1), st.floats(-0.01, 0.01), st.floats(0.97, 1)
)
trials = st.builds(
    Trial,
    st.sampled_from((FLOAT32, INT8)),
    st.none() | st.floats(0.1, 10),
    st.none() | st.floats(0, 10),
    agreements,
)


@given(st.lists(trials, max_size=5))
def test_nothing_that_agrees_is_faster_than_what_is_kept(others: list[Trial]) -> None:
    kept = fastest_that_agrees([FIRST, *others])
    assert kept == FIRST or (kept.agreement is not None and kept.agreement.refusal is None)
    for each in others:
        if each.agreement is not None and each.agreement.refusal is None:
            assert (each.times_as_fast or 0) <= (kept.times_as_fast or 0)
