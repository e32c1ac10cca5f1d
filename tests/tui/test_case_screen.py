"""An answer is kept when the person says so, with their documents' text only if they say so."""

from __future__ import annotations

from pathlib import Path

import pytest

from docsearch.domain.errors import ModelCorruptError
from docsearch.tui.screens.case import CaseScreen
from docsearch.tui.screens.inspector import InspectorScreen
from tests.tui import inspections, samples
from tests.tui.piloted import running
from tests.tui.scripted_engine import ScriptedEngine

TOP = samples.reranked(12).hits[0]


@pytest.fixture(autouse=True)
def _here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


@pytest.mark.parametrize(("key", "with_text"), [("enter", False), ("t", True)])
async def test_the_case_is_written_as_data_and_as_a_page(
    key: str, with_text: bool, tmp_path: Path
) -> None:
    async with running() as app:
        await app.search()
        await app.press("f9")
        assert isinstance(app.app.screen, CaseScreen)
        assert tmp_path.name in app.picture()
        await app.press(key)
        await app.until(lambda: "docsearch-case.html" in app.notices)
        whole = inspections.whole(TOP)
        assert app.engine.inspector.saved == [
            ("docsearch-case.json", whole, with_text),
            ("docsearch-case.html", whole, with_text),
        ]


async def test_nothing_is_written_without_an_answer() -> None:
    async with running() as app:
        await app.search()
        await app.press("f9", "escape")
        assert app.on_top
        assert app.engine.inspector.saved == []


async def test_a_case_that_is_there_is_kept(tmp_path: Path) -> None:
    (tmp_path / "docsearch-case.html").write_text("mine")
    async with running() as app:
        await app.search()
        await app.press("f9", "enter")
        await app.until(lambda: "docsearch-case-2.html" in app.notices)
    assert (tmp_path / "docsearch-case.html").read_text() == "mine"
    assert not (tmp_path / "docsearch-case.json").exists()


async def test_what_the_inspector_has_measured_is_not_measured_again() -> None:
    async with running() as app:
        await app.search()
        await app.press("f4")
        screen = app.app.screen
        assert isinstance(screen, InspectorScreen)
        await app.until(lambda: not screen.now.is_running)
        await app.press("f9", "enter")
        await app.until(lambda: len(app.engine.inspector.saved) == 2)
        assert app.engine.inspector.asked == [TOP.passage.chunk_id]
        assert app.app.screen is screen


async def test_a_case_that_cannot_be_written_is_told() -> None:
    engine = ScriptedEngine()
    engine.inspector.error = ModelCorruptError("The weights of MiniLM are torn.")
    async with running(engine) as app:
        await app.search()
        await app.press("f9", "enter")
        await app.until(lambda: "The weights of MiniLM are torn." in app.notices)
