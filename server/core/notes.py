"""Notes: what rapporteurs write down, and people in breakout rooms; each of one kind and bound to a guiding question.

A note of a room stays on that room's sheet. Lifting it makes a note of the session's record, which names where it came from.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, Any, ClassVar, Literal

import msgspec
from msgspec import UNSET, Meta, UnsetType

from server.core.base import PEOPLE, SCRIBES, Command, Context, Id, Place, TextIn
from server.core.base import People as PeopleById
from server.core.refusals import Refusal
from server.core.setup import Text

RECORD = ("record", "notes")

MAX_NOTES = 5_000
"""Notes of the record; those on the sheets of rooms are counted apart, so that many rooms leave the rapporteurs their own."""
MAX_ON_SHEETS = 10_000
MAX_ON_A_SHEET = 200
"""Notes of one room in one round: no single room can fill the record."""

KINDS = ("works", "fails", "lesson", "recommendation", "quote", "open")
"""What works in a partnership, what does not, lessons, recommendations, quotes, open points: the parts of the outcome document."""

Kind = Literal["works", "fails", "lesson", "recommendation", "quote", "open"]


class Note(msgspec.Struct):
    """A note; `about` is the feed line it belongs to, `seq` the entry that wrote it.

    `place` is the room whose sheet it stands on. A note of the record that was lifted has an `origin` and a place that it `came_from`.
    """

    kind: str
    text: Text
    person: str
    question: str | None
    about: str | None
    at: int
    seq: int
    edited: bool = False
    place: Place | None = None
    lifted: str | None = None
    """The note of the record that this one was lifted to."""
    origin: str | None = None
    came_from: Place | None = None


Origin = Callable[[Note], dict[str, Any] | None]
"""Says where a note was lifted from, in the words of the rooms."""


class Notes(msgspec.Struct):
    """The notes of a session, by id, in the order in which they were written; `sheets` holds the ids of those of a room, by round."""

    items: dict[str, Note] = {}
    sheets: dict[str, dict[int, dict[str, None]]] = {}
    written_by: dict[str, dict[str, None]] = {}
    """The notes of each author: whoever changes their name does so beside these."""
    on_sheets: int = 0
    """How many notes there are on sheets."""


class Write(Command, tag="note.write"):
    roles: ClassVar[frozenset[str]] = PEOPLE
    after_end: ClassVar[bool] = True
    kind: Kind
    text: TextIn
    question: Id | UnsetType | None = UNSET
    """A guiding question, null for none; left out: the one on stage."""
    about: Id | None = None
    room: Id | None = None
    round: Annotated[int, Meta(ge=1)] | None = None
    """The round in which it was written, where that is over: a note that was on its way while people moved is not lost."""


class EditNote(Command, tag="note.edit"):
    roles: ClassVar[frozenset[str]] = PEOPLE
    after_end: ClassVar[bool] = True
    note: Id
    kind: Kind | None = None
    text: TextIn | None = None
    question: Id | UnsetType | None = UNSET


class DropNote(Command, tag="note.drop"):
    roles: ClassVar[frozenset[str]] = PEOPLE
    after_end: ClassVar[bool] = True
    note: Id


class Lift(Command, tag="note.lift"):
    """Take a note of a room into the session's record."""

    roles: ClassVar[frozenset[str]] = SCRIBES
    after_end: ClassVar[bool] = True
    note: Id


def write(notes: Notes, ctx: Context, command: Write, question: str | None, place: Place | None) -> str:
    """Write a note under a guiding question, on the sheet of a room where `place` is one, and return its id."""
    text = ctx.words(command.text) if place else ctx.text(command.text)
    if place is None:
        full = len(notes.items) - notes.on_sheets >= MAX_NOTES
    else:
        sheet = notes.sheets.get(place.room, {}).get(place.round, {})
        full = notes.on_sheets >= MAX_ON_SHEETS or len(sheet) >= MAX_ON_A_SHEET
    if full:
        raise Refusal("notes.full")
    ident = ctx.new_id("n")
    _add(notes, ident, Note(command.kind, text, ctx.by, question, command.about, ctx.at, ctx.seq, place=place))
    if place is not None:
        notes.sheets.setdefault(place.room, {}).setdefault(place.round, {})[ident] = None
        notes.on_sheets += 1
    ctx.touch_item(RECORD, ident)
    return ident


def edit(notes: Notes, ctx: Context, command: EditNote) -> None:
    """Change a note's kind, words or guiding question."""
    note = find(notes, command.note)
    cleaned = ctx.words if note.place else ctx.text
    text = None if command.text is None else cleaned(command.text)
    note.kind = command.kind or note.kind
    note.text = text or note.text
    if command.question is not UNSET:
        note.question = command.question
    note.edited = True
    ctx.touch_item(RECORD, command.note)


def drop(notes: Notes, ctx: Context, command: DropNote) -> None:
    """Throw a note away; the log keeps it. What was lifted stays lifted, and a note whose copy goes can be lifted again."""
    note = find(notes, command.note)
    del notes.items[command.note]
    del notes.written_by[note.person][command.note]
    if note.place is not None:
        del notes.sheets[note.place.room][note.place.round][command.note]
        notes.on_sheets -= 1
    source = notes.items.get(note.origin or "")
    if source is not None:
        source.lifted = None
    ctx.touch_item(RECORD, command.note)


def lift(notes: Notes, ctx: Context, command: Lift) -> str:
    """Copy a note of a room into the record and return the copy's id; it keeps its author and where it came from."""
    note = find(notes, command.note)
    if note.place is None:
        raise Refusal("note.not_room")
    if note.lifted is not None:
        raise Refusal("note.lifted")
    # However full the record is: each note is lifted once, so there are never more of them than were written.
    ident = ctx.new_id("n")
    copy = Note(
        note.kind,
        note.text,
        note.person,
        note.question,
        None,
        ctx.at,
        ctx.seq,
        origin=command.note,
        came_from=note.place,
    )
    _add(notes, ident, copy)
    note.lifted = ident
    ctx.touch_item(RECORD, ident)
    return ident


def on_sheet(notes: Notes, room: str, round_: int | None = None) -> dict[str, Note]:
    """Return the notes of a room, of one round or of all, in the order in which they were written."""
    rounds = notes.sheets.get(room, {})
    chosen = rounds.values() if round_ is None else [rounds.get(round_, {})]
    return {ident: notes.items[ident] for sheet in chosen for ident in sheet}


def written(notes: Notes, room: str) -> tuple[int, int | None]:
    """Return how many notes a room has, and when the newest was written. Time never runs back, so that is the last of its round."""
    sheets = [sheet for sheet in notes.sheets.get(room, {}).values() if sheet]
    newest = (notes.items[next(reversed(sheet))].at for sheet in sheets)
    return sum(map(len, sheets)), max(newest, default=None)


def record(notes: Notes, people: PeopleById, origin: Origin) -> dict[str, Any]:
    """Return `record.notes`: those of the plenary, and those that were lifted out of a room, with what `origin` says of it."""
    items = ((ident, record_item(notes, people, origin, ident)) for ident in notes.items)
    return {ident: item for ident, item in items if item is not None}


def record_item(notes: Notes, people: PeopleById, origin: Origin, ident: str) -> dict[str, Any] | None:
    """Return one note as `record.notes` shows it; None for one that stands on a room's sheet."""
    note = notes.items.get(ident)
    if note is None or note.place is not None:
        return None
    return {
        "kind": note.kind,
        "text": note.text,
        "person": note.person,
        "name": people[note.person].name,
        "question": note.question,
        "about": note.about,
        "at": note.at,
        "seq": note.seq,
        "edited": note.edited,
        "origin": origin(note),
    }


def in_record(note: Note, place: Place, people: PeopleById) -> dict[str, Any]:
    """Return a note of a room as `record.rooms` shows it."""
    return {
        **in_room(note, place, people),
        "room": place.room,
        "question": note.question,
        "seq": note.seq,
        "lifted": note.lifted,
    }


def on_screen(note: Note) -> dict[str, Any]:
    """Return a note of a room as it stands on the screen, without its author."""
    return {"kind": note.kind, "text": note.text, "round": note.place.round if note.place else None, "at": note.at}


def in_room(note: Note, place: Place, people: PeopleById) -> dict[str, Any]:
    """Return a note as people in the room see it."""
    author = people[note.person]
    return {
        "kind": note.kind,
        "text": note.text,
        "person": note.person,
        "name": author.name,
        "group": author.group,
        "round": place.round,
        "at": note.at,
        "edited": note.edited,
    }


def find(notes: Notes, ident: str) -> Note:
    """Return a note, or refuse with `note.unknown`."""
    note = notes.items.get(ident)
    if note is None:
        raise Refusal("note.unknown", note="unknown")
    return note


def _add(notes: Notes, ident: str, note: Note) -> None:
    notes.items[ident] = note
    notes.written_by.setdefault(note.person, {})[ident] = None
