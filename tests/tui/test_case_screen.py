"""An answer is kept when the person says so, with their documents' text only if they say so."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from docsearch.domain.errors import CaseError, ModelCorruptError
from docsearch.tui.dialogs.case import CaseScreen
from docsearch.tui.inspector.screen import InspectorScreen
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
        assert app.engine.cases.saved == [
            ("docsearch-case.json", whole, with_text),
            ("docsearch-case.html", whole, with_text),
        ]


async def test_nothing_is_written_without_an_answer() -> None:
    async with running() as app:
        await app.search()
        await app.press("f9", "escape")
        assert app.on_top
        assert app.engine.cases.saved == []


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
        await app.until(lambda: len(app.engine.cases.saved) == 2)
        assert app.engine.inspector.asked == [TOP.passage.chunk_id]
        assert app.app.screen is screen


async def test_a_case_that_cannot_be_written_is_told() -> None:
    engine = ScriptedEngine()
    engine.inspector.error = ModelCorruptError("The weights of MiniLM are torn.")
    async with running(engine) as app:
        await app.search()
        await app.press("f9", "enter")
        await app.until(lambda: "The weights of MiniLM are torn." in app.notices)


async def test_how_far_it_is_stands_in_the_line_of_state_until_it_is_written() -> None:
    engine = ScriptedEngine()
    engine.inspector.until = 4
    async with running(engine) as app:
        await app.search()
        await app.press("f9", "enter")
        await app.until(lambda: "case file: measuring words" in app.picture())
        row = next(row for row in app.picture().splitlines() if "case file:" in row)
        assert row.count("━") == 4
        engine.go_on.set()
        await app.until(lambda: "docsearch-case.html" in app.notices)
        await app.until(lambda: "case file:" not in app.picture())
        assert "up to date" in app.picture()


async def test_every_case_is_written_and_none_displaces_another(tmp_path: Path) -> None:
    engine = ScriptedEngine()
    engine.inspector.until = 1
    async with running(engine) as app:
        await app.search()
        await app.press(*("f9", "enter") * 3)
        await app.until(lambda: engine.inspector.asked)
        engine.go_on.set()
        await app.until(lambda: "docsearch-case-3.html" in app.notices)
    assert len(list(tmp_path.glob("docsearch-case*"))) == 6


async def test_what_is_asked_for_before_leaving_is_written_and_told(tmp_path: Path) -> None:
    engine = ScriptedEngine()
    told: list[str] = []
    engine.inspector.until = 1
    async with running(engine) as app:
        await app.search()
        await app.press("f9", "enter", "f9", "enter", "ctrl+q")

        def tell(line: str) -> None:
            told.append(line)
            engine.go_on.set()

        await asyncio.to_thread(app.app.finish_cases, tell)
    assert told[0] == "Writing 2 case files before leaving."
    assert [Path(line.split(": ")[1]) for line in told[1:]] == [
        tmp_path / f"docsearch-case{number}.{suffix}"
        for number in ("", "-2")
        for suffix in ("json", "html")
    ]
    assert all((tmp_path / Path(line.split(": ")[1]).name).exists() for line in told[1:])


async def test_a_case_that_cannot_be_written_on_leaving_is_an_error() -> None:
    engine = ScriptedEngine()
    engine.inspector.until = 1
    async with running(engine) as app:
        await app.search()
        await app.press("f9", "enter")
        await app.until(lambda: engine.inspector.asked)
        engine.inspector.error = ModelCorruptError("The weights of MiniLM are torn.")
        await app.press("ctrl+q")
        with pytest.raises(CaseError, match="are torn"):
            await asyncio.to_thread(app.app.finish_cases, lambda _: engine.go_on.set())


async def test_leaving_waits_for_so_long_and_no_longer_and_says_what_is_lost() -> None:
    engine = ScriptedEngine()
    engine.inspector.until = 1
    async with running(engine) as app:
        await app.search()
        await app.press("f9", "enter")
        await app.until(lambda: engine.inspector.asked)
        with pytest.raises(CaseError, match="1 case file not written"):
            app.screen.cases.finish(lambda _: None, patience=0)


async def test_leaving_with_nothing_to_write_says_nothing() -> None:
    async with running() as app:
        await app.search()
        await app.press("f9", "enter")
        await app.until(lambda: "docsearch-case.html" in app.notices)
        await app.press("ctrl+q")
        app.app.finish_cases(pytest.fail)
