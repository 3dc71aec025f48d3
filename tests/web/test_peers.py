"""On a server that knows nothing of ours, one task empties a bounded outbox."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from starlette.types import Message, Scope
from starlette.websockets import WebSocket

from server.hub.peer import Batch
from server.web.peers import AsgiPeer


class Wire:
    """The server's side of ASGI: takes messages, or holds them up while `open` is not set."""

    def __init__(self) -> None:
        self.sent: list[Message] = []
        self.open = asyncio.Event()
        self.open.set()

    async def send(self, message: Message) -> None:
        await self.open.wait()
        self.sent.append(message)

    async def receive(self) -> Message:
        return {"type": "websocket.connect"}

    @property
    def words(self) -> list[str]:
        return [message["text"] for message in self.sent if message["type"] == "websocket.send"]


async def accepted(wire: Wire) -> WebSocket:
    scope: Scope = {"type": "websocket", "path": "/", "headers": []}
    websocket = WebSocket(scope, wire.receive, wire.send)
    await websocket.accept()
    return websocket


async def until(true: Callable[[], bool]) -> None:
    async with asyncio.timeout(5):
        while not true():
            await asyncio.sleep(0)


async def test_messages_go_out_in_order_and_the_close_behind_them() -> None:
    wire = Wire()
    peer = AsgiPeer(await accepted(wire))
    running = asyncio.create_task(peer.run())
    peer.send([Batch([b"1", b"2"]), Batch([b"3"])])
    peer.close(4001, "removed")
    peer.send([Batch([b"too late"])])
    await running
    assert wire.words == ["1", "2", "3"]
    assert wire.sent[-1] == {"type": "websocket.close", "code": 4001, "reason": "removed"}
    assert peer.buffered == 0


async def test_a_slow_reader_is_closed_when_its_outbox_is_over_the_bound() -> None:
    wire = Wire()
    peer = AsgiPeer(await accepted(wire), limit=1_000)
    wire.open.clear()
    running = asyncio.create_task(peer.run())
    peer.send([Batch([b"x" * 400])])
    await until(lambda: peer.buffered == 400)
    for _ in range(3):
        peer.send([Batch([b"y" * 400])])
    wire.open.set()
    await running
    assert wire.sent[-1]["code"] == 4100
    assert "y" * 400 not in wire.words


async def test_an_abort_does_not_wait_for_the_reader() -> None:
    wire = Wire()
    peer = AsgiPeer(await accepted(wire))
    wire.open.clear()
    running = asyncio.create_task(peer.run())
    peer.on_abort(running.cancel)
    peer.send([Batch([b"x"])])
    await until(lambda: peer.buffered == 1)
    peer.abort()
    await asyncio.wait((running,), timeout=5)
    assert running.cancelled()
