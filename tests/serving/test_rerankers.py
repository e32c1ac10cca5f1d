"""Rerankers as the rest of the runtime asks for them."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from docsearch.serving.inference import InferenceWorker, Priority
from docsearch.serving.rerankers import ServedRerankers
from tests.fakes.models import FakeModels, HostedModels
from tests.fakes.reranker import FakeReranker


@pytest.fixture
def worker() -> Iterator[InferenceWorker]:
    worker = InferenceWorker()
    yield worker
    worker.close()


@pytest.mark.parametrize("priority", [Priority.QUERY, Priority.EXPLAINING])
def test_of_a_service_it_is_said_each_time_that_text_leaves(
    worker: InferenceWorker, priority: Priority
) -> None:
    hosted = ServedRerankers(HostedModels(FakeReranker("far-off")), worker, lambda *_: None)
    local = ServedRerankers(FakeModels(FakeReranker("at-hand")), worker, lambda *_: None)

    for _ in range(2):
        reranker, said = hosted.at(priority, "far-off")
        assert reranker is not None
        assert said == "far-off is a service: query and passages leave this machine"
    assert local.at(priority, "at-hand")[1] is None
