"""How long people wait for their next room: from the moderator's command until each holds the document of the new room."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import msgspec

from server.rehearsal.measure import percentile


class Sent(msgspec.Struct, frozen=True):
    """A command that moved everybody: the entry that it became, and when it was sent (seconds of this process's clock)."""

    do: str
    seq: int
    at: float


class Arrival(msgspec.Struct, frozen=True):
    """Somebody got the document of a room in another round than before, at `seq`; `since` is when their connection was welcomed."""

    seq: int
    round: int
    at: float
    since: float


class Move(msgspec.Struct, frozen=True):
    """Everybody was moved at once: how many were connected meanwhile, and after how many milliseconds they had the new room."""

    do: str
    round: int
    people: int
    first: float
    p50: float
    p99: float
    last: float


def moves(sent: Iterable[Sent], arrivals: Sequence[Sequence[Arrival]]) -> list[Move]:
    """Measure each move by the first arrival of each person before the next one; who was offline when it was sent does not count."""
    ordered = sorted(sent, key=lambda one: one.seq)
    found = []
    for place, one in enumerate(ordered):
        end = ordered[place + 1].seq if place + 1 < len(ordered) else None
        first = [next((a for a in own if a.seq >= one.seq and (end is None or a.seq < end)), None) for own in arrivals]
        moved = sorted((a for a in first if a is not None and a.since <= one.at), key=lambda arrival: arrival.at)
        if moved:
            waits = [round((arrival.at - one.at) * 1000, 1) for arrival in moved]
            p50, p99 = percentile(waits, 0.5), percentile(waits, 0.99)
            found.append(Move(one.do, moved[0].round, len(waits), waits[0], p50, p99, waits[-1]))
    return found
