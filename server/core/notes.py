"""Notes: what rapporteurs write down, each of one kind and bound to the guiding question on stage when it was written."""

from __future__ import annotations

from typing import Any, ClassVar, Literal

import msgspec
from msgspec import UNSET, UnsetType

from server.core.base import SCRIBES, Command, Context, Id, TextIn
from server.core.base import People as PeopleById
from server.core.refusals import Refusal
from server.core.setup import Text

RECORD = ("record", "notes")

MAX_NOTES = 5_000

KINDS = ("works", "fails", "lesson", "recommendation", "quote", "open")
"""What works in a partnership, what does not, lessons, recommendations, quotes, open points: the parts of the outcome document."""

Kind = Literal["works", "fails", "lesson", "recommendation", "quote", "open"]


class Note(msgspec.Struct):
    """A note; `about` is the feed line it belongs to, `seq` the entry that wrote it."""

    kind: str
    text: Text
    person: str
    question: str | None
    about: str | None
    at: int
    seq: int
    edited: bool = False


class Notes(msgspec.Struct):
    """The notes of a session, by id, in the order in which they were written."""

    items: dict[str, Note] = {}


class Write(Command, tag="note.write"):
    roles: ClassVar[frozenset[str]] = SCRIBES
    after_end: ClassVar[bool] = True
    kind: Kind
    text: TextIn
    question: Id | UnsetType | None = UNSET
    """A guiding question, null for none; left out: the one on stage."""
    about: Id | None = None


class EditNote(Command, tag="note.edit"):
    roles: ClassVar[frozenset[str]] = SCRIBES
    after_end: ClassVar[bool] = True
    note: Id
    kind: Kind | None = None
    text: TextIn | None = None
    question: Id | UnsetType | None = UNSET


class DropNote(Command, tag="note.drop"):
    roles: ClassVar[frozenset[str]] = SCRIBES
    after_end: ClassVar[bool] = True
    note: Id


def write(notes: Notes, ctx: Context, command: Write, question: str | None) -> str:
    """Write a note under a guiding question and return its id."""
    text = ctx.text(command.text)
    if len(notes.items) >= MAX_NOTES:
        raise Refusal("notes.full")
    ident = ctx.new_id("n")
    notes.items[ident] = Note(command.kind, text, ctx.by, question, command.about, ctx.at, ctx.seq)
    ctx.touch(RECORD)
    return ident


def edit(notes: Notes, ctx: Context, command: EditNote) -> None:
    """Change a note's kind, words or guiding question."""
    note = _find(notes, command.note)
    text = None if command.text is None else ctx.text(command.text)
    note.kind = command.kind or note.kind
    note.text = text or note.text
    if command.question is not UNSET:
        note.question = command.question
    note.edited = True
    ctx.touch(RECORD)


def drop(notes: Notes, ctx: Context, command: DropNote) -> None:
    """Throw a note away; the log keeps it."""
    _find(notes, command.note)
    del notes.items[command.note]
    ctx.touch(RECORD)


def record(notes: Notes, people: PeopleById) -> dict[str, Any]:
    """Return `record.notes`."""
    return {
        ident: {
            "kind": note.kind,
            "text": note.text,
            "person": note.person,
            "name": people[note.person].name,
            "question": note.question,
            "about": note.about,
            "at": note.at,
            "seq": note.seq,
            "edited": note.edited,
        }
        for ident, note in notes.items.items()
    }


def _find(notes: Notes, ident: str) -> Note:
    note = notes.items.get(ident)
    if note is None:
        raise Refusal("note.unknown", note="unknown")
    return note
