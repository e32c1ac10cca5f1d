"""Times of one thing done many times, as figures: percentiles, and ratios to another thing.

In: seconds. Out: `Figure` values, in milliseconds or as ratios. Does not know what was timed.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from docsearch.domain.benchmark import Figure
from docsearch.domain.latencies import percentile

PERCENTILES = {"p50": 50, "p95": 95, "p99": 99}
FASTER = "times as fast"

Name = tuple[str, ...]


def latencies(name: Name, seconds: Sequence[float]) -> Iterator[Figure]:
    """P50, P95 and P99 in milliseconds, each under `name` and the percentile's own."""
    for point, share in PERCENTILES.items():
        yield Figure((*name, point), 1000 * percentile(seconds, share), "ms")


def times_as_fast(
    name: Name, seconds: Sequence[float], baseline: Name, of_baseline: Sequence[float]
) -> Figure:
    """How many times as fast as the baseline: the ratio of the medians, above 1 for faster."""
    ratio = percentile(of_baseline, 50) / percentile(seconds, 50)
    reference = " · ".join((*baseline, "p50"))
    return Figure((*name, FASTER), ratio, "x", higher_is_better=True, baseline=reference)
