"""The column between the two lists, with the thread that joins the selected chunk's rows.

In: the two lists. Out: a drawing that follows them as they scroll. Does not know the hits.
"""

from __future__ import annotations

from docsearch.tui.rendering.connector import connector
from docsearch.tui.rendering.pieces import Line
from docsearch.tui.widgets.hit_list import HitList
from docsearch.tui.widgets.lines import Lines


class Thread(Lines):
    """As tall as the lists beside it."""

    _drawn: tuple[int | None, int | None, int] | None = None

    def __init__(self, left: HitList, right: HitList) -> None:
        super().__init__()
        self._left, self._right = left, right

    def on_mount(self) -> None:
        """Follow both lists."""
        for each in (self._left, self._right):
            self.watch(each, "scroll_y", self.follow, init=False)

    def lines(self, cells: int) -> tuple[Line, ...]:  # noqa: ARG002 - its width is fixed
        """The drawing at the present height."""
        left, right, height = self._drawn = self._ends()
        # The lists begin below their titles.
        return ((), *connector(left, right, height - 1))

    def follow(self) -> None:
        """Draw anew where the ends have moved."""
        if self._ends() != self._drawn:
            self.refresh()

    def _ends(self) -> tuple[int | None, int | None, int]:
        right = self._right.selected_line if self._right.display else None
        return self._left.selected_line, right, self.size.height
