"""A WebSocket client on a bare connection: it sends frames of every shape in pieces of every size, and reads them one by one."""

from __future__ import annotations

import asyncio
import contextlib
import json
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any, NamedTuple, cast

from websockets.utils import apply_mask

from server.web.transport import SocketProtocol
from tests.support.server import Session
from tests.web.running import Running

CONT, TEXT, BINARY, CLOSE, PING, PONG = 0, 1, 2, 8, 9, 10
MASK = b"\x37\xfa\x21\x3d"


class Frame(NamedTuple):
    """A frame from the server, all of which are final and bear no mask."""

    opcode: int
    payload: bytes


def frame(
    opcode: int,
    payload: bytes = b"",
    *,
    fin: bool = True,
    reserved: int = 0,
    mask: bytes | None = MASK,
    wide: int = 0,
) -> bytes:
    """A frame of a client; `wide` is how many bytes its length takes at least (0, 2 or 8), `mask` None leaves it out."""
    size = len(payload)
    masked = 0 if mask is None else 0x80
    if size < 126 and not wide:
        length = bytes((masked | size,))
    elif size < 65_536 and wide < 8:
        length = bytes((masked | 126,)) + size.to_bytes(2, "big")
    else:
        length = bytes((masked | 127,)) + size.to_bytes(8, "big")
    body = payload if mask is None else mask + apply_mask(payload, mask)
    return bytes((fin << 7 | reserved << 4 | opcode,)) + length + body


def code(number: int, reason: bytes = b"") -> bytes:
    """The payload of a close frame."""
    return number.to_bytes(2, "big") + reason


def handshake(port: int, session: Session, more: str = "") -> bytes:
    """The request of a screen for a WebSocket; `more` are further header lines."""
    return (
        f"GET /ws/{session.session} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n"
        f"Sec-WebSocket-Protocol: baraza.v1\r\nAuthorization: Bearer {session.tokens['screen']}\r\n{more}\r\n"
    ).encode()


class Ended(Exception):
    """The connection ended, politely or not."""


class Client(asyncio.Protocol):
    """One connection. What arrived before a reset can still be read, which streams of asyncio forget."""

    transport: asyncio.Transport

    def __init__(self) -> None:
        self.buffer = bytearray()
        self.ended = False
        self._news = asyncio.Event()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = cast(asyncio.Transport, transport)

    def data_received(self, data: bytes) -> None:
        self.buffer += data
        self._news.set()

    def connection_lost(self, exc: Exception | None) -> None:
        self.ended = True
        self._news.set()

    async def send(self, data: bytes, pieces: int = 0) -> None:
        """Send in pieces of so many bytes, each of which the server reads alone, or in one, while there is a connection."""
        for at in range(0, len(data), pieces or len(data)):
            if self.transport.is_closing():
                return
            self.transport.write(data[at : at + (pieces or len(data))])
            await asyncio.sleep(0)  # one turn of the loop that the server shares

    async def take(self, count: int) -> bytes:
        """Read so many bytes; `Ended` where fewer come."""
        while len(self.buffer) < count:
            if self.ended:
                raise Ended
            self._news.clear()
            await self._news.wait()
        taken = bytes(self.buffer[:count])
        del self.buffer[:count]
        return taken

    async def head(self) -> bytes:
        """Read the answer to a handshake, up to its empty line."""
        head = b""
        while not head.endswith(b"\r\n\r\n"):
            head += await self.take(1)
        return head

    async def read(self) -> Frame:
        """Read one frame; `Ended` at the end."""
        first, size = await self.take(2)
        assert first & 0xF0 == 0x80, hex(first)
        if size > 125:
            wide, least = (2, 126) if size == 126 else (8, 65_536)
            size = int.from_bytes(await self.take(wide), "big")
            assert size >= least
        return Frame(first & 0x0F, await self.take(size))

    async def rest(self) -> list[Frame]:
        """Read to the end of the connection."""
        frames = []
        with contextlib.suppress(Ended):
            while True:
                frames.append(await self.read())
        assert not self.buffer, bytes(self.buffer)
        return frames

    async def answer(self) -> dict[str, Any]:
        """Read the next message that is no news of a document."""
        while True:
            opcode, payload = await self.read()
            assert opcode == TEXT, (opcode, payload)
            message: dict[str, Any] = json.loads(payload)
            if "doc" not in message:
                return message

    async def hello(self) -> None:
        """Say hello and read the welcome."""
        self.transport.write(frame(TEXT, b'{"hello":{}}'))
        assert "welcome" in await self.answer()


def server_side(run: Running, client: Client) -> SocketProtocol:
    """The other end of a connection."""
    address = client.transport.get_extra_info("sockname")
    connections = [one for one in run.server.server_state.connections if isinstance(one, SocketProtocol)]
    return next(one for one in connections if one.client == address)


@asynccontextmanager
async def connected(run: Running, *, room: int = 0) -> AsyncIterator[Client]:
    """A bare connection; `room` is how many bytes its kernel holds for a slow reader."""
    loop = asyncio.get_running_loop()
    plain = socket.socket()
    plain.setblocking(False)
    if room:
        plain.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, room)
    await loop.sock_connect(plain, ("127.0.0.1", run.port))
    _, client = await loop.create_connection(
        Client, sock=plain, ssl=run.tls, server_hostname="localhost" if run.tls else None
    )
    try:
        async with asyncio.timeout(20):
            yield client
    finally:
        client.transport.abort()


@asynccontextmanager
async def opened(run: Running, session: Session, *, hello: bool = True, room: int = 0) -> AsyncIterator[Client]:
    """The same, with a handshake, and a hello, that are answered."""
    async with connected(run, room=room) as client:
        client.transport.write(handshake(run.port, session))
        head = await client.head()
        assert head.startswith(b"HTTP/1.1 101 "), head
        if hello:
            await client.hello()
        yield client
