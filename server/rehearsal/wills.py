"""What decides for a member: somebody in the hall, or one who steers."""

from __future__ import annotations

from random import Random
from typing import Any

import msgspec

from server.rehearsal.acts import Act, Away
from server.rehearsal.director import Director, NoteTaker
from server.rehearsal.habits import Habits, next_act
from server.rehearsal.people import Person


class Participant:
    """The will of somebody in the hall."""

    def __init__(
        self, person: Person, habits: Habits, pace: float, chance: Random, asked: set[str] | None = None
    ) -> None:
        """Take who it is, the habits, the pace (1 is human) and the source of chance.

        Those who share `asked` do not ask the same question twice among them.
        """
        self.person = person
        self._asked = asked
        self._habits = habits
        self._pace = pace
        self._chance = chance

    def next_act(self, docs: dict[str, Any], now: float) -> Act | Away | None:
        """Return what this person does, given what they see."""
        act = next_act(docs, self.person, self._habits, self._chance, self._asked or frozenset())
        if isinstance(act, Away):
            return msgspec.structs.replace(act, seconds=act.seconds / self._pace)
        if self._asked is not None and act is not None and act.do == "question.ask":
            text = act.fields["text"]
            self._asked.update([text] if isinstance(text, str) else text.values())
        return act

    def gap(self) -> float:
        """Return the seconds until the next look: people are independent of each other, so these are exponential."""
        return self._chance.expovariate(self._pace / self._habits.gap)


class Steered:
    """The will of a simulated moderator or rapporteur: looks often, decides by its own clockwork."""

    def __init__(self, decide: Director | NoteTaker, gap: float) -> None:
        """Take who decides and the seconds between two looks."""
        self._decide = decide
        self._gap = gap

    def next_act(self, docs: dict[str, Any], now: float) -> Act | None:
        """Return what to do now."""
        return self._decide.next_act(docs, now)

    def gap(self) -> float:
        """Return the seconds until the next look."""
        return self._gap
