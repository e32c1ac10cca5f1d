"""Several orders made into one: reciprocal rank fusion.

In: rankings of ids, best first. Out: one ranking with its scores. Does not know what the ids are or
what ranked them; scores of the single rankings play no part, so their units need not agree.
"""

from __future__ import annotations

import math
from collections.abc import Hashable, Sequence
from typing import TypeVar

RRF_K = 60
"""The constant of Cormack, Clarke and Büttcher, "Reciprocal Rank Fusion outperforms Condorcet and
individual Rank Learning Methods" (SIGIR 2009), where it was found to work over many collections."""

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
