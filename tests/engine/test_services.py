"""A reranker that is a service: nobody else waits for it, and it is sent only what it should be."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from threading import Event

import pytest

from docsearch.domain.model import ModelState
from docsearch.domain.query import CandidateSource
from docsearch.domain.settings import Settings
from docsearch.models.descriptions import describe
from docsearch.models.hosted.cohere import Account, CohereReranker
from docsearch.models.hosted.post import Patience
from tests.engine.running import answer, running
from tests.fakes.models import FakeModels
from tests.fakes.reranker import FakeReranker
from tests.standins.cohere import Answer, CohereStandIn

NAME = "cohere-rerank-v3.5"
PATIENCE = 20.0


class WithService(FakeModels):
    """A reranker at hand, and a service whose every wait lasts until `go_on`."""

    def __init__(self, address: str, go_on: Event) -> None:
        description = describe(NAME)
        assert description is not None

        def sleep(_seconds: float) -> None:
            go_on.wait(60)

        patience = Patience(answer=60.0, sleep=sleep)
        service = CohereReranker(description, Account(address, "a-key"), patience)
        super().__init__(FakeReranker("at-hand"), service)

    def state(self, name: str) -> ModelState:
        state = super().state(name)
        return replace(state, description=replace(state.description, hosted=name == NAME))


@pytest.fixture
def notes(tmp_path: Path) -> Path:
    folder = tmp_path / "notes"
    folder.mkdir()
    (folder / "soup.md").write_text("Onions, stock and patience make the soup.\n")
    (folder / "boat.md").write_text("The hull was painted blue in spring.\n")
    return folder


@pytest.fixture
def service(monkeypatch: pytest.MonkeyPatch) -> Iterator[CohereStandIn]:
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    with CohereStandIn() as standin:
        yield standin


@pytest.mark.parametrize("trouble", [Answer(hangs=True), Answer(429, {"Retry-After": "5"})])
def test_a_service_that_is_stuck_keeps_neither_another_search_nor_the_end_waiting(
    notes: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, trouble: Answer
) -> None:
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    go_on = Event()
    with ThreadPoolExecutor() as pool, CohereStandIn() as service:
        service.answers.append(trouble)
        models = WithService(service.address, go_on)
        try:
            with running(notes, tmp_path / "data", models=models) as (engine, _):
                engine.wait_until_ready()
                stuck = pool.submit(answer, engine, "onions soup", NAME)
                assert service.asked.wait(PATIENCE)
                other = pool.submit(answer, engine, "onions soup", "at-hand")
                assert other.result(PATIENCE).reranker == "at-hand"
            assert not stuck.done()
        finally:
            go_on.set()


def test_without_being_asked_to_nothing_is_sent(
    notes: Path, tmp_path: Path, service: CohereStandIn
) -> None:
    models, settings = WithService(service.address, Event()), Settings(reranker=NAME)
    with running(notes, tmp_path / "data", settings=settings, models=models) as (engine, _):
        engine.wait_until_ready()
        engine.warm_up()
        *_, last = engine.search("onions soup", CandidateSource.DENSE, NAME, send=False)
        assert last.result.reranker is None
        assert last.result.notice is not None
        assert f"Ctrl-R sends the query and passages to {NAME}" in last.result.notice
        assert service.requests == []

        assert answer(engine, "onions soup", NAME).reranker == NAME
        assert len(service.requests) == 1

        *_, local = engine.search("onions soup", CandidateSource.DENSE, "at-hand", send=False)
        assert local.result.reranker == "at-hand"


def test_the_best_sentence_is_found_without_the_service(
    notes: Path, tmp_path: Path, service: CohereStandIn
) -> None:
    text = "The weather was mild. The onions were sold out. Nobody complained."
    models = WithService(service.address, Event())
    with running(notes, tmp_path / "data", models=models) as (engine, _):
        engine.wait_until_ready()
        hit = answer(engine, "onions soup", NAME).hits[0]
        asked = len(service.requests)
        passage = replace(hit.passage, chunk=replace(hit.passage.chunk, text=text))
        start, end = engine.best_sentence("onions sold", passage, NAME)
    assert text[start:end] == "The onions were sold out."
    assert len(service.requests) == asked == 1
