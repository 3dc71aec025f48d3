"""Turns: whoever comes in a crowd waits in line, so that those who are there are served meanwhile.

The loop serves everything that is ready before it looks again at what has come. When thousands come at once that would be all
of them, one step at a time, and whoever votes waits until each has made that step. So each turn of the loop lets in a few, in order of
coming, and between two turns the vote, and the next step of those who were let in, is served. Nobody is passed over, and
nobody holds the line up: a turn is over whatever the client does with it.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable

AT_ONCE = 16
"""How many are let in in a turn: about 5 ms of work, with all that follows from it."""


class Turns:
    """One line for a worker."""

    def __init__(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._waiting: deque[Callable[[], None]] = deque()
        self._called = False

    def take(self, call: Callable[[], None]) -> None:
        """Call `call` when it is its turn: in the next turn of the loop where nobody waits."""
        self._waiting.append(call)
        if not self._called:
            self._called = True
            self._loop.call_soon(self._next)

    def _next(self) -> None:
        for _ in range(min(AT_ONCE, len(self._waiting))):
            self._waiting.popleft()()
        if self._waiting:
            self._loop.call_soon(self._next)
        else:
            self._called = False
