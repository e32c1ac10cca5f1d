"""The slope graph, scrolled so that the selected result's place after reranking is in view.

In: a moment of the view of the whole list. Out: a line for each rank, then the passages that the
candidates left out. Does not know how the threads are drawn.
"""

from __future__ import annotations

from textual.geometry import Size

from docsearch.tui.overview import Overview
from docsearch.tui.rendering.pieces import Line
from docsearch.tui.rendering.slope import Slopes
from docsearch.tui.rendering.whole_list import beyond_line, missed_row
from docsearch.tui.selection import index_of
from docsearch.tui.widgets.lines import ScrollingLines
from docsearch.tui.widgets.palette import Ground


class SlopeGraph(ScrollingLines):
    """Ranks before on the left, ranks after on the right."""

    _overview: Overview | None = None
    _slopes: Slopes | None = None
    _lines: tuple[Line, ...] = ()

    def show(self, overview: Overview) -> None:
        """Show this list with this selection."""
        self._overview = overview
        self._lay_out()

    def line(self, y: int, cells: int) -> tuple[Line, Ground]:  # noqa: ARG002 - laid out before
        """One line; a missed passage that is selected lies on another ground."""
        ground = Ground.SELECTED_ACTIVE if y == self._selected_below else Ground.PLAIN
        return (self._lines[y] if y < len(self._lines) else ()), ground

    def on_resize(self) -> None:
        """Draw for the new width."""
        self._slopes = None
        self._lay_out()

    def _lay_out(self) -> None:
        # One column is kept for the scrollbar, so that its coming does not draw the graph anew.
        cells, overview = self.size.width - 1, self._overview
        if overview is None or cells < 1:
            return
        if self._slopes is None:
            self._slopes = Slopes.of(overview.result, cells)
        missed = [missed_row(each, overview.result, cells) for each in overview.missed]
        beyond = (beyond_line(cells),) if missed else ()
        noisy = overview.noise.moves if overview.noise else frozenset[int]()
        self._lines = (*self._slopes.lines(overview.selected, noisy), *beyond, *missed)
        self.virtual_size = Size(0, len(self._lines))
        self._keep_in_view()
        self.refresh()

    @property
    def _selected_below(self) -> int | None:
        """The line of the selected passage, where it is one of those that were missed."""
        overview = self._overview
        if overview is None:
            return None
        at = index_of([each.hit for each in overview.missed], overview.selected)
        return None if at is None else len(overview.result.hits) + 1 + at

    def _keep_in_view(self) -> None:
        if self._overview is None:
            return
        at = self._selected_below
        if at is None:
            at = index_of(self._overview.rows, self._overview.selected)
        if at is None:
            return
        top, height = self.scroll_offset.y, self.size.height
        if not top <= at < top + height:
            self.scroll_to(y=at if at < top else at - height + 1, animate=False)
