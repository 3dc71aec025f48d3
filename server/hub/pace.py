"""How often documents go out: at once after quiet, and under a burst no oftener than the machine can bear.

The rule: a flush that cost `c` seconds of the processor is followed by a pause of `c / SHARE - c`, so that writing to everybody takes at
most `SHARE` of the core and the rest is left for those who are voting. The pause is never below `FLOOR` (what comes from many hands in
the same moment travels together, and costs a phone on a thin link one frame) and never above `CEILING` (everybody sees fresh results at
least twice a second where the core can do it). Counts that only go on, of votes and ballots, wait `COUNTS` at least: numbers that change
oftener cannot be read. The cost is that of the event loop's thread: what other processes take from the core in between is no reason to
pause longer. It is smoothed over flushes, because single measurements on a shared machine are noisy.
"""

from __future__ import annotations

SHARE = 0.4
FLOOR = 0.01
COUNTS = 0.2
CEILING = 0.5
SMOOTHING = 0.3


class Pace:
    """Decides when the next flush may happen; all times in seconds, moments on one monotonic clock."""

    __slots__ = ("_last", "cost", "interval")

    def __init__(self) -> None:
        self.cost = 0.0
        self.interval = FLOOR
        self._last = -CEILING

    def delay(self, now: float, *, urgent: bool) -> float:
        """Return how long a change that came now has to wait; 0 after quiet."""
        pause = self.interval if urgent else max(self.interval, COUNTS)
        return max(0.0, self._last + pause - now)

    def flushed(self, now: float, cost: float) -> None:
        """Take note of a flush that ended now and cost so much."""
        self.cost += SMOOTHING * (cost - self.cost)
        self.interval = min(CEILING, max(FLOOR, self.cost / SHARE - self.cost))
        self._last = now
