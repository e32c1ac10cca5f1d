"""The selected passage: its text with what matters marked, and the facts about it.

In: a hit, the words to mark, the best sentence where it is known. Out: lines, and the row to bring
into view. Does not know how tall the view is.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

from docsearch.domain.document import StoredChunk
from docsearch.domain.fusion import Fusion
from docsearch.domain.judgment import Grade
from docsearch.domain.query import CandidateSource
from docsearch.domain.ranking import RankedHit
from docsearch.domain.wording import after_score, before_score, plural
from docsearch.presentation.cells import fit, one_line, pad_left, shorten, shorten_path, spread
from docsearch.presentation.components import voices_in_words
from docsearch.presentation.hits import Span, densest, journey, spans
from docsearch.presentation.pieces import Line, Piece, Role, width_of
from docsearch.presentation.places import location_within
from docsearch.presentation.wrapping import Row, shown, wrap
from docsearch.tui.grades import Mark

MARK_CELLS = 5
_MOVED = "≈"
_WORDS = {
    Grade.NOT_RELEVANT: "not relevant",
    Grade.RELEVANT: "relevant",
    Grade.HIGHLY_RELEVANT: "highly relevant",
}


def mark_piece(mark: Mark | None) -> Piece:
    """`++`, `+` or `-` in a column of its own; `≈` before one of an earlier cut of the text."""
    if mark is None:
        return Piece(" " * MARK_CELLS)
    sign = (_MOVED if mark.is_moved else "") + mark.grade.sign
    return Piece(pad_left(sign, MARK_CELLS - 1) + " ", role_of(mark.grade))


def in_words(mark: Mark | None) -> str:
    """`++ highly relevant`; empty where nothing is judged."""
    if mark is None:
        return ""
    moved = ", moved" if mark.is_moved else ""
    return f"{_MOVED if mark.is_moved else ''}{mark.grade.sign} {_WORDS[mark.grade]}{moved}"


def role_of(grade: Grade) -> Role:
    """Its colour; the sign says the same."""
    return Role.DOWN if grade is Grade.NOT_RELEVANT else Role.UP


_MARGIN = 2
_FOCUS_CHARACTERS = 300
_MOST_KEPT = 16
"""The few passages that a person goes back and forth between; to wrap one takes milliseconds."""


@dataclass(frozen=True)
class PassageText:
    """`lines` of the passage, and `focus`, the index of the one to bring into view."""

    lines: tuple[Line, ...]
    focus: int


@lru_cache(maxsize=_MOST_KEPT)
def passage_text(
    text: str, pattern: re.Pattern[str] | None, best: Span | None, cells: int
) -> PassageText:
    """The text wrapped to `cells`, query words marked, the best sentence with a bar beside it."""
    found = spans(pattern, text)
    rows = wrap(text, cells - _MARGIN)
    target = best[0] if best else densest(found, text, _FOCUS_CHARACTERS)
    focus = next((at for at, row in enumerate(rows) if row.start <= target < row.end), 0)
    return PassageText(tuple(_row(text, row, found, best) for row in rows), focus)


def _row(text: str, row: Row, found: tuple[Span, ...], best: Span | None) -> Line:
    low, high = best or (0, 0)
    inside = row.start < high and low < row.end and bool(text[row.start : row.end].strip())
    here = [span for span in found if span[0] < row.end and row.start < span[1]]
    edges = {row.start, row.end, low, high}
    for start, end in here:
        edges |= {start, end}
    cuts = sorted(edge for edge in edges if row.start <= edge <= row.end)
    pieces = [Piece("▌ ", Role.AFTER) if inside else Piece("  "), Piece(" " * row.indent)]
    for start, end in pairwise(cuts):
        marked = any(begin <= start and end <= stop for begin, stop in here)
        in_best = low <= start and end <= high
        pieces.append(Piece(shown(text[start:end]), _role(marked, in_best)))
    return tuple(pieces)


def _role(marked: bool, in_best: bool) -> Role:
    if in_best:
        return Role.BEST_MATCH if marked else Role.BEST
    return Role.MATCH if marked else Role.TEXT


def passage_title(hit: RankedHit, cells: int, mark: Mark | None = None) -> Line:
    """The whole path and heading path on the left, its grade and both ranks on the right."""
    ranks = Piece(f"  {journey(hit)} ", Role.STRONG)
    judged = (Piece(f"  {in_words(mark)}", role_of(mark.grade)),) if mark else ()
    left = place_line(hit.passage, max(0, cells - width_of((*judged, ranks)) - 2))
    return spread(left, (*judged, ranks), cells)


def place_line(passage: StoredChunk, room: int) -> Line:
    """The path, and as many headings as there is room for."""
    path = one_line(passage.path)
    headings = [one_line(heading) for heading in passage.place.headings]
    while len(headings) > 1 and len(" › ".join((path, *headings))) > room:
        headings.pop(0)
    path = shorten_path(path, room if not headings else max(room // 2, 16))
    left = [Piece(path, Role.FILE)]
    for heading in headings:
        left += [Piece(" › ", Role.FAINT), Piece(heading, Role.HEADING)]
    return tuple(left)


def passage_facts(
    hit: RankedHit, source: CandidateSource, fusion: Fusion, cells: int
) -> tuple[Line, ...]:
    """Where to look, how far it goes, its length, its scores, how many windows were read.

    One line, or more where it is narrow; the document's title where there is room.
    """
    chunk = hit.passage.chunk
    parts = [location_within(hit.passage), plural(chunk.token_count, "token")]
    parts.append(f"{_UNITS[source]} {before_score(hit.before_score, source)}")
    if hit.rerank is not None:
        parts.append(f"reranker {after_score(hit.rerank.raw)} ({hit.rerank.unit:.3f})")
        parts.append(f"window {hit.rerank.best_window + 1} of {hit.rerank.windows}")
    if hit.voices is not None:
        parts.append(voices_in_words(hit.voices, fusion, source))
    text, *more = _rows_of([part for part in parts if part], cells)
    if more:
        return tuple(fit((Piece(row, Role.MUTED),), cells) for row in (text, *more))
    title = one_line(hit.passage.title) if hit.passage.title else ""
    room = cells - len(text) - 3
    right: Line = (Piece(shorten(title, room), Role.FAINT),) if title and room >= 12 else ()
    return (spread((Piece(text, Role.MUTED),), right, cells),)


def _rows_of(parts: list[str], cells: int) -> list[str]:
    """As many parts in a row as fit whole, at least one."""
    rows = parts[:1]
    for part in parts[1:]:
        longer = f"{rows[-1]} · {part}"
        if len(longer) <= cells:
            rows[-1] = longer
        else:
            rows.append(part)
    return rows


_UNITS = {
    CandidateSource.DENSE: "cosine",
    CandidateSource.BM25: "BM25",
    CandidateSource.HYBRID: "fused",
}
