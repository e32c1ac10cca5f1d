"""Numbers of different units made comparable, so that orders can be made into one.

In: rankings, or the numbers of one voice on several passages. Out: reciprocal ranks, z-scores,
recencies. Does not know what is ranked, or who ranked it.
"""

from __future__ import annotations

import math
from collections.abc import Hashable, Sequence
from typing import TypeVar

RRF_K = 60
"""The constant of Cormack, Clarke and Büttcher, "Reciprocal Rank Fusion outperforms Condorcet and
individual Rank Learning Methods" (SIGIR 2009), where it was found to work over many collections."""

SAME = 1e-12
"""Values that spread less than this, relative to their mean, are taken for equal."""

DAY_SECONDS = 86_400.0

Id = TypeVar("Id", bound=Hashable)


def reciprocal_rank_fusion(
    rankings: Sequence[Sequence[Id]], k: int = RRF_K
) -> list[tuple[Id, float]]:
    """Every id of any ranking with the sum of 1 / (k + its rank) over the rankings, best first.

    Ranks count from 1; an id is named at most once in a ranking. Equal sums keep the order of first
    sight: those of the first ranking, in its order, then those of the second.
    """
    parts: dict[Id, list[float]] = {}
    for ranking in rankings:
        for rank, each in enumerate(ranking, start=1):
            parts.setdefault(each, []).append(1 / (k + rank))
    sums = [(each, math.fsum(terms)) for each, terms in parts.items()]
    return sorted(sums, key=lambda pair: -pair[1])


def reciprocal_ranks(values: Sequence[float], k: int = RRF_K) -> list[float]:
    """1 / (k + rank) of each value, the highest ranked 1; equal values share the better rank."""
    rank_of: dict[float, int] = {}
    for rank, value in enumerate(sorted(values, reverse=True), start=1):
        rank_of.setdefault(value, rank)
    return [1 / (k + rank_of[value]) for value in values]


def standardised(values: Sequence[float]) -> list[float]:
    """Each value in standard deviations from the mean (z-score); all 0 where none differs."""
    mean = math.fsum(values) / len(values)
    spread = math.sqrt(math.fsum((value - mean) ** 2 for value in values) / len(values))
    if spread <= SAME * max(1.0, abs(mean)):
        return [0.0] * len(values)
    return [(value - mean) / spread for value in values]


def recencies(written: Sequence[float], now: float, half_life_days: float) -> list[float]:
    """1 for a file written at `now` or later, half of that for each half-life of age.

    `written` and `now` are seconds since the epoch.
    """
    ages = [max(0.0, now - when) / DAY_SECONDS for when in written]
    return [0.5 ** (age / half_life_days) for age in ages]
