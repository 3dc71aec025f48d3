"""One round of a plan: who sits where, and what is counted of it."""

from __future__ import annotations

from collections.abc import Iterable

import msgspec

from server.core.base import PARTICIPANT, Who


class Seats(msgspec.Struct):
    """One round: the room of every person, and the people of every room in the order in which they got their seats.

    `sizes`, `groups` and `absent` say again what follows from the people, so that who comes or goes costs no count of a hall.
    """

    in_room: dict[str, dict[str, None]]
    """Every room of the plan, in its order."""
    sizes: dict[str, int]
    """How many are seated in each room."""
    groups: dict[str, dict[str, int]] = {}
    """How many of a stakeholder group are seated in each room; those without one are counted under the empty string."""
    room_of: dict[str, str] = {}
    out: dict[str, None] = {}
    """Whom a moderator left without a room: only a moderator, or their own choice, seats them."""
    absent: dict[str, dict[str, None]] = {}
    """Who is seated in a room and not connected, or removed."""

    @classmethod
    def of(cls, rooms: Iterable[str]) -> Seats:
        """Return a round of these rooms in which nobody sits."""
        in_room: dict[str, dict[str, None]] = {room: {} for room in rooms}
        return cls(in_room, dict.fromkeys(in_room, 0))

    def put(self, person: str, room: str | None, who: Who) -> None:
        """Seat a person, somewhere else if they had a seat, or nowhere."""
        old = self.room_of.pop(person, None)
        self.out.pop(person, None)
        if old is not None:
            del self.in_room[old][person]
            self.sizes[old] -= 1
            self._count(old, who.group, -1)
            self._forget_absent(person, old)
        if room is not None:
            self.room_of[person] = room
            self.in_room[room][person] = None
            self.sizes[room] += 1
            self._count(room, who.group, 1)
            if not attends(who):
                self.absent.setdefault(room, {})[person] = None

    def people(self, room: str) -> list[str]:
        """Return who is seated in a room."""
        return list(self.in_room[room])

    def change_group(self, person: str, old: str | None, new: str | None) -> None:
        """Somebody declares another group; harmless for who has no seat."""
        room = self.room_of.get(person)
        if room is not None:
            self._count(room, old, -1)
            self._count(room, new, 1)

    def attend(self, person: str, who: Who) -> None:
        """Somebody came back, left, or was removed; harmless for who has no seat."""
        room = self.room_of.get(person)
        if room is None:
            return
        if attends(who):
            self._forget_absent(person, room)
        else:
            self.absent.setdefault(room, {})[person] = None

    def _count(self, room: str, group: str | None, change: int) -> None:
        counts = self.groups.get(group or "")
        if counts is None:
            counts = self.groups[group or ""] = dict.fromkeys(self.in_room, 0)
        counts[room] += change

    def _forget_absent(self, person: str, room: str) -> None:
        there = self.absent.get(room)
        if there is not None:
            there.pop(person, None)
            if not there:
                del self.absent[room]


def attends(who: Who) -> bool:
    """Say whether somebody is connected and may take part."""
    return not who.removed and (who.here or who.link)


def seatable(who: Who) -> bool:
    """Say whether somebody gets a seat by arriving: participants do, those who run the session do not."""
    return attends(who) and who.role == PARTICIPANT
