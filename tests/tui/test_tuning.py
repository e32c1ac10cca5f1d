"""At rest the screen has the models tuned, says so, and stops where anything else is wanted."""

from __future__ import annotations

from dataclasses import replace

import pytest
from rich.cells import cell_len

from docsearch.domain.progress import Phase
from docsearch.domain.settings import Settings
from docsearch.domain.tuning import TuningProgress
from docsearch.tui.search import idle
from docsearch.tui.search.status_lines import tuning_line
from tests.tui import samples
from tests.tui.piloted import Driver, running
from tests.tui.scripted_engine import ScriptedEngine

SHOWN = "tuning a-reranker: timing openvino int8, 3 of 5 · typing stops it"


@pytest.fixture
def at_rest(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever does nothing is at rest at once."""
    monkeypatch.setattr(idle, "TUNING_REST_SECONDS", 0.001)


async def halfway(app: Driver) -> None:
    """Tune until three steps are told; the rest waits."""
    app.engine.tuning.until = 3
    app.screen.tuning.begin()
    await app.until(lambda: SHOWN in app.picture(), "the third step")


@pytest.mark.usefixtures("at_rest")
async def test_who_rests_has_the_models_tuned_once() -> None:
    async with running() as app:
        await app.until(lambda: app.screen.tuning.is_done, "the end of tuning")
        assert "tuning" not in app.picture()
        assert "up to date" in app.picture()
        await app.search()
        await app.press("down")
        assert app.engine.tuning.runs == 1


async def test_who_does_not_rest_is_left_alone() -> None:
    async with running() as app:
        await app.search()
        assert app.engine.tuning.runs == 0


async def test_what_is_measured_is_shown_and_typing_stops_it() -> None:
    async with running() as app:
        await halfway(app)
        await app.press("b")
        await app.until(lambda: app.engine.tuning.stops == 1, "the end of tuning")
        assert "tuning" not in app.picture()
        app.engine.tuning.until = None
        await app.until(lambda: not app.session.running, "the answer")
        app.screen.tuning.begin()
        await app.until(lambda: app.screen.tuning.is_done, "the end of tuning")
        assert app.engine.tuning.runs == 2


async def test_a_screen_that_opens_stops_it() -> None:
    async with running() as app:
        await halfway(app)
        await app.press("f1")
        await app.until(lambda: app.engine.tuning.stops == 1, "the end of tuning")


async def test_an_index_at_work_stops_it() -> None:
    async with running() as app:
        await halfway(app)
        app.engine.report(replace(samples.READY, phase=Phase.INDEXING, files_total=3))
        await app.until(lambda: app.engine.tuning.stops == 1, "the end of tuning")
        assert "tuning" not in app.picture()
        app.screen.tuning.begin()
        assert app.engine.tuning.runs == 1


async def test_it_can_be_turned_off() -> None:
    settings = Settings(reranker=samples.MODEL, tune=False)
    async with running(ScriptedEngine(settings=settings)) as app:
        app.screen.tuning.begin()
        await app.search()
        assert app.engine.tuning.runs == 0


@pytest.mark.parametrize("cells", [0, 10, 40, 100])
def test_the_line_fits(cells: int) -> None:
    progress = TuningProgress("a-re\x1branker", "timing openvino int8", 2, 5)
    line = tuning_line(progress, cells)
    assert sum(cell_len(piece.text) for piece in line) <= max(cells, 0)
    assert "\x1b" not in "".join(piece.text for piece in line)
