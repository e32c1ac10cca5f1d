"""What reranking did to the whole list.

In: a result, or the ids of the same passages in two orders. Out: how far the orders agree, and what
moved. Does not know how they were made.
"""

from __future__ import annotations

from collections.abc import Sequence

from docsearch.domain.explanation import Movement
from docsearch.domain.ranking import SearchResult
from docsearch.explain.agreement import kendall_tau, rank_biased_overlap
from docsearch.explain.top import TOP

MOVERS = 5


def reranked_orders(result: SearchResult) -> tuple[list[int], list[int]]:
    """The chunks that were reranked, in the first stage's order and in the one that is shown."""
    after = [hit.passage.chunk_id for hit in result.hits if hit.after_rank is not None]
    reranked = set(after)
    before = [hit.passage.chunk_id for hit in result.before]
    return [each for each in before if each in reranked], after


def movement(before: Sequence[int], after: Sequence[int]) -> Movement:
    """The two orders compared, best first; only of passages that have a place in both.

    Movements are in places, positive is up; `movers` are at most five, the largest first, and of
    equals the better placed now. Raises ValueError where the orders are not of the same ids.
    """
    if sorted(before) != sorted(after):
        raise ValueError("the two orders are not of the same passages")
    old = {each: rank for rank, each in enumerate(before, start=1)}
    moves = [(each, old[each] - rank) for rank, each in enumerate(after, start=1)]
    movers = sorted((move for move in moves if move[1]), key=lambda move: -abs(move[1]))
    top = set(before[:TOP])
    return Movement(
        tau=kendall_tau([old[each] for each in after], range(len(after))),
        rbo=rank_biased_overlap(before, after),
        overlap=len(top & set(after[:TOP])),
        improved=sum(places > 0 for _, places in moves),
        worsened=sum(places < 0 for _, places in moves),
        entered=tuple(each for each in after[:TOP] if each not in top),
        movers=tuple(movers[:MOVERS]),
    )
