"""The engine blocks, the screen does not, and only the newest request counts."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from queue import Empty, Queue
from threading import Event

import pytest
from textual.message import Message

from docsearch.domain.errors import (
    DamagedIndexError,
    DocsearchError,
    FolderError,
    ModelDownloadError,
)
from docsearch.domain.fusion import Blend, Fusion
from docsearch.domain.progress import IndexProgress
from docsearch.domain.query import CandidateSource
from docsearch.domain.ranking import Finished, SearchEvent
from docsearch.tui.engine_bridge import EngineBridge
from docsearch.tui.latest_only import IsStale, LatestOnly
from docsearch.tui.messages import (
    Crashed,
    DownloadEnded,
    DownloadMoved,
    EngineFailed,
    IndexMoved,
    RerankersKnown,
    SearchFailed,
    SearchMoved,
    SentenceFound,
)
from docsearch.tui.search_engine import SearchRequest, SentenceRequest
from tests.tui import samples
from tests.tui.scripted_engine import ScriptedEngine

PATIENCE = 20.0


class Heard:
    """The messages that were posted, from any thread."""

    def __init__(self) -> None:
        self._messages: Queue[Message] = Queue()

    def post(self, message: Message) -> None:
        self._messages.put(message)

    def silent(self) -> bool:
        """Whether every message that was posted has been read."""
        return self._messages.empty()

    def until(self, wanted: Callable[[Message], bool]) -> list[Message]:
        """Every message up to the first one that is wanted."""
        heard: list[Message] = []
        while not heard or not wanted(heard[-1]):
            try:
                heard.append(self._messages.get(timeout=PATIENCE))
            except Empty:
                pytest.fail(f"never came; heard {heard}")
        return heard


@contextmanager
def bridged(engine: ScriptedEngine) -> Iterator[tuple[EngineBridge, Heard]]:
    heard = Heard()
    bridge = EngineBridge(lambda: engine)
    bridge.start(heard.post)
    try:
        yield bridge, heard
    finally:
        engine.go_on.set()
        bridge.close()


def request(generation: int, typed: str = samples.QUERY) -> SearchRequest:
    return SearchRequest(generation, typed, CandidateSource.DENSE, samples.MODEL)


def _broken(typed: str) -> list[SearchEvent | DocsearchError]:
    raise ZeroDivisionError(typed)


def finished(message: Message) -> bool:
    return isinstance(message, SearchMoved) and isinstance(message.event, Finished)


def test_a_search_is_asked_for_with_the_fusion_of_its_request() -> None:
    engine, by_ranks = ScriptedEngine(), Fusion(first_stage=1.0, blend=Blend.RANKS)
    with bridged(engine) as (bridge, heard):
        bridge.search(replace(request(1), fusion=by_ranks))
        heard.until(finished)
    assert engine.fusions == [by_ranks]


def test_starting_starts_the_engine_and_tells_what_there_is() -> None:
    engine = ScriptedEngine()
    with bridged(engine) as (_, heard):
        assert engine.started.wait(PATIENCE)
        kinds = (IndexMoved, RerankersKnown)
        seen = {type(each) for each in heard.until(lambda each: isinstance(each, kinds))}
        heard.until(lambda each: isinstance(each, kinds) and type(each) not in seen)


def test_an_engine_that_cannot_be_opened_is_told() -> None:
    def refuse() -> ScriptedEngine:
        raise FolderError("There is no folder /nowhere.")

    heard = Heard()
    bridge = EngineBridge(refuse)
    bridge.start(heard.post)
    failed = heard.until(lambda each: isinstance(each, EngineFailed))[-1]
    bridge.stop(1.0)
    assert isinstance(failed, EngineFailed)
    assert "/nowhere" in str(failed.error)


def test_a_search_waits_for_the_engine_to_be_opened() -> None:
    engine, allowed, heard = ScriptedEngine(), Event(), Heard()

    def slowly() -> ScriptedEngine:
        allowed.wait(PATIENCE)
        return engine

    bridge = EngineBridge(slowly)
    bridge.start(heard.post)
    bridge.search(request(1))
    assert engine.asked == []
    allowed.set()
    heard.until(finished)
    bridge.stop(1.0)
    assert engine.stopped


def test_every_event_becomes_a_message_of_its_generation() -> None:
    with bridged(ScriptedEngine()) as (bridge, heard):
        bridge.search(request(4))
        moved = [each for each in heard.until(finished) if isinstance(each, SearchMoved)]
    assert [each.event for each in moved] == samples.events()
    assert {each.generation for each in moved} == {4}


def test_a_newer_search_closes_the_older_one() -> None:
    engine = ScriptedEngine(until=2)
    with bridged(engine) as (bridge, heard):
        bridge.search(request(1, "old"))
        heard.until(lambda each: isinstance(each, SearchMoved))
        bridge.search(request(2, "new"))
        engine.go_on.set()
        late = heard.until(finished)
    assert engine.left == ["old"]
    assert [each.generation for each in late if isinstance(each, SearchMoved)].count(1) <= 1
    assert [typed for typed, _, _ in engine.asked] == ["old", "new"]


def test_a_cancelled_search_is_closed_and_says_no_more() -> None:
    engine = ScriptedEngine(until=1)
    with bridged(engine) as (bridge, heard):
        bridge.search(request(1, "old"))
        heard.until(lambda each: isinstance(each, SearchMoved))
        bridge.cancel_search()
        engine.go_on.set()
        bridge.search(request(2, "new"))
        assert all(
            each.generation == 2 for each in heard.until(finished) if isinstance(each, SearchMoved)
        )
    assert engine.left == ["old"]


def test_an_error_of_a_search_is_told() -> None:
    error = DamagedIndexError("torn")
    with bridged(ScriptedEngine(lambda _: [error])) as (bridge, heard):
        bridge.search(request(1))
        failed = heard.until(lambda each: isinstance(each, SearchFailed))[-1]
    assert isinstance(failed, SearchFailed)
    assert (failed.generation, failed.error) == (1, error)


def test_a_fault_of_the_program_is_handed_over_and_not_lost() -> None:
    engine = ScriptedEngine(_broken)
    with bridged(engine) as (bridge, heard):
        bridge.search(request(1))
        crashed = heard.until(lambda each: isinstance(each, Crashed))[-1]
    assert isinstance(crashed, Crashed)
    assert isinstance(crashed.error, ZeroDivisionError)


def test_the_best_sentence_is_found() -> None:
    passage = samples.PASSAGES[6]
    with bridged(ScriptedEngine()) as (bridge, heard):
        bridge.find_sentence(SentenceRequest("rest", passage, None))
        found = heard.until(lambda each: isinstance(each, SentenceFound))[-1]
    assert isinstance(found, SentenceFound)
    assert passage.chunk.text[found.start : found.end].startswith("Rest 30 minutes")
    assert found.chunk_id == passage.chunk_id


def test_a_download_tells_how_far_it_is_and_how_it_ended() -> None:
    engine = ScriptedEngine()
    with bridged(engine) as (bridge, heard):
        bridge.pull("tiny")
        heard.until(lambda each: isinstance(each, DownloadMoved))
        heard.until(lambda each: isinstance(each, DownloadEnded) and each.error is None)
        engine.pull_error = ModelDownloadError("no space")
        bridge.pull("tiny")
        heard.until(lambda each: isinstance(each, DownloadEnded) and each.error is not None)
    assert engine.pulled == ["tiny"]


def test_after_closing_nothing_is_heard() -> None:
    engine = ScriptedEngine(until=1)
    with bridged(engine) as (bridge, heard):
        bridge.search(request(1))
        heard.until(lambda each: isinstance(each, SearchMoved))
        bridge.close()
        engine.go_on.set()
        assert engine.was_left.wait(PATIENCE)
        engine.report(IndexProgress(generation=99))
        assert heard.silent()


def test_a_burst_costs_one_piece_of_work() -> None:
    done: Queue[int] = Queue()
    entered, leave = Event(), Event()

    def work(number: int, is_stale: IsStale) -> None:
        entered.set()
        leave.wait(PATIENCE)
        if not is_stale():
            done.put(number)

    lane: LatestOnly[int] = LatestOnly(work, "test")
    lane.start()
    lane.ask(0)
    assert entered.wait(PATIENCE)
    for number in range(1, 50):
        lane.ask(number)
    leave.set()
    assert done.get(timeout=PATIENCE) == 49
    assert done.empty()
    lane.close()
