"""The rerankers there are: choose one, none, or one to download.

In: the states of the models, and which is in force. Out: a `Choice`, or None. Does not download.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import ClassVar

from rich.style import Style
from rich.text import Text
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.screen import ModalScreen
from textual.widgets import OptionList
from textual.widgets.option_list import Option

from docsearch.domain.model import Availability, ModelState
from docsearch.domain.speed import Speed
from docsearch.presentation.models import download_question, model_lines, none_line
from docsearch.presentation.pieces import Line
from docsearch.tui.choices import numbered
from docsearch.tui.dialogs.frame import FRAME, Choice
from docsearch.tui.widgets.lines import Lines
from docsearch.tui.widgets.palette import Ground, Palette, palette_of


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


class RerankersScreen(ModalScreen[Choice | None]):
    """A list of the rerankers, and none."""

    DEFAULT_CSS = f"""
    RerankersScreen {{
        {FRAME}
        & OptionList, & OptionList:focus {{
            height: auto;
            max-height: 100%;
            background: $surface;
            background-tint: $surface 0%;
            border: none;
            padding: 0;
            & > .option-list--option-highlighted {{
                background: $primary 22%;
                text-style: none;
            }}
            &:nocolor > .option-list--option-highlighted {{ text-style: reverse; }}
        }}
    }}
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,f2,f14,shift+f2", "dismiss", "Close", show=False),
        Binding("ctrl+p", "app.simulate_key('up')", show=False),
        Binding("ctrl+n", "app.simulate_key('down')", show=False),
        *(Binding(f"{digit},alt+{digit}", f"digit({digit})", show=False) for digit in range(10)),
    ]

    def __init__(
        self,
        states: Sequence[ModelState],
        current: str | None,
        speeds: Mapping[str, Speed],
        *,
        offline: bool,
    ) -> None:
        super().__init__()
        self._states, self._current, self._offline = tuple(states), current, offline
        self._speeds, self._numbered = speeds, numbered(states)

    def compose(self) -> ComposeResult:
        """One option for each reranker, and one for none."""
        palette = palette_of(self.app)
        options = [Option(_text(palette, *self._lines(each))) for each in self._states]
        with Vertical() as frame:
            frame.border_title = "rerankers"
            frame.border_subtitle = (
                "Enter or its digit chooses, downloads after asking · Esc closes"
            )
            yield OptionList(
                *options, Option(_text(palette, none_line(chosen=self._current is None)))
            )

    def on_mount(self) -> None:
        """Stand on the one in force."""
        names: list[str | None] = [each.description.name for each in self._states]
        names.append(None)
        if self._current in names:
            self.query_one(OptionList).highlighted = names.index(self._current)

    def action_digit(self, digit: int) -> None:
        """Choose the reranker of this digit."""
        if digit in self._numbered:
            self.dismiss(Choice(self._numbered[digit]))

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        """Choose it if it can be used, else ask whether to download it, or say what it needs."""
        if event.option_index == len(self._states):
            self.dismiss(Choice(None))
            return
        state = self._states[event.option_index]
        if state.availability is Availability.READY:
            self.dismiss(Choice(state.description.name))
        elif state.description.hosted:
            self.app.notify(" ".join(state.problems), severity="warning", markup=False)
        else:
            self.app.push_screen(DownloadScreen(state, self._offline), self._answered)

    def _lines(self, state: ModelState) -> tuple[Line, Line]:
        name = state.description.name
        digits = {reranker: str(digit) for digit, reranker in self._numbered.items()}
        speed = self._speeds.get(name)
        return model_lines(state, digits.get(name, ""), speed, chosen=name == self._current)

    def _answered(self, choice: Choice | None) -> None:
        if choice is not None:
            self.dismiss(choice)


def _text(palette: Palette, *lines: Line) -> Text:
    text = Text(no_wrap=True, overflow="ellipsis")
    for number, line in enumerate(lines):
        if number:
            text.append("\n")
        for piece in line:
            style = palette.style(piece.role, Ground.BAND)
            text.append(piece.text, Style(color=style.color, bold=style.bold, dim=style.dim))
    return text
