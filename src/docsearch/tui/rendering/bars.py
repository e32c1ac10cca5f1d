"""A small bar, in halves of a cell.

In: a share in [0, 1]. Out: pieces of exactly the width asked for. Does not know what is measured.
"""

from __future__ import annotations

from docsearch.tui.rendering.pieces import Line, Piece, Role


def bar(share: float, cells: int, role: Role) -> Line:
    """The share as a filled bar; anything above nothing shows at least a sliver."""
    share = min(1.0, max(0.0, share))
    halves = round(share * cells * 2)
    if share > 0 and halves == 0:
        halves = 1
    full, rest = divmod(halves, 2)
    filled = "━" * full + "╸" * rest
    return (Piece(filled, role), Piece(" " * (cells - len(filled))))


def rule(cells: int, done: float | None = None, role: Role = Role.AFTER) -> Line:
    """A thin line; with `done`, that share of it is heavy: progress that needs no colour."""
    heavy = 0 if done is None else round(min(1.0, max(0.0, done)) * cells)
    return (Piece("━" * heavy, role), Piece("─" * (cells - heavy), Role.FAINT))
