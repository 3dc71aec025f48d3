"""Figures of a rehearsal: percentiles, the way of a change to other people's screens, the client's own load.

All times are seconds of one monotonic clock of this process; nothing depends on the server's clock.
"""

from __future__ import annotations

from array import array
from bisect import bisect_left
from collections.abc import Iterable, Sequence
from math import ceil

import msgspec

from server.rehearsal.scheduler import Scheduler


class Spread(msgspec.Struct, frozen=True):
    """A sample of times in milliseconds; None where nothing was measured."""

    count: int
    p50: float | None
    p95: float | None
    p99: float | None
    max: float | None


def percentile(ordered: Sequence[float], share: float) -> float:
    """Return the nearest-rank percentile of a sorted, non-empty sample; `share` is 0 < share <= 1."""
    return ordered[max(0, ceil(share * len(ordered)) - 1)]


def spread(seconds: Iterable[float]) -> Spread:
    """Summarise a sample of seconds as milliseconds, rounded to a tenth."""
    ordered = sorted(seconds)
    if not ordered:
        return Spread(0, None, None, None, None)
    p50, p95, p99 = (round(percentile(ordered, share) * 1000, 1) for share in (0.5, 0.95, 0.99))
    return Spread(len(ordered), p50, p95, p99, round(ordered[-1] * 1000, 1))


class Sightings:
    """When one observer received each position of the stage; `seq` never decreases within a connection."""

    def __init__(self) -> None:
        self._seqs = array("q")
        self._times = array("d")

    def saw(self, seq: int, at: float) -> None:
        """Note a frame that brought the stage to `seq`."""
        if not self._seqs or seq > self._seqs[-1]:
            self._seqs.append(seq)
            self._times.append(at)

    def first(self, seq: int) -> float | None:
        """Return when the observer first held the stage at `seq` or later."""
        place = bisect_left(self._seqs, seq)
        return self._times[place] if place < len(self._times) else None


def reach(changes: Iterable[tuple[int, float]], observers: Sequence[Sightings]) -> list[float]:
    """Return the seconds from sending each change (`seq`, when sent) until each observer held it."""
    return [
        seen - sent
        for seq, sent in changes
        for observer in observers
        if (seen := observer.first(seq)) is not None and seen >= sent
    ]


class LoopLag:
    """How late this process's own timers fire: large values mean that the client is what is slow."""

    def __init__(self, scheduler: Scheduler, period: float = 0.1) -> None:
        self.lags = array("d")
        self._scheduler = scheduler
        self._period = period
        self._due = scheduler.clock() + period
        scheduler.at(self._due, self._beat)

    def forget(self) -> None:
        """Begin the sample anew."""
        del self.lags[:]

    def _beat(self) -> None:
        now = self._scheduler.clock()
        self.lags.append(max(0.0, now - self._due))
        self._due = now + self._period
        self._scheduler.at(self._due, self._beat)
