"""Which moves are noise: to this model's arithmetic the scores behind them are one.

In: a reranked result and its reranker. Out: how far half precision moves a difference of scores,
and the hits whose move is no larger. Does not know how a move is shown.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from docsearch.domain.explanation import Noise
from docsearch.domain.fusion import Blend
from docsearch.domain.ranking import RankedHit, SearchResult
from docsearch.explain.scoring import in_batches
from docsearch.ports import Reranker

PROBED = 10
"""So many of the best scores are computed in half precision as well."""


def noise(result: SearchResult, reranker: Reranker) -> Noise:
    """The noise in the moves of a result; without two different texts there is none to measure."""
    best = _by_score(result)[:PROBED]
    texts = [hit.passage.chunk.reading for hit in best]
    rough: dict[int, float] = {}
    for batch in in_batches(result.query.words, texts, reranker, reranker.rough_scores):
        rough |= batch
    moved = [rough[at] - _raw(hit) for at, hit in enumerate(best)]
    jitter = max(
        (
            abs(moved[at] - moved[next_at])
            for at, next_at in pairwise(range(len(best)))
            if texts[at] != texts[next_at]
        ),
        default=0.0,
    )
    return Noise(jitter, frozenset(_within(result, jitter)))


def _within(result: SearchResult, jitter: float) -> list[int]:
    """The hits that moved, though what stands at their old place scores no otherwise than they do.

    Scores are those that made the order: with other voices the jitter counts as the reranker's
    voice weighs it. Ranks that are fused tell no margin, so there the raw scores are asked.
    """
    ranked = sorted(
        (hit for hit in result.hits if hit.after_rank is not None),
        key=lambda hit: hit.after_rank or 0,
    )
    weight = _weight(ranked, result)
    places = {hit.before_rank: place for place, hit in enumerate(_by_rank_before(ranked))}
    found = []
    for place, hit in enumerate(ranked):
        old = places[hit.before_rank]
        margin = abs(_score(hit, weight) - _score(ranked[old], weight))
        if old != place and margin <= jitter * (1.0 if weight is None else weight):
            found.append(hit.passage.chunk_id)
    return found


def _by_score(result: SearchResult) -> list[RankedHit]:
    scored = [hit for hit in result.hits if hit.rerank is not None]
    return sorted(scored, key=lambda hit: -_raw(hit))


def _raw(hit: RankedHit) -> float:
    return hit.rerank.raw if hit.rerank else 0.0


def _by_rank_before(ranked: Sequence[RankedHit]) -> list[RankedHit]:
    return sorted(ranked, key=lambda hit: hit.before_rank)


def _weight(ranked: Sequence[RankedHit], result: SearchResult) -> float | None:
    """What a unit of raw score counts in the order; None where raw scores are asked."""
    if result.fusion.is_alone or result.fusion.blend is Blend.RANKS:
        return None
    for one, other in pairwise(ranked):
        if one.voices and other.voices and one.rerank and other.rerank:
            apart = one.rerank.raw - other.rerank.raw
            if apart:
                return abs((one.voices.reranker - other.voices.reranker) / apart)
    return None


def _score(hit: RankedHit, weight: float | None) -> float:
    if weight is not None and hit.voices is not None:
        return hit.voices.total
    return _raw(hit)
