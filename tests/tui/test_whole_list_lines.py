"""The list as a whole: slopes that join the right ranks, and numbers in words."""

from __future__ import annotations

from dataclasses import replace

import pytest

from docsearch.domain.explanation import Depth, DepthStep, Missed, Movement, Noise
from docsearch.presentation.pieces import Line, Role, text_of, width_of
from docsearch.presentation.slope import Slopes
from docsearch.presentation.whole_list import (
    depth_lines,
    missed_lines,
    missed_row,
    movement_lines,
)
from tests.tui import inspections, samples

RESULT = samples.reranked(12)
RYE, TATIN = 7, 5


def text(lines: tuple[Line, ...]) -> str:
    return "\n".join(text_of(line) for line in lines)


@pytest.mark.parametrize("cells", [60, 78, 98, 158])
def test_every_rank_has_its_line_and_every_line_fits(cells: int) -> None:
    lines = Slopes.of(RESULT, cells).lines(RYE)
    assert len(lines) == 12
    assert all(width_of(line) <= cells for line in lines)
    for rank, line in enumerate(lines, 1):
        assert text_of(line).split()[0] == str(rank)


def test_the_selected_thread_goes_from_its_rank_before_to_its_rank_after() -> None:
    lines = Slopes.of(RESULT, 98).lines(RYE)
    threads = ["".join(piece.text for piece in line if piece.role is Role.UP) for line in lines]
    assert "━┛" in threads[6]
    assert "┏━" in threads[0]
    assert "▸" in threads[0]
    assert all("┃" in thread for thread in threads[1:6])
    assert not any("┃" in thread for thread in threads[7:])


def test_an_unmoved_thread_is_level() -> None:
    lines = Slopes.of(RESULT, 98).lines(TATIN)
    drawn = [text_of(line) for line in lines if "━" in text_of(line)]
    assert len(drawn) == 1
    assert drawn[0].count("tarte-tatin.txt") == 2


def test_what_is_not_reranked_has_no_right_end() -> None:
    half = samples.reranked(4)
    lines = Slopes.of(half, 98).lines(None)
    assert len(lines) == 12
    assert "▲" in text_of(lines[0]) + text_of(lines[1])
    assert text_of(lines[11]).strip().endswith("Results")


def test_movement_is_counted_in_words() -> None:
    found = Movement(0.2, 0.5, 9, 4, 5, (9,), ((RYE, 6), (2, -4)))
    said = text(movement_lines(RESULT, found, None, 120))
    assert "tau +0.20 · RBO 0.50 · 9 of the top 10 the same · 4 improved · 5 worsened" in said
    assert "1 new in the top 10" in said
    assert "▲6 sourdough-rye.md" in said
    assert "▼4 kaesespaetzle.md" in said


def test_moves_within_the_jitter_are_counted_and_greyed() -> None:
    found = Movement(0.2, 0.5, 9, 4, 5, (), ((RYE, 6), (2, -4)))
    noise = Noise(0.03, frozenset({RYE}))
    lines = movement_lines(RESULT, found, noise, 120)
    assert "1 move within the jitter of ±0.03: noise" in text(lines)
    marks = [piece.role for line in lines for piece in line if piece.text.startswith(("▲", "▼"))]
    assert marks == [Role.FAINT, Role.DOWN]
    slopes = Slopes.of(RESULT, 98).lines(None, frozenset({RYE}))
    greyed = [piece for line in slopes for piece in line if piece.role is Role.FAINT]
    assert any("▲6" in piece.text for piece in greyed)
    none = text(movement_lines(RESULT, found, Noise(0.03, frozenset()), 120))
    assert "no moves within the jitter of ±0.03" in none


def test_where_it_is_narrow_the_movers_take_two_rows() -> None:
    movers = tuple((hit.passage.chunk_id, hit.movement or 0) for hit in RESULT.hits[:5])
    found = Movement(0.2, 0.5, 9, 4, 5, (), movers)
    lines = movement_lines(RESULT, found, None, 78)
    at = next(number for number, line in enumerate(lines) if text_of(line).startswith("movers"))
    assert len(lines) == at + 2
    assert all(width_of(line) <= 78 for line in lines)
    named = [hit.passage.path.rpartition("/")[2] for hit in RESULT.hits[:5]]
    assert all(name in text(lines[at:]) for name in named)


def test_depth_is_a_sentence_and_a_price_for_each_step() -> None:
    said = text(depth_lines(inspections.DEPTH, 120))
    assert "9 of 12 candidates were enough: the other 3 changed nothing in the top 10" in said
    assert "5: 4 of the 10 in about 350 ms · 9: the same 10 in about 630 ms" in said


def test_the_same_passages_in_another_order_are_not_called_the_same_list() -> None:
    steps = (DepthStep(10, kept=10, in_order=False, seconds=None),)
    assert "10: the same 10 in another order" in text(depth_lines(Depth(steps, 12, 12), 120))
    few = (DepthStep(4, kept=4, in_order=True, seconds=None),)
    said = text(depth_lines(Depth(few, 4, 4), 120))
    assert "no more than 4 candidates: all of them are shown" in said
    assert "4: the same 4" in said


def test_a_depth_that_was_all_needed_says_that_more_may_be() -> None:
    step = DepthStep(12, kept=10, in_order=True, seconds=None)
    said = text(depth_lines(Depth((step,), 12, 12), 120))
    assert "all 12 candidates were needed" in said
    assert "12: the same 10" in said


def test_reading_on_is_told_as_it_goes() -> None:
    first, second, last = inspections.missed()
    assert "0 of 40, 0 would have" in text(missed_lines(*first, 12, 120))
    assert "16 of 40, 1 would have" in text(missed_lines(*second, 12, 120))
    assert "1 of the 40 after these 12 would have" in text(missed_lines(*last, 12, 120))
    assert "none of the 40" in text(missed_lines(40, 40, (), 12, 120))
    assert "nothing lies beyond the 12 candidates" in text(missed_lines(0, 0, (), 12, 120))
    assert "…" in text(missed_lines(0, None, (), 12, 120))


def test_a_missed_passage_is_offered_with_both_its_ranks() -> None:
    (_, _, (missed, *_)) = list(inspections.missed())[-1]
    assert isinstance(missed, Missed)
    line = text_of(missed_row(missed, RESULT, 90))
    assert line.startswith(" 87  0.211  → #3 +1.50")
    assert "attic/bread/rye.md" in line


def test_names_of_the_folder_are_shown_and_never_obeyed() -> None:
    evil = replace(RESULT.hits[0].passage, path="a\n\x1b[31m\u202e.md")
    result = replace(RESULT, hits=(replace(RESULT.hits[0], passage=evil), *RESULT.hits[1:]))
    said = text(Slopes.of(result, 98).lines(None))
    assert "\x1b" not in said
    assert "\u202e" not in said
