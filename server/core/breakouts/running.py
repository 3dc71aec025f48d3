"""Rooms while people are in them: opened, rotated, extended, closed, and what a moderator says to them."""

from __future__ import annotations

from server.core import clock
from server.core.base import Context
from server.core.breakouts.commands import CloseRooms, ExtendRooms, HideNotes, OpenRooms, Rotate, SendMessage, ShowNotes
from server.core.breakouts.model import (
    CLOSED,
    CLOSING,
    MAX_MESSAGES,
    OPEN,
    PLANNING,
    Breakouts,
    Message,
    Plan,
    Shown,
)
from server.core.breakouts.seats import leave_closed, seat_everybody
from server.core.breakouts.touches import (
    DESK,
    touch_all,
    touch_desk,
    touch_desk_room,
    touch_everybody,
    touch_in_room,
    touch_room,
    touch_shown,
    touch_stage,
    touch_stage_room,
)
from server.core.clock import Clock
from server.core.refusals import Refusal

AUTO_GRACE = 60
"""Seconds of the countdown with which rooms close by themselves."""


def open_rooms(breakouts: Breakouts, ctx: Context, command: OpenRooms) -> None:
    """Send people into the rooms of a plan, or open one room again that was closed on its own, or is about to be."""
    if command.room is not None:
        _reopen(breakouts, ctx, command.room)
        return
    ident = command.plan or _waiting(breakouts)
    plan = breakouts.plan(ident)
    if breakouts.open is not None:
        raise Refusal("rooms.open")
    if plan.state == PLANNING:
        raise Refusal("rooms.not_ready")
    if command.seconds is not None:
        plan.seconds = command.seconds
    breakouts.open, plan.state, plan.round = ident, OPEN, max(1, plan.round)
    plan.away.clear()
    for room in plan.order:
        breakouts.rooms[room].closed = False
    _start(breakouts, ctx, ident)
    ctx.write("rooms.opened", plan=ident, name=plan.name, round=plan.round)


def rotate(breakouts: Breakouts, ctx: Context, command: Rotate) -> None:
    """Bring everybody to the next round at one instant, if the sender knows which one goes on."""
    plan = breakouts.running()
    if command.round is not None and command.round != plan.round:
        raise Refusal("stale", round=str(plan.round))
    if plan.round >= plan.rounds:
        raise Refusal("rooms.last")
    _rotate(breakouts, ctx, plan, auto=False)


def extend(breakouts: Breakouts, ctx: Context, command: ExtendRooms) -> None:
    """Give the round more time, or less; a countdown ends and people stay."""
    plan = breakouts.running()
    if plan.clock.state == "idle" and command.seconds > 0:
        plan.clock = clock.started(command.seconds, ctx.at)
    elif plan.clock.state != "idle" or not (plan.closing is not None or plan.closing_rooms):
        plan.clock = clock.extended(plan.clock, command.seconds, ctx.at)
    plan.state, plan.closing = OPEN, None
    touch_desk_room(ctx, breakouts.open or "", *plan.closing_rooms)
    plan.closing_rooms.clear()
    _touch_clock(breakouts, ctx, plan)


def say(breakouts: Breakouts, ctx: Context, command: SendMessage) -> str:
    """Say something to one room or all of the open plan; return the id of the message."""
    plan = breakouts.running()
    if command.room is not None and command.room not in plan.order:
        raise Refusal("room.unknown", room="unknown")
    text = ctx.text(command.text)
    ident = ctx.new_id("m")
    plan.messages[ident] = Message(text, command.room, plan.round, ctx.at)
    over = [key for key, message in plan.messages.items() if message.room == command.room][:-MAX_MESSAGES]
    for old in over:
        del plan.messages[old]
    ctx.touch_item((*DESK, breakouts.open or "", "messages"), ident, *over)
    for room in plan.order if command.room is None else (command.room,):
        touch_in_room(ctx, room, "messages", ident, *over)
    return ident


def close(breakouts: Breakouts, ctx: Context, command: CloseRooms) -> list[str]:
    """Call people back after a countdown, or at once; return the rooms that are closed now."""
    plan = breakouts.running()
    at = ctx.at + command.grace * 1000
    if command.room is not None:
        if command.room not in plan.order:
            raise Refusal("room.unknown", room="unknown")
        if breakouts.rooms[command.room].closed:
            raise Refusal("room.closed")
        plan.closing_rooms[command.room] = at
        touch_desk_room(ctx, breakouts.open or "", command.room)
        touch_room(ctx, command.room, "clock")
    else:
        plan.state, plan.closing = CLOSING, at
        _touch_clock(breakouts, ctx, plan)
    return pass_deadline(breakouts, ctx) if not command.grace else []


def deadline(breakouts: Breakouts) -> int | None:
    """Return when something happens in the rooms by itself, in milliseconds, or None."""
    if breakouts.open is None:
        return None
    plan = breakouts.plans[breakouts.open]
    due = [plan.closing, *plan.closing_rooms.values()]
    if plan.auto and plan.state == OPEN:
        due.append(plan.clock.ends)
    return min((at for at in due if at is not None), default=None)


def pass_deadline(breakouts: Breakouts, ctx: Context) -> list[str]:
    """Let happen what is due by now, one step; return the rooms that closed with it."""
    if breakouts.open is None:
        return []
    plan = breakouts.plans[breakouts.open]
    if plan.closing is not None and plan.closing <= ctx.at:
        return finish(breakouts, ctx)
    shut = [room for room, at in plan.closing_rooms.items() if at <= ctx.at]
    for room in shut:
        del plan.closing_rooms[room]
        found = breakouts.rooms[room]
        found.closed, found.help = True, None
        _touch_room(breakouts, ctx, plan, room)
    if plan.auto and plan.state == OPEN and _due(plan.clock.ends, ctx.at):
        if plan.round < plan.rounds:
            _rotate(breakouts, ctx, plan, auto=True)
        else:
            plan.state, plan.closing = CLOSING, ctx.at + AUTO_GRACE * 1000
            _touch_clock(breakouts, ctx, plan)
    return shut


def finish(breakouts: Breakouts, ctx: Context) -> list[str]:
    """Everybody is back in the plenary; people and notes stay with the plan. Return the rooms that closed."""
    if breakouts.open is None:
        return []
    ident, plan = breakouts.open, breakouts.plans[breakouts.open]
    breakouts.open, plan.state, plan.closing, plan.clock = None, CLOSED, None, Clock()
    plan.away.clear()
    _forget_waiting(breakouts, plan)
    touch_everybody(ctx, breakouts, ident)
    ctx.write("rooms.closed", plan=ident, name=plan.name)
    return list(plan.order)


def show(breakouts: Breakouts, ctx: Context, command: ShowNotes) -> None:
    """Put a room's notes on the screen, of one round or of all."""
    room = breakouts.rooms.get(command.room)
    if room is None:
        raise Refusal("room.unknown", room="unknown")
    breakouts.shown = Shown(room.plan, command.room, command.round)
    touch_shown(ctx)


def hide(breakouts: Breakouts, ctx: Context, command: HideNotes) -> None:
    """Take them off the screen."""
    breakouts.shown = None
    touch_shown(ctx)


def _rotate(breakouts: Breakouts, ctx: Context, plan: Plan, *, auto: bool) -> None:
    ident = breakouts.open or ""
    plan.round += 1
    plan.state, plan.closing = OPEN, None
    plan.away.clear()
    _forget_waiting(breakouts, plan)
    leave_closed(breakouts, ctx, ident)
    _start(breakouts, ctx, ident)
    ctx.write("rooms.rotated", plan=ident, name=plan.name, round=plan.round, auto=auto)


def _forget_waiting(breakouts: Breakouts, plan: Plan) -> None:
    """People leave their rooms: no countdown and no call for help outlives that."""
    plan.closing_rooms.clear()
    for room in plan.order:
        breakouts.rooms[room].help = None


def _start(breakouts: Breakouts, ctx: Context, ident: str) -> None:
    """A round begins: everybody who came meanwhile has a seat, the clock runs, and no notes of a room stand before where people go."""
    plan = breakouts.plans[ident]
    if breakouts.shown is not None:
        breakouts.shown = None
        touch_shown(ctx)
    plan.clock = clock.started(plan.seconds, ctx.at)
    seat_everybody(breakouts, ctx, ident)
    touch_everybody(ctx, breakouts, ident)


def _reopen(breakouts: Breakouts, ctx: Context, room: str) -> None:
    plan = breakouts.running()
    if room not in plan.order:
        raise Refusal("room.unknown", room="unknown")
    found = breakouts.rooms[room]
    if not found.closed and room not in plan.closing_rooms:
        raise Refusal("room.not_closed")
    found.closed = False
    plan.closing_rooms.pop(room, None)
    _touch_room(breakouts, ctx, plan, room)


def _touch_room(breakouts: Breakouts, ctx: Context, plan: Plan, room: str) -> None:
    """A room opens or closes: its people come or go."""
    ident = breakouts.open or ""
    touch_stage_room(ctx, breakouts, ident, room)
    touch_desk_room(ctx, ident, room)
    touch_room(ctx, room, "clock", "help")
    for person in plan.seats[plan.now].in_room[room]:
        ctx.touch_person(person, "room")


def _touch_clock(breakouts: Breakouts, ctx: Context, plan: Plan) -> None:
    ident = breakouts.open or ""
    touch_stage(ctx, breakouts, ident, "clock", "closing")
    touch_desk(ctx, ident, "state", "clock", "closing")
    touch_all(ctx, plan, "clock")


def _due(at: int | None, now: int) -> bool:
    return at is not None and at <= now


def _waiting(breakouts: Breakouts) -> str:
    """Return the newest plan that can be opened."""
    for ident in reversed(breakouts.plans):
        plan = breakouts.plans[ident]
        if not plan.dropped and not plan.running:
            return ident
    raise Refusal("rooms.open" if breakouts.open else "rooms.unknown")
