from __future__ import annotations

from docsearch.evaluation.live import live

BEFORE, AFTER = ["x", "good", "y"], ["good", "x", "z"]


def test_both_orders_are_measured_by_what_is_judged_so_far() -> None:
    found = live(BEFORE, AFTER, {"good": 2, "x": 0, "elsewhere": 0})
    assert found.measures["RR@10"] == (0.5, 1.0)
    assert found.measures["NDCG@10"][0] < found.measures["NDCG@10"][1] == 1.0
    assert (found.judged, found.shown) == (2, 4)
    assert found.warning is not None
    assert "2 of the 4" in found.warning


def test_what_is_gone_is_handed_on_and_counts_for_nothing() -> None:
    grades = {"good": 2, "x": 0}
    assert live(BEFORE, AFTER, grades, gone=3).gone == 3
    assert live(BEFORE, AFTER, {}, gone=1).gone == 1
    assert live(BEFORE, AFTER, grades, gone=3).measures == live(BEFORE, AFTER, grades).measures


def test_condensed_orders_hold_only_what_is_judged() -> None:
    found = live(BEFORE, AFTER, {"good": 1}, condense=True)
    assert found.measures["RR@10"] == (1.0, 1.0)
    assert found.warning is None


def test_while_nothing_relevant_is_judged_there_is_no_figure() -> None:
    assert live(BEFORE, AFTER, {}).measures == {}
    found = live(BEFORE, AFTER, {"x": 0})
    assert (found.measures, found.judged, found.shown) == ({}, 1, 4)
