"""The lines above the lists: which order it is, whose, and how far it has come.

In: a title. Out: one line that doubles as the progress bar of reranking. Does not know the hits.
"""

from __future__ import annotations

from docsearch.tui.rendering.list_titles import Title, columns_line, title_line
from docsearch.tui.rendering.pieces import Line
from docsearch.tui.widgets.lines import Lines


class ListTitle(Lines):
    """The title of one of the two lists."""

    _title = Title("")

    def show(self, title: Title) -> None:
        """Show this title; the same again is painted already."""
        if title != self._title:
            self._title = title
            self.refresh()

    def lines(self, cells: int) -> tuple[Line, ...]:
        """The title at this width."""
        return (title_line(self._title, cells),)


class ColumnTitles(ListTitle):
    """The titles of the merged list's columns."""

    def __init__(self, columns: str) -> None:
        super().__init__()
        self._columns = columns

    def lines(self, cells: int) -> tuple[Line, ...]:
        """The columns' names, and the progress of the after order."""
        return (columns_line(self._columns, self._title, cells),)
