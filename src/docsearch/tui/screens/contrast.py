"""Why one result is above another, over the search screen.

In: a result and two of its hits; what the bridge finds of them. Out: nothing. Does not know how the
words that decide are found.
"""

from __future__ import annotations

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal
from textual.screen import Screen

from docsearch.domain.errors import DocsearchError
from docsearch.domain.explanation import Contrast
from docsearch.tui import messages
from docsearch.tui.inspection_bridge import InspectionBridge
from docsearch.tui.rendering.contrast import (
    contrast_keys,
    contrast_lines,
    contrast_question,
    turning_legend,
)
from docsearch.tui.rendering.inspector import doing_line, failure_line
from docsearch.tui.rendering.pieces import Line, Piece, Role
from docsearch.tui.search_engine import ContrastRequest
from docsearch.tui.widgets.block import Block
from docsearch.tui.widgets.contrasted import ContrastedPassage
from docsearch.tui.widgets.page import Facts, Page, page_through

BESIDE = 120
"""From so many columns on the two passages stand side by side."""


class ContrastScreen(Screen[None]):
    """Scores on top, the two passages below."""

    DEFAULT_CSS = """
    ContrastScreen {
        background: $background;
        & #question, & #progress, & #keys { height: 1; }
        & #scores { max-height: 60%; margin: 0 0 0 1; }
        & #passages { height: 1fr; }
        & #below { display: none; }
        &.-below #above { display: none; }
        &.-below #below { display: block; }
        &.-beside #above, &.-beside #below { display: block; }
        &.-beside #below { margin-left: 2; }
    }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("tab,shift+tab,left,right", "other", "Other passage", priority=True),
        Binding("pageup,up", "page(-1)", "Passage up", priority=True),
        Binding("pagedown,down", "page(1)", "Passage down", priority=True),
        Binding("escape,f4,q", "dismiss", "Back", priority=True),
    ]

    def __init__(self, request: ContrastRequest, bridge: InspectionBridge) -> None:
        super().__init__()
        self.found: Contrast | None = None
        self.ended = False
        self.error: DocsearchError | None = None
        self._request = request
        self._bridge = bridge

    def compose(self) -> ComposeResult:
        """From top to bottom."""
        yield Block(id="question")
        yield Facts(id="scores")
        with Horizontal(id="passages"):
            yield ContrastedPassage(id="above")
            yield ContrastedPassage(id="below")
        yield Block(id="progress")
        yield Block(id="keys")

    def on_mount(self) -> None:
        """Show the scores, and ask for the words."""
        self._show()
        self._bridge.ask(self._request, self.post_message)

    def on_unmount(self) -> None:
        """Nobody looks any more."""
        self._bridge.leave()

    def on_resize(self) -> None:
        """Arrange for the new width."""
        self.set_class(self.size.width >= BESIDE, "-beside")

    def on_contrast_moved(self, message: messages.ContrastMoved) -> None:
        """Show the words that decide, as far as they are known."""
        if message.request is self._request:
            self.found, self.ended = message.contrast, message.ended
            self._show()

    def on_explanation_failed(self, message: messages.ExplanationFailed) -> None:
        """Show why they cannot be found."""
        if message.request is self._request:
            self.error = message.error
            self._show()

    def action_other(self) -> None:
        """Show the other passage, where there is room for one."""
        self.toggle_class("-below")

    def action_page(self, pages: int) -> None:
        """Scroll the scores as far as they go, and then the passages."""
        passages = self.query("ContrastedPassage Page").results(Page)
        page_through(self.query_one(Facts), pages, passages)

    def _show(self) -> None:
        asked, found, ended = self._request, self.found, self.ended
        pair = (asked.result, asked.above, asked.below)
        self.query_one("#question", Block).show(lambda _cells: (contrast_question(asked.result),))
        self.query_one("#scores", Facts).show(
            lambda cells: contrast_lines(*pair, found, ended, cells)
        )
        self.query_one("#above", ContrastedPassage).show("A", asked.above, found)
        self.query_one("#below", ContrastedPassage).show("B", asked.below, None)
        self.query_one("#progress", Block).show(lambda _cells: (self._progress(),))
        self.query_one("#keys", Block).show(lambda cells: (contrast_keys(cells),))

    def _progress(self) -> Line:
        if self.error is not None:
            return failure_line(self.error)
        if not self.ended:
            done = self.found.done if self.found else 0.0
            return doing_line("looking for the words that turn it", done)
        if self.found is None or not self.found.turning:
            return ()
        return (Piece(f" {turning_legend(self._request.result.reranker)}", Role.MUTED),)
