"""The help, over the screen.

In: nothing. Out: nothing; any of the usual keys closes it. Does not know what is on the screen.
"""

from __future__ import annotations

import textwrap
from collections.abc import Mapping, Sequence
from enum import StrEnum
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.geometry import Size
from textual.screen import ModalScreen

from docsearch.presentation.cells import pad
from docsearch.presentation.pieces import Line, Piece, Role
from docsearch.tui.keys import COMPARING, EXPLAINING, JUDGING, KEYS, READING, SYNTAX
from docsearch.tui.widgets.lines import ScrollingLines
from docsearch.tui.widgets.palette import Ground

_KEY_CELLS = 19


class Section(StrEnum):
    """The parts of the help, by their titles, in the order in which they stand."""

    KEYS = "Keys"
    SYNTAX = "In the query"
    READING = "Reading the lists"
    EXPLAINING = "In explanations"
    COMPARING = "Rerankers side by side"
    JUDGING = "In a judging session"


_ROWS: Mapping[Section, Sequence[tuple[str, str]]] = {
    Section.KEYS: KEYS,
    Section.SYNTAX: SYNTAX,
    Section.READING: READING,
    Section.EXPLAINING: EXPLAINING,
    Section.COMPARING: COMPARING,
    Section.JUDGING: JUDGING,
}


def help_lines(cells: int, first: Section = Section.KEYS) -> tuple[Line, ...]:
    """Every key, every query word and every sign, in sections; `first` goes before the others."""
    lines: list[Line] = []
    for title in dict.fromkeys((first, *Section)):
        rows = _ROWS[title]
        if lines:
            lines.append(())
        lines.append((Piece(title, Role.AFTER),))
        for left, right in rows:
            lines += _entry(left, right, cells)
    return tuple(lines)


def _entry(left: str, right: str, cells: int) -> list[Line]:
    wrapped = textwrap.wrap(right, max(20, cells - _KEY_CELLS - 1))
    heads = [left] + [""] * (len(wrapped) - 1)
    return [
        (Piece(pad("  " + head, _KEY_CELLS), Role.STRONG), Piece(text, Role.MUTED))
        for head, text in zip(heads, wrapped, strict=True)
    ]


class HelpText(ScrollingLines, can_focus=True):
    """The lines of the help."""

    _lines: tuple[Line, ...] = ()

    def __init__(self, first: Section) -> None:
        super().__init__()
        self._first = first

    def on_resize(self) -> None:
        """Wrap for the new width."""
        self._lines = help_lines(self.size.width - 1, self._first)
        self.virtual_size = Size(0, len(self._lines))
        self.refresh()

    def line(self, y: int, cells: int) -> tuple[Line, Ground]:  # noqa: ARG002 - laid out before
        """One line."""
        return (self._lines[y] if y < len(self._lines) else ()), Ground.BAND


class HelpScreen(ModalScreen[None]):
    """Keys, query syntax and signs; `first` is what belongs to the screen below."""

    DEFAULT_CSS = """
    HelpScreen {
        align: center middle;
        & > Vertical {
            width: 84;
            max-width: 96%;
            height: 90%;
            max-height: 40;
            padding: 0 1;
            background: $surface;
            border: round $secondary;
            border-title-color: $accent;
            border-subtitle-color: $secondary;
        }
        & HelpText { background: $surface; }
    }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,f1,question_mark,q,enter", "dismiss", "Close", show=False)
    ]

    def __init__(self, first: Section = Section.KEYS) -> None:
        super().__init__()
        self._first = first

    def compose(self) -> ComposeResult:
        """One scrolling text in a frame."""
        with Vertical() as frame:
            frame.border_title = "help"
            frame.border_subtitle = "↑ ↓ scroll · Esc closes"
            yield HelpText(self._first)
