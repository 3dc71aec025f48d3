"""What passes: the slices of the stage that are in no log, presence and reactions, shown at most once a second.

They change by themselves, because reactions expire and other workers fall silent; so they are looked at again while there is any of it.
What comes is shown with the next look; a reaction that only goes is not worth a message of its own each time.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

from server.core.state import State
from server.hub.presence import Presence

PAUSE = 1.0
"""Seconds between two changes of the counts that everybody sees."""

LINGER = 3.0
"""Seconds after which what only goes is shown by itself; until then it waits for something that is sent anyway."""


class Passing:
    """See the module. `show` sends everybody what changed, `attended` says whether anybody would see it."""

    def __init__(
        self, state: State, presence: Presence, show: Callable[[], None], attended: Callable[[], bool]
    ) -> None:
        self._state = state
        self._presence = presence
        self._show = show
        self._attended = attended
        self._loop = asyncio.get_running_loop()
        self._timer: asyncio.TimerHandle | None = None
        self._due = False
        self._news = False
        self._shown = 0.0
        self._closed = False

    def close(self) -> None:
        """Show nothing any more, also when those who are still connected leave."""
        self._closed = True
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def slices(self) -> dict[str, Any]:
        """Return these slices as they are now."""
        now = self._loop.time()
        return {
            "presence": self._presence.online(self._state.session.groups, self._state.people.items, now),
            "reactions": self._presence.reactions(now),
        }

    def due(self) -> dict[str, Any]:
        """Return the slices if it is time to show them, else none; they are due once."""
        if not self._due:
            return {}
        self._due = self._news = False
        self._shown = self._loop.time()
        return self.slices()

    def enter(self, person: str) -> None:
        """A socket of somebody who joined with the code opened."""
        self._presence.enter(person)
        self._changed()

    def leave(self, person: str) -> None:
        """A socket of somebody who joined with the code closed."""
        self._presence.leave(person)
        self._changed()

    def react(self, kind: str) -> None:
        """Count a reaction."""
        self._presence.react(kind, self._loop.time())
        self._changed()

    def hear(self, message: bytes) -> None:
        """Take in what another worker told."""
        self._presence.hear(message, self._loop.time())
        self._changed()

    def _changed(self) -> None:
        self._news = True
        self._soon()

    def _soon(self) -> None:
        if self._timer is None and not self._closed:
            self._timer = self._loop.call_later(PAUSE, self._look)

    def _look(self) -> None:
        self._timer = None
        self._due = True
        if self._news or self._loop.time() - self._shown >= LINGER:
            self._show()
        if (self._due or self._presence.restless) and self._attended():
            self._soon()
