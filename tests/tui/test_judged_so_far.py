"""What reranking is worth by all that was judged: a page behind a key."""

from __future__ import annotations

from docsearch.domain.errors import EvaluationError
from docsearch.tui.judge.so_far import JudgedSoFarScreen
from tests.tui import samples
from tests.tui.piloted import Driver, running
from tests.tui.scripted_engine import ScriptedEngine


async def opened(app: Driver) -> JudgedSoFarScreen:
    await app.press("f10")
    screen = app.app.screen
    assert isinstance(screen, JudgedSoFarScreen)
    return screen


async def test_each_reranker_is_measured_for_this_query_and_for_all() -> None:
    async with running(size=(80, 24)) as app:
        await app.search()
        screen = await opened(app)
        await app.until(lambda: screen.known)
        picture = app.picture()
        assert "this query" in picture
        assert "NDCG@10 .50→.75 +.25  RR@10 .50→.75 +.25" in picture
        assert "all judged queries" in picture
        assert "  MRR@10 .50→.75 +.25" in picture
        assert "judged 72 of 180 in the top 10s · too few" in picture
        assert "it helps here: +0.250 NDCG@10" in picture
        assert app.engine.evaluator.asked == [(samples.QUERY, False), (None, False)]


async def test_condensed_lists_stay_chosen_when_the_page_is_left() -> None:
    async with running(size=(80, 24)) as app:
        await app.search()
        screen = await opened(app)
        await app.press("c")
        await app.until(lambda: screen.known)
        assert app.engine.evaluator.asked[-1] == (None, True)
        assert "condensed lists" in app.picture()
        await app.press("escape")
        assert app.on_top
        assert app.session.condensed


async def test_without_a_query_all_are_measured_and_nothing_judged_is_told() -> None:
    engine = ScriptedEngine()
    engine.evaluator.is_known = False
    async with running(engine) as app:
        screen = await opened(app)
        await app.until(lambda: screen.known)
        assert engine.evaluator.asked == [(None, False)]
        assert "No reranker has read all candidates" in app.picture()
        await app.press("escape")
        engine.evaluator.error = EvaluationError("Nothing has been judged yet.")
        await opened(app)
        await app.until(lambda: "Nothing has been judged yet." in app.picture())


async def test_why_there_is_no_figure_is_told_whole() -> None:
    engine = ScriptedEngine()
    engine.evaluator.error = EvaluationError(f"{'There is nothing. ' * 12}Judge with + and -.")
    async with running(engine, size=(80, 24)) as app:
        await opened(app)
        await app.until(lambda: "Judge with + and -." in app.picture())
