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

AT_ONCE = 8
"""How many are let in in a turn: about 3 ms of work, with all that follows from it."""


class Turns:
    """One line for a worker."""

    def __init__(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._waiting: deque[Callable[[], None]] = deque()
        self._left = AT_ONCE
        self._counting = False

    def take(self, call: Callable[[], None]) -> None:
        """Call `call` when it is its turn: now, where nobody waits and few were let in in this turn."""
        if not self._counting:
            self._counting = True
            self._loop.call_soon(self._next)
        if self._left:
            self._left -= 1
            call()
        else:
            self._waiting.append(call)

    def _next(self) -> None:
        if self._left == AT_ONCE:
            self._counting = False
            return
        self._left = AT_ONCE
        self._loop.call_soon(self._next)
        while self._waiting and self._left:
            self._left -= 1
            self._waiting.popleft()()
