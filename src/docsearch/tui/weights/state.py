"""The weights of the voices as dials that a person turns, and presets of all of them.

In: steps of the arrow keys. Out: the next `WeightsState`, a frozen value. Does not know what is
ranked, nor how the dials are drawn.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TypeVar

from docsearch.domain.fusion import Blend, Fusion

Number = TypeVar("Number", int, float)

FULL_WEIGHT = 2.0
"""Where the slider of a weight ends; only the proportions of the weights count."""

_STEP = 0.1
_KS = (1, 2, 5, 10, 20, 40, 60, 80, 100, 200, 500, 1000)
_HALF_LIVES = (1.0, 3.0, 7.0, 14.0, 30.0, 60.0, 90.0, 180.0, 365.0, 730.0, 1825.0, 3650.0)


class Dial(StrEnum):
    """What can be turned, from top to bottom; the weights by the fields of `Fusion`."""

    PRESET = "preset"
    RERANKER = "reranker"
    FIRST_STAGE = "first_stage"
    RECENCY = "recency"
    BLEND = "blend"
    K = "k"
    HALF_LIFE = "half_life_days"


class Preset(StrEnum):
    """A setting of all dials at once; USUAL is what the settings say of the reranker."""

    USUAL = "usual"
    FIRST_STAGE = "first stage"
    BOTH_BY_RANKS = "RRF of both"
    RERANKER = "reranker"


@dataclass(frozen=True)
class WeightsState:
    """`chosen` makes the order, None for `usual`; `dial` is the one that is turned."""

    usual: Fusion
    chosen: Fusion | None = None
    dial: Dial = Dial.PRESET

    @property
    def fusion(self) -> Fusion:
        """What makes the order."""
        return self.chosen or self.usual

    @property
    def preset(self) -> Preset | None:
        """The preset in force, None where the dials stand otherwise."""
        if self.chosen is None:
            return Preset.USUAL
        named = [each for each in Preset if self._preset(each) == self.chosen]
        return named[0] if named else None

    def moved(self, rows: int) -> WeightsState:
        """On the dial `rows` further down, stopping at the ends."""
        dials = list(Dial)
        at = dials.index(self.dial) + rows
        return replace(self, dial=dials[min(len(dials) - 1, max(0, at))])

    def turned(self, steps: int) -> WeightsState:
        """The dial turned to the right, to the left for steps below 0."""
        if self.dial is Dial.PRESET:
            return replace(self, chosen=self._preset(self._next_preset(steps)))
        now = self.fusion
        match self.dial:
            case Dial.BLEND:
                other = Blend.SCORES if now.blend is Blend.RANKS else Blend.RANKS
                chosen = replace(now, blend=other)
            case Dial.K:
                chosen = replace(now, k=_next(_KS, now.k, steps))
            case Dial.HALF_LIFE:
                chosen = replace(now, half_life_days=_next(_HALF_LIVES, now.half_life_days, steps))
            case Dial.RERANKER:
                chosen = replace(now, reranker=_slid(now.reranker, steps))
            case Dial.FIRST_STAGE:
                chosen = replace(now, first_stage=_slid(now.first_stage, steps))
            case Dial.RECENCY:
                chosen = replace(now, recency=_slid(now.recency, steps))
        return replace(self, chosen=chosen)

    def _preset(self, preset: Preset) -> Fusion | None:
        """The dials of a preset; how ranks and ages are counted stays."""
        none = replace(self.fusion, reranker=0.0, first_stage=0.0, recency=0.0, blend=Blend.SCORES)
        return {
            Preset.USUAL: None,
            Preset.FIRST_STAGE: replace(none, first_stage=1.0),
            Preset.BOTH_BY_RANKS: replace(none, reranker=1.0, first_stage=1.0, blend=Blend.RANKS),
            Preset.RERANKER: replace(none, reranker=1.0),
        }[preset]

    def _next_preset(self, steps: int) -> Preset:
        presets = list(Preset)
        if self.preset is None:
            return presets[0 if steps > 0 else -1]
        return presets[(presets.index(self.preset) + steps) % len(presets)]


def _slid(weight: float, steps: int) -> float:
    """A weight given by the settings may be beyond the slider's end; then it only goes down."""
    return min(max(FULL_WEIGHT, weight), max(0.0, round(weight + _STEP * steps, 2)))


def _next(ladder: Sequence[Number], value: Number, steps: int) -> Number:
    """The next rung above the value, or below it; the value itself beyond the last."""
    at = bisect_right(ladder, value) if steps > 0 else bisect_left(ladder, value) - 1
    return ladder[at] if 0 <= at < len(ladder) else value
