"""What the simulated moderator does with breakout rooms: plan them, open, rotate, answer calls for help, recall, lift notes.

After every third guiding question the hall goes into rooms, each time in another way. As everywhere in the rehearsal what
comes next is read from the desk, so that a moderator who lost the connection goes on where the rooms stand.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from random import Random
from typing import Any

from server.rehearsal.acts import Act
from server.rehearsal.patch import Document
from server.rehearsal.people import sample, within
from server.rehearsal.tempo import Tempo

EVERY = 3
"""Guiding questions from one time in rooms to the next."""
ANSWERED_WITHIN = 5.0
"""Seconds in which a plan that was asked for shows on the desk, even under load."""
COMPUTED_WITHIN = 20.0
"""Seconds after which a plan that is still being computed is given up."""
LIFTED = 3
"""Notes of a plan that are lifted into the record."""
HOSTED = 2
"""Rooms of a world café that have a host."""
WAYS = ("mixed", "chosen", "questions", "again")
"""How people come into rooms, time after time: mixed tables that people change, rooms of their choice, tables to which the questions
come, and those of the first time again."""


class RoomsDirector:
    """A moderator's clockwork for breakout rooms."""

    def __init__(self, rooms: int, rounds: int, tempo: Tempo, chance: Random) -> None:
        """Take how many rooms and rounds there are, the seconds between acts and the source of chance."""
        self._rooms = rooms
        self._rounds = rounds
        self._tempo = tempo
        self._chance = chance
        self._known: set[str] = set()
        """Plans that were there when one was asked for: somebody else's, or done with."""
        self._first: str | None = None
        self._questions: list[str] = []
        self._asked_at: float | None = None
        self._plan: str | None = None
        self._before: set[str] = set()
        """Polls that were there when one was asked for."""
        self._once: set[tuple[str, ...]] = set()
        self._since: dict[tuple[str, ...], float] = {}

    def begin(self, stage: Document, desk: Document, question: str, now: float) -> Act | None:
        """Return the `rooms.plan` with which the hall goes into rooms after this guiding question, or None when it does not."""
        if question in self._questions:
            return None
        self._questions.append(question)
        place = len(self._questions) - 1
        if place % EVERY or "open" in stage.get("rooms", {}):
            return None
        self._known, self._asked_at = set(desk["rooms"]), now
        return Act("rooms.plan", self._fields(WAYS[place // EVERY % len(WAYS)], stage, desk))

    def busy(self, desk: Document, now: float) -> bool:
        """Tell whether people are in rooms or about to go, so that the plenary waits."""
        if self._asked_at is not None:
            made = next((ident for ident in desk["rooms"] if ident not in self._known), None)
            if made is not None:
                self._plan, self._asked_at = made, None
                self._first = self._first or made
            elif now - self._asked_at > ANSWERED_WITHIN:
                self._asked_at = None
        plan = desk["rooms"].get(self._plan)
        if plan is None or (
            plan["state"] == "planning" and self._passed(("planning", self._plan or ""), now, COMPUTED_WITHIN)
        ):
            self._plan = None
        return self._asked_at is not None or self._plan is not None

    def next_act(self, docs: Mapping[str, Document], now: float) -> Act | None:
        """Return what is to be done about the rooms now, or None."""
        plan = docs["desk"]["rooms"].get(self._plan)
        if self._plan is None or plan is None:
            return None
        match plan["state"]:
            case "ready":
                return Act("rooms.open", {"plan": self._plan, "seconds": self._seconds})
            case "open":
                return self._help(docs["me"], plan, now) or self._run(docs, plan, now)
            case "closed":
                return self._harvest(docs["record"], now)
        return None

    @property
    def _seconds(self) -> int:
        """What the clock of a round shows: more than the round lasts, so that the moderator is the one who ends it."""
        return max(30, round(self._tempo.round * 3))

    def _help(self, me: Document, plan: Document, now: float) -> Act | None:
        """Answer a call for help: say that one comes, go into the room, stay a while, and leave again."""
        for room, found in plan["rooms"].items():
            asked = found.get("help")
            if asked is None:
                continue
            if "coming" not in asked:
                return Act("room.coming", {"room": room})
            if asked["coming"]["person"] != me["person"]:
                continue
            if me.get("room") != room:
                return Act("rooms.assign", {"person": me["person"], "room": room})
            if self._passed(("help", room, str(asked["since"])), now, self._tempo.look):
                return Act("room.helped", {"room": room})
            return None
        return Act("rooms.assign", {"person": me["person"], "room": None}) if "seat" in me else None

    def _run(self, docs: Mapping[str, Document], plan: Document, now: float) -> Act | None:
        """Decide for a round: ask and say something, move somebody, and go on when it has lasted."""
        ident, round_ = self._plan or "", plan["round"]
        over = self._passed(("round", ident, str(round_)), now, self._tempo.round)
        if over and round_ < plan["rounds"]:
            return Act("rooms.rotate", {"round": round_})
        if over:
            return Act("rooms.close", {"grace": max(1, round(self._tempo.grace))})
        return next(self._besides(docs["stage"], docs["desk"], plan), None)

    def _besides(self, stage: Document, desk: Document, plan: Document) -> Iterator[Act]:
        """Give what is done once in a round or in a plan."""
        ident, languages = self._plan or "", stage["session"]["languages"]
        polls = desk["polls"]
        if self._unless(("poll", ident)):
            self._before = set(polls)
            yield self._poll(languages)
        for poll in polls:
            if polls[poll]["state"] == "draft" and poll not in self._before:
                yield Act("poll.open", {"poll": poll, "where": "rooms"})
        if self._unless(("message", ident, str(plan["round"]))):
            yield Act("rooms.message", {"text": within(sample().rooms.message, languages)})
        if self._unless(("move", ident)) and (move := self._move(plan)):
            yield move
        if self._unless(("extend", ident)):
            yield Act("rooms.extend", {"seconds": 30})

    def _poll(self, languages: list[str]) -> Act:
        poll = sample().polls[-1]
        settings = {
            name: within(value, languages) if isinstance(value, dict) else value
            for name, value in poll.settings.items()
        }
        return Act("poll.create", {"kind": poll.kind, "prompt": within(poll.prompt, languages), "settings": settings})

    def _move(self, plan: Document) -> Act | None:
        """Move somebody from the fullest room to the emptiest."""
        seats = {
            room: people
            for room, people in plan["seats"][str(plan["round"])].items()
            if not plan["rooms"][room]["closed"]
        }
        hosts = {room.get("host") for room in plan["rooms"].values()}
        order = sorted(seats, key=lambda room: len(seats[room]))
        free = (
            [person for person in seats[order[-1]] if person not in hosts and person not in plan["away"]]
            if order
            else []
        )
        if len(order) < 2 or not free:
            return None
        return Act("rooms.assign", {"person": self._chance.choice(free), "room": order[0]})

    def _harvest(self, record: Document, now: float) -> Act | None:
        """Lift notes, put a room's notes on the screen for a while, then let the plenary go on."""
        ident = self._plan or ""
        notes = record["rooms"].get(ident, {}).get("notes", {})
        lifted = sum("lifted" in note for note in notes.values())
        for note in notes if lifted < LIFTED else ():
            if "lifted" not in notes[note] and self._unless(("lift", note)):
                return Act("note.lift", {"note": note})
        if notes and self._unless(("show", ident)):
            return Act("rooms.show", {"room": next(iter(notes.values()))["room"]})
        if not self._passed(("shown", ident), now, self._tempo.results):
            return None
        self._plan = None
        return Act("rooms.hide", {}) if notes else None

    def _fields(self, way: str, stage: Document, desk: Document) -> dict[str, Any]:
        languages = stage["session"]["languages"]
        fields: dict[str, Any] = {"name": within(sample().rooms.name, languages)}
        here = [
            ident
            for ident, who in desk["people"].items()
            if who["role"] == "participant" and who["here"] and not who["link"]
        ]
        if way == "again" and self._first in desk["rooms"]:
            return {**fields, "assign": "again", "from": self._first}
        fields |= {"rooms": self._rooms, "assign": "chosen" if way == "chosen" else "mixed"}
        if way == "chosen":
            return {**fields, "places": -(-len(here) // self._rooms) + 2}
        topics: list[dict[str, Any]] = [
            {"name": within(table.name, languages), "task": within(table.task, languages)} for table in sample().tables
        ][: self._rooms]
        if way == "questions":
            current = stage["agenda"]["segments"]
            questions = [question for segment in stage["agenda"]["order"] for question in current[segment]["order"]]
            for topic, question in zip(topics, questions, strict=False):
                topic["question"] = question
            return {**fields, "rounds": self._rounds, "rotate": "questions", "topics": topics}
        for topic, host in zip(topics[:HOSTED], self._chance.sample(here, min(HOSTED, len(here) // 4)), strict=False):
            topic["host"] = host
        return {**fields, "rounds": self._rounds, "topics": topics}

    def _unless(self, what: tuple[str, ...]) -> bool:
        """Tell whether `what` has not been done yet, and note that it is."""
        fresh = what not in self._once
        self._once.add(what)
        return fresh

    def _passed(self, what: tuple[str, ...], now: float, seconds: float) -> bool:
        """Tell whether `what` was first seen at least `seconds` ago; the first look only starts the time."""
        return now - self._since.setdefault(what, now) >= seconds
