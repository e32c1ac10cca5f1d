"""The whole list at a glance: what reranking moved, how deep it had to read, and what it missed.

In: a result; what the engine measures of it. Out: the chunk that was selected last, or a passage to
open; the slope graph as a file. Does not know how anything is measured or drawn.
"""

from __future__ import annotations

from pathlib import Path
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.screen import Screen

from docsearch.domain.errors import DocsearchError
from docsearch.domain.explanation import Depth, Noise
from docsearch.explain.slope_svg import slope_svg
from docsearch.tui.background import EXPLAINING, EXPLANATION_SETTLES, Background
from docsearch.tui.beyond import Beyond, measured
from docsearch.tui.exporting import export
from docsearch.tui.overview import Overview
from docsearch.tui.rendering.help import Section
from docsearch.tui.rendering.inspector import failure_line
from docsearch.tui.rendering.list_titles import title_line
from docsearch.tui.rendering.pieces import Line
from docsearch.tui.rendering.whole_list import (
    depth_lines,
    list_title,
    missed_lines,
    movement_lines,
    whole_list_keys,
)
from docsearch.tui.screens.dialog import Departure
from docsearch.tui.screens.help import HelpScreen
from docsearch.tui.widgets.block import Block
from docsearch.tui.widgets.slope_graph import SlopeGraph


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

    def __init__(self, start: Overview, background: Background) -> None:
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
