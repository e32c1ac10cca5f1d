"""How long one thing takes that is done many times, and the one rule for its percentiles.

In: seconds. Out: percentiles in seconds. Does not know what was timed.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


def percentile(values: Sequence[float], percent: float) -> float:
    """The value that `percent` of them, in [0, 100], are at most; between two, in proportion.

    Definition 7 of Hyndman and Fan, "Sample Quantiles in Statistical Packages" (The American
    Statistician 50, 1996), the default of NumPy and R: the screen, `eval` and `bench` all use it.
    Of few values the high percentiles say little more than the largest. Raises ValueError for none.
    """
    if not values:
        raise ValueError("there is no percentile of nothing")
    ranked = sorted(values)
    place = percent / 100 * (len(ranked) - 1)
    below = min(int(place), len(ranked) - 1)
    above = min(below + 1, len(ranked) - 1)
    return ranked[below] + (place - below) * (ranked[above] - ranked[below])


@dataclass(frozen=True)
class Latencies:
    """The latest totals in seconds, oldest first; at most `KEPT` of them."""

    KEPT = 1000
    totals: tuple[float, ...] = ()

    @property
    def count(self) -> int:
        """How many searches have ended."""
        return len(self.totals)

    def and_one(self, seconds: float) -> Latencies:
        """These and one more."""
        return Latencies((*self.totals, seconds)[-self.KEPT :])

    def percentile(self, percent: float) -> float:
        """In seconds; ValueError where no search has ended."""
        return percentile(self.totals, percent)
