"""Voices in words, in rows, and the panel of the dials, as text."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from docsearch.domain.fusion import Blend, Fusion, Voices
from docsearch.domain.query import CandidateSource
from docsearch.presentation.components import voices_in_words, voices_line
from docsearch.presentation.pieces import Line, Role, text_of, width_of
from docsearch.tui.search.hit_rows import Scale, Side, merged_row, paired_row
from docsearch.tui.weights.drawing import PANEL_LINES, panel_lines
from docsearch.tui.weights.state import Dial, WeightsState
from docsearch.tui.widgets.passage_lines import passage_facts
from tests.tui import fused, samples

DENSE = CandidateSource.DENSE
BOTH = Fusion(first_stage=0.5)
ALL = replace(BOTH, recency=0.1)
VOICES = Voices(1.5, -0.251, 0.0)
RESULT = fused.events()[-1].result


def lines_of(lines: tuple[Line, ...] | list[Line]) -> list[str]:
    return [text_of(line).rstrip() for line in lines]


def test_a_voice_without_weight_is_not_heard() -> None:
    assert voices_in_words(VOICES, BOTH, DENSE) == "order +1.25: reranker +1.50, bi-encoder -0.25"
    assert voices_in_words(VOICES, ALL, DENSE).endswith("bi-encoder -0.25, recency +0.00")
    nobody = Fusion(0.0)
    assert voices_in_words(Voices(0.0, 0.0, 0.0), nobody, DENSE) == "order +0.00"


def test_reciprocal_ranks_have_digits_and_no_sign() -> None:
    by_ranks = Fusion(first_stage=1.0, blend=Blend.RANKS)
    words = voices_in_words(Voices(1 / 61, 1 / 62, 0.0), by_ranks, CandidateSource.BM25)
    assert words == "order 0.0325: reranker 0.0164, BM25 0.0161"


def test_next_to_nothing_has_no_minus() -> None:
    words = voices_in_words(Voices(-0.001, 0.0, 0.0), BOTH, DENSE)
    assert words == "order +0.00: reranker +0.00, bi-encoder +0.00"


def test_the_names_go_where_there_is_no_room_for_them() -> None:
    whole = "+1.25 = +1.50 reranker -0.25 bi-encoder"
    assert text_of(voices_line(VOICES, BOTH, DENSE, len(whole))) == whole
    assert text_of(voices_line(VOICES, BOTH, DENSE, len(whole) - 1)) == "+1.25 = +1.50 -0.25"


@pytest.mark.parametrize("cells", [47, 60, 90])
def test_while_weights_are_set_the_rows_of_the_after_list_tell_of_the_voices(cells: int) -> None:
    hit = RESULT.hits[0]
    for weighing in (False, True):
        scale = Scale.of(RESULT, weighing=weighing)
        rows = paired_row(hit, Side.AFTER, scale, 9, cells)
        assert [width_of(row) for row in rows] == [cells, cells]
        assert ("+2.02 = +2.10 reranker" in text_of(rows[1])) is weighing
        assert "▲6" in text_of(rows[1])
        before = paired_row(hit, Side.BEFORE, scale, 9, cells)
        assert "reranker" not in text_of(before[1])


@pytest.mark.parametrize("cells", [72, 79, 120])
def test_so_do_the_rows_of_the_merged_list(cells: int) -> None:
    (row,) = merged_row(RESULT.hits[0], Scale.of(RESULT, weighing=True), cells)
    assert width_of(row) == cells
    assert "+2.02 = +2.10" in text_of(row)
    assert ".md" in text_of(row)


def test_a_row_that_only_one_voice_placed_shows_the_passage() -> None:
    alone = samples.reranked(12)
    for hit in alone.hits:
        told, usual = (
            paired_row(hit, Side.AFTER, Scale.of(alone, weighing=weighing), 9, 60)
            for weighing in (True, False)
        )
        assert told == usual


@pytest.mark.parametrize("cells", [51, 78, 158])
def test_the_passage_s_head_tells_what_each_voice_gave(cells: int) -> None:
    rows = lines_of(passage_facts(RESULT.hits[0], DENSE, BOTH, cells))
    assert "order +2.02: reranker +2.10, bi-encoder -0.07" in rows[-1]
    assert all(len(row) <= cells for row in rows)
    unplaced = replace(RESULT.hits[0], voices=None)
    assert "order" not in " ".join(lines_of(passage_facts(unplaced, DENSE, BOTH, cells)))


def test_the_panel_has_a_title_a_line_for_each_dial_and_the_keys() -> None:
    lines = lines_of(
        panel_lines(WeightsState(BOTH, None, Dial.FIRST_STAGE), "some-model", DENSE, 79)
    )
    assert len(lines) == PANEL_LINES
    assert lines[0].startswith("── some-model + ½ bi-encoder ──")
    presets = "order by      reranker's default  bi-encoder  RRF of both  cross-encoder"
    assert lines[1].strip() == presets
    assert [line[0] for line in lines].count("▸") == 1
    assert lines[3].startswith("▸ bi-encoder    ━━━━━━━━━━──────")
    assert lines[3].endswith("── 0.5")
    assert "Enter" in lines[-1]


def test_the_panel_names_the_first_stage_by_its_source() -> None:
    lines = lines_of(panel_lines(WeightsState(BOTH), "some-model", CandidateSource.BM25, 79))
    assert "some-model + ½ BM25" in lines[0]
    assert lines[3].split()[0] == "BM25"


def chips(knob: WeightsState) -> list[str]:
    lines = panel_lines(knob, "some-model", DENSE, 100)
    return [piece.text.strip() for line in lines for piece in line if piece.role is Role.CHIP]


def test_what_is_in_force_is_lit() -> None:
    assert chips(WeightsState(BOTH)) == ["reranker's default", "z-scores"]
    by_ranks = WeightsState(BOTH).turned(1).turned(1)
    assert chips(by_ranks) == ["RRF of both", "reciprocal ranks"]
    assert chips(WeightsState(BOTH, ALL)) == ["z-scores"]


def test_a_dial_without_effect_says_when_it_has_one() -> None:
    def notes(fusion: Fusion) -> tuple[bool, bool]:
        k, half_life = lines_of(panel_lines(WeightsState(fusion), "some-model", DENSE, 79))[-3:-1]
        return "only" in k, "only" in half_life

    assert notes(BOTH) == (True, True)
    assert notes(ALL) == (True, False)
    assert notes(replace(ALL, blend=Blend.RANKS)) == (False, True)


@given(st.integers(20, 200), st.sampled_from(Dial), st.floats(0, 10))
def test_the_panel_keeps_to_its_width(cells: int, dial: Dial, weight: float) -> None:
    knob = WeightsState(BOTH, Fusion(weight, weight, weight), dial)
    for line in panel_lines(knob, "a-reranker-with-quite-a-long-name", DENSE, cells):
        assert width_of(line) == cells
