from __future__ import annotations

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from docsearch.domain.errors import ModelError, ModelMissingError
from docsearch.domain.fusion import Fusion
from docsearch.domain.query import CandidateSource
from docsearch.domain.ranking import Finished, Reranked, RerankScore, Retrieved, SearchEvent
from docsearch.ports import PairWindows, Vectors
from docsearch.search.pipeline import QUERY_CHARACTERS, QUERY_CUT, SearchPipeline
from docsearch.search.query_syntax import parse
from docsearch.search.retrieve import BY_AGE
from tests.fakes.embedder import FakeEmbedder
from tests.fakes.reranker import FakeReranker
from tests.fakes.scores import MemoryScoreCache
from tests.search.documents import last, library_of, paths

DOCUMENTS = {f"{number}.md": f"disk number {number} " * (number * 40) for number in range(1, 9)}
DENSE = CandidateSource.DENSE


def pipeline(documents: dict[str, str] = DOCUMENTS) -> SearchPipeline:
    return SearchPipeline(FakeEmbedder(), library_of(documents), MemoryScoreCache())


def search(
    typed: str, reranker: FakeReranker | None, notice: str | None = None
) -> list[SearchEvent]:
    return list(pipeline().search(parse(typed), DENSE, 50, reranker, notice))


class BrokenReranker(FakeReranker):
    """Fails from its second batch on."""

    def score(self, query: str, passages: Sequence[str]) -> list[RerankScore]:
        if self.scored:
            raise ModelError("fake-cross-encoder gave no finite score.")
        return super().score(query, passages)


class ShortsightedReranker(FakeReranker):
    def characters_read(self, query: str) -> int:
        return min(6, len(query))


class ShortsightedEmbedder(FakeEmbedder):
    def characters_read(self, words: str) -> int:
        return min(10, len(words))


class MissingReranker(FakeReranker):
    def plan(self, query: str, passages: Sequence[str]) -> list[PairWindows]:
        raise ModelMissingError("fake-cross-encoder is not on disk.")


def test_the_fast_order_comes_first_then_parts_then_the_whole() -> None:
    events = search("disk 7", FakeReranker())
    assert isinstance(events[0], Retrieved)
    assert all(isinstance(event, Reranked) for event in events[1:-1])
    assert len(events) > 3
    first, final = events[0].result, last(events)
    assert all(hit.after_rank is None for hit in first.hits)
    assert first.before == first.hits
    assert first.before == tuple(
        type(hit)(hit.passage, hit.before_rank, hit.before_score) for hit in final.before
    )
    assert paths(final)[0] == "7.md"
    assert final.reranker == "fake-cross-encoder"
    assert final.notice is None


def test_each_part_has_more_scores_than_the_one_before() -> None:
    events = search("disk 7", FakeReranker())
    parts = [event for event in events if isinstance(event, Reranked)]
    counts = [part.scored for part in parts]
    assert counts == sorted(set(counts))
    assert counts[-1] == parts[-1].total == len(DOCUMENTS)
    for part in parts:
        assert sum(hit.after_rank is not None for hit in part.result.hits) == part.scored


def test_timings_count_pairs_windows_and_batches() -> None:
    reranker = FakeReranker()
    events = search("disk 7", reranker)
    timings = last(events).timings
    assert timings.pairs == len(DOCUMENTS)
    assert timings.cached_pairs == 0
    assert timings.batches == len(reranker.scored)
    assert timings.windows == sum(hit.rerank.windows for hit in last(events).hits if hit.rerank)
    totals = [event.result.timings.total for event in events]
    assert totals == sorted(totals)
    stages = timings.embed + timings.retrieve + timings.fetch + timings.rerank
    assert 0 < timings.rerank < stages <= timings.total
    assert events[0].result.timings.embed == timings.embed > 0


def test_it_is_told_when_the_first_list_and_the_top_ten_stood() -> None:
    events = search("disk 7", FakeReranker())
    timings = last(events).timings
    assert timings.first_list == events[0].result.timings.total > 0
    tops = [[hit.before_rank for hit in event.result.hits[:10]] for event in events]
    settled = next(at for at, top in enumerate(tops) if all(each == top for each in tops[at:]))
    assert 0 < settled < len(events) - 1
    assert timings.top_ten == events[settled].result.timings.total < timings.total


def test_a_second_search_reads_its_scores_from_the_cache() -> None:
    searcher, reranker = pipeline(), FakeReranker()
    first = last(list(searcher.search(parse("disk 7"), DENSE, 50, reranker)))
    read = len(reranker.scored)
    again = list(searcher.search(parse("disk 7"), DENSE, 50, reranker))
    assert [type(event) for event in again] == [Retrieved, Reranked, Finished]
    assert last(again).hits == first.hits
    assert len(reranker.scored) == read
    timings = last(again).timings
    assert (timings.pairs, timings.cached_pairs) == (len(DOCUMENTS), len(DOCUMENTS))
    assert (timings.windows, timings.batches) == (0, 0)


def test_a_query_that_a_model_does_not_read_to_its_end_is_told_of() -> None:
    library = library_of(DOCUMENTS)
    searcher = SearchPipeline(ShortsightedEmbedder(), library, MemoryScoreCache())
    told = []
    for _ in ("computed", "cached"):
        events = list(searcher.search(parse("disk 7 is full"), DENSE, 50, ShortsightedReranker()))
        told.append((events[0].result.notice, last(events).notice))
    first = "the bi-encoder reads only the first 10 characters of the query"
    both = f"{first}; the reranker reads only the first 6 characters of the query"
    assert told == [(first, both), (first, both)]
    short = list(searcher.search(parse("disk 7"), DENSE, 50, ShortsightedReranker()))
    by_words = searcher.search(parse("disk 7 is full"), CandidateSource.BM25, 50, None)
    assert last(short).notice is None
    assert last(list(by_words)).notice is None


def test_every_part_of_the_answer_is_in_the_order_of_its_fusion() -> None:
    fusion = Fusion(first_stage=0.5)
    events = list(pipeline().search(parse("disk 7"), DENSE, 50, FakeReranker(), None, fusion))
    assert {event.result.fusion for event in events} == {fusion}
    assert [hit.voices for hit in events[0].result.hits] == [None] * len(DOCUMENTS)
    for event in events[1:]:
        hits = [hit for hit in event.result.hits if hit.rerank is not None]
        sums = [hit.voices.total for hit in hits if hit.voices is not None]
        assert len(sums) == len(hits)
        assert sums == sorted(sums, reverse=True)


def test_closing_stops_before_the_next_batch() -> None:
    reranker = FakeReranker()
    events = pipeline().search(parse("disk 7"), DENSE, 50, reranker)
    assert isinstance(next(events), Retrieved)
    assert reranker.scored == []
    assert isinstance(next(events), Reranked)
    events.close()  # type: ignore[attr-defined]
    assert len(reranker.scored) == 1


def test_without_a_reranker_the_fast_order_stands_and_says_why() -> None:
    events = search("disk 7", None, "reranker: off (not downloaded)")
    assert [type(event) for event in events] == [Retrieved, Finished]
    assert last(events).hits == events[0].result.hits
    assert last(events).reranker is None
    assert last(events).notice == "reranker: off (not downloaded)"


@pytest.mark.parametrize("broken", [BrokenReranker, MissingReranker])
def test_a_reranker_that_fails_leaves_the_fast_order(broken: type[FakeReranker]) -> None:
    events = search("disk 7", broken())
    result = last(events)
    assert result.hits == events[0].result.hits
    assert result.reranker is None
    assert result.timings.pairs == 0
    assert (result.notice or "").startswith("reranker: off. fake-cross-encoder ")


def test_a_bi_encoder_that_fails_is_an_error() -> None:
    class Broken(FakeEmbedder):
        def embed_query(self, words: str) -> Vectors:
            raise ModelMissingError("fake-bi-encoder is not on disk.")

    searcher = SearchPipeline(Broken(), library_of(DOCUMENTS), MemoryScoreCache())
    with pytest.raises(ModelMissingError, match="not on disk"):
        list(searcher.search(parse("disk"), DENSE, 50, None))
    assert last(list(searcher.search(parse("disk"), CandidateSource.BM25, 50, None))).hits


def test_filters_alone_are_not_reranked() -> None:
    assert last(search("ext:md", None, "reranker: off")).notice == BY_AGE
    reranker = FakeReranker()
    result = last(search("ext:md", reranker))
    assert paths(result) == list(reversed(DOCUMENTS))
    assert (result.reranker, result.notice, reranker.scored) == (None, BY_AGE, [])


@pytest.mark.parametrize("typed", ["", "   \n"])
def test_spaces_alone_find_nothing(typed: str) -> None:
    events = search(typed, FakeReranker())
    assert [type(event) for event in events] == [Retrieved, Finished]
    assert (last(events).hits, last(events).notice) == ((), "the query is empty")


def test_an_empty_index_finds_nothing() -> None:
    events = list(pipeline({}).search(parse("disk"), DENSE, 50, FakeReranker()))
    assert [type(event) for event in events] == [Retrieved, Finished]
    assert last(events).hits == ()


@pytest.mark.parametrize("unit", ["disk ", "x", "e\N{COMBINING ACUTE ACCENT}"])
def test_a_query_longer_than_the_models_read_is_cut_and_says_so(unit: str) -> None:
    typed = (unit * 100_000)[:100_000]
    result = last(search(typed, FakeReranker()))
    assert 0 < len(result.query.words) <= QUERY_CHARACTERS
    assert typed.startswith(result.query.words)
    assert result.query.words.split()[-1] in {"disk", result.query.words}
    assert result.query.typed == typed
    assert result.notice is not None
    assert result.notice.endswith(QUERY_CUT)
    assert len(result.hits) == len(DOCUMENTS)


@given(st.text(st.sampled_from("disk 12345678 "), min_size=1, max_size=12), st.integers(1, 9))
def test_the_final_order_is_the_fast_one_rearranged(typed: str, k: int) -> None:
    events = list(pipeline().search(parse(f"disk {typed}"), DENSE, k, FakeReranker()))
    final = last(events)
    assert set(paths(final)) == set(paths(events[0].result))
    assert [hit.after_rank for hit in final.hits] == list(range(1, len(final.hits) + 1))
    assert sum(hit.movement or 0 for hit in final.hits) == 0
