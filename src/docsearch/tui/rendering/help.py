"""The help, as lines.

In: the tables of keys, syntax and signs. Out: lines for a width. Does not know where it is shown.
"""

from __future__ import annotations

import textwrap
from collections.abc import Sequence

from docsearch.tui.rendering.cells import pad
from docsearch.tui.rendering.keys import COMPARING, EXPLAINING, JUDGING, KEYS, READING, SYNTAX
from docsearch.tui.rendering.pieces import Line, Piece, Role

_KEY_CELLS = 19

_SECTIONS: tuple[tuple[str, Sequence[tuple[str, str]]], ...] = (
    ("Keys", KEYS),
    ("In the query", SYNTAX),
    ("Reading the lists", READING),
    ("In explanations", EXPLAINING),
    ("Rerankers side by side", COMPARING),
    ("In a judging session", JUDGING),
)


def help_lines(cells: int) -> tuple[Line, ...]:
    """Every key, every query word and every sign, in sections."""
    lines: list[Line] = []
    for title, rows in _SECTIONS:
        if lines:
            lines.append(())
        lines.append((Piece(title, Role.AFTER),))
        for left, right in rows:
            lines += _entry(left, right, cells)
    return tuple(lines)


def _entry(left: str, right: str, cells: int) -> list[Line]:
    wrapped = textwrap.wrap(right, max(20, cells - _KEY_CELLS - 1))
    heads = [left] + [""] * (len(wrapped) - 1)
    return [
        (Piece(pad("  " + head, _KEY_CELLS), Role.STRONG), Piece(text, Role.MUTED))
        for head, text in zip(heads, wrapped, strict=True)
    ]
