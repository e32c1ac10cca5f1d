"""What reranking is worth by all that was judged so far.

In: what is asked for; what the bridge finds known. Out: whether lists are condensed, when the view
is left. Does not know how a figure is computed.
"""

from __future__ import annotations

from dataclasses import replace
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.screen import Screen

from docsearch.domain.errors import DocsearchError
from docsearch.tui import messages
from docsearch.tui.judging_bridge import JudgingBridge
from docsearch.tui.rendering.judged_so_far import WAITING, so_far_keys, so_far_lines, so_far_title
from docsearch.tui.rendering.named_lines import said
from docsearch.tui.rendering.pieces import Line, Piece, Role
from docsearch.tui.search_engine import SoFarRequest
from docsearch.tui.widgets.block import Block
from docsearch.tui.widgets.page import Page


class JudgedSoFarScreen(Screen[bool]):
    """A page of figures, for this query and for all of them."""

    DEFAULT_CSS = """
    JudgedSoFarScreen {
        background: $background;
        & #title, & #keys { height: 1; }
        & Page { height: 1fr; margin: 1 1; }
    }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("c", "condense", "Condensed or whole lists", priority=True),
        Binding("up,pageup", "page(-1)", "Up", priority=True),
        Binding("down,pagedown", "page(1)", "Down", priority=True),
        Binding("escape,f10,q", "leave", "Back", priority=True),
    ]

    def __init__(self, request: SoFarRequest, bridge: JudgingBridge) -> None:
        super().__init__()
        self._request = request
        self._bridge = bridge
        self.known: messages.SoFarKnown | None = None
        self._error: DocsearchError | None = None

    def compose(self) -> ComposeResult:
        """From top to bottom."""
        yield Block(id="title")
        yield Page()
        yield Block(id="keys")

    def on_mount(self) -> None:
        """Ask for the figures."""
        self._ask(self._request)

    def on_unmount(self) -> None:
        """Nobody looks any more."""
        self._bridge.leave()

    def on_so_far_known(self, message: messages.SoFarKnown) -> None:
        """Show the figures."""
        if message.request == self._request:
            self.known = message
            self._show()

    def on_so_far_failed(self, message: messages.SoFarFailed) -> None:
        """Say why there are none."""
        self._error = message.error
        self._show()

    def action_condense(self) -> None:
        """Of condensed lists, or of whole ones."""
        self._ask(replace(self._request, condense=not self._request.condense))

    def action_page(self, pages: int) -> None:
        """Scroll."""
        self.query_one(Page).page(pages)

    def action_leave(self) -> None:
        """Back to the lists."""
        self.dismiss(self._request.condense)

    def _ask(self, request: SoFarRequest) -> None:
        self._request, self.known, self._error = request, None, None
        self._bridge.so_far(request, self.post_message)
        self._show()

    def _show(self) -> None:
        condensed = self._request.condense
        self.query_one("#title", Block).show(lambda cells: (so_far_title(condensed, cells),))
        self.query_one(Page).show(self._lines)
        self.query_one("#keys", Block).show(lambda cells: (so_far_keys(cells),))

    def _lines(self, cells: int) -> tuple[Line, ...]:
        if self._error is not None:
            return tuple(said(f"✗ {self._error.title}: {self._error}", cells, Role.ERROR))
        if self.known is None:
            return ((Piece(WAITING, Role.MUTED),),)
        return so_far_lines(self.known.own, self.known.every, cells)
