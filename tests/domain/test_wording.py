"""Numbers as people read them."""

from __future__ import annotations

import pytest

from docsearch.domain.query import CandidateSource
from docsearch.domain.wording import after_score, before_score, duration, plural, size


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (0.0, "0.0 ms"),
        (0.00042, "0.4 ms"),
        (0.0123, "12 ms"),
        (0.9994, "999 ms"),
        (0.9996, "1.00 s"),
        (1.239, "1.24 s"),
        (12.4, "12 s"),
        (131, "2 min"),
        (7500, "2 h 05 min"),
    ],
)
def test_durations(seconds: float, text: str) -> None:
    assert duration(seconds) == text


@pytest.mark.parametrize(
    ("count", "text"),
    [(512, "512 B"), (1800, "1.8 kB"), (90_900_000, "91 MB"), (2_271_000_000, "2.3 GB")],
)
def test_sizes(count: int, text: str) -> None:
    assert size(count) == text


def test_counts_and_scores() -> None:
    assert plural(1, "file") == "1 file"
    assert plural(12_345, "batch", "batches") == "12,345 batches"
    assert before_score(0.7123, CandidateSource.DENSE) == "0.712"
    assert before_score(17.26, CandidateSource.BM25) == "17.3"
    assert after_score(6.641) == "+6.64"
    assert after_score(-0.8) == "-0.80"
