"""What the screen looks like, at every size and in every state that has words of its own."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from textual.pilot import Pilot
from textual.widgets import Input

from docsearch.domain.document import Chunk, Location, StoredChunk
from docsearch.domain.errors import DamagedIndexError
from docsearch.domain.judgment import Grade
from docsearch.domain.progress import IndexProgress, Phase, WatchMode
from docsearch.domain.query import CandidateSource, Query
from docsearch.domain.ranking import Finished, RankedHit, SearchEvent
from docsearch.domain.settings import Settings
from docsearch.tui.app import DocsearchApp
from docsearch.tui.judge.screen import JudgeScreen
from docsearch.tui.judge.state import JudgingPlan
from tests.tui import fused, samples
from tests.tui.piloted import Driver, opening
from tests.tui.scripted_engine import Answer, ScriptedEngine

Compare = Callable[..., bool]

SMALL, MIDDLE, LARGE = (80, 24), (100, 30), (160, 48)


@dataclass(frozen=True)
class Scene:
    """What is typed and pressed on which engine, before the picture is taken."""

    size: tuple[int, int] = MIDDLE
    typed: str = samples.QUERY
    keys: tuple[str, ...] = ()
    answer: Answer = samples.events
    settings: Settings = Settings(reranker=samples.MODEL)
    progress: IndexProgress = samples.READY
    until: int | None = None
    rests: bool = False


def awkward(typed: str) -> list[SearchEvent]:
    """Names and texts that would break a table."""
    texts = [
        ("emoji 👩‍🚀❤️/👍🏽 notes.md", "Family 👨‍👩‍👧 and flags 🇩🇪 beside rest"),
        ("文書/とても長い名前のファイルです_二〇二六年.txt", "出汁を取ってから味噌を溶く。" * 6),
        ("rtl/שלום עולם.md", "שלום rest עולם"),
        ("combining/cafe\u0301-nin\u0303o.md", "re\u0301sume\u0301 of the rest"),
        ("evil/\x1b[31mred\n\u202efdp.exe", "\x1b]0;title\x07 rest \x9b2J"),
        ("tabs/code.py", "def rest():\n\treturn\t1\n" + "x" * 300),
    ]
    hits = tuple(
        RankedHit(
            StoredChunk(
                number, path, Chunk(0, 0, len(text), text, 9, (path,), Location(1)), None, 0
            ),
            number,
            1 - number / 10,
        )
        for number, (path, text) in enumerate(texts, 1)
    )
    return [
        Finished(
            replace(samples.retrieved(typed), hits=hits, reranker=None, notice="reranker: off")
        )
    ]


def torn(_: str) -> list[SearchEvent | DamagedIndexError]:
    return [DamagedIndexError("The index of ~/notes is torn. It is made again from your files.")]


def unparsed(typed: str) -> list[SearchEvent]:
    query = Query(typed, typed, unparsed=("after:soon",))
    return [Finished(replace(samples.reranked(12), query=query))]


LIGHT = Settings(reranker=samples.MODEL, theme="docsearch-light")
FUSED = Settings(reranker=samples.MODEL, fusion="scores")
POLLING = replace(
    samples.READY,
    watch=WatchMode.POLLING,
    notice="this file system sends no events",
)
FAILED = IndexProgress(phase=Phase.FAILED, notice="The disk is full.")
EMPTY = IndexProgress(phase=Phase.READY, watch=WatchMode.NATIVE)

TWO = ("f8", "down", "down", "f8", "f4")

SCENES = {
    "small": Scene(SMALL),
    "middle": Scene(MIDDLE),
    "large": Scene(LARGE),
    "small_light": Scene(SMALL, settings=LIGHT),
    "large_light": Scene(LARGE, settings=LIGHT),
    "large_walking_before": Scene(LARGE, keys=("tab", "down", "down")),
    "middle_movers": Scene(MIDDLE, keys=("f3",)),
    "small_streaming": Scene(SMALL, until=3),
    "middle_streaming": Scene(MIDDLE, until=3),
    "middle_first_order_only": Scene(MIDDLE, until=1),
    "small_reranker_off": Scene(SMALL, answer=samples.without_reranker),
    "middle_reranker_off": Scene(MIDDLE, answer=samples.without_reranker),
    "small_welcome": Scene(SMALL, typed=""),
    "large_welcome_indexing": Scene(LARGE, typed="", progress=samples.INDEXING),
    "middle_welcome_empty_folder": Scene(MIDDLE, typed="", progress=EMPTY),
    "middle_welcome_failed": Scene(MIDDLE, typed="", progress=FAILED),
    "small_indexing": Scene(SMALL, progress=samples.INDEXING),
    "middle_polling": Scene(MIDDLE, progress=POLLING),
    "middle_nothing_found": Scene(MIDDLE, answer=samples.nothing),
    "middle_error": Scene(MIDDLE, answer=torn),
    "middle_unparsed": Scene(MIDDLE, typed="rye after:soon", answer=unparsed),
    "small_awkward": Scene(SMALL, answer=awkward),
    "large_awkward": Scene(LARGE, answer=awkward),
    "small_help": Scene(SMALL, keys=("f1",)),
    "large_help": Scene(LARGE, keys=("f1",)),
    "small_rerankers": Scene(SMALL, keys=("shift+f2",)),
    "middle_download": Scene(MIDDLE, keys=("shift+f2", "home", "enter")),
    "middle_fused": Scene(MIDDLE, answer=fused.events),
    "small_weights": Scene(SMALL, keys=("f5",), answer=fused.events, settings=FUSED),
    "middle_weights": Scene(
        MIDDLE, keys=("f5", "down", "down", "right"), answer=fused.events, settings=FUSED
    ),
    "large_weights": Scene(
        LARGE, keys=("f5", "right", "right"), answer=fused.events, settings=FUSED
    ),
    "middle_palette": Scene(MIDDLE, keys=("ctrl+o",)),
    "middle_marked": Scene(MIDDLE, keys=("f8", "down", "f8", "down")),
    "small_inspector": Scene(SMALL, keys=("f4",)),
    "middle_inspector_sentences": Scene(MIDDLE, keys=("f4", "tab")),
    "middle_inspector_split": Scene(MIDDLE, keys=("f4", "left")),
    "large_inspector": Scene(LARGE, keys=("f4",)),
    "large_inspector_light": Scene(LARGE, keys=("f4", "tab"), settings=LIGHT),
    "small_inspector_against": Scene(SMALL, keys=("f4", "2")),
    "large_inspector_against": Scene(LARGE, keys=("f4", "2")),
    "small_contrast": Scene(SMALL, keys=TWO),
    "large_contrast": Scene(LARGE, keys=TWO),
    "small_whole_list": Scene(SMALL, keys=("f7",)),
    "middle_whole_list_missed": Scene(MIDDLE, keys=("f7", "pagedown", "pagedown")),
    "large_whole_list": Scene(LARGE, keys=("f7", "down")),
    "small_offer": Scene(SMALL, rests=True),
    "large_offer": Scene(LARGE, rests=True),
    "small_compare": Scene(SMALL, keys=("f6",)),
    "middle_compare_left_out": Scene(MIDDLE, keys=("f6", "x")),
    "large_compare_disputed": Scene(LARGE, keys=("f6", "d")),
    "small_judging": Scene(SMALL, keys=("down", "minus", "up", "plus", "plus")),
    "middle_judging": Scene(MIDDLE, keys=("down", "minus", "down", "plus", "up")),
    "large_judging_light": Scene(LARGE, keys=("down", "plus"), settings=LIGHT),
    "small_judged_so_far": Scene(SMALL, keys=("down", "plus", "f10")),
    "small_case": Scene(SMALL, keys=("f9",)),
}


@pytest.fixture(autouse=True)
def _one_home(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Path, "home", lambda: Path("/home/ada"))
    monkeypatch.setattr(Path, "cwd", lambda: Path("/home/ada"))


@pytest.mark.parametrize("name", SCENES)
def test_picture(name: str, snap_compare: Compare) -> None:
    assert _looks_as_before(SCENES[name], snap_compare)


@pytest.mark.parametrize("size", [SMALL, MIDDLE, LARGE], ids=["small", "middle", "large"])
def test_picture_without_colour(
    size: tuple[int, int], snap_compare: Compare, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    assert _looks_as_before(Scene(size), snap_compare)


@pytest.mark.parametrize(
    "keys", [("f4",), TWO, ("f7",), ("f6",)], ids=["why", "contrast", "whole_list", "compare"]
)
def test_explanation_without_colour(
    keys: tuple[str, ...], snap_compare: Compare, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    assert _looks_as_before(Scene(MIDDLE, keys=keys), snap_compare)


@pytest.mark.parametrize("size", [SMALL, LARGE], ids=["small", "large"])
def test_judging_session(size: tuple[int, int], snap_compare: Compare) -> None:
    engine = ScriptedEngine()
    engine.judging.kept[samples.QUERY, 2] = Grade.RELEVANT
    plan = JudgingPlan((samples.QUERY, "rye"), CandidateSource.DENSE, again=True)
    app = DocsearchApp(
        engine.folder, engine.settings, opening(engine), environment={}, judging=plan
    )

    async def play(pilot: Pilot[None]) -> None:
        driver = Driver(pilot, app, engine)
        await driver.until(lambda: isinstance(app.screen, JudgeScreen), "a session")
        screen = app.screen
        assert isinstance(screen, JudgeScreen)
        await driver.until(lambda: len(screen.now.pools) == 2, "passages")
        await driver.press("minus")
        await driver.come_to_rest()

    assert snap_compare(app, terminal_size=size, run_before=play)


def _looks_as_before(scene: Scene, snap_compare: Compare) -> bool:
    engine = ScriptedEngine(
        scene.answer, settings=scene.settings, progress=scene.progress, until=scene.until
    )
    app = DocsearchApp(engine.folder, engine.settings, opening(engine), environment={})

    async def play(pilot: Pilot[None]) -> None:
        driver = Driver(pilot, app, engine)
        await driver.until(lambda: driver.screen.query("#query"), "the first picture")
        driver.screen.query_one("#query", Input).cursor_blink = False
        await driver.until(lambda: driver.screen.shown.progress == scene.progress, "the start")
        if scene.typed:
            await driver.type(scene.typed)
            await driver.until(_come_to_rest(driver, scene), "the answer")
        await driver.come_to_rest()
        if scene.rests:
            driver.screen.reading_on.begin()
            await driver.until(lambda: driver.session.has_read_on, "what lies beyond")
            await driver.come_to_rest()
        for key in scene.keys:
            await driver.press(key)
            await driver.until(driver.explained, "the explanation")
            await driver.come_to_rest()

    try:
        return snap_compare(app, terminal_size=scene.size, run_before=play)
    finally:
        engine.go_on.set()


def _come_to_rest(driver: Driver, scene: Scene) -> Callable[[], bool]:
    def at_rest() -> bool:
        session = driver.session
        if scene.until is None:
            return session.error is not None or (session.result is not None and driver.settled())
        last = samples.events()[scene.until - 1]
        return session.result == last.result

    return at_rest
