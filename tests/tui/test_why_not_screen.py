"""Why a file is not among the results: it is named, and where it was lost is told."""

from __future__ import annotations

from dataclasses import replace

from docsearch.domain.errors import UsageError
from docsearch.tui.dialogs.why_not import WhyNotScreen
from tests.tui import fused, inspections, samples
from tests.tui.piloted import running
from tests.tui.scripted_engine import ScriptedEngine


async def test_where_a_file_was_lost_is_told_with_its_scores() -> None:
    async with running() as app:
        await app.search()
        app.screen.action_why_not()
        await app.until(lambda: isinstance(app.app.screen, WhyNotScreen))
        await app.press(*"ops", "enter")
        await app.until(lambda: "not among the candidates" in app.picture())
        assert app.engine.inspector.traced == [(samples.QUERY, "ops")]
        picture = app.picture()
        assert "The bi-encoder ranks it 312th" in picture
        assert "#312  0.104" in picture
        assert "#41  -4.20 (0.015)" in picture
        await app.press("escape")
        assert app.on_top
        assert app.typed == samples.QUERY


async def test_it_is_looked_for_in_the_order_that_is_shown_and_the_rerankers_own_is_told() -> None:
    engine = ScriptedEngine(fused.events, states=fused.MODELS)
    engine.inspector.lost = replace(inspections.LOST, after_rank=5, own_rank=12)
    async with running(engine, (160, 48)) as app:
        await app.search()
        await app.press("f5", "right", "enter")
        await app.until(lambda: app.on_top and app.session.fusion)
        app.screen.action_why_not()
        await app.until(lambda: isinstance(app.app.screen, WhyNotScreen))
        await app.press(*"ops", "enter")
        await app.until(lambda: "order shown" in app.picture())
        assert engine.inspector.fusions == [app.session.fusion]
        rows = app.picture().splitlines()
        assert any("order shown   #5 " in row for row in rows)
        assert any("cross-encoder #12  -4.20 (0.015)" in row for row in rows)


async def test_a_target_that_makes_no_sense_is_told() -> None:
    engine = ScriptedEngine()
    engine.inspector.error = UsageError("x.md lies outside of the folder.")
    async with running(engine) as app:
        await app.search()
        app.screen.action_why_not()
        await app.until(lambda: isinstance(app.app.screen, WhyNotScreen))
        await app.press("x", "enter")
        await app.until(lambda: "outside of the folder" in app.picture())


async def test_nothing_named_asks_nothing_and_without_a_query_there_is_nothing_to_ask() -> None:
    async with running() as app:
        app.screen.action_why_not()
        await app.pilot.pause()
        assert app.on_top
        await app.search()
        app.screen.action_why_not()
        await app.until(lambda: isinstance(app.app.screen, WhyNotScreen))
        await app.press("space", "enter")
        assert app.engine.inspector.traced == []
