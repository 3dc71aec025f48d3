"""What a person does next, given what they see: a pure choice from their documents and a source of chance.

A person reacts to what is on the stage as people do: they vote when there is something to vote on, ask less when the list
is long, and do not raise a second hand. So most refusals that remain come from a change that was still on its way.
"""

from __future__ import annotations

from collections.abc import Mapping, Set
from random import Random
from typing import Any

import msgspec

from server.rehearsal.acts import Act, Away
from server.rehearsal.patch import Document
from server.rehearsal.people import Person, sample, spoken_in
from server.rehearsal.seated import RoomHabits, act_in_rooms, own_room

REACTIONS = ("agree", "clap", "heart", "idea", "slow")


class Habits(msgspec.Struct, frozen=True):
    """How lively a hall is: the mean seconds between two looks at the page, and the chances at each look."""

    gap: float = 12.0
    ballot: float = 0.85
    change: float = 0.06
    take_back: float = 0.01
    ask: float = 0.06
    support: float = 0.35
    raise_hand: float = 0.08
    lower_hand: float = 0.1
    react: float = 0.2
    away: float = 0.02
    rooms: RoomHabits = RoomHabits()

    def in_hall(self, people: int) -> Habits:
        """Return the habits for a hall of this size: in a large one a smaller share asks or raises a hand."""
        crowd = min(1.0, 40 / max(1, people))
        return msgspec.structs.replace(self, ask=self.ask * crowd, raise_hand=self.raise_hand * crowd)


STEADY = Habits(gap=15.0, ask=0.02, support=0.15, raise_hand=0.04, lower_hand=0.03, react=0.05, away=0.003)
"""The quiet audience of a demo."""


def next_act(
    docs: Mapping[str, Document], person: Person, habits: Habits, chance: Random, asked: Set[str] = frozenset()
) -> Act | Away | None:
    """Return what this person does now, or None when they only watch; questions in `asked` are not asked again."""
    stage, me = docs.get("stage"), docs.get("me")
    if not stage or not me or stage["session"]["state"] != "live":
        return None
    if chance.random() < habits.away:
        return Away(chance.uniform(0.5, 8.0), clean=chance.random() < 0.3)
    return (
        _ballot({**stage["polls"], **own_room(docs).get("polls", {})}, me, habits, chance)
        or act_in_rooms(docs, person, habits.rooms, chance)
        or _hand(stage, me, person, habits, chance)
        or _question(stage, me, person, habits, chance, asked)
        or _support(stage, me, habits, chance)
        or (Act("react", {"kind": chance.choice(REACTIONS)}) if chance.random() < habits.react else None)
    )


def answer(poll: Document, chance: Random) -> list[Any]:
    """Return a valid answer to a poll of the stage; earlier options are liked better, so that results have a shape."""
    if poll["kind"] == "scale":
        return [int(chance.choice(poll["order"]))]
    count = 1 if poll["kind"] == "single" else chance.randint(max(1, poll["min"]), max(1, poll["max"]))
    left = list(poll["order"])
    chosen: list[Any] = []
    while left and len(chosen) < count:
        liked = chance.choices(left, weights=[1 / (1 + place) for place in range(len(left))])[0]
        left.remove(liked)
        chosen.append(liked)
    return chosen


def _ballot(polls: Mapping[str, Document], me: Document, habits: Habits, chance: Random) -> Act | None:
    for ident, poll in polls.items():
        if poll["state"] != "open":
            continue
        if ident not in me["ballots"]:
            if chance.random() < habits.ballot:
                return Act("ballot.cast", {"poll": ident, "answer": answer(poll, chance)})
        elif chance.random() < habits.change:
            return Act("ballot.cast", {"poll": ident, "answer": answer(poll, chance)})
        elif chance.random() < habits.take_back:
            return Act("ballot.withdraw", {"poll": ident})
    return None


def _hand(stage: Document, me: Document, person: Person, habits: Habits, chance: Random) -> Act | None:
    speakers = stage["speakers"]
    speaking = "current" in speakers and speakers["current"]["person"] == me["person"]
    if "hand" in me:
        return Act("hand.lower", {}) if not speaking and chance.random() < habits.lower_hand else None
    queue = len(speakers["waiting"]) + speakers["more"]
    if not speakers["open"] or speaking or chance.random() >= habits.raise_hand / (1 + queue / 8):
        return None
    if chance.random() < 0.4:
        return Act("hand.raise", {})
    return Act("hand.raise", {"kind": "speak", "reason": spoken_in(person, sample().reasons, chance)})


def _question(
    stage: Document, me: Document, person: Person, habits: Habits, chance: Random, asked: Set[str]
) -> Act | None:
    questions = stage["questions"]
    waiting = sum(asked["state"] in ("pending", "live") for asked in me["asked"].values())
    if not questions["open"] or waiting >= 2 or chance.random() >= habits.ask / (1 + len(questions["items"]) / 12):
        return None
    own = {question["text"].get(person.language) for question in me["asked"].values()}
    known = {text for item in questions["items"].values() for text in item["text"].values()} | own | asked
    fresh = [text for text in sample().questions[person.language] if text not in known]
    if not fresh:
        return None
    # A plain string is taken to be in a language of the session; other languages have to be named.
    text = chance.choice(fresh)
    fields: dict[str, Any] = {"text": text if me["language"] == person.language else {person.language: text}}
    if chance.random() < 0.3:
        fields["anonymous"] = True
    return Act("question.ask", fields)


def _support(stage: Document, me: Document, habits: Habits, chance: Random) -> Act | None:
    if chance.random() >= habits.support:
        return None
    live = [
        ident
        for ident, item in stage["questions"]["items"].items()
        if item["state"] == "live" and ident not in me["asked"]
    ]
    if not live:
        return None
    ident = chance.choice(live)
    if ident not in me["voted"]:
        return Act("question.vote", {"question": ident, "on": True})
    return Act("question.vote", {"question": ident, "on": False}) if chance.random() < 0.1 else None
