"""Whether to keep an answer in a case file, and whether the documents' text goes in.

In: an answer, and the folder it would be written to. Out: a request to write it. Does not write.
"""

from __future__ import annotations

from pathlib import Path
from typing import ClassVar

from textual.app import App, ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.screen import ModalScreen

from docsearch.domain.explanation import Inspection
from docsearch.domain.ranking import RankedHit, SearchResult
from docsearch.tui.inspection_bridge import InspectionBridge
from docsearch.tui.rendering.case import case_question
from docsearch.tui.screens.dialog import FRAME
from docsearch.tui.search_engine import CaseRequest
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


def offer_case(
    app: App[None],
    bridge: InspectionBridge,
    result: SearchResult,
    hit: RankedHit,
    inspection: Inspection | None = None,
) -> None:
    """Ask, and have it written; the app is told when it is. Without `inspection` it is made."""
    folder = Path.cwd()

    def answered(with_text: bool | None) -> None:
        if with_text is not None:
            app.notify("Writing the case file; the hit is measured first if need be.")
            bridge.save(CaseRequest(folder, result, hit, inspection, with_text), app.post_message)

    app.push_screen(CaseScreen(folder), answered)
