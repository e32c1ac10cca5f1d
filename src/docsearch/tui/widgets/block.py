"""Lines that a function makes for the width there is.

In: the function. Out: its lines. Does not know what they say.
"""

from __future__ import annotations

from docsearch.tui.rendering.blanks import LinesFor
from docsearch.tui.rendering.pieces import Line
from docsearch.tui.widgets.lines import Lines
from docsearch.tui.widgets.palette import Ground


class Block(Lines):
    """As tall as its style sheet says; with `height: auto`, as its lines."""

    _make: LinesFor = staticmethod(lambda _cells: ())

    def show(self, make: LinesFor) -> None:
        """Show these lines."""
        self._make = make
        self.changed()

    def lines(self, cells: int) -> tuple[Line, ...]:
        """The lines at this width."""
        return self._make(cells)


class DialogBlock(Block):
    """On the ground of dialogs."""

    GROUND = Ground.BAND
    DEFAULT_CSS = """
    DialogBlock { height: auto; background: $surface; }
    """
