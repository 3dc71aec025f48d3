"""Which room somebody gets who comes when a plan has been made: the smallest that keeps the mix, and one they do not know."""

from __future__ import annotations

from server.core.breakouts.model import Breakouts, Plan, Seats


def free_room(breakouts: Breakouts, plan: Plan, index: int, person: str, group: str | None) -> str | None:
    """Return the smallest room that keeps the mix, one that the person does not visit in another round where there is such a room."""
    current = index == plan.now and plan.round > 0
    others = dict.fromkeys(s.room_of[person] for s in plan.seats if person in s.room_of)
    if plan.rotate == "questions" and others:
        return next(reversed(others))
    seats = plan.seats[index]
    sizes = _taken(seats, current=current)
    if current:
        for room in plan.order:
            if breakouts.rooms[room].closed:
                del sizes[room]
    if len(sizes) > sum(room in sizes for room in others):
        for room in others:
            sizes.pop(room, None)
    if not sizes:
        return None
    key = group or ""
    if plan.assign == "same":
        together = [room for room in sizes if key in seats.groups[room]]
        return min(together or sizes, key=sizes.__getitem__)
    least = min(sizes.values())
    smallest = [room for room, size in sizes.items() if size == least]
    alike = [seats.groups[room].get(key, 0) for room in smallest]
    return smallest[alike.index(min(alike))]


def _taken(seats: Seats, *, current: bool) -> dict[str, int]:
    """Return how many places are taken in each room; in a round that goes on, those who left hold none."""
    sizes = dict(zip(seats.in_room, map(len, seats.in_room.values()), strict=True))
    if current:
        for room, people in seats.absent.items():
            sizes[room] -= len(people)
    return sizes
