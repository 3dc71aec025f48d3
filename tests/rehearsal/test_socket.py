"""A socket speaks WebSocket with a real peer: the handshake, frames both ways, and every way to end."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from http import HTTPStatus
from typing import Protocol

import pytest
from websockets.asyncio.server import ServerConnection, serve
from websockets.exceptions import ConnectionClosed
from websockets.http11 import Request, Response
from websockets.typing import Subprotocol
from websockets.uri import WebSocketURI

from server.rehearsal.socket import Socket


class Listener:
    """Collects what a socket tells."""

    def __init__(self) -> None:
        self.opens = 0
        self.payloads: asyncio.Queue[bytes] = asyncio.Queue()
        self.code: asyncio.Future[int] = asyncio.get_running_loop().create_future()

    def opened(self) -> None:
        self.opens += 1

    def received(self, payload: bytes) -> None:
        self.payloads.put_nowait(payload)

    def closed(self, code: int) -> None:
        self.code.set_result(code)


Peer = Callable[[ServerConnection], Awaitable[None]]


class Connect(Protocol):
    """Starts a peer and connects a socket to it."""

    async def __call__(self, peer: Peer, token: str = "key") -> tuple[Socket, Listener]: ...  # noqa: S107


def refuse_strangers(connection: ServerConnection, request: Request) -> Response | None:
    if request.headers.get("Authorization") != "Bearer key":
        return connection.respond(HTTPStatus.FORBIDDEN, "")
    return None


@pytest.fixture
async def connect() -> AsyncIterator[Connect]:
    """Start a peer and connect a socket to it."""
    servers = []
    sockets = []

    async def start(peer: Peer, token: str = "key") -> tuple[Socket, Listener]:  # noqa: S107
        server = await serve(
            peer, "127.0.0.1", 0, subprotocols=[Subprotocol("baraza.v1")], process_request=refuse_strangers
        )
        servers.append(server)
        port = next(iter(server.sockets)).getsockname()[1]
        listener = Listener()
        socket = Socket(WebSocketURI(False, "127.0.0.1", port, "/ws/s1", ""), token, listener, received.append)
        sockets.append(socket)
        await asyncio.get_running_loop().create_connection(lambda: socket, "127.0.0.1", port)
        return socket, listener

    received: list[int] = []
    yield start
    for socket in sockets:
        socket.abort()
    for server in servers:
        server.close()
        await server.wait_closed()


async def echo(peer: ServerConnection) -> None:
    async for message in peer:
        await peer.send(message)


async def test_frames_go_both_ways(connect: Connect) -> None:
    async def greet(peer: ServerConnection) -> None:
        assert peer.subprotocol == "baraza.v1"
        await peer.send("welcome")
        await echo(peer)

    socket, listener = await connect(greet)
    assert await listener.payloads.get() == b"welcome"
    socket.send([b"one", "deux été".encode()])
    assert [await listener.payloads.get() for _ in range(2)] == [b"one", "deux été".encode()]
    assert listener.opens == 1


async def test_fragments_are_joined(connect: Connect) -> None:
    async def fragments(peer: ServerConnection) -> None:
        await peer.send(["a", "b", "c"])
        await peer.wait_closed()

    _, listener = await connect(fragments)
    assert await listener.payloads.get() == b"abc"


@pytest.mark.parametrize("code", [1012, 4001, 4100])
async def test_the_close_code_of_the_server_is_told(connect: Connect, code: int) -> None:
    async def send_away(peer: ServerConnection) -> None:
        await peer.close(code)

    _, listener = await connect(send_away)
    assert await listener.code == code


async def test_a_cut_connection_is_abnormal(connect: Connect) -> None:
    async def cut(peer: ServerConnection) -> None:
        await peer.recv()
        peer.transport.abort()

    socket, listener = await connect(cut)
    while not listener.opens:
        await asyncio.sleep(0)
    socket.send([b"x"])
    assert await listener.code == 1006


async def test_a_refused_handshake_gives_its_status(connect: Connect) -> None:
    _, listener = await connect(echo, "wrong")
    assert await listener.code == 403
    assert listener.opens == 0


@pytest.mark.parametrize("clean", [True, False])
async def test_leaving_is_seen_by_the_server(connect: Connect, clean: bool) -> None:
    left = asyncio.get_running_loop().create_future()

    async def watch(peer: ServerConnection) -> None:
        await peer.send("welcome")
        try:
            await peer.recv()
        except ConnectionClosed as closed:
            left.set_result(closed.rcvd.code if closed.rcvd else None)

    socket, listener = await connect(watch)
    await listener.payloads.get()
    if clean:
        socket.close()
    else:
        socket.abort()
    socket.send([b"after the end"])
    assert await left == (1001 if clean else None)
    await listener.code
