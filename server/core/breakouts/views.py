"""What documents say of breakout rooms. Notes and polls of a room belong to other capabilities and are added by `server.core.views`."""

from __future__ import annotations

from typing import Any

import msgspec

from server.core import clock
from server.core.base import People
from server.core.breakouts.model import Breakouts, Handover, Help, Plan
from server.core.breakouts.seats import places_left
from server.core.links import address


def stage(breakouts: Breakouts, people: People) -> dict[str, Any] | None:
    """Return `stage.rooms.open`: the rooms that people are in, without anybody's name."""
    if breakouts.open is None:
        return None
    plan = breakouts.plans[breakouts.open]
    rooms = {
        ident: {
            **_room(breakouts, plan, ident),
            "people": 0 if breakouts.rooms[ident].closed else len(breakouts.present(ident, people)),
            "places": places_left(plan, ident),
        }
        for ident in plan.order
    }
    return {
        "plan": breakouts.open,
        "name": plan.name,
        "assign": plan.assign,
        "rotate": plan.rotate,
        "round": plan.round,
        "rounds": plan.rounds,
        "clock": clock.view(plan.clock),
        "closing": plan.closing,
        "order": list(plan.order),
        "rooms": rooms,
    }


def shown(breakouts: Breakouts) -> dict[str, Any] | None:
    """Return `stage.rooms.shown` without its notes."""
    what = breakouts.shown
    if what is None:
        return None
    room = breakouts.rooms[what.room]
    return {"plan": what.plan, "room": what.room, "number": room.number, "name": room.name, "round": what.round}


def desk(breakouts: Breakouts, people: People) -> dict[str, Any]:
    """Return `desk.rooms`: every plan that was not dropped, with who sits where."""
    return {ident: _desk_plan(breakouts, plan, people) for ident, plan in breakouts.plans.items() if not plan.dropped}


def record(breakouts: Breakouts, people: People) -> dict[str, Any]:
    """Return `record.rooms` without the notes; dropped plans are in it."""
    return {
        ident: {
            "name": plan.name,
            "made": plan.made,
            "dropped": plan.dropped,
            "rotate": plan.rotate,
            "round": plan.round,
            "rounds": plan.rounds,
            "order": list(plan.order),
            "rooms": {
                room: {
                    "number": breakouts.rooms[room].number,
                    "name": breakouts.rooms[room].name,
                    "questions": [plan.task(room, round_).question for round_ in range(1, plan.rounds + 1)],
                }
                for room in plan.order
            },
            "handovers": {key: _handover(lines, people) for key, lines in plan.handovers.items()},
        }
        for ident, plan in breakouts.plans.items()
    }


def room(breakouts: Breakouts, ident: str, session: str, template: str | None) -> dict[str, Any]:
    """Return `room` of a room's document; `template` is the session's template of video links."""
    found = breakouts.rooms[ident]
    plan = breakouts.plans[found.plan]
    topic = plan.task(ident, plan.round)
    return {
        "id": ident,
        "plan": found.plan,
        "number": found.number,
        "name": found.name,
        "task": topic.task,
        "question": topic.question,
        "host": found.host,
        "round": plan.now + 1,
        "rounds": plan.rounds,
        "rotate": plan.rotate,
        "assign": plan.assign,
        "link": None if template is None else address(template, session, ident),
    }


def room_clock(breakouts: Breakouts, ident: str) -> dict[str, Any]:
    """Return `clock` of a room's document: the round's, and when this room closes."""
    found = breakouts.rooms[ident]
    plan = breakouts.plans[found.plan]
    ends = [at for at in (plan.closing, found.closing) if at is not None]
    return {**clock.view(plan.clock), "closing": min(ends, default=None)}


def room_people(breakouts: Breakouts, ident: str, people: People) -> dict[str, Any]:
    """Return `people` of a room's document: who is there now."""
    host = breakouts.rooms[ident].host
    return {
        person: {"name": people[person].name, "group": people[person].group, "host": person == host}
        for person in breakouts.present(ident, people)
    }


def room_messages(breakouts: Breakouts, ident: str) -> dict[str, Any]:
    """Return `messages` of a room's document."""
    plan = breakouts.plans[breakouts.rooms[ident].plan]
    return {
        key: {"text": message.text, "round": message.round, "at": message.at}
        for key, message in plan.messages.items()
        if message.room in (None, ident)
    }


def room_help(breakouts: Breakouts, ident: str, people: People) -> dict[str, Any] | None:
    """Return `help` of a room's document."""
    return _help(breakouts.rooms[ident].help, people)


def room_handover(breakouts: Breakouts, ident: str, people: People) -> dict[str, Any] | None:
    """Return `handover` of a room's document: what this group leaves."""
    plan = breakouts.plans[breakouts.rooms[ident].plan]
    lines = plan.handovers.get(f"{ident}.{plan.round}")
    return None if lines is None else {"text": lines.text, "name": people[lines.person].name, "at": lines.at}


def room_handovers(breakouts: Breakouts, ident: str, people: People) -> dict[str, Any]:
    """Return the handovers that earlier rounds left on what this room works on now."""
    plan = breakouts.plans[breakouts.rooms[ident].plan]
    return {
        key: {
            **_handover(lines, people),
            "number": breakouts.rooms[lines.room].number,
            "from": breakouts.rooms[lines.room].name,
        }
        for round_ in range(1, plan.now + 1)
        for room in plan.alike(ident, plan.now + 1, round_)
        if (lines := plan.handovers.get(key := f"{room}.{round_}")) is not None
    }


def _desk_plan(breakouts: Breakouts, plan: Plan, people: People) -> dict[str, Any]:
    rooms = {
        ident: {
            **_room(breakouts, plan, ident),
            "host": breakouts.rooms[ident].host,
            "closing": breakouts.rooms[ident].closing,
            "help": _help(breakouts.rooms[ident].help, people),
        }
        for ident in plan.order
    }
    return {
        "name": plan.name,
        "state": plan.state,
        "assign": plan.assign,
        "rotate": plan.rotate,
        "auto": plan.auto,
        "seconds": plan.seconds,
        "places": plan.places,
        "round": plan.round,
        "rounds": plan.rounds,
        "made": plan.made,
        "clock": clock.view(plan.clock),
        "closing": plan.closing,
        "order": list(plan.order),
        "rooms": rooms,
        "seats": {
            str(number): {room: seats.people(room) for room in plan.order} for number, seats in enumerate(plan.seats, 1)
        },
        "away": dict.fromkeys(plan.away, True),
        "messages": {
            key: {"text": message.text, "room": message.room, "round": message.round, "at": message.at}
            for key, message in plan.messages.items()
        },
        "quality": _quality(plan),
    }


def _room(breakouts: Breakouts, plan: Plan, ident: str) -> dict[str, Any]:
    """Return what everybody may know of a room in this round."""
    room, topic = breakouts.rooms[ident], plan.task(ident, plan.round)
    return {
        "number": room.number,
        "name": room.name,
        "task": topic.task,
        "question": topic.question,
        "closed": room.closed,
    }


def _quality(plan: Plan) -> dict[str, Any] | None:
    """Return how good a plan is, as it was computed or last changed by hand, with the sizes that rooms have now."""
    if plan.quality is None:
        return None
    sizes = [len(seats.in_room.get(room, ())) for seats in plan.seats[plan.now :] for room in plan.order]
    return {**msgspec.to_builtins(plan.quality), "smallest": min(sizes), "largest": max(sizes)}


def _help(asked: Help | None, people: People) -> dict[str, Any] | None:
    if asked is None:
        return None
    coming = None if asked.coming is None else {"person": asked.coming, "name": people[asked.coming].name}
    return {"since": asked.since, "person": asked.person, "name": people[asked.person].name, "coming": coming}


def _handover(lines: Handover, people: People) -> dict[str, Any]:
    return {
        "room": lines.room,
        "round": lines.round,
        "text": lines.text,
        "name": people[lines.person].name,
        "at": lines.at,
    }
