"""Breakout rooms in the outcome: who sat where, what they wrote under which guiding question, and what they left for the next group.

Rooms whose plan was dropped are in it too. Who sat where is told in numbers, as everywhere in the report.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable

import msgspec

from server.core.base import SCREEN
from server.core.base import Place as CorePlace
from server.core.breakouts.model import Plan
from server.core.notes import KINDS, Note
from server.core.setup import NO_GROUP, Text
from server.core.state import State


class Place(msgspec.Struct, frozen=True):
    """A room of a plan in a round, and how people call it: `number` counts from 1, `name` is None where it has none."""

    plan: str
    room: str
    number: int
    name: Text | None
    round: int


class RoomNote(msgspec.Struct, frozen=True):
    """A note of a room's sheet; `lifted` where it was taken into the session's record, and stands there too."""

    place: Place
    kind: str
    text: Text
    name: str
    group: str | None
    at: int
    entry: int
    lifted: bool


class Sheet(msgspec.Struct, frozen=True):
    """What all rooms of a plan wrote in one round under one guiding question, room after room."""

    plan: str
    round: int
    notes: tuple[RoomNote, ...]


class Table(msgspec.Struct, frozen=True):
    """A room in one round that took place: its task and guiding question, how many sat there, of which groups, how many notes they left."""

    place: Place
    task: Text | None
    question: str | None
    people: int
    groups: dict[str, int]
    notes: int


class Handover(msgspec.Struct, frozen=True):
    """The lines that a group left for those who came next."""

    place: Place
    text: Text
    name: str
    at: int


class PlanPart(msgspec.Struct, frozen=True):
    """One time in breakout rooms; `number` counts from 1, `round` is the last round that took place, 0 where the rooms never opened."""

    id: str
    number: int
    name: Text | None
    assign: str
    rotate: str
    made: int
    round: int
    rounds: int
    dropped: bool
    tables: tuple[Table, ...]
    handovers: tuple[Handover, ...]

    @property
    def tasks(self) -> bool:
        """Whether any room had a task."""
        return any(table.task for table in self.tables)


def place(state: State, where: CorePlace) -> Place:
    """Return a place of the core with what people call it."""
    room = state.breakouts.rooms[where.room]
    return Place(where.plan, where.room, room.number, room.name, where.round)


def plans(state: State) -> tuple[PlanPart, ...]:
    """Return the plans that led somewhere, in the order in which they were made: their rooms opened, or something was written there."""
    written = {state.breakouts.rooms[room].plan for room, rounds in state.notes.sheets.items() if any(rounds.values())}
    kept = [(ident, plan) for ident, plan in state.breakouts.plans.items() if plan.round or ident in written]
    return tuple(
        PlanPart(
            id=ident,
            number=number,
            name=plan.name,
            assign=plan.assign,
            rotate=plan.rotate,
            made=plan.made,
            round=plan.round,
            rounds=plan.rounds,
            dropped=plan.dropped,
            tables=tuple(
                _table(state, ident, plan, room, round_) for room in plan.order for round_ in range(1, plan.round + 1)
            ),
            handovers=tuple(
                Handover(
                    place(state, CorePlace(ident, left.room, left.round)),
                    left.text,
                    state.people.items[left.person].name,
                    left.at,
                )
                for left in plan.handovers.values()
            ),
        )
        for number, (ident, plan) in enumerate(kept, 1)
    )


def sheets(state: State, notes: Iterable[Note]) -> tuple[Sheet, ...]:
    """Return notes of rooms by plan and round, in the order of plans, rounds, rooms, and of the kinds of notes."""
    order = {ident: number for number, ident in enumerate(state.breakouts.plans)}
    found: defaultdict[tuple[int, str, int], list[RoomNote]] = defaultdict(list)
    for note in notes:
        where = note.place
        if where is None:
            continue
        author = state.people.items[note.person]
        line = RoomNote(
            place(state, where),
            note.kind,
            note.text,
            author.name,
            author.group,
            note.at,
            note.seq,
            note.lifted is not None,
        )
        found[order[where.plan], where.plan, where.round].append(line)
    return tuple(
        Sheet(
            plan, round_, tuple(sorted(lines, key=lambda line: (line.place.number, KINDS.index(line.kind), line.entry)))
        )
        for (_, plan, round_), lines in sorted(found.items())
    )


def _table(state: State, ident: str, plan: Plan, room: str, round_: int) -> Table:
    topic = plan.task(room, round_)
    seated = (state.people.items[person] for person in plan.seats[round_ - 1].people(room))
    groups = Counter(person.group or NO_GROUP for person in seated if not person.link and person.role != SCREEN)
    return Table(
        place(state, CorePlace(ident, room, round_)),
        topic.task,
        topic.question,
        groups.total(),
        {group: groups[group] for group in (*state.session.groups, NO_GROUP) if groups[group]},
        len(state.notes.sheets.get(room, {}).get(round_, ())),
    )
