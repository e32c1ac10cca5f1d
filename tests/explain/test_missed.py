from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from hypothesis import given
from hypothesis import strategies as st

from docsearch.domain.explanation import Missed
from docsearch.domain.ranking import RankedHit, RerankScore
from docsearch.explain.missed import missed
from tests.explain.results import candidate, reranked, score


def falling(count: int) -> list[float]:
    return [float(-rank) for rank in range(count)]


def places(found: Sequence[Missed]) -> list[tuple[int, int | None]]:
    return [(each.hit.before_rank, each.hit.after_rank) for each in found]


def test_what_would_have_entered_the_top_ten_is_told_with_both_places() -> None:
    beyond = [candidate(rank) for rank in (51, 52, 53)]
    batches = [{0: score(-2.5)}, {1: score(-99.0), 2: score(9.0)}]
    told = list(missed(reranked(falling(50)), beyond, batches))
    assert [(done, total) for done, total, _ in told] == [(1, 3), (3, 3)]
    assert places(told[0][2]) == [(51, 4)]
    assert places(told[1][2]) == [(53, 1), (51, 5)]


def test_a_later_one_can_push_an_earlier_one_out() -> None:
    beyond = [candidate(rank) for rank in (51, 52)]
    batches = [{0: score(-8.5)}, {1: score(5.0)}]
    told = [places(found) for _, _, found in missed(reranked(falling(50)), beyond, batches)]
    assert told == [[(51, 10)], [(52, 1)]]


def test_no_batch_is_asked_for_before_it_is_wanted() -> None:
    asked: list[int] = []

    def batches() -> Iterator[Mapping[int, RerankScore]]:
        for at in range(3):
            asked.append(at)
            yield {at: score(0.5)}

    search = missed(reranked(falling(50)), [candidate(rank) for rank in (51, 52, 53)], batches())
    assert asked == []
    next(search)
    assert asked == [0]


def test_a_passage_of_the_result_itself_is_not_missed() -> None:
    told = list(missed(reranked(falling(12)), [candidate(11)], [{0: score(5.0)}]))
    assert told == [(1, 1, ())]


def test_nothing_beyond_is_nothing_missed() -> None:
    assert list(missed(reranked(falling(3)), [], [])) == []


def test_the_order_that_is_given_decides() -> None:
    def newest_last(hits: Sequence[RankedHit]) -> Sequence[RankedHit]:
        return sorted(hits, key=lambda hit: hit.before_rank)

    told = missed(reranked(falling(12)), [candidate(51)], [{0: score(99.0)}], newest_last)
    assert [found for _, _, found in told] == [()]


@given(st.lists(st.floats(-9, 9), max_size=30), st.lists(st.floats(-9, 9), min_size=1, max_size=30))
def test_it_finds_what_a_search_over_all_of_them_would_have_brought(
    own: list[float], later: list[float]
) -> None:
    beyond = [candidate(len(own) + place) for place in range(1, len(later) + 1)]
    batches = [{at: score(raw)} for at, raw in enumerate(later)]
    *_, (_, _, found) = missed(reranked(own), beyond, batches)
    whole = reranked([*own, *later]).hits[:10]
    assert places(found) == [
        (hit.before_rank, hit.after_rank) for hit in whole if hit.before_rank > len(own)
    ]
