"""The handshake of a WebSocket (RFC 6455, section 4.2), from a request that the HTTP parser has read already.

The `websockets` library judges it and would read it too. Given the lines once more it takes longer to read them than for all the rest.
"""

from __future__ import annotations

from collections.abc import Iterable

from websockets.datastructures import Headers
from websockets.http11 import MAX_LINE_LENGTH, MAX_NUM_HEADERS, Request

RawHeaders = Iterable[tuple[bytes, bytes]]


def read_handshake(method: str, target: bytes, headers: list[tuple[bytes, bytes]]) -> Request | None:
    """Return the request for the library, or None for one that it would not read: too many or too long lines, or a body.

    The HTTP parser has seen to it that names are tokens and that values hold no control characters; there are no spaces around them.
    """
    if len(headers) > MAX_NUM_HEADERS or len(target) > MAX_LINE_LENGTH or not target.isascii():
        return None
    fields = Headers()
    for name, value in headers:
        if len(name) + len(value) + len(": \r\n") > MAX_LINE_LENGTH:
            return None
        fields.set_insecure(name.decode("ascii"), value.decode("latin-1"))
    if "Transfer-Encoding" in fields or not set(fields.get_all("Content-Length")) <= {"0"}:
        return None
    return Request(target.decode("ascii"), fields, method)


def accepting(key: str, extensions: str | None, subprotocol: str | None, headers: RawHeaders) -> bytes:
    """Return the answer that accepts a handshake; `key` is the value of `Sec-WebSocket-Accept`."""
    lines = [
        b"HTTP/1.1 101 Switching Protocols",
        b"Upgrade: websocket",
        b"Connection: Upgrade",
        b"Sec-WebSocket-Accept: " + key.encode("ascii"),
    ]
    if extensions is not None:
        lines.append(b"Sec-WebSocket-Extensions: " + extensions.encode("ascii"))
    if subprotocol is not None:
        lines.append(b"Sec-WebSocket-Protocol: " + subprotocol.encode("ascii"))
    lines += [name + b": " + value for name, value in headers]
    return b"\r\n".join(lines) + b"\r\n\r\n"
