"""The plain way with Starlette: one `await send` a client for a broadcast, and an
answer to every message that was decoded."""

from __future__ import annotations

import json

from starlette.applications import Starlette
from starlette.routing import WebSocketRoute
from starlette.websockets import WebSocket, WebSocketDisconnect

subscribers: set[WebSocket] = set()


async def subscribe(socket: WebSocket) -> None:
    """Take part in the broadcast, and have every command answered with its id, as a vote is answered."""
    await socket.accept()
    subscribers.add(socket)
    try:
        while True:
            command = json.loads(await socket.receive_text())
            await socket.send_text(json.dumps({"done": command["id"], "seq": 1}))
    except WebSocketDisconnect:
        subscribers.discard(socket)


async def publish(socket: WebSocket) -> None:
    """Send everything that comes to all who subscribed."""
    await socket.accept()
    try:
        while True:
            text = await socket.receive_text()
            for subscriber in list(subscribers):
                await subscriber.send_text(text)
    except WebSocketDisconnect:
        return


app = Starlette(routes=[WebSocketRoute("/sub", subscribe), WebSocketRoute("/pub", publish)])
