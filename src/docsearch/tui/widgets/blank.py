"""The words that stand where results would be.

In: a function that makes the lines for a width. Out: the lines. Does not know why there is nothing.
"""

from __future__ import annotations

from docsearch.tui.rendering.blanks import LinesFor
from docsearch.tui.rendering.pieces import Line
from docsearch.tui.widgets.lines import Lines


class Blank(Lines):
    """Fills its region with words."""

    _make: LinesFor = staticmethod(lambda _cells: ())

    def show(self, make: LinesFor) -> None:
        """Show these words."""
        self._make = make
        self.refresh()

    def lines(self, cells: int) -> tuple[Line, ...]:
        """The words at this width."""
        return self._make(cells)
