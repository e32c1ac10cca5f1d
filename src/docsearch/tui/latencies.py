"""How long the searches of this session took.

In: total seconds, one search at a time. Out: percentiles. Does not know which searches they were.
"""

from __future__ import annotations

import math
from dataclasses import dataclass


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
        """The nearest-rank percentile in seconds; ValueError when there is none."""
        if not self.totals:
            raise ValueError("no search has ended")
        place = max(1, math.ceil(percent / 100 * self.count))
        return sorted(self.totals)[place - 1]
