"""The thread between the selected chunk's two rows.

In: the lines at which its row starts in the list on the left and in the one on the right. Out: a
drawing of `CELLS` columns. Does not know what is selected.
"""

from __future__ import annotations

from docsearch.tui.rendering.pieces import Line, Piece, Role

CELLS = 3


def connector(left: int | None, right: int | None, height: int) -> tuple[Line, ...]:
    """`height` lines, blank where there is nothing to join."""
    if left is None or right is None:
        return tuple((Piece(" " * CELLS),) for _ in range(height))
    role = Role.MUTED if left == right else Role.UP if right < left else Role.DOWN
    return tuple((Piece(_cell(y, left, right), role),) for y in range(height))


def _cell(y: int, left: int, right: int) -> str:
    if left == right:
        return "───" if y == left else "   "
    if y == left:
        return "─╯ " if right < left else "─╮ "
    if y == right:
        return " ╭▸" if right < left else " ╰▸"
    return " │ " if min(left, right) < y < max(left, right) else "   "
