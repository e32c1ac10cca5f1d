"""Where a file was lost on its way to the top, in a few lines.

In: its whereabouts, and the source of candidates. Out: lines. Does not know how it was found out.
"""

from __future__ import annotations

import textwrap

from docsearch.domain.errors import DocsearchError
from docsearch.domain.explanation import Whereabouts
from docsearch.domain.query import CandidateSource
from docsearch.domain.wording import after_score, before_score
from docsearch.presentation.cells import one_line, pad
from docsearch.presentation.pieces import Line, Piece, Role

_NAME_CELLS = 14


def whereabouts_lines(found: Whereabouts, source: CandidateSource, cells: int) -> tuple[Line, ...]:
    """The target, the stage at which it was lost, why, and its scores."""
    lines: list[Line] = [
        (Piece(one_line(found.target), Role.FILE), Piece(f": {found.stage}", Role.STRONG)),
        *((Piece(row),) for row in textwrap.wrap(one_line(found.reason), max(20, cells))),
    ]
    if found.before_rank is not None:
        score = found.before_score
        text = f"#{found.before_rank}" + (
            f"  {before_score(score, source)}" if score is not None else ""
        )
        lines.append(_named("first stage", text, Role.BEFORE))
    if found.rerank is not None:
        if found.own_rank is not None:
            lines.append(_named("order shown", f"#{found.after_rank}", Role.STRONG))
        own = found.own_rank or found.after_rank
        rank = f"#{own}  " if own is not None else ""
        text = f"{rank}{after_score(found.rerank.raw)} ({found.rerank.unit:.3f})"
        lines.append(_named("cross-encoder", text, Role.AFTER))
    return tuple(lines)


def untold_lines(error: DocsearchError, cells: int) -> tuple[Line, ...]:
    """Why it cannot be told."""
    rows = textwrap.wrap(f"{error.title}: {one_line(str(error))}", max(20, cells))
    return tuple((Piece(row, Role.ERROR),) for row in rows)


def _named(name: str, text: str, role: Role) -> Line:
    return (Piece(pad(name, _NAME_CELLS), Role.MUTED), Piece(text, role))
