"""The order of each list, and which chunk is selected in both.

In: a search result, and what the person did. Out: the hits of a list in order; the chunk to
select next. Selection follows the chunk, never the row.
"""

from __future__ import annotations

from collections.abc import Sequence

from docsearch.domain.ranking import RankedHit, SearchResult
from docsearch.tui.rendering.hit_rows import Side


def ordered(result: SearchResult, side: Side, *, by_movement: bool = False) -> list[RankedHit]:
    """The hits of one list, top first.

    The after list holds what has been reranked; `by_movement` puts its biggest movers first, up
    and down alike. The merged list holds every hit, those not yet reranked last.
    """
    if side is Side.BEFORE:
        return list(result.before)
    hits = [hit for hit in result.hits if side is Side.MERGED or hit.after_rank is not None]
    if by_movement:
        hits.sort(key=lambda hit: -abs(hit.movement or 0))
    return hits


def index_of(hits: Sequence[RankedHit], chunk_id: int | None) -> int | None:
    """The row of a chunk, None where it is not in the list."""
    for index, hit in enumerate(hits):
        if hit.passage.chunk_id == chunk_id:
            return index
    return None


def moved(hits: Sequence[RankedHit], chunk_id: int | None, rows: int) -> int | None:
    """The chunk `rows` further down (up if negative), stopping at the ends; None for no hits."""
    if not hits:
        return None
    at = index_of(hits, chunk_id)
    if at is None:
        at = 0 if rows >= 0 else len(hits) - 1
    else:
        at = min(len(hits) - 1, max(0, at + rows))
    return hits[at].passage.chunk_id
