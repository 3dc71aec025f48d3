"""Views: the documents of each audience, built slice by slice from the state.

A document is an object of slices. `SLICES` names for every document the function that builds each slice, so that only what an entry
touched is built again. Views share texts and feed lines with the state, which never changes those in place; everything else is built
fresh, so a view taken before an entry still says what was true before it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from server.core import agenda, breakouts, hands, notes, people, polls, questions, room_views, session, speakers
from server.core.base import MODERATOR, PARTICIPANT, RAPPORTEUR, SCREEN, Path
from server.core.state import State

Document = dict[str, Any]
Builder = Callable[[State], Any]
ItemBuilder = Callable[[State, str], Any]

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
        "rooms": room_views.stage,
        "announcement": lambda state: session.stage_announcement(state.session),
    },
    DESK: {
        "people": lambda state: people.desk(state.people, state.speakers.spoken),
        "hands": lambda state: hands.desk(state.speakers),
        "questions": lambda state: questions.desk(state.questions, state.people.items),
        "polls": lambda state: _polls(state, polls.desk(state.polls)),
        "rooms": room_views.desk,
        "settings": lambda state: session.desk_settings(state.session),
    },
    RECORD: {
        "notes": lambda state: notes.record(
            state.notes, state.people.items, lambda note: room_views.origin(state, note)
        ),
        "rooms": room_views.record,
        "feed": lambda state: dict(state.feed),
        "speaking": lambda state: speakers.record(state.speakers, state.people.items),
    },
}


ITEMS: Mapping[Path, ItemBuilder] = {
    people.DESK: lambda state, item: people.desk_item(state.people, state.speakers.spoken, item),
    hands.DESK: lambda state, item: hands.desk_item(state.speakers, item),
    questions.ON_STAGE: lambda state, item: questions.stage_item(state.questions, state.people.items, item),
    questions.DESK: lambda state, item: questions.desk_item(state.questions, state.people.items, item),
    polls.STAGE: lambda state, item: _with_rooms(state, polls.stage_item(state.polls, item)),
    polls.DESK: lambda state, item: _with_rooms(state, polls.desk_item(state.polls, item)),
    notes.RECORD: lambda state, item: notes.record_item(
        state.notes, state.people.items, lambda note: room_views.origin(state, note), item
    ),
    ("record", "feed"): lambda state, item: state.feed.get(item),
}
"""How one item of a collection that grows with a session is built, None where there is none: an entry may touch single ones of them."""


def item_builder(collection: Path) -> ItemBuilder:
    """Return how the items are built of a collection of which single ones may be touched."""
    name, *fields = collection
    if is_room(name):
        of_room = room_views.ROOM_COLLECTIONS[tuple(fields)]
        return partial(_build_at, of_room, (name.removeprefix(_PREFIX),))
    if collection in ITEMS:
        return ITEMS[collection]
    within, keys = room_views.collection(collection)
    return partial(_build_at, within, keys)


AUDIENCES: Mapping[str, tuple[str, ...]] = {
    PARTICIPANT: (STAGE,),
    SCREEN: (STAGE,),
    MODERATOR: (STAGE, DESK, RECORD),
    RAPPORTEUR: (STAGE, RECORD),
}
"""The shared documents of each role; everybody has `me` besides."""


def is_room(name: str) -> bool:
    """Say whether a document is that of a breakout room."""
    return name.startswith(_PREFIX)


def parts(name: str) -> Mapping[str, Builder]:
    """Return what builds each slice of a shared document."""
    if not is_room(name):
        return SLICES[name]
    room = name.removeprefix(_PREFIX)
    return {part: partial(_build_of_room, build, room) for part, build in room_views.ROOM.items()}


def build(state: State, name: str, part: str) -> Any:
    """Return one slice of a shared document."""
    if is_room(name):
        return room_views.ROOM[part](state, name.removeprefix(_PREFIX))
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
    return {"ballots": {poll: _ballot(answer) for poll, answer in state.polls.ballots_of.get(person, {}).items()}}


def _ballot(answer: tuple[str | int, ...] | None) -> list[str | int] | None:
    return None if answer is None else list(answer)


ME_PARTS: Mapping[str, Callable[[State, str], Document]] = {
    "who": _who,
    "room": lambda state, person: {"room": state.breakouts.room_of(person), "seat": state.breakouts.seat(person)},
    "hand": lambda state, person: {"hand": hands.own(state.speakers, person)},
    "ballots": _ballots,
    "voted": lambda state, person: {"voted": dict(state.questions.voted.get(person, {}))},
    "asked": lambda state, person: {"asked": questions.own(state.questions, person)},
}
"""What a person's own document is put together from; an entry touches only some of it. Who somebody is and where decides what they read."""

ME_ITEMS: Mapping[str, Callable[[State, str, str], Any]] = {
    "ballots": lambda state, person, poll: _ballot(state.polls.ballots_of.get(person, {}).get(poll)),
    "voted": lambda state, person, question: state.questions.voted.get(person, {}).get(question),
    "asked": lambda state, person, question: questions.own_item(state.questions, person, question),
}
"""The parts that grow with what somebody did, of which an entry may touch one item alone: how it is built, None where there is none."""


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


def _build_at(build: Callable[..., Any], keys: tuple[str, ...], state: State, item: str) -> Any:
    return build(state, *keys, item)


def _polls(state: State, view: dict[str, Any]) -> dict[str, Any]:
    for poll in view.values():
        _with_rooms(state, poll)
    return view


def _with_rooms(state: State, poll: dict[str, Any] | None) -> dict[str, Any] | None:
    """Name the rooms of results that are given by room: whoever came later has not seen them."""
    for ident, row in (poll or {}).get("results", {}).get("rooms", {}).items():
        row |= room_views.called(state, ident)
    return poll
