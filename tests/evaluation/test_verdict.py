from __future__ import annotations

from docsearch.domain.evaluation import Finding, Interval, Latency, Paired
from docsearch.evaluation.verdict import thin_judgments, verdict

GAIN = Paired(Interval(0.0712, 0.031, 0.1124), 0.001, 0.004, 38, 9, 13)


def test_what_helps_is_told_with_all_that_counts() -> None:
    told = verdict("a-reranker", Finding.HELPS, GAIN, 60, 449, Latency(0.41, 0.6, 0.9, 60))
    assert told == (
        "a-reranker helps here: +0.071 NDCG@10 (0.031 to 0.112), 38 better, 9 worse, 410 ms"
    )


def test_what_hurts_is_told_so() -> None:
    loss = Paired(Interval(-0.05, -0.08, -0.02), 0.001, 0.004, 9, 38, 13)
    assert verdict("a-reranker", Finding.HURTS, loss, 60, 449, None) == (
        "a-reranker hurts here: -0.050 NDCG@10 (-0.080 to -0.020), 9 better, 38 worse"
    )


def test_what_cannot_be_told_is_not_told() -> None:
    unsure = Paired(Interval(-0.0001, -0.08, 0.08), 0.9, 1.0, 1, 1, 0)
    assert verdict("x", Finding.UNDECIDED, unsure, 2, 12, None) == (
        "x: no difference that these 12 judgments of 2 queries can show: "
        "0.000 NDCG@10 (-0.080 to 0.080), 1 better, 1 worse"
    ).replace(": 0.000", ": +0.000")
    alone = Paired(Interval(0.5, None, None), 1.0, 1.0, 1, 0, 0)
    assert verdict("x", Finding.UNDECIDED, alone, 1, 1, None) == (
        "x: no difference that this 1 judgment of 1 query can show: "
        "+0.500 NDCG@10, 1 better, 0 worse"
    )


def test_too_few_judged_places_are_warned_of() -> None:
    assert thin_judgments(12, 20) is None
    warning = thin_judgments(11, 20)
    assert warning is not None
    assert "11 of the 20" in warning
    assert thin_judgments(0, 0) is None
