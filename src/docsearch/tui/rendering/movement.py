"""How a result moved, as a mark that needs no colour.

In: a hit. Out: one piece of at most four cells. Does not know where the mark is shown.
"""

from __future__ import annotations

from docsearch.domain.ranking import RankedHit
from docsearch.tui.rendering.pieces import Piece, Role

PENDING = Piece("·", Role.FAINT)


def movement(hit: RankedHit, is_noise: bool = False) -> Piece:
    """▲6, ▼1, =, or · where it has not been reranked; grey where the move is noise."""
    moved = hit.movement
    if moved is None:
        return PENDING
    if moved == 0:
        return Piece("=", Role.MUTED)
    role = Role.FAINT if is_noise else Role.UP if moved > 0 else Role.DOWN
    return Piece(f"▲{moved}" if moved > 0 else f"▼{-moved}", role)


def is_new(hit: RankedHit, shown: int) -> bool:
    """Whether reranking brought it into the first `shown` places from below them."""
    return hit.after_rank is not None and hit.after_rank <= shown < hit.before_rank


def journey(hit: RankedHit) -> str:
    """Both places in words: `#7 → #1 ▲6`, or `#7` where it has not been reranked."""
    if hit.after_rank is None:
        return f"#{hit.before_rank}"
    return f"#{hit.before_rank} → #{hit.after_rank} {movement(hit).text}"
