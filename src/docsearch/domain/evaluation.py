"""What an evaluation found: how good each order is by the judgments, and how sure that is.

In: nothing. Out: `Evaluation` and its parts. Does not know how anything is measured or shown.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from docsearch.domain.fusion import Fusion
from docsearch.domain.judgment import Level

MAIN_MEASURE = "NDCG@10"
MEASURES = (MAIN_MEASURE, "RR@10", "R@50", "P@5")
"""NDCG@10 decides; RR@10 is the reciprocal rank, whose mean is MRR@10."""


@dataclass(frozen=True, slots=True)
class Interval:
    """A mean over queries with its 95% interval; `low` and `high` are None for a single query."""

    mean: float
    low: float | None
    high: float | None


@dataclass(frozen=True, slots=True)
class Paired:
    """One order against another over the same queries, by NDCG@10.

    `p` is the chance of a mean difference as far from 0 if none existed, `adjusted` the same once
    corrected for how many orders were tried. Queries are `better`, `worse` or the `same`.
    """

    gain: Interval
    p: float
    adjusted: float
    better: int
    worse: int
    same: int


class Finding(StrEnum):
    """What the judgments can tell of one order against another."""

    HELPS = "helps"
    HURTS = "hurts"
    UNDECIDED = "no difference shown"


@dataclass(frozen=True, slots=True)
class Latency:
    """Seconds of a search at three percentiles, over the `queries` that were timed."""

    p50: float
    p95: float
    p99: float
    queries: int


@dataclass(frozen=True, slots=True)
class Contender:
    """One way to make an order. `reranker` is None for the first stage's own.

    `source` is a `CandidateSource`, or empty for a run that was made elsewhere; `fusion` is how the
    order is made of the reranker's scores, and `is_default` whether docsearch shows it unasked.
    """

    name: str
    source: str = ""
    reranker: str | None = None
    fusion: Fusion = field(default=Fusion())
    is_default: bool = False


@dataclass(frozen=True, slots=True)
class Row:
    """One contender: a mean of each measure by its name, and how it stands to its baseline.

    `judged` of `shown` places in the top tens have a grade. `against` is None for a baseline.
    """

    contender: Contender
    measures: Mapping[str, Interval]
    judged: int
    shown: int
    against: Paired | None = None
    finding: Finding | None = None
    verdict: str | None = None
    latency: Latency | None = None


@dataclass(frozen=True, slots=True)
class Moved:
    """A judged document of one query with its places, from 1, before and after; None is beyond."""

    document: str
    grade: int
    before: int | None
    after: int | None


@dataclass(frozen=True, slots=True)
class Change:
    """A query whose NDCG@10 changed, and the judged documents that moved most in it."""

    query_id: str
    query: str
    gain: float
    moved: tuple[Moved, ...]


@dataclass(frozen=True, slots=True)
class Evaluation:
    """The whole of it.

    `gained` and `lost` are the queries of contender `changes_of` that changed most, by its place in
    `rows`; None where nothing was compared. `in_tops` is how many of the documents in the top tens
    of what is compared have a grade, and how many those are, each counted once a query; `warning`
    is told where too few have one. `notices` say what else the reader must know. `settings` are
    those that the figures depend on, as text.
    """

    origin: str
    level: Level
    queries: int
    judgments: int
    condensed: bool
    rows: tuple[Row, ...]
    changes_of: int | None = None
    gained: tuple[Change, ...] = ()
    lost: tuple[Change, ...] = ()
    in_tops: tuple[int, int] = (0, 0)
    warning: str | None = None
    notices: tuple[str, ...] = ()
    settings: Mapping[str, str] = field(default_factory=dict)

    @property
    def notes(self) -> tuple[str, ...]:
        """All that must be said beside the figures."""
        return self.notices if self.warning is None else (*self.notices, self.warning)
