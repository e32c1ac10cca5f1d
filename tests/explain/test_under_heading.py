from __future__ import annotations

from dataclasses import replace

import pytest

from docsearch.domain.document import Chunk
from docsearch.domain.query import CandidateSource, Query
from docsearch.domain.ranking import RankedHit, SearchResult
from docsearch.explain.contrast import contrast
from docsearch.explain.inspect import inspect
from docsearch.explain.under_heading import split_under
from tests.explain.hits import hit, sentences
from tests.fakes.embedder import FakeEmbedder
from tests.fakes.reranker import FakeReranker

QUERY = "gate hinge"
TEXT = "Two bolts hold the hinge. Oil it."


def named(text: str, name: str, rank: int, reranker: FakeReranker) -> RankedHit:
    plain = hit(text, rank)
    chunk = replace(plain.passage.chunk, name=name)
    (score,) = reranker.score(QUERY, [chunk.reading])
    return replace(
        plain, passage=replace(plain.passage, chunk=chunk), after_rank=rank, rerank=score
    )


def test_scores_are_those_of_the_ranking_and_spans_those_of_the_text() -> None:
    reranker, embedder = FakeReranker(), FakeEmbedder()
    hits = (named(TEXT, "Garden gate", 1, reranker), named("Soup.", "Dinner", 2, reranker))
    found = SearchResult(Query(QUERY, QUERY), CandidateSource.DENSE, reranker.name, hits)
    *_, known = inspect(
        found,
        hits[0],
        embedder,
        reranker,
        score_background=lambda _: [],
        sentences=sentences,
        reasons=lambda _: (),
    )
    assert known.reading is not None
    assert known.words is not None
    assert known.split is not None
    assert hits[0].rerank is not None
    assert max(known.reading.window_scores) == known.words.score == hits[0].rerank.raw
    best = known.words.strongest(1)[0]
    assert TEXT[slice(*best.span)] == "hinge"
    told = {TEXT[slice(*each.span)] for each in known.split.effects}
    assert told == {"Two", "bolts", "hold", "the", "hinge", "Oil", "it"}
    assert known.standing is not None
    assert known.standing.margin_below is not None


def test_the_split_s_shares_sum_to_the_cosine_with_the_name() -> None:
    embedder = FakeEmbedder()
    above = Chunk(0, 0, len(TEXT), TEXT, 9, name="Garden gate").above
    split = split_under(above, embedder, QUERY, TEXT)
    cosine = float(
        embedder.embed_query(QUERY)[0] @ embedder.embed_passages([f"Garden gate\n{TEXT}"])[0]
    )
    assert split.score == pytest.approx(cosine)
    assert sum(each.effect for each in split.effects) + split.rest == pytest.approx(cosine)
    assert split.pieces == len(split.effects)


def test_what_turns_the_order_are_words_of_the_text_under_its_name() -> None:
    reranker = FakeReranker()
    above = named(TEXT, "Garden gate", 1, reranker)
    below = named("The gate.", "Diary", 2, reranker)
    *_, found = contrast(QUERY, above, below, reranker, sentences)
    assert found.above_score == above.rerank
    assert [TEXT[slice(*each)] for each in found.turning] == ["hinge"]
