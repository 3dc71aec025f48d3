"""What people in a room do: go to the plenary and come back, ask for help, leave three lines for those who come next."""

from __future__ import annotations

from server.core.base import MODERATOR, Context
from server.core.breakouts.commands import AskHelp, Coming, Enter, Helped, Leave, LeaveHandover
from server.core.breakouts.model import Breakouts, Handover, Help, Plan, Room
from server.core.breakouts.touches import DESK, touch_handover, touch_help, touch_presence
from server.core.refusals import Refusal

HANDOVER_LINES = 3


def leave(breakouts: Breakouts, ctx: Context, command: Leave) -> None:
    """Go to the plenary for oneself; the seat stays one's own."""
    plan, _, room = _own(breakouts, ctx, command.room)
    plan.away[ctx.by] = None
    _touch_away(breakouts, ctx, room)


def enter(breakouts: Breakouts, ctx: Context, command: Enter) -> None:
    """Go back to one's room."""
    room = breakouts.seat(ctx.by)
    plan = breakouts.running()
    if room is None or ctx.by not in plan.away:
        raise Refusal("room.none")
    del plan.away[ctx.by]
    _touch_away(breakouts, ctx, room)


def ask_help(breakouts: Breakouts, ctx: Context, command: AskHelp) -> None:
    """Ask the moderators for help, or say that it is not needed any more."""
    _, room, ident = _own(breakouts, ctx, command.room)
    if not command.on:
        room.help = None
    elif room.help is None:
        room.help = Help(ctx.at, ctx.by)
    touch_help(ctx, room.plan, ident)


def coming(breakouts: Breakouts, ctx: Context, command: Coming) -> None:
    """Tell a room that waits that one is on the way."""
    room, waiting = _waiting(breakouts, command.room)
    room.help = Help(waiting.since, waiting.person, ctx.by)
    touch_help(ctx, room.plan, command.room)


def helped(breakouts: Breakouts, ctx: Context, command: Helped) -> None:
    """A room that waited has been helped."""
    room, _ = _waiting(breakouts, command.room)
    room.help = None
    touch_help(ctx, room.plan, command.room)


def hand_over(breakouts: Breakouts, ctx: Context, command: LeaveHandover) -> None:
    """Leave lines for the next group; the host does it, where there is none or the host is not there anybody in the room."""
    ident = command.room or breakouts.room_of(ctx.by)
    if ident is None:
        raise Refusal("room.none")
    place = breakouts.sat(ctx.by, ident, command.round)
    plan, room = breakouts.room(ident)
    hosted = room.host is not None and room.host != ctx.by and breakouts.is_present(ident, room.host)
    if hosted and ctx.people[ctx.by].role != MODERATOR:
        raise Refusal("forbidden")
    text = ctx.words(command.text)
    if any(len(words.splitlines()) > HANDOVER_LINES for words in text.values()):
        raise Refusal("invalid", text="three lines")
    key = f"{ident}.{place.round}"
    plan.handovers[key] = Handover(ident, place.round, text, ctx.by, ctx.at)
    touch_handover(ctx, breakouts, key, ident, place.round)


def _own(breakouts: Breakouts, ctx: Context, believed: str | None) -> tuple[Plan, Room, str]:
    """Return the room that the sender is in; `stale` where they believe to be in another one, from which they were moved."""
    ident = breakouts.room_of(ctx.by)
    if ident is None:
        raise Refusal("room.none")
    if believed not in (None, ident):
        raise Refusal("stale", room=ident)
    room = breakouts.rooms[ident]
    return breakouts.plans[room.plan], room, ident


def _waiting(breakouts: Breakouts, ident: str) -> tuple[Room, Help]:
    _, room = breakouts.room(ident)
    if room.help is None:
        raise Refusal("room.no_help")
    return room, room.help


def _touch_away(breakouts: Breakouts, ctx: Context, room: str) -> None:
    ctx.touch_item((*DESK, breakouts.rooms[room].plan, "away"), ctx.by)
    touch_presence(ctx, breakouts, room, ctx.by)
