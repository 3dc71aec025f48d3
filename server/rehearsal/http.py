"""The few HTTP calls of a rehearsal, over kept connections and cheap enough to let a thousand people join in seconds."""

from __future__ import annotations

import asyncio
from typing import Any, TypeVar

import httptools
import msgspec

from server.rehearsal.target import Target
from server.rehearsal.wire import Problem

TIMEOUT = 30.0
Answer = TypeVar("Answer")


class Refused(Exception):
    """The server did not answer with success."""

    def __init__(self, call: str, status: int, problem: Problem) -> None:
        """Say which call, and keep its `status` and the `code` of the body."""
        super().__init__(f"{call}: {status} {problem.code} {problem.message}".rstrip())
        self.status = status
        self.code = problem.code


class _Connection:
    """One kept connection; `exchange` is for one call at a time."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.reader = reader
        self.writer = writer
        self.usable = True
        self._parser = httptools.HttpResponseParser(self)
        self._body = bytearray()
        self._complete = False

    async def exchange(self, request: bytes) -> tuple[int, bytes]:
        """Send a request and return the status and body of its answer."""
        self._body.clear()
        self._complete = False
        self._parser = httptools.HttpResponseParser(self)
        self.writer.write(request)
        while not self._complete:
            data = await self.reader.read(65536)
            if not data:
                raise ConnectionResetError("the server closed the connection before its answer was complete")
            self._parser.feed_data(data)
        return self._parser.get_status_code(), bytes(self._body)

    def on_headers_complete(self) -> None:
        """Ask whether the connection may be kept (called by the parser, the only time when it knows)."""
        self.usable = self._parser.should_keep_alive()

    def on_body(self, body: bytes) -> None:
        """Collect the body (called by the parser)."""
        self._body += body

    def on_message_complete(self) -> None:
        """Note the end of the answer (called by the parser)."""
        self._complete = True


class Http:
    """Calls one server; at most `connections` calls are under way at once, the others wait their turn."""

    def __init__(self, target: Target, connections: int = 16) -> None:
        """Take the server; nothing is opened before the first call."""
        self.target = target
        self._turns = asyncio.Semaphore(connections)
        self._idle: list[_Connection] = []
        self._tls = target.tls()

    async def post(self, path: str, body: Any, answer: type[Answer], token: str | None = None) -> Answer:
        """Post `body` as JSON and return the answer as `answer`; raises `Refused`, `OSError` or `TimeoutError`."""
        return await self._call("POST", path, msgspec.json.encode(body), answer, token)

    async def get(self, path: str, answer: type[Answer], token: str | None = None) -> Answer:
        """Return the answer of `path` as `answer`; raises as `post` does."""
        return await self._call("GET", path, b"", answer, token)

    async def close(self) -> None:
        """Close the kept connections."""
        for connection in self._idle:
            connection.writer.close()
        self._idle.clear()

    async def _call(self, method: str, path: str, body: bytes, answer: type[Answer], token: str | None) -> Answer:
        head = f"{method} {path} HTTP/1.1\r\nHost: {self.target.authority}\r\nAccept: application/json\r\n"
        if token is not None:
            head += f"Authorization: Bearer {token}\r\n"
        if method == "POST":
            head += f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n"
        async with self._turns, asyncio.timeout(TIMEOUT):
            connection = await self._connection()
            try:
                status, content = await connection.exchange(head.encode() + b"\r\n" + body)
            except BaseException:
                connection.writer.close()
                raise
            if connection.usable:
                self._idle.append(connection)
            else:
                connection.writer.close()
        if status >= 300:
            raise Refused(f"{method} {path}", status, _problem(content))
        return msgspec.json.decode(content, type=answer)

    async def _connection(self) -> _Connection:
        while self._idle:
            connection = self._idle.pop()
            if not connection.reader.at_eof() and not connection.writer.is_closing():
                return connection
            connection.writer.close()
        reader, writer = await asyncio.open_connection(self.target.host, self.target.port, ssl=self._tls)
        return _Connection(reader, writer)


def _problem(content: bytes) -> Problem:
    try:
        return msgspec.json.decode(content, type=Problem)
    except (msgspec.DecodeError, UnicodeDecodeError):
        return Problem(message=content[:200].decode(errors="replace"))
