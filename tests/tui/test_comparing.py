"""What the compare view shows after each thing that happens, as plain values."""

from __future__ import annotations

from dataclasses import replace

from docsearch.domain.comparison import Agreement, Column, Comparison
from docsearch.domain.errors import IndexStoreError
from docsearch.domain.ranking import RerankScore
from docsearch.tui.compare.state import CompareState
from tests.tui import samples

RESULT = samples.reranked(12)
COUNT = len(RESULT.hits)
FORWARD = tuple(range(1, COUNT + 1))


def start(*here: str, current: str | None = None) -> CompareState:
    return CompareState.of(RESULT, here, current, 7)


def column(name: str, ranks: tuple[int, ...], error: str | None = None) -> Column:
    """A column that gives these places to the first candidates, and has not read the others."""
    scores = [RerankScore(float(-rank), 0.5) for rank in ranks]
    return Column(name, None, (*scores, *(None,) * (COUNT - len(ranks))), error)


def scored(now: CompareState, *columns: Column, doing: str | None = None) -> CompareState:
    news = Comparison(RESULT.source, now.comparison.candidates, columns, doing=doing)
    return now.received(news)


def order(now: CompareState) -> list[int]:
    return [row.candidate.rank for row in now.rows()]


def test_it_begins_with_those_that_are_here_and_the_current_ones_order() -> None:
    now = start("a", "b", "c", current="b")
    assert now.scoring == ("a", "b", "c")
    assert now.column is not None
    assert now.column.reranker == "b"
    assert order(now) == list(FORWARD)


def test_of_more_than_four_the_current_one_is_among_them() -> None:
    now = start("a", "b", "c", "d", "e", "f", current="f")
    assert now.scoring == ("a", "b", "c", "f")


def test_one_that_is_not_here_is_not_compared_unasked() -> None:
    now = start("a", current="a-service")
    assert now.scoring == ("a",)
    assert now.column is None


def test_rows_follow_the_column_that_is_chosen() -> None:
    backwards = tuple(reversed(FORWARD))
    now = scored(start("a"), column("a", backwards))
    assert order(now) == list(FORWARD)
    now = now.stepped(1)
    assert order(now) == list(backwards)
    assert now.rows()[0].ranks == (COUNT, 1)
    assert order(now.stepped(1)) == list(backwards)
    assert order(now.stepped(-1)) == list(FORWARD)


def test_what_a_column_has_not_read_comes_last_in_the_first_order() -> None:
    now = scored(start("a", current="a"), column("a", (3, 1, 2)))
    assert order(now) == [2, 3, 1, *FORWARD[3:]]


def test_disputed_rows_come_first_whatever_the_column() -> None:
    second = (1, 12, *range(2, 12))
    now = scored(start("a", "b"), column("a", FORWARD), column("b", second))
    disputed = now.disputed_first(True)
    spreads = [row.spread for row in disputed.rows()]
    assert spreads == sorted(spreads, reverse=True)
    assert spreads[0] == 6
    assert order(disputed)[0] == 2
    assert order(disputed.stepped(1)) == order(disputed)
    assert order(disputed.disputed_first(False)) == list(FORWARD)


def test_only_whole_columns_that_are_not_left_out_are_in_dispute() -> None:
    backwards = tuple(reversed(FORWARD))
    now = scored(
        start("a", "b", "c"), column("a", FORWARD), column("b", FORWARD), column("c", backwards)
    )
    assert now.rows()[0].spread == COUNT
    assert {row.spread for row in now.leaving_out("c").rows()} == {1}
    partly = scored(
        start("a", "b", "c"), column("a", FORWARD), column("b", FORWARD), column("c", (2, 1))
    )
    assert {row.spread for row in partly.rows()} == {1}


def test_one_reranker_alone_is_in_dispute_with_the_first_stage() -> None:
    now = scored(start("a"), column("a", tuple(reversed(FORWARD))))
    assert now.rows()[0].spread == COUNT


def test_leaving_one_out_asks_for_the_others_and_keeps_what_it_gave() -> None:
    now = scored(start("a", "b"), column("a", (2, 1)), doing="a")
    without = now.leaving_out("a")
    assert without.scoring == ("b",)
    assert without.scoring is not now.scoring
    assert [each.reranker for each in without.columns] == ["a", "b"]
    assert without.columns[0].scored == 2
    back = without.leaving_out("a")
    assert back.scoring == ("a", "b")


def test_what_is_known_is_not_taken_back_by_a_new_start() -> None:
    now = scored(start("a", "b"), column("a", FORWARD))
    again = now.leaving_out("b")
    fresh = scored(again, column("a", ()), doing="a")
    assert fresh.columns[0].is_whole
    further = scored(again, column("a", (), error="torn"))
    assert further.columns[0].error == "torn"


def test_agreements_stay_once_they_are_known() -> None:
    now = start("a", "b")
    found = Agreement(None, "a", 0.4, 0.6)
    news = Comparison(RESULT.source, now.comparison.candidates, (), (found,))
    now = now.received(news)
    again = scored(now.leaving_out("b"), column("a", FORWARD))
    assert again.comparison.agreement("a", None) == found


def test_a_failure_is_shown_until_something_else_is_asked_for() -> None:
    now = start("a")
    failed = now.failed(IndexStoreError("gone"))
    assert str(failed.error) == "gone"
    assert failed.leaving_out("a").error is None


def test_adding_one_makes_room_only_in_the_place_of_one_left_out() -> None:
    three = start("a", "b", "c")
    four = three.adding("d")
    assert four is not None
    assert four.scoring == ("a", "b", "c", "d")
    assert four.column is not None
    assert four.column.reranker == "d"
    assert four.adding("e") is None
    swapped = four.leaving_out("b").adding("e")
    assert swapped is not None
    assert swapped.scoring == ("a", "c", "d", "e")


def test_adding_one_that_is_there_goes_to_it_and_takes_it_back_in() -> None:
    now = start("a", "b").leaving_out("b")
    there = now.adding("b")
    assert there is not None
    assert there.scoring == ("a", "b")
    assert there.at == 2
    same = there.adding("a")
    assert same is not None
    assert same.scoring is there.scoring
    assert same.at == 1


def test_the_selection_follows_the_passage_and_stops_at_the_ends() -> None:
    now = scored(start("a"), column("a", tuple(reversed(FORWARD))))
    assert now.selected == 7
    row = now.stepped(1).row()
    assert row is not None
    assert row.candidate.passage.chunk_id == 7
    assert now.walked(-100).selected == 1
    assert now.walked(100).selected == COUNT
    assert now.walked(1).selected == 8


def test_without_candidates_there_is_nothing_to_select() -> None:
    nothing = CompareState.of(replace(RESULT, hits=()), ["a"], "a", None)
    assert nothing.rows() == ()
    assert nothing.row() is None
    assert nothing.walked(1) == nothing
