"""What breakout rooms are made of: plans, their rooms, and who sits where in which round."""

from __future__ import annotations

from typing import Literal

import msgspec

from server.core.base import Place, Who
from server.core.breakouts.round import Seats
from server.core.clock import Clock
from server.core.refusals import Refusal
from server.core.seating import Quality
from server.core.setup import Text

MAX_PLANS = 50
MAX_ROOMS = 200
MAX_ROUNDS = 12
MAX_MESSAGES = 20
"""Messages that are kept to one room, and to all; older ones go."""

Assign = Literal["mixed", "same", "random", "chosen", "manual", "again"]
COMPUTED = ("mixed", "same", "random")
"""Ways of assigning that somebody has to compute: the plan waits for `rooms.planned`."""
BY_HAND = ("chosen", "manual")
"""Ways of assigning in which nobody gets a seat by arriving."""

PLANNING = "planning"
READY = "ready"
OPEN = "open"
CLOSING = "closing"
CLOSED = "closed"


class Help(msgspec.Struct, frozen=True):
    """A room that asked for help; `coming` is the moderator who is on the way. `since` is in milliseconds."""

    since: int
    person: str
    coming: str | None = None


class Topic(msgspec.Struct, frozen=True):
    """What a room works on: a task, a guiding question of the agenda, or both."""

    task: Text | None = None
    question: str | None = None


class Room(msgspec.Struct):
    """A room of a plan; `number` counts from 1. `host` stays there in every round."""

    plan: str
    number: int
    name: Text | None
    host: str | None
    closed: bool = False
    help: Help | None = None


class Message(msgspec.Struct, frozen=True):
    """What a moderator said to one room, or to all."""

    text: Text
    room: str | None
    round: int
    at: int


class Handover(msgspec.Struct, frozen=True):
    """Three lines for the group that comes next."""

    room: str
    round: int
    text: Text
    person: str
    at: int


class Shown(msgspec.Struct, frozen=True):
    """The notes that stand on the screen: those of a room, of one round or of all."""

    plan: str
    room: str
    round: int | None


class Meetings(msgspec.Struct):
    """What a plan's quality follows from, kept as people change seats; it stands in a plan from its first change by hand on."""

    people: int
    """How many sit somewhere in any round."""
    returns: int
    """How often somebody comes to a room for a second, third … time."""
    pairs: dict[int, int] | None = None
    """How many pairs meet once, twice …; None where they are not counted."""


class Plan(msgspec.Struct):
    """A plan of rooms. `round` counts from 1 and is 0 until the rooms have been opened; `seats` holds every round's.

    Where questions rotate, room `i` (from 0) has topic `(i + round - 1) % len(topics)`; where people do, topic `i`, if there is one.
    """

    assign: str
    rotate: str
    rounds: int
    order: list[str]
    topics: list[Topic]
    seats: list[Seats]
    made: int
    seed: int
    name: Text | None = None
    seconds: int = 0
    auto: bool = False
    places: int | None = None
    state: str = READY
    round: int = 0
    people: list[str] = []
    """Whom to plan for, while the plan is being computed."""
    clock: Clock = msgspec.field(default_factory=Clock)
    closing: int | None = None
    closing_rooms: dict[str, int] = {}
    """When rooms close on their own, while their countdowns run."""
    hosts: dict[str, str] = {}
    """The room of each host: what the rooms say, the other way round."""
    away: dict[str, None] = {}
    messages: dict[str, Message] = {}
    handovers: dict[str, Handover] = {}
    quality: Quality | None = None
    meetings: Meetings | None = None
    dropped: bool = False

    @property
    def running(self) -> bool:
        """Whether people are in its rooms."""
        return self.state in (OPEN, CLOSING)

    @property
    def now(self) -> int:
        """The index of the round that goes on, or that will be the first."""
        return max(self.round, 1) - 1

    def topic(self, room: str, round_: int) -> int:
        """Return the number of the topic that a room works on in a round, from 0."""
        place = self.order.index(room)
        return (place + round_ - 1) % len(self.topics) if self.rotate == "questions" and self.topics else place

    def alike(self, room: str, round_: int, other: int) -> list[str]:
        """Return the rooms that work in round `other` on what `room` works on in `round_`: what is written travels with the topic."""
        if self.rotate != "questions" or not self.topics:
            return [room]
        count = len(self.topics)
        return self.order[(self.order.index(room) + round_ - other) % count :: count]

    def task(self, room: str, round_: int) -> Topic:
        """Return what a room works on in a round (from 1)."""
        number = self.topic(room, max(round_, 1))
        return self.topics[number] if number < len(self.topics) else Topic()


class Breakouts(msgspec.Struct):
    """The plans and rooms of a session, by id, in the order in which they were made. One plan is open at a time."""

    plans: dict[str, Plan] = {}
    rooms: dict[str, Room] = {}
    open: str | None = None
    shown: Shown | None = None

    def running(self) -> Plan:
        """Return the plan that is open, or refuse with `rooms.not_open`."""
        if self.open is None:
            raise Refusal("rooms.not_open")
        return self.plans[self.open]

    def plan(self, ident: str) -> Plan:
        """Return a plan, or refuse with `rooms.unknown`; one that was dropped is unknown."""
        found = self.plans.get(ident)
        if found is None or found.dropped:
            raise Refusal("rooms.unknown", plan="unknown")
        return found

    def room(self, ident: str) -> tuple[Plan, Room]:
        """Return a room and its plan, or refuse with `room.unknown`."""
        found = self.rooms.get(ident)
        if found is None or self.plans[found.plan].dropped:
            raise Refusal("room.unknown", room="unknown")
        return self.plans[found.plan], found

    def seat(self, person: str) -> str | None:
        """Return the room that a person belongs to now, also while they are in the plenary for themselves."""
        if self.open is None:
            return None
        plan = self.plans[self.open]
        room = plan.seats[plan.now].room_of.get(person)
        return None if room is None or self.rooms[room].closed else room

    def room_of(self, person: str) -> str | None:
        """Return the room that a person is in now; None in the plenary."""
        room = self.seat(person)
        return None if room is None or person in self.plans[self.rooms[room].plan].away else room

    def travels(self, room: str, round_: int, other: str) -> bool:
        """Say whether what was written in a room in a round welcomes those who are in another room, or in the same one, now."""
        ident = self.rooms[room].plan
        plan = self.plans[ident]
        return (
            ident == self.rooms[other].plan and round_ <= plan.now and other in plan.alike(room, round_, plan.now + 1)
        )

    def host(self, room: str, person: str | None) -> None:
        """Make somebody the host of a room, or nobody."""
        found = self.rooms[room]
        hosts = self.plans[found.plan].hosts
        if found.host is not None:
            del hosts[found.host]
        found.host = person
        if person is not None:
            hosts[person] = room

    def place(self, person: str) -> Place | None:
        """Return where a person is now, with plan and round; None in the plenary."""
        room = self.room_of(person)
        return None if room is None else self.here(room)

    def here(self, room: str) -> Place:
        """Return what a room is now, or was when it was last open."""
        plan = self.rooms[room].plan
        return Place(plan, room, self.plans[plan].now + 1)

    def sat(self, person: str, room: str, round_: int | None) -> Place:
        """Return the place of a room in a round that goes on or is over, if the person sat there, or refuse with `room.none`.

        Without a round it is the present one, in which the person has to be in the room and not in the plenary. What was on its way
        when a plan was dropped still arrives.
        """
        found = self.rooms.get(room)
        if found is None:
            raise Refusal("room.unknown", room="unknown")
        plan = self.plans[found.plan]
        if (round_ is None or round_ == plan.round) and self.room_of(person) == room:
            return Place(found.plan, room, plan.round)
        if round_ is None or not 1 <= round_ <= plan.round or plan.seats[round_ - 1].room_of.get(person) != room:
            raise Refusal("room.none")
        return Place(found.plan, room, round_)

    def present(self, room: str) -> list[str]:
        """Return who is in a room now: seated there, connected, and not in the plenary for themselves."""
        plan = self.plans[self.rooms[room].plan]
        seats = plan.seats[plan.now]
        absent = seats.absent.get(room, {})
        if not absent and not plan.away:
            return seats.people(room)
        return [person for person in seats.in_room[room] if person not in plan.away and person not in absent]

    def is_present(self, room: str, person: str) -> bool:
        """Say whether a person is in a room now, as `present` means it."""
        plan = self.plans[self.rooms[room].plan]
        seats = plan.seats[plan.now]
        there = seats.room_of.get(person) == room and person not in plan.away
        return there and person not in seats.absent.get(room, ())

    def attend(self, person: str, who: Who) -> None:
        """Note in all plans that somebody came back, left, or was removed."""
        for plan in self.plans.values():
            for seats in plan.seats:
                seats.attend(person, who)

    def change_group(self, person: str, old: str | None, new: str | None) -> None:
        """Note in all plans that somebody declared another group."""
        for plan in self.plans.values():
            for seats in plan.seats:
                seats.change_group(person, old, new)
