"""Ranks: an order that one item at a time is put into."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.core import ranks


def test_ends_are_far_and_what_follows_closely_leaves_room() -> None:
    first = ranks.between(None, None)
    assert first == ranks.spaced(0)
    assert ranks.between(first, None) == ranks.spaced(1)
    assert ranks.between(None, first) == -ranks.GAP
    assert ranks.between(first, ranks.GAP) == ranks.STEP


def test_the_middle_is_taken_until_there_is_none() -> None:
    right, fits = ranks.STEP, 0
    while (rank := ranks.between(0, right)) is not None:
        assert 0 < rank < right
        right, fits = rank, fits + 1
    assert (right, fits) == (1, 16)


@pytest.mark.parametrize(("left", "right"), [(ranks.LIMIT, None), (None, -ranks.LIMIT), (3, 4)])
def test_where_there_is_no_room_there_is_no_rank(left: int | None, right: int | None) -> None:
    assert ranks.between(left, right) is None


@given(st.lists(st.integers(0, 50), max_size=60))
def test_any_order_of_putting_in_keeps_the_list_in_order(places: list[int]) -> None:
    order: list[int] = []
    for place in places:
        at = min(place, len(order))
        rank = ranks.between(order[at - 1] if at else None, order[at] if at < len(order) else None)
        if rank is None:
            order = [ranks.spaced(number) for number in range(len(order) + 1)]
        else:
            order.insert(at, rank)
        assert order == sorted(set(order))
        assert all(rank == float(rank) for rank in order)
