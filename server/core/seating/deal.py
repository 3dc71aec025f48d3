"""One round: who sits in which room, hosts in theirs."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from random import Random

from server.core.seating.request import Assign
from server.core.seating.sizes import room_sizes

Part = tuple[int, int]
"""So many people of one group: (group, people)."""


def deal(groups: Sequence[int], rooms: int, assign: Assign, hosted: Mapping[int, int], random: Random) -> list[int]:
    """Seat everybody once; sizes differ by at most one, hosts included.

    With `mixed` every group's number differs by at most one between rooms, hosts included. With `same` a group fills whole
    rooms first, those of its own hosts before others, and what is left over is packed so that few groups are split.

    Args:
        groups: The group of each person.
        rooms: How many there are.
        assign: In which way.
        hosted: The room of each host.
        random: Who is dealt before whom.

    Returns:
        For each person the room.
    """
    if assign == "mixed":
        return _mixed(groups, rooms, hosted, random)
    movers = [person for person in range(len(groups)) if person not in hosted]
    random.shuffle(movers)
    places = room_sizes(len(groups), rooms, hosted.values(), random)
    for room in hosted.values():
        places[room] -= 1
    seats = [hosted.get(person, 0) for person in range(len(groups))]
    if assign == "random":
        free = [room for room in range(rooms) for _ in range(places[room])]
        for person, room in zip(movers, free, strict=True):
            seats[person] = room
        return seats
    waiting = by_group(movers, groups)
    for host, room in hosted.items():
        own = waiting.get(groups[host], [])
        while own and places[room]:
            seats[own.pop()] = room
            places[room] -= 1
    parts = pack({group: len(people) for group, people in waiting.items() if people}, places)
    for room, content in enumerate(parts):
        for group, people in content:
            for _ in range(people):
                seats[waiting[group].pop()] = room
    return seats


def by_group(people: Iterable[int], groups: Sequence[int]) -> dict[int, list[int]]:
    """The people of each group, in the order in which they came."""
    found: dict[int, list[int]] = defaultdict(list)
    for person in people:
        found[groups[person]].append(person)
    return found


def pack(groups: Mapping[int, int], places: Sequence[int]) -> list[list[Part]]:
    """Put groups into bins so that few are split; a group that a bin cannot hold goes on at once in the next.

    Args:
        groups: How many people each has.
        places: How many each bin takes; together exactly the people.

    Returns:
        For each bin its parts; one that goes on from the bin before stands first.
    """
    left = dict(groups)
    bins: list[list[Part]] = []
    going_on: int | None = None
    for room in places:
        content: list[Part] = []
        space = room
        while space:
            if going_on is not None:
                group = going_on
            elif space == room and max(left.values()) >= room:
                group = max(left, key=left.__getitem__)
            elif fitting := [group for group in left if left[group] <= space]:
                group = max(fitting, key=left.__getitem__)
            else:
                group = min(left, key=left.__getitem__)
            taken = min(space, left[group])
            going_on = group if taken < left[group] and space < room else None
            content.append((group, taken))
            space -= taken
            left[group] -= taken
            if not left[group]:
                del left[group]
        bins.append(content)
    return bins


def _mixed(groups: Sequence[int], rooms: int, hosted: Mapping[int, int], random: Random) -> list[int]:
    seats = [hosted.get(person, 0) for person in range(len(groups))]
    sizes = [0] * rooms
    own: dict[int, list[int]] = defaultdict(lambda: [0] * rooms)
    inside: list[list[int]] = [[] for _ in range(rooms)]
    for host, room in hosted.items():
        sizes[room] += 1
        own[groups[host]][room] += 1
    movers = [person for person in range(len(groups)) if person not in hosted]
    random.shuffle(movers)
    tie = random.sample(range(rooms), rooms)
    hosting = {groups[host] for host in hosted}
    # Groups without a host come last: where they go is free, so they even out what hosts made uneven.
    for group, people in sorted(by_group(movers, groups).items(), key=lambda item: item[0] not in hosting):
        count = own[group]
        for person in people:
            room = min(tie, key=lambda room: (count[room], sizes[room]))
            seats[person] = room
            inside[room].append(person)
            count[room] += 1
            sizes[room] += 1
    # A room two people larger than another has more of some group that is not its host's alone: moving one of them
    # exchanges the two rooms' numbers of that group, so its evenness stays.
    while max(sizes) - min(sizes) > 1:
        large, small = sizes.index(max(sizes)), sizes.index(min(sizes))
        person = next(person for person in inside[large] if own[groups[person]][large] > own[groups[person]][small])
        seats[person] = small
        inside[large].remove(person)
        inside[small].append(person)
        own[groups[person]][large] -= 1
        own[groups[person]][small] += 1
        sizes[large] -= 1
        sizes[small] += 1
    return seats
