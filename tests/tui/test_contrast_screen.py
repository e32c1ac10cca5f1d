"""Two rows are marked, and the screen tells why the one is above the other."""

from __future__ import annotations

from dataclasses import replace

import pytest

from docsearch.domain.errors import ModelCorruptError
from docsearch.presentation.marked_text import CLOSE, OPEN
from docsearch.tui.contrast.screen import ContrastScreen
from docsearch.tui.grades import pair, toggled
from docsearch.tui.inspector.screen import InspectorScreen
from tests.tui import fused, samples
from tests.tui.piloted import Driver, running
from tests.tui.scripted_engine import ScriptedEngine

RYE, OVERNIGHT, GLUTEN = 7, 9, 12


def contrast(app: Driver) -> ContrastScreen:
    screen = app.app.screen
    assert isinstance(screen, ContrastScreen)
    return screen


async def two_marked(app: Driver) -> None:
    await app.search()
    await app.press("f8", "down", "down", "f8")


@pytest.mark.parametrize("size", [(80, 24), (100, 30), (160, 48)])
async def test_a_mark_stands_in_the_row(size: tuple[int, int]) -> None:
    async with running(size=size) as app:
        await two_marked(app)
        assert set(app.session.marks) == {RYE, GLUTEN}
        name = "merged" if size[0] < 100 else "after"
        marked = [row for row in app.rows(name) if row.startswith("◆")]
        assert len(marked) == 2
        await app.press("f8")
        assert set(app.session.marks) == {RYE}


@pytest.mark.parametrize("size", [(80, 24), (100, 30), (160, 48)])
async def test_two_marked_rows_are_set_against_each_other(size: tuple[int, int]) -> None:
    async with running(size=size) as app:
        await two_marked(app)
        await app.press("f4")
        await app.until(lambda: contrast(app).ended)
        assert app.engine.inspector.contrasted == [(RYE, GLUTEN)]
        picture = app.picture()
        assert "Why is A above B?" in picture
        assert "A by 5.43" in picture
        assert f"without {OPEN}Rest{CLOSE} {OPEN}30{CLOSE} A falls to +1.01" in picture
        await app.press("escape")
        assert app.on_top


async def test_the_upper_one_of_the_two_is_a() -> None:
    async with running() as app:
        await app.search()
        await app.press("down", "f8", "up", "f8", "f4")
        await app.until(lambda: contrast(app).ended)
        assert app.engine.inspector.contrasted == [(RYE, OVERNIGHT)]


@pytest.mark.parametrize("marking", [("f8", "down"), ("f8", "down", "down", "f8", "up")])
async def test_a_row_without_a_mark_is_inspected_whatever_is_marked(
    marking: tuple[str, ...],
) -> None:
    async with running() as app:
        await app.search()
        await app.press(*marking, "f4")
        screen = app.app.screen
        assert isinstance(screen, InspectorScreen)
        assert screen.now.hit.passage.chunk_id == OVERNIGHT


async def test_one_mark_on_the_selected_row_is_about_that_row() -> None:
    async with running() as app:
        await app.search()
        await app.press("f8", "f4")
        assert isinstance(app.app.screen, InspectorScreen)


async def test_where_it_is_narrow_a_key_shows_the_other_passage() -> None:
    async with running(size=(80, 24)) as app:
        await two_marked(app)
        await app.press("f4")
        await app.until(lambda: contrast(app).ended)
        assert "Resting time had a significant effect" not in app.picture()
        await app.press("tab")
        assert "Resting time had a significant effect" in app.picture()
        await app.press("tab", "pagedown", "pageup")
        assert "Morning, dough" in app.picture()


async def test_where_it_is_wide_both_passages_are_there() -> None:
    async with running(size=(160, 48)) as app:
        await two_marked(app)
        await app.press("f4")
        await app.until(lambda: contrast(app).ended)
        assert "Resting time had a significant effect" in app.picture()
        assert f"{OPEN}Rest{CLOSE}" in app.picture()


async def test_the_scores_are_there_while_the_words_are_looked_for_until_it_is_left() -> None:
    engine = ScriptedEngine()
    engine.inspector.until = 1
    async with running(engine) as app:
        await two_marked(app)
        await app.press("f4")
        await app.until(lambda: contrast(app).found)
        row = next(row for row in app.picture().splitlines() if "looking for the words" in row)
        assert row.count("━") == 5
        assert "leaving cancels" in row
        assert "A by 5.43" in app.picture()
        await app.press("escape")
        assert app.on_top
        engine.go_on.set()
        await app.until(engine.inspector.left.is_set)


async def test_with_nothing_reranked_two_marked_rows_have_nothing_to_tell() -> None:
    async with running(ScriptedEngine(samples.without_reranker)) as app:
        await two_marked(app)
        await app.press("f4")
        assert app.on_top
        assert "Nothing was reranked, so no reranker put the one marked result" in app.notices
        await app.press("f8", "f4")
        assert isinstance(app.app.screen, InspectorScreen)


async def test_a_marked_row_that_is_not_in_this_order_is_told_of() -> None:
    async with running() as app:
        await app.search()
        await app.press("f8")
        app.screen.shown.now = replace(app.session, marks=(*app.session.marks, 999))
        await app.press("f4")
        assert app.on_top
        assert "not reranked here" in app.notices


async def test_in_a_small_screen_every_score_can_be_brought_into_view() -> None:
    engine = ScriptedEngine(fused.events, states=fused.MODELS)
    async with running(engine, (80, 14)) as app:
        await two_marked(app)
        await app.press("f4")
        await app.until(lambda: contrast(app).ended)
        seen = app.picture()
        assert "falls to" not in seen
        assert "by ms-marco-MiniLM-L6-v2 + ½ bi-encoder" in seen
        await app.press("pagedown", "pagedown")
        assert "falls to" in app.picture()


async def test_an_error_is_told() -> None:
    engine = ScriptedEngine()
    engine.inspector.error = ModelCorruptError("The weights of MiniLM are torn.")
    async with running(engine) as app:
        await two_marked(app)
        await app.press("f4")
        await app.until(lambda: contrast(app).error)
        assert "The weights of MiniLM are torn." in app.picture()


async def test_another_query_takes_the_marks_away_and_another_reranker_leaves_them() -> None:
    async with running() as app:
        await two_marked(app)
        await app.press("f2")
        await app.until(app.settled)
        assert len(app.session.marks) == 2
        await app.press("x")
        assert not app.session.marks


def test_a_third_mark_takes_the_place_of_the_oldest() -> None:
    marks: tuple[int, ...] = ()
    for chunk_id in (1, 2, 3):
        marks = toggled(marks, chunk_id)
    assert marks == (2, 3)
    assert toggled(marks, 2) == (3,)


def test_a_pair_is_of_reranked_rows_that_are_there() -> None:
    result = samples.reranked(4)
    assert pair(result, (2, 1), 1) == (result.hits[0], result.hits[1])
    assert pair(result, (2, 1), 3) is None
    assert pair(result, (2, 1), None) is None
    assert pair(result, (1, 999), 1) is None
    assert pair(result, (1, 12), 1) is None
    assert pair(result, (1,), 1) is None
