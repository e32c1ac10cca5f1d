"""What is painted, and what is not painted again."""

from __future__ import annotations

from collections.abc import Callable, Iterable

import pytest

from docsearch.presentation.pieces import Piece
from docsearch.tui.search import shown
from docsearch.tui.search.view import SearchView, View
from docsearch.tui.widgets.lines import Canvas
from docsearch.tui.widgets.palette import Ground
from tests.tui.piloted import running
from tests.tui.scripted_engine import ScriptedEngine

NEVER = 3600.0
OTHER = "ms-marco-MiniLM-L12-v2"
SIZES = [(80, 24), (100, 30), (160, 48)]


@pytest.fixture
def painted(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Every line that is painted from now on."""
    lines: list[str] = []
    paint = Canvas.strip

    def strip(canvas: Canvas, line: Iterable[Piece], ground: Ground) -> object:
        made = paint(canvas, line, ground)
        lines.append(made.text)
        return made

    monkeypatch.setattr(Canvas, "strip", strip)
    return lines


@pytest.fixture
def views(monkeypatch: pytest.MonkeyPatch) -> list[View]:
    """All that the screen is told to show from now on."""
    shown: list[View] = []
    show: Callable[[SearchView, View], None] = SearchView.show

    def recording(widget: SearchView, view: View) -> None:
        shown.append(view)
        show(widget, view)

    monkeypatch.setattr(SearchView, "show", recording)
    return shown


@pytest.mark.parametrize("size", SIZES)
async def test_the_same_again_is_not_painted_again(
    size: tuple[int, int], painted: list[str]
) -> None:
    async with running(size=size) as app:
        await app.search()
        await app.come_to_rest()
        painted.clear()
        app.screen.shown.show()
        await app.pilot.pause()
        assert painted == []


@pytest.mark.parametrize("size", SIZES)
async def test_another_selection_paints_the_lists_and_not_the_foot(
    size: tuple[int, int], painted: list[str]
) -> None:
    async with running(size=size) as app:
        await app.search()
        await app.come_to_rest()
        painted.clear()
        await app.press("down")
        await app.come_to_rest()
        assert any("sourdough-rye-overnight.md" in line for line in painted)
        assert not any("up to date" in line or "p95" in line for line in painted)


@pytest.mark.parametrize("key", ["alt+2", "f2", "ctrl+r", "ctrl+t"])
async def test_an_answer_that_is_known_is_shown_without_a_picture_of_waiting(
    key: str, views: list[View], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shown, "BLINK_SECONDS", NEVER)
    async with running() as app:
        await app.search()
        views.clear()
        await app.press(key)
        await app.until(lambda: len(app.engine.asked) == 2 and app.settled())
        assert len(views) == 2  # the answer, then its best sentence
        assert all(view.session.is_final for view in views)


async def test_an_answer_that_takes_longer_is_shown_as_it_comes() -> None:
    engine = ScriptedEngine()
    async with running(engine) as app:
        await app.search()
        engine.until = 2
        await app.press("alt+2")
        assert app.session.reranker == OTHER
        await app.until(lambda: "4/12" in app.picture() and OTHER in app.picture())
        engine.go_on.set()
        await app.until(lambda: app.settled() and "4/12" not in app.picture())


async def test_what_is_typed_is_answered_as_it_comes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shown, "BLINK_SECONDS", NEVER)
    engine = ScriptedEngine(until=1)
    async with running(engine) as app:
        await app.type("rye")
        await app.until(lambda: "0/12" in app.picture())


async def test_clearing_the_query_waits_for_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shown, "BLINK_SECONDS", NEVER)
    engine = ScriptedEngine()
    async with running(engine) as app:
        await app.search("rye")
        engine.until = 0
        await app.press("alt+2", "escape")
        await app.until(lambda: "ready to search" in app.picture())
        assert app.session.result is None
