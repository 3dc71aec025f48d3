"""One pub/sub connection for all sessions of a worker.

It is a plain connection rather than redis-py's `PubSub`, because that one reconnects by itself and says nothing of the
messages which passed meanwhile. Here every loss is visible: a new connection means new confirmations, and a
confirmation means "from now on you hear everything; read what came before".
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass

import structlog
from redis.asyncio.connection import AbstractConnection

FIRST_PAUSE = 0.05
LONGEST_PAUSE = 2.0
"""Seconds between two attempts to connect: doubled from the first to the longest."""

_logger = structlog.get_logger(__name__)


@dataclass(frozen=True)
class Channel:
    """What to do with a channel's messages, and whenever the server confirms that they will come."""

    message: Callable[[bytes], None]
    confirmed: Callable[[], None]


class Listener:
    """Keeps a connection subscribed to the channels that are wanted. For one event loop.

    `connect` makes a connection, not yet connected, that speaks RESP2. A connection that is silent for `patience`
    seconds, pongs included, is given up.
    """

    def __init__(self, connect: Callable[[], AbstractConnection], patience: float) -> None:
        self._connect = connect
        self._patience = patience
        self._wanted: dict[str, Channel] = {}
        self._changed = asyncio.Event()
        self._pause = FIRST_PAUSE
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Begin to listen."""
        self._task = asyncio.create_task(self._run())

    async def stop(self) -> None:
        """End the connection."""
        if self._task is not None:
            self._task.cancel()
            await asyncio.wait([self._task])

    def join(self, name: str, channel: Channel) -> None:
        """Want a channel; its `confirmed` is called as soon as the server says so, and after every reconnect."""
        self._wanted[name] = channel
        self._changed.set()

    def leave(self, name: str) -> None:
        """Want a channel no longer."""
        del self._wanted[name]
        self._changed.set()

    async def _run(self) -> None:
        while True:
            connection = self._connect()
            # Its own limit of time would wrap every send in `asyncio.wait_for`, which in Python 3.11 can swallow a
            # cancellation; the limits here are enough.
            connection.socket_timeout = None
            try:
                async with asyncio.timeout(self._patience):
                    await connection.connect()  # type: ignore[no-untyped-call]
                async with asyncio.TaskGroup() as tasks:
                    tasks.create_task(self._talk(connection))
                    tasks.create_task(self._hear(connection))
            except* Exception as errors:
                error = errors.exceptions[0]
                _logger.warning("log.listener_lost", error=str(error) or type(error).__name__, again_in=self._pause)
            finally:
                await connection.disconnect(nowait=True)
            await asyncio.sleep(self._pause)
            self._pause = min(2 * self._pause, LONGEST_PAUSE)

    async def _talk(self, connection: AbstractConnection) -> None:
        """Tell the server what is wanted, at once when it changes, and ping it in between."""
        joined: set[str] = set()
        while True:
            self._changed.clear()
            wanted = set(self._wanted)
            if gone := joined - wanted:
                await connection.send_command("UNSUBSCRIBE", *gone)
            if new := wanted - joined:
                await connection.send_command("SUBSCRIBE", *new)
            joined = wanted
            try:
                async with asyncio.timeout(self._patience / 3):
                    await self._changed.wait()
            except TimeoutError:
                await connection.send_command("PING")

    async def _hear(self, connection: AbstractConnection) -> None:
        while True:
            reply = await connection.read_response(timeout=self._patience)
            if reply is None:
                raise TimeoutError(f"nothing heard for {self._patience} s")
            self._pause = FIRST_PAUSE
            if isinstance(reply, list) and len(reply) == 3:
                self._deliver(*reply)

    def _deliver(self, kind: bytes, name: bytes, data: bytes) -> None:
        channel = self._wanted.get(name.decode())
        if channel is None:
            return
        try:
            if kind == b"message":
                channel.message(data)
            elif kind == b"subscribe":
                channel.confirmed()
        except Exception:
            _logger.exception("log.message_failed", channel=name.decode())
