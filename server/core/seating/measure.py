"""How good a plan is: sizes, tables and people met again, and the mix of groups."""

from collections import Counter
from collections.abc import Callable, Collection, Mapping, Sequence, Set
from itertools import combinations
from math import comb
from typing import Any

import msgspec

from server.core.seating.request import Quality, Request, hosts_of

MAX_MEETINGS = 400_000
"""Pairs are not counted where there are more meetings than this: in rooms so large nobody asks whom they met."""


class Counts(msgspec.Struct, frozen=True):
    """What the quality of a plan follows from, the meetings of pairs apart. Rounds and rooms are in their order."""

    sizes: Sequence[Collection[int]]
    """How many people are in each room of each round."""
    groups: Sequence[Mapping[Any, Collection[int]]]
    """How many of each group are in each room of each round."""
    standing: bool
    people: int
    """How many sit somewhere in any round."""
    returns: int
    """How often somebody comes to a room for a second, third … time, hosts too."""
    hosts_return: int
    """How often those do who host a room."""
    staying: Set[int]
    """Rooms whose host stays there in all rounds."""


def measure(seats: Sequence[Sequence[int]], request: Request) -> Quality:
    """The quality of a plan as it was computed.

    Args:
        seats: For each round, for each person, the room; a number that is no room's is somebody who sits nowhere.
        request: What the plan was asked for.

    Returns:
        Its numbers. Where there would be more than `MAX_MEETINGS` meetings of pairs, `again` and `most` are 0 and `bound`
        is None.
    """
    rooms = max(1, request.rooms)
    hosted = hosts_of(request)
    inside: list[list[list[int]]] = []
    for seated in seats:
        content: list[list[int]] = [[] for _ in range(rooms)]
        for person, room in enumerate(seated):
            if 0 <= room < rooms:
                content[room].append(person)
        inside.append(content)
    been = [
        [seated[person] for seated in seats if 0 <= seated[person] < rooms] for person in range(len(request.groups))
    ]
    again_there = [len(visits) - len(set(visits)) for visits in been]
    counts = Counts(
        sizes=[[len(people) for people in content] for content in inside],
        groups=[_by_group(content, request.groups) for content in inside],
        standing=request.standing,
        people=len(request.groups),
        returns=sum(again_there),
        hosts_return=sum(again_there[person] for person in hosted),
        # A host who was moved by hand is one of those who move, as far as it is counted who could meet whom.
        staying={room for person, room in hosted.items() if all(seated[person] == room for seated in seats)},
    )

    def met() -> Mapping[int, int]:
        pairs = Counter(pair for content in inside for people in content for pair in combinations(people, 2))
        return Counter(pairs.values())

    return judge(counts, met)


def judge(counts: Counts, met: Callable[[], Mapping[int, int]]) -> Quality:
    """The quality of a plan that was counted.

    Args:
        counts: What was counted.
        met: Returns how many pairs met once, twice …; asked for only where pairs are counted.
    """
    sizes = counts.sizes
    smallest = min((size for row in sizes for size in row), default=0)
    largest = max((size for row in sizes for size in row), default=0)
    mix = round(max(map(_off, counts.groups, sizes), default=0.0), 2)
    if counts.standing:
        return Quality(smallest, largest, 0, 0, 1 if largest > 1 else 0, 0, mix)
    repeats = counts.returns - counts.hosts_return
    if sum(comb(size, 2) for row in sizes for size in row) > MAX_MEETINGS:
        return Quality(smallest, largest, repeats, 0, 0, None, mix)
    times = met()
    again = sum(pairs for often, pairs in times.items() if often > 1)
    everybody = all(sum(row) == counts.people for row in sizes)
    moving_on = counts.returns == len(counts.staying) * (len(sizes) - 1)
    bound = _bound(sizes, counts.staying, counts.people, everybody=everybody, moving_on=moving_on)
    return Quality(smallest, largest, repeats, again, max(times, default=0), bound, mix)


def _by_group(content: Sequence[Sequence[int]], groups: Sequence[int]) -> dict[int, list[int]]:
    """How many of each group are in each room."""
    rooms = [Counter(groups[person] for person in people) for people in content]
    return {group: [room[group] for room in rooms] for group in frozenset().union(*rooms)}


def _off(groups: Mapping[Any, Collection[int]], sizes: Collection[int]) -> float:
    """By how many people a group in a room is off its share, at worst."""
    seated, worst = sum(sizes), 0.0
    for counts in groups.values():
        total = sum(counts)
        # Most rooms are like some other one.
        rooms = frozenset(zip(counts, sizes, strict=True))
        if total:
            worst = max(worst, *(abs(here - total * size / seated) for here, size in rooms))
    return worst


def _bound(
    sizes: Sequence[Collection[int]], hosting: Set[int], people: int, *, everybody: bool, moving_on: bool
) -> int:
    """Pairs that meet more than once in every plan of these sizes.

    The largest of three counts, none of which needs more than the pigeonhole principle. They bound the social golfer problem (CSPLib,
    problem 10), of which this is the case where hosts stay and nobody may come back:

    - there are more meetings than pairs, and a pair takes up at most one a round;
    - everybody who moves meets more people than there are, and the same one at most once a round;
    - those who sit together in one round cannot all part for another: there are too few rooms for them to go to (one fewer
      where nobody comes back to a room).

    Args:
        sizes: For each round the size of each room.
        hosting: Rooms whose host stays in all rounds.
        people: How many there are.
        everybody: All of them sit somewhere in every round; else the first count is the only one that holds.
        moving_on: None of those who move comes to a room twice.
    """
    rounds = len(sizes)
    if rounds < 2:
        return 0
    movers = people - len(hosting)
    meetings = sum(comb(size, 2) for row in sizes for size in row)
    by_meetings = -(-(meetings - comb(people, 2) + comb(len(hosting), 2)) // (rounds - 1))
    if not everybody:
        return max(0, by_meetings)
    least = sum(min(row) - 1 for row in sizes) - (people - 1)
    by_person = -(-movers * -(-least // (rounds - 1)) // 2)
    elsewhere = len(sizes[0]) - moving_on
    by_rooms = max(
        sum(
            rooms * _together(moving, elsewhere)
            for moving, rooms in Counter(size - (room in hosting) for room, size in enumerate(row)).items()
        )
        for row in sizes
    )
    return max(0, by_meetings, by_person, by_rooms)


def _together(people: int, rooms: int) -> int:
    """Pairs who share a room again when so many people spread over so many rooms, at least."""
    if people < 2 or rooms < 1:
        return 0
    each, more = divmod(people, rooms)
    return more * comb(each + 1, 2) + (rooms - more) * comb(each, 2)
