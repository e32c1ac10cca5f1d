"""At rest the screen reads on, offers what it finds, and is in nobody's way."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from rich.cells import cell_len

from docsearch.domain.errors import ModelCorruptError
from docsearch.domain.explanation import Missed
from docsearch.domain.progress import Phase
from docsearch.domain.settings import Settings
from docsearch.tui.beyond import Beyond
from docsearch.tui.keys import keys_line
from docsearch.tui.search import idle
from docsearch.tui.search.state import SearchState
from docsearch.tui.search.view import missed_offer
from docsearch.tui.whole_list.screen import WholeListScreen
from tests.tui import inspections, samples
from tests.tui.piloted import Driver, running
from tests.tui.scripted_engine import ScriptedEngine
from tests.tui.test_services import AS_SERVICE

OFFER = "1 of ranks 13-52 would enter the top 10: 87"
FOUND = tuple(inspections.missed())[-1]


@pytest.fixture
def at_rest(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever does nothing is at rest at once."""
    monkeypatch.setattr(idle, "READING_REST_SECONDS", 0.001)


def offered(app: Driver) -> bool:
    return OFFER in app.picture()


async def read_on(app: Driver) -> None:
    """Search, and rest until all beyond is read."""
    await app.search()
    app.screen.reading_on.begin()
    await app.until(lambda: app.session.has_read_on, "all of it read")


async def halfway(app: Driver) -> None:
    """Search, and rest until some of what lies beyond is read; the rest waits for `go_on`."""
    app.engine.inspector.until = 2
    await app.search()
    app.screen.reading_on.begin()
    await app.until(lambda: app.session.beyond and app.session.beyond.scored == 16, "16 read")


@pytest.mark.usefixtures("at_rest")
@pytest.mark.parametrize("size", [(80, 24), (100, 30), (160, 48)])
async def test_who_rests_is_offered_what_the_candidates_missed(size: tuple[int, int]) -> None:
    async with running(size=size) as app:
        await app.search()
        await app.until(lambda: offered(app), "an offer")
        assert f" F7 {OFFER} " in app.picture().splitlines()[-1]
        assert len(app.engine.inspector.beyond_of) == 1


async def test_who_does_not_rest_is_left_alone() -> None:
    async with running() as app:
        await app.search()
        await app.press("down", "up")
        assert app.engine.inspector.beyond_of == []


async def test_the_whole_list_shows_at_once_what_was_offered() -> None:
    async with running() as app:
        await read_on(app)
        app.engine.inspector.until = 0
        await app.press("f7")
        screen = app.app.screen
        assert isinstance(screen, WholeListScreen)
        assert screen.now.scored == screen.now.total == 40
        assert "1 of the 40 after these 12 would have entered" in app.picture()


async def test_nothing_is_offered_before_all_of_it_is_read() -> None:
    async with running() as app:
        await halfway(app)
        assert app.session.offered is None
        assert not offered(app)
        app.engine.go_on.set()
        await app.until(lambda: offered(app), "an offer")


async def test_where_nothing_was_missed_nothing_is_said() -> None:
    async with running() as app:
        app.engine.inspector.beyond = ((40, 40, ()),)
        await app.search()
        before = app.picture()
        app.screen.reading_on.begin()
        await app.until(lambda: app.session.has_read_on)
        assert app.picture().splitlines()[-1] == before.splitlines()[-1]


@pytest.mark.parametrize("key", ["x", "alt+2", "f2", "ctrl+t", "ctrl+r", "escape"])
async def test_another_search_ends_the_reading_and_the_offer(key: str) -> None:
    async with running() as app:
        await halfway(app)
        await app.press(key)
        app.engine.go_on.set()
        await app.until(app.engine.inspector.left.is_set, "an end")
        await app.until(app.settled)
        assert not app.session.has_read_on
        assert not offered(app)


async def test_an_offer_goes_with_its_answer() -> None:
    async with running() as app:
        await read_on(app)
        assert offered(app)
        await app.press("down")
        assert offered(app)
        await app.press("alt+2")
        await app.until(lambda: len(app.engine.asked) == 2 and app.settled())
        assert not offered(app)


@pytest.mark.parametrize("key", ["f1", "f4", "f5", "f6", "f7"])
async def test_a_screen_that_opens_has_the_models_for_itself(key: str) -> None:
    async with running() as app:
        await halfway(app)
        app.engine.inspector.until = None
        await app.press(key)
        app.engine.go_on.set()
        await app.until(app.engine.inspector.left.is_set, "an end")
        app.screen.reading_on.begin()
        await app.press("escape")
        assert app.on_top
        assert not app.session.has_read_on
        app.screen.reading_on.begin()
        await app.until(lambda: offered(app), "an offer, back at rest")


async def test_work_on_the_index_ends_it_and_keeps_it_from_beginning() -> None:
    async with running() as app:
        await halfway(app)
        app.engine.report(samples.INDEXING)
        await app.until(lambda: app.screen.shown.progress.phase is Phase.INDEXING)
        app.engine.go_on.set()
        await app.until(app.engine.inspector.left.is_set, "an end")
        app.screen.reading_on.begin()
        await app.pilot.pause()
        assert len(app.engine.inspector.beyond_of) == 1


@pytest.mark.usefixtures("at_rest")
@pytest.mark.parametrize(
    "engine",
    [
        lambda: ScriptedEngine(states=AS_SERVICE),
        lambda: ScriptedEngine(samples.without_reranker),
        lambda: ScriptedEngine(samples.nothing),
        lambda: ScriptedEngine(settings=Settings(reranker=samples.MODEL, look_beyond=False)),
        lambda: ScriptedEngine(until=3),
    ],
    ids=["a service", "no reranker", "no hits", "turned off", "not final"],
)
async def test_it_is_not_begun(engine: Callable[[], ScriptedEngine]) -> None:
    async with running(engine()) as app:
        await app.type(samples.QUERY)
        await app.until(lambda: app.session.result is not None)
        if app.engine.until is None:
            await app.until(app.settled)
        await app.come_to_rest()
        app.screen.reading_on.begin()
        await app.come_to_rest()
        assert app.engine.inspector.beyond_of == []


async def test_a_failure_is_not_told_unasked() -> None:
    async with running() as app:
        app.engine.inspector.error = ModelCorruptError("The weights are torn.")
        await app.search()
        before = app.picture()
        app.screen.reading_on.begin()
        await app.until(lambda: app.engine.inspector.beyond_of)
        await app.come_to_rest()
        assert app.picture() == before
        app.screen.reading_on.begin()
        await app.pilot.pause()
        assert len(app.engine.inspector.beyond_of) == 1


def test_what_was_found_for_another_answer_changes_nothing() -> None:
    now = replace(
        SearchState(samples.retrieved().source, samples.MODEL), result=samples.reranked(12)
    )
    assert now.read_on(Beyond(samples.reranked(12), *FOUND)) == now
    found = now.read_on(Beyond(now.result or samples.reranked(12), *FOUND))
    assert found.offered is not None
    assert replace(found, running=True).offered is None
    assert replace(found, result=samples.reranked(12)).offered is None


def test_few_ranks_are_named_and_all_are_counted() -> None:
    (one,) = FOUND[2]
    many = [Missed(replace(one.hit, before_rank=rank)) for rank in (160, 87, 199, 51)]
    key, what = missed_offer(many, 50, 150)
    assert (key, what) == ("F7", "4 of ranks 51-200 would enter the top 10: 51, 87, 160, …")
    line = keys_line(80, (key, what))
    assert sum(cell_len(piece.text) for piece in line) == 80
    assert "".join(piece.text for piece in line).count("F7") == 1
