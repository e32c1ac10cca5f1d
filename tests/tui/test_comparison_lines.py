"""The compare view's lines, at every width."""

from __future__ import annotations

import pytest
from rich.cells import cell_len

from docsearch.domain.comparison import Agreement, Column, Comparison
from docsearch.domain.errors import IndexStoreError
from docsearch.domain.model import ScoreKind
from docsearch.domain.ranking import RerankScore
from docsearch.domain.speed import Speed
from docsearch.presentation.pieces import Line, Role, text_of, width_of
from docsearch.tui.compare.drawing import (
    Known,
    advice_lines,
    column_lines,
    compare_keys,
    compare_title,
    rank_row,
    rank_titles,
    score_lines,
)
from docsearch.tui.compare.state import CompareState
from tests.tui import samples

RESULT = samples.reranked(12)
COUNT = len(RESULT.hits)
NAMES = ("mini", "ms-marco-MiniLM-L12-v2", "a/very/long/name-of-a-model-in-a-folder", "service")
KNOWN = Known(
    {"mini": "1", "ms-marco-MiniLM-L12-v2": "2", NAMES[2]: "3"}, {"mini": Speed(124, 9000, 10)}
)
WIDTHS = [40, 80, 99, 100, 160, 240]


def whole(name: str, kind: ScoreKind | None) -> Column:
    scores = tuple(RerankScore(0.9 - at / 20, 0.8 - at / 20) for at in range(COUNT))
    return Column(name, kind, scores)


def compared() -> CompareState:
    """One is whole, one is reading, one has failed, one waits."""
    now = CompareState.of(RESULT, NAMES, "mini", 7)
    part = whole(NAMES[1], ScoreKind.SIMILARITY)
    reading = Column(NAMES[1], part.kind, (*part.scores[:7], *(None,) * (COUNT - 7)))
    failed = Column(NAMES[2], ScoreKind.LOGIT, (None,) * COUNT, "It gave\nNaN \x1b[31m for a pair.")
    news = Comparison(
        RESULT.source,
        now.comparison.candidates,
        (whole("mini", ScoreKind.LOGIT), reading, failed),
        (Agreement(None, "mini", -0.42, 0.61),),
        doing=NAMES[1],
    )
    return now.received(news)


def texts(lines: tuple[Line, ...]) -> list[str]:
    return [text_of(line) for line in lines]


@pytest.mark.parametrize("cells", WIDTHS)
def test_every_line_fits(cells: int) -> None:
    for now in (compared(), compared().disputed_first(True), compared().leaving_out("mini")):
        lines = (
            compare_title(now, cells),
            *column_lines(now, KNOWN, cells),
            *advice_lines(now, cells),
            rank_titles(now, KNOWN, cells),
            *(rank_row(now, row, None, cells) for row in now.rows()),
            *score_lines(now, KNOWN, cells),
            compare_keys(KNOWN, cells),
        )
        for line in lines:
            assert width_of(line) <= cells
            assert "\x1b" not in text_of(line)
            assert "\n" not in text_of(line)


def test_each_column_says_how_far_it_is() -> None:
    _, first, mini, reading, failed, waiting = texts(column_lines(compared(), KNOWN, 120))
    assert "bi-encoder" in first
    assert "▸1 mini" in mini
    assert "12 pairs/s" in mini
    assert "-0.42 0.61" in mini
    assert "━━━── 7/12" in reading
    assert "✗ failed" in failed
    assert "It gave NaN" in failed
    assert "a service" not in waiting
    assert waiting.split()[:3] == ["d", "service", "waits"]


def test_models_stay_apart_where_there_is_little_room() -> None:
    names = ("ms-marco-MiniLM-L6-v2", "ms-marco-MiniLM-L12-v2", "x", "y")
    now = CompareState.of(RESULT, names, None, 1)
    _, _, six, twelve, *_ = texts(column_lines(now, Known({}, {}), 80))
    assert "L6-v2" in six
    assert "L12-v2" in twelve


def test_one_left_out_says_so_and_agrees_with_nobody() -> None:
    lines = texts(column_lines(compared().leaving_out("mini"), KNOWN, 120))
    assert "left out" in lines[2]
    assert "-0.42" not in lines[2]


def test_scores_are_shown_in_the_unit_of_their_family() -> None:
    now = compared()
    news = Comparison(
        RESULT.source, now.comparison.candidates, (whole("service", ScoreKind.PROBABILITY),)
    )
    place, scores, *_ = texts(score_lines(now.received(news), KNOWN, 120))
    assert "sourdough-rye.md" in place
    assert "0 cosine 0.526" in scores
    assert "1 logit +0.60" in scores
    assert "2 similarity 0.500" in scores
    assert "3 logit ·" in scores
    assert "d probability 0.600" in scores


def test_the_column_that_orders_the_rows_is_marked_without_colour() -> None:
    now = compared()
    assert "1▾" in text_of(rank_titles(now, KNOWN, 80))
    assert "by mini" in text_of(compare_title(now, 80))
    disputed = now.disputed_first(True)
    assert "×▾" in text_of(rank_titles(disputed, KNOWN, 80))
    assert "▾" not in text_of(rank_titles(disputed, KNOWN, 80)).replace("×▾", "")
    assert "disputed first" in text_of(compare_title(disputed, 80))


def test_a_row_has_the_places_below_their_columns() -> None:
    now = compared()
    titles, row = (
        text_of(rank_titles(now, KNOWN, 80)),
        " " + text_of(rank_row(now, now.rows()[0], None, 79)),
    )
    for mark, place in (("0", "1"), ("1", "1"), ("2", "1"), ("3", "·"), ("d", "·")):
        at = titles.index(mark)
        assert row[at] == place


def test_the_error_of_the_chosen_column_is_told_whole() -> None:
    now = compared().at_reranker(NAMES[2])
    *_, last = score_lines(now, KNOWN, 80)
    assert [piece.role for piece in last] == [Role.ERROR]
    assert "for a pair." in text_of(last)


def test_with_little_to_compare_it_says_how_to_get_more() -> None:
    one = " ".join(texts(advice_lines(CompareState.of(RESULT, ["mini"], "mini", 1), 80)))
    assert "first stage's order" in one
    assert "Shift-F2" in one
    none = " ".join(texts(advice_lines(CompareState.of(RESULT, [], None, 1), 80)))
    assert "No reranker is on this machine" in none
    assert advice_lines(compared(), 80) == ()


def test_what_keeps_all_of_them_from_being_compared_is_told() -> None:
    now = compared()
    failed = now.failed(IndexStoreError("The index is closed."))
    assert "Index: The index is closed." in " ".join(texts(advice_lines(failed, 80)))


@pytest.mark.parametrize("cells", [80, 100, 160])
def test_the_keys_that_leave_are_always_told(cells: int) -> None:
    line = text_of(compare_keys(KNOWN, cells))
    assert "0-3" in line
    assert "Esc" in line
    assert "↵" in line
    assert cell_len(line) <= cells
