"""Why a file is not among the results: at which stage it was lost.

In: FILE or FILE:LINE; what the engine finds of it. Out: nothing. Does not know how it is found out.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.screen import ModalScreen
from textual.widgets import Input

from docsearch.domain.fusion import Fusion
from docsearch.domain.query import CandidateSource
from docsearch.presentation.pieces import Line, Piece, Role
from docsearch.presentation.whereabouts import untold_lines, whereabouts_lines
from docsearch.tui.background import EXPLAINING, EXPLANATION_SETTLES, Background
from docsearch.tui.dialogs.frame import FRAME
from docsearch.tui.widgets.block import DialogBlock

_ASKING: Line = (Piece("looking at every stage …", Role.MUTED),)


@dataclass(frozen=True)
class Asked:
    """The search that a file is missed in; `fusion` None is what the settings say."""

    typed: str
    source: CandidateSource
    reranker: str | None
    fusion: Fusion | None


class WhyNotScreen(ModalScreen[None]):
    """A line to name a file in, and below it what became of the file."""

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

    def __init__(self, asked: Callable[[], Asked], background: Background) -> None:
        super().__init__()
        self._asked = asked
        self._background = background

    def compose(self) -> ComposeResult:
        """The line above the answer."""
        with Vertical() as frame:
            frame.border_title = "why is it not here"
            frame.border_subtitle = "Enter asks · Esc closes"
            yield Input(placeholder="FILE, or FILE:LINE for one passage", compact=True)
            yield DialogBlock()

    def on_unmount(self) -> None:
        """Stop looking."""
        self._background.drop(EXPLAINING)

    @on(Input.Submitted)
    def _look_for(self, event: Input.Submitted) -> None:
        target, asked = event.value.strip(), self._asked()
        if not target:
            return
        self._show(lambda _cells: (_ASKING,))
        self._background.run(
            self,
            EXPLAINING,
            lambda engine: [
                engine.inspector.whereabouts(
                    asked.typed, asked.source, asked.reranker, target, asked.fusion
                )
            ],
            lambda found: self._show(lambda cells: whereabouts_lines(found, asked.source, cells)),
            lambda error: self._show(lambda cells: untold_lines(error, cells)),
            settle=EXPLANATION_SETTLES,
        )

    def _show(self, lines: Callable[[int], tuple[Line, ...]]) -> None:
        self.query_one(DialogBlock).show(lines)
