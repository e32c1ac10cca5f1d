from __future__ import annotations

import math
from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from docsearch.domain.errors import ModelError
from docsearch.domain.explanation import Attribution, Effect, Span
from docsearch.explain.occlusion import WORD_TOKENS, most_telling, occlude, words_that_fit
from docsearch.explain.pieces import without, words
from docsearch.models.descriptions import BOXED
from docsearch.models.registry import ModelRegistry
from docsearch.ports import Reranker
from tests.explain.conftest import Faltering
from tests.explain.hits import sentences
from tests.fakes.reranker import FakeReranker

QUERY = "restore the backup"
PASSAGE = "Stop the queue first. Restore the newest backup, then start it.\nDon't restore twice."

lines = st.lists(st.sampled_from(["restore", "the", "backup", "bread.", "\n", "—"]), max_size=30)


def whole(query: str, text: str, reranker: Reranker) -> Attribution:
    return Attribution(reranker.name, reranker.score(query, [text])[0].raw, (), 0)


def measured(query: str, text: str, spans: Sequence[Span], reranker: Reranker) -> Attribution:
    *_, last = occlude(query, text, spans, whole(query, text, reranker), reranker)
    return last


def one_by_one(query: str, text: str, spans: Sequence[Span], reranker: Reranker) -> list[float]:
    (own,) = reranker.score(query, [text])
    return [own.raw - reranker.score(query, [without(text, [span])])[0].raw for span in spans]


@given(lines.map(" ".join))
def test_it_agrees_with_taking_out_one_piece_after_the_other(text: str) -> None:
    for spans in (words(text), sentences(text)):
        found = measured(QUERY, text, spans, FakeReranker())

        assert [each.span for each in found.effects] == spans
        assert [each.effect for each in found.effects] == one_by_one(
            QUERY, text, spans, FakeReranker()
        )


def test_it_agrees_with_one_after_the_other_on_the_model_in_the_box(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    boxed = ModelRegistry(tmp_path_factory.mktemp("data"), offline=True).load_reranker(BOXED.name)

    found = measured(QUERY, PASSAGE, words(PASSAGE), boxed)

    alone = one_by_one(QUERY, PASSAGE, words(PASSAGE), boxed)
    assert [each.effect for each in found.effects] == pytest.approx(alone, abs=1e-4)


def test_it_grows_batch_by_batch_and_begins_none_before_it_is_asked() -> None:
    reranker = FakeReranker()
    reranker.batch_tokens = 40
    growing = occlude(QUERY, PASSAGE, words(PASSAGE), Attribution("fake", 1.0, (), 0), reranker)

    assert next(growing).effects == ()
    assert reranker.scored == []
    sizes = []
    for attribution in growing:
        sizes.append(len(attribution.effects))
        assert sizes[-1] == sum(map(len, reranker.scored))
    assert len(sizes) > 1
    assert sizes[-1] == len(words(PASSAGE))


@pytest.mark.parametrize("text", ["backup", "— … —", "", "\ud800"])
def test_a_passage_of_one_word_or_none_can_be_taken_apart(text: str) -> None:
    found = measured(QUERY, text, words(text), FakeReranker())

    assert len(found.effects) == len(words(text))
    assert all(math.isfinite(each.effect) for each in found.effects)


def test_a_model_that_stops_giving_numbers_is_named(faltering: Faltering) -> None:
    growing = occlude(QUERY, PASSAGE, words(PASSAGE), Attribution("", 0.0, (), 0), faltering(0))

    assert next(growing).effects == ()
    with pytest.raises(ModelError, match=f"{BOXED.name} gave a score that is not a finite number"):
        next(growing)


def test_words_of_the_sentence_that_matters_most_come_first_those_of_the_query_before_others() -> (
    None
):
    text = "All is well. Nothing to restore here. The backup failed badly."
    effects = (0.1, -2.0, 1.0)
    spans = sentences(text)
    by_sentence = Attribution("m", 0.0, tuple(map(Effect, spans, effects)), len(spans))

    order = [
        text[start:end] for start, end in most_telling("restore backup", text, by_sentence, 99)
    ]

    assert order == [
        *("restore", "Nothing", "here"),
        *("backup", "The", "failed", "badly"),
        *("All", "well"),
        *("to", "is"),
    ]
    assert most_telling("restore backup", text, by_sentence, 2) == [
        (text.index(word), text.index(word) + len(word)) for word in ("restore", "Nothing")
    ]


@given(lines.map(" ".join), st.integers(0, 20))
def test_the_words_to_weigh_are_words_of_the_passage_each_once(text: str, most: int) -> None:
    chosen = most_telling(QUERY, text, Attribution("m", 0.0, (), 0), most)

    assert len(chosen) == min(most, len(words(text)))
    assert set(chosen) <= set(words(text))
    assert len(set(chosen)) == len(chosen)


@pytest.mark.parametrize("length", [1, 60, 350, 5000])
def test_the_words_of_a_passage_take_less_than_reranking_50_such_passages(length: int) -> None:
    text = " ".join(f"word{number}" for number in range(length))
    reranker = FakeReranker()
    reranker.window_words = 512
    (plan,) = reranker.plan(QUERY, [text])
    read = sum(plan.token_counts)

    chosen = words(text)[: words_that_fit(QUERY, text, reranker)]

    assert chosen
    assert len(chosen) * read <= max(WORD_TOKENS, read)
    assert length > 100 or len(chosen) == length
