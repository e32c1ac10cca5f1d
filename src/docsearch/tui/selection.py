"""Which chunk of a list is selected.

In: the hits of a list, and what the person did. Out: the chunk to select next. Selection follows
the chunk, never the row.
"""

from __future__ import annotations

from collections.abc import Sequence

from docsearch.domain.ranking import RankedHit


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
