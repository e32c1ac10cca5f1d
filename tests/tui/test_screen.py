"""The running screen: keys in, requests and pictures out."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from textual.widgets import Input, OptionList

from docsearch.domain.document import Chunk, Location, StoredChunk
from docsearch.domain.errors import DamagedIndexError, ModelDownloadError
from docsearch.domain.model import Availability
from docsearch.domain.progress import IndexProgress, Phase
from docsearch.domain.query import CandidateSource, Query
from docsearch.domain.ranking import Finished, RankedHit, SearchEvent
from docsearch.domain.settings import Settings
from docsearch.tui.dialogs.help import HelpScreen
from docsearch.tui.dialogs.rerankers import DownloadScreen, RerankersScreen
from docsearch.tui.search.hit_rows import Side
from docsearch.tui.widgets.passage_view import PassageBody
from tests.tui import samples
from tests.tui.piloted import running
from tests.tui.scripted_engine import ScriptedEngine

RYE = 7


async def test_the_first_picture_is_there_before_the_engine_is_started() -> None:
    class Waiting(ScriptedEngine):
        def start(self) -> None:
            self.go_on.wait(30)
            super().start()

    engine = Waiting()
    async with running(engine, started=False) as app:
        assert "ask your folder" in app.picture()
        assert not engine.started.is_set()
        engine.go_on.set()
        await app.until(engine.started.is_set)


async def test_typing_searches_with_the_settings_in_force() -> None:
    settings = Settings(source=CandidateSource.HYBRID, reranker="none")
    async with running(ScriptedEngine(settings=settings)) as app:
        await app.search("rye")
        assert app.engine.asked[-1] == ("rye", CandidateSource.HYBRID, None)


async def test_a_burst_of_keys_is_shown_at_once_and_searched_once() -> None:
    engine = ScriptedEngine(until=0)
    async with running(engine) as app:
        await app.press("r", "y", "e")
        assert app.typed == "rye"
        engine.go_on.set()
        await app.until(app.settled)
        assert app.session.result is not None
        assert app.session.result.query.typed == "rye"
        assert len(engine.asked) < 3


async def test_a_keystroke_cancels_the_search_before_it() -> None:
    engine = ScriptedEngine(until=2)
    async with running(engine) as app:
        await app.type("rye")
        await app.until(lambda: app.session.progress, "the first batch")
        await app.type(" dough")
        engine.go_on.set()
        await app.until(app.settled)
        assert engine.left == ["rye"]
        assert app.session.result is not None
        assert app.session.result.query.typed == "rye dough"


async def test_both_lists_light_the_same_chunk_wherever_it_stands() -> None:
    async with running() as app:
        await app.search()
        assert app.session.selected == RYE
        for _ in range(4):
            for name in ("before", "after"):
                lit = [row for row in app.rows(name) if row.startswith("▌")]
                hit = app.session.hit
                assert hit is not None
                rank = hit.before_rank if name == "before" else hit.after_rank
                assert lit[0].split()[0].removeprefix("▌") in ("", str(rank))
                assert f" {rank} " in lit[0]
            await app.press("down")


async def test_the_after_list_fills_while_reranking_goes_on() -> None:
    engine = ScriptedEngine(until=2)
    async with running(engine) as app:
        await app.type("rye")
        await app.until(lambda: app.session.progress, "the first batch")
        picture = app.picture()
        assert "4/12" in picture
        assert "8 more are being read" in picture
        assert "4 of 12 pairs" in picture
        engine.go_on.set()
        await app.until(app.settled)
        assert "more are being read" not in app.picture()


@pytest.mark.parametrize(("up", "down"), [("up", "down"), ("ctrl+p", "ctrl+n")])
async def test_arrows_move_the_selection_and_leave_the_query_alone(up: str, down: str) -> None:
    async with running() as app:
        await app.search("rye")
        order = [hit.passage.chunk_id for hit in app.session.order(Side.AFTER)]
        await app.press(down, down, up)
        assert app.session.selected == order[1]
        await app.press("x")
        assert app.typed == "ryex"


async def test_tab_walks_the_other_list() -> None:
    async with running() as app:
        await app.search()
        await app.press("tab", "down")
        assert app.session.selected == 8
        await app.press("tab", "down")
        assert app.session.walked is Side.AFTER


async def test_the_page_keys_scroll_the_passage() -> None:
    async with running(size=(80, 24)) as app:
        await app.search()
        body = app.screen.query_one(PassageBody)
        start = body.scroll_offset.y
        assert start > 0
        await app.press("pageup")
        assert body.scroll_offset.y < start
        await app.press("pagedown")
        assert body.scroll_offset.y == start


async def test_the_best_sentence_is_in_view() -> None:
    async with running(size=(80, 24)) as app:
        await app.search()
        assert "▌ Rest 30 minutes in the bowl, then into the greased tin." in app.picture()


async def test_copying_gives_path_and_line() -> None:
    async with running() as app:
        await app.search()
        await app.press("ctrl+y")
        assert app.app.clipboard == "cooking/sourdough-rye.md:52"


async def test_copying_an_awkward_name_copies_nothing_a_terminal_obeys() -> None:
    passage = replace(samples.PASSAGES[0], path="a\n\x1b[31m\udce9.md")
    hit = RankedHit(passage, 1, 0.5)
    result = replace(samples.retrieved(), hits=(hit,), reranker=None)
    async with running(ScriptedEngine(lambda _: [Finished(result)])) as app:
        await app.search("x")
        await app.press("ctrl+y")
        assert app.app.clipboard == "a␤␛[31m�.md:10"


async def test_the_source_goes_round() -> None:
    async with running() as app:
        await app.search("rye")
        for source in (CandidateSource.BM25, CandidateSource.HYBRID, CandidateSource.DENSE):
            await app.press("ctrl+t")
            assert app.session.source is source
            await app.until(lambda: app.engine.asked[-1][1] is app.session.source)
            assert f" {source} " in app.picture().splitlines()[0]


async def test_the_rerankers_that_are_here_go_round_and_none_is_one_of_them() -> None:
    async with running() as app:
        await app.search("rye")
        seen = []
        for _ in range(3):
            await app.press("f2")
            await app.until(lambda: app.engine.asked[-1][2] == app.session.reranker)
            seen.append(app.engine.asked[-1][2])
        assert seen == ["ms-marco-MiniLM-L12-v2", None, samples.MODEL]


async def test_with_no_reranker_here_f2_lists_them_all() -> None:
    states = tuple(
        replace(state, availability=Availability.NOT_DOWNLOADED) for state in samples.MODELS
    )
    async with running(ScriptedEngine(samples.without_reranker, states=states)) as app:
        await app.press("f2")
        assert isinstance(app.app.screen, RerankersScreen)
        await app.press("escape")
        assert app.on_top


async def test_a_download_is_asked_for_with_size_and_source_then_used() -> None:
    async with running() as app:
        await app.search("rye")
        await app.press("shift+f2", "home", "enter")
        assert isinstance(app.app.screen, DownloadScreen)
        picture = app.picture()
        assert "18 MB" in picture
        assert "cross-encoder/ms-marco-TinyBERT-L2-v2" in picture
        assert app.engine.pulled == []
        await app.press("enter")
        await app.until(lambda: app.session.reranker == "ms-marco-TinyBERT-L2-v2")
        assert app.engine.pulled == ["ms-marco-TinyBERT-L2-v2"]
        await app.until(lambda: app.engine.asked[-1][2] == "ms-marco-TinyBERT-L2-v2")


async def test_a_download_can_be_left() -> None:
    async with running() as app:
        await app.press("shift+f2", "home", "enter", "escape", "escape")
        assert app.on_top
        assert app.engine.pulled == []


async def test_a_download_that_fails_says_why() -> None:
    engine = ScriptedEngine()
    engine.pull_error = ModelDownloadError("There is no room for 18 MB in /data.")
    async with running(engine) as app:
        await app.press("shift+f2", "home", "enter", "enter")
        await app.until(lambda: "There is no room" in app.notices)
        assert app.session.reranker == samples.MODEL


async def test_offline_nothing_is_downloaded() -> None:
    async with running(ScriptedEngine(settings=Settings(offline=True))) as app:
        await app.press("shift+f2", "home", "enter")
        assert "--offline" in app.picture()
        await app.press("enter")
        assert isinstance(app.app.screen, DownloadScreen)
        assert app.engine.pulled == []


async def test_a_ready_reranker_is_chosen_from_the_list() -> None:
    async with running() as app:
        await app.press("shift+f2", "down", "enter")
        assert app.session.reranker == "ms-marco-MiniLM-L12-v2"
        await app.press("shift+f2", "end", "enter")
        assert app.session.reranker is None


async def test_the_biggest_movers_come_first_and_back() -> None:
    async with running(size=(160, 48)) as app:
        await app.search()
        await app.press("f3")
        assert "▲9" in app.rows("after")[1]
        assert "by movement" in app.picture()
        await app.press("f3")
        assert "▲6" in app.rows("after")[1]


async def test_escape_clears_then_leaves() -> None:
    async with running() as app:
        await app.search("rye")
        await app.press("escape")
        assert app.typed == ""
        assert app.session.result is None
        assert app.app.return_code is None
        await app.press("escape")
        assert app.app.return_code == 0


@pytest.mark.parametrize("key", ["ctrl+q", "ctrl+c"])
async def test_leaving_at_once(key: str) -> None:
    async with running() as app:
        await app.search("rye")
        await app.press(key)
        assert app.app.return_code == 0


async def test_the_history_brings_queries_back() -> None:
    async with running() as app:
        await app.search("rye")
        await app.press("escape")
        await app.search("dough")
        await app.press("escape")
        await app.press("ctrl+up", "ctrl+up")
        assert app.typed == "rye"
        await app.until(lambda: app.session.result)
        await app.press("ctrl+down", "ctrl+down")
        assert app.typed == ""


async def test_a_question_mark_is_help_only_in_an_empty_query() -> None:
    async with running() as app:
        await app.press("question_mark")
        assert isinstance(app.app.screen, HelpScreen)
        await app.press("escape")
        await app.press("a", "question_mark")
        assert app.typed == "a?"


async def test_f1_is_help_always() -> None:
    async with running(size=(160, 48)) as app:
        await app.search("rye")
        await app.press("f1")
        picture = app.picture()
        assert "Reading the lists" in picture
        assert "Tab" in picture


async def test_searching_again_asks_again() -> None:
    async with running() as app:
        await app.search("rye")
        await app.press("ctrl+r")
        await app.until(lambda: len(app.engine.asked) == 2)
        assert app.engine.asked[0] == app.engine.asked[1]


async def test_when_the_index_changes_the_answer_follows_and_the_selection_stays() -> None:
    async with running() as app:
        await app.search("rye")
        await app.press("down", "down")
        chosen = app.session.selected
        app.engine.report(replace(samples.READY, generation=4, files=13))
        await app.until(lambda: len(app.engine.asked) == 2 and app.settled())
        assert app.session.selected == chosen
        assert "13 files" in app.picture()


async def test_a_change_of_state_alone_searches_nothing() -> None:
    async with running() as app:
        await app.search("rye")
        app.engine.report(replace(samples.READY, phase=Phase.SCANNING))
        await app.until(lambda: app.screen.shown.progress.phase is Phase.SCANNING)
        assert len(app.engine.asked) == 1
        assert not app.session.running


async def test_an_error_is_shown_in_place_and_can_be_tried_again() -> None:
    error = DamagedIndexError("The index is torn. It is made again from your files.")
    answers: list[list[SearchEvent | DamagedIndexError]] = [[error], [*samples.events("rye")]]
    async with running(ScriptedEngine(lambda _: answers.pop(0))) as app:
        await app.type("rye")
        await app.until(lambda: app.session.error)
        assert "The index is torn." in app.picture()
        await app.press("ctrl+r")
        await app.until(app.settled)
        assert "The index is torn." not in app.picture()


async def test_without_its_model_the_after_list_says_so_and_what_to_do() -> None:
    async with running(ScriptedEngine(samples.without_reranker)) as app:
        await app.search()
        picture = app.picture()
        assert "reranker: off (not downloaded)" in picture
        assert f"docsearch models pull {samples.MODEL}" in picture
        assert app.rows("before")[0].startswith("▌  1  0.712")


async def test_what_could_not_be_read_as_syntax_is_marked() -> None:
    query = Query("rye after:soon", "rye after:soon", unparsed=("after:soon",))
    result = replace(samples.reranked(12), query=query)
    async with running(ScriptedEngine(lambda _: [Finished(result)])) as app:
        await app.search("rye after:soon")
        assert "searched as plain text: after:soon" in app.picture()


async def test_documents_cannot_reach_the_terminal() -> None:
    evil = "\x1b]0;owned\x07 [bold]markup[/] \x9b31m \u202etxt.exe"
    chunk = Chunk(0, 0, len(evil), evil, 9, (evil,), Location(line=1))
    hit = RankedHit(StoredChunk(1, f"dir/{evil}.md", chunk, evil, 0), 1, 0.5)
    result = replace(
        samples.retrieved(), hits=(hit,), reranker=None, notice=evil, query=Query(evil, evil)
    )
    engine = ScriptedEngine(
        lambda _: [Finished(result)], progress=IndexProgress(notice=evil, phase=Phase.READY)
    )
    for size in ((80, 24), (100, 30), (160, 48)):
        async with running(engine, size) as app:
            await app.search("x")
            await app.press("ctrl+y")
            picture = app.picture()
            for control in ("\x1b", "\x07", "\x9b", "\u202e"):
                assert control not in picture
            assert "[bold]markup[/]" in picture


async def test_narrow_terminals_merge_the_lists() -> None:
    async with running(size=(99, 24)) as app:
        await app.search()
        picture = app.picture()
        assert "before# after#    Δ" in picture
        assert app.rows("merged")[0].startswith("▌      7      1   ▲6  +6.64")
        await app.press("down")
        assert app.session.selected == 9


async def test_resizing_goes_from_one_layout_to_the_other() -> None:
    async with running(size=(80, 24)) as app:
        await app.search()
        await app.pilot.resize_terminal(160, 48)
        await app.pilot.pause()
        assert "before#" not in app.picture()
        assert app.rows("after")[0].startswith("▌  1  +6.64")
        await app.pilot.resize_terminal(80, 24)
        await app.pilot.pause()
        assert "before#" in app.picture()


async def test_a_click_selects_a_row() -> None:
    async with running() as app:
        await app.search()
        await app.pilot.click("#before", offset=(20, 2))
        assert app.session.selected == 2
        assert app.session.walked is Side.BEFORE


async def test_everything_is_in_the_palette() -> None:
    async with running() as app:
        await app.search("rye")
        await app.press("ctrl+o")
        await app.until(lambda: app.app.screen.query(OptionList))
        for letter in "biggest":
            await app.press(letter)
        await app.until(lambda: app.app.screen.query_one(OptionList).option_count)
        await app.press("enter")
        await app.until(lambda: app.on_top)
        await app.until(lambda: app.session.by_movement)


async def test_the_query_keeps_the_focus() -> None:
    async with running() as app:
        await app.search("rye")
        await app.press("tab")
        await app.pilot.click("#after", offset=(5, 1))
        await app.pilot.click(PassageBody)
        assert isinstance(app.app.focused, Input)


async def test_enter_opens_the_selected_passage_in_the_editor(tmp_path: Path) -> None:
    said = tmp_path / "said"
    editor = tmp_path / "code"
    editor.write_text(
        f'#!/bin/sh\nprintf "%s\\n" "$@" > "{said}.part"; mv "{said}.part" "{said}"\n'
    )
    editor.chmod(0o700)
    file = tmp_path / "cooking" / "sourdough-rye.md"
    file.parent.mkdir()
    file.write_text(samples.RYE)
    engine = ScriptedEngine(folder=tmp_path)
    async with running(engine, environment={"EDITOR": str(editor)}) as app:
        await app.search("rye")
        await app.press("enter")
        await app.until(said.exists)
    assert said.read_text().splitlines() == ["--goto", f"{file}:52"]


async def test_opening_a_file_that_is_gone_says_so() -> None:
    async with running() as app:
        await app.search("rye")
        await app.press("enter")
        await app.until(lambda: "sourdough-rye.md is not there any more" in app.notices)
