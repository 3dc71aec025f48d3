"""Peers and a hub over a real SQLite log, for the tests of the hub."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from server.core import patch as merge
from server.core.seating import Quality, Request
from server.hub import Created, Hub, Live, Member
from server.hub.attachment import Attachment
from server.hub.attendance import AWAY_SECONDS
from server.hub.hub import wall_clock
from server.hub.pace import Pace
from server.hub.peer import Batch, OneByOne
from server.log.port import Log
from server.log.sqlite import SqliteLog
from server.planner.process import Planner
from server.planner.work import Seating
from server.protocol.limits import Rate
from server.texts.catalogues import Catalogues
from server.texts.resources import resource
from tests.support.world import SETUP


def shifted(request: Request) -> Seating:
    """Return a plan in which everybody goes on by one room a round, hosts apart; of no good, but made in no time."""
    homes = {host: room for room, host in enumerate(request.hosts) if host is not None}
    seats = tuple(
        tuple(homes.get(person, (person + round_) % request.rooms) for person in range(len(request.groups)))
        for round_ in range(request.rounds)
    )
    return Seating(seats, Quality(1, 1, 0, 0, 1, None, 0.0))


class InlinePlanner:
    """Makes plans here and now."""

    async def plan(self, request: Request) -> Seating:
        return shifted(request)


class FakePeer(OneByOne):
    """A connection that keeps every frame, every write and the documents that a client would hold. `buffered` is set by the test."""

    def __init__(self) -> None:
        self.frames: list[dict[str, Any]] = []
        self.writes: list[list[dict[str, Any]]] = []
        self.docs: dict[str, dict[str, Any]] = {}
        self.at: str | None = None
        self.role: str | None = None
        self.closed: int | None = None
        self.aborted = False
        self.buffered = 0
        self.attachment: Attachment | None = None
        self._arrived = asyncio.Event()

    def send(self, batches: Sequence[Batch]) -> None:
        written = [json.loads(message) for batch in batches for message in batch.messages]
        self.writes.append(written)
        for frame in written:
            self._take(frame)
        self._arrived.set()

    def close(self, code: int, reason: str = "") -> None:
        self.closed = code
        self._arrived.set()

    def abort(self) -> None:
        self.aborted = True
        self._arrived.set()

    def say(self, do: str, key: str, **fields: Any) -> None:
        """Send a command."""
        assert self.attachment is not None
        self.attachment.receive(json.dumps({"id": key, "do": do, **fields}).encode())

    async def ask(self, do: str, key: str, **fields: Any) -> dict[str, Any]:
        """Send a command and return its outcome."""
        self.say(do, key, **fields)
        return await self.outcome(key)

    async def outcome(self, key: str) -> dict[str, Any]:
        """Return the outcome of a command once it has come."""
        return await self.frame(lambda frame: key in (frame.get("done"), frame.get("refused")))

    async def frame(self, wanted: Callable[[dict[str, Any]], bool]) -> dict[str, Any]:
        """Return the first frame, past or to come, that is wanted."""
        await self.until(lambda: any(wanted(frame) for frame in self.frames))
        return next(frame for frame in self.frames if wanted(frame))

    async def until(self, true: Callable[[], bool]) -> None:
        """Return when something has become true by a frame that came."""
        async with asyncio.timeout(10):
            while not true():
                self._arrived.clear()
                await self._arrived.wait()

    def _take(self, frame: dict[str, Any]) -> None:
        self.frames.append(frame)
        if "welcome" in frame:
            welcome = frame["welcome"]
            if not welcome["resumed"]:
                self.docs = {}
            self.docs.update(welcome["docs"])
            self.at, self.role = welcome["at"], welcome["role"]
        elif "doc" in frame:
            name = frame["doc"]
            if frame.get("gone"):
                self.docs.pop(name, None)
                return
            self.docs[name] = frame["full"] if "full" in frame else merge.apply(self.docs[name], frame["patch"])
            self.at = frame["at"]


class Hall:
    """One hub with one session, and its people."""

    def __init__(self, hub: Hub, live: Live, created: Created) -> None:
        self.hub = hub
        self.live = live
        self.created = created

    async def member(self, token: str) -> Member:
        """Return who holds a key that must be valid."""
        found = await self.live.holder(token)
        assert found is not None
        return found

    async def link(self, role: str) -> FakePeer:
        """Connect by a role link."""
        return self.attach(await self.member(self.created.tokens[role]))

    async def join(self, name: str, group: str | None = None) -> tuple[Member, FakePeer]:
        """Join and connect."""
        member = await self.member((await self.live.join(name, group, "en")).token)
        return member, self.attach(member)

    def attach(self, member: Member, seen: str | None = None, peer: FakePeer | None = None) -> FakePeer:
        """Connect somebody, with a new peer or one that comes back with the documents it held."""
        peer = peer or FakePeer()
        peer.attachment = self.live.attach(member, peer, seen)
        return peer


class Held(Pace):
    """A pace at which nothing goes out by itself."""

    def delay(self, now: float, *, urgent: bool) -> float:
        return 3600.0


def hold(hall: Hall) -> None:
    """Let documents wait until they are flushed."""
    hall.live.delivery.flush()
    hall.live.delivery.pace = Held()


def make_hub(
    log: Log,
    worker: str,
    *,
    clock: Callable[[], int] = wall_clock,
    rate: Rate | None = None,
    planner: Planner | None = None,
    away: float = AWAY_SECONDS,
) -> Hub:
    """Return a hub that is not started."""
    texts = Catalogues.load(resource("static") / "locales")
    return Hub(log, texts=texts, worker=worker, clock=clock, rate=rate, planner=planner or InlinePlanner(), away=away)


@asynccontextmanager
async def open_hall(
    folder: Path,
    *,
    clock: Callable[[], int] = wall_clock,
    rate: Rate | None = None,
    wrap: Callable[[Log], Log] = lambda log: log,
    planner: Planner | None = None,
) -> AsyncIterator[Hall]:
    """Open a hub over a new SQLite log in `folder`, with one session; plans of rooms are made inline."""
    log = wrap(SqliteLog(folder, clock=clock))
    await log.open()
    hub = make_hub(log, "w1", clock=clock, rate=rate, planner=planner)
    await hub.start()
    try:
        created = await hub.create(SETUP)
        live = await hub.live(created.session)
        assert live is not None
        yield Hall(hub, live, created)
    finally:
        await hub.close()
        await log.close()
