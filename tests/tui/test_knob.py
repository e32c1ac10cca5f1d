"""The dials, as plain functions."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from docsearch.domain.fusion import Blend, Fusion
from docsearch.tui.weights.state import FULL_WEIGHT, Dial, Preset, WeightsState

USUAL = Fusion(first_stage=0.5, k=30, half_life_days=9.0)
WEIGHTS = (Dial.RERANKER, Dial.FIRST_STAGE, Dial.RECENCY)

turns = st.lists(st.tuples(st.sampled_from(Dial), st.sampled_from([-1, 1])), max_size=60)


def turned(knob: WeightsState, dial: Dial, steps: int, times: int = 1) -> WeightsState:
    knob = replace(knob, dial=dial)
    for _ in range(times):
        knob = knob.turned(steps)
    return knob


def test_until_it_is_turned_nothing_is_chosen() -> None:
    knob = WeightsState(USUAL).moved(3)
    assert (knob.chosen, knob.fusion, knob.preset) == (None, USUAL, Preset.USUAL)


def test_the_keys_choose_from_the_first_dial_to_the_last() -> None:
    knob = WeightsState(USUAL)
    assert [knob.moved(rows).dial for rows in range(len(Dial))] == list(Dial)
    assert knob.moved(-1).dial is Dial.PRESET
    assert knob.moved(99).dial is Dial.HALF_LIFE


def test_the_presets_go_round_and_keep_how_ranks_and_ages_are_counted() -> None:
    knob = WeightsState(USUAL)
    seen = []
    for _ in Preset:
        knob = knob.turned(1)
        seen.append(knob.chosen)
    alone = replace(USUAL, first_stage=0.0)
    assert seen == [
        replace(alone, reranker=0.0, first_stage=1.0),
        replace(alone, first_stage=1.0, blend=Blend.RANKS),
        alone,
        None,
    ]
    assert WeightsState(USUAL).turned(-1).preset is Preset.RERANKER


def test_dials_that_stand_otherwise_are_no_preset_and_lead_back_to_the_presets() -> None:
    knob = turned(WeightsState(USUAL), Dial.RECENCY, 1)
    assert knob.preset is None
    assert turned(knob, Dial.PRESET, 1).preset is Preset.USUAL
    assert turned(knob, Dial.PRESET, -1).preset is Preset.RERANKER


@pytest.mark.parametrize("dial", WEIGHTS)
def test_a_weight_goes_by_tenths_from_nothing_to_full(dial: Dial) -> None:
    def weight(knob: WeightsState) -> float:
        value: float = getattr(knob.fusion, dial)
        return value

    start = WeightsState(USUAL)
    assert weight(turned(start, dial, 1)) == pytest.approx(weight(start) + 0.1)
    assert weight(turned(start, dial, 1, 40)) == FULL_WEIGHT
    assert weight(turned(start, dial, -1, 40)) == 0.0
    others = {
        each: getattr(turned(start, dial, 1).fusion, each) for each in WEIGHTS if each != dial
    }
    assert others == {each: getattr(USUAL, each) for each in others}


def test_a_weight_of_the_settings_beyond_the_slider_only_goes_down() -> None:
    knob = WeightsState(replace(USUAL, recency=7.0))
    assert turned(knob, Dial.RECENCY, 1).fusion.recency == 7.0
    assert turned(knob, Dial.RECENCY, -1).fusion.recency == 6.9


def test_the_blend_is_one_or_the_other() -> None:
    by_ranks = turned(WeightsState(USUAL), Dial.BLEND, 1)
    assert by_ranks.fusion == replace(USUAL, blend=Blend.RANKS)
    assert turned(by_ranks, Dial.BLEND, 1).fusion == USUAL
    assert turned(by_ranks, Dial.BLEND, -1).fusion == USUAL


def test_k_and_half_life_go_to_the_next_round_number() -> None:
    knob = WeightsState(USUAL)
    assert [turned(knob, Dial.K, 1, times).fusion.k for times in (1, 2, 30)] == [40, 60, 1000]
    assert [turned(knob, Dial.K, -1, times).fusion.k for times in (1, 2, 30)] == [20, 10, 1]
    days = [turned(knob, Dial.HALF_LIFE, step).fusion.half_life_days for step in (-1, 1)]
    assert days == [7.0, 14.0]
    assert turned(knob, Dial.HALF_LIFE, 1, 30).fusion.half_life_days == 3650.0


@given(turns)
def test_no_turn_leaves_the_bounds(made: list[tuple[Dial, int]]) -> None:
    knob = WeightsState(USUAL)
    for dial, steps in made:
        knob = turned(knob, dial, steps)
        fusion = knob.fusion
        weights = (fusion.reranker, fusion.first_stage, fusion.recency)
        assert all(0 <= weight <= FULL_WEIGHT for weight in weights)
        assert 1 <= fusion.k <= 1000
        assert 1.0 <= fusion.half_life_days <= 3650.0
        assert (knob.preset is Preset.USUAL) == (knob.chosen is None)
