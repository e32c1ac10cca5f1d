"""What two runtimes' numbers have in common, as people see it."""

from __future__ import annotations

import ir_measures
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from docsearch.tuning.agreement import Numbers, least_cosine, ndcg, scores_agree
from docsearch.tuning.sample import SamplePassage, SampleQuery

DOCUMENTS = [f"d{number}" for number in range(12)]


def query(documents: list[str], grades: dict[str, int]) -> SampleQuery:
    return SampleQuery("q", tuple(SamplePassage(each, each) for each in documents), grades)


def numbers(*values: float) -> Numbers:
    return np.array(values, dtype=np.float32)


def test_the_same_order_agrees_whatever_the_scores() -> None:
    asked = query(["a", "b", "c"], {"a": 2, "c": 1})
    agreement = scores_agree([asked], [numbers(3, 2, 1)], [numbers(0.9, 0.8, -7)])
    assert (agreement.overlap, agreement.ndcg_change) == (1.0, 0.0)
    assert agreement.refusal is None


def test_another_order_is_told_by_both_measures() -> None:
    asked = query(["a", "b", "c"], {"a": 1})
    agreement = scores_agree([asked], [numbers(3, 2, 1)], [numbers(2, 3, 1)])
    assert agreement.overlap == pytest.approx(0.9)
    assert agreement.ndcg_change == pytest.approx(1 / np.log2(3) - 1)


def test_a_document_stands_where_its_best_passage_stands() -> None:
    asked = query(["a", "a", "b"], {"b": 1})
    agreement = scores_agree([asked], [numbers(3, 2, 1)], [numbers(3, 1, 2)])
    assert agreement.ndcg_change == 0.0


def test_below_the_first_ten_no_order_matters() -> None:
    asked = query(DOCUMENTS, {"d0": 1})
    falling = np.arange(12, 0, -1, dtype=np.float32)
    turned = falling.copy()
    turned[[10, 11]] = turned[[11, 10]]
    assert scores_agree([asked], [falling], [turned]).overlap == pytest.approx(1.0)


@given(
    st.permutations(DOCUMENTS),
    st.dictionaries(st.sampled_from(DOCUMENTS), st.integers(0, 3), min_size=1),
)
def test_ndcg_is_that_of_ir_measures(ranking: list[str], grades: dict[str, int]) -> None:
    run = {"q": {each: float(-place) for place, each in enumerate(ranking)}}
    (theirs,) = ir_measures.iter_calc([ir_measures.nDCG @ 10], {"q": grades}, run)
    assert ndcg(ranking, grades) == pytest.approx(theirs.value)


def test_the_farthest_vector_counts() -> None:
    one = np.eye(2, dtype=np.float32)
    other = np.array([[1, 0], [0.6, 0.8]], dtype=np.float32)
    assert least_cosine([one, one], [one, other]) == pytest.approx(0.8)
