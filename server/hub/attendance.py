"""Attendance: who of those that joined with the code is here, written into the log when it changes for good.

Connections come and go with every tunnel and locked phone; a seat in a breakout room should not. So somebody counts as gone only after
`away` seconds without a connection to any worker, and as back with the first connection. Every worker watches, and all give such an entry
the same key, so that the log keeps one.
"""

from __future__ import annotations

from collections.abc import Callable

from server.core.base import Command, Touched
from server.core.people import Back, Gone, Person
from server.core.state import State
from server.hub.presence import Presence

AWAY_SECONDS = 60.0

AT_ONCE = 500
"""People who are written down as gone by one look: when a hall leaves, the others' commands should not wait behind it."""

AGAIN_SECONDS = 15.0
"""Until an entry that the log did not take is put again."""

PEOPLE = ("desk", "people")


class Attendance:
    """See the module. `put` appends a command under a key. Who is here in the state is gone through only after it has changed."""

    def __init__(
        self, state: State, presence: Presence, put: Callable[[str, Command], None], *, away: float = AWAY_SECONDS
    ) -> None:
        self._state = state
        self._presence = presence
        self._put = put
        self._away = away
        self._expected: frozenset[str] = frozenset()
        self._unseen: dict[str, float] = {}
        """When those who are here by the state, and connected nowhere, were first missed."""
        self._stale = True

    def touched(self, touched: Touched) -> None:
        """Take note of what an entry changed."""
        if touched.concerns(PEOPLE):
            self._stale = True

    def entered(self, person: str) -> None:
        """Somebody connected to this worker."""
        who = self._state.people.items[person]
        if not who.here and _watched(who):
            self._put(f"back.{person}.{who.visits}", Back(person=person))

    def care(self, now: float) -> None:
        """Look who is missing, and write down who has been for too long; `now` in seconds on the clock of the presence."""
        people = self._state.people.items
        if self._stale:
            self._stale = False
            self._expected = frozenset(person for person, who in people.items() if who.here and _watched(who))
            for person in self._presence.here:
                # Somebody else's worker took them for gone; they are not.
                self.entered(person)
        if not self._expected and not self._unseen:
            return
        missing = self._expected - self._presence.everywhere(now)
        for person in self._unseen.keys() - missing:
            del self._unseen[person]
        told = 0
        for person in missing:
            since = self._unseen.setdefault(person, now)
            if now - since >= self._away and told < AT_ONCE:
                told += 1
                self._unseen[person] = now + AGAIN_SECONDS - self._away
                self._put(f"gone.{person}.{people[person].visits}", Gone(person=person))


def _watched(who: Person) -> bool:
    return not who.link and not who.removed
