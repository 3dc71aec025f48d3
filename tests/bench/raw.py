"""A WebSocket client of a few lines, for publishers and witnesses: it costs little and checks nothing that is not measured."""

from __future__ import annotations

import asyncio
import os


class RawSocket:
    """An open WebSocket on 127.0.0.1; `text` sends, `receive` returns the next text frame's payload."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader = reader
        self._writer = writer

    @classmethod
    async def connect(cls, port: int, path: str, headers: str = "") -> RawSocket:
        """Open `path`; `headers` are further request lines joined by CRLF."""
        reader, writer = await asyncio.open_connection("127.0.0.1", port, limit=2**22)
        more = f"{headers}\r\n" if headers else ""
        writer.write(
            f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            f"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n{more}\r\n".encode()
        )
        answer = await reader.readuntil(b"\r\n\r\n")
        if b" 101 " not in answer.split(b"\r\n")[0]:
            raise ConnectionError(answer.decode(errors="replace"))
        return cls(reader, writer)

    async def text(self, payload: bytes) -> None:
        """Send one masked text frame (RFC 6455, section 5.3)."""
        size = len(payload)
        head = bytes((0x81, 0x80 | size)) if size < 126 else b"\x81\xfe" + size.to_bytes(2, "big")
        mask = os.urandom(4)
        repeated = (mask * (size // 4 + 1))[:size]
        masked = (int.from_bytes(payload, "big") ^ int.from_bytes(repeated, "big")).to_bytes(size, "big")
        self._writer.write(head + mask + masked)
        await self._writer.drain()

    async def receive(self) -> bytes:
        """Return the payload of the next text frame; pings are answered on the way."""
        while True:
            first, second = await self._reader.readexactly(2)
            size = second & 127
            if size == 126:
                size = int.from_bytes(await self._reader.readexactly(2), "big")
            elif size == 127:
                size = int.from_bytes(await self._reader.readexactly(8), "big")
            payload = await self._reader.readexactly(size)
            if first & 15 == 1:
                return payload
            if first & 15 == 9:
                self._writer.write(bytes((0x8A, 0x80 | size)) + b"\0\0\0\0" + payload)
            if first & 15 == 8:
                raise ConnectionError(f"closed: {payload!r}")

    def close(self) -> None:
        """Drop the connection."""
        self._writer.close()
