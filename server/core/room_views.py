"""What documents say of breakout rooms: what the rooms say of themselves, together with the notes that were written in them.

Plans grow with people, rooms, rounds and notes, so all of this is also built piece by piece: `COLLECTIONS` and `ROOM_COLLECTIONS` say how.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from server.core import breakouts, notes, polls
from server.core.base import Path
from server.core.breakouts import views as rooms
from server.core.notes import Note
from server.core.state import State

ANY = "*"
"""Stands in the name of a collection for a key: of a plan, or of a round."""

Object = dict[str, Any]


def collection(path: Path) -> tuple[Callable[..., Any], tuple[str, ...]]:
    """Return how the items of a collection are built, and the keys in its name that tell which of its kind it is."""
    named, keyed = (*path[:2], ANY, *path[3:]), (*path[:2], ANY, *path[3:4], ANY)
    if path in COLLECTIONS:
        return COLLECTIONS[path], ()
    if named in COLLECTIONS:
        return COLLECTIONS[named], path[2:3]
    return COLLECTIONS[keyed], path[2::2]


def stage(state: State) -> Object:
    """Return `stage.rooms`."""
    return {part: _stage_part(state, part) for part in ("open", "shown")}


def desk(state: State) -> Object:
    """Return `desk.rooms`: every plan that was not dropped, with who sits where."""
    return {ident: _desk_plan(state, ident) for ident, plan in state.breakouts.plans.items() if not plan.dropped}


def record(state: State) -> Object:
    """Return `record.rooms`; dropped plans are in it."""
    return {ident: _record_plan(state, ident) for ident in state.breakouts.plans}


ROOM: Mapping[str, Callable[[State, str], Any]] = {
    "room": lambda state, room: rooms.room(state.breakouts, room, state.session.id, state.session.link),
    "clock": lambda state, room: rooms.room_clock(state.breakouts, room),
    "people": lambda state, room: rooms.room_people(state.breakouts, room, state.people.items),
    "notes": lambda state, room: _room_notes(state, room),
    "earlier": lambda state, room: _room_earlier(state, room),
    "handover": lambda state, room: rooms.room_handover(state.breakouts, room, state.people.items),
    "messages": lambda state, room: rooms.room_messages(state.breakouts, room),
    "help": lambda state, room: rooms.room_help(state.breakouts, room, state.people.items),
    "polls": lambda state, room: polls.room(state.polls, room),
}
"""The slices of a room's document, by the room's id."""


def origin(state: State, note: Note) -> Object | None:
    """Return where a note of the record was lifted from."""
    if note.came_from is None:
        return None
    place = note.came_from
    where = {"plan": place.plan, "room": place.room, **called(state, place.room), "round": place.round}
    return {"note": note.origin, **where}


def called(state: State, room: str) -> Object:
    """Return what a room is called where something else is told of it."""
    found = state.breakouts.rooms[room]
    return {"number": found.number, "name": found.name}


def _stage_part(state: State, part: str) -> Object | None:
    if part == "open":
        return rooms.stage(state.breakouts)
    shown = rooms.shown(state.breakouts)
    if shown is not None:
        sheet = notes.on_sheet(state.notes, shown["room"], shown["round"])
        shown["notes"] = {ident: notes.on_screen(note) for ident, note in sheet.items()}
    return shown


def _shown_note(state: State, ident: str) -> Object | None:
    shown, note = state.breakouts.shown, state.notes.items.get(ident)
    if shown is None or note is None or note.place is None:
        return None
    there = note.place.room == shown.room and shown.round in (None, note.place.round)
    return notes.on_screen(note) if there else None


def _desk_plan(state: State, plan: str) -> Object | None:
    found = state.breakouts.plans[plan]
    if found.dropped:
        return None
    return {**rooms.desk_head(found), **{field: build(state, plan) for field, build in _DESK_PLAN.items()}}


_DESK_PLAN: Mapping[str, Callable[[State, str], Any]] = {
    "rooms": lambda state, plan: {room: _desk_room(state, plan, room) for room in state.breakouts.plans[plan].order},
    "seats": lambda state, plan: rooms.desk_seats(state.breakouts.plans[plan]),
    "away": lambda state, plan: dict.fromkeys(state.breakouts.plans[plan].away, True),
    "messages": lambda state, plan: rooms.desk_messages(state.breakouts.plans[plan]),
    "quality": lambda state, plan: rooms.quality(state.breakouts.plans[plan]),
}
"""The fields of a plan on the desk that are more than a value of the plan's own."""


def _desk_field(state: State, plan: str, field: str) -> Any:
    build = _DESK_PLAN.get(field)
    return rooms.desk_head(state.breakouts.plans[plan])[field] if build is None else build(state, plan)


def _desk_room(state: State, plan: str, room: str) -> Object:
    count, last = notes.written(state.notes, room)
    return {**rooms.desk_room(state.breakouts, room, state.people.items), "notes": count, "last": last}


def _record_plan(state: State, plan: str) -> Object:
    found = state.breakouts.plans[plan]
    return {**rooms.record_head(found), **{field: build(state, plan) for field, build in _RECORD_PLAN.items()}}


_RECORD_PLAN: Mapping[str, Callable[[State, str], Any]] = {
    "rooms": lambda state, plan: {
        room: rooms.record_room(state.breakouts, room) for room in state.breakouts.plans[plan].order
    },
    "notes": lambda state, plan: {
        ident: notes.in_record(note, note.place, state.people.items)
        for room in state.breakouts.plans[plan].order
        for ident, note in notes.on_sheet(state.notes, room).items()
        if note.place is not None
    },
    "handovers": lambda state, plan: rooms.record_handovers(state.breakouts.plans[plan], state.people.items),
}
"""The fields of a plan in the record that are more than a value of the plan's own."""


def _record_field(state: State, plan: str, field: str) -> Any:
    build = _RECORD_PLAN.get(field)
    return rooms.record_head(state.breakouts.plans[plan])[field] if build is None else build(state, plan)


def _record_note(state: State, plan: str, ident: str) -> Object | None:
    note = state.notes.items.get(ident)
    if note is None or note.place is None or note.place.plan != plan:
        return None
    return notes.in_record(note, note.place, state.people.items)


def _room_notes(state: State, room: str) -> Object:
    place = state.breakouts.here(room)
    return {
        ident: notes.in_room(note, place, state.people.items)
        for ident, note in notes.on_sheet(state.notes, room, place.round).items()
    }


def _room_note(state: State, room: str, ident: str) -> Object | None:
    place, note = state.breakouts.here(room), state.notes.items.get(ident)
    return None if note is None or note.place != place else notes.in_room(note, place, state.people.items)


def _room_earlier(state: State, room: str) -> Object:
    """Return what earlier rounds wrote where a room's people are now: the sheets and the handovers that travel to it."""
    plan = state.breakouts.plans[state.breakouts.rooms[room].plan]
    welcome = {
        ident: _welcome(state, note)
        for round_ in range(1, plan.now + 1)
        for other in plan.alike(room, plan.now + 1, round_)
        for ident, note in notes.on_sheet(state.notes, other, round_).items()
    }
    return {"notes": welcome, "handovers": rooms.room_handovers(state.breakouts, room, state.people.items)}


def _earlier_note(state: State, room: str, ident: str) -> Object | None:
    note = state.notes.items.get(ident)
    if note is None or note.place is None:
        return None
    return _welcome(state, note) if state.breakouts.travels(note.place.room, note.place.round, room) else None


def _welcome(state: State, note: Note) -> Object | None:
    """Return a note as those see it who come later to what it is about."""
    if note.place is None:
        return None
    known = state.breakouts.rooms[note.place.room]
    seen = notes.in_room(note, note.place, state.people.items)
    return {**seen, "room": note.place.room, "number": known.number, "from": known.name}


def _poll_room(state: State, poll: str, room: str) -> Object:
    return {**polls.room_row(state.polls.items[poll], room), **called(state, room)}


COLLECTIONS: Mapping[Path, Callable[..., Any]] = {
    breakouts.STAGE: _stage_part,
    (*breakouts.STAGE, "open"): lambda state, field: rooms.stage_head(state.breakouts)[field],
    (*breakouts.STAGE, "open", "rooms"): lambda state, room: rooms.stage_room(state.breakouts, room),
    (*breakouts.STAGE, "shown", "notes"): _shown_note,
    breakouts.DESK: _desk_plan,
    (*breakouts.DESK, ANY): _desk_field,
    (*breakouts.DESK, ANY, "rooms"): _desk_room,
    (*breakouts.DESK, ANY, "seats", ANY): lambda state, plan, round_, room: (
        state.breakouts.plans[plan].seats[int(round_) - 1].people(room)
    ),
    (*breakouts.DESK, ANY, "away"): lambda state, plan, person: person in state.breakouts.plans[plan].away or None,
    (*breakouts.DESK, ANY, "messages"): lambda state, plan, key: rooms.desk_message(state.breakouts.plans[plan], key),
    breakouts.RECORD: _record_plan,
    (*breakouts.RECORD, ANY): _record_field,
    (*breakouts.RECORD, ANY, "rooms"): lambda state, plan, room: rooms.record_room(state.breakouts, room),
    (*breakouts.RECORD, ANY, "notes"): _record_note,
    (*breakouts.RECORD, ANY, "handovers"): lambda state, plan, key: rooms.record_handover(
        state.breakouts.plans[plan], key, state.people.items
    ),
    (*polls.DESK, ANY): lambda state, poll, field: polls.desk_field(state.polls, poll, field),
    (*polls.DESK, ANY, "results"): lambda state, poll, part: polls.results_part(state.polls.items[poll], part),
    (*polls.DESK, ANY, "results", "rooms"): _poll_room,
}
"""How one item of a collection is built, given the state, the keys on the way and the item's own; None where there is none."""

ROOM_COLLECTIONS: Mapping[Path, Callable[[State, str, str], Any]] = {
    ("people",): lambda state, room, person: rooms.room_person(state.breakouts, room, person, state.people.items),
    ("notes",): _room_note,
    ("earlier", "notes"): _earlier_note,
    ("earlier", "handovers"): lambda state, room, key: rooms.room_earlier_handover(
        state.breakouts, room, key, state.people.items
    ),
    ("messages",): lambda state, room, key: rooms.room_message(state.breakouts, room, key),
    ("polls",): lambda state, room, poll: polls.room_item(state.polls, room, poll),
}
"""The same within the document of a room, given the state, the room and the item's key."""
