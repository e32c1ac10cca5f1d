"""What a key makes of the grade that a passage has.

In: the mark of a passage, or none. Out: the grade to come, None for none. Does not know which key.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from docsearch.domain.judgment import Grade, Placed
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


_BETTER = {
    None: Grade.RELEVANT,
    Grade.NOT_RELEVANT: Grade.RELEVANT,
    Grade.RELEVANT: Grade.HIGHLY_RELEVANT,
    Grade.HIGHLY_RELEVANT: None,
}


@dataclass(frozen=True)
class Mark:
    """The grade of a passage; `is_moved` where it was given to an earlier cut of its text."""

    grade: Grade
    is_moved: bool = False


Marks = Mapping[int, Mark]
"""By chunk id."""


def marks_of(placed: Mapping[int, Placed]) -> Marks:
    """The marks of these judgments."""
    return {chunk_id: Mark(each.judgment.grade, each.is_moved) for chunk_id, each in placed.items()}


def better(mark: Mark | None) -> Grade | None:
    """Relevant, then highly relevant, then none again."""
    return _BETTER[mark.grade if mark else None]


def worse(mark: Mark | None) -> Grade | None:
    """Not relevant, then none again."""
    return None if mark and mark.grade is Grade.NOT_RELEVANT else Grade.NOT_RELEVANT


def with_grade(marks: Marks, chunk_id: int, grade: Grade | None) -> Marks:
    """The marks with this one in place of the chunk's own."""
    others = {each: mark for each, mark in marks.items() if each != chunk_id}
    return others if grade is None else {**others, chunk_id: Mark(grade)}
