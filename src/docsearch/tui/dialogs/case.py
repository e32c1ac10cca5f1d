"""Whether to keep an answer in a case file, and whether the documents' text goes in.

In: the folder it would be written to. Out: whether with the text; None for no file.
"""

from __future__ import annotations

import textwrap
from pathlib import Path
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.screen import ModalScreen

from docsearch.presentation.cells import one_line, pad, shorten_path
from docsearch.presentation.pieces import Line, Piece, Role
from docsearch.tui.dialogs.frame import FRAME
from docsearch.tui.widgets.block import DialogBlock

_WHAT = (
    "The query, ranks, scores and times, what was measured of the selected result, the names of "
    "your files, and which models and settings were in force go into a JSON file, which "
    "`docsearch replay` runs again, and into a page for a browser."
)
_ANSWERS = (
    ("Enter", "without the text of your documents"),
    ("T", "with their text"),
    ("Esc", "write nothing"),
)


def case_question(folder: Path, cells: int) -> tuple[Line, ...]:
    """What would be written, where, and which keys answer."""
    return (
        (Piece("Save this answer as a case file?", Role.STRONG),),
        (),
        *((Piece(row, Role.TEXT),) for row in textwrap.wrap(_WHAT, max(20, cells))),
        (),
        (Piece("into ", Role.MUTED), Piece(shorten_path(one_line(str(folder)), cells - 5))),
        (),
        *(
            (Piece(pad(f" {key} ", 8), Role.KEY), Piece(meaning, Role.TEXT))
            for key, meaning in _ANSWERS
        ),
    )


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
