"""Presence and reactions: counts that expire, outside the log.

Every worker tells the others who is connected to it; what a worker said is forgotten when it has been silent for `SILENCE` seconds.
People are told by their ids, so that somebody on two workers at once counts once.
"""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Iterable, Mapping
from typing import Literal

import msgspec

from server.core.base import Who
from server.core.setup import NO_GROUP
from server.protocol.frames import REACTIONS

SILENCE = 15.0
REACTION_SECONDS = 10.0


class Report(msgspec.Struct, frozen=True):
    """What one worker tells the others: the people connected to it, and reactions since its last report.

    `version` changes with the shape: while workers of two versions run side by side, each drops what the other says.
    """

    version: Literal[2]
    worker: str
    people: tuple[str, ...]
    reactions: dict[str, int]


_decoder = msgspec.json.Decoder(Report)
_encode = msgspec.json.Encoder().encode


class Presence:
    """Who is connected, here and on other workers; times in seconds on one monotonic clock."""

    def __init__(self, worker: str) -> None:
        self._worker = worker
        self._sockets: Counter[str] = Counter()
        self._others: dict[str, tuple[float, frozenset[str]]] = {}
        self._reactions: deque[tuple[float, str, int]] = deque()
        self._untold: Counter[str] = Counter()

    def enter(self, person: str) -> None:
        """A socket of a person opened."""
        self._sockets[person] += 1

    def leave(self, person: str) -> None:
        """A socket of a person closed."""
        self._sockets[person] -= 1
        if self._sockets[person] <= 0:
            del self._sockets[person]

    def react(self, kind: str, now: float) -> None:
        """Count a reaction of somebody on this worker."""
        self._reactions.append((now, kind, 1))
        self._untold[kind] += 1

    def report(self) -> bytes:
        """Return what the other workers should hear; reactions are told once."""
        told = Report(2, self._worker, tuple(self._sockets), dict(self._untold))
        self._untold.clear()
        return _encode(told)

    def hear(self, message: bytes, now: float) -> None:
        """Take in another worker's report; one that cannot be read is dropped."""
        try:
            report = _decoder.decode(message)
        except (msgspec.DecodeError, UnicodeDecodeError):
            return
        if report.worker == self._worker:
            return
        self._others[report.worker] = (now, frozenset(report.people))
        for kind, count in report.reactions.items():
            if kind in REACTIONS:
                self._reactions.append((now, kind, count))

    @property
    def here(self) -> Iterable[str]:
        """The people connected to this worker."""
        return self._sockets.keys()

    def everywhere(self, now: float) -> set[str]:
        """Return the people connected to any worker."""
        for worker, (heard, _) in list(self._others.items()):
            if now - heard > SILENCE:
                del self._others[worker]
        return set(self._sockets).union(*(people for _, people in self._others.values()))

    def online(self, groups: Iterable[str], people: Mapping[str, Who], now: float) -> dict[str, object]:
        """Return `stage.presence`: every group of the session and `none`, whether somebody is there or not."""
        rows = dict.fromkeys((*groups, NO_GROUP), 0)
        for person in self.everywhere(now):
            # Another worker may know somebody who is not in the state here yet.
            who = people.get(person)
            if who is not None and not who.removed:
                rows[who.group or NO_GROUP] += 1
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
