"""A TCP proxy that breaks connections on command, and says what it broke."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from types import TracebackType
from typing import Self


@dataclass(eq=False)
class _Pair:
    """The two ends of one proxied connection."""

    client: asyncio.StreamWriter
    server: asyncio.StreamWriter
    doomed: bool = False
    tasks: list[asyncio.Task[None]] = field(default_factory=list)

    def abort(self) -> None:
        self.client.transport.abort()
        self.server.transport.abort()


class Proxy:
    """Forwards 127.0.0.1:`port` to 127.0.0.1:`target`. Use as an async context manager.

    `cut` and `lost` count the replies that were cut and the messages that were swallowed; `await wait_for_cut()` waits.
    """

    def __init__(self, target: int) -> None:
        self.port = 0
        self.cut = 0
        self.lost = 0
        self._target = target
        self._pairs: set[_Pair] = set()
        self._flowing = asyncio.Event()
        self._flowing.set()
        self._cut_after: bytes | None = None
        self._cuts = asyncio.Event()
        self._lose: bytes | None = None
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

    def drop(self) -> None:
        """Cut all connections that are open."""
        for pair in tuple(self._pairs):
            pair.abort()

    def freeze(self) -> None:
        """Forward nothing more, in no direction, and keep all connections open: a network that went silent."""
        self._flowing.clear()

    def thaw(self) -> None:
        """Forward again, beginning with what was held back."""
        self._flowing.set()

    def lose(self, message: bytes | None) -> None:
        """Swallow what the server sends in one piece with `message` in it, until told `None`."""
        self._lose = message

    async def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await self._flowing.wait()
        try:
            server_reader, server_writer = await asyncio.open_connection("127.0.0.1", self._target)
        except OSError:
            writer.transport.abort()
            return
        pair = _Pair(writer, server_writer)
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
            await self._flowing.wait()
            pair.server.write(data)

    async def _replies(self, pair: _Pair, reader: asyncio.StreamReader) -> None:
        while data := await _read(reader):
            if pair.doomed:
                self.cut += 1
                self._cuts.set()
                return
            if self._lose is not None and self._lose in data:
                self.lost += 1
                continue
            await self._flowing.wait()
            pair.client.write(data)


async def _read(reader: asyncio.StreamReader) -> bytes:
    try:
        return await reader.read(65536)
    except ConnectionError:
        return b""
