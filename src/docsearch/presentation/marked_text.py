"""A text wrapped to the screen with stretches of it marked, in colour and without.

In: a text, marks on spans of it, a width. Out: rows, each with the marks that touch it. Does not
know what a mark stands for.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import pairwise
from typing import NamedTuple

from docsearch.domain.explanation import Span
from docsearch.presentation.pieces import Line, Piece, Role
from docsearch.presentation.wrapping import Row, shown, wrap

OPEN = "\N{SINGLE LEFT-POINTING ANGLE QUOTATION MARK}"
CLOSE = "\N{SINGLE RIGHT-POINTING ANGLE QUOTATION MARK}"


class Mark(NamedTuple):
    """How `text[start:end]` is shown; with brackets where a role alone would need colours."""

    span: Span
    role: Role
    bracketed: bool = False


class MarkedRow(NamedTuple):
    """One row, and the numbers of the marks that it shows a part of."""

    line: Line
    marks: tuple[int, ...]


def marked_rows(text: str, marks: Sequence[Mark], cells: int) -> list[MarkedRow]:
    """The text in rows of at most `cells`; of marks that overlap, the later ones are left out."""
    written, placed = _bracketed(text, marks)
    return [_row(written, row, placed) for row in wrap(written, cells)]


def _bracketed(text: str, marks: Sequence[Mark]) -> tuple[str, list[tuple[int, Mark]]]:
    """The text with its brackets, and the marks by their number, where they now stand."""
    parts: list[str] = []
    placed: list[tuple[int, Mark]] = []
    at = shift = 0
    for number, mark in sorted(enumerate(marks), key=lambda each: each[1].span):
        start, end = mark.span
        if start < at or end <= start:
            continue
        before, after = (OPEN, CLOSE) if mark.bracketed else ("", "")
        parts += [text[at:start], before, text[start:end], after]
        begin = start + shift
        shift += len(before) + len(after)
        placed.append((number, mark._replace(span=(begin, end + shift))))
        at = end
    parts.append(text[at:])
    return "".join(parts), placed


def _row(text: str, row: Row, placed: Iterable[tuple[int, Mark]]) -> MarkedRow:
    here = [
        (number, mark)
        for number, mark in placed
        if mark.span[0] < row.end and row.start < mark.span[1]
    ]
    edges = {row.start, row.end}
    for _, mark in here:
        edges |= {max(row.start, mark.span[0]), min(row.end, mark.span[1])}
    pieces = [Piece(" " * row.indent)] if row.indent else []
    for start, end in pairwise(sorted(edges)):
        inside = (mark.role for _, mark in here if mark.span[0] <= start and end <= mark.span[1])
        pieces.append(Piece(shown(text[start:end]), next(inside, Role.TEXT)))
    return MarkedRow(tuple(pieces), tuple(number for number, _ in here))
