"""The first screen of results, under any order.

In: reranked hits and an order. Out: the ids at the top. Does not know what the order is made of.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from docsearch.domain.ranking import RankedHit

TOP = 10
"""How many results a person looks at."""

Order = Callable[[Sequence[RankedHit]], Sequence[RankedHit]]
"""Reranked hits, best first."""


def by_raw_score(hits: Sequence[RankedHit]) -> list[RankedHit]:
    """The order of a reranker alone; equals keep the first stage's order."""
    scored = [(hit.rerank.raw, hit) for hit in hits if hit.rerank is not None]
    return [hit for _, hit in sorted(scored, key=lambda pair: (-pair[0], pair[1].before_rank))]


def top_ids(hits: Sequence[RankedHit], order: Order) -> list[int]:
    """Chunk ids of the top ten, best first; fewer where there are fewer hits."""
    return [hit.passage.chunk_id for hit in order(hits)[:TOP]]
