"""Stage two: the cross-encoder over (query, passage) pairs, a batch at a time.

In: the query's words, the passages in the first stage's order, a reranker and a cache of scores.
Out: scores by position, as they become known: those of the cache at once, then batch by batch. The
next batch is not begun before it is asked for, so leaving the loop cancels. Does not know how a
pair is cut into windows or scored.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from docsearch.domain.batches import batches
from docsearch.domain.document import Chunk
from docsearch.domain.ranking import RerankScore
from docsearch.ports import Reranker, ScoreCache


@dataclass(frozen=True, slots=True)
class ScoredBatch:
    """Scores by the passage's position; `windows` is what the model read, 0 for cached scores."""

    scores: dict[int, RerankScore]
    windows: int = 0
    cached: bool = False


def rerank(
    words: str, passages: Sequence[Chunk], reranker: Reranker, cache: ScoreCache
) -> Iterator[ScoredBatch]:
    """Every position exactly once; those of which the model reads the same are read once.

    Raises ModelError when the reranker cannot be used or gives no finite score.
    """
    positions: dict[bytes, list[int]] = {}
    for position, passage in enumerate(passages):
        positions.setdefault(passage.reading_hash, []).append(position)
    known = cache.get(reranker.fingerprint, words, list(positions))
    if known:
        yield ScoredBatch(_spread(known, positions), cached=True)
    unread = [content for content in positions if content not in known]
    if not unread:
        return
    texts = [passages[positions[content][0]].reading for content in unread]
    plans = reranker.plan(words, texts)
    for batch in batches([plan.token_counts for plan in plans], reranker.batch_tokens):
        scores = reranker.score(words, [texts[index] for index in batch])
        fresh = {unread[index]: score for index, score in zip(batch, scores, strict=True)}
        cache.put(reranker.fingerprint, words, fresh)
        windows = sum(len(plans[index].token_counts) for index in batch)
        yield ScoredBatch(_spread(fresh, positions), windows)


def _spread(
    scores: Mapping[bytes, RerankScore], positions: Mapping[bytes, Sequence[int]]
) -> dict[int, RerankScore]:
    return {position: score for content, score in scores.items() for position in positions[content]}
