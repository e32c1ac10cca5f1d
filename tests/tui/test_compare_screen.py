"""Rerankers side by side on the running screen."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace

import pytest

from docsearch.domain.errors import IndexStoreError
from docsearch.domain.model import Availability
from docsearch.domain.query import Filters, Query
from docsearch.domain.ranking import Finished
from docsearch.domain.speed import Speed
from docsearch.tui.compare.screen import CompareScreen
from docsearch.tui.compare.state import CompareState
from docsearch.tui.dialogs.help import HelpScreen
from docsearch.tui.dialogs.rerankers import DownloadScreen, RerankersScreen
from tests.tui import samples
from tests.tui.piloted import Driver, running
from tests.tui.scripted_engine import ScriptedEngine

SIX, TWELVE = samples.MODEL, "ms-marco-MiniLM-L12-v2"
SERVICE = replace(
    samples.MODELS[1],
    description=replace(samples.MODELS[1].description, name="a-service", hosted=True),
)


def shown(app: Driver) -> CompareState:
    screen = next(each for each in app.app.screen_stack if isinstance(each, CompareScreen))
    return screen.now


def whole(app: Driver) -> bool:
    now = shown(app)
    return now.comparison.doing is None and all(
        each.is_whole or each.error for each in now.columns if each.reranker not in now.left_out
    )


@asynccontextmanager
async def comparing(
    engine: ScriptedEngine | None = None, size: tuple[int, int] = (100, 30)
) -> AsyncIterator[Driver]:
    async with running(engine, size) as app:
        await app.search()
        await app.press("f6")
        assert isinstance(app.app.screen, CompareScreen)
        yield app


@pytest.mark.parametrize("size", [(80, 24), (100, 30), (160, 48)])
async def test_the_ranks_of_every_reranker_stand_side_by_side(size: tuple[int, int]) -> None:
    async with comparing(size=size) as app:
        await app.until(lambda: whole(app), "both columns")
        picture = app.picture()
        assert app.engine.comparer.asked == [(SIX, TWELVE)]
        assert "+0.42 0.61" in picture
        first = next(line for line in picture.splitlines() if line.startswith("▌"))
        assert first.split()[:4] == ["▌", "7", "1", "1"]
        assert "1 logit +6.60 · 2 logit +7.90" in picture
        assert "Esc back" in picture


async def test_a_column_tells_how_far_it_is_while_it_is_read() -> None:
    engine = ScriptedEngine()
    engine.comparer.until = {TWELVE: 4}
    engine.measured = {SIX: Speed(620, 90_000, 20)}
    async with comparing(engine) as app:
        await app.until(lambda: shown(app).columns[1].scored == 4, "the first batch")
        picture = app.picture()
        assert "━━─── 4/12" in picture
        assert "31 pairs/s" in picture
        engine.go_on.set()
        await app.until(lambda: whole(app), "both columns")
        assert "4/12" not in app.picture()


async def test_columns_and_digits_order_the_rows() -> None:
    async with comparing() as app:
        await app.until(lambda: whole(app), "both columns")
        for key, name in (("2", TWELVE), ("0", None), ("alt+1", SIX), ("right", TWELVE)):
            await app.press(key)
            column = shown(app).column
            assert (column.reranker if column else None) == name
        assert f"by {TWELVE}" in app.picture()
        await app.press("7")
        assert "no reranker 7" in app.notices


async def test_the_most_disputed_come_first_and_back() -> None:
    async with comparing() as app:
        await app.until(lambda: whole(app), "both columns")
        await app.press("d")
        spreads = [row.spread for row in shown(app).rows()]
        assert spreads == sorted(spreads, reverse=True)
        assert "disputed first" in app.picture()
        await app.press("d")
        assert "disputed first" not in app.picture()


async def test_a_slow_one_is_left_out_and_taken_back() -> None:
    engine = ScriptedEngine()
    engine.comparer.until = {SIX: 4}
    async with comparing(engine) as app:
        await app.until(lambda: shown(app).columns[0].scored == 4, "the first batch")
        await app.press("x")
        await app.until(lambda: whole(app), "the other column, while the slow one hangs")
        assert engine.comparer.asked == [(SIX, TWELVE), (TWELVE,)]
        engine.go_on.set()
        assert engine.comparer.was_left.wait(30)
        assert engine.comparer.left == [(SIX, TWELVE)]
        assert shown(app).columns[0].scored == 4
        assert "left out" in app.picture()
        await app.press("x")
        await app.until(lambda: shown(app).columns[0].is_whole, "both columns")
        assert engine.comparer.asked[-1] == (SIX, TWELVE)


async def test_the_first_stage_cannot_be_left_out() -> None:
    async with comparing() as app:
        await app.press("0", "x")
        assert "always here" in app.notices
        assert len(app.engine.comparer.asked) == 1


async def test_one_that_fails_says_why_in_its_column_and_stops_no_other() -> None:
    engine = ScriptedEngine()
    engine.comparer.faults = {SIX: "It gave a score that is not a finite number."}
    async with comparing(engine) as app:
        await app.until(lambda: whole(app), "the other column")
        picture = app.picture()
        assert "✗ failed" in picture
        assert "not a finite number" in picture
        assert shown(app).columns[1].is_whole


async def test_what_stops_everything_is_told() -> None:
    engine = ScriptedEngine()
    engine.comparer.error = IndexStoreError("The index has been closed.")
    async with comparing(engine) as app:
        await app.until(lambda: shown(app).error, "the error")
        assert "The index has been closed." in app.picture()


async def test_leaving_cancels_and_keeps_the_selection() -> None:
    engine = ScriptedEngine()
    engine.comparer.until = {SIX: 4}
    async with comparing(engine) as app:
        await app.until(lambda: shown(app).columns[0].scored == 4, "the first batch")
        await app.press("down", "down", "up")
        selected = shown(app).selected
        await app.press("escape")
        assert app.on_top
        assert app.session.selected == selected
        engine.go_on.set()
        assert engine.comparer.was_left.wait(30)


async def test_enter_opens_the_passage() -> None:
    async with comparing() as app:
        await app.press("enter")
        assert app.on_top
        await app.until(lambda: "sourdough-rye.md is not there any more" in app.notices)


async def test_with_one_reranker_it_is_compared_with_the_first_stage() -> None:
    async with comparing(ScriptedEngine(states=samples.MODELS[:2])) as app:
        await app.until(lambda: whole(app), "the column")
        picture = app.picture()
        assert app.engine.comparer.asked == [(SIX,)]
        assert "first stage's order" in picture
        assert "Shift-F2 lists the others" in picture
        assert max(row.spread for row in shown(app).rows()) > 1


async def test_with_no_reranker_it_says_how_to_get_one() -> None:
    states = tuple(
        replace(state, availability=Availability.NOT_DOWNLOADED) for state in samples.MODELS
    )
    async with comparing(ScriptedEngine(samples.without_reranker, states=states)) as app:
        assert "No reranker is on this machine" in app.picture()
        await app.press("shift+f2", "home", "enter")
        assert isinstance(app.app.screen, DownloadScreen)
        await app.press("enter")
        await app.until(lambda: app.engine.pulled)
        assert isinstance(app.app.screen, CompareScreen)


async def test_a_service_is_compared_only_when_it_is_chosen() -> None:
    engine = ScriptedEngine(states=(*samples.MODELS, SERVICE))
    async with comparing(engine) as app:
        assert engine.comparer.asked == [(SIX, TWELVE)]
        await app.press("shift+f2")
        assert isinstance(app.app.screen, RerankersScreen)
        await app.press("end", "up", "enter")
        await app.until(lambda: len(shown(app).columns) == 3 and whole(app), "the service")
        assert engine.comparer.asked[-1] == (SIX, TWELVE, "a-service")


async def test_a_fifth_one_needs_room() -> None:
    more = tuple(samples.model(f"model-{n}", 20, Availability.READY) for n in range(3))
    async with comparing(ScriptedEngine(states=(*samples.MODELS[1:3], *more))) as app:
        await app.press("5")
        assert "leave one out with X first" in app.notices
        await app.press("2", "x", "5")
        assert shown(app).scoring == (SIX, "model-0", "model-1", "model-2")


async def test_help_tells_of_the_view() -> None:
    async with comparing(size=(160, 48)) as app:
        await app.press("f1")
        assert isinstance(app.app.screen, HelpScreen)


@pytest.mark.parametrize("typed", ["", "ext:md"])
async def test_without_words_there_is_nothing_to_compare(typed: str) -> None:
    query = Query("ext:md", "", Filters(extensions=("md",)))
    result = replace(samples.retrieved(), query=query, reranker=None)
    async with running(ScriptedEngine(lambda _: [Finished(result)])) as app:
        if typed:
            await app.type(typed)
            await app.until(lambda: app.session.result and not app.session.running)
        await app.press("f6")
        assert app.on_top
        assert "to compare yet" in app.notices or "type words" in app.notices


async def test_digits_choose_in_the_list_of_rerankers() -> None:
    engine = ScriptedEngine()
    engine.measured = {SIX: Speed(620, 90_000, 20)}
    async with running(engine) as app:
        await app.press("shift+f2")
        picture = app.picture()
        assert "31 pairs/s" in picture
        assert "not measured yet" in picture
        assert "512 tokens" in picture
        assert "logit" in picture
        await app.press("2")
        assert app.on_top
        assert app.session.reranker == TWELVE
        await app.press("shift+f2", "9")
        assert isinstance(app.app.screen, RerankersScreen)
        await app.press("0")
        assert app.session.reranker is None
