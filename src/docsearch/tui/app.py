"""The app: themes, the screen, and what reaches beyond the screen (an editor, the clipboard).

In: an engine that has not been started. Out: a running screen. Does not know what is on it.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import ClassVar

from textual import on
from textual.app import App, SuspendNotSupported
from textual.binding import Binding, BindingType
from textual.command import Provider

from docsearch.domain.errors import DocsearchError, FolderError
from docsearch.domain.safe_text import safe_line
from docsearch.tui.commands import SearchCommands
from docsearch.tui.engine_bridge import SearchEngine
from docsearch.tui.history import History, load, save
from docsearch.tui.launching import launch
from docsearch.tui.opening import opening
from docsearch.tui.rendering.places import address
from docsearch.tui.screens.search import SearchScreen
from docsearch.tui.themes import DARK, THEMES


class DocsearchApp(App[None]):
    """`history_file` is where queries are kept between sessions; None keeps them in memory."""

    TITLE = "docsearch"
    COMMAND_PALETTE_BINDING: ClassVar[str] = "ctrl+o"
    COMMANDS: ClassVar[set[type[Provider] | Callable[[], type[Provider]]]] = {SearchCommands}
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+q,ctrl+c", "quit", "Leave", show=False, priority=True)
    ]

    def __init__(
        self,
        engine: SearchEngine,
        history_file: Path | None = None,
        environment: Mapping[str, str] = os.environ,
    ) -> None:
        # Without colour the terminal's own two are used, and no shade of grey between them.
        super().__init__(ansi_color=True if "NO_COLOR" in os.environ else None)
        self._engine = engine
        self._history_file = history_file
        self._environment = environment
        for theme in THEMES:
            self.register_theme(theme)
        wanted = engine.settings.theme
        self.theme = wanted if wanted in self.available_themes else DARK.name

    @on(SearchScreen.OpenAsked)
    def _open(self, message: SearchScreen.OpenAsked) -> None:
        passage = message.passage
        path = self._engine.folder.absolute() / passage.path
        try:
            if not path.exists():
                raise FolderError(f"{safe_line(passage.path)} is not there any more.")
            place = passage.chunk.location
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
        file = self._history_file
        self._search = SearchScreen(self._engine, load(file) if file else History())
        return self._search

    def on_unmount(self) -> None:
        """Keep the queries for the next session."""
        if self._history_file is not None:
            save(self._search.history.remembering(self._search.session.typed), self._history_file)
