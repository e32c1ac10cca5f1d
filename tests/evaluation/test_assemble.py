from __future__ import annotations

from docsearch.domain.evaluation import MAIN_MEASURE, Contender, Finding, Latency, Moved
from docsearch.evaluation.assemble import Entry, evaluation, percentiles
from tests.evaluation.evaluations import JUDGED, QUERIES, an_evaluation, entries


def test_each_contender_is_held_against_its_baseline() -> None:
    found = an_evaluation()
    plain, better, worse = found.rows
    assert plain.against is None
    assert plain.finding is plain.verdict is None
    assert (better.finding, worse.finding) == (Finding.HELPS, Finding.HURTS)
    assert better.against is not None
    assert (better.against.better, better.against.worse, better.against.same) == (19, 1, 0)
    mean = better.measures[MAIN_MEASURE].mean - plain.measures[MAIN_MEASURE].mean
    assert abs(better.against.gain.mean - mean) < 1e-12
    assert better.latency == Latency(0.4, 0.4, 0.4, 20)
    assert (plain.judged, plain.shown) == (60, 80)
    assert found.judgments == 60


def test_the_queries_that_changed_most_are_told_with_what_moved() -> None:
    found = an_evaluation()
    assert found.changes_of == 1
    assert [each.query_id for each in found.gained] == QUERIES[:5]
    assert found.gained[0].moved == (
        Moved("good", 2, 4, 1),
        Moved("bad", 0, 1, 4),
        Moved("fair", 1, 3, 2),
    )
    (lost,) = found.lost
    assert (lost.query_id, lost.gain < 0) == ("q19", True)
    assert Moved("good", 2, 4, None) in lost.moved


def test_the_main_contender_may_be_another_one() -> None:
    found = evaluation(JUDGED, entries(), main=2)
    assert found.gained == ()
    assert len(found.lost) == 5


def test_too_little_judged_is_warned_of_unless_lists_are_condensed() -> None:
    strange = {query: [f"s{at}" for at in range(10)] for query in QUERIES}
    lists = [Entry(Contender("a run"), strange)]
    warned = evaluation(JUDGED, lists)
    assert warned.warning is not None
    assert "0 of the 200 results" in warned.warning
    assert warned.notes == (*JUDGED.notices, warned.warning)
    assert evaluation(JUDGED, lists, condense=True).notes == JUDGED.notices


def test_what_stands_in_both_tops_is_counted_once() -> None:
    found = an_evaluation()
    assert found.in_tops == (60, 80)
    assert found.warning is None


def test_no_time_is_no_percentile() -> None:
    assert percentiles([]) is None
    assert percentiles([2.0, 2.0, 2.0]) == Latency(2.0, 2.0, 2.0, 3)
