"""One of the two lists of results, or both in one.

In: the hits in order, and which chunk is selected. Out: their rows, and a message when one is
clicked. Does not know how the order came about.
"""

from __future__ import annotations

from dataclasses import dataclass

from textual import events
from textual.geometry import Size
from textual.message import Message

from docsearch.domain.ranking import RankedHit
from docsearch.presentation.pieces import Line, Piece, Role
from docsearch.tui.grades import Marks
from docsearch.tui.search.hit_rows import Scale, Side, merged_row, paired_row
from docsearch.tui.selection import index_of
from docsearch.tui.widgets.lines import ScrollingLines
from docsearch.tui.widgets.palette import Ground
from docsearch.tui.widgets.passage_lines import MARK_CELLS, mark_piece

_MARK = Piece("▌", Role.STRONG)
_NO_MARK = Piece(" ")
_MARKED = Piece("◆", Role.NEW)


class HitList(ScrollingLines):
    """Rows of one or two lines; the selected one is marked and kept in view."""

    @dataclass
    class Picked(Message):
        """A row was clicked."""

        side: Side
        chunk_id: int

    def __init__(self, side: Side, *, id: str) -> None:  # noqa: A002 - Textual's own name
        super().__init__(id=id)
        self.side = side
        self.row_lines = 1 if side is Side.MERGED else 2
        self._hits: list[RankedHit] = []
        self._scale: Scale | None = None
        self._selected: int | None = None
        self._marks: tuple[int, ...] = ()
        self._grades: Marks = {}
        self._active = False
        self._footnote: tuple[Line, ...] = ()
        self._painted: dict[tuple[int, int], list[Line]] = {}

    def show(
        self,
        hits: list[RankedHit],
        scale: Scale | None,
        selected: int | None,
        *,
        active: bool,
        marks: tuple[int, ...] = (),
        grades: Marks | None = None,
        footnote: tuple[Line, ...] = (),
    ) -> None:
        """Show these hits with this chunk selected, and the footnote below the last of them.

        A diamond stands before the hits whose chunks are in `marks`; where there are `grades`, they
        stand in a column at the right.
        """
        shown = (self._selected, self._active, self._marks, self._footnote, self._grades)
        grades = grades or {}
        if hits != self._hits or scale != self._scale:
            self._hits, self._scale = hits, scale
            self._painted.clear()
        elif shown == (selected, active, marks, footnote, grades):
            return  # to paint it again takes longer than all else that a key does
        self._selected, self._active, self._footnote = selected, active, footnote
        self._marks, self._grades = marks, grades
        self.virtual_size = Size(0, len(hits) * self.row_lines + len(footnote))
        self._keep_in_view()
        self.refresh()

    @property
    def places(self) -> int:
        """How many results fit without scrolling."""
        return max(1, self.size.height // self.row_lines)

    @property
    def selected_line(self) -> int | None:
        """The line of this widget on which the selected row starts, None where it is not seen."""
        at = index_of(self._hits, self._selected)
        if at is None:
            return None
        line = at * self.row_lines - self.scroll_offset.y
        return line if 0 <= line < self.size.height else None

    def line(self, y: int, cells: int) -> tuple[Line, Ground]:
        """One line of a row, or of the footnote."""
        at, part = divmod(y, self.row_lines)
        if at >= len(self._hits):
            below = y - len(self._hits) * self.row_lines
            text = self._footnote[below] if below < len(self._footnote) else ()
            return (_NO_MARK, *text), Ground.PLAIN
        chunk_id = self._hits[at].passage.chunk_id
        lines = self._rows(at, cells - 1 - (MARK_CELLS if self._grades else 0))
        graded = (mark_piece(None if part else self._grades.get(chunk_id)),) if self._grades else ()
        marked = not part and chunk_id in self._marks
        if chunk_id != self._selected:
            return (_MARKED if marked else _NO_MARK, *lines[part], *graded), Ground.PLAIN
        ground = Ground.SELECTED_ACTIVE if self._active else Ground.SELECTED
        return (_MARKED if marked else _MARK, *lines[part], *graded), ground

    def _rows(self, at: int, cells: int) -> list[Line]:
        key = (at, cells)
        if key not in self._painted and self._scale is not None:
            hit = self._hits[at]
            self._painted[key] = (
                merged_row(hit, self._scale, cells)
                if self.side is Side.MERGED
                else paired_row(hit, self.side, self._scale, self.places, cells)
            )
        return self._painted[key]

    def _keep_in_view(self) -> None:
        at = index_of(self._hits, self._selected)
        if at is None:
            return
        top, height = at * self.row_lines, self.size.height
        bottom = top + self.row_lines
        if top < self.scroll_offset.y:
            self.scroll_to(y=top, animate=False)
        elif bottom > self.scroll_offset.y + height:
            # Whole rows: a list never begins with the second half of one.
            rows = -(-(bottom - height) // self.row_lines)
            self.scroll_to(y=rows * self.row_lines, animate=False)

    def on_resize(self) -> None:
        """Paint the rows for the new width and height."""
        self._painted.clear()
        self._keep_in_view()

    def on_click(self, event: events.Click) -> None:
        """Select the row under the pointer."""
        at = (event.y + self.scroll_offset.y) // self.row_lines
        if at < len(self._hits):
            self.post_message(self.Picked(self.side, self._hits[at].passage.chunk_id))
