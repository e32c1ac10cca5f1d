"""One result as the lines of its row, in either of the two lists or in both at once.

In: a hit, its list's scale, and a width. Out: lines of exactly that width. Does not know which row
is selected, nor where it stands on the screen.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

from docsearch.domain.fusion import Fusion
from docsearch.domain.query import CandidateSource
from docsearch.domain.query_words import wanted_words, word_pattern
from docsearch.domain.ranking import RankedHit, SearchResult
from docsearch.domain.wording import after_score, before_score
from docsearch.presentation.cells import bar, fit, pad_left, spread
from docsearch.presentation.components import voices_line
from docsearch.presentation.hits import is_new, movement, snippet
from docsearch.presentation.pieces import Line, Piece, Role, width_of
from docsearch.presentation.places import where

BAR_CELLS = 6
MERGED_BAR_CELLS = 4
_SCORE_CELLS = 6
_RANK_CELLS = 4
_LEAST_SNIPPET = 13
_GAP = Piece(" ")
_NEW = Piece("new ", Role.NEW)


class Side(StrEnum):
    """Which order a list shows."""

    BEFORE = "before"
    AFTER = "after"
    MERGED = "merged"


@dataclass(frozen=True)
class Scale:
    """What all rows of one result share: the words to mark, and what a full bar means.

    A cosine and a reranker's 0-1 form are their own share; BM25 and reciprocal rank sums have no
    bound, so their bars are relative to the best hit. `fusion` is that of the voices that the rows
    tell of instead of showing the passage, None where they do not.
    """

    pattern: re.Pattern[str] | None
    source: CandidateSource
    full: float
    fusion: Fusion | None = None

    @classmethod
    def of(cls, result: SearchResult, *, weighing: bool = False) -> Scale:
        """The scale of one answer; `weighing` is whether its rows tell of their voices."""
        best = max((hit.before_score for hit in result.hits), default=0.0)
        full = 1.0 if result.source is CandidateSource.DENSE else best
        pattern = word_pattern(wanted_words(result.query))
        return cls(pattern, result.source, full, result.fusion if weighing else None)

    def before(self, hit: RankedHit, cells: int) -> Line:
        """The bar of the first stage."""
        return bar(hit.before_score / self.full if self.full > 0 else 0.0, cells, Role.BEFORE)

    def after(self, hit: RankedHit, cells: int) -> Line:
        """The bar of the reranker."""
        return bar(hit.rerank.unit if hit.rerank else 0.0, cells, Role.AFTER)

    def voices(self, hit: RankedHit, cells: int) -> Line:
        """What each voice gave, where that is told of and there is more than one."""
        if self.fusion is None or hit.voices is None:
            return ()
        return voices_line(hit.voices, self.fusion, self.source, cells)


def paired_row(hit: RankedHit, side: Side, scale: Scale, shown: int, cells: int) -> list[Line]:
    """Two lines: rank over movement, score over bar, place over snippet.

    `shown` is how many places the lists show without scrolling; a hit that came into them from
    below is tagged as new.
    """
    if side is Side.BEFORE:
        rank, mark = hit.before_rank, Piece("")
        score = before_score(hit.before_score, scale.source)
        meter = scale.before(hit, BAR_CELLS)
    else:
        rank, mark = hit.after_rank or 0, movement(hit)
        score = after_score(hit.rerank.raw) if hit.rerank else ""
        meter = scale.after(hit, BAR_CELLS)
    role = Role.BEFORE if side is Side.BEFORE else Role.AFTER
    first: Line = (
        Piece(pad_left(str(rank), _RANK_CELLS - 1), Role.STRONG),
        _GAP,
        Piece(pad_left(score, _SCORE_CELLS), role),
        Piece("  "),
    )
    moved: Line = (Piece(pad_left(mark.text, _RANK_CELLS), mark.role), _GAP)
    room = max(0, cells - width_of(first))
    told = () if side is Side.BEFORE else scale.voices(hit, cells - width_of(moved))
    second = told or (*meter, Piece(" "), *snippet(hit.passage, scale.pattern, room))
    tag: Line = (_NEW,) if side is Side.AFTER and is_new(hit, shown) else ()
    return [
        spread((*first, *where(hit.passage, room - width_of(tag) - len(tag))), tag, cells),
        fit((*moved, *second), cells),
    ]


MERGED_TITLES = "before# after#    Δ  score      "


def merged_row(hit: RankedHit, scale: Scale, cells: int) -> list[Line]:
    """One line under `MERGED_TITLES`: both places, the movement, the score that counts."""
    if hit.rerank is None:
        score = before_score(hit.before_score, scale.source)
        role, meter = Role.BEFORE, scale.before(hit, MERGED_BAR_CELLS)
    else:
        score = after_score(hit.rerank.raw)
        role, meter = Role.AFTER, scale.after(hit, MERGED_BAR_CELLS)
    mark = movement(hit)
    after = "·" if hit.after_rank is None else str(hit.after_rank)
    head: Line = (
        Piece(pad_left(str(hit.before_rank), 7), Role.BEFORE),
        Piece(pad_left(after, 7), Role.AFTER if hit.after_rank else Role.FAINT),
        Piece(pad_left(mark.text, 5), mark.role),
        Piece(pad_left(score, _SCORE_CELLS + 1), role),
        _GAP,
        *meter,
        _GAP,
    )
    room = max(0, cells - width_of(head))
    told = scale.voices(hit, room - _LEAST_SNIPPET - 2)
    least = width_of(told) or _LEAST_SNIPPET
    place = where(hit.passage, max(_LEAST_SNIPPET, room - least - 2), folders=False)
    if told:
        return [spread((*head, *place), told, cells)]
    left = max(0, room - width_of(place) - 2)
    words = snippet(hit.passage, scale.pattern, left) if left >= _LEAST_SNIPPET else ()
    return [fit((*head, *place, Piece("  "), *words), cells)]


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
