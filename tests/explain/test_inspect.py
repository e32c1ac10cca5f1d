from __future__ import annotations

from collections.abc import Callable, Generator, Iterator, Sequence
from itertools import islice, pairwise

import pytest

from docsearch.domain.errors import ModelError
from docsearch.domain.explanation import Inspection, Measure, Span
from docsearch.domain.query import CandidateSource
from docsearch.domain.ranking import RerankScore, SearchResult
from docsearch.explain.inspect import BACKGROUND_PASSAGES, inspect
from docsearch.models.descriptions import BOXED
from docsearch.ports import Embedder, Reranker
from docsearch.search.sentences import sentence_spans
from tests.explain.conftest import Faltering
from tests.explain.hits import result, sentences
from tests.fakes.embedder import FakeEmbedder
from tests.fakes.reranker import FakeReranker

QUERY = "restore the newest backup"
TEXTS = [
    "Bread. Butter and the newest knife.",
    "Restore it. The newest backup, that is. A backup of bread is no use.",
    "A backup of bread.",
]
PARTS = {
    Measure.READING: "reading",
    Measure.SPLIT: "split",
    Measure.SENTENCES: "sentences",
    Measure.WORDS: "words",
    Measure.FAITHFULNESS: "faithfulness",
    Measure.STANDING: "standing",
    Measure.BACKGROUND: "background",
    Measure.REASONS: "reasons",
}


def inspected(
    found: SearchResult,
    embedder: Embedder | None = None,
    reranker: Reranker | None = None,
    sentences: Callable[[str], Sequence[Span]] = sentences,
) -> Generator[Inspection, None, None]:
    """Of the first hit; the background has scores 0, 1, 2, ..., in two batches."""

    def score_background(count: int) -> Iterator[dict[int, RerankScore]]:
        for half in (range(count // 2), range(count // 2, count)):
            yield {at: RerankScore(float(at), 0.5) for at in half}

    return inspect(
        found,
        found.hits[0],
        embedder,
        reranker,
        score_background=score_background,
        sentences=sentences,
        reasons=lambda known: (f"words measured: {known.words is not None}",),
    )


def measured(known: Inspection) -> set[Measure]:
    return {measure for measure, part in PARTS.items() if getattr(known, part)}


def test_everything_is_measured_in_order_and_nothing_known_is_lost() -> None:
    reranker = FakeReranker()
    seen = list(inspected(result(QUERY, TEXTS, reranker), FakeEmbedder(), reranker))

    assert list(dict.fromkeys(each.doing for each in seen)) == [*Measure, None]
    for before, after in pairwise(seen):
        assert measured(before) <= measured(after)
        assert after.doing != before.doing or after.done >= before.done
    for each in seen:
        assert 0.0 <= each.done <= 1.0
        if each.doing:
            assert not measured(each) & set(list(Measure)[list(Measure).index(each.doing) + 1 :])
    assert measured(seen[-1]) == set(Measure)


def test_what_it_finds_is_of_this_hit() -> None:
    reranker = FakeReranker()
    found = result(QUERY, TEXTS, reranker)

    *_, last = inspected(found, FakeEmbedder(), reranker)

    assert last.hit == found.hits[0]
    assert last.hit.rerank is not None
    text = last.hit.passage.chunk.text
    assert last.reading
    assert last.reading == reranker.read(QUERY, text)
    assert last.split == FakeEmbedder().split(QUERY, text)
    assert last.sentences
    assert last.sentences.score == last.hit.rerank.raw
    assert (last.sentences.pieces, len(last.sentences.effects)) == (3, 3)
    assert last.words
    assert (last.words.pieces, len(last.words.effects)) == (14, 14)
    strongest = {text[slice(*each.span)] for each in last.words.strongest(9)}
    assert strongest == {"Restore", "The", "newest"}
    assert last.background
    assert last.background.scores == tuple(map(float, range(BACKGROUND_PASSAGES)))
    assert last.reasons == ("words measured: True",)


def test_without_a_reranker_only_the_split_is_told() -> None:
    *_, last = inspected(result(QUERY, TEXTS, None), FakeEmbedder())

    assert measured(last) == {Measure.SPLIT, Measure.REASONS}
    assert last.reranker is None


def test_there_is_nothing_to_split_where_words_chose_the_candidates() -> None:
    reranker = FakeReranker()
    found = result(QUERY, TEXTS, reranker, CandidateSource.BM25)

    *_, last = inspected(found, FakeEmbedder(), reranker)

    assert measured(last) == set(Measure) - {Measure.SPLIT}


def test_a_query_of_filters_alone_leaves_nothing_to_measure() -> None:
    reranker = FakeReranker()

    *_, last = inspected(result("", TEXTS, None), FakeEmbedder(), reranker)

    assert measured(last) == {Measure.REASONS}
    assert reranker.scored == []


def test_a_hit_that_waits_for_its_reranking_has_no_standing_yet() -> None:
    *_, last = inspected(result(QUERY, TEXTS, None), None, FakeReranker())

    assert measured(last) == set(Measure) - {Measure.SPLIT, Measure.STANDING}


@pytest.mark.parametrize(
    ("query", "text"),
    [
        ("the of and", TEXTS[0]),
        (QUERY, "backup"),
        (QUERY, "backup " * 300),
        (QUERY, "— … —"),
        (QUERY, ""),
        (QUERY, "\x1b[0m \ud800 restore"),
    ],
    ids=["stop words", "one word", "no sentence", "no words", "empty", "odd characters"],
)
def test_any_query_and_passage_can_be_inspected(query: str, text: str) -> None:
    reranker = FakeReranker()

    *_, last = inspected(result(query, [text, text], reranker), FakeEmbedder(), reranker)

    assert last.doing is None
    assert last.sentences
    assert last.words
    assert last.faithfulness
    assert last.standing
    assert last.standing.is_noise  # Two passages that are the same.


def test_a_passage_in_which_no_sentence_is_found_is_measured_to_the_end() -> None:
    reranker, dashes = FakeReranker(), "— — —\n\n---"

    *_, last = inspected(result(QUERY, [dashes], reranker), None, reranker, sentence_spans)

    assert last.doing is None
    assert last.sentences
    assert last.words
    assert last.faithfulness
    assert (last.sentences.pieces, last.words.pieces, last.faithfulness.removed) == (0, 0, 0)


def test_a_model_that_stops_giving_numbers_is_named_and_what_was_measured_is_kept(
    faltering: Faltering,
) -> None:
    found = result(QUERY, TEXTS, FakeReranker())
    looking = inspected(found, FakeEmbedder(), faltering(2))

    seen = list(islice(looking, 5))
    with pytest.raises(ModelError, match=f"{BOXED.name} gave a score that is not a finite number"):
        seen.extend(looking)

    assert seen[-1].doing is Measure.WORDS
    assert measured(seen[-1]) >= {Measure.READING, Measure.SPLIT, Measure.SENTENCES}


def test_leaving_begins_no_further_batch() -> None:
    reranker = FakeReranker()
    found = result(QUERY, [TEXTS[1] * 3], reranker)
    reranker.batch_tokens = 60
    looking = inspected(found, None, reranker)

    halfway = next(each for each in looking if each.doing is Measure.WORDS and each.done > 0)
    batches = len(reranker.scored)
    looking.close()

    assert halfway.done < 1
    assert len(reranker.scored) == batches
