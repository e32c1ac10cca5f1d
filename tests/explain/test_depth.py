from __future__ import annotations

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from docsearch.domain.explanation import Depth
from docsearch.domain.ranking import RankedHit, StageTimings
from docsearch.domain.speed import Speed
from docsearch.explain.depth import depth
from tests.explain.results import reranked

raw_scores = st.lists(st.integers(-9, 9), max_size=70)


def falling(count: int) -> list[float]:
    return [float(-rank) for rank in range(count)]


def test_a_late_candidate_at_the_top_needs_every_one_before_it() -> None:
    raw = falling(50)
    raw[14] = 9.0
    found = depth(reranked(raw))
    assert (found.enough, found.total) == (15, 50)
    assert [(each.candidates, each.kept, each.in_order) for each in found.steps] == [
        (10, 9, False),
        (20, 10, True),
        (50, 10, True),
    ]


def test_the_same_ten_in_another_order_need_the_first_ten_only() -> None:
    raw = [float(rank % 10) + (100 if rank < 10 else 0) for rank in range(30)]
    assert depth(reranked(raw)).enough == 10


def test_when_the_last_came_into_the_top_ten_all_were_needed() -> None:
    raw = falling(20)
    raw[-1] = 9.0
    found = depth(reranked(raw))
    assert found.enough == found.total == 20


@given(raw_scores)
def test_enough_is_the_least_from_which_on_the_top_ten_stays(scores: list[int]) -> None:
    result = reranked([float(each) for each in scores])
    found = depth(result)
    tops = [
        [hit.passage.chunk_id for hit in result.hits if hit.before_rank <= size][:10]
        for size in range(1, len(scores) + 1)
    ]
    if not scores:
        assert found == Depth((), 0, 0)
    else:
        assert all(top == tops[-1] for top in tops[found.enough - 1 :])
        assert found.enough == 1 or tops[found.enough - 2] != tops[-1]
        assert found.steps[-1].candidates == found.total == len(scores)
        for step in found.steps:
            top = tops[step.candidates - 1]
            assert step.kept == len(set(top) & set(tops[-1]))
            assert step.in_order == (top == tops[-1])


def test_steps_go_on_to_all_candidates() -> None:
    found = depth(reranked(falling(1200)))
    assert [step.candidates for step in found.steps] == [10, 20, 50, 100, 200, 500, 1000, 1200]


def test_seconds_follow_the_tokens_and_what_was_known_counts_as_if_it_had_been_read() -> None:
    read = depth(reranked(falling(40), timings=StageTimings(rerank=0.8, pairs=40)))
    assert [step.seconds for step in read.steps] == pytest.approx([0.2, 0.4, 0.8])
    half_known = StageTimings(rerank=0.4, pairs=40, cached_pairs=20)
    half = depth(reranked(falling(40), timings=half_known))
    assert [step.seconds for step in half.steps] == pytest.approx([0.2, 0.4, 0.8])


@pytest.mark.parametrize("cached", [21, 40])
def test_no_seconds_are_told_where_most_scores_were_known(cached: int) -> None:
    timings = StageTimings(rerank=0.4, pairs=40, cached_pairs=cached)
    assert {step.seconds for step in depth(reranked(falling(40), timings=timings)).steps} == {None}


def test_where_little_was_read_the_speed_of_before_tells() -> None:
    known = reranked(falling(40), timings=StageTimings(rerank=0.4, pairs=40, cached_pairs=40))
    tokens = sum(hit.passage.chunk.token_count for hit in known.hits)
    told = depth(known, speed=Speed(pairs=100, tokens=10.0 * tokens, seconds=5.0))
    assert [step.seconds for step in told.steps] == pytest.approx([0.125, 0.25, 0.5])


def test_a_list_without_a_reranker_has_no_depth() -> None:
    assert depth(reranked([None, None])) == Depth((), 0, 0)


def test_candidates_that_are_still_waiting_do_not_count() -> None:
    assert depth(reranked([1.0, None, 3.0])).total == 2


def test_one_candidate_is_needed() -> None:
    assert depth(reranked([1.0])).enough == 1


def test_where_a_place_depends_on_the_others_the_order_is_asked_of_each_part() -> None:
    def reversed_when_whole(hits: Sequence[RankedHit]) -> Sequence[RankedHit]:
        return hits if len(hits) < 12 else hits[::-1]

    assert depth(reranked(falling(12)), reversed_when_whole).enough == 12
    assert depth(reranked(falling(12))).enough == 10
