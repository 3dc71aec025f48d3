"""A TCP proxy that breaks connections on command, and says what it broke."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from types import TracebackType
from typing import Self

SAID = 65_536


@dataclass(eq=False)
class _Pair:
    """The two ends of one proxied connection, and the beginning of what the client said on it."""

    client: asyncio.StreamWriter
    server: asyncio.StreamWriter
    said: bytearray = field(default_factory=bytearray)
    flowing: asyncio.Event = field(default_factory=asyncio.Event)
    doomed: bool = False
    tasks: list[asyncio.Task[None]] = field(default_factory=list)

    def abort(self) -> None:
        self.client.transport.abort()
        self.server.transport.abort()


class Proxy:
    """Forwards 127.0.0.1:`port` to 127.0.0.1:`target`. Use as an async context manager.

    `cut` counts the replies that were cut, `lost` the messages that were swallowed, `refused` the connections that were
    turned away; a test waits for them with `wait_for_cut`, `wait_for_lost` and `wait_for_refused`. `having` chooses
    connections: those on which the client has said these bytes (in its first 64 kB).
    """

    def __init__(self, target: int) -> None:
        self.port = 0
        self.cut = 0
        self.lost = 0
        self.refused = 0
        self._target = target
        self._pairs: set[_Pair] = set()
        self._frozen = False
        self._cut_after: bytes | None = None
        self._cuts = asyncio.Event()
        self._lose: bytes | None = None
        self._losses = asyncio.Event()
        self._away = False
        self._refusals = asyncio.Condition()
        self._server: asyncio.Server | None = None

    @property
    def url(self) -> str:
        """The proxy as a Redis address."""
        return f"redis://127.0.0.1:{self.port}/0"

    @property
    def connections(self) -> int:
        """Connections that are open now."""
        return len(self._pairs)

    async def __aenter__(self) -> Self:
        self._server = await asyncio.start_server(self._accept, "127.0.0.1", 0)
        self.port = self._server.sockets[0].getsockname()[1]
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        assert self._server is not None
        self._server.close()
        tasks = [task for pair in self._pairs for task in pair.tasks]
        self.drop()
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await self._server.wait_closed()

    def cut_reply(self, request: bytes) -> None:
        """Let the next request that contains `request` through, and cut its connection in place of the reply."""
        self._cut_after = request
        self._cuts.clear()

    async def wait_for_cut(self) -> None:
        """Return when a reply has been cut since `cut_reply`."""
        await self._cuts.wait()

    def drop(self, having: bytes = b"") -> int:
        """Cut the open connections and return how many."""
        return self._each(having, _Pair.abort)

    def freeze(self, having: bytes = b"") -> int:
        """Keep connections open and forward nothing more in either direction; return how many there were.

        Without `having`, connections that come later are silent too: a network that went away without a word.
        """
        self._frozen = self._frozen or not having
        return self._each(having, lambda pair: pair.flowing.clear())

    def thaw(self) -> None:
        """Forward again, beginning with what was held back."""
        self._frozen = False
        self._each(b"", lambda pair: pair.flowing.set())

    def go_away(self) -> None:
        """Cut the open connections and refuse new ones, until `come_back`: a network that went away and says so."""
        self._away = True
        self.drop()

    def come_back(self) -> None:
        """Take connections again."""
        self._away = False

    async def wait_for_refused(self, count: int) -> None:
        """Return when so many connections have been refused in all."""
        async with self._refusals:
            await self._refusals.wait_for(lambda: self.refused >= count)

    def lose(self, message: bytes | None) -> None:
        """Swallow what the server sends in one piece with `message` in it, until told `None`."""
        self._lose = message
        self._losses.clear()

    async def wait_for_lost(self) -> None:
        """Return when something has been swallowed since `lose`."""
        await self._losses.wait()

    def _each(self, having: bytes, act: Callable[[_Pair], None]) -> int:
        chosen = [pair for pair in self._pairs if having in pair.said]
        for pair in chosen:
            act(pair)
        return len(chosen)

    async def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if self._away:
            writer.transport.abort()
            async with self._refusals:
                self.refused += 1
                self._refusals.notify_all()
            return
        try:
            server_reader, server_writer = await asyncio.open_connection("127.0.0.1", self._target)
        except OSError:
            writer.transport.abort()
            return
        pair = _Pair(writer, server_writer)
        if not self._frozen:
            pair.flowing.set()
        self._pairs.add(pair)
        pair.tasks = [
            asyncio.create_task(self._requests(pair, reader)),
            asyncio.create_task(self._replies(pair, server_reader)),
        ]
        try:
            await asyncio.wait(pair.tasks, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for task in pair.tasks:
                task.cancel()
            pair.abort()
            self._pairs.discard(pair)

    async def _requests(self, pair: _Pair, reader: asyncio.StreamReader) -> None:
        while data := await _read(reader):
            if self._cut_after is not None and self._cut_after in data:
                self._cut_after = None
                pair.doomed = True
            pair.said += data[: SAID - len(pair.said)]
            await pair.flowing.wait()
            pair.server.write(data)

    async def _replies(self, pair: _Pair, reader: asyncio.StreamReader) -> None:
        while data := await _read(reader):
            if pair.doomed:
                self.cut += 1
                self._cuts.set()
                return
            if self._lose is not None and self._lose in data:
                self.lost += 1
                self._losses.set()
                continue
            await pair.flowing.wait()
            pair.client.write(data)


async def _read(reader: asyncio.StreamReader) -> bytes:
    try:
        return await reader.read(65536)
    except ConnectionError:
        return b""
