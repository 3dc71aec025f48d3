"""What documents say of breakout rooms. Notes and polls belong to other capabilities: `server.core.room_views` adds them."""

from __future__ import annotations

from typing import Any

import msgspec

from server.core import clock
from server.core.base import People
from server.core.breakouts.model import Breakouts, Handover, Help, Plan
from server.core.breakouts.seats import places_left
from server.core.links import address


def stage(breakouts: Breakouts) -> dict[str, Any] | None:
    """Return `stage.rooms.open`: the rooms that people are in, without anybody's name."""
    if breakouts.open is None:
        return None
    order = breakouts.plans[breakouts.open].order
    return {**stage_head(breakouts), "rooms": {room: stage_room(breakouts, room) for room in order}}


def stage_head(breakouts: Breakouts) -> dict[str, Any]:
    """Return the same without the rooms, while there is an open plan."""
    plan = breakouts.running()
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
    }


def stage_room(breakouts: Breakouts, ident: str) -> dict[str, Any]:
    """Return one room as everybody sees it."""
    plan = breakouts.plans[breakouts.rooms[ident].plan]
    return {
        **_room(breakouts, plan, ident),
        "people": 0 if breakouts.rooms[ident].closed else len(breakouts.present(ident)),
        "places": places_left(plan, ident),
    }


def shown(breakouts: Breakouts) -> dict[str, Any] | None:
    """Return `stage.rooms.shown` without its notes."""
    what = breakouts.shown
    if what is None:
        return None
    room = breakouts.rooms[what.room]
    return {"plan": what.plan, "room": what.room, "number": room.number, "name": room.name, "round": what.round}


def desk_head(plan: Plan) -> dict[str, Any]:
    """Return what `desk.rooms` says of a plan, without its rooms and people."""
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
    }


def desk_room(breakouts: Breakouts, ident: str, people: People) -> dict[str, Any]:
    """Return one room as the moderators see it, without its people and notes."""
    room = breakouts.rooms[ident]
    plan = breakouts.plans[room.plan]
    return {
        **_room(breakouts, plan, ident),
        "host": room.host,
        "closing": plan.closing_rooms.get(ident),
        "help": _help(room.help, people),
    }


def desk_seats(plan: Plan) -> dict[str, Any]:
    """Return who sits where, by round and room."""
    return {
        str(number): {room: seats.people(room) for room in plan.order} for number, seats in enumerate(plan.seats, 1)
    }


def desk_messages(plan: Plan) -> dict[str, Any]:
    """Return what was said to rooms of a plan."""
    return {key: desk_message(plan, key) for key in plan.messages}


def desk_message(plan: Plan, key: str) -> dict[str, Any] | None:
    """Return one message; None for one that was dropped."""
    message = plan.messages.get(key)
    if message is None:
        return None
    return {"text": message.text, "room": message.room, "round": message.round, "at": message.at}


def quality(plan: Plan) -> dict[str, Any] | None:
    """Return how good a plan is, as it was computed or last changed by hand, with the sizes that rooms have now."""
    if plan.quality is None:
        return None
    rounds = [seats.sizes.values() for seats in plan.seats[plan.now :]]
    sizes = {"smallest": min(map(min, rounds)), "largest": max(map(max, rounds))}
    return {**msgspec.to_builtins(plan.quality), **sizes}


def record_head(plan: Plan) -> dict[str, Any]:
    """Return what `record.rooms` says of a plan, without its rooms and what was written in them."""
    return {
        "name": plan.name,
        "made": plan.made,
        "dropped": plan.dropped,
        "rotate": plan.rotate,
        "round": plan.round,
        "rounds": plan.rounds,
        "order": list(plan.order),
    }


def record_room(breakouts: Breakouts, ident: str) -> dict[str, Any]:
    """Return one room as the record names it."""
    room = breakouts.rooms[ident]
    plan = breakouts.plans[room.plan]
    questions = [plan.task(ident, round_).question for round_ in range(1, plan.rounds + 1)]
    return {"number": room.number, "name": room.name, "questions": questions}


def record_handovers(plan: Plan, people: People) -> dict[str, Any]:
    """Return the lines that groups left for those who came next."""
    return {key: record_handover(plan, key, people) for key in plan.handovers}


def record_handover(plan: Plan, key: str, people: People) -> dict[str, Any] | None:
    """Return the lines that one group left."""
    lines = plan.handovers.get(key)
    return None if lines is None else _handover(lines, people)


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
    ends = [at for at in (plan.closing, plan.closing_rooms.get(ident)) if at is not None]
    return {**clock.view(plan.clock), "closing": min(ends, default=None)}


def room_people(breakouts: Breakouts, ident: str, people: People) -> dict[str, Any]:
    """Return `people` of a room's document: who is there now."""
    return {person: _member(breakouts, ident, person, people) for person in breakouts.present(ident)}


def room_person(breakouts: Breakouts, ident: str, person: str, people: People) -> dict[str, Any] | None:
    """Return one of them; None for somebody who is not there."""
    return _member(breakouts, ident, person, people) if breakouts.is_present(ident, person) else None


def room_messages(breakouts: Breakouts, ident: str) -> dict[str, Any]:
    """Return `messages` of a room's document."""
    plan = breakouts.plans[breakouts.rooms[ident].plan]
    return {key: room_message(breakouts, ident, key) for key, m in plan.messages.items() if m.room in (None, ident)}


def room_message(breakouts: Breakouts, ident: str, key: str) -> dict[str, Any] | None:
    """Return one message; None for one that was dropped, or said to another room."""
    message = breakouts.plans[breakouts.rooms[ident].plan].messages.get(key)
    if message is None or message.room not in (None, ident):
        return None
    return {"text": message.text, "round": message.round, "at": message.at}


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
        key: _left(breakouts, lines, people)
        for round_ in range(1, plan.now + 1)
        for room in plan.alike(ident, plan.now + 1, round_)
        if (lines := plan.handovers.get(key := f"{room}.{round_}")) is not None
    }


def room_earlier_handover(breakouts: Breakouts, ident: str, key: str, people: People) -> dict[str, Any] | None:
    """Return one of them; None for lines that do not travel here."""
    lines = breakouts.plans[breakouts.rooms[ident].plan].handovers.get(key)
    if lines is None or not breakouts.travels(lines.room, lines.round, ident):
        return None
    return _left(breakouts, lines, people)


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


def _help(asked: Help | None, people: People) -> dict[str, Any] | None:
    if asked is None:
        return None
    coming = None if asked.coming is None else {"person": asked.coming, "name": people[asked.coming].name}
    return {"since": asked.since, "person": asked.person, "name": people[asked.person].name, "coming": coming}


def _member(breakouts: Breakouts, ident: str, person: str, people: People) -> dict[str, Any]:
    who = people[person]
    return {"name": who.name, "group": who.group, "host": person == breakouts.rooms[ident].host}


def _left(breakouts: Breakouts, lines: Handover, people: People) -> dict[str, Any]:
    room = breakouts.rooms[lines.room]
    return {**_handover(lines, people), "number": room.number, "from": room.name}


def _handover(lines: Handover, people: People) -> dict[str, Any]:
    return {
        "room": lines.room,
        "round": lines.round,
        "text": lines.text,
        "name": people[lines.person].name,
        "at": lines.at,
    }
