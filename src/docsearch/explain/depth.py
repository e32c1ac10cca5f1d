"""How many candidates it would have taken.

In: one finished search. Out: the top ten after reranking only the first 10, 20, 50, ... of its
candidates, what that takes, and from which number on nothing changes. Nothing is scored again: a
cross-encoder reads each pair by itself. Does not know which model scored.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import accumulate, count

from docsearch.domain.explanation import Depth, DepthStep
from docsearch.domain.ranking import RankedHit, SearchResult
from docsearch.domain.speed import Speed
from docsearch.explain.top import Order, by_raw_score, top_ids

LEAST_MEASURED = 0.5
"""The share of pairs that must have been read in this search for its seconds to tell of all."""


def depth(result: SearchResult, order: Order = by_raw_score, speed: Speed | None = None) -> Depth:
    """The steps up to all that was reranked.

    `order` is how any part of it would have been ranked. Where several voices make the order, it
    must weigh them anew: a passage's place depends on the scores of the others. `speed` is what the
    reranker was seen to do before, for a search that read too little itself.
    """
    hits = [hit for hit in result.before if hit.rerank is not None]
    if not hits:
        return Depth((), 0, 0)
    final = top_ids(hits, order)
    seconds = _seconds(result, hits, speed)
    steps = []
    for candidates in _steps(len(hits)):
        top = top_ids(hits[:candidates], order)
        steps.append(
            DepthStep(
                candidates,
                kept=len(set(final) & set(top)),
                in_order=top == final,
                seconds=None if seconds is None else seconds[candidates - 1],
            )
        )
    enough = len(hits)
    while enough > 1 and top_ids(hits[: enough - 1], order) == final:
        enough -= 1
    return Depth(tuple(steps), enough, len(hits))


def _steps(total: int) -> Iterator[int]:
    """10, 20, 50, 100, 200, 500, ... as far as they are below `total`, and `total`."""
    for power in count(1):
        for factor in (1, 2, 5):
            if factor * 10**power >= total:
                yield total
                return
            yield factor * 10**power


def _seconds(
    result: SearchResult, hits: Sequence[RankedHit], speed: Speed | None
) -> list[float] | None:
    """What reranking the first 1, 2, 3, ... takes, by their share of the passages' tokens.

    What could be told from the pairs that were read is taken to hold for those that were known.
    """
    timings = result.timings
    read = timings.pairs - timings.cached_pairs
    tokens = list(accumulate(hit.passage.chunk.token_count for hit in hits))
    if read and read >= LEAST_MEASURED * timings.pairs:
        whole = timings.rerank * timings.pairs / read
    elif speed is not None and speed.tokens_per_second > 0:
        whole = tokens[-1] / speed.tokens_per_second
    else:
        return None
    return [whole * so_far / tokens[-1] for so_far in tokens]
