"""The titles above the lists.

In: the side, the model and how far it is. Out: one line with a rule that fills as pairs come in.
"""

from __future__ import annotations

from dataclasses import dataclass

from rich.cells import cell_len

from docsearch.presentation.cells import fit, rule, shorten
from docsearch.presentation.pieces import Line, Piece, Role, width_of


@dataclass(frozen=True)
class Title:
    """`name` of the list, `detail` beside it, `count` at the right; `done` is a share or None.

    `walked` tells that the arrow keys walk this list.
    """

    name: str
    detail: str = ""
    count: str = ""
    done: float | None = None
    role: Role = Role.AFTER
    walked: bool = False


def title_line(title: Title, cells: int) -> Line:
    """`▸ after  the model ━━━━━──── 12/50`, exactly `cells` wide."""
    head: Line = (
        Piece("▸" if title.walked else " ", Role.STRONG),
        Piece(title.name, title.role),
    )
    tail: Line = (Piece(f" {title.count} ", Role.MUTED),) if title.count else ()
    room = cells - width_of(head) - width_of(tail) - 6
    detail = shorten(title.detail, max(0, room))
    middle: Line = (Piece(f"  {detail} ", Role.MUTED),) if detail else (Piece(" "),)
    left = (*head, *middle)
    length = max(0, cells - width_of(left) - width_of(tail))
    return fit((*left, *rule(length, title.done, title.role), *tail), cells)


def columns_line(titles: str, title: Title, cells: int) -> Line:
    """The merged list's column titles, with the same rule and count at the right."""
    head: Line = (Piece(" " + titles, Role.MUTED), Piece("file › heading ", Role.MUTED))
    tail: Line = (Piece(f" {title.count} ", Role.MUTED),) if title.count else ()
    length = max(0, cells - width_of(head) - sum(cell_len(piece.text) for piece in tail))
    return fit((*head, *rule(length, title.done, title.role), *tail), cells)
