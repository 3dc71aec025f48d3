"""The connections of this worker as the hub sees them (`server.hub.peer.Peer`), one class per transport."""

from __future__ import annotations

import asyncio
import random
from collections import deque
from collections.abc import Callable, Container, Sequence
from itertools import repeat
from os import write

from starlette.websockets import WebSocket

from server.hub.peer import Batch, Broadcast, OneByOne
from server.protocol import CloseCode
from server.web.transport import HttpProtocol, SocketProtocol

OUTBOX_LIMIT = 1024 * 1024
"""Bytes that may wait for a reader where the transport cannot tell; over it the reader is cut."""


class SocketPeer:
    """A WebSocket on our own protocol class: one write per call, to the kernel or behind what waits in the transport."""

    __slots__ = ("_protocol",)

    def __init__(self, protocol: SocketProtocol) -> None:
        self._protocol = protocol
        protocol.open_for_frames()

    @classmethod
    def together(cls, peers: Sequence[SocketPeer]) -> Broadcast:
        return _Sockets([peer._protocol for peer in peers])

    def send(self, batches: Sequence[Batch]) -> None:
        """Write all frames in one piece."""
        frames = batches[0].frames if len(batches) == 1 else b"".join(batch.frames for batch in batches)
        self._protocol.write_frames(frames)

    @property
    def buffered(self) -> int:
        return self._protocol.buffered

    def close(self, code: int, reason: str = "") -> None:
        self._protocol.close_with(code, reason)

    def abort(self) -> None:
        self._protocol.abort()


class _Sockets:
    """Writes to many sockets: straight to the kernel where nothing waits in the transport, in one loop that runs in C.

    A step of Python a socket would cost a third of what a delivery does, and so would a look at each of a thousand objects that have
    fallen out of the processor's cache. So the numbers of the sockets stand ready, until one of them can or cannot be written to any more.
    """

    def __init__(self, protocols: Sequence[SocketProtocol]) -> None:
        self._protocols = protocols
        self._seen = -1
        self._descriptors: list[int] = []
        self._places: list[int] = []
        self._apart: list[int] = []

    def __call__(self, batch: Batch, but: Container[int]) -> Sequence[int]:
        if self._seen != SocketProtocol.changes:
            self._sort()
        descriptors, places = self._descriptors, self._places
        if but:
            chosen = [(place, number) for place, number in zip(places, descriptors, strict=True) if place not in but]
            places, descriptors = [place for place, _ in chosen], [number for _, number in chosen]
        frames = batch.frames
        size = len(frames)
        sent: list[int] = []
        writes = map(write, descriptors, repeat(frames))
        while len(sent) < len(descriptors):
            try:
                sent.extend(writes)
            except OSError:
                # Full, or broken: the transport finds out which. The loop goes on with the next socket.
                sent.append(0)
        late = [place for place in self._apart if place not in but and not self._write_behind(place, frames)]
        if sent.count(size) < len(sent):
            for place, taken in zip(places, sent, strict=True):
                if taken < size:
                    self._protocols[place].write_rest(frames, taken)
        return late

    def _sort(self) -> None:
        self._seen = SocketProtocol.changes
        self._places = [place for place, protocol in enumerate(self._protocols) if protocol.direct]
        self._descriptors = [self._protocols[place].descriptor for place in self._places]
        self._apart = [place for place, protocol in enumerate(self._protocols) if not protocol.direct]

    def _write_behind(self, place: int, frames: bytes) -> bool:
        protocol = self._protocols[place]
        if protocol.buffered:
            return False
        protocol.write_frames(frames)
        return True


class _OutboxPeer(OneByOne):
    """What the peers with an outbox of their own share: they know how many bytes wait in it."""

    _waiting: int

    @property
    def buffered(self) -> int:
        return self._waiting


class AsgiPeer(_OutboxPeer):
    """A WebSocket on any ASGI server: a bounded outbox that one task empties (`run`).

    ASGI knows no abort, so a reader that stopped reading keeps its connection until the server or the kernel gives it
    up; the outbox is let go at once.
    """

    def __init__(self, websocket: WebSocket, limit: int = OUTBOX_LIMIT) -> None:
        self._websocket = websocket
        self._limit = limit
        self._outbox: deque[bytes] = deque()
        self._waiting = 0
        self._wake = asyncio.Event()
        self._closing: tuple[int, str] | None = None
        self._aborted: Callable[[], object] | None = None

    def on_abort(self, callback: Callable[[], object]) -> None:
        """Call `callback` when the hub drops this connection."""
        self._aborted = callback

    def send(self, batches: Sequence[Batch]) -> None:
        """Queue the messages; close as a slow reader when too much waits."""
        if self._closing is not None:
            return
        for batch in batches:
            self._outbox.extend(batch.messages)
            self._waiting += sum(map(len, batch.messages))
        if self._waiting > self._limit:
            self._outbox.clear()
            self.close(CloseCode.SLOW_READER)
        self._wake.set()

    def close(self, code: int, reason: str = "") -> None:
        if self._closing is None:
            self._closing = (code, reason)
            self._wake.set()

    def abort(self) -> None:
        self._outbox.clear()
        self.close(CloseCode.SLOW_READER)
        if self._aborted is not None:
            self._aborted()

    async def run(self) -> None:
        """Send what comes into the outbox, in order, until `close`; then close the socket."""
        while True:
            while self._outbox:
                message = self._outbox.popleft()
                await self._websocket.send({"type": "websocket.send", "text": message.decode()})
                self._waiting -= len(message)
            if self._closing is not None:
                await self._websocket.close(*self._closing)
                return
            self._wake.clear()
            await self._wake.wait()


class EventsPeer(_OutboxPeer):
    """A stream of server-sent events: a bounded outbox that the response empties (`next`).

    What a close code says to a socket, an event called `close` with `{"close": n}` says here.
    """

    def __init__(self, protocol: HttpProtocol | None, limit: int = OUTBOX_LIMIT) -> None:
        self._protocol = protocol
        self._limit = limit
        self._outbox: list[bytes] = []
        self._waiting = 0
        self._wake = asyncio.Event()
        self._closing: bytes | None = None
        self.ended = False

    def send(self, batches: Sequence[Batch]) -> None:
        """Queue the events; abort as a slow reader when too much waits."""
        if self._closing is not None or self.ended:
            return
        for batch in batches:
            self._outbox.append(batch.events)
            self._waiting += len(batch.events)
        if self._waiting > self._limit:
            self.abort()
        self._wake.set()

    def close(self, code: int, reason: str = "") -> None:
        if self._closing is None:
            # Streams end together when a worker leaves: let them come back one by one.
            pause = random.randint(500, 3500) if code == CloseCode.RESTART else 1000  # noqa: S311
            self._closing = b'retry: %d\nevent: close\ndata: {"close":%d}\n\n' % (pause, code)
            self._wake.set()

    def abort(self) -> None:
        """Forget what waits and end; our own protocol class drops the connection, others wait for the kernel."""
        self._outbox.clear()
        self._waiting = 0
        self.end()
        if self._protocol is not None:
            self._protocol.abort()

    def end(self) -> None:
        """The client has gone: `next` returns nothing any more."""
        self.ended = True
        self._wake.set()

    async def next(self, idle: float) -> bytes | None:
        """Return what waits, joined; a comment when nothing came for `idle` seconds; None at the end."""
        if not self._outbox and self._closing is None and not self.ended:
            self._wake.clear()
            try:
                async with asyncio.timeout(idle):
                    await self._wake.wait()
            except TimeoutError:
                return b": still here\n\n"
        if self.ended:
            return None
        chunk = b"".join(self._outbox)
        self._outbox.clear()
        self._waiting = 0
        if self._closing is not None:
            chunk += self._closing
            self.ended = True
        return chunk
