"""A 0-1 form for the logits: Platt scaling on judged pairs, and how reliable it is.

In: logits, and whether each pair was judged relevant. Out: slope and offset, and a table of
predicted against observed.
Does not know: which model or which passages the logits belong to.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from docsearch.models.segment.cross_encoder import Calibration
from training.arrays import BoolArray, DoubleArray
from training.table import Reranked

NEWTON_STEPS = 50


@dataclass(frozen=True)
class JudgedLogits:
    """Pairs of all sets; `weights` gives every set the same say, however many pairs it has."""

    logits: DoubleArray
    relevant: BoolArray
    weights: DoubleArray


@dataclass(frozen=True)
class ReliabilityBin:
    """Pairs whose predicted probability falls into the same tenth."""

    predicted: float
    observed: float
    weight: float


def judged_logits(sets: Sequence[Reranked]) -> JudgedLogits:
    """Every reranked pair; a passage without a positive grade is irrelevant, as for NDCG."""
    logits, relevant, weights = [], [], []
    for done in sets:
        pairs = [
            (logit, done.grades[query_id].get(passage_id, 0) > 0)
            for query_id, ranked in done.second_stage.items()
            for passage_id, logit in ranked.items()
        ]
        logits += [logit for logit, _ in pairs]
        relevant += [positive for _, positive in pairs]
        weights += [1 / len(pairs) / len(sets)] * len(pairs)
    return JudgedLogits(np.array(logits), np.array(relevant), np.array(weights))


def fit(judged: JudgedLogits) -> Calibration:
    """The slope and offset of least weighted log loss, by Newton's method."""
    mean, spread = judged.logits.mean(), judged.logits.std()
    inputs = np.stack([(judged.logits - mean) / spread, np.ones_like(judged.logits)], axis=1)
    beta = np.zeros(2)
    for _ in range(NEWTON_STEPS):
        predicted = 1 / (1 + np.exp(-inputs @ beta))
        gradient = inputs.T @ (judged.weights * (predicted - judged.relevant))
        curvature = (inputs * (judged.weights * predicted * (1 - predicted))[:, None]).T @ inputs
        beta -= np.linalg.solve(curvature, gradient)
    slope = beta[0] / spread
    return Calibration(slope=float(slope), offset=float(beta[1] - slope * mean))


def reliability(
    judged: JudgedLogits, calibration: Calibration, bins: int = 10
) -> list[ReliabilityBin]:
    """Predicted and observed shares of relevant pairs, in each tenth that has pairs."""
    predicted = 1 / (1 + np.exp(-(calibration.slope * judged.logits + calibration.offset)))
    places = np.minimum((predicted * bins).astype(int), bins - 1)
    table = []
    for place in np.unique(places):
        inside = places == place
        weights = judged.weights[inside]
        table.append(
            ReliabilityBin(
                predicted=float(np.average(predicted[inside], weights=weights)),
                observed=float(np.average(judged.relevant[inside], weights=weights)),
                weight=float(weights.sum()),
            )
        )
    return table


def calibration_error(table: Sequence[ReliabilityBin]) -> float:
    """The expected distance between predicted and observed, over the bins."""
    return sum(row.weight * abs(row.predicted - row.observed) for row in table)
