"""The passages of a comparison, one a line, below the titles of their ranks.

In: what the compare view shows. Out: its rows, the selected one kept in view. Does not know how
they came to be in this order.
"""

from __future__ import annotations

import re

from textual.geometry import Size

from docsearch.tui.comparing import Comparing, Row
from docsearch.tui.rendering.comparison import rank_row
from docsearch.tui.rendering.pieces import Line, Piece, Role
from docsearch.tui.widgets.lines import ScrollingLines
from docsearch.tui.widgets.palette import Ground

_MARK = Piece("▌", Role.STRONG)
_NO_MARK = Piece(" ")


class CompareRows(ScrollingLines):
    """A list that scrolls."""

    _now: Comparing | None = None
    _rows: tuple[Row, ...] = ()
    _pattern: re.Pattern[str] | None = None

    def show(self, now: Comparing, pattern: re.Pattern[str] | None) -> None:
        """Show these rows, the words of `pattern` marked."""
        self._now, self._rows, self._pattern = now, now.rows(), pattern
        self.virtual_size = Size(0, len(self._rows))
        self._keep_in_view()
        self.refresh()

    @property
    def page(self) -> int:
        """How many rows a page key goes."""
        return max(1, self.size.height - 1)

    def line(self, y: int, cells: int) -> tuple[Line, Ground]:
        """One row."""
        if self._now is None or y >= len(self._rows):
            return (), Ground.PLAIN
        row = self._rows[y]
        line = rank_row(self._now, row, self._pattern, cells - 1)
        if row.candidate.passage.chunk_id == self._now.selected:
            return (_MARK, *line), Ground.SELECTED_ACTIVE
        return (_NO_MARK, *line), Ground.PLAIN

    def on_resize(self) -> None:
        """Keep the selected row in view."""
        self._keep_in_view()

    def _keep_in_view(self) -> None:
        selected = self._now.selected if self._now is not None else None
        ids = [row.candidate.passage.chunk_id for row in self._rows]
        if selected not in ids:
            return
        at, height = ids.index(selected), self.size.height
        if at < self.scroll_offset.y:
            self.scroll_to(y=at, animate=False)
        elif at >= self.scroll_offset.y + height:
            self.scroll_to(y=at - height + 1, animate=False)
