"""Weighing the voices: the rules of the session, then the panel over the running screen."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace

import pytest

from docsearch.domain.fusion import Blend, Fusion
from docsearch.domain.query import CandidateSource
from docsearch.domain.ranking import Finished
from docsearch.domain.settings import Settings
from docsearch.tui.search.doors import NOTHING_TO_WEIGH
from docsearch.tui.search.hit_rows import Side
from docsearch.tui.search.state import SearchState
from docsearch.tui.weights.screen import WeightsScreen
from docsearch.tui.weights.state import Dial
from tests.tui import fused, samples
from tests.tui.piloted import Driver, running
from tests.tui.scripted_engine import ScriptedEngine

NOW = 1_700_000_000.0
FIRST = Fusion(reranker=0.0, first_stage=1.0)
BY_RANKS = Fusion(first_stage=1.0, blend=Blend.RANKS)
TOP_BEFORE, TOP_FUSED = 1, 7


def answered(events: int = 5) -> SearchState:
    """A session in which a search has come so far."""
    session = SearchState(CandidateSource.DENSE, samples.MODEL).asked(samples.QUERY)
    for event in fused.events()[:events]:
        session = session.received(1, event)
    return session


def ids(session: SearchState, side: Side = Side.AFTER) -> list[int]:
    return [hit.passage.chunk_id for hit in session.order(side)]


def test_a_turn_changes_the_order_and_nothing_else() -> None:
    before = answered()
    after = before.fused(FIRST, fused.USUAL, NOW)
    assert after.fusion == FIRST
    assert ids(after) == ids(before, Side.BEFORE) == ids(after, Side.BEFORE)
    assert ids(after) != ids(before)
    assert before.result is not None
    assert after.result is not None
    assert after.result == replace(before.result, hits=after.result.hits, fusion=FIRST)
    scores = {hit.passage.chunk_id: hit.rerank for hit in after.result.hits}
    assert scores == {hit.passage.chunk_id: hit.rerank for hit in before.order(Side.BEFORE)}
    assert (after.generation, after.running) == (before.generation, before.running)


def test_turned_back_to_the_usual_it_is_the_answer_that_was_there() -> None:
    before = answered()
    back = before.fused(BY_RANKS, fused.USUAL, NOW).fused(None, fused.USUAL, NOW)
    assert back.fusion is None
    assert back.result == before.result


def test_the_selection_stays_on_its_passage() -> None:
    for session in (answered(), answered().picked(3)):
        turned = session.fused(FIRST, fused.USUAL, NOW)
        assert (turned.selected, turned.chosen) == (session.selected, session.chosen)


def test_what_still_comes_of_the_running_search_follows_the_turn() -> None:
    session = answered(2).fused(FIRST, fused.USUAL, NOW)
    assert ids(session) == [1, 2, 3, 4]
    for event in fused.events()[2:]:
        session = session.received(1, event)
        assert ids(session) == sorted(ids(session))
    assert session.result is not None
    assert session.result.fusion == FIRST


def test_the_next_search_is_answered_in_the_order_that_it_was_asked_for() -> None:
    turned = answered().fused(FIRST, fused.USUAL, NOW)
    for asked in (turned.asked("rye"), turned.asked_again()):
        assert asked.fusion == FIRST
        answer = replace(samples.reranked(12), notice="as it came")
        assert asked.received(asked.generation, Finished(answer)).result == answer


def test_without_an_answer_the_weights_are_kept_for_the_first_one() -> None:
    session = SearchState(CandidateSource.DENSE, samples.MODEL).fused(FIRST, fused.USUAL, NOW)
    assert (session.result, session.fusion) == (None, FIRST)


@asynccontextmanager
async def weighing(size: tuple[int, int] = (100, 30)) -> AsyncIterator[Driver]:
    """A whole answer, with the panel open."""
    async with running(ScriptedEngine(fused.events, states=fused.MODELS), size) as app:
        await app.search()
        await app.press("f5")
        yield app


def panel(app: Driver) -> WeightsScreen:
    screen = app.app.screen
    assert isinstance(screen, WeightsScreen)
    return screen


async def test_f5_opens_the_panel_at_what_the_order_is_made_of() -> None:
    async with weighing() as app:
        assert panel(app).knob.fusion == fused.USUAL
        assert panel(app).knob.chosen is None
        assert app.session.weighing


async def test_a_turn_is_seen_at_once_and_asks_nothing() -> None:
    async with weighing() as app:
        asked = list(app.engine.asked)
        assert ids(app.session)[0] == TOP_FUSED
        await app.press("right")
        assert app.session.fusion == FIRST
        assert ids(app.session)[0] == TOP_BEFORE
        await app.come_to_rest()
        at = next(at for at, row in enumerate(app.rows("after")) if row.startswith("▌"))
        assert app.rows("after")[at].split()[:2] == ["▌", "7"]
        assert "-0.14 = -0.14 bi-encoder" in app.rows("after")[at + 1]
        assert app.engine.asked == asked


async def test_up_and_down_choose_and_left_and_right_slide() -> None:
    async with weighing() as app:
        await app.press("down", "down", "right", "right", "left")
        assert panel(app).knob.dial is Dial.FIRST_STAGE
        assert app.session.fusion == Fusion(first_stage=0.6)
        await app.press("down", "down", "right", "up", "right")
        assert app.session.fusion == Fusion(first_stage=0.6, recency=0.1, blend=Blend.RANKS)
        assert app.typed == samples.QUERY


@pytest.mark.parametrize("key", ["enter", "f5"])
async def test_what_is_kept_holds_for_later_searches(key: str) -> None:
    async with weighing() as app:
        assert app.engine.fusions == [None]
        await app.press("right", "right", key)
        assert app.on_top
        assert not app.session.weighing
        await app.search(" and wheat")
        assert app.session.fusion == BY_RANKS
        assert app.engine.fusions[-1] == BY_RANKS
        await app.press("f5")
        assert panel(app).knob.chosen == BY_RANKS


async def test_escape_leaves_it_as_it_was() -> None:
    async with weighing() as app:
        result = app.session.result
        await app.press("right", "down", "right", "escape")
        assert app.on_top
        assert (app.session.fusion, app.session.weighing) == (None, False)
        assert app.session.result == result
        await app.press("f5", "right", "enter", "f5", "right", "escape")
        assert app.session.fusion == FIRST
        assert ids(app.session)[0] == TOP_BEFORE
        assert app.typed == samples.QUERY


async def test_other_results_can_be_selected_under_the_panel() -> None:
    async with weighing() as app:
        await app.press("ctrl+n")
        assert app.session.selected == ids(app.session)[1]
        await app.press("ctrl+p")
        assert app.session.selected == ids(app.session)[0]


@pytest.mark.parametrize("size", [(80, 24), (100, 30), (160, 48)])
async def test_the_panel_hides_neither_the_lists_nor_what_the_voices_gave(
    size: tuple[int, int],
) -> None:
    async with weighing(size) as app:
        await app.come_to_rest()
        picture = app.picture()
        assert "ms-marco-MiniLM-L6-v2 + ½ bi-encoder" in picture
        assert "order +2.02: reranker +2.10, bi-encoder -0.07" in picture
        assert "half-life" in picture
        assert "Rest 30 minutes in the bowl" in picture
        assert "+0.65 = " in picture
        await app.press("escape")
        await app.come_to_rest()
        assert "half-life" not in app.picture()
        assert "p95" in app.picture()


async def test_while_a_search_runs_its_parts_come_in_the_order_of_the_panel() -> None:
    engine = ScriptedEngine(fused.events, states=fused.MODELS, until=2)
    async with running(engine) as app:
        await app.type(samples.QUERY)
        await app.until(lambda: app.session.progress, "the first batch")
        await app.press("f5", "right")
        engine.go_on.set()
        await app.until(lambda: not app.session.running)
        assert ids(app.session) == list(range(1, 13))


async def test_another_reranker_keeps_what_was_chosen_and_has_its_own_default() -> None:
    async with weighing() as app:
        await app.press("right", "enter", "f2")
        await app.until(lambda: len(app.engine.asked) == 2)
        assert app.engine.asked[-1][2] == "ms-marco-MiniLM-L12-v2"
        assert app.engine.fusions[-1] == FIRST
        await app.press("f5", "left", "enter", "f2")
        assert app.session.fusion is None


async def test_settings_that_say_how_to_fuse_are_the_default() -> None:
    settings = Settings(reranker=samples.MODEL, fusion="ranks", first_stage_weight=1.0)
    async with running(ScriptedEngine(settings=settings)) as app:
        await app.press("f5")
        assert panel(app).knob.fusion == BY_RANKS


async def test_without_a_reranker_there_is_nothing_to_weigh() -> None:
    async with running(ScriptedEngine(settings=Settings(reranker="none"))) as app:
        await app.press("f5")
        assert app.on_top
        assert app.notices == NOTHING_TO_WEIGH
