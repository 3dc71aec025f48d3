"""One simulated person: a client of the protocol, its connection, and a will of its own."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from random import Random
from typing import Any, Protocol

from server.rehearsal.acts import Act, Away
from server.rehearsal.client import ROOM, Client, Settled
from server.rehearsal.ledger import Ledger
from server.rehearsal.measure import Sightings
from server.rehearsal.patch import Document
from server.rehearsal.rotation import Arrival
from server.rehearsal.scheduler import Scheduler
from server.rehearsal.socket import Listener, Socket

BEAT = 20.0
"""Seconds between two pings."""
BACKOFF_FIRST = 0.5
BACKOFF_MOST = 10.0
GOODBYE = 2.0
"""Seconds that a polite close may take."""
ENTERING = ("room.choose", "room.enter")
"""How people come into a room for themselves."""


class Will(Protocol):
    """What decides for a member."""

    def next_act(self, docs: dict[str, Any], now: float) -> Act | Away | None:
        """Return what to do at `now` (seconds), given what the member sees."""

    def gap(self) -> float:
        """Return the seconds until the next look."""


class Hall(Protocol):
    """What all members share."""

    scheduler: Scheduler
    ledger: Ledger
    chance: Random
    acting: bool
    lose_reply: float
    """The share of commands whose reply gets lost, so that the same command is sent again."""

    def new_client(self, settled: Callable[[Settled], None], changed: Callable[[str, int, float], None]) -> Client:
        """Return a client with ids of its own."""

    def socket(self, token: str, listener: Listener) -> Socket:
        """Return a socket that is not connected yet."""

    async def dial(self, socket: Socket) -> None:
        """Connect a socket; raises `OSError` where nobody answers."""

    def start(self, work: Coroutine[None, None, None]) -> None:
        """Run `work` beside everything else."""


class Member:
    """A person of the hall. `gone` says with which close code the server ended it for good."""

    def __init__(self, hall: Hall, role: str, token: str, will: Will | None, *, watches: bool = False) -> None:
        """Take the hall, a role's or person's key and what decides; a member who `watches` is an observer and never leaves."""
        self.role = role
        self.token = token
        self.sightings = Sightings() if watches else None
        self.drops = 0
        """How often the member went away on purpose."""
        self.lost = 0
        """How often the connection was lost otherwise."""
        self.gone: int | None = None
        self.arrivals: list[Arrival] = []
        """When the member got the document of a room in another round than before; what they entered for themselves is not in it."""
        self._round: tuple[str, int] | None = None
        self._entering = False
        self._hall = hall
        self._will = will
        self._socket: Socket | None = None
        self._connection = 0
        self._away: Away | None = None
        self._failures = 0
        self._leaving = False
        self.client = hall.new_client(self._settled, self._changed)

    def connect(self) -> None:
        """Open the connection, unless the member has gone for good."""
        if self.gone is None and not self._leaving and self._socket is None:
            self._connection += 1
            self._socket = self._hall.socket(self.token, self)
            self._hall.start(self._dial(self._socket, self._connection))

    def enter(self) -> None:
        """Connect and begin to act."""
        self.connect()
        if self._will is not None:
            self._hall.scheduler.after(self._will.gap(), self._wake)

    def act(self, act: Act) -> None:
        """Send a command; now and then its reply is lost, half of these times with the connection."""
        self._hall.ledger.sent[act.do] += 1
        self._entering = self._entering or act.do in ENTERING
        loses = self._hall.chance.random() < self._hall.lose_reply
        cut = loses and self.sightings is None and self._hall.chance.random() < 0.5
        frames = self.client.command(act.do, act.fields, self._hall.scheduler.clock(), lose_reply=loses and not cut)
        if self._socket is not None and frames:
            self._socket.send(frames)
            if cut:
                self._go(self._socket, Away(self._hall.chance.uniform(0.2, 1.0), clean=False))

    def leave(self) -> None:
        """Go home: a polite close, and no return."""
        self._leaving = True
        socket = self._socket
        if socket is not None:
            socket.close()
            self._hall.scheduler.after(GOODBYE, socket.abort)

    @property
    def connected(self) -> bool:
        """Whether there is a connection or one is being opened."""
        return self._socket is not None

    @property
    def settled(self) -> bool:
        """Whether the member is here and knows the fate of everything it sent, or has gone for good."""
        return self.gone is not None or (self.client.live and not self.client.waiting)

    def opened(self) -> None:
        """Say hello."""
        if self._leaving:
            self.leave()
        elif self._socket is not None:
            self._socket.send(self.client.opened())

    def received(self, payload: bytes) -> None:
        """Take a frame and answer."""
        answers = self.client.receive(payload, self._hall.scheduler.clock())
        if answers and self._socket is not None:
            self._socket.send(answers)

    def closed(self, code: int) -> None:
        """Come back unless that is over: codes 4000 to 4099, and handshakes refused with 4xx other than 429, say so."""
        self._socket = None
        self._failures = 0 if self.client.live else self._failures + 1
        self.client.closed()
        if self._leaving:
            return
        if 4000 <= code < 4100 or (400 <= code < 500 and code != 429):
            self.gone = code
        elif self._away is not None:
            self._hall.scheduler.after(self._away.seconds if self._hall.acting else 0.0, self.connect)
            self._away = None
        else:
            self.lost += 1
            most = min(BACKOFF_MOST, BACKOFF_FIRST * 2 ** min(self._failures, 8))
            self._hall.scheduler.after(self._hall.chance.uniform(0.0, most), self.connect)

    async def _dial(self, socket: Socket, connection: int) -> None:
        try:
            await self._hall.dial(socket)
        except OSError:
            self.closed(0)
        else:
            self._beat(connection)

    def _beat(self, connection: int) -> None:
        if connection != self._connection or self._socket is None:
            return
        if self.client.live:
            frames = self.client.beat(self._hall.scheduler.clock())
            if frames is None:
                self._socket.abort()
                return
            self._socket.send(frames)
        self._hall.scheduler.after(BEAT, lambda: self._beat(connection))

    def _wake(self) -> None:
        if self._will is None or self._leaving or self.gone is not None:
            return
        self._hall.scheduler.after(self._will.gap(), self._wake)
        if not self._hall.acting or self.client.waiting:
            return
        act = self._will.next_act(self.client.docs, self._hall.scheduler.clock())
        if isinstance(act, Act):
            self.act(act)
        elif act is not None and self._socket is not None and self.client.live and self.sightings is None:
            self._go(self._socket, act)

    def _go(self, socket: Socket, away: Away) -> None:
        self.drops += 1
        self._away = away
        if away.clean:
            socket.close()
            self._hall.scheduler.after(GOODBYE, socket.abort)
        else:
            socket.abort()

    def _settled(self, settled: Settled) -> None:
        self._hall.ledger.settle(self.client.person or "", settled)

    def _changed(self, name: str, seq: int, now: float) -> None:
        if name == "stage" and self.sightings is not None:
            self.sightings.saw(seq, now)
        elif name.startswith(ROOM):
            self._arrived(self.client.docs[name], seq, now)

    def _arrived(self, document: Document, seq: int, now: float) -> None:
        """Note a round that is new to this member; a connection that begins now began after whatever moved them."""
        room = document["room"]
        self._hall.ledger.room_polls.update(document["polls"])
        if (room["plan"], room["round"]) != self._round:
            self._round = (room["plan"], room["round"])
            if not self._entering:
                self.arrivals.append(Arrival(seq, room["round"], now, self.client.welcomed_at))
        self._entering = False
