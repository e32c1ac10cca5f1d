"""Every rule of the screen, as plain functions."""

from __future__ import annotations

from docsearch.domain.errors import DamagedIndexError
from docsearch.domain.query import CandidateSource
from docsearch.domain.ranking import Finished, Retrieved
from docsearch.tui.search.hit_rows import Side
from docsearch.tui.search.state import SearchState
from tests.tui import samples

RYE = 7
"""The chunk that is 7th before and 1st after."""


def fresh() -> SearchState:
    return SearchState(CandidateSource.DENSE, samples.MODEL)


def after(events: int) -> SearchState:
    """A session in which a search has come so far."""
    session = fresh().asked(samples.QUERY)
    for event in samples.events()[:events]:
        session = session.received(1, event)
    return session


def ids(session: SearchState, side: Side) -> list[int]:
    return [hit.passage.chunk_id for hit in session.order(side)]


def test_each_keystroke_is_a_new_generation() -> None:
    session = fresh().asked("a").asked("ab")
    assert (session.generation, session.running, session.typed) == (2, True, "ab")


def test_an_answer_of_an_older_generation_changes_nothing() -> None:
    session = fresh().asked("a").asked("ab")
    assert session.received(1, Retrieved(samples.retrieved())) == session
    assert session.failed(1, DamagedIndexError("torn")) == session


def test_the_shown_answer_stays_until_the_next_one_comes() -> None:
    session = after(5).asked("something else")
    assert session.result is not None
    assert session.result.query.typed == samples.QUERY


def test_an_empty_query_clears_the_answer() -> None:
    session = after(5).asked("   ")
    assert session.result is None
    assert session.hit is None
    assert not session.running


def test_the_after_list_fills_as_batches_come() -> None:
    assert ids(after(1), Side.AFTER) == []
    assert len(ids(after(2), Side.AFTER)) == 4
    assert after(2).progress == (4, 12)
    assert len(ids(after(5), Side.AFTER)) == 12
    assert after(5).progress is None


def test_the_merged_list_holds_every_hit_at_every_moment() -> None:
    for events in range(1, 6):
        assert len(ids(after(events), Side.MERGED)) == 12


def test_until_something_is_chosen_the_best_so_far_is_selected() -> None:
    assert after(1).selected == 1
    assert after(2).selected == 2
    assert after(5).selected == RYE


def test_a_chosen_chunk_stays_selected_when_the_order_changes() -> None:
    session = after(1).picked(3)
    for event in samples.events()[1:]:
        session = session.received(1, event)
    assert session.selected == 3
    assert ids(session, Side.BEFORE).index(3) == 2
    assert ids(session, Side.AFTER).index(3) == 9


def test_a_chosen_chunk_that_is_gone_gives_way_to_the_best() -> None:
    session = after(5).picked(99)
    assert session.received(1, Finished(samples.reranked(12))).selected == RYE


def test_the_arrow_keys_walk_the_after_list_once_there_is_one() -> None:
    assert after(1).walked is Side.BEFORE
    assert after(2).walked is Side.AFTER
    assert after(5).moved(1, merged=False).selected == 9
    assert after(5).walking(Side.BEFORE).moved(1, merged=False).selected == 8


def test_the_selection_stops_at_the_ends() -> None:
    session = after(5)
    assert session.moved(-1, merged=False).selected == RYE
    assert session.moved(100, merged=False).selected == ids(session, Side.AFTER)[-1]


def test_the_biggest_movers_come_first_and_back() -> None:
    session = after(5).sorted_by_movement(True)
    moves = [abs(hit.movement or 0) for hit in session.order(Side.AFTER)]
    assert moves == sorted(moves, reverse=True)
    back = session.sorted_by_movement(False)
    assert [hit.after_rank for hit in back.order(Side.AFTER)] == list(range(1, 13))


def test_a_quiet_search_shows_nothing_until_it_is_whole() -> None:
    session = after(5).picked(3).asked_again()
    for event in samples.events()[:4]:
        assert session.received(2, event) == session
    done = session.received(2, Finished(samples.reranked(12)))
    assert (done.selected, done.running, done.quiet) == (3, False, False)


def test_the_time_of_each_whole_search_counts() -> None:
    assert after(4).latencies.count == 0
    assert after(5).latencies.totals == (samples.reranked(12).timings.total,)


def test_an_error_keeps_the_answer_that_is_there() -> None:
    error = DamagedIndexError("torn")
    session = after(5).asked("x").failed(2, error)
    assert (session.error, session.running) == (error, False)
    assert session.result is not None
    assert session.asked("xy").error is None


def test_a_result_stands_where_its_best_sentence_does() -> None:
    session = after(5)
    assert session.hit is not None
    chunk = session.hit.passage.chunk
    words = chunk.text.index(" ") + 1
    told = session.with_best(samples.QUERY, session.hit.passage.chunk_id, (words, words + 1))
    assert told.shown_hit is not None
    assert told.shown_hit.passage.place == chunk.place_at(words)
    assert told.shown_hit.passage.matter == words
    assert told.hit == session.hit
    assert session.shown_hit == session.hit


def test_the_best_sentence_belongs_to_its_words_and_chunk() -> None:
    session = after(5)
    assert session.with_best(samples.QUERY, RYE, (3, 9)).best_span == (3, 9)
    assert session.with_best("other words", RYE, (3, 9)).best_span is None
    assert session.with_best(samples.QUERY, 3, (3, 9)).best_span is None
    assert session.with_best(samples.QUERY, RYE, (3, 9)).picked(3).best_span is None
    assert session.with_best(samples.QUERY, RYE, (3, 9)).asked("new").best_span is None
