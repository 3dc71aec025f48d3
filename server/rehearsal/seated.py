"""What people do while breakout rooms are open: write notes, ask for help, leave lines, step out, come back, choose a room.

Like `habits`, a pure choice from one's own documents and a source of chance; a document holds no null member.
"""

from __future__ import annotations

from collections.abc import Mapping
from random import Random
from typing import Any

import msgspec

from server.rehearsal.acts import Act
from server.rehearsal.patch import Document
from server.rehearsal.people import Person, sample, spoken_in

KINDS = ("works", "fails", "lesson", "recommendation", "open")


class RoomHabits(msgspec.Struct, frozen=True):
    """The chances at each look; `revise` is that of changing or dropping a note of one's own."""

    choose: float = 0.7
    change: float = 0.04
    note: float = 0.2
    revise: float = 0.05
    help: float = 0.02
    handover: float = 0.1
    step_out: float = 0.02
    hurry: float = 0.2
    """To go back to the plenary before a countdown ends."""
    step_in: float = 0.5


def own_room(docs: Mapping[str, Document]) -> Document:
    """Return the document of the room that somebody is in, an empty one in the plenary."""
    return docs.get(f"room/{docs.get('me', {}).get('room')}", {})


def act_in_rooms(docs: Mapping[str, Document], person: Person, habits: RoomHabits, chance: Random) -> Act | None:
    """Return what this person does in their room or on the way to one, or None."""
    rooms, me = docs["stage"].get("rooms", {}).get("open"), docs["me"]
    if rooms is None:
        return None
    room = own_room(docs)
    if room:
        return (
            _walk(rooms, me, room, habits, chance)
            or _note(me, room, person, habits, chance)
            or _hand_over(me, room, person, habits, chance)
            or _help(me, room, habits, chance)
        )
    if "seat" in me and "room" not in me:
        return Act("room.enter", {}) if chance.random() < habits.step_in else None
    return _choose(rooms, habits.choose, chance) if "seat" not in me else None


def _choose(rooms: Document, likely: float, chance: Random, but: str | None = None) -> Act | None:
    if rooms["assign"] != "chosen" or chance.random() >= likely:
        return None
    free = [
        ident for ident, room in rooms["rooms"].items() if not room["closed"] and room.get("places", 1) and ident != but
    ]
    return Act("room.choose", {"room": chance.choice(free)}) if free else None


def _walk(rooms: Document, me: Document, room: Document, habits: RoomHabits, chance: Random) -> Act | None:
    """Step out, sooner when the rooms are about to close, or try another room where that is one's own choice."""
    if chance.random() < (habits.hurry if "closing" in room["clock"] else habits.step_out):
        return Act("room.leave", {})
    return _choose(rooms, habits.change, chance, but=me["room"])


def _note(me: Document, room: Document, person: Person, habits: RoomHabits, chance: Random) -> Act | None:
    texts = sample().rooms.notes
    own = [ident for ident, note in room["notes"].items() if note["person"] == me["person"]]
    if own and chance.random() < habits.revise:
        if chance.random() < 0.3:
            return Act("note.drop", {"note": own[-1]})
        return Act("note.edit", {"note": own[-1], "text": spoken_in(person, texts, chance)})
    if chance.random() >= habits.note / (1 + len(room["notes"]) / 6):
        return None
    fields: dict[str, Any] = {
        "kind": chance.choice(KINDS),
        "text": spoken_in(person, texts, chance),
        "room": me["room"],
    }
    return Act("note.write", fields)


def _hand_over(me: Document, room: Document, person: Person, habits: RoomHabits, chance: Random) -> Act | None:
    people, about = room["people"], room["room"]
    host = people.get(me["person"], {}).get("host", False)
    # Where tables have hosts, one who is away does not show among the people, and the lines are still theirs.
    tables = about["assign"] in ("mixed", "again") and about["rotate"] == "people"
    if "handover" in room or (tables and not host):
        return None
    if chance.random() >= habits.handover / (1 if host else len(people) + 1):
        return None
    return Act("room.handover", {"text": spoken_in(person, sample().rooms.handovers, chance)})


def _help(me: Document, room: Document, habits: RoomHabits, chance: Random) -> Act | None:
    asked = room.get("help")
    if asked is None:
        return Act("room.help", {}) if chance.random() < habits.help else None
    changed = asked["person"] == me["person"] and chance.random() < habits.help
    return Act("room.help", {"on": False}) if changed else None
