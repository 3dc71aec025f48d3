"""What a plan of rooms is asked for, and what its quality is told in."""

from typing import Literal

import msgspec

Assign = Literal["mixed", "same", "random"]


class Request(msgspec.Struct, frozen=True):
    """All that a plan depends on: the same request gives the same plan, on every machine.

    People are numbers from 0 to `len(groups) - 1`, rooms from 0 to `rooms - 1`.
    """

    groups: tuple[int, ...]
    """For each person the number of their stakeholder group; people without one share a number of their own."""
    rooms: int
    rounds: int
    """1 to 12."""
    assign: Assign
    hosts: tuple[int | None, ...]
    """For each room the person who stays there in every round, or None."""
    standing: bool
    """Everybody stays in one room in all rounds: questions rotate instead of people."""
    seed: int


class Quality(msgspec.Struct, frozen=True):
    """How good a plan is, in numbers that a moderator understands."""

    smallest: int
    largest: int
    """The sizes of rooms, over all rounds."""
    repeats: int
    """How often somebody who moves comes to a room for a second, third … time."""
    again: int
    """Pairs of people who meet more than once; 0 in a standing plan, where nobody moves."""
    most: int
    """How often the same two meet at most."""
    bound: int | None
    """No plan of these sizes and rounds has fewer pairs that meet again; None where pairs were not counted."""
    mix: float
    """By how many people a group in a room is off its share (its size times the room's, by all people), at worst."""


def hosts_of(request: Request) -> dict[int, int]:
    """The room of each host: the first where somebody is named for several, nobody where there is no such person."""
    hosted: dict[int, int] = {}
    for room, person in enumerate(request.hosts[: max(1, request.rooms)]):
        if person is not None and 0 <= person < len(request.groups):
            hosted.setdefault(person, room)
    return hosted
