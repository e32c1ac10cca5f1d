"""Finished searches, made of numbers."""

from __future__ import annotations

from collections.abc import Sequence

from docsearch.domain.document import Chunk, StoredChunk
from docsearch.domain.query import CandidateSource, Query
from docsearch.domain.ranking import (
    Candidate,
    RankedHit,
    RerankScore,
    SearchResult,
    StageTimings,
)

NOT_TIMED = StageTimings()


def passage(
    chunk_id: int, text: str, headings: tuple[str, ...] = (), tokens: int = 10
) -> StoredChunk:
    chunk = Chunk(0, 0, len(text), text, tokens, headings)
    return StoredChunk(chunk_id, f"notes/{chunk_id}.md", chunk, None, 0)


def candidate(rank: int, text: str | None = None) -> Candidate:
    """Its chunk id is its rank; its first-stage score falls with it."""
    return Candidate(passage(rank, text or f"passage {rank}"), rank, 1 / rank)


def score(raw: float) -> RerankScore:
    return RerankScore(raw, 0.5)


def reranked(
    raw_scores: Sequence[float | None],
    words: str = "disk full",
    texts: Sequence[str] = (),
    timings: StageTimings = NOT_TIMED,
) -> SearchResult:
    """A result whose candidates, in the first stage's order, were given these scores.

    None is a candidate that has not been reranked.
    """
    before = [
        candidate(rank, texts[rank - 1] if texts else None)
        for rank in range(1, len(raw_scores) + 1)
    ]
    scored = [(raw, each) for raw, each in zip(raw_scores, before, strict=True) if raw is not None]
    waiting = [each for raw, each in zip(raw_scores, before, strict=True) if raw is None]
    hits = [
        RankedHit(each.passage, each.rank, each.score, after_rank, score(raw))
        for after_rank, (raw, each) in enumerate(sorted(scored, key=lambda pair: -pair[0]), start=1)
    ]
    hits += [RankedHit(each.passage, each.rank, each.score) for each in waiting]
    return SearchResult(
        Query(words, words),
        CandidateSource.DENSE,
        "fake-cross-encoder" if scored else None,
        tuple(hits),
        timings,
    )
