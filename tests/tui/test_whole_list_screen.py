"""The whole list: numbers at once, the rest as it is measured, and a graph that follows."""

from __future__ import annotations

from pathlib import Path

import pytest

from docsearch.domain.errors import ModelCorruptError
from docsearch.tui.exporting import export
from docsearch.tui.whole_list.screen import WholeListScreen
from docsearch.tui.whole_list.state import WholeListState
from tests.tui import samples
from tests.tui.piloted import Driver, running
from tests.tui.scripted_engine import ScriptedEngine

RYE, OVERNIGHT, MISSED = 7, 9, 87


def whole_list(app: Driver) -> WholeListScreen:
    screen = app.app.screen
    assert isinstance(screen, WholeListScreen)
    return screen


async def opened(app: Driver) -> WholeListScreen:
    """The view with all that is to be known."""
    await app.search()
    await app.press("f7")
    screen = whole_list(app)
    await app.until(lambda: screen.now.scored == 40)
    return screen


@pytest.mark.parametrize("size", [(80, 24), (100, 30), (160, 48)])
async def test_all_of_it_is_in_view_at_every_size(size: tuple[int, int]) -> None:
    async with running(size=size) as app:
        await opened(app)
        picture = app.picture()
        assert "tau -" in picture
        assert "RBO 0." in picture
        assert "of the top 10 the same" in picture
        assert "▲9 gluten.pdf" in picture
        assert "9 of 12 candidates were enough" in picture
        assert "9: the same 10 in about 630 ms" in picture
        assert "1 of the 40 after these 12" in picture
        assert "┏━" in picture


async def test_the_graph_follows_the_selected_row_and_the_lists_too() -> None:
    async with running() as app:
        screen = await opened(app)
        assert screen.now.selected == RYE
        await app.press("down")
        assert screen.now.selected == OVERNIGHT
        await app.press("escape")
        assert app.session.selected == OVERNIGHT


async def test_what_was_missed_is_offered_below_the_list(tmp_path: Path) -> None:
    async with running(ScriptedEngine(folder=tmp_path), size=(80, 24)) as app:
        screen = await opened(app)
        await app.press("pagedown", "pagedown")
        assert screen.now.selected == MISSED
        assert "87  0.211  → #3 +1.50" in app.picture()
        await app.press("enter")
        assert app.on_top
        assert app.session.selected == RYE
        await app.until(lambda: "rye.md is not there any more" in app.notices)


async def test_reading_on_is_shown_as_it_goes_and_ends_with_the_view() -> None:
    engine = ScriptedEngine()
    engine.inspector.until = 2
    async with running(engine) as app:
        await app.search()
        await app.press("f7")
        await app.until(lambda: whole_list(app).now.scored == 16)
        assert "16 of 40, 1 would have entered" in app.picture()
        await app.press("escape")
        engine.go_on.set()
        await app.until(engine.inspector.left.is_set)


async def test_the_graph_is_saved_where_one_is_and_nothing_is_written_over(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    async with running() as app:
        await opened(app)
        await app.press("s", "s")
        await app.until(lambda: "docsearch-slopes-2.svg" in app.notices)
    pictures = sorted(file.name for file in tmp_path.iterdir())
    assert pictures == ["docsearch-slopes-2.svg", "docsearch-slopes.svg"]
    assert (tmp_path / "docsearch-slopes.svg").read_text().startswith("<svg")


async def test_a_place_that_cannot_be_written_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Path, "cwd", lambda: Path("/nowhere/at/all"))
    async with running() as app:
        await opened(app)
        await app.press("s")
        assert "cannot be written here" in app.notices


async def test_without_a_reranker_nothing_moved() -> None:
    async with running(ScriptedEngine(samples.without_reranker)) as app:
        await app.search()
        await app.press("f7")
        assert app.on_top
        assert "Nothing was reranked" in app.notices


async def test_an_error_is_told_beside_what_is_known() -> None:
    engine = ScriptedEngine()
    engine.inspector.error = ModelCorruptError("The weights of MiniLM are torn.")
    async with running(engine) as app:
        await app.search()
        await app.press("f7")
        await app.until(lambda: whole_list(app).now.error)
        assert "The weights of MiniLM are torn." in app.picture()
        assert "tau -" in app.picture()


def test_a_list_half_read_is_compared_as_far_as_it_is_read() -> None:
    now = WholeListState.of(samples.reranked(4), selected=12)
    assert len(now.rows) == 4
    assert now.selected == now.rows[0].passage.chunk_id
    assert now.movement.improved + now.movement.worsened <= 4


def test_a_name_is_never_given_twice(tmp_path: Path) -> None:
    files = [export("<svg/>", tmp_path) for _ in range(3)]
    assert len(set(files)) == 3
