"""A passage with what both models make of its words, in rows of marks that need no colours.

In: a text, and the attributions of its words. Out: lines: each row of the text, and below it a row
of marks for each model that has something to say there. Does not know how they were measured.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import pairwise

from rich.cells import cell_len

from docsearch.domain.explanation import Attribution
from docsearch.presentation.heat import Scale
from docsearch.presentation.pieces import Line, Piece, Role
from docsearch.presentation.wrapping import Row, shown, wrap

MARGIN = 8
LEGEND = "# and + speak for it, # more than +; - speaks against it"
_SIGNS = ((0.5, "#"), (0.2, "+"))
"""From which share of the passage's strongest effect on."""


def marked_passage(
    text: str, views: Mapping[str, tuple[Attribution, Scale]], cells: int
) -> Iterator[Line]:
    """The text, and below each row the marks of each view, under its name in the margin."""
    for row in wrap(text, cells - MARGIN):
        yield Piece(" " * (MARGIN + row.indent)), Piece(shown(text[row.start : row.end]))
        for name, (attribution, scale) in views.items():
            marks = _marks(text, row, attribution, scale)
            if marks.strip():
                margin = f"{name:>{MARGIN - 2}}  " + " " * row.indent
                yield Piece(margin, Role.MUTED), Piece(marks.rstrip(), Role.STRONG)


def _marks(text: str, row: Row, attribution: Attribution, scale: Scale) -> str:
    """As wide as the row is shown."""
    signs = {
        (max(start, row.start), min(end, row.end)): _sign(scale.share(each.effect))
        for each in attribution.effects
        for start, end in [each.span]
        if start < row.end and row.start < end
    }
    edges = sorted({row.start, row.end, *(edge for span in signs for edge in span)})
    return "".join(
        signs.get((start, end), " ") * cell_len(shown(text[start:end]))
        for start, end in pairwise(edges)
    )


def _sign(share: float) -> str:
    if share < 0:
        return "-" if -share >= _SIGNS[-1][0] else " "
    return next((sign for least, sign in _SIGNS if share >= least), " ")
