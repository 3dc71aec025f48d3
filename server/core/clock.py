"""The clock of a guiding question: a deadline, never a countdown.

A running clock is the instant at which its time is up, a paused one is what is left; so a state says the same to everybody at any moment,
and a browser counts down by itself.
"""

from __future__ import annotations

from typing import Annotated, Any

import msgspec
from msgspec import Meta

from server.core.base import Command
from server.core.refusals import Refusal
from server.core.setup import MAX_SECONDS


class Clock(msgspec.Struct, frozen=True):
    """`running` until `ends`, or `paused` with `left`, or neither; all in milliseconds."""

    ends: int | None = None
    left: int | None = None
    total: int = 0

    @property
    def state(self) -> str:
        if self.ends is not None:
            return "running"
        return "idle" if self.left is None else "paused"


class StartClock(Command, tag="clock.start"):
    seconds: Annotated[int, Meta(ge=1, le=MAX_SECONDS)] | None = None


class PauseClock(Command, tag="clock.pause"):
    pass


class ResumeClock(Command, tag="clock.resume"):
    pass


class ExtendClock(Command, tag="clock.extend"):
    seconds: Annotated[int, Meta(ge=-MAX_SECONDS, le=MAX_SECONDS)]


def started(seconds: int, at: int) -> Clock:
    """Return a clock that runs for `seconds` from `at`; one of no seconds stands still."""
    return Clock(ends=at + seconds * 1000, total=seconds * 1000) if seconds else Clock()


def paused(clock: Clock, at: int) -> Clock:
    """Return the clock stopped where it is; what is left is negative when the time was up."""
    if clock.ends is None:
        raise Refusal("clock.not_running")
    return Clock(left=clock.ends - at, total=clock.total)


def resumed(clock: Clock, at: int) -> Clock:
    """Return a paused clock that goes on."""
    if clock.left is None:
        raise Refusal("clock.not_paused")
    return Clock(ends=at + clock.left, total=clock.total)


def extended(clock: Clock, seconds: int, at: int) -> Clock:
    """Return a running or paused clock with seconds added or taken away; one whose time was up gets them from now."""
    more = seconds * 1000
    total = max(0, clock.total + more)
    if clock.ends is not None:
        base = max(clock.ends, at) if more > 0 else clock.ends
        return Clock(ends=max(at, base + more), total=total)
    if clock.left is not None:
        base = max(clock.left, 0) if more > 0 else clock.left
        return Clock(left=max(0, base + more), total=total)
    raise Refusal("clock.not_running")


def view(clock: Clock) -> dict[str, Any]:
    """Return the clock as it stands in a document."""
    return {"state": clock.state, "ends": clock.ends, "left": clock.left, "total": clock.total}
