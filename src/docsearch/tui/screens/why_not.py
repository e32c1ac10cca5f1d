"""Why a file is not among the results: at which stage it was lost.

In: FILE or FILE:LINE; what the bridge finds of it. Out: nothing. Does not know how it is found out.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.screen import ModalScreen
from textual.widgets import Input

from docsearch.tui import messages
from docsearch.tui.inspection_bridge import InspectionBridge
from docsearch.tui.rendering.pieces import Line, Piece, Role
from docsearch.tui.rendering.whereabouts import untold_lines, whereabouts_lines
from docsearch.tui.screens.dialog import FRAME
from docsearch.tui.search_engine import WhereaboutsRequest
from docsearch.tui.widgets.block import DialogBlock

_ASKING: Line = (Piece("looking at every stage …", Role.MUTED),)


class WhyNotScreen(ModalScreen[None]):
    """A line to name a file in, and below it what became of the file.

    `request` makes the question of what is typed.
    """

    DEFAULT_CSS = f"""
    WhyNotScreen {{
        {FRAME}
        & Input, & Input:focus {{
            height: 1;
            border: none;
            padding: 0;
            background: $background;
            background-tint: $background 0%;
        }}
        & DialogBlock {{ margin-top: 1; }}
    }}
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "dismiss", "Close", show=False),
    ]

    def __init__(
        self, request: Callable[[str], WhereaboutsRequest], bridge: InspectionBridge
    ) -> None:
        super().__init__()
        self._request = request
        self._bridge = bridge
        self._asked: WhereaboutsRequest | None = None

    def compose(self) -> ComposeResult:
        """The line above the answer."""
        with Vertical() as frame:
            frame.border_title = "why is it not here"
            frame.border_subtitle = "Enter asks · Esc closes"
            yield Input(placeholder="FILE, or FILE:LINE for one passage", compact=True)
            yield DialogBlock()

    def on_unmount(self) -> None:
        """Nobody looks any more."""
        self._bridge.leave()

    @on(Input.Submitted)
    def _ask(self, event: Input.Submitted) -> None:
        target = event.value.strip()
        if target:
            self._asked = self._request(target)
            self._bridge.ask(self._asked, self.post_message)
            self._show(lambda _cells: (_ASKING,))

    def on_whereabouts_found(self, message: messages.WhereaboutsFound) -> None:
        """Show where it was lost."""
        asked, found = message.request, message.whereabouts
        if asked is self._asked:
            self._show(lambda cells: whereabouts_lines(found, asked.source, cells))

    def on_explanation_failed(self, message: messages.ExplanationFailed) -> None:
        """Show why it cannot be told."""
        if message.request is self._asked:
            self._show(lambda cells: untold_lines(message.error, cells))

    def _show(self, lines: Callable[[int], tuple[Line, ...]]) -> None:
        self.query_one(DialogBlock).show(lines)
