"""Who gets which seat when people come, go, are moved or choose.

What was planned for others never changes here: somebody who comes takes a place, somebody who goes frees it, and one person's later rounds
may change with their present one so that they come to no room twice.
"""

from __future__ import annotations

from server.core.base import Context
from server.core.breakouts.commands import AssignSeat, Choose
from server.core.breakouts.model import BY_HAND, CLOSED, PLANNING, Breakouts, Plan
from server.core.breakouts.places import free_room
from server.core.breakouts.round import attends, seatable
from server.core.breakouts.touches import (
    DESK,
    touch_desk_room,
    touch_in_room,
    touch_room,
    touch_seat,
)
from server.core.breakouts.worth import changing, measure_again
from server.core.refusals import Refusal


def arrive(breakouts: Breakouts, ctx: Context, person: str) -> None:
    """Somebody came, or came back: they get a seat in every plan that is open or ready, at once and for the rounds to come."""
    for ident, plan in breakouts.plans.items():
        if plan.dropped or plan.state in (PLANNING, CLOSED):
            continue
        seat_missing(breakouts, ctx, ident, [person])


def seat_everybody(breakouts: Breakouts, ctx: Context, ident: str) -> None:
    """Seat all who get a seat by arriving and have none, from the present round of a plan on."""
    plan = breakouts.plans[ident]
    first, *later = (seats.room_of for seats in plan.seats[plan.now :])
    seated = set(first).intersection(*later)
    seat_missing(
        breakouts, ctx, ident, [person for person, who in ctx.people.items() if person not in seated and seatable(who)]
    )


def seat_missing(breakouts: Breakouts, ctx: Context, ident: str, people: list[str]) -> None:
    """Seat those of these people who have no seat, from the present round of a plan on."""
    plan = breakouts.plans[ident]
    for person in people:
        who = ctx.people[person]
        home = plan.hosts.get(person)
        if not attends(who) or (home is None and (plan.assign in BY_HAND or not seatable(who))):
            continue
        missing = [
            index
            for index in range(plan.now, plan.rounds)
            if person not in plan.seats[index].room_of and person not in plan.seats[index].out
        ]
        if not missing:
            continue
        with changing(plan, person):
            for index in missing:
                if room := home or free_room(breakouts, plan, index, person, who.group):
                    _seat(breakouts, ctx, plan, index, person, room)


def leave_closed(breakouts: Breakouts, ctx: Context, ident: str) -> None:
    """A round begins: whom the plan leads to a room that was closed gets a seat in one that is open, so that nobody is left in the plenary.

    Where people stay and questions rotate, those of a closed room were sent to the plenary on purpose, and stay there.
    """
    plan = breakouts.plans[ident]
    if plan.rotate == "questions" or plan.assign in BY_HAND or all(breakouts.rooms[room].closed for room in plan.order):
        return
    seats = plan.seats[plan.now]
    moved = [person for room in plan.order if breakouts.rooms[room].closed for person in seats.people(room)]
    for person in moved:
        if breakouts.rooms[seats.room_of[person]].host != person:
            with changing(plan, person):
                _seat(breakouts, ctx, plan, plan.now, person, None)
    seat_missing(breakouts, ctx, ident, moved)


def depart(breakouts: Breakouts, ctx: Context, person: str, *, for_good: bool) -> None:
    """Somebody left: their place is free from the next round on, and at once when a moderator took them out.

    A place that was chosen or given by hand stays theirs until then, because nobody gets one anew by coming back. Where rooms have
    closed, who sat in them stays known.
    """
    for ident, plan in breakouts.plans.items():
        if plan.dropped:
            continue
        if for_good:
            if person in plan.away:
                _come_back(ctx, plan, ident, person)
            _lose_host(breakouts, ctx, plan, person)
        if plan.state == PLANNING:
            continue
        with changing(plan, person):
            for index in range(plan.now, plan.rounds):
                took_place = index == plan.now and plan.round > 0
                kept = plan.state == CLOSED and took_place if for_good else plan.assign in BY_HAND or took_place
                if not kept and person in plan.seats[index].room_of:
                    _seat(breakouts, ctx, plan, index, person, None)


def assign(breakouts: Breakouts, ctx: Context, command: AssignSeat) -> None:
    """Move one person in one round, of the plan that the room belongs to, else the open or the newest one."""
    ctx.member(command.person)
    if command.room is not None:
        plan, room = breakouts.room(command.room)
        ident = room.plan
    else:
        ident = command.plan or breakouts.open or _newest(breakouts)
        plan = breakouts.plan(ident)
    if plan.state == PLANNING:
        raise Refusal("rooms.not_ready")
    index = plan.now if command.round is None else command.round - 1
    if index >= plan.rounds:
        raise Refusal("invalid", round="unknown")
    if index < plan.now:
        raise Refusal("rooms.past")
    move(breakouts, ctx, ident, command.person, command.room, index)
    measure_again(breakouts, ctx, ident)


def move(breakouts: Breakouts, ctx: Context, ident: str, person: str, room: str | None, index: int) -> None:
    """Seat a person elsewhere in a round (from 0), and see that a later round does not bring them to the same room again."""
    plan = breakouts.plans[ident]
    old = plan.seats[index].room_of.get(person)
    hosted = plan.hosts.get(person)
    with changing(plan, person):
        for at in range(index, plan.rounds if plan.rotate == "questions" else index + 1):
            _seat(breakouts, ctx, plan, at, person, room)
            if room is None:
                plan.seats[at].out[person] = None
        if plan.rotate == "people" and hosted is not None and hosted != room:
            for later in range(index + 1, plan.rounds):
                _seat(breakouts, ctx, plan, later, person, None)
        elif plan.rotate == "people" and room is not None:
            _avoid(breakouts, ctx, plan, person, room, old, index)
    if hosted is not None and hosted != room:
        # Who is taken away from their table does not host it any more.
        _lose_host(breakouts, ctx, plan, person)
        seat_missing(breakouts, ctx, ident, [person])
    if index == plan.now and plan.running and person in plan.away:
        _come_back(ctx, plan, ident, person)


def choose(breakouts: Breakouts, ctx: Context, command: Choose) -> None:
    """Pick a room, or another one, where people choose for themselves."""
    plan, room = breakouts.room(command.room)
    if not plan.running:
        raise Refusal("rooms.not_open")
    if plan.assign != "chosen":
        raise Refusal("rooms.not_chosen")
    if room.closed:
        raise Refusal("room.closed")
    seats = plan.seats[plan.now]
    if seats.room_of.get(ctx.by) != command.room and places_left(plan, command.room) == 0:
        raise Refusal("room.full")
    move(breakouts, ctx, room.plan, ctx.by, command.room, plan.now)


def places_left(plan: Plan, room: str) -> int | None:
    """Return how many may still choose a room; None where any number may."""
    if plan.places is None:
        return None
    return max(0, plan.places - len(plan.seats[plan.now].in_room[room]))


def install_host(breakouts: Breakouts, ctx: Context, ident: str, room: str, person: str | None) -> None:
    """Make somebody the host of a room: they sit there from the present round on. A former host goes on as the others do."""
    plan = breakouts.plans[ident]
    former = breakouts.rooms[room].host
    if former == person:
        return
    if person in plan.hosts:
        raise Refusal("invalid", host="has a room")
    breakouts.host(room, person)
    if plan.state == PLANNING:
        # Nobody sits anywhere yet: a former host gets a seat with all others, and how good that is will be said then.
        return
    if person is not None:
        with changing(plan, person):
            for index in range(plan.now, plan.rounds):
                _seat(breakouts, ctx, plan, index, person, room)
    if former is not None:
        touch_in_room(ctx, room, "people", former)
        with changing(plan, former):
            for later in range(plan.now + 1, plan.rounds):
                _seat(breakouts, ctx, plan, later, former, None)
        seat_missing(breakouts, ctx, ident, [former])
    measure_again(breakouts, ctx, ident)


def _lose_host(breakouts: Breakouts, ctx: Context, plan: Plan, person: str) -> None:
    """A person hosts no room of a plan any more, wherever they sit."""
    room = plan.hosts.get(person)
    if room is not None:
        breakouts.host(room, None)
        touch_desk_room(ctx, breakouts.rooms[room].plan, room)
        touch_room(ctx, room, "room")
        touch_in_room(ctx, room, "people", person)


def _seat(breakouts: Breakouts, ctx: Context, plan: Plan, index: int, person: str, room: str | None) -> None:
    """Give somebody another seat in a round (from 0), or none."""
    seats = plan.seats[index]
    old = seats.room_of.get(person)
    seats.put(person, room, ctx.people[person])
    for place in (old, room):
        if place is not None:
            touch_seat(ctx, breakouts, index, person, place)


def _come_back(ctx: Context, plan: Plan, ident: str, person: str) -> None:
    """Somebody is in the plenary for themselves no more."""
    del plan.away[person]
    ctx.touch_item((*DESK, ident, "away"), person)


def _avoid(breakouts: Breakouts, ctx: Context, plan: Plan, person: str, room: str, old: str | None, index: int) -> None:
    """Let a later round that would repeat `room` bring the person to the room they missed instead."""
    for later, seats in enumerate(plan.seats[index + 1 :], index + 1):
        if seats.room_of.get(person) == room:
            visited = {s.room_of.get(person) for at, s in enumerate(plan.seats) if at != later}
            if old is not None and old not in visited:
                _seat(breakouts, ctx, plan, later, person, old)


def _newest(breakouts: Breakouts) -> str:
    for ident in reversed(breakouts.plans):
        if not breakouts.plans[ident].dropped:
            return ident
    raise Refusal("rooms.unknown", plan="unknown")
