"""Connections take themselves apart when they end: nothing of them is left to the collector, which does not look for it."""

from __future__ import annotations

import asyncio
import gc
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from pathlib import Path

import pytest
from starlette.websockets import WebSocket
from uvicorn.protocols.http.httptools_impl import RequestResponseCycle
from websockets.server import ServerProtocol

from server.hub.attachment import Attachment
from server.protocol import CloseCode
from server.protocol.frames import Hello
from server.web import socket as endpoint
from server.web.peers import EventsPeer, SocketPeer
from server.web.transport import EXTENSION, HttpProtocol, SocketProtocol
from tests.support.server import Session
from tests.web.running import Running, running
from tests.web.wire import BINARY, CLOSE, TEXT, code, connected, frame, handshake, opened

TIMES = 5
OF_CONNECTIONS = (
    Attachment, EventsPeer, HttpProtocol, RequestResponseCycle, ServerProtocol, SocketPeer, SocketProtocol,
)  # fmt: skip

Visit = Callable[[Running, Session], Awaitable[None]]


@pytest.fixture
async def run(tmp_path: Path) -> AsyncIterator[Running]:
    async with running(tmp_path) as run:
        yield run


@pytest.fixture
def uncollected() -> Iterator[None]:
    gc.collect()
    gc.disable()
    yield
    gc.enable()


async def socket_dropped(run: Running, session: Session) -> None:
    async with opened(run, session):
        pass


async def socket_closed(run: Running, session: Session) -> None:
    async with opened(run, session) as client:
        await client.send(frame(CLOSE, code(1000)))
        await client.rest()


async def socket_without_hello(run: Running, session: Session) -> None:
    async with connected(run) as client:
        await client.send(handshake(run.port, session))
        await client.head()


async def socket_lost_with_its_hello(run: Running, session: Session) -> None:
    async with opened(run, session, hello=False) as client:
        client.transport.write(frame(TEXT, b'{"hello":{}}'))
        await asyncio.sleep(0)
        client.transport.abort()


async def socket_over_before_it_was_taken(run: Running, session: Session) -> None:
    async with opened(run, session, hello=False) as client:
        await client.send(frame(TEXT, b'{"hello":{}}') + frame(CLOSE, code(1000)))
        await client.rest()


async def socket_that_breaks_the_protocol(run: Running, session: Session) -> None:
    async with opened(run, session) as client:
        await client.send(frame(TEXT, b"x", reserved=4))
        await client.rest()


async def socket_of_too_large_a_message(run: Running, session: Session) -> None:
    async with opened(run, session) as client:
        await client.send(frame(BINARY, b" " * 70_000))
        await client.rest()


async def socket_ended_by_us(run: Running, session: Session) -> None:
    async with opened(run, session) as client:
        for protocol in run.server.server_state.connections:
            if isinstance(protocol, SocketProtocol):
                protocol.close_with(1012)
        await client.send(frame(CLOSE, code(1012)))
        await client.rest()


async def socket_refused(run: Running, session: Session) -> None:
    await asked(run, handshake(run.port, session).replace(session.tokens["screen"].encode(), b"wrong"))


async def socket_that_is_none(run: Running, session: Session) -> None:
    await asked(run, handshake(run.port, session).replace(b"dGhlIHNhbXBsZSBub25jZQ==", b"short"))


async def page(run: Running, session: Session) -> None:
    await asked(run, b"GET /j/%s HTTP/1.1\r\nHost: here\r\n\r\n" % session.code.encode())


async def pages_one_behind_the_other(run: Running, session: Session) -> None:
    await asked(run, b"GET / HTTP/1.1\r\nHost: here\r\n\r\n" * 3)


async def refusal(run: Running, session: Session) -> None:
    await asked(run, b"GET /api/sessions/%s/view HTTP/1.1\r\nHost: here\r\n\r\n" % session.session.encode())


async def request_that_is_none(run: Running, session: Session) -> None:
    await asked(run, b"\x00\r\n\r\n")


async def stream(run: Running, session: Session) -> None:
    path, key = f"/api/sessions/{session.session}/events", session.tokens["screen"]
    await asked(run, f"GET {path} HTTP/1.1\r\nHost: here\r\nAuthorization: Bearer {key}\r\n\r\n".encode())


async def asked(run: Running, request: bytes) -> None:
    async with connected(run) as client:
        await client.send(request)
        await client.head()


VISITS = (
    socket_dropped, socket_closed, socket_without_hello, socket_lost_with_its_hello, socket_over_before_it_was_taken,
    socket_that_breaks_the_protocol, socket_of_too_large_a_message,
    socket_ended_by_us, socket_refused, socket_that_is_none, page, pages_one_behind_the_other, refusal,
    request_that_is_none, stream,
)  # fmt: skip


async def nothing_is_left(run: Running) -> None:
    async with asyncio.timeout(20):
        while run.server.server_state.connections or run.site.connections.total:
            await asyncio.sleep(0.01)
    await asyncio.sleep(0.1)  # the last turns of tasks and transports
    assert left() == {}


@pytest.mark.usefixtures("uncollected")
@pytest.mark.parametrize("visit", VISITS)
async def test_nothing_is_left_of(run: Running, visit: Visit) -> None:
    session = await run.create()
    await run.http.aclose()
    for _ in range(TIMES):
        await visit(run, session)
    await nothing_is_left(run)


@pytest.mark.usefixtures("uncollected")
async def test_nothing_is_left_of_a_socket_that_is_lost_while_it_is_taken_over(
    run: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    session = await run.create()
    await run.http.aclose()
    read = endpoint._hello

    async def lost_meanwhile(websocket: WebSocket) -> Hello | CloseCode | None:
        hello = await read(websocket)
        protocol = websocket.scope["extensions"][EXTENSION]
        protocol.abort()
        while not protocol.disconnected:
            await asyncio.sleep(0)
        return hello

    monkeypatch.setattr(endpoint, "_hello", lost_meanwhile)
    for _ in range(TIMES):
        async with opened(run, session, hello=False) as client:
            await client.send(frame(TEXT, b'{"hello":{}}'))
            await client.rest()
    await nothing_is_left(run)


def left() -> dict[str, int]:
    """How many objects of connections there are."""
    return dict(Counter(type(thing).__name__ for thing in gc.get_objects() if type(thing) in OF_CONNECTIONS))
