"""A grade as it stands beside a result, and in words.

In: a mark. Out: pieces. Does not know where they are shown.
"""

from __future__ import annotations

from docsearch.domain.judgment import Grade
from docsearch.tui.grading import Mark
from docsearch.tui.rendering.cells import pad_left
from docsearch.tui.rendering.pieces import Piece, Role

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
