"""Several rounds to begin with: nobody comes to a room twice, sizes stay even, groups nearly so.

There are three ways, and `begin` chooses: `_in_rows` where people should meet (see `rows`), `_in_trains` where groups stay together,
`_round_table` where hosts at some of the rooms make the number of movers uneven and the rounds are too many for the others.
"""

from collections.abc import Mapping, Sequence
from random import Random

from server.core.seating.deal import by_group, deal, pack
from server.core.seating.request import Assign
from server.core.seating.rows import choose_steps, ring
from server.core.seating.sizes import room_sizes

Path = list[int]
"""The rooms of one person, round by round."""


def begin(
    groups: Sequence[int],
    rooms: int,
    rounds: int,
    assign: Assign,
    hosted: Mapping[int, int],
    random: Random,
    *,
    work: int,
    together: bool = False,
) -> list[Path]:
    """Plan at least two rounds in at least two rooms.

    Sizes differ by at most one, hosts included, with these exceptions: hosts sit at some rooms and not at others, and nobody may come
    to a room twice, so that over the rounds all rooms must see as many movers. They differ by two then.

    Args:
        groups: The group of each person.
        rooms: How many there are.
        rounds: How many rounds.
        assign: In which way.
        hosted: The room of each host.
        random: Who comes where.
        work: Steps compared, at most (see `choose_steps`).
        together: Let rows that share people of a group go round alike; then `mixed` is within its bound by construction.
    """
    movers = len(groups) - len(hosted)
    free = rooms - len(hosted)
    if hosted and free and (assign == "same" or rounds > free) and not together:
        counts = room_sizes(len(groups), rooms, hosted.values(), random)
        for room in hosted.values():
            counts[room] -= 1
        if rounds * max(counts) <= movers:
            return _round_table(groups, counts, rounds, assign, hosted, random)
    if assign == "same":
        first = deal(groups, rooms, assign, hosted, random)
        return _in_trains(first, rooms, rounds, hosted)
    return _in_rows(groups, rooms, rounds, assign, hosted, random, work=work, together=together)


def _in_trains(first: Sequence[int], rooms: int, rounds: int, hosted: Mapping[int, int]) -> list[Path]:
    """Everybody who moves goes on to the next room, with all who were in theirs."""
    return [
        [room if person in hosted else (room + number) % rooms for number in range(rounds)]
        for person, room in enumerate(first)
    ]


def _round_table(
    groups: Sequence[int],
    counts: Sequence[int],
    rounds: int,
    assign: Assign,
    hosted: Mapping[int, int],
    random: Random,
) -> list[Path]:
    """All movers' chairs stand in one circle, room after room, and everybody goes on by as many as the largest room has.

    `rounds` times that number are no more than all, so nobody comes back to a room that they know.
    """
    chairs = [room for room, count in enumerate(counts) for _ in range(count)]
    movers = [person for person in range(len(groups)) if person not in hosted]
    random.shuffle(movers)
    if assign == "same":
        seats = deal(groups, len(counts), assign, hosted, random)
        movers.sort(key=lambda person: (seats[person], groups[person]))
    elif assign == "mixed":
        spread = {
            person: (number + 0.5) / len(people)
            for people in by_group(movers, groups).values()
            for number, person in enumerate(people)
        }
        movers.sort(key=spread.__getitem__)
    paths = [[hosted.get(person, 0)] * rounds for person in range(len(groups))]
    for chair, person in enumerate(movers):
        paths[person] = [chairs[(chair + number * max(counts)) % len(chairs)] for number in range(rounds)]
    return paths


def _in_rows(
    groups: Sequence[int],
    rooms: int,
    rounds: int,
    assign: Assign,
    hosted: Mapping[int, int],
    random: Random,
    *,
    work: int,
    together: bool,
) -> list[Path]:
    """The rows of `rows`, and where hosts sit at some rooms, one row more that goes round the others."""
    paths = [[hosted.get(person, 0)] * rounds for person in range(len(groups))]
    movers = [person for person in range(len(groups)) if person not in hosted]
    random.shuffle(movers)
    without = [room for room in range(rooms) if room not in set(hosted.values())]
    beside = min(len(without), len(movers)) if hosted and rounds <= len(without) else 0
    parts = [beside] if beside else []
    rest = len(movers) - beside
    parts += [rooms] * (rest // rooms) + ([rest % rooms] if rest % rooms else [])
    waiting = by_group(movers, groups if assign == "mixed" else [0] * len(groups))
    packed = pack({group: len(people) for group, people in waiting.items()}, parts)
    if beside:
        steps = random.sample(range(len(without)), rounds)
        people = [waiting[group].pop() for group, number in packed.pop(0) for _ in range(number)]
        for position, person in enumerate(people):
            paths[person] = [without[(position + step) % len(without)] for step in steps]
    if not packed:
        return paths
    # A group that the row before could not hold goes on in this one.
    going_on = [
        row > 0 and len(packed[row - 1]) > 1 and packed[row - 1][-1][0] == content[0][0]
        for row, content in enumerate(packed)
    ]
    like = [row - 1 if together and goes_on else None for row, goes_on in enumerate(going_on)]
    shift = ring(rooms)
    before: list[set[int]] = []
    for content, goes_on, steps in zip(
        packed, going_on, choose_steps(rooms, len(packed), rounds, like, random, work), strict=True
    ):
        lanes = [[shift(position, step) for step in steps] for position in random.sample(range(rooms), rooms)]
        if goes_on:
            # The rest of a group takes the positions that come to the fewest rooms where others of it already are.
            lanes.sort(key=lambda lane: sum(room in there for room, there in zip(lane, before, strict=True)))
        people = [waiting[group].pop() for group, number in content for _ in range(number)]
        for person, lane in zip(people, lanes, strict=False):
            paths[person] = lane
        last = [paths[person] for person in people[-content[-1][1] :]]
        before = [{lane[number] for lane in last} for number in range(rounds)]
    return paths
