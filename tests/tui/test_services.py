"""A reranker that is a service gets the text only of a search that was asked for."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from docsearch.domain.fusion import Fusion
from docsearch.domain.query import CandidateSource
from docsearch.domain.ranking import SearchEvent
from docsearch.tui.choices import is_service
from docsearch.tui.search.doors import missed_in
from docsearch.tui.search.empty_states import reranker_off
from tests.tui import samples
from tests.tui.piloted import running
from tests.tui.scripted_engine import ScriptedEngine

AS_SERVICE = tuple(
    replace(each, description=replace(each.description, hosted=True)) for each in samples.MODELS
)


class Stuck(ScriptedEngine):
    """What may send text does not end before `go_on`."""

    def search(
        self,
        typed: str,
        source: CandidateSource,
        reranker: str | None,
        fusion: Fusion | None = None,
        *,
        send: bool = True,
    ) -> Iterator[SearchEvent]:
        for event in super().search(typed, source, reranker, fusion, send=send):
            if send:
                self.go_on.wait(60)
            yield event


def test_a_service_is_known_by_its_name() -> None:
    assert is_service(samples.MODEL, AS_SERVICE)
    assert not is_service(samples.MODEL, samples.MODELS)
    assert not is_service(None, AS_SERVICE)


async def test_typing_sends_nothing_and_asking_does() -> None:
    async with running() as app:
        await app.search("rye")
        await app.press("ctrl+t")
        await app.until(lambda: len(app.engine.asked) == 2 and app.settled())
        assert not any(app.engine.sent)
        await app.press("ctrl+r")
        await app.until(lambda: len(app.engine.asked) == 3 and app.settled())
        await app.press("alt+2")
        await app.until(lambda: len(app.engine.asked) == 4 and app.settled())
        assert app.engine.sent[2:] == [True, True]
        await app.type(" dough")
        await app.until(lambda: len(app.engine.asked) == 5 and app.settled())
        assert app.engine.sent[-1] is False


async def test_a_search_that_is_stuck_is_left_behind() -> None:
    engine = Stuck()
    async with running(engine) as app:
        await app.search("rye")
        await app.press("ctrl+r")
        await app.until(lambda: engine.sent[-1])
        await app.type(" dough")
        await app.until(app.settled)
        assert app.session.result is not None
        assert app.session.result.query.typed == "rye dough"
        engine.go_on.set()
        await app.until(engine.was_left.is_set)
        assert app.session.result.query.typed == "rye dough"


async def test_a_services_answer_stands_when_the_index_changes() -> None:
    async with running(ScriptedEngine(states=AS_SERVICE)) as app:
        await app.search("rye")
        await app.press("ctrl+r")
        await app.until(lambda: len(app.engine.asked) == 2 and app.settled())
        app.engine.report(replace(samples.READY, generation=4))
        await app.until(lambda: app.screen.shown.progress.generation == 4)
        await app.until(lambda: not app.screen._asking.is_catching_up)
        assert len(app.engine.asked) == 2


async def test_to_ask_why_a_file_is_missing_is_not_to_ask_the_service() -> None:
    answers = [samples.without_reranker("rye"), samples.events("rye")]
    engine = ScriptedEngine(lambda _: answers.pop(0), states=AS_SERVICE)
    async with running(engine) as app:
        await app.search("rye")
        assert missed_in(app.session, app.screen.rerankers).reranker is None
        await app.press("ctrl+r")
        await app.until(lambda: len(app.engine.asked) == 2 and app.settled())
        assert missed_in(app.session, app.screen.rerankers).reranker == samples.MODEL


def test_what_is_held_back_is_not_told_to_be_downloaded() -> None:
    def text(notice: str) -> str:
        return "\n".join(
            "".join(piece.text for piece in line) for line in reranker_off(notice, "far", 80)
        )

    assert "models pull" in text("reranker: off (not downloaded)")
    assert "models pull" not in text("Ctrl-R sends the query and passages to far")
