"""The pictures of the README, taken of the real screen with the real models.

    python -m benchmarks.pictures [INTO]

In: sample_docs. Out: `screen.svg`, the answer to QUERY, and `why.svg`, why its first result is
above its second, in the folder INTO (docs). The index is made in a directory that is removed at the
end, so the first picture waits for it; its times are those of a warm cache, and it says so.
"""

from __future__ import annotations

import asyncio
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

from textual.pilot import Pilot
from textual.widgets import Input

from docsearch.domain.progress import Phase
from docsearch.domain.settings import Settings
from docsearch.engine.compose import compose
from docsearch.tui.app import DocsearchApp
from docsearch.tui.contrast.screen import ContrastScreen
from docsearch.tui.search.screen import SearchScreen

FOLDER = Path("sample_docs")
QUERY = "where does the association have its bank account now"
SIZE = (120, 36)
PATIENCE = 600.0
LOOK_EVERY = 0.1


def main() -> None:
    """Take both pictures."""
    into = Path(sys.argv[1] if len(sys.argv) > 1 else "docs")
    with tempfile.TemporaryDirectory() as data:
        asyncio.run(_take(into, Settings(data_dir=data, offline=True)))


async def _take(into: Path, settings: Settings) -> None:
    app = DocsearchApp(FOLDER, settings, lambda: compose(FOLDER, settings), environment={})
    async with app.run_test(size=SIZE) as pilot:
        screen = app.screen
        assert isinstance(screen, SearchScreen)
        await _wait(pilot, lambda: screen.shown.progress.phase is Phase.READY)
        line = screen.query_one(Input)
        line.cursor_blink = False
        line.insert_text_at_cursor(QUERY)
        await _wait(pilot, lambda: screen.now.best_span is not None)
        # Once more, from the cache: else the line of times is that of a machine that loads models.
        await pilot.press("ctrl+r")
        await _wait(pilot, lambda: screen.now.latencies.count == 2)
        await _wait(pilot, lambda: screen.now.best_span is not None)
        await _save(pilot, into / "screen.svg")
        await pilot.press("f8", "down", "f8", "f4")
        await _wait(pilot, lambda: isinstance(app.screen, ContrastScreen) and app.screen.ended)
        await _save(pilot, into / "why.svg")
    app.stop_engine(PATIENCE)


async def _wait(pilot: Pilot[None], until: Callable[[], bool]) -> None:
    async with asyncio.timeout(PATIENCE):
        while not until():
            await pilot.pause(LOOK_EVERY)


async def _save(pilot: Pilot[None], file: Path) -> None:
    await pilot.pause()
    file.write_text(pilot.app.export_screenshot(), encoding="utf-8")
    print(file)


if __name__ == "__main__":
    main()
