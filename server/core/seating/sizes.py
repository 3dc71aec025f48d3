"""How many rooms, and how many people in each."""

from collections.abc import Iterable
from random import Random


def rooms_for(people: int, *, rooms: int | None, size: int | None) -> int:
    """The number of rooms for so many people, at least 1.

    With `rooms` as many as asked for, but no more than leave two people for each. With `size` the number for which an
    even room comes nearest to that target, the smaller number where two are as near; so nobody is ever left alone: 18
    people at 10 are 9 and 9, two or three people are one room. Before two people are there, `rooms` as asked for, or 1.

    Args:
        people: How many will sit in the rooms.
        rooms: The number that was asked for; it goes before `size`.
        size: People a room, as a target.
    """
    if people < 2:
        return max(1, rooms or 1)
    most = people // 2
    if rooms is not None:
        return max(1, min(rooms, most))
    if size is None:
        return 1
    target = max(2, size)
    fewer = min(most, max(1, people // target))
    more = min(most, fewer + 1)
    # How far `people / n` is from the target, both sides multiplied by the two numbers of rooms.
    return fewer if abs(people - target * fewer) * more <= abs(people - target * more) * fewer else more


def room_sizes(people: int, rooms: int, hosted: Iterable[int], random: Random) -> list[int]:
    """The size of each room, hosts included: they differ by at most one, and the larger are rooms with a host first.

    So those who move are spread as evenly as can be, too, and every host finds a place.
    """
    least, more = divmod(people, rooms)
    with_host = set(hosted)
    order = sorted(random.sample(range(rooms), rooms), key=lambda room: room not in with_host)
    sizes = [least] * rooms
    for room in order[:more]:
        sizes[room] += 1
    return sizes
