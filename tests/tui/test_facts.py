"""The facts beside a score tell what it is worth, and what is noise."""

from __future__ import annotations

from dataclasses import replace

import pytest

from docsearch.domain.explanation import Background, Faithfulness, Inspection, Standing
from docsearch.domain.fusion import Voices
from docsearch.presentation.pieces import Role, text_of, width_of
from docsearch.presentation.scores import background_line, fact_lines, faithfulness_line, histogram
from tests.tui import inspections, samples

TOP, SECOND = samples.reranked(12).hits[:2]
CELLS = 90


def words(inspection: Inspection, cells: int = CELLS) -> str:
    return "\n".join(text_of(line) for line in fact_lines(inspection, cells))


def test_reasons_come_first_and_each_of_them_is_there() -> None:
    lines = [text_of(line) for line in fact_lines(inspections.whole(TOP), CELLS)]
    assert lines[0] == f"why     {inspections.REASONS[0]}"
    assert [line.strip() for line in lines[1:3]] == list(inspections.REASONS[1:])


def test_the_score_is_told_raw_in_its_unit_and_by_its_neighbours() -> None:
    text = words(inspections.whole(SECOND))
    assert "+1.82 raw, 0.860 of 1, rank 2" in text
    assert "4.82 above the next" in text
    assert "jitter ±0.03" in text


def test_where_other_voices_are_heard_the_margins_are_those_of_the_rerankers_own_order() -> None:
    fused = replace(SECOND, voices=Voices(0.5, 0.2, 0.0))
    last = replace(inspections.whole(fused), standing=Standing(0.4, 4.82, 0.03, place=3))
    text = words(last)
    assert "rank 2 shown, 3 by the reranker alone" in text
    assert "0.40 below the next better of its order" in text
    assert "4.82 above the next of its order" in text
    assert "rank 2 shown" in words(replace(last, standing=None))


def test_a_margin_below_the_jitter_is_greyed_and_called_noise() -> None:
    pieces = [piece for line in fact_lines(inspections.whole(SECOND), CELLS) for piece in line]
    noise = next(piece for piece in pieces if "noise" in piece.text)
    assert noise.text == "0.004 below the next better: noise"
    assert noise.role is Role.FAINT


def test_a_margin_as_large_as_the_jitter_is_noise_as_it_is_everywhere() -> None:
    same = replace(inspections.whole(SECOND), standing=Standing(0.0, None, 0.0))
    assert same.standing is not None
    assert same.standing.is_noise
    assert "0.000 below the next better: noise" in words(same)


def test_the_windows_are_told_and_which_one_won() -> None:
    text = words(inspections.whole(TOP))
    assert "query 7 + passage 118 tokens" in text
    assert "▸+6.64 in 64" in text
    assert "+1.20 in 64" in text


def test_what_is_not_measured_yet_is_an_ellipsis_and_at_the_end_it_is_said() -> None:
    begun = next(inspections.growing(TOP))
    assert words(begun).count("…") == 4
    ended = replace(begun, doing=None)
    assert "…" not in words(ended)
    assert words(ended).count("not measured") == 3


def test_without_a_reranker_there_is_no_score_to_tell_of() -> None:
    alone = Inspection(replace(TOP, rerank=None, after_rank=None), None)
    assert len(fact_lines(alone, CELLS)) == 1


@pytest.mark.parametrize("cells", [40, 78, 158])
def test_facts_fit_their_width(cells: int) -> None:
    for inspection in inspections.growing(SECOND):
        assert max(width_of(line) for line in fact_lines(inspection, cells)) <= max(cells, 64)


def test_the_background_shows_the_best_of_a_bad_lot() -> None:
    background = Background((-3.0, -2.0, -1.0, 0.0))
    good, bad = background_line(background, 5.0, 80), background_line(background, -2.5, 40)
    assert "above 4 of 4 random passages (-3.0 to +0.0)" in text_of(good)
    assert text_of(bad).endswith("above 1 of 4 random passages")
    assert any(piece.role is Role.WARNING for piece in bad)
    assert "no other passage" in text_of(background_line(Background(()), 1.0, 80))


def test_faithfulness_is_told_both_ways() -> None:
    said = text_of(faithfulness_line(Faithfulness(5, 3.2, (0.3, 0.5))))
    assert said == "without its 5 strongest words -3.20, without 5 random -0.40: the marks matter"
    assert "unreliable" in text_of(faithfulness_line(Faithfulness(1, 0.1, (0.2,))))


def test_marks_that_could_not_be_tried_are_neither_praised_nor_denied() -> None:
    assert text_of(faithfulness_line(Faithfulness(0, 0.0, ()))) == "no word speaks for it"
    assert "too few words to tell" in text_of(faithfulness_line(Faithfulness(3, 2.0, ())))


def test_the_strip_holds_every_value_and_the_place_of_one() -> None:
    assert text_of(histogram([0.0, 0.1, 0.1], 1.0, 10)) == "▄█       ┃"
    assert text_of(histogram([1.0], 1.0, 4)) == "┃   "
