from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from docsearch.explain.movement import movement

orders = st.integers(0, 30).flatmap(
    lambda size: st.tuples(
        st.permutations(range(100, 100 + size)), st.permutations(range(100, 100 + size))
    )
)


def test_one_passage_from_the_twelfth_place_to_the_first() -> None:
    before = list(range(1, 13))
    moved = movement(before, [12, *range(1, 12)])
    assert moved.entered == (12,)
    assert moved.overlap == 9
    assert (moved.improved, moved.worsened) == (1, 11)
    # Of the eleven that fell by one, those that are better placed now come first.
    assert moved.movers == ((12, 11), (1, -1), (2, -1), (3, -1), (4, -1))
    # It passed 11 of the 66 pairs.
    assert moved.tau == pytest.approx(1 - 2 * 11 / 66)
    assert 0 < moved.rbo < 1


@pytest.mark.parametrize("ids", [[], [7], [3, 1, 2]])
def test_a_list_that_stands_still(ids: list[int]) -> None:
    still = movement(ids, ids)
    assert [still.tau, still.rbo] == pytest.approx([1, 1])
    assert (still.improved, still.worsened, still.entered, still.movers) == (0, 0, (), ())
    assert still.overlap == len(ids)


@given(orders)
def test_movements_cancel_out_and_the_biggest_come_first(
    both: tuple[list[int], list[int]],
) -> None:
    before, after = both
    moved = movement(before, after)
    places = {each: before.index(each) - after.index(each) for each in after}
    assert sum(places.values()) == 0
    assert all(places[each] == move != 0 for each, move in moved.movers)
    sizes = [abs(move) for _, move in moved.movers]
    assert sizes == sorted((abs(move) for move in places.values() if move), reverse=True)[:5]
    assert moved.improved == sum(move > 0 for move in places.values())
    assert moved.worsened == sum(move < 0 for move in places.values())
    assert moved.overlap + len(moved.entered) == min(10, len(before))


@given(orders)
def test_the_way_back_is_the_way_there_turned_round(both: tuple[list[int], list[int]]) -> None:
    before, after = both
    there, back = movement(before, after), movement(after, before)
    assert (there.tau, there.rbo) == (back.tau, back.rbo)
    assert (there.improved, there.worsened) == (back.worsened, back.improved)


@given(st.integers(2, 30))
def test_the_reverse_is_as_far_as_it_goes(size: int) -> None:
    assert movement(range(size), range(size)[::-1]).tau == pytest.approx(-1)


def test_orders_of_different_passages_have_no_movement() -> None:
    with pytest.raises(ValueError, match="same passages"):
        movement([1, 2], [1, 3])
