"""Results that are marked to be compared with one another: two at most.

In: chunk ids. Out: the marks to come; the two results that are asked about. Does not know how a
mark is set or shown.
"""

from __future__ import annotations

from docsearch.domain.ranking import RankedHit, SearchResult

MOST = 2


def toggled(marks: tuple[int, ...], chunk_id: int) -> tuple[int, ...]:
    """With the mark or without it; a third mark takes the place of the oldest."""
    if chunk_id in marks:
        return tuple(each for each in marks if each != chunk_id)
    return (*marks, chunk_id)[-MOST:]


def asks_for_pair(marks: tuple[int, ...], selected: int | None) -> bool:
    """Whether two are marked, and one of them is selected."""
    return len(marks) == MOST and selected in marks


def pair(
    result: SearchResult, marks: tuple[int, ...], selected: int | None
) -> tuple[RankedHit, RankedHit] | None:
    """The two marked results where one of them is selected, the upper one first.

    None where another is selected, where there are not two of them, or one has not been reranked.
    """
    if selected not in marks:
        return None
    hits = [
        hit for hit in result.hits if hit.passage.chunk_id in marks and hit.after_rank is not None
    ]
    return (hits[0], hits[1]) if len(hits) == MOST else None
