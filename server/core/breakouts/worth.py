"""How good a plan is once it was changed by hand: counted once, and from then on as people change seats.

What a plan is worth follows from who meets whom, which takes a while to count in a hall. One person's change concerns only those they met
and those they meet instead.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from server.core import seating
from server.core.base import Context
from server.core.breakouts.model import BY_HAND, Breakouts, Meetings, Plan
from server.core.breakouts.touches import touch_desk


def measure_again(breakouts: Breakouts, ctx: Context, ident: str) -> None:
    """A plan was changed by hand: say anew how good it is."""
    plan = breakouts.plans[ident]
    if plan.assign in BY_HAND:
        return
    meetings = plan.meetings
    if meetings is None:
        people = dict.fromkeys(person for seats in plan.seats for person in seats.room_of)
        meetings = plan.meetings = Meetings(len(people), sum(_returns(plan, person) for person in people))
    touch_desk(ctx, ident, "quality")
    if not meetings.people:
        plan.quality = None
        return
    counts = seating.Counts(
        sizes=[seats.sizes.values() for seats in plan.seats],
        groups=[{group: rooms.values() for group, rooms in seats.groups.items()} for seats in plan.seats],
        standing=plan.rotate == "questions",
        people=meetings.people,
        returns=meetings.returns,
        hosts_return=sum(_returns(plan, host) for host in plan.hosts),
        staying={
            breakouts.rooms[room].number - 1
            for host, room in plan.hosts.items()
            if all(seats.room_of.get(host) == room for seats in plan.seats)
        },
    )
    plan.quality = seating.judge(counts, lambda: _pairs(plan, meetings))
    if plan.quality.bound is None:
        # So many that nobody asks: they are counted when there are fewer.
        meetings.pairs = None


@contextmanager
def changing(plan: Plan, person: str) -> Iterator[None]:
    """Within this one person's seats change, and nobody else's."""
    if plan.meetings is None:
        yield
        return
    _count(plan, plan.meetings, person, -1)
    yield
    _count(plan, plan.meetings, person, 1)


def _count(plan: Plan, meetings: Meetings, person: str, sign: int) -> None:
    if not any(person in seats.room_of for seats in plan.seats):
        return
    meetings.people += sign
    meetings.returns += sign * _returns(plan, person)
    if meetings.pairs is not None:
        for times, people in Counter(_met(plan, person).values()).items():
            left = meetings.pairs.get(times, 0) + sign * people
            if left:
                meetings.pairs[times] = left
            else:
                del meetings.pairs[times]


def _pairs(plan: Plan, meetings: Meetings) -> Mapping[int, int]:
    if meetings.pairs is None:
        both: Counter[int] = Counter()
        for person in dict.fromkeys(person for seats in plan.seats for person in seats.room_of):
            both.update(_met(plan, person).values())
        meetings.pairs = {times: count // 2 for times, count in both.items()}
    return meetings.pairs


def _met(plan: Plan, person: str) -> dict[str, int]:
    """Return how often a person meets each of those they meet."""
    met: Counter[str] = Counter()
    for seats in plan.seats:
        room = seats.room_of.get(person)
        if room is not None:
            met.update(iter(seats.in_room[room]))
    del met[person]
    return met


def _returns(plan: Plan, person: str) -> int:
    """Return how often a person comes to a room for a second, third … time."""
    been = [room for seats in plan.seats if (room := seats.room_of.get(person)) is not None]
    return len(been) - len(set(been))
