"""Several rerankers over the same candidates, whatever befalls one of them."""

from __future__ import annotations

from collections.abc import Generator, Iterator, Sequence
from pathlib import Path
from typing import cast

import pytest

from docsearch.domain.comparison import Comparison
from docsearch.domain.document import Chunk, StoredChunk
from docsearch.domain.errors import ModelError
from docsearch.domain.model import ScoreKind
from docsearch.domain.query import CandidateSource, Query
from docsearch.domain.ranking import RankedHit, RerankScore, SearchResult
from docsearch.inspecting.comparer import Comparer
from docsearch.models.registry import ModelRegistry
from docsearch.ports import Models
from docsearch.search.rerank import rerank
from docsearch.serving.inference import InferenceWorker
from docsearch.serving.rerankers import ServedRerankers
from docsearch.serving.tuned_models import TunedModels
from docsearch.serving.tunings import Tunings
from tests.fakes.models import FAR_AWAY, FakeModels
from tests.fakes.reranker import FakeReranker
from tests.fakes.scores import MemoryScoreCache
from tests.standins.tiny_models import write_cross_encoder

WORDS = "onions soup"
TEXTS = [f"number {number} {'onions ' * (number % 3)}{'filler ' * 60}" for number in range(40)]
COUNT = len(TEXTS)


class Backwards(FakeReranker):
    """Likes best what the first stage likes least."""

    def score(self, query: str, passages: Sequence[str]) -> list[RerankScore]:
        self.scored.append(list(passages))
        return [RerankScore(float(TEXTS.index(each)), 0.5) for each in passages]


class Failing(FakeReranker):
    """Gives out at its second batch."""

    def score(self, query: str, passages: Sequence[str]) -> list[RerankScore]:
        if self.scored:
            raise ModelError(f"{self.name} gave a score that is not a finite number.")
        return super().score(query, passages)


def result(texts: Sequence[str] = TEXTS) -> SearchResult:
    hits = tuple(
        RankedHit(
            StoredChunk(number, f"{number}.md", Chunk(0, 0, len(text), text, 9), None, 0),
            number,
            1 / number,
        )
        for number, text in enumerate(texts, start=1)
    )
    # The hits of a result are in the order to show, which need not be the first stage's.
    return SearchResult(Query(WORDS, WORDS), CandidateSource.DENSE, None, tuple(reversed(hits)))


@pytest.fixture
def worker() -> Iterator[InferenceWorker]:
    worker = InferenceWorker()
    yield worker
    worker.close()


def comparer(
    worker: InferenceWorker, models: Models, cache: MemoryScoreCache | None = None
) -> Comparer:
    rerankers = ServedRerankers(models, worker, lambda *_: None)
    cache = cache or MemoryScoreCache()
    return Comparer(models, rerankers, lambda: cache)


def test_the_end_holds_every_rank_and_how_far_each_two_orders_agree(
    worker: InferenceWorker,
) -> None:
    models = FakeModels(FakeReranker("one"), Backwards("two"))
    *_, last = comparer(worker, models).compare(result(), ["one", "two"])

    assert last.doing is None
    assert [each.passage.path for each in last.candidates[:2]] == ["1.md", "2.md"]
    assert last.first_ranks == tuple(range(1, COUNT + 1))
    one, two = last.columns
    assert sorted(rank or 0 for rank in one.ranks) == list(range(1, COUNT + 1))
    assert two.ranks == tuple(range(COUNT, 0, -1))
    assert one.kind is ScoreKind.LOGIT
    assert {(each.one, each.other) for each in last.agreements} == {
        (None, "one"),
        (None, "two"),
        ("one", "two"),
    }
    opposed = last.agreement("two", None)
    assert opposed is not None
    assert opposed.tau == -1
    assert 0 <= opposed.rbo < 0.3


def test_each_reranker_fills_its_column_batch_by_batch(worker: InferenceWorker) -> None:
    models = FakeModels(FakeReranker("one"), FakeReranker("two"))
    snapshots = list(comparer(worker, models).compare(result(), ["one", "two"]))

    assert [each.doing for each in snapshots].count(None) == 1
    counts = [tuple(column.scored for column in each.columns) for each in snapshots]
    assert counts[0] == (0, 0)
    assert counts[-1] == (COUNT, COUNT)
    assert counts == sorted(counts)
    assert len({one for one, _ in counts}) > 3
    for each in snapshots:
        if each.doing == "two":
            assert each.agreement(None, "one") is not None
            assert each.agreement("one", "two") is None


def test_equal_scores_keep_the_first_stages_order(worker: InferenceWorker) -> None:
    texts = ["onions", "bees", "onions", "bees"]
    models = FakeModels(FakeReranker("one"))
    *_, last = comparer(worker, models).compare(result(texts), ["one"])
    assert last.columns[0].ranks == (1, 3, 2, 4)


def test_leaving_begins_no_further_batch_and_loses_nothing_that_was_scored(
    worker: InferenceWorker,
) -> None:
    one, two, cache = FakeReranker("one"), FakeReranker("two"), MemoryScoreCache()
    models = FakeModels(one, two)
    comparing = comparer(worker, models, cache)
    snapshots = cast("Generator[Comparison]", comparing.compare(result(), ["one", "two"]))
    while next(snapshots).columns[0].scored == 0:
        pass
    snapshots.close()
    begun, read = len(one.scored), one.scored[0]
    assert begun == 1
    assert "two" not in models.loaded

    again = list(comparing.compare(result(), ["one", "two"]))
    assert again[2].columns[0].scored == len(read)
    assert [text for batch in one.scored[begun:] for text in batch if text in read] == []
    assert again[-1].columns[0].is_whole


def test_one_that_fails_keeps_what_it_gave_and_stops_no_other(worker: InferenceWorker) -> None:
    models = FakeModels(Failing("one"), FakeReranker("two"))
    *_, last = comparer(worker, models).compare(result(), ["one", FAR_AWAY, "nonsense", "two"])
    failed, missing, unknown, whole = last.columns
    assert failed.error == "one gave a score that is not a finite number."
    assert 0 < failed.scored < COUNT
    assert failed.kind is ScoreKind.LOGIT
    assert missing.error == "reranker: off (not downloaded)"
    assert missing.kind is ScoreKind.LOGIT
    assert unknown.error == "no model is called nonsense"
    assert whole.is_whole
    assert whole.error is None
    assert {(each.one, each.other) for each in last.agreements} == {(None, "two")}


def test_scores_are_shared_with_the_searches(worker: InferenceWorker) -> None:
    reranker, cache = FakeReranker("one"), MemoryScoreCache()
    passages = [hit.passage.chunk for hit in result().before]
    list(rerank(WORDS, passages, reranker, cache))
    read = len(reranker.scored)

    snapshots = list(comparer(worker, FakeModels(reranker), cache).compare(result(), ["one"]))

    assert [each.columns[0].scored for each in snapshots] == [0, 0, COUNT, COUNT]
    assert len(reranker.scored) == read


def test_a_name_given_twice_is_compared_once(worker: InferenceWorker) -> None:
    models = FakeModels(FakeReranker("one"))
    *_, last = comparer(worker, models).compare(result(), ["one", "one"])
    assert len(last.columns) == 1


def test_nothing_found_is_nothing_to_compare(worker: InferenceWorker) -> None:
    models = FakeModels(FakeReranker("one"))
    *_, last = comparer(worker, models).compare(result([]), ["one"])
    assert (last.candidates, last.agreements) == ((), ())


def test_two_real_cross_encoders(worker: InferenceWorker, tmp_path: Path) -> None:
    texts = [f"the oven {letter} bread {letter * 3}" for letter in "abcdefghijkl"]
    folders = [
        str(write_cross_encoder(tmp_path / name, window=64, labels=labels, seed=seed))
        for name, labels, seed in (("one", 1, 7), ("two", 2, 8))
    ]
    registry = ModelRegistry(tmp_path, offline=True)
    models = TunedModels(registry, Tunings(tmp_path / "tuning.json", registry.stated_files))
    *_, last = comparer(worker, models).compare(result(texts), folders)
    ranks = [column.ranks for column in last.columns]
    assert all(sorted(rank or 0 for rank in each) == list(range(1, 13)) for each in ranks)
    assert ranks[0] != ranks[1]
    assert last.columns[0].kind is None
    assert len(last.agreements) == 3
