"""Which slices of which documents a change in the rooms concerns."""

from __future__ import annotations

from server.core.base import Context
from server.core.breakouts.model import Breakouts, Plan

STAGE = ("stage", "rooms")
DESK = ("desk", "rooms")
RECORD = ("record", "rooms")

PARTS = ("room", "clock", "people", "notes", "earlier", "handover", "messages", "help", "polls")
"""The slices of a room's document."""


def document(room: str) -> str:
    """Return the name of a room's document."""
    return f"room/{room}"


def touch_room(ctx: Context, room: str, *parts: str) -> None:
    """Say that these slices of a room's document may have changed."""
    name = document(room)
    ctx.touch(*((name, part) for part in parts))


def touch_all(ctx: Context, plan: Plan, *parts: str) -> None:
    """Say that these slices of the documents of all rooms of a plan may have changed."""
    for room in plan.order:
        touch_room(ctx, room, *parts)


def touch_earlier(ctx: Context, plan: Plan, room: str, round_: int) -> None:
    """Say that what was written in a room in a round may have changed, where it welcomes those who work on the same now."""
    if round_ <= plan.now:
        for heir in plan.alike(room, round_, plan.now + 1):
            touch_room(ctx, heir, "earlier")


def touch_seat(ctx: Context, breakouts: Breakouts, ident: str, person: str, room: str) -> None:
    """Say that a person sits in a room now, or does not any more."""
    touch_room(ctx, room, "people")
    if breakouts.open == ident:
        ctx.touch(STAGE)
        ctx.touch_person(person, "room")


def touch_everybody(ctx: Context, plan: Plan) -> None:
    """Say that everybody in a plan's rooms is somewhere else now."""
    ctx.touch(STAGE, DESK, RECORD)
    touch_all(ctx, plan, *PARTS)
    for seats in plan.seats:
        for person in seats.room_of:
            ctx.touch_person(person, "room")
