"""Presence and reactions: counts that expire, outside the log.

Every worker counts its own and tells the others; what a worker said is forgotten when it has been silent for `SILENCE` seconds. Counts
are approximate by nature: a person on two workers at once counts twice.
"""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Iterable

import msgspec

from server.core.setup import NO_GROUP
from server.protocol.frames import REACTIONS

SILENCE = 15.0
REACTION_SECONDS = 10.0


class Report(msgspec.Struct, frozen=True):
    """What one worker tells the others: people online by group, and reactions since its last report."""

    worker: str
    online: dict[str, int]
    reactions: dict[str, int]


_decoder = msgspec.json.Decoder(Report)
_encode = msgspec.json.Encoder().encode


class Presence:
    """Who is here, on this worker and on others; times in seconds on one monotonic clock."""

    def __init__(self, worker: str) -> None:
        self._worker = worker
        self._sockets: Counter[str] = Counter()
        self._groups: dict[str, str] = {}
        self._others: dict[str, tuple[float, dict[str, int]]] = {}
        self._reactions: deque[tuple[float, str, int]] = deque()
        self._untold: Counter[str] = Counter()

    def enter(self, person: str, group: str | None) -> None:
        """A socket of a person opened."""
        self._sockets[person] += 1
        self._groups[person] = group or NO_GROUP

    def leave(self, person: str) -> None:
        """A socket of a person closed."""
        self._sockets[person] -= 1
        if self._sockets[person] <= 0:
            del self._sockets[person]
            del self._groups[person]

    def regroup(self, person: str, group: str | None) -> None:
        """A person changed group."""
        if person in self._groups:
            self._groups[person] = group or NO_GROUP

    def react(self, kind: str, now: float) -> None:
        """Count a reaction of somebody on this worker."""
        self._reactions.append((now, kind, 1))
        self._untold[kind] += 1

    def report(self) -> bytes:
        """Return what the other workers should hear; reactions are told once."""
        told = Report(self._worker, dict(Counter(self._groups.values())), dict(self._untold))
        self._untold.clear()
        return _encode(told)

    def hear(self, message: bytes, now: float) -> None:
        """Take in another worker's report; one that cannot be read is dropped, for counts are all it could hold."""
        try:
            report = _decoder.decode(message)
        except (msgspec.DecodeError, UnicodeDecodeError):
            return
        if report.worker == self._worker:
            return
        self._others[report.worker] = (now, report.online)
        for kind, count in report.reactions.items():
            if kind in REACTIONS:
                self._reactions.append((now, kind, count))

    def online(self, groups: Iterable[str], now: float) -> dict[str, object]:
        """Return `stage.presence`: every group of the session and `none`, whether somebody is there or not."""
        total: Counter[str] = Counter(self._groups.values())
        for worker, (heard, counts) in list(self._others.items()):
            if now - heard > SILENCE:
                del self._others[worker]
            else:
                total.update(counts)
        rows = {group: total[group] for group in (*groups, NO_GROUP)}
        return {"online": sum(rows.values()), "groups": rows}

    def reactions(self, now: float) -> dict[str, int]:
        """Return `stage.reactions`: how many of each kind in the last ten seconds."""
        while self._reactions and now - self._reactions[0][0] > REACTION_SECONDS:
            self._reactions.popleft()
        counts = dict.fromkeys(REACTIONS, 0)
        for _, kind, count in self._reactions:
            counts[kind] += count
        return counts

    @property
    def restless(self) -> bool:
        """Whether counts will change by themselves, because reactions expire and other workers may have fallen silent."""
        return bool(self._reactions or self._others)
