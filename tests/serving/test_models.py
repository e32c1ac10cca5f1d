"""The bi-encoder as the rest of the runtime asks for it."""

from __future__ import annotations

from collections.abc import Iterator
from threading import Event, Thread

import numpy as np
import pytest

from docsearch.domain.errors import ModelError
from docsearch.ports import Embedder, Vectors
from docsearch.serving.inference import InferenceWorker, Priority
from docsearch.serving.models import QUERIES_REMEMBERED, ServedEmbedder
from tests.fakes.embedder import FakeEmbedder
from tests.fakes.token_counter import FakeTokenCounter

PATIENCE = 20.0


class CountingEmbedder(FakeEmbedder):
    def __init__(self) -> None:
        super().__init__()
        self.queries: list[str] = []

    def embed_query(self, words: str) -> Vectors:
        self.queries.append(words)
        if words == "torn":
            raise ModelError("The model is torn.")
        return super().embed_query(words)


@pytest.fixture
def worker() -> Iterator[InferenceWorker]:
    worker = InferenceWorker()
    yield worker
    worker.close()


def served(worker: InferenceWorker, embedder: Embedder) -> ServedEmbedder:
    return ServedEmbedder(
        worker,
        lambda: embedder,
        Priority.QUERY,
        name=embedder.name,
        dimension=embedder.dimension,
        fingerprint=embedder.fingerprint,
        counter=FakeTokenCounter,
    )


def test_the_same_query_waits_for_nothing_that_the_worker_has_in_hand(
    worker: InferenceWorker,
) -> None:
    embedder = CountingEmbedder()
    asking = served(worker, embedder)
    first = asking.embed_query("rye")
    busy, release = Event(), Event()

    def hold() -> None:
        busy.set()
        release.wait(PATIENCE)

    held = Thread(target=lambda: worker.run(Priority.QUERY, hold))
    held.start()
    assert busy.wait(PATIENCE)
    try:
        again = asking.embed_query("rye")
    finally:
        release.set()
        held.join()
    assert np.array_equal(again, first)
    assert np.array_equal(first, FakeEmbedder().embed_query("rye"))
    assert embedder.queries == ["rye"]


def test_other_words_have_a_vector_of_their_own(worker: InferenceWorker) -> None:
    asking = served(worker, CountingEmbedder())
    for words in ("rye", "Rye flour", "rye", ""):
        assert np.array_equal(asking.embed_query(words), FakeEmbedder().embed_query(words))


def test_only_the_latest_queries_are_remembered(worker: InferenceWorker) -> None:
    embedder = CountingEmbedder()
    asking = served(worker, embedder)
    for number in range(QUERIES_REMEMBERED + 1):
        asking.embed_query(f"query {number}")
    asking.embed_query("query 0")
    assert embedder.queries.count("query 0") == 2


def test_a_batch_is_as_large_as_the_model_takes(worker: InferenceWorker) -> None:
    embedder = CountingEmbedder()
    embedder.batch_tokens = 15_360
    assert served(worker, embedder).batch_tokens == 15_360


def test_what_failed_is_tried_again(worker: InferenceWorker) -> None:
    embedder = CountingEmbedder()
    asking = served(worker, embedder)
    for _ in range(2):
        with pytest.raises(ModelError, match="torn"):
            asking.embed_query("torn")
    assert embedder.queries == ["torn", "torn"]
