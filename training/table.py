"""The table of a reranker's gains: one row a judged set, and the mean over the sets.

In: for every set its grades and the two stages' rankings. Out: Markdown.
Does not know: how the rankings were made.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from training.arrays import DoubleArray
from training.first_stage import Ranking
from training.metrics import mean_difference, ndcg_at_10, paired_difference
from training.rerank import fuse

HEADER = (
    "| set | queries | first stage | model alone | gain [95%] | fused | gain [95%] |\n"
    "|---|---|---|---|---|---|---|\n"
)


@dataclass(frozen=True)
class Reranked:
    """One judged set after both stages."""

    name: str
    grades: dict[str, dict[str, int]]
    first_stage: Ranking
    second_stage: Ranking


@dataclass(frozen=True)
class _Measured:
    first: DoubleArray
    alone: DoubleArray
    fused: DoubleArray


def gains_table(sets: Sequence[Reranked], first_weight: float, seed: int) -> str:
    """NDCG@10 of the first stage, the model alone and both fused, with bootstrap intervals."""
    rows = []
    measured = []
    for done in sets:
        values = _measure(done, first_weight)
        measured.append(values)
        alone = paired_difference(values.alone, values.first, seed)
        fused = paired_difference(values.fused, values.first, seed)
        rows.append(
            f"| {done.name} | {len(values.first)} | {values.first.mean():.3f} "
            f"| {values.alone.mean():.3f} | {alone} | {values.fused.mean():.3f} | {fused} |"
        )
    first, alone_mean, fused_mean = (
        np.mean([getattr(values, order).mean() for values in measured])
        for order in ("first", "alone", "fused")
    )
    alone = mean_difference([values.alone - values.first for values in measured], seed)
    fused = mean_difference([values.fused - values.first for values in measured], seed)
    rows.append(
        f"| mean | | {first:.3f} | {alone_mean:.3f} | {alone} | {fused_mean:.3f} | {fused} |"
    )
    return HEADER + "\n".join(rows)


def _measure(done: Reranked, first_weight: float) -> _Measured:
    return _Measured(
        ndcg_at_10(done.first_stage, done.grades),
        ndcg_at_10(done.second_stage, done.grades),
        ndcg_at_10(fuse(done.first_stage, done.second_stage, first_weight), done.grades),
    )
