"""Which room somebody gets who comes when a plan has been made: the smallest that keeps the mix, and one they do not know."""

from __future__ import annotations

from collections.abc import Container

from server.core.breakouts.model import Breakouts, Plan
from server.core.breakouts.round import Seats


def free_room(breakouts: Breakouts, plan: Plan, index: int, person: str, group: str | None) -> str | None:
    """Return the smallest room that keeps the mix, one that the person does not visit in another round where there is such a room."""
    others = dict.fromkeys(s.room_of[person] for s in plan.seats if person in s.room_of)
    if plan.rotate == "questions" and others:
        # Who was moved meanwhile stays where they were brought last.
        return next(reversed(others))
    seats, sizes = plan.seats[index], plan.seats[index].sizes
    if index == plan.now and plan.round > 0:
        # In a round that goes on, those who left hold no place.
        sizes = {
            room: size - len(seats.absent.get(room, ()))
            for room, size in sizes.items()
            if not breakouts.rooms[room].closed
        }
    if not sizes:
        return None
    if all(room in others for room in sizes):
        others = {}
    if plan.assign == "same":
        alike = seats.groups.get(group or "", {})
        rooms = [room for room in sizes if room not in others]
        return min([room for room in rooms if alike.get(room)] or rooms, key=sizes.__getitem__)
    return _smallest(seats, sizes, others, group)


def _smallest(seats: Seats, sizes: dict[str, int], others: Container[str], group: str | None) -> str:
    """Return the first of the smallest rooms that have the fewest of a group."""
    least = min(sizes.values())
    smallest = [room for room, size in sizes.items() if size == least and room not in others]
    if not smallest:
        return _smallest(seats, {room: size for room, size in sizes.items() if room not in others}, (), group)
    counts = seats.groups.get(group or "")
    if counts is None:
        return smallest[0]
    alike = [counts[room] for room in smallest]
    return smallest[alike.index(min(alike))]
