"""A running app for a test, and a way to wait for what it comes to show."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import cast

from textual.command import CommandPalette
from textual.pilot import Pilot
from textual.widgets import Input, OptionList

from docsearch.engine.engine import Engine
from docsearch.tui.app import DocsearchApp
from docsearch.tui.contrast.screen import ContrastScreen
from docsearch.tui.inspector.screen import InspectorScreen
from docsearch.tui.judge.so_far import JudgedSoFarScreen
from docsearch.tui.search.hit_list import HitList
from docsearch.tui.search.screen import SearchScreen
from docsearch.tui.search.state import SearchState
from docsearch.tui.whole_list.screen import WholeListScreen
from tests.tui import samples
from tests.tui.scripted_engine import ScriptedEngine

PATIENCE = 30.0

CALM_PICTURES = 5
"""So many equal pictures in a row are taken for the end of all drawing."""


@dataclass
class Driver:
    """The app, its engine and its one screen."""

    pilot: Pilot[None]
    app: DocsearchApp
    engine: ScriptedEngine

    @property
    def screen(self) -> SearchScreen:
        screen = self.app.screen_stack[0]
        assert isinstance(screen, SearchScreen)
        return screen

    @property
    def on_top(self) -> bool:
        """Whether no dialog is over the screen."""
        return len(self.app.screen_stack) == 1

    @property
    def session(self) -> SearchState:
        return self.screen.now

    @property
    def typed(self) -> str:
        return self.screen.query_one("#query", Input).value

    async def until(self, condition: Callable[[], object], what: str = "") -> None:
        """Let the app work until the condition holds."""
        end = time.monotonic() + PATIENCE
        while not condition():
            assert time.monotonic() < end, f"never came to be: {what} {self.session}"
            await self.pilot.pause(0.005)
        await self.pilot.pause()

    async def type(self, text: str) -> None:
        """Put the text into the query line as one paste would."""
        query = self.screen.query_one("#query", Input)
        query.insert_text_at_cursor(text)
        await self.pilot.pause()

    async def search(self, text: str = samples.QUERY) -> None:
        """Type the text and wait for the whole answer, best sentence included."""
        await self.type(text)
        await self.until(self.settled, "an answer")

    def settled(self) -> bool:
        session = self.session
        return not session.running and (session.hit is None or session.best_span is not None)

    def explained(self) -> bool:
        """Whether nothing is being measured, or gathered, for the screen on top."""
        top = self.app.screen
        if isinstance(top, CommandPalette):
            gathered = all(worker.is_finished for worker in self.app.workers)
            return gathered and top.query_one(OptionList).option_count > 0
        if isinstance(top, InspectorScreen):
            second = top.now.second
            return not top.now.is_running and not (second and second.is_running)
        if isinstance(top, JudgedSoFarScreen):
            return top.known is not None
        if isinstance(top, WholeListScreen):
            return top.now.total is not None and top.now.scored == top.now.total
        return top.ended if isinstance(top, ContrastScreen) else True

    async def press(self, *keys: str) -> None:
        await self.pilot.press(*keys)
        await self.pilot.pause()

    async def come_to_rest(self) -> None:
        """Let the app work until it draws nothing new."""
        pictures: list[str] = []
        while len(pictures) < CALM_PICTURES or len(set(pictures[-CALM_PICTURES:])) > 1:
            await self.pilot.pause(0.02)
            pictures.append(self.picture())

    @property
    def notices(self) -> str:
        """What has been said in passing."""
        return "\n".join(notice.message for notice in self.app._notifications)

    def rows(self, name: str) -> list[str]:
        """The lines in view of one of the lists."""
        widget = self.screen.query_one(f"#{name}", HitList)
        return [widget.render_line(y).text for y in range(widget.size.height)]

    def picture(self) -> str:
        """The text of the whole screen."""
        strips = self.app.screen._compositor.render_strips()
        assert len(strips) == self.app.size.height
        return "\n".join(strip.text for strip in strips)


def opening(engine: ScriptedEngine) -> Callable[[], Engine]:
    """Opens this in place of an engine; test_scripted.py compares the two."""
    return lambda: cast("Engine", engine)


@asynccontextmanager
async def running(
    engine: ScriptedEngine | None = None,
    size: tuple[int, int] = (100, 30),
    *,
    started: bool = True,
    environment: Mapping[str, str] | None = None,
) -> AsyncIterator[Driver]:
    """An app on a scripted engine, painted, and with its engine started if need be."""
    engine = engine or ScriptedEngine()
    app = DocsearchApp(
        engine.folder, engine.settings, opening(engine), environment=environment or {}
    )
    async with app.run_test(size=size) as pilot:
        driver = Driver(pilot, app, engine)
        try:
            if started:
                shown = driver.screen.shown
                await driver.until(lambda: shown.progress == engine.progress(), "start")
            yield driver
        finally:
            engine.go_on.set()
