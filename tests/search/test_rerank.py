from __future__ import annotations

from dataclasses import replace

from docsearch.domain.document import Chunk
from docsearch.domain.ranking import RerankScore
from docsearch.search.rerank import ScoredBatch, rerank
from tests.fakes.reranker import FakeReranker
from tests.fakes.scores import MemoryScoreCache


def passage(text: str) -> Chunk:
    return Chunk(0, 0, len(text), text, len(text.split()) + 2)


def scores_of(parts: list[ScoredBatch]) -> dict[int, RerankScore]:
    merged: dict[int, RerankScore] = {}
    for part in parts:
        assert not merged.keys() & part.scores.keys()
        merged |= part.scores
    return merged


def test_every_passage_is_scored_and_the_windows_are_counted() -> None:
    texts = [" ".join(["word"] * count) for count in (10, 70, 200, 3)]
    reranker = FakeReranker()
    parts = list(rerank("word", [passage(text) for text in texts], reranker, MemoryScoreCache()))
    assert scores_of(parts) == dict(enumerate(FakeReranker().score("word", texts)))
    assert sum(part.windows for part in parts) == 1 + 2 + 4 + 1
    assert [score.windows for _, score in sorted(scores_of(parts).items())] == [1, 2, 4, 1]


def test_known_scores_come_first_and_are_not_computed_again() -> None:
    cache, texts = MemoryScoreCache(), ["a disk", "the pump", "soup"]
    list(rerank("disk", [passage(text) for text in texts[:2]], FakeReranker(), cache))
    again = FakeReranker()
    first, second = rerank("disk", [passage(text) for text in texts], again, cache)
    assert (set(first.scores), first.cached, first.windows) == ({0, 1}, True, 0)
    assert (set(second.scores), second.cached, second.windows) == ({2}, False, 1)
    assert again.scored == [["soup"]]


def test_scores_are_known_for_one_model_and_one_query_only() -> None:
    cache, passages = MemoryScoreCache(), [passage("a disk")]
    list(rerank("disk", passages, FakeReranker(), cache))
    for words, reranker in (("pump", FakeReranker()), ("disk", FakeReranker("another"))):
        assert [part.cached for part in rerank(words, passages, reranker, cache)] == [False]


def test_all_known_runs_no_model() -> None:
    cache, passages, reranker = MemoryScoreCache(), [passage("a disk")], FakeReranker()
    list(rerank("disk", passages, reranker, cache))
    assert [part.cached for part in rerank("disk", passages, reranker, cache)] == [True]
    assert len(reranker.scored) == 1


def test_the_same_text_in_two_places_is_read_once() -> None:
    reranker = FakeReranker()
    passages = [passage(text) for text in ("a disk", "soup", "a disk")]
    scores = scores_of(list(rerank("disk", passages, reranker, MemoryScoreCache())))
    assert scores[0] == scores[2]
    assert sorted(text for batch in reranker.scored for text in batch) == ["a disk", "soup"]


def test_the_next_batch_is_not_begun_before_it_is_asked_for() -> None:
    reranker, cache = FakeReranker(), MemoryScoreCache()
    passages = [passage(f"{number} " * 1000) for number in range(9)]
    events = rerank("1", passages, reranker, cache)
    assert reranker.scored == []
    next(events)
    assert len(reranker.scored) == 1
    events.close()  # type: ignore[attr-defined]
    assert len(reranker.scored) == 1
    kept = next(rerank("1", passages, reranker, cache))
    assert kept.cached, "what had been computed was thrown away"


def test_a_reranker_says_how_much_it_takes_at_once() -> None:
    passages = [passage(f"{number} " * 1000) for number in range(9)]
    hosted = FakeReranker()
    hosted.batch_tokens = 1_000_000
    assert len(list(rerank("1", passages, hosted, MemoryScoreCache()))) == 1
    assert len(hosted.scored[0]) == 9


def test_a_passage_is_read_under_its_name_and_known_by_both() -> None:
    cache, reranker = MemoryScoreCache(), FakeReranker()
    plain, named = passage("two bolts"), replace(passage("two bolts"), name="Gate repair")
    scores = scores_of(list(rerank("gate repair", [plain, named], reranker, cache)))
    assert scores[1].raw > scores[0].raw
    assert sorted(each for batch in reranker.scored for each in batch) == [
        "Gate repair\ntwo bolts",
        "two bolts",
    ]
    (again,) = rerank("gate repair", [named, plain], FakeReranker(), cache)
    assert (again.cached, again.scores) == (True, {0: scores[1], 1: scores[0]})
