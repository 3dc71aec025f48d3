"""The simulated moderator and rapporteur: what they do next, read from their own documents.

The moderator's plan for each guiding question: put it on the stage, open a poll, close it after a while, publish, now and then send
people into breakout rooms (`breakouts`), go on; meanwhile answer for the waiting questions and give the floor. What is done follows
from the desk itself, so a director who lost the connection goes on where the session stands.
"""

from __future__ import annotations

from collections.abc import Mapping
from random import Random
from typing import Any

from server.rehearsal.acts import Act
from server.rehearsal.breakouts import RoomsDirector
from server.rehearsal.patch import Document
from server.rehearsal.people import Sample, sample, within
from server.rehearsal.tempo import Tempo

SHOWN_WITHIN = 2.0
"""Seconds in which an act shows on the desk, even under load."""


class Director:
    """A moderator who steers a whole session."""

    def __init__(self, tempo: Tempo, chance: Random, rooms: RoomsDirector | None = None) -> None:
        """Take the seconds between acts, the source of chance and what decides on breakout rooms; None: there are none."""
        self._tempo = tempo
        self._chance = chance
        self._rooms = rooms
        self._texts: Sample = sample()
        self._polled: set[str] = set()
        self._foreign: set[str] | None = None
        """Drafts that somebody else prepared before: they stay theirs."""
        self._since: dict[tuple[str, str], float] = {}
        self._last: Act | None = None
        self._again_at = 0.0
        self._turn_at = 0.0
        self._look_at = 0.0

    def next_act(self, docs: Mapping[str, Document], now: float) -> Act | None:
        """Return the moderator's next command, or None when there is nothing to decide at `now` (seconds).

        `done` may come before the desk shows what was done, so the same act is not repeated at once.
        """
        act = self._decide(docs, now)
        if act is None or (act == self._last and now < self._again_at):
            return None
        self._last, self._again_at = act, now + SHOWN_WITHIN
        return act

    def _decide(self, docs: Mapping[str, Document], now: float) -> Act | None:
        stage, desk = docs.get("stage"), docs.get("desk")
        if not stage or not desk:
            return None
        if stage["session"]["state"] == "lobby":
            return Act("session.open", {})
        if stage["session"]["state"] == "ended":
            return None
        if not stage["speakers"]["open"]:
            return Act("speakers.open", {})
        if self._rooms is not None and self._rooms.busy(desk, now):
            return self._rooms.next_act(docs, now) or self._floor(stage, now) or self._questions(stage, desk, now)
        return self._agenda(stage, desk, now) or self._floor(stage, now) or self._questions(stage, desk, now)

    def _agenda(self, stage: Document, desk: Document, now: float) -> Act | None:
        polls, current = desk["polls"], stage["agenda"].get("current")
        if current is None:
            return Act("agenda.next", {"current": None})
        drafts = {ident for ident, poll in polls.items() if poll["state"] == "draft"}
        if self._foreign is None:
            self._foreign = drafts
        for ident in drafts - self._foreign:
            return Act("poll.open", {"poll": ident})
        for ident, poll in polls.items():
            if poll.get("question") != current:
                continue
            if poll["state"] == "closed":
                return Act("poll.publish", {"poll": ident})
            if poll["state"] == "open":
                over = self._passed(ident, "open", now, self._tempo.ballots)
                return Act("poll.close", {"poll": ident}) if over else None
        if current not in self._polled:
            self._polled.add(current)
            return self._poll(stage)
        if not self._passed(current, "results", now, self._tempo.results):
            return None
        rooms = None if self._rooms is None else self._rooms.begin(stage, desk, current, now)
        return rooms or (None if _last(stage["agenda"]) else Act("agenda.next", {"current": current}))

    def _poll(self, stage: Document) -> Act:
        poll = self._texts.polls[(len(self._polled) - 1) % len(self._texts.polls)]
        languages = stage["session"]["languages"]
        settings = {
            name: within(value, languages) if isinstance(value, dict) else value
            for name, value in poll.settings.items()
        }
        fields: dict[str, Any] = {"kind": poll.kind, "prompt": within(poll.prompt, languages), "settings": settings}
        if poll.options:
            fields["options"] = [within(words, languages) for words in poll.options]
        return Act("poll.create", fields)

    def _floor(self, stage: Document, now: float) -> Act | None:
        speakers = stage["speakers"]
        if now < self._turn_at:
            return None
        current = speakers.get("current")
        if speakers["waiting"]:
            self._turn_at = now + self._tempo.turn
            if self._chance.random() < 0.2:
                return Act("speaker.call", {"person": self._chance.choice(speakers["waiting"])})
            return Act("speaker.next", {"current": current["person"] if current else None})
        if current:
            self._turn_at = now + self._tempo.turn
            return Act("speaker.finish", {})
        return None

    def _questions(self, stage: Document, desk: Document, now: float) -> Act | None:
        if now < self._look_at:
            return None
        self._look_at = now + self._tempo.look
        languages = stage["session"]["languages"]
        pending = [ident for ident, item in desk["questions"].items() if item["state"] == "pending"]
        if pending:
            if self._chance.random() < 0.1:
                reason = within(self._texts.declined, languages)
                return Act("question.decline", {"question": pending[0], "reason": reason})
            return Act("question.approve", {"question": pending[0]})
        live = [ident for ident, item in stage["questions"]["items"].items() if item["state"] == "live"]
        if len(live) > 8:
            fields = {"question": live[0], "text": within(self._texts.answered, languages)}
            return Act("question.answer", fields)
        return None

    def _passed(self, ident: str, what: str, now: float, seconds: float) -> bool:
        """Tell whether `what` was first seen at least `seconds` ago; the first look only starts the time."""
        return now - self._since.setdefault((ident, what), now) >= seconds


class NoteTaker:
    """A rapporteur who writes a note now and then."""

    def __init__(self, tempo: Tempo, chance: Random) -> None:
        """Take the seconds between notes and the source of chance."""
        self._tempo = tempo
        self._chance = chance
        self._due = 0.0

    def next_act(self, docs: Mapping[str, Document], now: float) -> Act | None:
        """Return the next `note.write`, or None while it is not time."""
        stage = docs.get("stage")
        if not stage or stage["session"]["state"] != "live" or now < self._due:
            return None
        self._due = now + self._tempo.note
        note = self._chance.choice(sample().notes)
        return Act("note.write", {"kind": note.kind, "text": within(note.text, stage["session"]["languages"])})


def _last(agenda: Document) -> bool:
    """Tell whether the last guiding question is on the stage."""
    questions = [question for segment in agenda["order"] for question in agenda["segments"][segment]["order"]]
    return not questions or questions[-1] == agenda.get("current")
