"""What the candidates left out that belongs at the top.

In: a finished search, the candidates that come after its own, and their scores as they become
known. Out: those that would have entered the top ten. Does not know how a pair is scored.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from docsearch.domain.explanation import Missed
from docsearch.domain.ranking import Candidate, RankedHit, RerankScore, SearchResult
from docsearch.explain.top import TOP, Order, by_raw_score


def missed(
    result: SearchResult,
    beyond: Sequence[Candidate],
    batches: Iterable[Mapping[int, RerankScore]],
    order: Order = by_raw_score,
) -> Iterator[tuple[int, int, tuple[Missed, ...]]]:
    """After each batch: how many of `beyond` are scored, how many there are, and what was found.

    A batch gives the scores, by the reranker of `result`, of positions in `beyond`; the next is not
    asked for before this generator is, so leaving the loop cancels. Those found are ranked with
    everything scored so far, best first; a later one may push an earlier one out. Passages that
    `result` holds already are none. `order` must weigh the voices anew where several make the
    order.
    """
    ranked = [hit for hit in result.hits if hit.rerank is not None]
    own = {hit.passage.chunk_id for hit in result.hits}
    done = 0
    for batch in batches:
        for at, score in batch.items():
            each = beyond[at]
            if each.passage.chunk_id not in own:
                ranked.append(RankedHit(each.passage, each.rank, each.score, rerank=score))
        done += len(batch)
        found = tuple(
            Missed(replace(hit, after_rank=rank))
            for rank, hit in enumerate(order(ranked)[:TOP], start=1)
            if hit.passage.chunk_id not in own
        )
        yield done, len(beyond), found
