"""Whether to keep an answer in a case file, and whether the documents' text goes in.

In: the folder it would be written to. Out: whether with the text; None for no file.
"""

from __future__ import annotations

from pathlib import Path
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.screen import ModalScreen

from docsearch.tui.rendering.case import case_question
from docsearch.tui.screens.dialog import FRAME
from docsearch.tui.widgets.block import DialogBlock


class CaseScreen(ModalScreen[bool | None]):
    """What would be written, and the keys that answer."""

    DEFAULT_CSS = f"""
    CaseScreen {{
        {FRAME}
        & > Vertical {{ width: 68; padding: 1 2; }}
    }}
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "dismiss(False)", "Without the text", show=False),
        Binding("t", "dismiss(True)", "With the text", show=False),
        Binding("escape,f9,q", "dismiss(None)", "No file", show=False),
    ]

    def __init__(self, folder: Path) -> None:
        super().__init__()
        self._folder = folder

    def compose(self) -> ComposeResult:
        """The question in a frame."""
        with Vertical() as frame:
            frame.border_title = "case file"
            yield DialogBlock()

    def on_mount(self) -> None:
        """Say what would be written where."""
        self.query_one(DialogBlock).show(lambda cells: case_question(self._folder, cells))
