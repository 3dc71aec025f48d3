"""The state of one session: a slice per capability, what was said of every command, and the feed."""

from __future__ import annotations

from typing import Any

import msgspec

from server.core.agenda import Agenda
from server.core.breakouts import Breakouts
from server.core.notes import Notes
from server.core.people import People
from server.core.polls import Polls
from server.core.questions import Questions
from server.core.session import Session
from server.core.speakers import Speakers


class Outcome(msgspec.Struct, frozen=True):
    """What became of a command: done at `seq`, perhaps having `made` something, or refused with `code` and `fields`."""

    seq: int
    made: str | None = None
    code: str | None = None
    fields: dict[str, str] = {}


class State(msgspec.Struct):
    """Everything that the entries up to `seq` say. Only `fold` changes it.

    `outcomes` maps sender and sender's key to the first outcome, so that a repeat gets the same; a plain done is kept as its bare
    position. `feed` maps feed keys (`"41"`, `"41.1"`) to lines that are never changed once written.
    """

    seq: int = 0
    at: int = 0
    session: Session = msgspec.field(default_factory=Session)
    people: People = msgspec.field(default_factory=People)
    agenda: Agenda = msgspec.field(default_factory=Agenda)
    speakers: Speakers = msgspec.field(default_factory=Speakers)
    questions: Questions = msgspec.field(default_factory=Questions)
    polls: Polls = msgspec.field(default_factory=Polls)
    breakouts: Breakouts = msgspec.field(default_factory=Breakouts)
    notes: Notes = msgspec.field(default_factory=Notes)
    feed: dict[str, dict[str, Any]] = {}
    outcomes: dict[str, dict[str, Outcome | int]] = {}

    def outcome(self, by: str, key: str) -> Outcome | None:
        """Return the first outcome of a command, or None when it has not been seen."""
        mine = self.outcomes.get(by)
        found = None if mine is None else mine.get(key)
        return Outcome(found) if isinstance(found, int) else found
