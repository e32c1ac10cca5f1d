"""How good an order is, and how sure we are that one is better than another.

In: rankings and grades. Out: NDCG@10 of each query, means, paired bootstrap intervals.
Does not know: models or texts.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import ir_measures
import numpy as np

from training.arrays import DoubleArray
from training.first_stage import Ranking

RESAMPLES = 5_000


@dataclass(frozen=True)
class Difference:
    """A mean difference with its 95% interval."""

    mean: float
    low: float
    high: float

    def __str__(self) -> str:
        return f"{self.mean:+.3f} [{self.low:+.3f}, {self.high:+.3f}]"


def ndcg_at_10(ranking: Ranking, grades: dict[str, dict[str, int]]) -> DoubleArray:
    """One value for each query of the ranking, in its order."""
    measured = ir_measures.iter_calc([ir_measures.nDCG @ 10], grades, ranking)
    of_query = {metric.query_id: metric.value for metric in measured}
    return np.array([of_query[query_id] for query_id in ranking])


def paired_difference(ours: DoubleArray, theirs: DoubleArray, seed: int) -> Difference:
    """The mean of ours - theirs over the queries of one set."""
    return mean_difference([ours - theirs], seed)


def mean_difference(differences: Sequence[DoubleArray], seed: int) -> Difference:
    """The mean of the sets' mean differences; queries are drawn again within their sets."""
    draw = np.random.default_rng(seed)
    resampled = np.mean(
        [
            values[draw.integers(len(values), size=(RESAMPLES, len(values)))].mean(axis=1)
            for values in differences
        ],
        axis=0,
    )
    low, high = np.quantile(resampled, [0.025, 0.975])
    return Difference(
        float(np.mean([values.mean() for values in differences])), float(low), float(high)
    )
