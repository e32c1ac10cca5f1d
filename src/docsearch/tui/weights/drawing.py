"""The panel in which the voices are weighed: one line a dial.

In: a knob, and the names of the voices. Out: lines. Does not know what the order looks like.
"""

from __future__ import annotations

from docsearch.domain.fusion import Blend
from docsearch.domain.query import CandidateSource
from docsearch.domain.wording import FIRST_STAGES, mix
from docsearch.presentation.cells import fit, one_line, pad, rule, shorten
from docsearch.presentation.pieces import Line, Piece, Role, width_of
from docsearch.tui.weights.state import FULL_WEIGHT, Dial, Preset, WeightsState

PANEL_LINES = len(Dial) + 2

_NAME_CELLS = 13
_MOST_SLIDER_CELLS = 40
_KEYS = (("↑ ↓", "choose"), ("← →", "turn"), ("Enter", "keep"), ("Esc", "as it was"))


def panel_lines(
    knob: WeightsState, reranker: str, source: CandidateSource, cells: int
) -> tuple[Line, ...]:
    """A title that says what makes the order, a line for each dial, and the keys."""
    lines = [_title(mix(one_line(reranker), knob.fusion, source), cells)]
    for dial, drawn in _drawn(knob, source, cells - _NAME_CELLS - 2).items():
        name = FIRST_STAGES[source] if dial is Dial.FIRST_STAGE else _NAMES[dial]
        here = dial is knob.dial
        mark = Piece("▸ " if here else "  ", Role.STRONG)
        named = Piece(pad(name, _NAME_CELLS), Role.STRONG if here else Role.MUTED)
        lines.append(fit((mark, named, *drawn), cells))
    keys = (piece for key, what in _KEYS for piece in _key(key, what))
    return (*lines, fit(tuple(keys), cells))


_NAMES = {
    Dial.PRESET: "order by",
    Dial.RERANKER: "reranker",
    Dial.RECENCY: "recency",
    Dial.BLEND: "adding up",
    Dial.K: "RRF k",
    Dial.HALF_LIFE: "half-life",
}


def _title(made_of: str, cells: int) -> Line:
    words = Piece(shorten(f" {made_of} ", max(0, cells - 4)), Role.AFTER)
    left = (*rule(2), words)
    return fit((*left, *rule(max(0, cells - width_of(left)))), cells)


def _key(key: str, what: str) -> Line:
    return Piece(f" {key} ", Role.KEY), Piece(f"{what} ", Role.MUTED)


def _drawn(knob: WeightsState, source: CandidateSource, cells: int) -> dict[Dial, Line]:
    """Where each dial stands."""
    fusion = knob.fusion
    presets = {
        Preset.USUAL: "reranker's default",
        Preset.FIRST_STAGE: FIRST_STAGES[source],
        Preset.BOTH_BY_RANKS: "RRF of both",
        Preset.RERANKER: "cross-encoder",
    }
    blends = {Blend.SCORES: "z-scores", Blend.RANKS: "reciprocal ranks"}
    by_ranks = fusion.blend is Blend.RANKS
    ages = bool(fusion.recency) and not by_ranks
    days = f"{fusion.half_life_days:g} days"
    return {
        Dial.PRESET: _choices({presets[each]: each is knob.preset for each in Preset}),
        Dial.RERANKER: _slider(fusion.reranker, Role.AFTER, cells),
        Dial.FIRST_STAGE: _slider(fusion.first_stage, Role.BEFORE, cells),
        Dial.RECENCY: _slider(fusion.recency, Role.HEADING, cells),
        Dial.BLEND: _choices({blends[each]: each is fusion.blend for each in Blend}),
        Dial.K: _number(str(fusion.k), "" if by_ranks else "with reciprocal ranks only"),
        Dial.HALF_LIFE: _number(days, "" if ages else "with z-scores of recency only"),
    }


def _choices(names: dict[str, bool]) -> Line:
    return tuple(
        Piece(f" {name} ", Role.CHIP if chosen else Role.MUTED) for name, chosen in names.items()
    )


def _number(value: str, unused: str) -> Line:
    if not unused:
        return (Piece(f" {value}", Role.STRONG),)
    return Piece(f" {value}", Role.FAINT), Piece(f"  {unused}", Role.FAINT)


def _slider(weight: float, role: Role, cells: int) -> Line:
    number = f" {weight:g}"
    length = min(_MOST_SLIDER_CELLS, max(0, cells - 6))
    return (Piece(" "), *rule(length, weight / FULL_WEIGHT, role), Piece(number, Role.STRONG))
