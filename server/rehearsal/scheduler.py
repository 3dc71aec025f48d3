"""One heap and one timer for all that simulated people will do later.

The clock and the timer are arguments, so that a test moves time by hand.
"""

from __future__ import annotations

from collections.abc import Callable
from heapq import heappop, heappush
from itertools import count
from typing import Protocol

Call = Callable[[], None]


class Timer(Protocol):
    """What `loop.call_later` returns."""

    def cancel(self) -> None:
        """Let it not happen."""


class Scheduler:
    """Calls things at their time; calls of the same instant keep the order in which they were asked for."""

    def __init__(self, clock: Callable[[], float], call_later: Callable[[float, Call], Timer]) -> None:
        """Take the clock (seconds) and a `loop.call_later` for the single timer."""
        self.clock = clock
        self._call_later = call_later
        self._heap: list[tuple[float, int, Call]] = []
        self._order = count()
        self._timer: Timer | None = None
        self._armed = float("inf")
        self._closed = False

    def at(self, when: float, call: Call) -> None:
        """Call `call` at `when`, or at the next turn of the loop where that has passed."""
        if self._closed:
            return
        heappush(self._heap, (when, next(self._order), call))
        self._arm()

    def after(self, delay: float, call: Call) -> None:
        """Call `call` in `delay` seconds."""
        self.at(self.clock() + delay, call)

    def close(self) -> None:
        """Forget everything that was to happen, now and later."""
        self._closed = True
        self._heap.clear()
        if self._timer is not None:
            self._timer.cancel()

    def run_due(self) -> None:
        """Call what is due now; what these calls ask for at once waits for the next turn."""
        self._armed = float("inf")
        now = self.clock()
        due: list[Call] = []
        while self._heap and self._heap[0][0] <= now:
            due.append(heappop(self._heap)[2])
        self._arm()
        for call in due:
            call()

    def _arm(self) -> None:
        if self._heap and self._heap[0][0] < self._armed:
            if self._timer is not None:
                self._timer.cancel()
            self._armed = self._heap[0][0]
            self._timer = self._call_later(max(0.0, self._armed - self.clock()), self.run_due)
