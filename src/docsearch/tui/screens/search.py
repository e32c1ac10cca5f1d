"""The search screen's keys: each changes the session, asks for something, or opens a dialog.

In: keys. Out: another session; requests. Does not know how anything is drawn, found or scored.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

from textual import on
from textual.binding import Binding, BindingType
from textual.message import Message
from textual.timer import Timer
from textual.widgets import Input

from docsearch.domain.document import StoredChunk
from docsearch.domain.query import CandidateSource
from docsearch.domain.settings import Settings
from docsearch.tui.choices import next_source
from docsearch.tui.engine_bridge import EngineBridge
from docsearch.tui.history import History
from docsearch.tui.rendering.hit_rows import Side
from docsearch.tui.screens.judging import JudgingScreen
from docsearch.tui.widgets.hit_list import HitList
from docsearch.tui.widgets.passage_view import PassageBody

ENTER_TWICE_SECONDS = 0.3
"""Enter again within so many seconds is another key."""


class SearchScreen(JudgingScreen):
    """The screen on the searched folder; everything else is over it."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up,ctrl+p", "move(-1)", "Result above", priority=True),
        Binding("down,ctrl+n", "move(1)", "Result below", priority=True),
        Binding("tab,shift+tab", "switch_list", "Other list", priority=True),
        Binding("pageup", "page(-1)", "Passage up", priority=True),
        Binding("pagedown", "page(1)", "Passage down", priority=True),
        Binding("ctrl+y", "copy", "Copy path:line", priority=True),
        Binding("ctrl+r", "again", "Search again", priority=True),
        Binding("ctrl+up", "history(-1)", "Earlier query", priority=True),
        Binding("ctrl+down", "history(1)", "Later query", priority=True),
        Binding("f3", "movers", "Biggest movers first", priority=True),
        Binding("ctrl+t", "next_source", "Next candidate source", priority=True),
        Binding("f1", "help", "Help", priority=True),
        Binding("question_mark", "help_on_empty", "Help", priority=True),
        Binding("escape", "clear_or_leave", "Clear, then leave", priority=True),
    ]

    @dataclass
    class CopyAsked(Message):
        """The address of this passage is to be copied."""

        passage: StoredChunk

    def __init__(
        self, folder: Path, settings: Settings, bridge: EngineBridge, history: History
    ) -> None:
        super().__init__(folder, settings, bridge)
        self.history = history
        self._opening: Timer | None = None

    @on(HitList.Picked)
    def _picked(self, message: HitList.Picked) -> None:
        self._select(self.session.walking(message.side).picked(message.chunk_id))

    def action_switch_list(self) -> None:
        """Walk the other list."""
        other = Side.BEFORE if self.session.walked is Side.AFTER else Side.AFTER
        self.session = self.session.walking(other)
        self._show()

    def action_page(self, pages: int) -> None:
        """Scroll the passage."""
        self.query_one(PassageBody).page(pages)

    @on(Input.Submitted, "#query")
    def _entered(self) -> None:
        """Once opens the file, twice in a row inspects the result."""
        if self._opening is not None:
            self._opening.stop()
            self._opening = None
            self.action_inspect()
        else:
            self._opening = self.set_timer(ENTER_TWICE_SECONDS, self._entered_once)

    def _entered_once(self) -> None:
        self._opening = None
        self.action_open()

    def action_open(self) -> None:
        """Open the selected passage's file where it stands."""
        hit = self.session.shown_hit
        if hit is not None:
            self._remember()
            self.post_message(self.OpenAsked(hit.passage))

    def action_copy(self) -> None:
        """Copy path:line of the selected passage."""
        hit = self.session.shown_hit
        if hit is not None:
            self._remember()
            self.post_message(self.CopyAsked(hit.passage))

    def action_again(self) -> None:
        """Search for the same again."""
        if self.session.asks:
            self._remember()
            self._ask(self.session.typed, asked_for=True)

    def action_history(self, steps: int) -> None:
        """Bring an earlier or later query into the query line."""
        query = self.query_one("#query", Input)
        self.history, query.value = self.history.stepped(steps, query.value)
        query.cursor_position = len(query.value)

    def action_next_source(self) -> None:
        """Take the candidates from the next source."""
        self.use_source(next_source(self.session.source))

    def use_source(self, source: CandidateSource) -> None:
        """Take the candidates from this source."""
        self.session = self.session.with_source(source)
        self._ask(self.session.typed)

    def action_movers(self) -> None:
        """Order the after list by biggest mover, and back."""
        self.session = self.session.sorted_by_movement(not self.session.by_movement)
        self._show()

    def action_help(self) -> None:
        """Show the help."""
        from docsearch.tui.screens.help import HelpScreen

        self.app.push_screen(HelpScreen())

    action_help_on_empty = action_help

    def action_clear_or_leave(self) -> None:
        """Clear the query; leave when there is none."""
        if self.session.typed:
            self.clear()
        else:
            self.app.exit()

    def clear(self) -> None:
        """Clear the query; it stays in the history."""
        self._remember()
        self.query_one("#query", Input).value = ""

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:  # noqa: ARG002
        """A question mark is help, and a sign judges, only where it is not for the query."""
        if action == "judge_row":
            return self.session.judges
        return action != "help_on_empty" or not self.session.typed

    def _remember(self) -> None:
        self.history = self.history.remembering(self.session.typed)
