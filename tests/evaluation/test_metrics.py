from __future__ import annotations

import math

import ir_measures
import pytest
from hypothesis import given
from hypothesis import strategies as st

from docsearch.domain.evaluation import MEASURES
from docsearch.evaluation.metrics import Scorer, condensed, judged_in_tops, scored

DOCUMENTS = [f"d{number}" for number in range(12)]
rankings = st.lists(st.sampled_from(DOCUMENTS), max_size=12, unique=True)
graded = st.dictionaries(st.sampled_from(DOCUMENTS), st.integers(0, 3), min_size=1)


def test_the_worked_example_of_jarvelin_and_kekalainen() -> None:
    # Gains 3, 2, 3, 0, 1, 2 in this order: NDCG as every text on it works it out.
    gains = [3, 2, 3, 0, 1, 2]
    grades = {"q": {f"d{at}": gain for at, gain in enumerate(gains)}}
    dcg = sum(gain / math.log2(at + 2) for at, gain in enumerate(gains))
    ideal = sum(gain / math.log2(at + 2) for at, gain in enumerate(sorted(gains, reverse=True)))
    values = Scorer(grades).values({"q": [f"d{at}" for at in range(6)]})
    assert values["NDCG@10"][0] == pytest.approx(dcg / ideal, abs=1e-12)
    assert values["NDCG@10"][0] == pytest.approx(0.9608, abs=1e-4)


def test_the_other_measures_by_hand() -> None:
    grades = {"q": {"a": 2, "b": 1, "c": 0, "gone": 1}, "unfound": {"a": 1}}
    values = Scorer(grades).values({"q": ["x", "a", "c", "b"], "not judged": ["a"]})
    dcg, ideal = 2 / math.log2(3) + 1 / math.log2(5), 2 + 1 / math.log2(3) + 1 / math.log2(4)
    assert {name: list(each) for name, each in values.items()} == {
        "NDCG@10": [pytest.approx(dcg / ideal), 0],
        "RR@10": [0.5, 0],
        "R@50": [pytest.approx(2 / 3), 0],
        "P@5": [pytest.approx(2 / 5), 0],
    }  # fmt: skip


@given(st.dictionaries(st.sampled_from("abc"), graded, min_size=1), rankings)
def test_values_are_those_of_ir_measures_on_a_run(
    grades: dict[str, dict[str, int]], ranking: list[str]
) -> None:
    values = Scorer(grades).values(dict.fromkeys(grades, ranking))
    run = {query: scored(ranking) for query in grades}
    measures = {ir_measures.parse_measure(name.replace("ND", "nD")): name for name in MEASURES}
    theirs = ir_measures.calc_aggregate(list(measures), grades, run)
    for measure, name in measures.items():
        assert values[name].mean() == pytest.approx(theirs[measure], abs=1e-12)


@given(st.dictionaries(st.sampled_from("abc"), graded, min_size=1), rankings)
def test_a_condensed_list_has_nothing_unjudged_and_loses_nothing_judged(
    grades: dict[str, dict[str, int]], ranking: list[str]
) -> None:
    short = condensed(dict.fromkeys(grades, ranking), grades)
    for query, own in grades.items():
        assert short[query] == [each for each in ranking if each in own]
    judged, shown = judged_in_tops([short], grades)
    assert judged == shown


def test_judged_places_are_counted_in_the_top_tens_of_judged_queries() -> None:
    grades = {"q": {"d0": 0, "d11": 1}, "r": {"d1": 1}}
    one = {"q": DOCUMENTS, "r": ["d1", "d2"], "s": ["d0"]}
    assert judged_in_tops([one], grades) == (2, 12)
    assert judged_in_tops([one, one], grades) == (2, 12)
    assert judged_in_tops([one, {"q": ["d11", "d0"], "r": ["d3"]}], grades) == (3, 14)
