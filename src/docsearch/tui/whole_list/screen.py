"""The whole list at a glance: what reranking moved, how deep it had to read, and what it missed.

In: a result; what the engine measures of it. Out: the chunk that was selected last, or a passage to
open; the slope graph as a file. Does not know how anything is measured or drawn.
"""

from __future__ import annotations

from pathlib import Path
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.geometry import Size
from textual.screen import Screen

from docsearch.domain.errors import DocsearchError
from docsearch.domain.explanation import Depth, Noise
from docsearch.domain.ranking import SearchResult
from docsearch.explain.slope_svg import slope_svg
from docsearch.presentation.pieces import Line
from docsearch.presentation.slope import Slopes
from docsearch.presentation.titles import Title, title_line
from docsearch.presentation.whole_list import (
    beyond_line,
    depth_lines,
    missed_lines,
    missed_row,
    movement_lines,
)
from docsearch.tui.background import EXPLAINING, EXPLANATION_SETTLES, Background
from docsearch.tui.beyond import Beyond, measured
from docsearch.tui.dialogs.frame import Departure
from docsearch.tui.dialogs.help import HelpScreen, Section
from docsearch.tui.exporting import export
from docsearch.tui.inspector.drawing import failure_line
from docsearch.tui.keys import key_pieces
from docsearch.tui.selection import index_of
from docsearch.tui.whole_list.state import WholeListState
from docsearch.tui.widgets.block import Block
from docsearch.tui.widgets.lines import ScrollingLines
from docsearch.tui.widgets.palette import Ground


class SlopeGraph(ScrollingLines):
    """Ranks before on the left, ranks after on the right."""

    _overview: WholeListState | None = None
    _slopes: Slopes | None = None
    _lines: tuple[Line, ...] = ()

    def show(self, overview: WholeListState) -> None:
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


class WholeListScreen(Screen[Departure]):
    """Numbers on top, the slope graph below."""

    DEFAULT_CSS = """
    WholeListScreen {
        background: $background;
        & #title, & #keys { height: 1; }
        & #numbers { height: auto; max-height: 60%; margin: 0 1; }
        & SlopeGraph { height: 1fr; margin-top: 1; }
    }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up,ctrl+p", "walk(-1)", "Result above", priority=True),
        Binding("down,ctrl+n", "walk(1)", "Result below", priority=True),
        Binding("pageup", "walk(-10)", "Ten above", priority=True),
        Binding("pagedown", "walk(10)", "Ten below", priority=True),
        Binding("enter", "open", "Open", priority=True),
        Binding("s", "save", "Save the slope graph", priority=True),
        Binding("f1,question_mark", "help", "Help", priority=True),
        Binding("escape,f7,q", "leave", "Back", priority=True),
    ]

    def __init__(self, start: WholeListState, background: Background) -> None:
        super().__init__()
        self.now = start
        self._background = background

    def compose(self) -> ComposeResult:
        """From top to bottom."""
        yield Block(id="title")
        yield Block(id="numbers")
        yield SlopeGraph()
        yield Block(id="keys")

    def on_mount(self) -> None:
        """Show the movement, and ask for the rest."""
        self._show()
        result = self.now.result
        self._background.run(
            self,
            EXPLAINING,
            lambda engine: measured(engine.inspector, result),
            self._found,
            self._failed,
            settle=EXPLANATION_SETTLES,
        )

    def on_unmount(self) -> None:
        """Stop measuring."""
        self._background.drop(EXPLAINING)

    def _found(self, news: Depth | Noise | Beyond) -> None:
        self.now = self.now.received(news)
        self._show()

    def _failed(self, error: DocsearchError) -> None:
        self.now = self.now.failed(error)
        self._show()

    def action_walk(self, rows: int) -> None:
        """Follow the result further down, or up."""
        self.now = self.now.walked(rows)
        self._show()

    def action_open(self) -> None:
        """Leave, and open the selected passage in the editor."""
        hit = self.now.hit
        self.dismiss(Departure(self.now.selected, hit.passage if hit else None))

    def action_save(self) -> None:
        """Write the slope graph into the working directory."""
        try:
            file = export(slope_svg(self.now.result, self.now.hit), Path.cwd())
        except OSError as error:
            text = f"The slope graph cannot be written here: {error.strerror}."
            self.app.notify(text, title="Slope graph", severity="error", markup=False)
        else:
            self.app.notify(str(file), title="Slope graph written", markup=False)

    def action_help(self) -> None:
        """Show the help."""
        self.app.push_screen(HelpScreen(Section.EXPLAINING))

    def action_leave(self) -> None:
        """Back to the lists, with this result selected."""
        self.dismiss(Departure(self.now.selected))

    def _show(self) -> None:
        now = self.now
        self.query_one("#title", Block).show(
            lambda cells: (title_line(list_title(now.result), cells),)
        )
        self.query_one("#numbers", Block).show(self._numbers)
        self.query_one(SlopeGraph).show(now)
        self.query_one("#keys", Block).show(lambda cells: (whole_list_keys(cells),))

    def _numbers(self, cells: int) -> tuple[Line, ...]:
        now = self.now
        moves = movement_lines(now.result, now.movement, now.noise, cells)
        if now.error is not None:
            return (*moves, failure_line(now.error))
        count = len(now.result.hits)
        return (
            *moves,
            *depth_lines(now.depth, cells),
            *missed_lines(now.scored, now.total, now.missed, count, cells),
        )


def list_title(result: SearchResult) -> Title:
    """How many results, and whose orders are compared."""
    detail = f"{result.source} → {result.reranker or 'no reranker'}"
    return Title("whole list", detail, str(len(result.hits)), walked=True)


def whole_list_keys(cells: int) -> Line:
    """The keys of the view."""
    keys = (("↑↓", "follow a result"), ("↵", "open"), ("S", "save as SVG"), ("Esc", "back"))
    return key_pieces(keys, cells)
