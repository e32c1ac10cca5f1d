"""How far the orders of several rerankers agree, and the first stage's with each of them.

In: a comparison. Out: the agreement of each two of its whole orders. Compares places, never scores.
"""

from __future__ import annotations

from itertools import combinations
from typing import cast

from docsearch.domain.comparison import Agreement, Comparison
from docsearch.explain.agreement import kendall_tau, rank_biased_overlap

Places = tuple[int, ...]
"""Of each candidate, from 1, in the candidates' order."""


def agreements(comparison: Comparison) -> tuple[Agreement, ...]:
    """Of each two orders whose every candidate has a place; the first stage's is one of them.

    Those that the comparison knows already stand: an order that is whole does not change. Takes
    time in the square of the number of candidates.
    """
    orders: list[tuple[str | None, Places]] = [
        (each.reranker, cast("Places", each.ranks)) for each in comparison.columns if each.is_whole
    ]
    if not comparison.candidates:
        return ()
    orders.insert(0, (None, tuple(each.rank for each in comparison.candidates)))
    return tuple(
        comparison.agreement(one, other)
        or Agreement(
            one, other, kendall_tau(here, there), rank_biased_overlap(_best(here), _best(there))
        )
        for (one, here), (other, there) in combinations(orders, 2)
    )


def _best(places: Places) -> list[int]:
    """Positions of the candidates, best place first."""
    return sorted(range(len(places)), key=places.__getitem__)
