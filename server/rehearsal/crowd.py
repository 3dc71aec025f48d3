"""The hall: everybody who takes part in a rehearsal, joined and connected at a bounded rate, in one process."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Coroutine, Iterator
from random import Random

from websockets.uri import WebSocketURI

from server.rehearsal.client import Client, Settled
from server.rehearsal.http import Http, Refused
from server.rehearsal.ledger import Ledger
from server.rehearsal.member import Member, Will
from server.rehearsal.patch import SharedDocuments
from server.rehearsal.people import Person
from server.rehearsal.scheduler import Scheduler
from server.rehearsal.socket import Listener, Socket
from server.rehearsal.target import Target
from server.rehearsal.wire import FrameReader, Joined

JOIN_RATE = 200.0
"""People who come in per second, at most."""
JOINERS = 16
JOIN_TRIES = 6
GOODBYES = 60
"""How many twentieths of a second everybody has for going home."""


class Crowd:
    """The people of one rehearsal and what they share. Everything happens in the event loop that made it."""

    def __init__(self, target: Target, http: Http, chance: Random, lose_reply: float = 0.0) -> None:
        """Take the server and the source of chance; `lose_reply` is the share of commands whose reply gets lost."""
        loop = asyncio.get_running_loop()
        # Not `loop.time`, which uvloop counts in whole milliseconds and keeps still within a turn of the loop.
        self.scheduler = Scheduler(time.monotonic, loop.call_later)
        self.ledger = Ledger()
        self.chance = chance
        self.acting = True
        self.lose_reply = lose_reply
        self.members: list[Member] = []
        self.received = 0
        """Bytes that arrived over sockets, frames and handshakes included."""
        self.session = ""
        self._loop = loop
        self._target = target
        self._http = http
        self._tls = target.tls()
        self._reader = FrameReader()
        self._shared = SharedDocuments()
        self._work: set[asyncio.Task[None]] = set()

    async def join(
        self, code: str, people: list[Person], watchers: int, will: Callable[[Person], Will], rate: float = JOIN_RATE
    ) -> None:
        """Bring people in by the join code, at most `rate` a second; the first `watchers` of them observe and never leave.

        Raises `Refused` when the server refuses somebody for a reason that trying again does not cure.
        """
        start = self._loop.time()
        turns = iter(enumerate(people))

        async def joiner(turns: Iterator[tuple[int, Person]]) -> None:
            for place, person in turns:
                await asyncio.sleep(start + place / rate - self._loop.time())
                joined = await self._join(code, person)
                self.session = joined.session
                self.add("participant", joined.token, will(person), watches=place < watchers)

        try:
            async with asyncio.TaskGroup() as group:
                for _ in range(min(JOINERS, len(people))):
                    group.create_task(joiner(turns))
        except ExceptionGroup as problems:
            raise problems.exceptions[0] from None

    def add(self, role: str, token: str, will: Will | None, *, watches: bool = False) -> Member:
        """Let somebody in who has a key, connected and acting."""
        member = Member(self, role, token, will, watches=watches)
        self.members.append(member)
        member.enter()
        return member

    async def settle(self, seconds: float) -> bool:
        """Stop all acting, bring everybody back, and wait until every command is answered; False when that takes too long."""
        self.acting = False
        deadline = self._loop.time() + seconds
        while not all(member.settled for member in self.members):
            if self._loop.time() > deadline:
                return False
            for member in self.members:
                member.connect()
            await asyncio.sleep(0.1)
        return True

    async def leave(self) -> None:
        """Send everybody home and end what is under way."""
        for member in self.members:
            member.leave()
        for _ in range(GOODBYES):
            if not any(member.connected for member in self.members):
                break
            await asyncio.sleep(0.05)
        self.scheduler.close()
        for work in self._work:
            work.cancel()

    def new_client(self, settled: Callable[[Settled], None], changed: Callable[[str, int, float], None]) -> Client:
        """Return a client with ids of its own: those of an earlier run would be taken for repeats."""
        return Client(self._reader, self._shared, f"{self.chance.getrandbits(48):x}-", settled, changed)

    def socket(self, token: str, listener: Listener) -> Socket:
        """Return a socket to the session that is not connected yet."""
        target = self._target
        uri = WebSocketURI(target.secure, target.host, target.port, f"/ws/{self.session}", "")
        return Socket(uri, token, listener, self._count)

    async def dial(self, socket: Socket) -> None:
        """Connect a socket; raises `OSError` where nobody answers."""
        target = self._target
        await self._loop.create_connection(lambda: socket, target.host, target.port, ssl=self._tls)

    def start(self, work: Coroutine[None, None, None]) -> None:
        """Run `work` beside everything else."""
        task = self._loop.create_task(work)
        self._work.add(task)
        task.add_done_callback(self._finished)

    def _finished(self, task: asyncio.Task[None]) -> None:
        self._work.discard(task)
        if not task.cancelled() and (problem := task.exception()) is not None:
            self._loop.call_exception_handler({"message": "a simulated person failed", "exception": problem})

    async def _join(self, code: str, person: Person) -> Joined:
        body = {"code": code, "name": person.name, "language": person.language}
        if person.group is not None:
            body["group"] = person.group
        for attempt in range(1, JOIN_TRIES + 1):
            try:
                return await self._http.post("/api/join", body, Joined)
            except Refused as refused:
                self.ledger.refused[refused.code] += 1
                self.ledger.examples.setdefault(refused.code, str(refused))
                if refused.status not in (429, 503) or attempt == JOIN_TRIES:
                    raise
                await asyncio.sleep(self.chance.uniform(0.5, 1.0) * attempt)
        raise AssertionError("the last attempt returns or raises")

    def _count(self, size: int) -> None:
        self.received += size
