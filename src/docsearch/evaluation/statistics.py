"""How sure a mean over queries is, and whether one order is better than another.

In: values by query, a column for each order. Out: 95% intervals, p-values, corrected p-values.
Every draw is seeded: the same values give the same answer. Does not know what was measured.

Intervals are the bootstrap's percentiles over the queries, widened for few of them as in
Hesterberg, "What Teachers Should Know About the Bootstrap" (The American Statistician, 2015): the
plain ones cover too little. Differences are tested by randomization: where neither order is better,
the sign of each query's difference is a coin's (Smucker, Allan and Carterette, CIKM 2007). Holm's
correction (Scandinavian Journal of Statistics, 1979) keeps the chance of any false alarm at the
level, however many orders are tried.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from statistics import NormalDist

import numpy as np
from numpy.typing import NDArray

from docsearch.domain.evaluation import Finding, Interval, Paired

LEVEL = 0.05
"""Of false alarms, and what the intervals leave out."""

SEED = 1
RESAMPLES = 10_000
SAME = 1e-9
"""Values that differ by less are the same."""

_EXACT = 12
"""Up to so many queries that differ, every pattern of signs is tried."""
_CELLS = 2_000_000

Matrix = NDArray[np.float64]
"""Shape (queries, orders)."""

Values = NDArray[np.float64]
"""Shape (queries,)."""


def intervals(values: Matrix, seed: int = SEED, resamples: int = RESAMPLES) -> list[Interval]:
    """The mean of each column with its interval; the same queries are drawn for all columns."""
    queries = len(values)
    means = [float(each) for each in values.mean(axis=0)]
    if queries < 2:
        return [Interval(mean, None, None) for mean in means]
    draw = np.random.default_rng(seed)
    shares = np.full(queries, 1 / queries)
    resampled = np.concatenate(
        [
            draw.multinomial(queries, shares, size=size) @ values / queries
            for size in _batches(resamples, queries)
        ]
    )
    tail = _tail(queries)
    lows, highs = np.quantile(resampled, [tail, 1 - tail], axis=0)
    return [
        Interval(mean, float(low), float(high))
        for mean, low, high in zip(means, lows, highs, strict=True)
    ]


def p_values(differences: Matrix, seed: int = SEED, resamples: int = RESAMPLES) -> list[float]:
    """For each column the chance of a mean as far from 0, were the signs of its values chance."""
    found = []
    for at, column in enumerate(differences.T):
        differ = column[np.abs(column) > SAME]
        few = len(differ) <= _EXACT
        found.append(_exact(differ) if few else _drawn(differ, [seed, at], resamples))
    return found


def holm(p: Sequence[float]) -> list[float]:
    """Each p-value corrected for their number: at most LEVEL where it still counts."""
    adjusted = [1.0] * len(p)
    worst = 0.0
    for rank, at in enumerate(sorted(range(len(p)), key=lambda at: p[at])):
        worst = max(worst, min(1.0, (len(p) - rank) * p[at]))
        adjusted[at] = worst
    return adjusted


def paired(after: Matrix, before: Matrix, seed: int = SEED) -> list[Paired]:
    """Each column of `after` against the same column of `before`."""
    differences = after - before
    gains, chances = intervals(differences, seed), p_values(differences, seed)
    return [
        Paired(
            gain,
            p,
            adjusted,
            better=int(np.sum(column > SAME)),
            worse=int(np.sum(column < -SAME)),
            same=int(np.sum(np.abs(column) <= SAME)),
        )
        for gain, p, adjusted, column in zip(
            gains, chances, holm(chances), differences.T, strict=True
        )
    ]


def finding(compared: Paired) -> Finding:
    """What may be said: a difference only where test and interval both show one."""
    low, high = compared.gain.low, compared.gain.high
    if low is None or high is None or compared.adjusted > LEVEL:
        return Finding.UNDECIDED
    if low > 0:
        return Finding.HELPS
    return Finding.HURTS if high < 0 else Finding.UNDECIDED


def _tail(queries: int) -> float:
    """The percentile to take in place of LEVEL / 2."""
    widened = _student(queries - 1) * math.sqrt(queries / (queries - 1))
    return NormalDist().cdf(-widened)


def _student(freedom: int) -> float:
    """The upper LEVEL / 2 point of Student's t.

    Exact for 1 and 2 degrees of freedom, else Abramowitz and Stegun 26.7.5, good to 0.02 for 3 and
    to 0.001 from 6 on.
    """
    tail = LEVEL / 2
    if freedom == 1:
        return 1 / math.tan(math.pi * tail)
    if freedom == 2:
        return (1 - 2 * tail) * math.sqrt(2 / (4 * tail * (1 - tail)))
    x = NormalDist().inv_cdf(1 - tail)
    terms = (
        (x**3 + x) / 4,
        (5 * x**5 + 16 * x**3 + 3 * x) / 96,
        (3 * x**7 + 19 * x**5 + 17 * x**3 - 15 * x) / 384,
        (79 * x**9 + 776 * x**7 + 1482 * x**5 - 1920 * x**3 - 945 * x) / 92160,
    )
    return x + sum(term / float(freedom) ** power for power, term in enumerate(terms, start=1))


def _exact(differ: Values) -> float:
    patterns = np.arange(2 ** len(differ))
    signs = 1 - 2 * ((patterns[:, None] >> np.arange(len(differ))) & 1)
    return float(np.mean(np.abs(signs @ np.abs(differ)) >= abs(differ.sum()) - SAME))


def _drawn(differ: Values, seed: Sequence[int], resamples: int) -> float:
    draw = np.random.default_rng(seed)
    least = float(abs(differ.sum())) - SAME
    as_far = 0
    for size in _batches(resamples, len(differ)):
        signs = draw.integers(0, 2, size=(size, len(differ)), dtype=np.int8) * 2 - 1
        as_far += int(np.sum(np.abs(signs @ differ) >= least))
    # The pattern that was seen counts as drawn: so the test is never too sure (Phipson and Smyth).
    return (as_far + 1) / (resamples + 1)


def _batches(total: int, width: int) -> list[int]:
    """`total` rows in parts that fit in memory at this width."""
    size = max(1, _CELLS // max(1, width))
    return [min(size, total - start) for start in range(0, total, size)]
