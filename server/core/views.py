"""Views: the documents of each audience, built slice by slice from the state.

A document is an object of slices. `SLICES` names for every document the function that builds each slice, so that only what an entry
touched is built again. Views share texts and feed lines with the state, which never changes those in place; everything else is built
fresh, so a view taken before an entry still says what was true before it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

import msgspec

from server.core import agenda, breakouts, notes, people, polls, questions, session, speakers
from server.core.base import MODERATOR, PARTICIPANT, RAPPORTEUR, SCREEN, Slice
from server.core.breakouts import views as rooms
from server.core.notes import Note
from server.core.state import State

Document = dict[str, Any]
Builder = Callable[[State], Any]

STAGE = "stage"
DESK = "desk"
RECORD = "record"
ME = "me"
_PREFIX = breakouts.document("")

SLICES: Mapping[str, Mapping[str, Builder]] = {
    STAGE: {
        "session": lambda state: session.stage(state.session),
        "agenda": lambda state: agenda.stage(state.agenda),
        "speakers": lambda state: speakers.stage(state.speakers, state.people.items),
        "questions": lambda state: questions.stage(state.questions, state.people.items),
        "polls": lambda state: _polls(state, polls.stage(state.polls)),
        "rooms": lambda state: _stage_rooms(state),
        "announcement": lambda state: session.stage_announcement(state.session),
    },
    DESK: {
        "people": lambda state: people.desk(state.people, state.speakers.spoken),
        "hands": lambda state: speakers.desk_hands(state.speakers),
        "questions": lambda state: questions.desk(state.questions, state.people.items),
        "polls": lambda state: _polls(state, polls.desk(state.polls)),
        "rooms": lambda state: _desk_rooms(state),
        "settings": lambda state: session.desk_settings(state.session),
    },
    RECORD: {
        "notes": lambda state: notes.record(state.notes, state.people.items, lambda note: _origin(state, note)),
        "rooms": lambda state: _record_rooms(state),
        "feed": lambda state: dict(state.feed),
        "speaking": lambda state: speakers.record(state.speakers, state.people.items),
    },
}


class Items(msgspec.Struct, frozen=True):
    """How one item of a slice is built (None where there is none), and under which field of the slice items stand, if not in itself."""

    build: Callable[[State, str], dict[str, Any] | None]
    field: str | None = None


ITEMS: Mapping[Slice, Items] = {
    people.DESK: Items(lambda state, item: people.desk_item(state.people, state.speakers.spoken, item)),
    speakers.DESK_HANDS: Items(lambda state, item: speakers.desk_hand(state.speakers, item)),
    questions.STAGE: Items(
        lambda state, item: questions.stage_item(state.questions, state.people.items, item), "items"
    ),
    questions.DESK: Items(lambda state, item: questions.desk_item(state.questions, state.people.items, item)),
    polls.STAGE: Items(lambda state, item: _with_rooms(state, polls.stage_item(state.polls, item))),
    polls.DESK: Items(lambda state, item: _with_rooms(state, polls.desk_item(state.polls, item))),
    notes.RECORD: Items(
        lambda state, item: notes.record_item(state.notes, state.people.items, lambda note: _origin(state, note), item)
    ),
    ("record", "feed"): Items(lambda state, item: state.feed.get(item)),
}
"""The slices that grow with a session: an entry may touch single items of them instead of the whole."""

AUDIENCES: Mapping[str, tuple[str, ...]] = {
    PARTICIPANT: (STAGE,),
    SCREEN: (STAGE,),
    MODERATOR: (STAGE, DESK, RECORD),
    RAPPORTEUR: (STAGE, RECORD),
}
"""The shared documents of each role; everybody has `me` besides."""


_ROOM: Mapping[str, Callable[[State, str], Any]] = {
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


def is_room(name: str) -> bool:
    """Say whether a document is that of a breakout room."""
    return name.startswith(_PREFIX)


def parts(name: str) -> Mapping[str, Builder]:
    """Return what builds each slice of a shared document."""
    if not is_room(name):
        return SLICES[name]
    room = name.removeprefix(_PREFIX)
    return {part: partial(_build_of_room, build, room) for part, build in _ROOM.items()}


def build(state: State, name: str, part: str) -> Any:
    """Return one slice of a shared document."""
    if is_room(name):
        return _ROOM[part](state, name.removeprefix(_PREFIX))
    return SLICES[name][part](state)


def shared(state: State, name: str) -> Document:
    """Return one shared document whole."""
    return {part: build(state) for part, build in parts(name).items()}


def room(state: State, person: str) -> str | None:
    """Return the name of the document of the room that a person is in now; None in the plenary."""
    ident = state.breakouts.room_of(person)
    return None if ident is None else breakouts.document(ident)


def names(state: State, person: str) -> tuple[str, ...]:
    """Return the shared documents of a person: those of the role, and the room's."""
    role, own = AUDIENCES[state.people.items[person].role], room(state, person)
    return role if own is None else (*role, own)


def _who(state: State, person: str) -> Document:
    who = state.people.items[person]
    return {"person": person, "name": who.name, "group": who.group, "role": who.role, "language": who.language}


def _ballots(state: State, person: str) -> Document:
    return {"ballots": {poll: list(answer) for poll, answer in state.polls.ballots_of.get(person, {}).items()}}


ME_PARTS: Mapping[str, Callable[[State, str], Document]] = {
    "who": _who,
    "room": lambda state, person: {"room": state.breakouts.room_of(person), "seat": state.breakouts.seat(person)},
    "hand": lambda state, person: {"hand": speakers.own(state.speakers, person)},
    "ballots": _ballots,
    "voted": lambda state, person: {"voted": dict(state.questions.voted.get(person, {}))},
    "asked": lambda state, person: {"asked": questions.own(state.questions, person)},
}
"""What a person's own document is put together from; an entry touches only some of it. Who somebody is and where decides what they read."""


def me(state: State, person: str) -> Document:
    """Return the document of one person."""
    document: Document = {}
    for build in ME_PARTS.values():
        document |= build(state, person)
    return document


def documents(state: State, person: str) -> dict[str, Document]:
    """Return all documents of one person: those of the role, and the person's own."""
    return {**{name: shared(state, name) for name in names(state, person)}, ME: me(state, person)}


def _build_of_room(build: Callable[[State, str], Any], room: str, state: State) -> Any:
    return build(state, room)


def _polls(state: State, view: dict[str, Any]) -> dict[str, Any]:
    for poll in view.values():
        _with_rooms(state, poll)
    return view


def _with_rooms(state: State, poll: dict[str, Any] | None) -> dict[str, Any] | None:
    """Name the rooms of results that are given by room: whoever came later has not seen them."""
    for ident, row in (poll or {}).get("results", {}).get("rooms", {}).items():
        room = state.breakouts.rooms[ident]
        row["number"], row["name"] = room.number, room.name
    return poll


def _stage_rooms(state: State) -> dict[str, Any]:
    shown = rooms.shown(state.breakouts)
    if shown is not None:
        sheet = notes.on_sheet(state.notes, shown["room"], shown["round"])
        shown["notes"] = {
            ident: {"kind": note.kind, "text": note.text, "round": note.place.round, "at": note.at}
            for ident, note in sheet.items()
            if note.place is not None
        }
    return {"open": rooms.stage(state.breakouts, state.people.items), "shown": shown}


def _desk_rooms(state: State) -> dict[str, Any]:
    view = rooms.desk(state.breakouts, state.people.items)
    for plan in view.values():
        for ident, room in plan["rooms"].items():
            sheet = notes.on_sheet(state.notes, ident)
            room["notes"] = len(sheet)
            room["last"] = max((note.at for note in sheet.values()), default=None)
    return view


def _record_rooms(state: State) -> dict[str, Any]:
    view = rooms.record(state.breakouts, state.people.items)
    for plan in view.values():
        plan["notes"] = {
            ident: notes.in_record(note, note.place, state.people.items)
            for room in plan["order"]
            for ident, note in notes.on_sheet(state.notes, room).items()
            if note.place is not None
        }
    return view


def _room_notes(state: State, room: str) -> dict[str, Any]:
    place = state.breakouts.here(room)
    return {
        ident: notes.in_room(note, place, state.people.items)
        for ident, note in notes.on_sheet(state.notes, room, place.round).items()
    }


def _room_earlier(state: State, room: str) -> dict[str, Any]:
    """Return what earlier rounds wrote where a room's people are now: the sheets and the handovers that travel to it."""
    plan = state.breakouts.plans[state.breakouts.rooms[room].plan]
    welcome: dict[str, Any] = {}
    for round_ in range(1, plan.now + 1):
        for other in plan.alike(room, plan.now + 1, round_):
            known = state.breakouts.rooms[other]
            for ident, note in notes.on_sheet(state.notes, other, round_).items():
                if note.place is not None:
                    seen = notes.in_room(note, note.place, state.people.items)
                    welcome[ident] = {**seen, "room": other, "number": known.number, "from": known.name}
    return {"notes": welcome, "handovers": rooms.room_handovers(state.breakouts, room, state.people.items)}


def _origin(state: State, note: Note) -> dict[str, Any] | None:
    """Return where a note of the record was lifted from."""
    if note.came_from is None:
        return None
    room = state.breakouts.rooms[note.came_from.room]
    return {
        "note": note.origin,
        "plan": note.came_from.plan,
        "room": note.came_from.room,
        "number": room.number,
        "name": room.name,
        "round": note.came_from.round,
    }
