"""The help, as lines.

In: the tables of keys, syntax and signs. Out: lines for a width. Does not know where it is shown.
"""

from __future__ import annotations

import textwrap
from collections.abc import Mapping, Sequence
from enum import StrEnum

from docsearch.tui.rendering.cells import pad
from docsearch.tui.rendering.keys import COMPARING, EXPLAINING, JUDGING, KEYS, READING, SYNTAX
from docsearch.tui.rendering.pieces import Line, Piece, Role

_KEY_CELLS = 19


class Section(StrEnum):
    """The parts of the help, by their titles, in the order in which they stand."""

    KEYS = "Keys"
    SYNTAX = "In the query"
    READING = "Reading the lists"
    EXPLAINING = "In explanations"
    COMPARING = "Rerankers side by side"
    JUDGING = "In a judging session"


_ROWS: Mapping[Section, Sequence[tuple[str, str]]] = {
    Section.KEYS: KEYS,
    Section.SYNTAX: SYNTAX,
    Section.READING: READING,
    Section.EXPLAINING: EXPLAINING,
    Section.COMPARING: COMPARING,
    Section.JUDGING: JUDGING,
}


def help_lines(cells: int, first: Section = Section.KEYS) -> tuple[Line, ...]:
    """Every key, every query word and every sign, in sections; `first` goes before the others."""
    lines: list[Line] = []
    for title in dict.fromkeys((first, *Section)):
        rows = _ROWS[title]
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
