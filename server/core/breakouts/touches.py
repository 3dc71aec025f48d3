"""Which parts of which documents a change in the rooms concerns."""

from __future__ import annotations

from server.core.base import Context
from server.core.breakouts.model import Breakouts, Plan

STAGE = ("stage", "rooms")
DESK = ("desk", "rooms")
RECORD = ("record", "rooms")

_OF_A_ROUND = ("room", "clock", "people", "notes", "earlier", "handover", "help")
"""The slices of a room's document that are others when a round begins or ends."""
_HEAD = ("state", "round", "seconds", "clock", "closing", "rooms", "away", "quality")
"""What is another on the desk then."""


def document(room: str) -> str:
    """Return the name of a room's document."""
    return f"room/{room}"


def touch_room(ctx: Context, room: str, *parts: str) -> None:
    """Say that these slices of a room's document may have changed."""
    name = document(room)
    ctx.touch(*((name, part) for part in parts))


def touch_in_room(ctx: Context, room: str, part: str, *items: str) -> None:
    """Say that these items of a slice of a room's document may have changed."""
    ctx.touch_item((document(room), part), *items)


def touch_all(ctx: Context, plan: Plan, *parts: str) -> None:
    """Say that these slices of the documents of all rooms of a plan may have changed."""
    for room in plan.order:
        touch_room(ctx, room, *parts)


def touch_desk(ctx: Context, plan: str, *fields: str) -> None:
    """Say that these fields of a plan may look different on the desk."""
    ctx.touch_item((*DESK, plan), *fields)


def touch_desk_room(ctx: Context, plan: str, *rooms: str) -> None:
    """Say that these rooms of a plan may look different on the desk, their people apart."""
    ctx.touch_item((*DESK, plan, "rooms"), *rooms)


def touch_stage(ctx: Context, breakouts: Breakouts, plan: str, *fields: str) -> None:
    """Say that these fields of a plan may look different on the stage, if it is the open one; without any, all of it."""
    if breakouts.open == plan:
        if fields:
            ctx.touch_item((*STAGE, "open"), *fields)
        else:
            ctx.touch_item(STAGE, "open")


def touch_stage_room(ctx: Context, breakouts: Breakouts, plan: str, room: str) -> None:
    """Say that a room may look different on the stage, if its plan is the open one."""
    if breakouts.open == plan:
        ctx.touch_item((*STAGE, "open", "rooms"), room)


def touch_shown(ctx: Context) -> None:
    """Say that other notes, or none, stand on the screen."""
    ctx.touch_item(STAGE, "shown")


def heirs(plan: Plan, room: str, round_: int) -> list[str]:
    """Return the rooms whose people are welcomed now by what was written in a room in a round."""
    return plan.alike(room, round_, plan.now + 1) if round_ <= plan.now else []


def touch_note(ctx: Context, breakouts: Breakouts, ident: str, room: str, round_: int) -> None:
    """Say that a note of a room in a round may look different to those who read it: there, where it travels to, and in the record."""
    plan = breakouts.rooms[room].plan
    ctx.touch_item((*RECORD, plan, "notes"), ident)
    touch_in_room(ctx, room, "notes", ident)
    for heir in heirs(breakouts.plans[plan], room, round_):
        ctx.touch_item((document(heir), "earlier", "notes"), ident)


def touch_handover(ctx: Context, breakouts: Breakouts, key: str, room: str, round_: int) -> None:
    """Say the same of the lines that a group left."""
    plan = breakouts.rooms[room].plan
    ctx.touch_item((*RECORD, plan, "handovers"), key)
    touch_room(ctx, room, "handover")
    for heir in heirs(breakouts.plans[plan], room, round_):
        ctx.touch_item((document(heir), "earlier", "handovers"), key)


def touch_signed(ctx: Context, breakouts: Breakouts, person: str) -> None:
    """Say that a person is called otherwise, beside the lines that they left and where they called for help or come to give it."""
    for plan in breakouts.plans.values():
        for key, lines in plan.handovers.items():
            if lines.person == person:
                touch_handover(ctx, breakouts, key, lines.room, lines.round)
    # No call for help outlives the stay in a room.
    for room in breakouts.plans[breakouts.open].order if breakouts.open else ():
        help_ = breakouts.rooms[room].help
        if help_ is not None and person in (help_.person, help_.coming):
            touch_help(ctx, breakouts.open or "", room)


def touch_help(ctx: Context, plan: str, room: str) -> None:
    """Say that a room waits for help, or for somebody else, or not any more."""
    touch_desk_room(ctx, plan, room)
    touch_room(ctx, room, "help")


def touch_presence(ctx: Context, breakouts: Breakouts, room: str, person: str) -> None:
    """Say that a person is in a room now, or is not any more, or is called otherwise."""
    plan = breakouts.rooms[room].plan
    touch_in_room(ctx, room, "people", person)
    touch_stage_room(ctx, breakouts, plan, room)
    if breakouts.open == plan:
        ctx.touch_person(person, "room")


def touch_seat(ctx: Context, breakouts: Breakouts, index: int, person: str, room: str) -> None:
    """Say that a person sits in a room in a round (from 0), or does not any more."""
    ident = breakouts.rooms[room].plan
    ctx.touch_item((*DESK, ident, "seats", str(index + 1)), room)
    touch_desk(ctx, ident, "quality")
    if index == breakouts.plans[ident].now:
        touch_presence(ctx, breakouts, room, person)


def touch_plan(ctx: Context, ident: str) -> None:
    """Say that a plan was made, computed or put away."""
    ctx.touch_item(DESK, ident)
    ctx.touch_item(RECORD, ident)


def touch_rooms(ctx: Context, breakouts: Breakouts, ident: str) -> None:
    """Say that what the rooms of a plan are called, work on and are led by may be something else."""
    touch_desk(ctx, ident, "rooms")
    ctx.touch_item((*RECORD, ident), "rooms")
    touch_stage(ctx, breakouts, ident)
    touch_all(ctx, breakouts.plans[ident], "room")


def touch_everybody(ctx: Context, breakouts: Breakouts, ident: str) -> None:
    """Say that everybody in a plan's rooms is somewhere else now: they opened, a round began, or they closed."""
    plan = breakouts.plans[ident]
    ctx.touch_item(STAGE, "open")
    touch_desk(ctx, ident, *_HEAD)
    ctx.touch_item((*RECORD, ident), "round")
    touch_all(ctx, plan, *_OF_A_ROUND)
    here, before = plan.seats[plan.now].room_of, plan.seats[max(plan.now - 1, 0)].room_of
    for person in here:
        ctx.touch_person(person, "room")
    for person in before:
        if person not in here:
            ctx.touch_person(person, "room")
