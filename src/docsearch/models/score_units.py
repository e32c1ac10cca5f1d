"""The 0-1 form of a cross-encoder's number.

In: a number. Out: one from 0 to 1, in the same order. Does not know the model.
"""

from __future__ import annotations

import math
from collections.abc import Callable

from docsearch.domain.model import ScoreKind


def unit_of(kind: ScoreKind | None) -> Callable[[float], float]:
    """The 0-1 form of numbers of this kind: a probability is its own, others have their sigmoid."""
    return _probability if kind is ScoreKind.PROBABILITY else sigmoid


def sigmoid(number: float) -> float:
    """1 / (1 + exp(-number)), in a form that cannot overflow."""
    return 0.5 * (1.0 + math.tanh(number / 2.0))


def _probability(number: float) -> float:
    return min(1.0, max(0.0, number))
