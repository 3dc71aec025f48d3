"""uvicorn's protocol classes, made to drop who stalls, to leave in steps, and to write ready-made frames.

What uvicorn alone does not do (tried with 0.54): it never drops a reader that stopped reading, because `close()` waits for
a buffer that never drains; on SIGTERM it closes every socket in the same instant; it tells the application of the
shutdown only after the last response ended, which an endless event stream never does; it has no limit on the time a
request may take to arrive; and it logs the query of every accepted socket.

The application reaches its connection as `scope["extensions"]["baraza"]`. It runs without these classes too, slower.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import os
import random
import socket
from collections.abc import Callable, Generator
from typing import Any, ClassVar
from urllib.parse import unquote

from uvicorn._types import ASGIReceiveEvent, ASGISendEvent
from uvicorn.config import Config
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol
from uvicorn.protocols.utils import ClientDisconnected
from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol
from uvicorn.server import ServerState
from websockets.exceptions import InvalidHandshake
from websockets.frames import Frame
from websockets.protocol import Protocol, State

from server.protocol.framing import frame_size, is_text, plain_text, short_text
from server.protocol.limits import TokenBucket
from server.web.drain import begin_drain
from server.web.handshake import accepting, read_handshake
from server.web.turns import Turns

EXTENSION = "baraza"
"""Where a protocol stands in `scope["extensions"]`."""

UNANSWERED_MS = 30_000
"""How long the kernel waits for the peer to take what was sent, before it gives the connection up (TCP_USER_TIMEOUT)."""

QUIET = logging.getLogger("baraza.socket")
"""In place of `uvicorn.error`, which gets addresses and queries at INFO, and cookies at DEBUG."""
QUIET.setLevel(logging.WARNING)

_NO_PARSER: Generator[None] = (None for _ in ())
"""In place of the parser of a connection that is over."""

_BAD_REQUEST = b"HTTP/1.1 400 Bad Request\r\nConnection: close\r\nContent-Length: 0\r\n\r\n"


def _limit_unanswered(transport: asyncio.Transport) -> None:
    connection = transport.get_extra_info("socket")
    if connection is None or not hasattr(socket, "TCP_USER_TIMEOUT"):
        return
    with contextlib.suppress(OSError):  # a Unix socket knows no such option
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, UNANSWERED_MS)


def _forget_frames(error: BaseException | None) -> None:
    """Let go of the frames that an error and its causes were raised in, and that hold the error."""
    while error is not None:
        error.__traceback__ = None
        error = error.__context__


class _Taken:
    """What stands in place of uvicorn's queue and of its event once the application is called back instead: nobody waits for them.

    `ended` is called once, in the turn of the loop after a disconnect was put here.
    """

    __slots__ = ("_ended", "_loop")

    def __init__(self, loop: asyncio.AbstractEventLoop, ended: Callable[[], None]) -> None:
        self._loop = loop
        self._ended: Callable[[], None] | None = ended

    def put_nowait(self, event: ASGIReceiveEvent) -> None:
        if self._ended is not None and event["type"] == "websocket.disconnect":
            self._loop.call_soon(self._ended)
            self._ended = None

    def clear(self) -> None:
        """Writing should pause: whoever writes looks at the transport."""

    def set(self) -> None:
        """Writing may go on."""


class SocketProtocol(WebSocketsSansIOProtocol):
    """A WebSocket connection that can be written to in one piece, aborted, and drained."""

    __slots__ = (
        "_abort_timer",
        "_accepting",
        "_between",
        "_largest",
        "_receiver",
        "_rest",
        "_taken",
        "descriptor",
        "direct",
        "usable",
    )

    drain_spread = 3.0
    """Seconds over which the sockets of a leaving worker are closed, each at a random moment."""
    stalled_after = 5.0
    """Seconds that a closing connection gets to take the rest and answer the close; then it is aborted."""
    changes: ClassVar[int] = 0
    """How often `direct` has changed on any connection: whoever keeps a list of those that are direct looks whether it is still true."""
    between_per_second, between_burst = 20.0, 200
    """Pings, pongs and parts of messages that a peer may send: the hub counts whole messages alone."""

    def __init__(
        self,
        config: Config,
        server_state: ServerState,
        app_state: dict[str, Any],
        _loop: asyncio.AbstractEventLoop | None = None,
    ) -> None:
        super().__init__(config, server_state, app_state, _loop)
        self.logger = QUIET
        self.conn.logger = QUIET
        self.conn.debug = False
        self.close_timeout = self.stalled_after
        self._between = TokenBucket(self.between_per_second, self.between_burst, self.loop.time())
        self._receiver: Callable[[bytes], None] | None = None
        self._rest = b""
        """The beginning of a frame of which the end has not come yet."""
        self._largest = config.ws_max_size
        self._accepting: tuple[str, str | None] = ("", None)
        """What the library says to a handshake that it finds right: the key, and the extensions."""
        self._taken = False
        self.usable = False
        """Whether ready-made frames may be written: from `open_for_frames` until a close is sent. A transport may be closing besides."""
        self.direct = False
        """Whether frames may go straight to the kernel: they are usable, there is no TLS, and nothing waits in the transport.

        Whoever writes to the transport calls `_settle` behind it.
        """
        self.descriptor = -1
        self._abort_timer: asyncio.TimerHandle | None = None

    # What the application calls.

    @property
    def buffered(self) -> int:
        """Bytes that were written and not yet taken by the kernel."""
        return 0 if self.direct else self.transport.get_write_buffer_size()

    def open_for_frames(self) -> None:
        """From here on the application writes ready-made frames, and closes by `close_with` or `abort` alone."""
        self.usable = self._open()
        self._settle()

    def write_frames(self, frames: bytes) -> None:
        """Write whole, ready-made frames; nothing happens when the connection is closing or closed."""
        if not self.direct:
            if not self.usable or self.transport.is_closing():
                return
            self._settle()
        sent = 0
        if self.direct:
            # What the kernel cannot take, and every error, is the transport's to deal with.
            try:  # noqa: SIM105  (`suppress` costs as much as the rest of this method)
                sent = os.write(self.descriptor, frames)
            except OSError:
                pass
        if sent < len(frames):
            self.write_rest(frames, sent)

    def write_rest(self, frames: bytes, sent: int) -> None:
        """Give what the kernel has not taken to the transport; what comes next waits behind it."""
        self.transport.write(frames[sent:] if sent else frames)
        self._settle()

    def feed(self, receiver: Callable[[bytes], None]) -> None:
        """Give every message to `receiver` as soon as it is parsed, those that wait already first.

        From here on the ASGI queue carries nothing but the disconnect, and reading is never paused, so that pongs are
        read. `receiver` must not block.
        """
        rest = []
        while not self.queue.empty():
            event = self.queue.get_nowait()
            if event["type"] == "websocket.receive":
                text = event.get("text")
                receiver((event.get("bytes") or b"") if text is None else text.encode())
            else:
                rest.append(event)
        for event in rest:
            self.queue.put_nowait(event)
        self._receiver = receiver
        if self.read_paused:
            self.read_paused = False
            self.transport.resume_reading()

    def take_over(self, receiver: Callable[[bytes], None], ended: Callable[[], None]) -> None:
        """`feed` the receiver, and keep the connection when the application's call has returned, which lets go of all that hangs on that.

        `ended` is called once, in a turn of the loop of its own, when the peer or we close or the connection is lost.
        """
        self.feed(receiver)
        taken = _Taken(self.loop, ended)
        while not self.queue.empty():
            taken.put_nowait(self.queue.get_nowait())
        self.queue = self.writable = taken  # type: ignore[assignment]
        self._taken = True
        if self.disconnected:
            self._receiver = None  # it came apart already

    def close_with(self, code: int, reason: str = "") -> None:
        """Send a close frame behind what was written; abort when the peer neither takes nor answers it in time."""
        self._end_frames()
        if not self._open():
            return
        self.stop_keepalive()
        self.queue.put_nowait({"type": "websocket.disconnect", "code": code, "reason": reason})
        self.conn.send_close(code, reason)
        self.transport.write(b"".join(self.conn.data_to_send()))
        self.close_sent = True
        if self.read_paused:
            self.read_paused = False
            self.transport.resume_reading()
        self.close_timer = self.loop.call_later(self.stalled_after, self.transport.abort)

    def abort(self) -> None:
        """Drop the connection and what waits in its buffer, now."""
        self._end_frames()
        self.transport.abort()

    def _settle(self) -> None:
        """Find out whether something waits in the transport: both loops count what is given to it at once."""
        plain = self.descriptor >= 0 and self.usable and not self.transport.is_closing()
        self._set_direct(plain and not self.transport.get_write_buffer_size())

    def _set_direct(self, direct: bool) -> None:
        if direct is not self.direct:
            self.direct = direct
            SocketProtocol.changes += 1

    def _end_frames(self) -> None:
        """Nothing may follow a close frame (RFC 6455, section 5.5.1)."""
        self.usable = False
        self._set_direct(False)

    def _open(self) -> bool:
        return not self.close_sent and self.conn.state is State.OPEN and not self.transport.is_closing()

    # What asyncio and uvicorn call.

    def begin(self, http: HttpProtocol) -> None:
        """Go on with a connection whose request asks for a WebSocket, from the protocol that read it."""
        self.transport, self.server, self.client = http.transport, http.server, http.client
        self.scheme = "wss" if http.scheme == "https" else "ws"
        self.connections.add(self)
        connection = self.transport.get_extra_info("socket")
        if connection is not None and self.scheme == "ws":
            self.descriptor = connection.fileno()
        headers = [(name, value.strip(b" \t")) for name, value in http.headers]
        request = read_handshake(http.scope["method"], http.url, headers)
        if request is None:
            self.transport.write(_BAD_REQUEST)
            self.transport.close()
            return
        # What comes from now on are frames.
        self.conn.parser = Protocol.parse(self.conn)
        next(self.conn.parser)
        try:
            key, extensions, _ = self.conn.process_request(request)
        except InvalidHandshake:
            # uvicorn lets the library say what is wrong with it.
            super().handle_connect(request)
            return
        self._accepting = key, extensions
        path, _, query = http.url.partition(b"?")
        offered = (value.split(",") for value in request.headers.get_all("Sec-WebSocket-Protocol"))
        self.scope = {
            "type": "websocket",
            "asgi": {"version": self.asgi_version, "spec_version": "2.4"},
            "http_version": "1.1",
            "scheme": self.scheme,
            "server": self.server,
            "client": self.client,
            "root_path": self.root_path,
            "path": self.root_path + unquote(path.decode("ascii")),
            "raw_path": self.root_path.encode("ascii") + path,
            "query_string": query,
            "headers": headers,
            "subprotocols": [name.strip() for names in offered for name in names],
            "state": self.app_state.copy(),
            "extensions": {"websocket.http.response": {}, EXTENSION: self},  # type: ignore[dict-item]
        }
        self.handshake_initiated = True
        self.queue.put_nowait({"type": "websocket.connect"})
        task = self.loop.create_task(self.run_asgi())
        task.add_done_callback(self.tasks.discard)
        self.tasks.add(task)

    def connection_lost(self, exc: Exception | None) -> None:
        # Both loops close the socket behind this call: until now its number is nobody else's, in a moment it may be.
        self._end_frames()
        self.descriptor = -1
        if self._abort_timer is not None:
            self._abort_timer.cancel()
            self._abort_timer = None
        self._receiver = None
        super().connection_lost(exc)
        self._come_apart()

    def _come_apart(self) -> None:
        """Untie what refers to itself, so that it is freed now: the collector does not look for it (`server.web.garbage`)."""
        self.conn.parser = _NO_PARSER
        for error in (self.conn.handshake_exc, self.conn.parser_exc):
            _forget_frames(error)

    def eof_received(self) -> None:
        self._abort_if_stalled()

    def data_received(self, data: bytes) -> None:
        """Read plain messages here, cut at the boundaries of frames, and give every other frame to the full parser, whole."""
        if not self.handshake_complete:
            # No client may send frames before its handshake is answered; the parser would answer them before it.
            self.transport.abort()
            return
        if self._rest:
            data = self._rest + data
            self._rest = b""
        start, end = 0, len(data)
        while start < end:
            plain = self._receiver if self.usable and self.conn.current_size is None else None
            if plain is not None and (message := short_text(data, start)) is not None:
                plain(message)
                start += len(message) + 6
                continue
            size = frame_size(data, start)
            if not size or start + size > end:
                if size > self._largest + 14:
                    # Nobody waits for a frame that is too large: the parser refuses it by its header.
                    super().data_received(data[start:])
                else:
                    self._rest = data[start:]
                return
            message = plain_text(data, start, size) if plain is not None and size <= self._largest else None
            if plain is not None and message is not None:
                plain(message)
            else:
                super().data_received(data[start : start + size])
                if self.transport.is_closing():
                    return
            start += size

    def send_receive_event_to_app(self) -> None:
        data = b"".join(self.frames)
        if not self.close_sent and self.curr_msg_data_type == "text" and not is_text(data):
            self.conn.send_close(1007)
            self.handle_parser_exception()
        elif self._receiver is None or self.close_sent:
            super().send_receive_event_to_app()
        else:
            self.frames = []
            self._receiver(data)

    def handle_ping(self) -> None:
        if self._bears_one_more():
            self._write_control()

    def send_keepalive_ping(self) -> None:
        """Ask whether the peer is still there, past the transport where frames go past it: it stays empty, and they need not wait."""
        self.ping_timer = None
        if not self._open():
            return
        self.pending_ping_payload = os.urandom(4)
        self.ping_sent_at = self.loop.time()
        self.conn.send_ping(self.pending_ping_payload)
        self._write_control()
        if self.ping_timeout is None:
            self.schedule_ping()
        else:
            self.pong_timer = self.loop.call_later(self.ping_timeout, self.keepalive_timeout)

    def _write_control(self) -> None:
        """Write what the parser wants said: a ping or a pong."""
        frames = b"".join(self.conn.data_to_send())
        if self.usable:
            self.write_frames(frames)
        else:
            self.transport.write(frames)

    def handle_pong(self, event: Frame) -> None:
        if self._bears_one_more():
            super().handle_pong(event)

    def handle_cont(self, event: Frame) -> None:
        if self._bears_one_more():
            super().handle_cont(event)

    def handle_close(self, event: Frame) -> None:
        self._end_frames()
        super().handle_close(event)
        self._abort_if_stalled()

    def handle_parser_exception(self) -> None:
        self._end_frames()
        super().handle_parser_exception()
        self._abort_if_stalled()

    async def send(self, message: ASGISendEvent) -> None:
        if message["type"] == "websocket.accept" and not self.handshake_complete and self.initial_response is None:
            await self.writable.wait()
            if self.disconnected:
                raise ClientDisconnected
            if not self.transport.is_closing():
                headers = (*self.default_headers, *message.get("headers", ()))
                self.transport.write(accepting(*self._accepting, message.get("subprotocol"), headers))
                self.conn.state = State.OPEN
                self.handshake_complete = True
                self.start_keepalive()
            return
        await super().send(message)
        if message["type"] == "websocket.http.response.body" and not message.get("more_body", False):
            self.handshake_complete = True  # a refused handshake is complete; uvicorn would log it as an error of ours

    async def run_asgi(self) -> None:
        """Call the application as uvicorn does, but leave a connection open that it took over."""
        scope = self.scope
        try:
            await self.app(scope, self.receive, self.send)
        except ClientDisconnected:
            self._taken = False
        except BaseException:
            self._taken = False
            self.logger.exception("Exception in ASGI application\n")
            self.send_500_response()
        else:
            if not self.handshake_complete:
                self.logger.error("ASGI callable returned without completing handshake.")
                self.send_500_response()
        # The scope names this connection, and nobody reads what was asked any more.
        scope["extensions"].pop(EXTENSION, None)
        del self.scope
        if self._taken:
            return
        if self.close_timer is None:
            self.transport.close()
        if self.transport.is_closing():
            self._abort_if_stalled()

    def keepalive_timeout(self) -> None:
        self.pong_timer = None
        self.pending_ping_payload = None
        self.transport.abort()

    def shutdown(self) -> None:
        """Leave politely at a random moment of the spread, so that all those people do not come back at once."""
        begin_drain(self.app_state)
        if self._open() and self.handshake_complete:
            self.loop.call_later(random.uniform(0, self.drain_spread), self.close_with, 1012)  # noqa: S311
        elif not self.close_sent:
            super().shutdown()
            self._abort_if_stalled()

    def _bears_one_more(self) -> bool:
        """Count a frame that is no message; a flood of them is cut."""
        bearable = self._between.take(self.loop.time())
        if not bearable:
            self.transport.abort()
        return bearable

    def _abort_if_stalled(self) -> None:
        """A closing transport waits for its buffer; one whose buffer never drains is aborted."""
        if self._abort_timer is None and not self.disconnected:
            self._abort_timer = self.loop.call_later(self.stalled_after, self.transport.abort)


class HttpProtocol(HttpToolsProtocol):
    """An HTTP connection whose requests must arrive in time, that can be aborted, and that announces the drain."""

    request_within = 30.0
    """Seconds from the connection, or from the first byte of a later request, to the end of its body."""

    def __init__(
        self,
        config: Config,
        server_state: ServerState,
        app_state: dict[str, Any],
        _loop: asyncio.AbstractEventLoop | None = None,
    ) -> None:
        super().__init__(config, server_state, app_state, _loop)
        self._arrival: asyncio.TimerHandle | None = None
        self._turns: Turns = app_state.get("turns") or Turns()
        self._first: bytes | None = None
        """What came first, and waits for its turn."""
        self._let_in = False

    def abort(self) -> None:
        """Drop the connection and what waits in its buffer, now."""
        self.transport.abort()

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        _limit_unanswered(transport)
        self._await_request()

    def connection_lost(self, exc: Exception | None) -> None:
        self._request_arrived()
        super().connection_lost(exc)
        self._unset_keepalive_if_required()
        self._come_apart()

    def _come_apart(self) -> None:
        """Let go of what refers back to this, so that it is freed now: the collector does not look for it (`server.web.garbage`)."""
        self.parser = None  # type: ignore[assignment]
        self.cycle = None  # type: ignore[assignment]
        self.scope = None  # type: ignore[assignment]
        self.pipeline.clear()

    def data_received(self, data: bytes) -> None:
        """Read what came; who has just connected is in line before, and read no further meanwhile."""
        if self._let_in:
            super().data_received(data)
            return
        self._first = data
        self._turns.take(self._begin)
        if not self._let_in:
            self.transport.pause_reading()

    def _begin(self) -> None:
        self._let_in = True
        first, self._first = self._first, None
        if self.transport.is_closing() or first is None:
            return
        self.transport.resume_reading()
        super().data_received(first)

    def on_message_begin(self) -> None:
        super().on_message_begin()
        self.scope["extensions"] = {EXTENSION: self}  # type: ignore[dict-item]
        self._await_request()

    def on_message_complete(self) -> None:
        self._request_arrived()
        super().on_message_complete()

    def handle_websocket_upgrade(self) -> None:
        self._request_arrived()
        self.connections.discard(self)
        protocol = SocketProtocol(self.config, self.server_state, self.app_state, self.loop)
        self.transport.set_protocol(protocol)
        protocol.begin(self)
        self._come_apart()

    def shutdown(self) -> None:
        begin_drain(self.app_state)
        super().shutdown()

    def _await_request(self) -> None:
        if self._arrival is None:
            self._arrival = self.loop.call_later(self.request_within, self.abort)

    def _request_arrived(self) -> None:
        if self._arrival is not None:
            self._arrival.cancel()
            self._arrival = None
