"""The word that this worker is leaving, from the server's side to whatever holds a connection open."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any


class Drain:
    """Whether this worker is leaving; those who hold a connection open hear of it at once."""

    def __init__(self) -> None:
        self.begun = False
        self._listeners: set[Callable[[], None]] = set()

    def begin(self) -> None:
        """Tell every listener, once."""
        if self.begun:
            return
        self.begun = True
        for listener in tuple(self._listeners):
            listener()

    def listen(self, listener: Callable[[], None]) -> Callable[[], None]:
        """Call `listener` when draining begins, at once if it has begun; return what ends the listening."""
        if self.begun:
            listener()
        self._listeners.add(listener)
        return lambda: self._listeners.discard(listener)


def begin_drain(app_state: Mapping[str, Any]) -> None:
    """Begin the drain that the application put into the state of its lifespan, if it did."""
    drain = app_state.get("drain")
    if isinstance(drain, Drain):
        drain.begin()
