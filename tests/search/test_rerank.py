from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from docsearch.domain.document import Chunk, StoredChunk
from docsearch.domain.ranking import Candidate, RerankScore
from docsearch.ports import PairWindows
from docsearch.search.rerank import ScoredBatch, batches, order, rerank
from tests.fakes.reranker import FakeReranker
from tests.fakes.scores import MemoryScoreCache

plans = st.lists(
    st.lists(st.integers(4, 512), min_size=1, max_size=4).map(tuple).map(PairWindows), max_size=60
)


def passage(text: str) -> Chunk:
    return Chunk(0, 0, len(text), text, len(text.split()) + 2)


def candidates(count: int) -> list[Candidate]:
    return [
        Candidate(StoredChunk(rank, f"{rank}.md", passage(str(rank)), None, 0), rank, 1 / rank)
        for rank in range(1, count + 1)
    ]


def scores_of(parts: list[ScoredBatch]) -> dict[int, RerankScore]:
    merged: dict[int, RerankScore] = {}
    for part in parts:
        assert not merged.keys() & part.scores.keys()
        merged |= part.scores
    return merged


@given(plans, st.integers(16, 4096))
def test_batches_hold_every_pair_once_within_the_budget(
    pairs: list[PairWindows], budget: int
) -> None:
    packed = batches(pairs, budget)
    assert sorted(index for batch in packed for index in batch) == list(range(len(pairs)))
    for batch in packed:
        windows = sum(len(pairs[index].token_counts) for index in batch)
        longest = max(max(pairs[index].token_counts) for index in batch)
        assert len(batch) == 1 or windows * longest <= budget
    assert [min(batch) for batch in packed] == sorted(min(batch) for batch in packed)


def test_pairs_of_like_length_share_a_batch_and_the_best_placed_goes_first() -> None:
    pairs = [PairWindows((each,)) for each in (500, 20, 490, 25)]
    assert batches(pairs, budget=1000) == [[2, 0], [1, 3]]


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


@given(st.dictionaries(st.integers(0, 19), st.floats(-12, 12), max_size=20))
def test_a_reranked_list_is_the_same_passages_with_movements_that_cancel_out(
    raw: dict[int, float],
) -> None:
    scores = {position: RerankScore(each, 0.5) for position, each in raw.items()}
    hits = order(candidates(20), scores)
    assert sorted(hit.before_rank for hit in hits) == list(range(1, 21))
    reranked, waiting = hits[: len(raw)], hits[len(raw) :]
    assert [hit.after_rank for hit in reranked] == list(range(1, len(raw) + 1))
    assert all(hit.movement is None and hit.rerank is None for hit in waiting)
    assert [hit.before_rank for hit in waiting] == sorted(hit.before_rank for hit in waiting)
    keys = [(-hit.rerank.raw, hit.before_rank) for hit in reranked if hit.rerank]
    assert keys == sorted(keys)
    if len(raw) == 20:
        assert sum(hit.movement or 0 for hit in hits) == 0


def test_equal_scores_keep_the_first_order() -> None:
    hits = order(candidates(3), {index: RerankScore(1.0, 0.7) for index in (2, 0, 1)})
    assert [hit.before_rank for hit in hits] == [1, 2, 3]
    assert [hit.movement for hit in hits] == [0, 0, 0]
