"""Lines under a short name that stands once, in a column of its own.

In: a name and lines. Out: the lines, moved to the right. Does not know what they say.
"""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Sequence

from docsearch.presentation.cells import one_line, pad
from docsearch.presentation.pieces import Line, Piece, Role

NAME_CELLS = 8
WAITING: Line = (Piece("…", Role.FAINT),)


def named(name: str, lines: Sequence[Line]) -> Iterator[Line]:
    """The lines, the first with the name before it."""
    for number, line in enumerate(lines):
        yield (Piece(pad("" if number else name, NAME_CELLS), Role.MUTED), *line)


def said(text: str, cells: int, role: Role = Role.TEXT) -> list[Line]:
    """A sentence in as many lines as it takes beside a name, in all `cells` wide."""
    rows = textwrap.wrap(one_line(text), max(20, cells - NAME_CELLS), subsequent_indent="  ")
    return [(Piece(row, role),) for row in rows]


def joined(parts: Sequence[Line], cells: int) -> list[Line]:
    """The parts with dots between them, broken between parts where they do not fit."""
    lines: list[Line] = []
    line: Line = ()
    for part in parts:
        longer: Line = (*line, *_DOT, *part) if line else part
        if line and sum(len(piece.text) for piece in longer) > cells - NAME_CELLS:
            lines.append(line)
            longer = part
        line = longer
    return [*lines, line]


_DOT: Line = (Piece(" · ", Role.FAINT),)
