"""Several rerankers side by side: who they are and how far they agree, and a row for each passage.

In: what the compare view shows. Out: lines. Does not know which of them are in view, nor how
anything was scored.
"""

from __future__ import annotations

import re
import textwrap
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from docsearch.domain.comparison import Column
from docsearch.domain.query import CandidateSource
from docsearch.domain.speed import Speed
from docsearch.domain.wording import FIRST_STAGES, before_score, own_score, pair_rate
from docsearch.presentation.cells import fit, one_line, pad, pad_left, rule, shorten
from docsearch.presentation.hits import snippet
from docsearch.presentation.models import short_name
from docsearch.presentation.pieces import Line, Piece, Role, width_of
from docsearch.presentation.places import where
from docsearch.presentation.titles import Title, title_line
from docsearch.tui.compare.state import CompareState, Row
from docsearch.tui.keys import key_pieces

NO_OTHERS = "Shift-F2 lists the others there are."
_KEYS = (
    ("D", "disputed"),
    ("X", "leave out"),
    ("⇧F2", "add"),
    ("↵", "open"),
    ("Esc", "back"),
    ("F1", "help"),
)
_MARK, _RANK, _SPREAD, _STATE, _AGREEMENT = 3, 5, 7, 12, 11
_LEAST_NAME, _MOST_NAME, _BAR = 12, 44, 5
_TOP = 10
_LEAST_SNIPPET = 16
_FIRST_UNITS = {
    CandidateSource.DENSE: "cosine",
    CandidateSource.BM25: "BM25",
    CandidateSource.HYBRID: "fused rank",
}


@dataclass(frozen=True)
class Known:
    """What is known of the rerankers beside the comparison: their digits, and their speeds."""

    digits: Mapping[str, str]
    speeds: Mapping[str, Speed]

    def mark(self, number: int, column: Column) -> str:
        """What stands for a column: its digit, or for one without a digit a letter."""
        return self.digits.get(column.reranker, chr(ord("a") + number - 1))


def compare_title(now: CompareState, cells: int) -> Line:
    """What was asked, how many candidates there are, and what the rows are ordered by."""
    column = now.column
    chosen = short_name(column.reranker, _MOST_NAME) if column else "first stage"
    by = "disputed first" if now.disputed else f"by {chosen}"
    words = one_line(now.result.query.words)
    count = str(len(now.comparison.candidates))
    return title_line(Title("compare", f"{by} · {words}", count), cells)


def column_lines(now: CompareState, known: Known, cells: int) -> tuple[Line, ...]:
    """A line for the first stage and one for each reranker, under titles.

    Each tells how far it is and how far its order agrees with those above it.
    """
    room = cells - _MARK - _STATE - _AGREEMENT * len(now.columns)
    name_cells = min(_MOST_NAME, max(_LEAST_NAME, room))
    marks = ["0", *(known.mark(number, each) for number, each in enumerate(now.columns, start=1))]
    titles: Line = (
        Piece(" " * _MARK + pad("order of", name_cells) + pad("read", _STATE), Role.FAINT),
        *(Piece(pad(f"τ RBO {mark}", _AGREEMENT), Role.FAINT) for mark in marks[:-1]),
    )
    lines = [fit(titles, cells)]
    first = one_line(FIRST_STAGES[now.comparison.source])
    lines.append(fit((*_head(now, 0, "0"), Piece(pad(first, name_cells), Role.BEFORE)), cells))
    for number, column in enumerate(now.columns, start=1):
        name = pad(short_name(column.reranker, name_cells - 1), name_cells)
        out = column.reranker in now.left_out
        line: Line = (
            *_head(now, number, marks[number]),
            Piece(name, Role.FAINT if out else Role.AFTER),
            *_state(now, column, known),
        )
        if column.error is not None and not out:
            room = max(0, cells - width_of(line))
            line = (*line, Piece(shorten(one_line(column.error), room), Role.ERROR))
        else:
            line = (*line, *_agreements(now, number))
        lines.append(fit(line, cells))
    return tuple(lines)


def advice_lines(now: CompareState, cells: int) -> tuple[Line, ...]:
    """What to do where there is little to compare, or what keeps it from being compared."""
    if now.error is not None:
        said, role = f"✗ {now.error.title}: {now.error}", Role.ERROR
    elif not now.columns:
        said, role = f"No reranker is on this machine. {NO_OTHERS}", Role.WARNING
    elif len(now.columns) == 1:
        said = "One reranker is compared with the first stage's order. " + NO_OTHERS
        role = Role.MUTED
    else:
        return ()
    return tuple((Piece(text, role),) for text in textwrap.wrap(one_line(said), max(20, cells)))


def rank_titles(now: CompareState, known: Known, cells: int) -> Line:
    """What stands above the rows; the column that orders them stands out."""
    marks = ["0", *(known.mark(number, each) for number, each in enumerate(now.columns, start=1))]
    line: Line = (Piece(" "),)
    for number, mark in enumerate(marks):
        chosen = number == now.at and not now.disputed
        line = (
            *line,
            Piece(
                pad_left(f"{mark}▾" if chosen else f"{mark} ", _RANK),
                Role.STRONG if chosen else Role.MUTED,
            ),
        )
    spread_role = Role.STRONG if now.disputed else Role.MUTED
    disputed = "×▾" if now.disputed else "× "
    titles = (
        Piece(pad_left(disputed, _SPREAD), spread_role),
        Piece("  file › heading", Role.MUTED),
    )
    return fit((*line, *titles), cells)


def rank_row(now: CompareState, row: Row, pattern: re.Pattern[str] | None, cells: int) -> Line:
    """The places of one passage, how much they differ, where it is from, and its words."""
    line: Line = ()
    for number, rank in enumerate(row.ranks):
        out = number > 0 and now.columns[number - 1].reranker in now.left_out
        text = "·" if rank is None else str(rank)
        line = (*line, Piece(pad_left(text, _RANK - 1) + " ", _rank_role(number, rank, out)))
    spread = "" if row.spread == 1 else _times(row.spread)
    line = (*line, Piece(pad_left(spread, _SPREAD - 1) + "   ", Role.NEW))
    room = max(0, cells - width_of(line))
    passage = row.candidate.passage
    place = where(passage, max(_LEAST_SNIPPET, room - _LEAST_SNIPPET - 2), folders=False)
    left = max(0, room - width_of(place) - 2)
    words = snippet(passage, pattern, left) if left >= _LEAST_SNIPPET else ()
    return fit((*line, *place, Piece("  "), *words), cells)


def score_lines(now: CompareState, known: Known, cells: int) -> tuple[Line, ...]:
    """The selected passage: where it is from, and what each gave it in the unit of its family."""
    row = now.row()
    if row is None:
        return ()
    candidate, source = row.candidate, now.comparison.source
    parts: list[Line] = [
        (
            Piece(f"0 {_FIRST_UNITS[source]} ", Role.MUTED),
            Piece(before_score(candidate.score, source), Role.BEFORE),
        )
    ]
    for number, column in enumerate(now.columns, start=1):
        score = row.scores[number - 1]
        family = str(column.kind) if column.kind is not None else "score"
        told = "·" if score is None else own_score(score, column.kind)
        mark = known.mark(number, column)
        parts.append((Piece(f"{mark} {family} ", Role.MUTED), Piece(told, Role.AFTER)))
    scores: Line = ()
    for part in parts:
        scores = (*scores, *((Piece(" · ", Role.FAINT),) if scores else ()), *part)
    error = now.column.error if now.column is not None else None
    failed = textwrap.wrap(one_line(error), max(20, cells))[:2] if error else []
    return (
        fit(where(candidate.passage, cells), cells),
        fit(scores, cells),
        *((Piece(text, Role.ERROR),) for text in failed),
    )


def compare_keys(known: Known, cells: int) -> Line:
    """The keys of the view."""
    last = max(known.digits.values(), default="")
    columns = f"←→ 0-{last}" if last else "←→ 0"
    return key_pieces((("↑↓", "row"), (columns, "order by"), *_KEYS), cells)


def _head(now: CompareState, number: int, mark: str) -> Line:
    chosen = number == now.at
    return (
        Piece("▸" if chosen else " ", Role.STRONG),
        Piece(pad(mark, _MARK - 1), Role.STRONG if chosen else Role.MUTED),
    )


def _state(now: CompareState, column: Column, known: Known) -> Line:
    total = len(column.scores)
    if column.reranker in now.left_out:
        return (Piece(pad("left out", _STATE), Role.FAINT),)
    if column.error is not None:
        return (Piece(pad("✗ failed", _STATE), Role.ERROR),)
    if column.is_whole:
        speed = known.speeds.get(column.reranker)
        told = pair_rate(speed) if speed is not None else f"{total} of {total}"
        return (Piece(pad(told, _STATE), Role.MUTED),)
    if column.reranker != now.comparison.doing:
        waits = "waits" if not column.scored else f"{column.scored}/{total} waits"
        return (Piece(pad(waits, _STATE), Role.FAINT),)
    counted = f"{column.scored}/{total}" if column.scored else "begins"
    bar = rule(_BAR, column.scored / total)
    return (*bar, Piece(pad(f" {counted}", _STATE - _BAR), Role.MUTED))


def _agreements(now: CompareState, number: int) -> Line:
    names: Sequence[str | None] = [None, *(each.reranker for each in now.columns)]
    pieces = []
    for above in names[:number]:
        found = now.comparison.agreement(above, names[number])
        crossed = {above, names[number]} & now.left_out
        if found is None or crossed:
            pieces.append(Piece(pad("·", _AGREEMENT), Role.FAINT))
        else:
            text = f"{found.tau:+.2f} {found.rbo:.2f}"
            pieces.append(Piece(pad(text, _AGREEMENT), Role.TEXT))
    return tuple(pieces)


def _rank_role(number: int, rank: int | None, out: bool) -> Role:
    if rank is None or out:
        return Role.FAINT
    if rank > _TOP:
        return Role.MUTED
    return Role.AFTER if number else Role.BEFORE


def _times(spread: float) -> str:
    return f"×{spread:.0f}" if spread >= 9.95 else f"×{spread:.1f}"
