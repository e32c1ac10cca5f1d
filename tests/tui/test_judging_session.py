"""A judging session: one key a passage, kept at once, gone on with another time."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from textual.widgets import Input

from docsearch.domain.errors import IndexStoreError, ModelCorruptError
from docsearch.domain.judgment import Grade
from docsearch.domain.pool import Pool
from docsearch.domain.query import CandidateSource
from docsearch.tui.app import DocsearchApp
from docsearch.tui.judge.screen import JudgeScreen
from docsearch.tui.judge.state import JudgeState, JudgingPlan
from tests.tui import samples
from tests.tui.piloted import Driver, opening, running
from tests.tui.scripted_engine import ScriptedEngine

ONE, TWO = "how long does rye dough rest", "when may the queue rest"


def plan(*queries: str, again: bool = False, typed_file: Path | None = None) -> JudgingPlan:
    return JudgingPlan(queries, CandidateSource.DENSE, None, again, typed_file)


def pool(query: str, count: int = 3) -> Pool:
    return Pool(query, samples.PASSAGES[:count], {})


class Session(Driver):
    @property
    def judging(self) -> JudgeScreen:
        screen = self.app.screen
        assert isinstance(screen, JudgeScreen)
        return screen

    @property
    def now(self) -> JudgeState:
        return self.judging.now

    def given(self) -> list[tuple[str, int, Grade | None]]:
        return self.engine.judging.written


@asynccontextmanager
async def judging(
    asked: JudgingPlan, engine: ScriptedEngine | None = None, size: tuple[int, int] = (80, 24)
) -> AsyncIterator[Session]:
    engine = engine or ScriptedEngine()
    app = DocsearchApp(
        engine.folder, engine.settings, opening(engine), environment={}, judging=asked
    )
    async with app.run_test(size=size) as pilot:
        driver = Session(pilot, app, engine)
        try:
            await driver.until(lambda: isinstance(app.screen, JudgeScreen), "a session")
            yield driver
        finally:
            engine.go_on.set()


def test_each_query_is_judged_once_whatever_its_blanks() -> None:
    now = JudgeState.of(plan("a  query", "another", " a query ", " "))
    assert now.queries == ("a  query", "another")


def test_grades_lead_through_all_pools_and_back() -> None:
    now = JudgeState.of(plan(ONE, TWO)).pooled(pool(ONE, 2)).pooled(pool(TWO, 1))
    requests = []
    for grade in Grade:
        now, request = now.judged(grade)
        requests.append(request)
    assert [(each.typed, each.grade) for each in requests if each] == [(ONE, 0), (ONE, 1), (TWO, 2)]
    assert now.query is None
    now = now.back()
    assert (now.query, now.place, now.grade) == (TWO, 0, 2)
    now = now.back()
    assert (now.query, now.place, now.grade) == (ONE, 1, 1)
    now, _ = now.judged(Grade.NOT_RELEVANT)
    assert now.query is None
    assert now.grades[ONE, 1] == 0
    assert now.back().back() == now.back().back().back().skipped().back()


def test_what_is_skipped_is_left_for_another_time() -> None:
    now = JudgeState.of(plan(ONE)).pooled(pool(ONE, 2)).skipped()
    assert now.place == 1
    assert now.skipped().query is None
    assert not now.grades


def test_a_query_without_a_pool_is_passed_and_told() -> None:
    error = ModelCorruptError("torn")
    now = JudgeState.of(plan(ONE, TWO)).without(ONE, error).pooled(pool(TWO))
    assert (now.query, now.lost) == (TWO, {ONE: error})
    assert JudgeState.of(plan(ONE)).pooled(pool(ONE, 0)).query is None


def test_a_grade_that_is_not_kept_leads_back_to_its_passage() -> None:
    now, request = JudgeState.of(plan(ONE)).pooled(pool(ONE, 2)).judged(Grade.RELEVANT)
    assert request is not None
    held = now.not_kept(request, IndexStoreError("full"))
    assert (held.place, held.grade, held.given) == (0, None, frozenset())
    again, _ = held.judged(Grade.RELEVANT)
    assert (again.place, again.error) == (1, None)


def test_a_typed_query_comes_next_and_one_that_is_there_is_gone_to() -> None:
    now = JudgeState.of(plan(ONE, TWO)).pooled(pool(ONE)).asking(True).added("a third one")
    assert (now.query, now.queries) == ("a third one", ("a third one", ONE, TWO))
    assert now.added(TWO).query == TWO


async def test_twenty_passages_take_twenty_keys() -> None:
    engine = ScriptedEngine()
    engine.pooling.count = 10
    async with judging(plan(ONE, TWO), engine) as app:
        await app.until(lambda: len(app.now.pools) == 2)
        assert "1 of 10, query 1 of 2" in app.picture()
        await app.press(*["minus", "plus", "asterisk", "equals_sign", "0", "1", "2", "-"] * 2)
        assert "7 of 10, query 2 of 2" in app.picture()
        await app.press("plus", "minus", "plus", "minus")
        await app.until(lambda: len(app.given()) == 20)
        grades = [grade for _, _, grade in app.given()]
        assert grades[:8] == [0, 1, 2, 2, 0, 1, 2, 0]
        assert "20 passages judged" in app.picture()
        await app.press("escape")
        assert app.app._exit


async def test_what_was_judged_is_not_asked_again_unless_wanted() -> None:
    engine = ScriptedEngine()
    engine.judging.kept[ONE, 1] = Grade.RELEVANT
    async with judging(plan(ONE), engine) as app:
        await app.until(lambda: app.now.pool)
        assert "2 of 4, query 1 of 1" in app.picture()
    async with judging(plan(ONE, again=True), engine) as app:
        await app.until(lambda: app.now.pool)
        assert "1 of 4, query 1 of 1" in app.picture()
        assert "+ relevant" in app.picture()


async def test_nothing_on_the_screen_tells_of_ranks_or_scores() -> None:
    async with judging(plan(ONE)) as app:
        await app.until(lambda: app.now.pool)
        picture = app.picture()
        assert "spring-onion-pancakes.md › Pancakes › Dough" in picture
        assert "cosine" not in picture
        assert "#" not in picture
        assert samples.MODEL not in picture


async def test_queries_are_typed_one_after_another_and_kept_for_the_next_session(
    tmp_path: Path,
) -> None:
    file = tmp_path / "judging.json"
    async with judging(plan(typed_file=file)) as app:
        assert "Type a query" in app.picture()
        await app.press(*"rye 1-2", "enter")
        await app.until(lambda: app.now.pool)
        assert list(app.now.queries) == ["rye 1-2"]
        await app.press("plus", "slash", *"of 0", "enter")
        await app.until(lambda: app.now.query == "of 0" and app.now.pool)
        assert list(app.now.queries) == ["of 0", "rye 1-2"]
        await app.press("slash", "escape")
        assert not app.now.is_typing
        await app.press("space", "space", "space", "space")
        assert "2 of 4, query 2 of 2" in app.picture()
        await app.press("backspace")
        assert "4 of 4, query 1 of 2" in app.picture()
    assert file.read_text() == '["rye 1-2", "of 0"]'


async def test_signs_beyond_the_last_passage_are_no_query() -> None:
    async with judging(plan(ONE)) as app:
        await app.until(lambda: app.now.pool)
        await app.press("plus", "plus", "plus", "minus", "minus", "space", "slash")
        await app.until(lambda: len(app.given()) == 4)
        line = app.app.screen.query_one("#another", Input)
        assert line.value == ""
        await app.press(*"rye 1-2")
        assert line.value == "rye 1-2"


async def test_at_its_end_it_says_what_the_judgments_are_good_for() -> None:
    async with judging(plan(ONE)) as app:
        await app.until(lambda: app.now.pool)
        await app.press("plus", "plus", "plus", "minus")
        assert "docsearch eval --own FOLDER" in app.picture()


async def test_a_query_that_finds_nothing_is_told_at_the_end() -> None:
    engine = ScriptedEngine()
    async with judging(plan(ONE), engine) as app:
        await app.until(lambda: app.now.pool)
        engine.pooling.count = 0
        await app.press("slash", *"zzz", "enter")
        await app.until(lambda: "zzz" in app.now.pools)
        await app.press("plus", "plus", "plus", "minus")
        assert "Nothing was found for 1 query, such as: zzz" in app.picture()


async def test_what_was_judged_before_is_counted_apart() -> None:
    engine = ScriptedEngine()
    async with judging(plan(ONE), engine) as app:
        await app.until(lambda: app.now.pool)
        await app.press("plus", "minus")
        await app.until(lambda: len(app.given()) == 2)
        assert "2 judged" in app.picture()
        assert "2 judged," not in app.picture()
    async with judging(plan(ONE), engine) as app:
        await app.until(lambda: app.now.pool)
        assert "0 judged, 2 before" in app.picture()
        await app.press("plus", "minus")
        assert "2 passages judged, 2 before" in app.picture()


async def test_its_own_keys_come_first_in_the_help() -> None:
    async with judging(plan(ONE)) as app:
        await app.until(lambda: app.now.pool)
        await app.press("f1")
        await app.until(lambda: "back to the previous passage" in app.picture())
        await app.press("escape")
        assert "1 of 4" in app.picture()


async def test_while_it_gathers_it_says_how_far_it_is_and_takes_no_grade() -> None:
    engine = ScriptedEngine()
    engine.pooling.held = True
    async with judging(plan(ONE), engine) as app:
        await app.until(lambda: app.now.step)
        assert "reads what was found: 6 of 12" in app.picture()
        await app.press("plus")
        engine.report(samples.INDEXING)
        await app.until(lambda: "312 of 1,204 files" in app.picture())
        engine.go_on.set()
        await app.until(lambda: app.now.pool)
        assert not app.given()
        assert app.now.place == 0


async def test_errors_are_told_and_nothing_is_lost() -> None:
    engine = ScriptedEngine()
    engine.pooling.notices = ("far-away left out: reranker: off (not downloaded)",)
    engine.judging.error = IndexStoreError("The index cannot be written.")
    async with judging(plan(ONE), engine) as app:
        await app.until(lambda: app.now.pool)
        assert "far-away left out" in app.picture()
        await app.press("plus")
        await app.until(lambda: app.now.error)
        assert "The index cannot be written." in app.picture()
        assert "1 of 4, query 1 of 1" in app.picture()
        engine.judging.error = None
        await app.press("plus")
        await app.until(lambda: len(app.given()) == 1)
        assert "2 of 4" in app.picture()


async def test_a_query_that_cannot_be_searched_says_why() -> None:
    engine = ScriptedEngine()
    engine.pooling.error = ModelCorruptError("The weights of MiniLM are torn.")
    async with judging(plan(ONE, TWO), engine) as app:
        await app.until(lambda: len(app.now.lost) == 2)
        assert "2 queries could not be searched: The weights of MiniLM are torn." in app.picture()


@pytest.mark.parametrize("typed", ["", "rye"])
async def test_from_the_palette_it_begins_with_the_query_and_comes_back(typed: str) -> None:
    engine = ScriptedEngine()
    async with running(engine) as app:
        if typed:
            await app.search(typed)
        app.screen.action_judging_session()
        await app.until(lambda: isinstance(app.app.screen, JudgeScreen))
        screen = app.app.screen
        assert isinstance(screen, JudgeScreen)
        if typed:
            await app.until(lambda: screen.now.pool)
            await app.press("plus")
        await app.press("escape")
        assert app.on_top
        if typed:
            await app.until(lambda: app.session.grades)
