"""A text that is laid out for the width there is, and scrolled by pages.

In: a function that makes the lines for a width. Out: the lines. Does not know what they say.
"""

from __future__ import annotations

from textual.geometry import Size

from docsearch.tui.rendering.blanks import LinesFor
from docsearch.tui.rendering.pieces import Line
from docsearch.tui.widgets.lines import ScrollingLines
from docsearch.tui.widgets.palette import Ground


class Page(ScrollingLines):
    """Lines, of which some are in view."""

    _make: LinesFor = staticmethod(lambda _cells: ())
    _lines: tuple[Line, ...] = ()

    def show(self, make: LinesFor) -> None:
        """Show these lines; what is in view stays in view."""
        self._make = make
        self._lay_out()

    def line(self, y: int, cells: int) -> tuple[Line, Ground]:  # noqa: ARG002 - laid out before
        """One line."""
        return (self._lines[y] if y < len(self._lines) else ()), Ground.PLAIN

    def on_resize(self) -> None:
        """Lay out for the new width."""
        self._lay_out()

    def page(self, pages: int) -> None:
        """Scroll by so many pages, keeping a line of what was in view."""
        self.scroll_relative(y=pages * max(1, self.size.height - 1), animate=False)

    def _lay_out(self) -> None:
        # One column is kept for the scrollbar, so that its coming does not wrap the text anew.
        cells = self.size.width - 1
        if cells < 1:
            return
        self._lines = self._make(cells)
        self.virtual_size = Size(0, len(self._lines))
        self.refresh()
