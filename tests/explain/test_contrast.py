from __future__ import annotations

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from docsearch.domain.errors import ModelError
from docsearch.domain.explanation import Contrast
from docsearch.domain.ranking import RerankScore
from docsearch.explain.contrast import contrast
from docsearch.explain.pieces import without
from docsearch.models.descriptions import BOXED
from docsearch.search.sentences import sentence_spans
from tests.explain.conftest import Faltering
from tests.explain.hits import hit, sentences
from tests.fakes.reranker import FakeReranker

QUERY = "restore newest backup"
ABOVE = "Restore it. The newest backup, that is. A backup of bread is no use."
BELOW = "A backup of bread."


def contrasted(above: str, below: str, query: str = QUERY) -> Contrast:
    *_, found = contrast(query, hit(above), hit(below, 2), FakeReranker(), sentences)
    return found


def turned_words(found: Contrast) -> list[str]:
    return [found.above.passage.chunk.text[start:end] for start, end in found.turning]


def test_the_words_are_those_without_which_the_order_turns() -> None:
    found = contrasted(ABOVE, BELOW)

    assert turned_words(found) == ["Restore", "newest"]
    left = without(ABOVE, found.turning)
    assert found.score_without == FakeReranker().score(QUERY, [left])[0].raw
    assert found.score_without < found.below_score.raw
    assert found.margin == pytest.approx(8 * 2 / 3, abs=0.01)


def test_a_word_that_stands_twice_goes_at_both_places() -> None:
    found = contrasted("Backup on backup: BACKUP.", "")

    assert turned_words(found) == ["Backup", "backup", "BACKUP"]


def test_a_place_that_is_not_needed_is_put_back() -> None:
    class Counting(FakeReranker):
        """A point for each "backup"."""

        def score(self, query: str, passages: Sequence[str]) -> list[RerankScore]:
            return [RerankScore(float(text.count("backup")), 0.5) for text in passages]

    text = "backup backup backup"
    *_, found = contrast(QUERY, hit(text), hit("two backup backup", 2), Counting(), sentences)

    assert len(found.turning) == 2
    assert found.score_without == 1.0


@pytest.mark.parametrize(
    ("above", "below"),
    [
        (BELOW, ABOVE),
        (ABOVE, ABOVE),
        ("", ""),
        ("…", "bread"),
    ],
    ids=["the reranker has it the other way", "identical", "empty", "no words"],
)
def test_where_nothing_can_be_turned_no_words_are_named(above: str, below: str) -> None:
    found = contrasted(above, below)

    assert found.turning == ()
    assert found.score_without == found.above_score.raw


def test_a_passage_in_which_no_sentence_is_found_has_no_word_to_turn_it() -> None:
    above, below = hit("— — —\n\n---"), hit("bread and butter", 2)

    *_, found = contrast(QUERY, above, below, FakeReranker(), sentence_spans)

    assert found.margin > 0
    assert found.turning == ()


def test_a_query_of_common_words_is_taken_at_its_word() -> None:
    found = contrasted("It is to be the, of and more.", "the of bread", "the of and")

    (word,) = turned_words(found)
    assert word in {"the", "of", "and"}
    assert found.score_without < found.below_score.raw


@pytest.mark.parametrize("readings", [0, 1, 2, 3])
def test_a_model_that_stops_giving_numbers_is_named(readings: int, faltering: Faltering) -> None:
    looking = contrast(QUERY, hit(ABOVE), hit(BELOW, 2), faltering(readings), sentences)

    with pytest.raises(ModelError, match=f"{BOXED.name} gave a score that is not a finite number"):
        list(looking)


def test_it_tells_both_scores_first_and_begins_no_batch_before_it_is_asked() -> None:
    reranker = FakeReranker()
    looking = contrast(QUERY, hit(ABOVE), hit(BELOW, 2), reranker, sentences)

    first = next(looking)

    assert first.above_score.raw > first.below_score.raw
    assert [sorted(batch) for batch in reranker.scored] == [sorted((ABOVE, BELOW))]
    looking.close()
    assert len(reranker.scored) == 1


texts = st.lists(
    st.sampled_from(["restore", "newest", "Backup", "backup.", "bread", "the"]), max_size=12
).map(" ".join)


@given(texts, texts)
def test_what_is_named_turns_the_order_and_none_of_it_can_be_spared(above: str, below: str) -> None:
    found = contrasted(above, below)

    assert list(found.turning) == sorted(set(found.turning))
    if found.turning:
        tries = [[each for each in found.turning if each != span] for span in found.turning]
        left = [without(above, found.turning), *(without(above, spans) for spans in tries)]
        turned, *spared = FakeReranker().score(QUERY, left)
        assert turned.raw == found.score_without < found.below_score.raw
        assert all(each.raw >= found.below_score.raw for each in spared)


@pytest.mark.parametrize("below", [BELOW, "", "bread"])
def test_how_far_it_is_only_grows_and_ends_whole(below: str) -> None:
    done = [
        each.done for each in contrast(QUERY, hit(ABOVE), hit(below, 2), FakeReranker(), sentences)
    ]

    assert done == sorted(done)
    assert (done[0], done[-1]) == (0.0, 1.0)
    assert len(set(done)) > 3


def test_two_that_are_the_same_are_even() -> None:
    assert contrasted(ABOVE, ABOVE).is_even
    assert not contrasted(ABOVE, BELOW).is_even


def test_a_long_passage_takes_a_bounded_number_of_readings() -> None:
    reranker = FakeReranker()
    reranker.window_words = 512
    text = " ".join(f"word{number}" for number in range(480)) + " restore newest backup"

    found = list(contrast(QUERY, hit(text), hit("bread", 2), reranker, sentences))[-1]

    assert turned_words(found)
    assert sum(map(len, reranker.scored)) < 2 + 1 + 40 + 12 + 32
