"""Whether to download a model: how much, from where, under which licence.

In: the state of a model. Out: a `Choice` to download it, or None. Does not download.
"""

from __future__ import annotations

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.screen import ModalScreen

from docsearch.domain.model import ModelState
from docsearch.tui.rendering.models import download_question
from docsearch.tui.rendering.pieces import Line
from docsearch.tui.screens.dialog import FRAME, Choice
from docsearch.tui.widgets.lines import Lines
from docsearch.tui.widgets.palette import Ground


class DownloadScreen(ModalScreen[Choice | None]):
    """Whether to download a model: how much, from where."""

    DEFAULT_CSS = f"""
    DownloadScreen {{
        {FRAME}
        & > Vertical {{ width: 68; padding: 1 2; }}
        & Question {{ height: auto; background: $surface; }}
    }}
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "download", "Download", show=False),
        Binding("escape", "dismiss", "Leave it", show=False),
    ]

    def __init__(self, state: ModelState, offline: bool) -> None:
        super().__init__()
        self._state, self._offline = state, offline

    def compose(self) -> ComposeResult:
        """The question in a frame."""
        with Vertical() as frame:
            frame.border_title = "download"
            yield Question(self._state, self._offline)

    def action_download(self) -> None:
        """Answer yes."""
        if not self._offline:
            self.dismiss(Choice(self._state.description.name, download=True))


class Question(Lines):
    """What the download would be."""

    GROUND = Ground.BAND

    def __init__(self, state: ModelState, offline: bool) -> None:
        super().__init__()
        self._state, self._offline = state, offline

    def lines(self, cells: int) -> tuple[Line, ...]:
        """Size, source and licence, and which keys answer."""
        return download_question(self._state, self._offline, cells)
