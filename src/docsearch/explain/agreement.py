"""How far two orders agree, as one number.

In: two numbers for each item, or two rankings. Out: Kendall's tau, rank-biased overlap. Does not
know what is ranked, or by whom.
"""

from __future__ import annotations

import math
from collections.abc import Hashable, Sequence
from itertools import combinations

PERSISTENCE = 0.9
"""Each rank weighs 0.9 of the one above it: the first ten hold 86% of the weight of rank-biased
overlap (Webber, Moffat and Zobel 2010)."""


def kendall_tau(first: Sequence[float], second: Sequence[float]) -> float:
    """Kendall's tau-b of two numbers (ranks or scores) for each item, in [-1, 1].

    1 is the same order, -1 the reverse. Equal numbers are ties: such a pair agrees with nothing,
    and is not held against either side (Kendall, "The treatment of ties in ranking problems",
    Biometrika 1945). Where a side orders nothing, tau-b is not defined; it is then 1 if neither
    does, else 0. Takes time in the square of the length. Raises ValueError for lengths that differ.
    """
    concordance = ordered = ordered_too = 0
    for (one, two), (other_one, other_two) in combinations(zip(first, second, strict=True), 2):
        here, there = _sign(one, other_one), _sign(two, other_two)
        concordance += here * there
        ordered += here * here
        ordered_too += there * there
    if not ordered or not ordered_too:
        return 1.0 if ordered == ordered_too else 0.0
    return concordance / math.sqrt(ordered * ordered_too)


def rank_biased_overlap(
    first: Sequence[Hashable], second: Sequence[Hashable], p: float = PERSISTENCE
) -> float:
    """The extrapolated rank-biased overlap of two rankings, in [0, 1]; best first.

    Equation 32 of Webber, Moffat and Zobel, "A similarity measure for indefinite rankings" (ACM
    TOIS 28:4, 2010): the agreement of the shorter ranking is taken to go on to the longer one's
    end, and theirs together for ever. Rankings are strict, so whoever has ties breaks them first.
    Two empty rankings agree, an empty one agrees with no other. Raises ValueError for a `p` outside
    (0, 1) or an item named twice.
    """
    if not 0 < p < 1:
        raise ValueError(f"p must lie between 0 and 1, not at {p}")
    if len(set(first)) < len(first) or len(set(second)) < len(second):
        raise ValueError("a ranking names an item twice")
    short, long = sorted((first, second), key=len)
    if not short:
        return 0.0 if long else 1.0
    overlaps = _overlaps(short, long)
    in_short = overlaps[len(short) - 1]
    total, weight, agreement = 0.0, 1 - p, 0.0
    for depth, overlap in enumerate(overlaps, start=1):
        beyond = max(0, depth - len(short))
        agreement = (overlap + in_short * beyond / len(short)) / depth
        total += weight * agreement
        weight *= p
    # The weights of all depths beyond the last sum to p ** depth.
    return min(1.0, total + p ** len(long) * agreement)


def _overlaps(short: Sequence[Hashable], long: Sequence[Hashable]) -> list[int]:
    """How many items the two share down to each depth of the longer one."""
    seen: set[Hashable] = set()
    shared, counts = 0, []
    for depth, item in enumerate(long):
        for each in (item, *short[depth : depth + 1]):
            shared += each in seen
            seen.add(each)
        counts.append(shared)
    return counts


def _sign(one: float, other: float) -> int:
    return (one > other) - (one < other)
