"""The two orders, before and after, and how a result moved between them.

In: nothing. Out: candidates, scores, hits, timings and the events of a search.
Does not know where candidates come from or which model scored them.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from docsearch.domain.document import StoredChunk
from docsearch.domain.fusion import Fusion, Voices
from docsearch.domain.query import CandidateSource, Query


@dataclass(frozen=True, slots=True)
class Candidate:
    """A chunk of the first stage: `rank` from 1, `score` in the source's own units.

    Cosine in [-1, 1] for dense; BM25 (higher is better, unbounded) for BM25; the reciprocal rank
    sum for hybrid.
    """

    passage: StoredChunk
    rank: int
    score: float


@dataclass(frozen=True, slots=True)
class RerankScore:
    """What the cross-encoder said of one (query, passage) pair.

    `raw` is the model's own number (a logit for most), `unit` its form in [0, 1]. Scores of
    different models must not be compared, only the orders they give. A pair longer than the
    model's window was read in `windows` overlapping windows; the score is that of the best,
    `best_window` (from 0).
    """

    raw: float
    unit: float
    windows: int = 1
    best_window: int = 0


@dataclass(frozen=True, slots=True)
class RankedHit:
    """One result with its place in both orders; ranks count from 1.

    `after_rank` and `rerank` are None while it has not been reranked, or when the reranker is off.
    `voices` is what it is ranked by, None where that is the reranker's raw score alone.
    """

    passage: StoredChunk
    before_rank: int
    before_score: float
    after_rank: int | None = None
    rerank: RerankScore | None = None
    voices: Voices | None = None

    @property
    def movement(self) -> int | None:
        """Places gained by reranking: positive is up, 0 is unmoved, None is not reranked."""
        return None if self.after_rank is None else self.before_rank - self.after_rank

    @property
    def unread(self) -> RankedHit:
        """The same hit as it was before a reranker read it."""
        return replace(self, after_rank=None, rerank=None, voices=None)


@dataclass(frozen=True, slots=True)
class StageTimings:
    """Seconds spent in each stage of one search, and what the rerank stage had to do.

    `retrieve` is the vector or BM25 search, `fetch` the reading of passages from the catalog,
    `total` the wall time since the search began; `first_list` is what it was when the first stage's
    list was there, `top_ten` when the first ten came to stand as they stand now. `pairs` counts
    (query, passage) pairs, `windows` what the model really read, `cached_pairs` those whose score
    was already known.
    """

    embed: float = 0.0
    retrieve: float = 0.0
    fetch: float = 0.0
    rerank: float = 0.0
    total: float = 0.0
    first_list: float = 0.0
    top_ten: float = 0.0
    pairs: int = 0
    cached_pairs: int = 0
    windows: int = 0
    batches: int = 0


@dataclass(frozen=True, slots=True)
class SearchResult:
    """One query's two orders, whole or so far.

    `hits` are in the order to show: reranked ones first by `after_rank`, then those not yet
    reranked by `before_rank`. `reranker` names the model, None when it is off; `fusion` is how its
    scores make the order. `notice` is what the user must know of this answer (why the reranker is
    off, what was left unread).
    """

    query: Query
    source: CandidateSource
    reranker: str | None
    hits: tuple[RankedHit, ...] = ()
    timings: StageTimings = field(default=StageTimings())
    notice: str | None = None
    fusion: Fusion = field(default=Fusion())

    @property
    def before(self) -> tuple[RankedHit, ...]:
        """The same hits in the first stage's order."""
        return tuple(sorted(self.hits, key=lambda hit: hit.before_rank))


@dataclass(frozen=True, slots=True)
class Retrieved:
    """The first stage's order is known; nothing has been reranked."""

    result: SearchResult


@dataclass(frozen=True, slots=True)
class Reranked:
    """A batch has come back: `result` holds the order so far, `scored` of `total` pairs are in."""

    result: SearchResult
    scored: int
    total: int


@dataclass(frozen=True, slots=True)
class Finished:
    """The last event of every search that was not abandoned."""

    result: SearchResult


SearchEvent = Retrieved | Reranked | Finished
