"""One WebSocket without a task of its own: bytes in, frames to a callback; frames out, bytes to the transport."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable
from typing import Protocol, cast

from websockets.client import ClientProtocol
from websockets.frames import Frame, Opcode
from websockets.http11 import Response
from websockets.protocol import OPEN
from websockets.typing import Subprotocol
from websockets.uri import WebSocketURI

SUBPROTOCOL = "baraza.v1"
MAX_MESSAGE = 32 * 2**20
ABNORMAL = 1006


class Listener(Protocol):
    """Who uses a socket. Each socket calls `opened` at most once and `closed` exactly once, last."""

    def opened(self) -> None:
        """The handshake succeeded."""

    def received(self, payload: bytes) -> None:
        """A whole text frame came in."""

    def closed(self, code: int) -> None:
        """It is over: a WebSocket close code, 1006 without one, or the HTTP status that refused the handshake."""


class Socket(asyncio.Protocol):
    """A WebSocket connection of one client."""

    def __init__(self, uri: WebSocketURI, token: str, listener: Listener, counted: Callable[[int], None]) -> None:
        """Take where, who, whom to tell, and who counts the bytes that arrive."""
        self._protocol = ClientProtocol(uri, subprotocols=[Subprotocol(SUBPROTOCOL)], max_size=MAX_MESSAGE)
        self._token = token
        self._listener = listener
        self._counted = counted
        self._transport: asyncio.Transport | None = None
        self._parts: list[bytes] = []
        self._status = 0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Send the handshake."""
        self._transport = cast(asyncio.Transport, transport)
        request = self._protocol.connect()
        request.headers["Authorization"] = f"Bearer {self._token}"
        self._protocol.send_request(request)
        self._flush()

    def data_received(self, data: bytes) -> None:
        """Pass whole frames on."""
        self._counted(len(data))
        self._protocol.receive_data(data)
        for event in self._protocol.events_received():
            if isinstance(event, Frame):
                self._frame(event)
            elif isinstance(event, Response):
                self._answered(event)
        self._flush()

    def eof_received(self) -> None:
        """Let the transport close."""
        self._protocol.receive_eof()

    def connection_lost(self, exc: Exception | None) -> None:
        """Tell the listener with which code."""
        received = self._protocol.close_rcvd
        self._listener.closed(self._status or (received.code if received else ABNORMAL))

    def send(self, payloads: Iterable[bytes]) -> None:
        """Send text frames; what is sent on a socket that is closing is lost, as on any network."""
        if self._protocol.state is OPEN:
            for payload in payloads:
                self._protocol.send_text(payload)
            self._flush()

    def close(self) -> None:
        """Say goodbye, as a page that is left does; the server answers and the connection ends."""
        if self._protocol.state is OPEN:
            self._protocol.send_close(1001)
            self._flush()
        else:
            self.abort()

    def abort(self) -> None:
        """Cut the connection at once."""
        if self._transport is not None:
            self._transport.abort()

    def _answered(self, response: Response) -> None:
        if self._protocol.handshake_exc is None:
            self._listener.opened()
        else:
            self._status = response.status_code
            self.abort()

    def _frame(self, frame: Frame) -> None:
        if frame.opcode is Opcode.TEXT and frame.fin:
            self._listener.received(bytes(frame.data))
        elif frame.opcode in (Opcode.TEXT, Opcode.CONT):
            self._parts.append(bytes(frame.data))
            if frame.fin:
                payload = b"".join(self._parts)
                self._parts.clear()
                self._listener.received(payload)

    def _flush(self) -> None:
        if self._transport is not None and (data := b"".join(self._protocol.data_to_send())):
            self._transport.write(data)
