from __future__ import annotations

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from docsearch.domain.document import StoredChunk
from docsearch.domain.query import CandidateSource
from docsearch.ports import Vectors
from docsearch.search.query_syntax import parse
from docsearch.search.retrieve import (
    BY_AGE,
    NONE_KNOWN,
    NOTHING_MATCHES,
    SOME_UNKNOWN,
    Retrieval,
    order_beyond,
    retrieve,
)
from tests.fakes.embedder import FakeEmbedder
from tests.fakes.library import MemoryLibrary
from tests.search.documents import library_of

DOCUMENTS = {
    "ops/disk.md": "the disk is full and the host is slow",
    "ops/disk.txt": "a full disk",
    "home/pump.md": "the pump hums at noon",
    "home/soup.md": "soup for a full table",
    "home/empty.md": "nothing of it here",
}


class WordlessEmbedder(FakeEmbedder):
    """Stands where no vector may be asked for."""

    def embed_query(self, words: str) -> Vectors:
        raise AssertionError(f"{words!r} was embedded")


def found(typed: str, source: CandidateSource, k: int = 50) -> Retrieval:
    return retrieve(parse(typed), source, k, FakeEmbedder(), library_of(DOCUMENTS))


def paths(retrieval: Retrieval) -> list[str]:
    return [each.passage.path for each in retrieval.candidates]


def test_dense_ranks_every_passage_by_cosine() -> None:
    retrieval = found("full disk", CandidateSource.DENSE)
    assert paths(retrieval)[0] == "ops/disk.txt"
    assert len(retrieval.candidates) == len(DOCUMENTS)
    scores = [each.score for each in retrieval.candidates]
    assert scores == sorted(scores, reverse=True)
    assert all(-1.0001 <= score <= 1.0001 for score in scores)


def test_bm25_ranks_only_passages_with_a_word_and_embeds_nothing() -> None:
    library = library_of(DOCUMENTS)
    retrieval = retrieve(parse("disk"), CandidateSource.BM25, 50, WordlessEmbedder(), library)
    assert paths(retrieval) == ["ops/disk.txt", "ops/disk.md"]
    assert retrieval.embed == 0.0


def test_hybrid_gives_the_reciprocal_rank_sums_of_both() -> None:
    retrieval = found("disk", CandidateSource.HYBRID)
    dense = paths(found("disk", CandidateSource.DENSE))
    words = paths(found("disk", CandidateSource.BM25))
    for each in retrieval.candidates:
        ranks = [
            order.index(each.passage.path) for order in (dense, words) if each.passage.path in order
        ]
        assert each.score == pytest.approx(sum(1 / (61 + rank) for rank in ranks))
    assert paths(retrieval)[:2] == ["ops/disk.txt", "ops/disk.md"]


@pytest.mark.parametrize("source", CandidateSource)
def test_filters_choose_before_the_search_cuts(source: CandidateSource) -> None:
    assert paths(found("full disk ext:txt", source, k=1)) == ["ops/disk.txt"]
    assert paths(found("full disk path:home/soup.md", source, k=1)) == ["home/soup.md"]
    assert set(paths(found('"full disk"', source))) == {"ops/disk.txt"}
    assert "ops/disk.md" not in paths(found("full disk -slow", source))


@pytest.mark.parametrize("source", CandidateSource)
def test_filters_that_fit_nothing_say_so(source: CandidateSource) -> None:
    retrieval = found("disk ext:pdf", source)
    assert (retrieval.candidates, retrieval.notice) == ((), NOTHING_MATCHES)


@pytest.mark.parametrize("source", CandidateSource)
def test_filters_alone_list_the_newest_files(source: CandidateSource) -> None:
    library = library_of(DOCUMENTS)
    retrieval = retrieve(parse("path:home -soup"), source, 2, WordlessEmbedder(), library)
    assert paths(retrieval) == ["home/empty.md", "home/pump.md"]
    assert [each.score for each in retrieval.candidates] == [0.0, 0.0]
    assert retrieval.notice == BY_AGE


def test_a_passage_that_goes_meanwhile_leaves_no_gap_in_the_ranks() -> None:
    class Vanishing(MemoryLibrary):
        def chunks(self, ids: Sequence[int]) -> list[StoredChunk]:
            return super().chunks(ids)[1:][::-1]

    library = library_of(DOCUMENTS)
    library.__class__ = Vanishing
    retrieval = retrieve(parse("full disk"), CandidateSource.DENSE, 50, FakeEmbedder(), library)
    whole = found("full disk", CandidateSource.DENSE)
    assert paths(retrieval) == paths(whole)[1:]
    assert [each.rank for each in retrieval.candidates] == [1, 2, 3, 4]


@given(
    st.text(st.sampled_from("disk full the ab"), min_size=1, max_size=20).filter(str.strip),
    st.sampled_from(CandidateSource),
    st.integers(1, 6),
)
def test_no_more_than_asked_for_each_once_best_first(
    words: str, source: CandidateSource, k: int
) -> None:
    candidates = found(words, source, k).candidates
    assert len(candidates) <= k
    assert [each.rank for each in candidates] == list(range(1, len(candidates) + 1))
    assert len({each.passage.chunk_id for each in candidates}) == len(candidates)
    scores = [each.score for each in candidates]
    assert scores == sorted(scores, reverse=True)


@given(source=st.sampled_from(CandidateSource), k=st.integers(0, 6), most=st.integers(0, 6))
def test_beyond_the_candidates_the_order_goes_on(
    source: CandidateSource, k: int, most: int
) -> None:
    query, library = parse("full disk -slow"), library_of(DOCUMENTS)
    order = order_beyond(query, source, k, most, FakeEmbedder(), library)
    candidates = retrieve(query, source, k, FakeEmbedder(), library).candidates
    first = [(each.passage.chunk_id, each.score) for each in candidates]
    assert order[:k] == first[:most]
    ids = [chunk_id for chunk_id, _ in order]
    assert len(ids) == len(set(ids)) <= most
    everything = retrieve(query, source, 99, FakeEmbedder(), library).candidates
    if most >= len(everything):
        assert set(ids) == {each.passage.chunk_id for each in everything}


TRAINS = {"a.md": "แมวของฉัน", "b.md": "the train leaves", "c.md": "รถไฟไปเชียงใหม่", "d.md": "soup"}


def asked(typed: str, source: CandidateSource) -> tuple[list[str], CandidateSource, str | None]:
    found = retrieve(parse(typed), source, 9, FakeEmbedder(), library_of(TRAINS))
    return [each.passage.path for each in found.candidates], found.source, found.notice


@pytest.mark.parametrize("source", [CandidateSource.DENSE, CandidateSource.HYBRID])
def test_words_that_the_bi_encoder_does_not_know_are_matched_as_words(
    source: CandidateSource,
) -> None:
    expected = (
        ["c.md", "b.md"],
        CandidateSource.BM25,
        NONE_KNOWN,
    )
    assert asked("the รถไฟไปเชียงใหม่", source) == expected
    paths, used, notice = asked("🚂", source)
    assert (paths, used, notice) == ([], CandidateSource.BM25, NONE_KNOWN)


def test_words_join_in_where_one_is_not_known() -> None:
    paths, source, notice = asked("train รถไฟไปเชียงใหม่", CandidateSource.DENSE)
    assert set(paths[:2]) == {"b.md", "c.md"}
    assert source is CandidateSource.HYBRID
    assert notice == SOME_UNKNOWN.format("“รถไฟไปเชียงใหม่”")
    _, source, notice = asked("train 🚂, …", CandidateSource.DENSE)
    assert (source, notice) == (CandidateSource.HYBRID, SOME_UNKNOWN.format("“🚂”"))


def test_a_passage_without_known_words_has_no_cosine() -> None:
    paths, source, notice = asked("train", CandidateSource.DENSE)
    assert paths[0] == "b.md"
    assert sorted(paths) == ["b.md", "d.md"]
    assert (source, notice) == (CandidateSource.DENSE, None)
