"""The inspector: why one result stands where it stands, over the search screen.

In: a result and one of its hits; what the bridge measures of it. Out: the chunk that was looked at
last. Does not know how anything is measured or drawn.
"""

from __future__ import annotations

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal
from textual.screen import Screen

from docsearch.tui import messages
from docsearch.tui.inspected import Inspected
from docsearch.tui.inspection_bridge import InspectionBridge
from docsearch.tui.rendering.heat import Heat
from docsearch.tui.rendering.inspector import inspector_keys, inspector_title, progress_line
from docsearch.tui.rendering.score_facts import fact_lines
from docsearch.tui.screens.case import offer_case
from docsearch.tui.screens.dialog import Departure
from docsearch.tui.screens.help import HelpScreen
from docsearch.tui.widgets.block import Block
from docsearch.tui.widgets.heat_pane import HeatPane
from docsearch.tui.widgets.page import Page

BESIDE = 130
"""From so many columns on the bi-encoder's view stands beside the cross-encoder's."""


class InspectorScreen(Screen[Departure]):
    """Facts on top, the passage with its heat below."""

    DEFAULT_CSS = """
    InspectorScreen {
        background: $background;
        & #title, & #progress, & #keys { height: 1; }
        & #facts { height: auto; max-height: 50%; margin: 0 1; }
        & #panes { height: 1fr; }
        & HeatPane { width: 1fr; }
        & #other { display: none; margin-left: 2; }
        &.-beside #other { display: block; }
    }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up,ctrl+p", "walk(-1)", "Result above", priority=True),
        Binding("down,ctrl+n", "walk(1)", "Result below", priority=True),
        Binding("pageup", "page(-1)", "Passage up", priority=True),
        Binding("pagedown", "page(1)", "Passage down", priority=True),
        Binding("tab,right", "turn(1)", "Next heat", priority=True),
        Binding("shift+tab,left", "turn(-1)", "Heat before", priority=True),
        Binding("enter", "open", "Open", priority=True),
        Binding("f9", "save_case", "Keep in a case file", priority=True),
        Binding("f1,question_mark", "help", "Help", priority=True),
        Binding("escape,f4,q", "leave", "Back", priority=True),
    ]

    def __init__(self, start: Inspected, bridge: InspectionBridge) -> None:
        super().__init__()
        self.now = start
        self._bridge = bridge

    def compose(self) -> ComposeResult:
        """From top to bottom."""
        yield Block(id="title")
        yield Block(id="facts")
        with Horizontal(id="panes"):
            yield HeatPane(id="one")
            yield HeatPane(id="other")
        yield Block(id="progress")
        yield Block(id="keys")

    def on_mount(self) -> None:
        """Show what is known, and ask for the rest."""
        self._show()
        self._ask()

    def on_unmount(self) -> None:
        """Nobody looks any more."""
        self._bridge.leave()

    def on_resize(self) -> None:
        """Arrange for the new width."""
        self.set_class(self._beside, "-beside")
        if self._beside and self.now.heat is Heat.SPLIT:
            self.now = self.now.turned(0, beside=True)
        self._show()

    @property
    def _beside(self) -> bool:
        return self.size.width >= BESIDE and self.now.request.result.reranker is not None

    def on_inspection_moved(self, message: messages.InspectionMoved) -> None:
        """Show what has been measured."""
        self.now = self.now.received(message.request, message.inspection)
        self._show()

    def on_explanation_failed(self, message: messages.ExplanationFailed) -> None:
        """Show why no more can be measured."""
        self.now = self.now.failed(message.request, message.error)
        self._show()

    def action_walk(self, rows: int) -> None:
        """Inspect the result further down, or up."""
        before, self.now = self.now, self.now.walked(rows)
        if self.now is not before:
            for page in self.query(Page):
                page.scroll_home(animate=False)
            self._show()
            self._ask()

    def action_turn(self, steps: int) -> None:
        """Show another heat."""
        self.now = self.now.turned(steps, beside=self._beside)
        self._show()

    def action_page(self, pages: int) -> None:
        """Scroll the passage."""
        for page in self.query(Page):
            page.page(pages)

    def action_open(self) -> None:
        """Leave, and open the passage in the editor."""
        passage = self.now.hit.passage
        self.dismiss(Departure(passage.chunk_id, passage))

    def action_save_case(self) -> None:
        """Ask whether to keep the answer, with what has been measured here."""
        now = self.now
        whole = None if now.is_running else now.inspection
        offer_case(self.app, self._bridge, now.request.result, now.hit, whole)

    def action_help(self) -> None:
        """Show the help."""
        self.app.push_screen(HelpScreen())

    def action_leave(self) -> None:
        """Back to the lists, with this result selected."""
        self.dismiss(Departure(self.now.hit.passage.chunk_id))

    def _ask(self) -> None:
        self._bridge.ask(self.now.request, self.post_message)

    def _show(self) -> None:
        now, beside = self.now, self._beside
        self.query_one("#title", Block).show(lambda cells: (inspector_title(now.hit, cells),))
        self.query_one("#facts", Block).show(lambda cells: fact_lines(now.inspection, cells))
        self.query_one("#one", HeatPane).show(now, now.heat)
        if beside:
            self.query_one("#other", HeatPane).show(now, Heat.SPLIT)
        line = progress_line(now.inspection, now.error, now.is_running)
        self.query_one("#progress", Block).show(lambda _cells: (line,))
        self.query_one("#keys", Block).show(lambda cells: (inspector_keys(beside, cells),))
