"""A small histogram on one line, with the place of one more value in it.

In: numbers. Out: pieces of exactly the width asked for. Does not know what is counted.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby

from docsearch.tui.rendering.pieces import Line, Piece, Role

_BLOCKS = " ▁▂▃▄▅▆▇█"
_HERE = "┃"


def histogram(values: Sequence[float], here: float, cells: int) -> Line:
    """How many of `values` lie where, between the least and the greatest of all; ┃ is `here`."""
    low, high = min(*values, here), max(*values, here)
    counts = [0] * cells
    for value in values:
        counts[_cell(value, low, high, cells)] += 1
    fullest = max(counts)
    drawn = [_BLOCKS[-(-count * (len(_BLOCKS) - 1) // fullest)] for count in counts]
    drawn[_cell(here, low, high, cells)] = _HERE
    return tuple(
        Piece("".join(run), Role.AFTER if is_here else Role.MUTED)
        for is_here, run in groupby(drawn, key=lambda each: each == _HERE)
    )


def _cell(value: float, low: float, high: float, cells: int) -> int:
    return min(cells - 1, int((value - low) / (high - low) * cells)) if high > low else 0
