"""Views: the documents of each audience, built slice by slice from the state.

A document is an object of slices. `SLICES` names for every document the function that builds each slice, so that only what an entry
touched is built again. Views share texts and feed lines with the state, which never changes those in place; everything else is built
fresh, so a view taken before an entry still says what was true before it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from server.core import agenda, notes, people, polls, questions, session, speakers
from server.core.base import MODERATOR, PARTICIPANT, RAPPORTEUR, SCREEN
from server.core.state import State

Document = dict[str, Any]
Builder = Callable[[State], Any]

STAGE = "stage"
DESK = "desk"
RECORD = "record"
ME = "me"

SLICES: Mapping[str, Mapping[str, Builder]] = {
    STAGE: {
        "session": lambda state: session.stage(state.session),
        "agenda": lambda state: agenda.stage(state.agenda),
        "speakers": lambda state: speakers.stage(state.speakers, state.people.items),
        "questions": lambda state: questions.stage(state.questions, state.people.items),
        "polls": lambda state: polls.stage(state.polls),
        "rooms": lambda _: {},
        "announcement": lambda state: session.stage_announcement(state.session),
    },
    DESK: {
        "people": lambda state: people.desk(state.people, state.speakers.spoken),
        "hands": lambda state: speakers.desk_hands(state.speakers),
        "questions": lambda state: questions.desk(state.questions, state.people.items),
        "polls": lambda state: polls.desk(state.polls),
    },
    RECORD: {
        "notes": lambda state: notes.record(state.notes, state.people.items),
        "feed": lambda state: dict(state.feed),
        "speaking": lambda state: speakers.record(state.speakers, state.people.items),
    },
}

AUDIENCES: Mapping[str, tuple[str, ...]] = {
    PARTICIPANT: (STAGE,),
    SCREEN: (STAGE,),
    MODERATOR: (STAGE, DESK, RECORD),
    RAPPORTEUR: (STAGE, RECORD),
}
"""The shared documents of each role; everybody has `me` besides."""


def shared(state: State, name: str) -> Document:
    """Return one shared document whole."""
    return {part: build(state) for part, build in SLICES[name].items()}


def me(state: State, person: str) -> Document:
    """Return the document of one person."""
    who = state.people.items[person]
    return {
        "person": person,
        "name": who.name,
        "group": who.group,
        "role": who.role,
        "language": who.language,
        "hand": speakers.own(state.speakers, person),
        "ballots": {poll: list(answer) for poll, answer in state.polls.ballots_of.get(person, {}).items()},
        "voted": dict(state.questions.voted.get(person, {})),
        "asked": questions.own(state.questions, person),
    }


def documents(state: State, person: str) -> dict[str, Document]:
    """Return all documents of one person: those of the role, and the person's own."""
    role = state.people.items[person].role
    return {**{name: shared(state, name) for name in AUDIENCES[role]}, ME: me(state, person)}
