"""The time until everybody has their next room, from the command to the last of them."""

from __future__ import annotations

from server.rehearsal.rotation import Arrival, Move, Sent, moves


def arrival(seq: int, round_: int, at: float, since: float = 0.0) -> Arrival:
    return Arrival(seq, round_, at, since)


def test_each_move_is_measured_by_the_first_arrival_of_each_person() -> None:
    people = [
        [arrival(10, 1, 1.010), arrival(20, 2, 2.010)],
        # A patch came together with a later entry; the next arrival belongs to the next move.
        [arrival(12, 1, 1.030), arrival(20, 2, 2.020)],
        [arrival(20, 2, 2.040)],
    ]
    sent = [Sent("rooms.rotate", 20, 2.0), Sent("rooms.open", 10, 1.0)]
    assert moves(sent, people) == [
        Move("rooms.open", 1, 2, 10.0, 10.0, 30.0, 30.0),
        Move("rooms.rotate", 2, 3, 10.0, 20.0, 40.0, 40.0),
    ]


def test_who_came_back_or_joined_afterwards_does_not_count() -> None:
    people = [[arrival(10, 1, 1.5)], [arrival(11, 1, 9.0, since=8.9)], []]
    assert moves([Sent("rooms.open", 10, 1.0)], people) == [Move("rooms.open", 1, 1, 500.0, 500.0, 500.0, 500.0)]


def test_rooms_that_nobody_was_moved_into_are_not_told() -> None:
    assert moves([Sent("rooms.open", 10, 1.0)], [[], [arrival(9, 1, 0.9)]]) == []
