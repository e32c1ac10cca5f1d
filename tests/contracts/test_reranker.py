"""What reranking relies on, of every cross-encoder."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import replace

import pytest

from docsearch.models.descriptions import BOXED, describe
from docsearch.models.hosted.cohere import Account, CohereReranker
from docsearch.models.registry import ModelRegistry
from docsearch.models.store import StoredModel
from docsearch.models.torch.llm_reranker import LlmReranker
from docsearch.ports import Reranker, Vocabulary
from docsearch.serving.inference import InferenceWorker, Priority
from docsearch.serving.models import ServedReranker
from tests.fakes.reranker import FakeReranker
from tests.models.exporting import FLOAT32, exported
from tests.standins.cohere import CohereStandIn
from tests.standins.tiny_models import write_cross_encoder, write_language_model


@pytest.fixture(
    scope="module",
    params=[
        "fake",
        "served",
        "hosted",
        "tiny cross-encoder",
        "tiny cross-encoder, exported",
        "tiny language model",
        "in the box",
        "in the box, exported",
    ],
)
def reranker(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Reranker]:
    if request.param == "fake":
        yield FakeReranker()
    elif request.param == "served":
        worker, fake = InferenceWorker(), FakeReranker()
        yield ServedReranker(worker, fake.name, lambda: fake, Priority.EXPLAINING)
        worker.close()
    elif request.param == "hosted":
        description = describe("cohere-rerank-v3.5")
        assert description is not None
        with CohereStandIn() as service:
            yield CohereReranker(description, Account(service.address, "key"))
    elif request.param == "tiny language model":
        folder = write_language_model(tmp_path_factory.mktemp("language"))
        asked = replace(BOXED, name="asked", prompt="Does passage B answer query A?", window=512)
        yield LlmReranker(asked, StoredModel(folder, "", ()))
    elif request.param == "in the box":
        data_dir = tmp_path_factory.mktemp("data")
        yield ModelRegistry(data_dir, offline=True).load_reranker(BOXED.name)
    elif request.param == "in the box, exported":
        models = ModelRegistry(tmp_path_factory.mktemp("data"), offline=True)
        yield exported(models, BOXED.name, FLOAT32).load_reranker(BOXED.name, FLOAT32)
    elif request.param == "tiny cross-encoder, exported":
        folder = write_cross_encoder(tmp_path_factory.mktemp("tiny"))
        models = exported(ModelRegistry(folder.parent, offline=True), str(folder), FLOAT32)
        yield models.load_reranker(str(folder), FLOAT32)
    else:
        folder = write_cross_encoder(tmp_path_factory.mktemp("tiny"))
        yield ModelRegistry(folder.parent, offline=True).load_reranker(str(folder))


QUERY = "restore the backup"
PASSAGES = ["the backup", "", "bread " * 1200 + "backup", "caf\udce9 👍 \x1b[0m", "restore " * 30]


def test_one_score_a_passage_in_order(reranker: Reranker) -> None:
    together = reranker.score(QUERY, PASSAGES)
    alone = [reranker.score(QUERY, [passage])[0] for passage in PASSAGES]

    assert [each.raw for each in together] == pytest.approx([each.raw for each in alone], abs=1e-4)


def test_both_forms_of_a_score_give_the_same_order(reranker: Reranker) -> None:
    scores = reranker.score(QUERY, PASSAGES)

    assert all(math.isfinite(each.raw) and 0.0 <= each.unit <= 1.0 for each in scores)
    by_raw = sorted(scores, key=lambda each: each.raw)
    assert [each.unit for each in by_raw] == sorted(each.unit for each in scores)


def test_the_plan_says_how_many_windows_the_scores_will_have(reranker: Reranker) -> None:
    plans, scores = reranker.plan(QUERY, PASSAGES), reranker.score(QUERY, PASSAGES)

    for plan, score in zip(plans, scores, strict=True):
        assert len(plan.token_counts) == score.windows >= 1
        assert all(count > 0 for count in plan.token_counts)
        assert 0 <= score.best_window < score.windows


def test_no_passages_give_nothing(reranker: Reranker) -> None:
    assert reranker.plan(QUERY, []) == []
    assert reranker.score(QUERY, []) == []


def test_scores_are_the_same_each_time(reranker: Reranker) -> None:
    assert reranker.score(QUERY, PASSAGES) == reranker.score(QUERY, PASSAGES)


@pytest.mark.parametrize("query", ["", "?", "\ud800", "bread " * 3000, "👍"])
def test_any_query_can_be_scored(reranker: Reranker, query: str) -> None:
    scores = reranker.score(query, ["the oven", "bread " * 600])

    assert len(scores) == 2
    assert [each.windows for each in scores] == [
        len(plan.token_counts) for plan in reranker.plan(query, ["the oven", "bread " * 600])
    ]


@pytest.mark.parametrize("passage", PASSAGES, ids=["one word", "empty", "long", "odd", "repeated"])
@pytest.mark.parametrize(
    "query", [QUERY, "", "bread " * 900, "\ud800"], ids=["short", "empty", "long", "surrogate"]
)
def test_a_reading_tells_of_the_windows_that_were_scored(
    reranker: Reranker, query: str, passage: str
) -> None:
    reading = reranker.read(query, passage)

    (plan,), (score,) = reranker.plan(query, [passage]), reranker.score(query, [passage])
    assert reading.window_tokens == plan.token_counts
    assert len(reading.window_scores) == score.windows
    assert max(reading.window_scores) == pytest.approx(score.raw, abs=1e-4)
    assert reading.best == score.best_window
    assert max(reading.window_tokens) <= reading.window
    assert reading.passage_tokens <= sum(reading.window_tokens)
    assert (reading.passage_tokens == 0) == (passage == "")


def test_rough_scores_are_near_the_scores(reranker: Reranker) -> None:
    scores = [each.raw for each in reranker.score(QUERY, PASSAGES)]

    rough = reranker.rough_scores(QUERY, PASSAGES)

    assert rough == pytest.approx(scores, abs=0.2)
    assert rough == reranker.rough_scores(QUERY, PASSAGES)
    assert reranker.rough_scores(QUERY, []) == []


@pytest.mark.parametrize("query", ["", "bread", "\ud800"])
def test_it_reads_all_of_a_short_query(reranker: Reranker, query: str) -> None:
    assert reranker.characters_read(query) == len(query)


@pytest.mark.parametrize("query", ["bread " * 900, "字" * 900], ids=["words", "characters"])
def test_what_it_reads_of_a_long_query_is_all_that_counts(reranker: Reranker, query: str) -> None:
    read = reranker.characters_read(query)

    assert 100 <= read <= len(query)
    assert reranker.plan(query[:read], PASSAGES) == reranker.plan(query, PASSAGES)
    assert reranker.score(query[:read], PASSAGES) == reranker.score(query, PASSAGES)


def test_it_takes_whole_batches(reranker: Reranker) -> None:
    assert reranker.batch_tokens > 0


def test_it_has_a_name_and_a_fingerprint(reranker: Reranker) -> None:
    assert reranker.name
    assert reranker.fingerprint


def test_it_tells_the_words_that_it_does_not_know(reranker: Reranker) -> None:
    found = reranker.vocabulary("bread หลังคา 🚂 bread")

    assert "bread" in found.known
    assert not set(found.known) & set(found.unknown)
    assert reranker.vocabulary("bread, baked").unknown == ()
    assert reranker.vocabulary("...") == reranker.vocabulary("") == Vocabulary()
