from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

import pytest

from docsearch.domain.explanation import Background, Standing
from docsearch.domain.ranking import RerankScore, SearchResult
from docsearch.explain.standing import background, standing
from tests.explain.hits import finished, result
from tests.fakes.reranker import FakeReranker

QUERY = "one two three four"
TEXTS = ["one", "one two three", "one two", "nothing"]


class Shaken(FakeReranker):
    """Its rough scores are off by `shake`, whose keys are passages."""

    def __init__(self, **shake: float) -> None:
        super().__init__()
        self._shake = shake

    def rough_scores(self, query: str, passages: Sequence[str]) -> list[float]:
        exact = [each.raw for each in self.score(query, passages)]
        off = [self._shake.get(text.replace(" ", "_"), 0.0) for text in passages]
        return [score + each for score, each in zip(exact, off, strict=True)]


def of_place(found: SearchResult, place: int, reranker: FakeReranker) -> Standing:
    return finished(standing(found, found.hits[place], reranker))


def test_margins_are_those_to_the_next_better_and_the_next_worse_score() -> None:
    found = result(QUERY, TEXTS, FakeReranker())

    first, second, last = (of_place(found, at, FakeReranker()) for at in (0, 1, 3))

    assert first.margin_above is None
    assert first.margin_below == second.margin_above == pytest.approx(2.0, abs=0.01)
    assert last.margin_below is None
    assert not any(each.is_noise for each in (first, second, last))


def test_neighbours_are_those_by_score_whatever_is_shown() -> None:
    found = result(QUERY, TEXTS, FakeReranker())
    shown = replace(found, hits=tuple(reversed(found.hits)))

    assert of_place(shown, 3, FakeReranker()) == of_place(found, 0, FakeReranker())
    assert [of_place(shown, at, FakeReranker()).place for at in range(4)] == [4, 3, 2, 1]


def test_jitter_is_the_most_that_a_difference_to_a_neighbour_moves() -> None:
    found = result(QUERY, TEXTS, FakeReranker())

    shaken_alike = Shaken(**{text.replace(" ", "_"): 0.5 for text in TEXTS})
    together = of_place(found, 1, shaken_alike)
    apart = of_place(found, 1, Shaken(one_two=0.5, one_two_three=0.25, one=-2.0))

    assert together.jitter == pytest.approx(0.0)
    assert apart.jitter == pytest.approx(2.5)
    assert apart.is_noise


def test_a_copy_of_the_passage_says_nothing_of_the_jitter() -> None:
    found = result(QUERY, ["one two", "one two", "one"], FakeReranker())

    assert of_place(found, 0, Shaken(one_two=0.5, one=0.25)).jitter == pytest.approx(0.25)


def test_the_only_hit_has_the_jitter_of_its_own_score() -> None:
    found = result(QUERY, ["one two"], FakeReranker())

    alone = of_place(found, 0, Shaken(one_two=-0.5))

    assert (alone.margin_above, alone.margin_below) == (None, None)
    assert alone.jitter == pytest.approx(0.5)


def test_between_two_identical_passages_the_place_is_noise() -> None:
    found = result(QUERY, ["one two", "one two"], FakeReranker())

    assert of_place(found, 0, FakeReranker()).is_noise


def test_what_was_not_reranked_is_no_neighbour() -> None:
    found = result(QUERY, TEXTS, FakeReranker())
    waiting = [replace(hit, rerank=None, after_rank=None) for hit in found.hits[1:]]
    half = replace(found, hits=(found.hits[0], *waiting))

    assert of_place(half, 0, FakeReranker()).margin_below is None


def test_the_background_has_the_scores_of_the_draw_in_its_order() -> None:
    def scored() -> Iterator[dict[int, RerankScore]]:
        yield {1: RerankScore(-1.0, 0.2)}
        yield {0: RerankScore(-3.0, 0.1), 2: RerankScore(4.0, 0.9)}

    measuring = background(scored(), 4)

    assert next(measuring) == 0.25
    found = finished(measuring)
    assert found == Background((-3.0, -1.0, 4.0))
    assert found.share_below(0.0) == pytest.approx(2 / 3)


def test_an_index_with_nothing_to_draw_has_no_background() -> None:
    assert finished(background([], 64)) == Background(())
