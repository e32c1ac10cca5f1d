"""The app: themes, the screen, and what reaches beyond the screen (an editor, the clipboard).

In: an engine that has not been started. Out: a running screen. Does not know what is on it.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

from textual import events, on
from textual.app import App, SuspendNotSupported
from textual.binding import Binding, BindingType
from textual.command import Provider
from textual.widgets import Input

from docsearch.domain.errors import DocsearchError, FolderError
from docsearch.domain.safe_text import safe_line
from docsearch.domain.settings import Settings
from docsearch.presentation.places import address
from docsearch.tui.background import Background
from docsearch.tui.commands import SearchCommands
from docsearch.tui.editor import launch, opening
from docsearch.tui.history import History, load, save
from docsearch.tui.judge.judgments import finish as finish_judgments
from docsearch.tui.judge.state import JudgingPlan
from docsearch.tui.search.screen import SearchScreen
from docsearch.tui.terminal_input import paste_into, read_alt_digits
from docsearch.tui.themes import DARK, THEMES

if TYPE_CHECKING:
    from docsearch.engine.engine import Engine


class DocsearchApp(App[None]):
    """The screen on one folder.

    `open_engine` is called in the background once the first picture is up. `history_file` is where
    queries are kept between sessions; None keeps them in memory. `failure` is why the engine could
    not be opened, once the app has left for that reason. With `judging` the app is a judging
    session, and ends with it.
    """

    TITLE = "docsearch"
    COMMAND_PALETTE_BINDING: ClassVar[str] = "ctrl+o"
    COMMANDS: ClassVar[set[type[Provider] | Callable[[], type[Provider]]]] = {SearchCommands}
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+q,ctrl+c", "quit", "Leave", show=False, priority=True),
        Binding("ctrl+v", "paste", "Paste", show=False, priority=True),
    ]

    def __init__(
        self,
        folder: Path,
        settings: Settings,
        open_engine: Callable[[], Engine],
        history_file: Path | None = None,
        environment: Mapping[str, str] = os.environ,
        judging: JudgingPlan | None = None,
    ) -> None:
        # Without colour the terminal's own two are used, and no shade of grey between them.
        super().__init__(ansi_color=True if "NO_COLOR" in os.environ else None)
        self.failure: DocsearchError | None = None
        self._folder = folder
        self._environment = environment
        self._history_file = history_file
        self._judging = judging
        self._background = Background(open_engine)
        history = load(history_file) if history_file else History()
        self._search = SearchScreen(folder, settings, self._background, history)
        read_alt_digits()
        for theme in THEMES:
            self.register_theme(theme)
        self.theme = settings.theme if settings.theme in self.available_themes else DARK.name

    async def on_event(self, event: events.Event) -> None:
        """Take a paste before the input does that has the focus."""
        if isinstance(event, events.Paste) and isinstance(self.focused, Input):
            paste_into(self.focused, event.text)
        else:
            await super().on_event(event)

    def action_paste(self) -> None:
        """The same from the app's own clipboard."""
        if isinstance(self.focused, Input):
            paste_into(self.focused, self.clipboard)

    def on_ready(self) -> None:
        """Begin with what the app is for."""
        if self._judging is not None:
            # Behind the first picture, as the engine's start is, and after it.
            begin = self._search.judging.open_session
            self._search.call_after_refresh(begin, self._judging, self.exit)

    def stop_engine(self, seconds: float) -> None:
        """End the engine's work, when the screen has been left; blocks for so long at most.

        Judgments are written first. Raises IndexStoreError where one is not.
        """
        try:
            finish_judgments(self._background)
        finally:
            self._background.stop(seconds)

    def finish_cases(self, tell: Callable[[str], object]) -> None:
        """Wait for the case files still to be written, when the screen has been left.

        `tell` is given lines about it. Raises CaseError where one is not written.
        """
        self._search.cases.finish(tell)

    @on(SearchScreen.CannotOpen)
    def _leave(self, message: SearchScreen.CannotOpen) -> None:
        self.failure = message.error
        self.exit(return_code=message.error.exit_code)

    @on(SearchScreen.OpenAsked)
    def _open(self, message: SearchScreen.OpenAsked) -> None:
        passage = message.passage
        path = self._folder.absolute() / passage.path
        try:
            if not path.exists():
                raise FolderError(f"{safe_line(passage.path)} is not there any more.")
            place = passage.place.location
            launch(opening(path, place, self._environment, shutil.which), self.suspend())
        except DocsearchError as error:
            self._complain(error.title, str(error))
        except SuspendNotSupported:
            self._complain("Terminal", "This terminal cannot be lent to an editor.")

    @on(SearchScreen.CopyAsked)
    def _copy(self, message: SearchScreen.CopyAsked) -> None:
        text = safe_line(address(message.passage))
        self.copy_to_clipboard(text)
        self.notify(text, title="Copied", markup=False)

    def _complain(self, title: str, text: str) -> None:
        self.notify(safe_line(text), title=title, severity="error", markup=False)

    def get_default_screen(self) -> SearchScreen:
        """The one screen that everything else is over."""
        return self._search

    def on_unmount(self) -> None:
        """Keep the queries for the next session."""
        if self._history_file is not None:
            save(self._search.history.remembering(self._search.now.typed), self._history_file)
