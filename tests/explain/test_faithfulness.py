from __future__ import annotations

import pytest

from docsearch.domain.explanation import Attribution, Effect, Faithfulness
from docsearch.explain.faithfulness import DRAWS, faithfulness
from docsearch.explain.occlusion import occlude
from docsearch.explain.pieces import words
from tests.explain.hits import finished
from tests.fakes.reranker import FakeReranker

QUERY = "restore the newest backup"
PASSAGE = "Restore a backup in the morning, the newest first; " + "then bread and butter " * 5


def weighed(text: str) -> Attribution:
    reranker = FakeReranker()
    own = Attribution(reranker.name, reranker.score(QUERY, [text])[0].raw, (), len(words(text)))
    *_, found = occlude(QUERY, text, words(text), own, reranker)
    return found


def judged(text: str, attribution: Attribution) -> Faithfulness:
    return finished(faithfulness(QUERY, text, attribution, FakeReranker()))


def test_the_words_that_matter_cost_more_than_random_ones() -> None:
    found = judged(PASSAGE, weighed(PASSAGE))

    assert found.removed == 3  # "the" stands twice: one of them may go
    assert found.top_drop == pytest.approx(6.0, abs=0.01)
    assert len(found.random_drops) == DRAWS
    assert found.holds


def test_a_heat_that_means_nothing_is_seen_to_mean_nothing() -> None:
    start = PASSAGE.index("bread")
    made_up = Attribution("m", weighed(PASSAGE).score, (Effect((start, start + 5), 4.0),), 1)

    found = judged(PASSAGE, made_up)

    assert found.top_drop <= 0
    assert not found.holds


@pytest.mark.parametrize(
    ("top", "random", "holds"),
    [(2.0, (0.1, 0.3), True), (0.2, (0.1, 0.3), False), (-0.01, (-0.02, -0.03), False)],
)
def test_marks_matter_where_no_draw_did_as_much_harm(
    top: float, random: tuple[float, ...], holds: bool
) -> None:
    assert Faithfulness(5, top, random).holds is holds


def test_the_same_question_draws_the_same_words() -> None:
    attribution = weighed(PASSAGE)

    assert judged(PASSAGE, attribution) == judged(PASSAGE, attribution)


@pytest.mark.parametrize("text", ["bread and butter", "", "…"])
def test_where_no_word_speaks_for_the_passage_nothing_is_tried(text: str) -> None:
    reranker = FakeReranker()

    found = finished(faithfulness(QUERY, text, weighed(text), reranker))

    assert found == Faithfulness(0, 0.0, ())
    assert not found.holds
    assert reranker.scored == []


@pytest.mark.parametrize("text", ["backup", "restore the newest backup"])
def test_where_the_strongest_are_all_words_there_are_no_others_to_draw(text: str) -> None:
    found = judged(text, weighed(text))

    assert found.removed == len(words(text))
    assert found.top_drop > 0
    assert found.random_drops == ()
    assert not found.holds
