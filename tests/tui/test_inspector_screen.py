"""The inspector: it grows while one looks, walks the list, and leaves no work behind."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from docsearch.domain.errors import ModelCorruptError
from docsearch.domain.explanation import Inspection, Reading
from docsearch.domain.model import ModelState
from docsearch.domain.ranking import RankedHit
from docsearch.presentation.heat import Heat
from docsearch.presentation.marked_text import CLOSE, OPEN
from docsearch.tui.inspector.screen import InspectorScreen
from docsearch.tui.inspector.state import InspectorState
from docsearch.tui.search import screen as search
from docsearch.tui.widgets.block import Page
from tests.tui import inspections, samples
from tests.tui.piloted import Driver, running
from tests.tui.scripted_engine import ScriptedEngine

SIZES = [(80, 24), (100, 30), (160, 48)]
RYE, OVERNIGHT = 7, 9


def inspector(app: Driver) -> InspectorScreen:
    screen = app.app.screen
    assert isinstance(screen, InspectorScreen)
    return screen


async def opened(app: Driver, *keys: str) -> InspectorScreen:
    """The inspector on the best result, or after these keys, with all that is to be known."""
    await app.search()
    await app.press(*(keys or ("f4",)))
    await app.until(lambda: isinstance(app.app.screen, InspectorScreen))
    screen = inspector(app)
    await app.until(lambda: not screen.now.is_running, "the whole inspection")
    return screen


@pytest.mark.parametrize("size", SIZES)
async def test_all_of_it_is_in_view_at_every_size(size: tuple[int, int]) -> None:
    async with running(size=size) as app:
        await opened(app)
        picture = app.picture()
        assert inspections.REASONS[0] in picture
        assert "+6.64 raw, 0.999 of 1, rank 1" in picture
        assert "above 64 of 64 random passages" in picture
        assert "▸+6.64 in 64" in picture
        assert "without its 5 strongest words -3.24, without 5 random -0.40" in picture
        assert "cross-encoder, word by word" in picture
        assert f"{OPEN}forgotten{CLOSE}" in picture


async def test_parts_appear_as_they_are_measured() -> None:
    engine = ScriptedEngine()
    engine.inspector.until = 4
    async with running(engine, (100, 30)) as app:
        await app.search()
        await app.press("f4")
        await app.until(lambda: inspector(app).now.inspection.done == 0.5)
        picture = app.picture()
        assert "measuring: words" in picture
        assert re.search(r"\d+ of \d+ words weighed", picture)
        assert "query 7 + passage 118 tokens" in picture
        assert "what its marks are worth: …" in picture
        engine.go_on.set()
        await app.until(lambda: not inspector(app).now.is_running)
        assert "measuring" not in app.picture()


async def test_before_anything_is_measured_the_passage_is_there() -> None:
    engine = ScriptedEngine()
    engine.inspector.until = 0
    async with running(engine, (100, 30)) as app:
        await app.search()
        await app.press("f4")
        await app.until(lambda: engine.inspector.asked)
        assert "the starter, less the 20 g" in app.picture()
        await app.press("pagedown", "tab", "escape")
        assert app.on_top


async def test_an_inspection_that_ends_without_a_reason_has_ended(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    engine = ScriptedEngine()
    engine.inspector.parts = lambda hit: iter((Inspection(hit, samples.MODEL),))
    async with running(engine, (160, 48)) as app:
        await opened(app)
        picture = app.picture()
        assert "nothing stands out" in picture
        assert picture.count("cannot be measured here") == 2
        assert "…" not in picture
        assert "leaving cancels" not in picture
        assert "margin: strongest" in picture
        await app.press("f9", "enter")
        await app.until(lambda: engine.cases.saved)
        assert engine.inspector.asked == [RYE]


async def test_before_the_first_part_is_there_nothing_is_said_to_be_missing() -> None:
    engine = ScriptedEngine()
    engine.inspector.until = 0
    async with running(engine, (160, 48)) as app:
        await app.search()
        await app.press("f4")
        await app.until(lambda: engine.inspector.asked)
        picture = app.picture()
        assert "waiting for the models" in picture
        assert "nothing stands out" not in picture
        assert "cannot be measured" not in picture


async def test_leaving_cancels_what_is_measured() -> None:
    engine = ScriptedEngine()
    engine.inspector.until = 3
    async with running(engine) as app:
        await app.search()
        await app.press("f4")
        await app.until(lambda: inspector(app).now.inspection.reading)
        await app.press("escape")
        assert app.on_top
        engine.go_on.set()
        await app.until(engine.inspector.left.is_set)
        await app.press("x")
        assert app.typed == f"{samples.QUERY}x"


async def test_the_arrows_go_on_to_the_next_result_and_it_stays_selected() -> None:
    async with running() as app:
        screen = await opened(app)
        await app.press("down")
        await app.until(lambda: not screen.now.is_running)
        assert screen.now.hit.passage.chunk_id == OVERNIGHT
        assert "rank 2" in app.picture()
        assert "#9 → #2 ▲7" in app.picture()
        await app.press("escape")
        assert app.session.selected == OVERNIGHT
        assert app.engine.inspector.asked == [RYE, OVERNIGHT]


async def test_at_the_ends_of_the_list_nothing_is_measured_again() -> None:
    async with running() as app:
        screen = await opened(app)
        await app.press("up")
        assert not screen.now.is_running
        assert app.engine.inspector.asked == [RYE]


async def test_a_margin_within_the_jitter_is_called_noise() -> None:
    async with running() as app:
        screen = await opened(app)
        await app.press("down")
        await app.until(lambda: not screen.now.is_running)
        assert "0.004 below the next better: noise" in app.picture()


async def test_where_it_is_narrow_a_key_goes_through_the_heats() -> None:
    async with running() as app:
        screen = await opened(app)
        seen = []
        for key in ("tab", "right", "tab"):
            await app.press(key)
            seen.append(screen.now.heat)
            assert screen.now.heat in app.picture()
        assert seen == [Heat.SENTENCES, Heat.SPLIT, Heat.WORDS]
        await app.press("left")
        assert screen.now.heat is Heat.SPLIT
        assert "6.640 = words +6.640" in app.picture()


async def test_where_it_is_wide_both_models_are_side_by_side() -> None:
    async with running(size=(160, 48)) as app:
        screen = await opened(app)
        line = next(row for row in app.picture().splitlines() if Heat.WORDS in row)
        assert Heat.SPLIT in line
        await app.press("tab", "tab")
        assert screen.now.heat is Heat.WORDS


async def test_growing_wide_puts_the_bi_encoder_beside_and_the_other_in_front() -> None:
    async with running() as app:
        screen = await opened(app)
        await app.press("left")
        await app.pilot.resize_terminal(160, 48)
        await app.until(lambda: screen.now.heat is Heat.WORDS)
        line = next(row for row in app.picture().splitlines() if Heat.WORDS in row)
        assert Heat.SPLIT in line


async def test_the_page_keys_scroll_the_passage() -> None:
    async with running(size=(80, 24)) as app:
        screen = await opened(app)
        page = screen.query("HeatPane Page").first(Page)
        await app.press("pagedown")
        assert page.scroll_offset.y > 0
        await app.press("pageup")
        assert page.scroll_offset.y == 0


async def test_in_a_small_screen_every_fact_can_be_brought_into_view() -> None:
    engine = ScriptedEngine()
    windows = tuple(-9.0 + number for number in range(30))

    def many(hit: RankedHit) -> Iterator[Inspection]:
        reading = Reading(7, 900, 64, (64,) * 30, windows)
        reasons = tuple(f"reason {number} {'said at length ' * 5}" for number in range(5))
        yield replace(inspections.whole(hit), reading=reading, reasons=reasons)

    engine.inspector.parts = many
    async with running(engine, (80, 24)) as app:
        await opened(app)
        seen = app.picture()
        assert "reason 0" in seen
        assert "▸+20.00" not in seen
        for _ in range(4):
            await app.press("pagedown")
            seen += app.picture()
        wanted = [*(f"reason {number}" for number in range(5)), "above 64 of 64", "▸+20.00 in 64"]
        assert [each for each in wanted if each not in seen] == []
        assert "cracks show in the flour on top." in seen
        await app.press(*["pageup"] * 5)
        assert "reason 0" in app.picture()
        assert "## Morning, dough" in app.picture()


async def test_a_file_that_is_gone_is_told_of_in_the_title() -> None:
    engine = ScriptedEngine()
    engine.inspector.gone = {"cooking/sourdough-rye.md"}
    async with running(engine, (80, 24)) as app:
        screen = await opened(app)
        title = app.picture().splitlines()[0]
        assert "sourdough-rye.md" in title
        assert title.rstrip().endswith("file gone")
        await app.press("down")
        await app.until(lambda: not screen.now.is_running)
        assert "file gone" not in app.picture()


@pytest.mark.parametrize(("others", "told"), [(samples.MODELS, True), (samples.MODELS[:2], False)])
async def test_the_key_for_another_reranker_is_told_where_there_is_one(
    others: tuple[ModelState, ...], told: bool
) -> None:
    async with running(ScriptedEngine(states=others), (160, 48)) as app:
        await opened(app)
        assert ("against a reranker" in app.picture()) is told


async def test_an_error_is_told_and_the_screen_goes_on() -> None:
    engine = ScriptedEngine()
    engine.inspector.error = ModelCorruptError("The weights of MiniLM are torn.")
    async with running(engine) as app:
        await opened(app)
        assert "The weights of MiniLM are torn." in app.picture()
        await app.press("down", "escape")
        assert app.on_top


async def test_without_a_reranker_the_split_is_what_there_is() -> None:
    async with running(ScriptedEngine(samples.without_reranker)) as app:
        await app.search()
        await app.press("f4")
        screen = inspector(app)
        await app.until(lambda: screen.now.inspection.split)
        assert screen.now.heat is Heat.SPLIT
        assert "raw" not in app.picture()


async def test_enter_twice_inspects_and_opens_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(search, "ENTER_TWICE_SECONDS", 60.0)
    async with running() as app:
        await app.search()
        await app.press("enter", "enter")
        await app.until(lambda: isinstance(app.app.screen, InspectorScreen))
        assert app.notices == ""


async def test_enter_in_the_inspector_opens_the_file(tmp_path: Path) -> None:
    async with running(ScriptedEngine(folder=tmp_path)) as app:
        await opened(app)
        await app.press("down", "enter")
        assert app.on_top
        await app.until(lambda: "sourdough-rye-overnight.md is not there any more" in app.notices)


async def test_help_is_over_the_inspector() -> None:
    async with running() as app:
        screen = await opened(app)
        await app.press("f1")
        assert app.app.screen is not screen
        await app.press("escape")
        assert app.app.screen is screen


async def test_while_the_order_is_not_final_it_is_said() -> None:
    engine = ScriptedEngine(until=2)
    async with running(engine) as app:
        await app.type("rye")
        await app.until(lambda: app.session.progress)
        await app.press("f4", "f7")
        assert app.on_top
        assert "not final yet: 4 of 12 pairs are read" in app.notices


@pytest.mark.parametrize("key", ["f4", "f7", "f9"])
async def test_before_anything_is_found_it_is_said(key: str) -> None:
    engine = ScriptedEngine(until=0)
    async with running(engine) as app:
        await app.type("rye")
        await app.until(lambda: engine.asked)
        await app.press(key)
        assert app.on_top
        assert "not there yet" in app.notices


@pytest.mark.parametrize("key", ["f4", "f7", "f8"])
async def test_with_nothing_found_the_keys_do_nothing(key: str) -> None:
    async with running() as app:
        await app.press(key)
        assert app.on_top
        assert app.session.marks == ()


SECOND = "ms-marco-MiniLM-L12-v2"


@pytest.mark.parametrize("key", ["2", "alt+2"])
async def test_a_digit_puts_another_reranker_in_place_of_the_bi_encoder(key: str) -> None:
    async with running(size=(160, 48)) as app:
        screen = await opened(app)
        await app.press(key)
        await app.until(app.explained, "what the second reranker makes of it")
        picture = app.picture()
        assert app.engine.inspector.against == [(RYE, SECOND)]
        line = next(row for row in picture.splitlines() if SECOND in row and Heat.WORDS in row)
        assert line.count(Heat.WORDS) == 2
        assert samples.MODEL in line
        assert Heat.SPLIT not in picture
        assert "+6.64 raw, 0.999 of 1, rank 1" in picture
        assert "+0.91 raw probability, 0.910 of 1" in picture
        assert "query 9 + passage 121 tokens" in picture
        assert "above 3 of 3 random passages" in picture
        assert "both like: rest, minutes" in picture
        assert f"only {samples.MODEL}: 30, rye" in picture
        assert f"only {SECOND}: dough" in picture
        await app.press("tab")
        line = next(row for row in app.picture().splitlines() if Heat.SENTENCES in row)
        assert line.count(Heat.SENTENCES) == 2
        await app.press("0")
        assert screen.now.second is None
        assert Heat.SPLIT in app.picture()
        assert "both like" not in app.picture()


async def test_where_it_is_narrow_the_second_reranker_comes_to_the_front() -> None:
    async with running(size=(80, 24)) as app:
        screen = await opened(app)
        await app.press("2")
        await app.until(app.explained, "what the second reranker makes of it")
        picture = app.picture()
        assert SECOND in picture
        assert "+0.91 raw probability, 0.910 of 1" in picture
        assert "both like: rest, minutes" in picture
        assert f"{OPEN}tin{CLOSE}" in picture
        assert "+6.64" not in picture
        seen = []
        for _ in range(4):
            await app.press("tab")
            seen.append((screen.now.heat, "+6.64 raw" in app.picture()))
        assert seen == [
            (Heat.SENTENCES, False),
            (Heat.WORDS, True),
            (Heat.SENTENCES, True),
            (Heat.WORDS, False),
        ]
        await app.press("0")
        assert (screen.now.heat, screen.now.second) == (Heat.SPLIT, None)


async def test_the_second_reranker_follows_to_the_next_result() -> None:
    async with running(size=(160, 48)) as app:
        await opened(app)
        await app.press("2")
        await app.until(app.explained)
        await app.press("down")
        await app.until(app.explained)
        assert app.engine.inspector.against == [(RYE, SECOND), (OVERNIGHT, SECOND)]
        assert "+0.91 raw probability" in app.picture()


async def test_both_rerankers_are_measured_at_once_and_leaving_cancels() -> None:
    engine = ScriptedEngine()
    engine.inspector.until = 1
    async with running(engine, (160, 48)) as app:
        await app.search()
        await app.press("f4")
        await app.until(lambda: engine.inspector.asked)
        await app.press("2")
        await app.until(lambda: engine.inspector.against)
        screen = inspector(app)
        assert screen.now.is_running
        assert screen.now.second is not None
        assert screen.now.second.is_running
        await app.press("escape")
        engine.go_on.set()
        await app.until(engine.inspector.left.is_set)
        assert app.on_top


async def test_what_the_second_reranker_measures_is_told() -> None:
    engine = ScriptedEngine()
    async with running(engine) as app:
        screen = await opened(app)
        engine.inspector.until = 2
        await app.press("2")
        await app.until(lambda: screen.now.second and screen.now.second.inspection.words)
        assert f"measuring: words under {SECOND}" in app.picture()
        assert "words   …" in app.picture()


async def test_an_error_of_the_second_reranker_stands_in_its_column() -> None:
    engine = ScriptedEngine()
    engine.inspector.second_error = ModelCorruptError("The weights of L12 are torn.")
    async with running(engine, (160, 48)) as app:
        screen = await opened(app)
        await app.press("2")
        await app.until(lambda: screen.now.second and screen.now.second.error)
        assert screen.now.error is None
        assert "The weights of L12 are torn." in app.picture()
        assert f"{OPEN}forgotten{CLOSE}" in app.picture()


@pytest.mark.parametrize(("key", "told"), [("1", "made this order"), ("7", "no reranker 7")])
async def test_a_digit_without_another_reranker_is_explained(key: str, told: str) -> None:
    async with running() as app:
        screen = await opened(app)
        await app.press(key)
        assert told in app.notices
        assert screen.now.second is None
        assert app.engine.inspector.against == []


async def test_without_a_first_reranker_there_is_nothing_to_set_one_against() -> None:
    async with running(ScriptedEngine(samples.without_reranker)) as app:
        await app.search()
        await app.press("f4")
        await app.until(lambda: inspector(app).now.inspection.split)
        await app.press("2", "0")
        assert "Nothing was reranked" in app.notices
        assert inspector(app).now.heat is Heat.SPLIT


async def test_growing_wide_puts_the_second_reranker_beside_the_first() -> None:
    async with running() as app:
        screen = await opened(app)
        await app.press("2")
        assert screen.now.is_second_shown
        await app.pilot.resize_terminal(160, 48)
        await app.until(lambda: not screen.now.is_second_shown)
        line = next(row for row in app.picture().splitlines() if SECOND in row and "─" in row)
        assert line.index(samples.MODEL) < line.index(SECOND)


def test_of_the_next_hit_nothing_is_known_yet() -> None:
    result = samples.reranked(12)
    first = InspectorState.of(result, result.hits, result.hits[0])
    known = first.received(inspections.whole(result.hits[0])).failed(ModelCorruptError(""))
    second = known.walked(1)
    assert second == first.walked(1)
    assert second.hit == result.hits[1]
    assert replace(second, heat=Heat.SPLIT).walked(1).heat is Heat.SPLIT
