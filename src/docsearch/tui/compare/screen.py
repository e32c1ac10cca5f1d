"""Several rerankers as columns over the same candidates, with the places that each gives.

In: a result and the rerankers; what the engine has scored. Out: the passage that was selected last,
or one to open. Does not know how anything is scored or drawn.
"""

from __future__ import annotations

import re
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.geometry import Size
from textual.screen import Screen

from docsearch.domain.comparison import MOST_COLUMNS, Comparison
from docsearch.domain.errors import DocsearchError
from docsearch.domain.query_words import wanted_words, word_pattern
from docsearch.presentation.pieces import Line, Piece, Role
from docsearch.tui.background import Background
from docsearch.tui.compare.drawing import (
    Known,
    advice_lines,
    column_lines,
    compare_keys,
    compare_title,
    rank_row,
    rank_titles,
    score_lines,
)
from docsearch.tui.compare.state import CompareState, Row
from docsearch.tui.dialogs.frame import Departure
from docsearch.tui.dialogs.help import HelpScreen, Section
from docsearch.tui.rerankers import Rerankers
from docsearch.tui.topics import Policy
from docsearch.tui.widgets.block import Block
from docsearch.tui.widgets.lines import ScrollingLines
from docsearch.tui.widgets.palette import Ground

_MARK = Piece("▌", Role.STRONG)
_NO_MARK = Piece(" ")


class CompareRows(ScrollingLines):
    """A list that scrolls."""

    _now: CompareState | None = None
    _rows: tuple[Row, ...] = ()
    _pattern: re.Pattern[str] | None = None

    def show(self, now: CompareState, pattern: re.Pattern[str] | None) -> None:
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


_TOPIC = "compare"


class CompareScreen(Screen[Departure]):
    """The rerankers on top, the ranks of the passages below, and the selected passage's scores."""

    DEFAULT_CSS = """
    CompareScreen {
        background: $background;
        & #title, & #ranks, & #keys { height: 1; }
        & #columns, & #advice, & #scores { height: auto; margin: 0 1; }
        & #ranks { margin-top: 1; }
        & CompareRows { height: 1fr; }
    }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up,ctrl+p", "walk(-1)", "Passage above", priority=True),
        Binding("down,ctrl+n", "walk(1)", "Passage below", priority=True),
        Binding("pageup", "page(-1)", "A page up", priority=True),
        Binding("pagedown", "page(1)", "A page down", priority=True),
        Binding("left,shift+tab", "step(-1)", "Order by the column left", priority=True),
        Binding("right,tab", "step(1)", "Order by the column right", priority=True),
        *(
            Binding(f"{digit},alt+{digit}", f"column({digit})", priority=True)
            for digit in range(10)
        ),
        Binding("d", "dispute", "Disputed first, and back", priority=True),
        Binding("x", "leave_out", "Leave out, and back", priority=True),
        Binding("f2,f14,shift+f2", "add", "Add a reranker", priority=True),
        Binding("enter", "open", "Open", priority=True),
        Binding("f1,question_mark", "help", "Help", priority=True),
        Binding("escape,f6,q", "leave", "Back", priority=True),
    ]

    def __init__(
        self,
        start: CompareState,
        background: Background,
        rerankers: Rerankers,
    ) -> None:
        super().__init__()
        self.now = start
        self._background = background
        self._rerankers = rerankers

    def compose(self) -> ComposeResult:
        """From top to bottom."""
        yield Block(id="title")
        yield Block(id="columns")
        yield Block(id="advice")
        yield Block(id="ranks")
        yield CompareRows()
        yield Block(id="scores")
        yield Block(id="keys")

    def on_mount(self) -> None:
        """Show the first stage's order, and have the rerankers read."""
        self._show()
        self._ask()

    def on_unmount(self) -> None:
        """Begin no further batch."""
        self._background.drop(_TOPIC)

    def _scored(self, comparison: Comparison) -> None:
        self.now = self.now.received(comparison)
        self._show()

    def _failed(self, error: DocsearchError) -> None:
        self.now = self.now.failed(error)
        self._show()

    def action_walk(self, rows: int) -> None:
        """Select the passage further down, or up."""
        self._change(self.now.walked(rows))

    def action_page(self, pages: int) -> None:
        """Select the passage a page further down, or up."""
        self._change(self.now.walked(pages * self.query_one(CompareRows).page))

    def action_step(self, columns: int) -> None:
        """Order by the column further right, or left."""
        self._change(self.now.stepped(columns))

    def action_column(self, digit: int) -> None:
        """Order by the reranker of this digit; one that has no column yet gets one."""
        names = self._rerankers.here()
        if digit not in names:
            self.app.notify(f"There is no reranker {digit} on this machine.")
        else:
            self._go_to(names[digit])

    def action_dispute(self) -> None:
        """Put first what the rerankers disagree on most, and back."""
        self._change(self.now.disputed_first(not self.now.disputed))

    def action_leave_out(self) -> None:
        """Score this column no further, and back."""
        column = self.now.column
        if column is None:
            self.app.notify("The first stage's order is always here. ← → choose another column.")
        else:
            self._change(self.now.leaving_out(column.reranker))

    def action_add(self) -> None:
        """Choose from all rerankers there are."""
        column = self.now.column
        self._rerankers.choose(column.reranker if column else None, self._go_to)

    def action_open(self) -> None:
        """Leave, and open the selected passage in the editor."""
        row = self.now.row()
        self.dismiss(Departure(self.now.selected, row.candidate.passage if row else None))

    def action_help(self) -> None:
        """Show the help."""
        self.app.push_screen(HelpScreen(Section.COMPARING))

    def action_leave(self) -> None:
        """Back to the lists, with this passage selected."""
        self.dismiss(Departure(self.now.selected))

    def _go_to(self, name: str | None) -> None:
        there = self.now.at_reranker(None) if name is None else self.now.adding(name)
        if there is None:
            self.app.notify(
                f"There are {MOST_COLUMNS} rerankers here already: leave one out with X first."
            )
        else:
            self._change(there)

    def _change(self, now: CompareState) -> None:
        before, self.now = self.now, now
        self._show()
        if now.scoring is not before.scoring:
            self._ask()

    def _ask(self) -> None:
        now = self.now
        self._background.run(
            self,
            _TOPIC,
            lambda engine: engine.comparer.compare(now.result, now.scoring),
            self._scored,
            self._failed,
            policy=Policy.BESIDE,
            newest=True,
        )

    def _show(self) -> None:
        now, known = self.now, self._known()
        query = now.result.query
        self.query_one("#title", Block).show(lambda cells: (compare_title(now, cells),))
        self.query_one("#columns", Block).show(lambda cells: column_lines(now, known, cells))
        self.query_one("#advice", Block).show(lambda cells: advice_lines(now, cells))
        self.query_one("#ranks", Block).show(lambda cells: (rank_titles(now, known, cells),))
        self.query_one(CompareRows).show(now, word_pattern(wanted_words(query)))
        self.query_one("#scores", Block).show(lambda cells: score_lines(now, known, cells))
        self.query_one("#keys", Block).show(lambda cells: (compare_keys(known, cells),))

    def _known(self) -> Known:
        named = self._rerankers.here().items()
        digits = {name: str(digit) for digit, name in named if name is not None}
        return Known(digits, self._rerankers.speeds())
