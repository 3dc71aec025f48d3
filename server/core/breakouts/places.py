"""Which room somebody gets who comes when a plan has been made: the smallest that keeps the mix, and one they do not know."""

from __future__ import annotations

from server.core.base import Context
from server.core.breakouts.model import Breakouts, Plan, attends


class Filling:
    """How full the rooms of a round are, counted once for all who get their seats together: a hall of newcomers costs no hall each."""

    def __init__(self, ctx: Context, plan: Plan, index: int) -> None:
        self._people = ctx.people
        self._in_room = plan.seats[index].in_room
        self._groups: dict[tuple[str, str | None], int] = {}
        current = index == plan.now and plan.round > 0
        self.sizes = {room: self._size(room, current=current) for room in plan.order}

    def group(self, room: str, group: str | None) -> int:
        """Return how many of a group have a seat in a room."""
        if (room, group) not in self._groups:
            self._groups[room, group] = sum(self._people[p].group == group for p in self._in_room.get(room, ()))
        return self._groups[room, group]

    def add(self, room: str, group: str | None) -> None:
        """Count somebody who got a seat a moment ago."""
        self.sizes[room] += 1
        if (room, group) in self._groups:
            self._groups[room, group] += 1

    def _size(self, room: str, *, current: bool) -> int:
        """Return how many places are taken; in a round that goes on, those who left hold none."""
        people = self._in_room.get(room, {})
        return sum(attends(self._people[person]) for person in people) if current else len(people)


def free_room(breakouts: Breakouts, ctx: Context, plan: Plan, index: int, person: str, filling: Filling) -> str | None:
    """Return the smallest room that keeps the mix, one that the person does not visit in another round where there is such a room."""
    current = index == plan.now and plan.round > 0
    others = {s.room_of[person] for s in plan.seats if person in s.room_of}
    if plan.rotate == "questions" and others:
        return next(iter(others))
    rooms = [room for room in plan.order if not (current and breakouts.rooms[room].closed)]
    rooms = [room for room in rooms if room not in others] or rooms
    if not rooms:
        return None
    group = ctx.people[person].group
    sizes = filling.sizes
    if plan.assign == "same":
        together = [room for room in rooms if filling.group(room, group)]
        return min(together or rooms, key=sizes.__getitem__)
    least = min(sizes[room] for room in rooms)
    smallest = [room for room in rooms if sizes[room] == least]
    return min(smallest, key=lambda room: filling.group(room, group))
