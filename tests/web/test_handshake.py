"""A handshake that the HTTP parser has read is judged as the library would judge it had it read it itself."""

from __future__ import annotations

import pytest
from websockets.server import ServerProtocol

from server.web.handshake import accepting, read_handshake
from tests.web.running import Running
from tests.web.wire import connected, handshake

GOOD = [
    (b"host", b"here"),
    (b"upgrade", b"WebSocket"),
    (b"connection", b"keep-alive, Upgrade"),
    (b"sec-websocket-key", b"dGhlIHNhbXBsZSBub25jZQ=="),
    (b"sec-websocket-version", b"13"),
]


def without(name: bytes) -> list[tuple[bytes, bytes]]:
    return [header for header in GOOD if header[0] != name]


ASKED = {
    "good": GOOD,
    "not an upgrade": without(b"connection"),
    "no key": without(b"sec-websocket-key"),
    "a short key": [*without(b"sec-websocket-key"), (b"sec-websocket-key", b"short")],
    "two keys": [*GOOD, (b"sec-websocket-key", b"dGhlIHNhbXBsZSBub25jZQ==")],
    "an old version": [*without(b"sec-websocket-version"), (b"sec-websocket-version", b"8")],
    "a value that is not ASCII": [*GOOD, (b"x-name", "Zoë".encode("latin-1"))],
    "many headers": [*GOOD, *((b"x-%d" % number, b"x") for number in range(128 - len(GOOD)))],
    "too many headers": [*GOOD, *((b"x-%d" % number, b"x") for number in range(129 - len(GOOD)))],
    "a long line": [*GOOD, (b"x", b"x" * (8192 - 5))],
    "too long a line": [*GOOD, (b"x", b"x" * (8192 - 4))],
    "a body": [*GOOD, (b"content-length", b"1")],
    "no body": [*GOOD, (b"content-length", b"0")],
    "a chunked body": [*GOOD, (b"transfer-encoding", b"chunked")],
}


@pytest.mark.parametrize("method", ["GET", "POST"])
@pytest.mark.parametrize("headers", ASKED.values(), ids=ASKED)
def test_it_is_judged_as_the_library_does(method: str, headers: list[tuple[bytes, bytes]]) -> None:
    ours = read_handshake(method, b"/ws/x?as=screen", headers)
    lines = b"".join(name + b": " + value + b"\r\n" for name, value in headers)
    library = ServerProtocol()
    library.receive_data(method.encode() + b" /ws/x?as=screen HTTP/1.1\r\n" + lines + b"\r\n")
    read = library.events_received()
    if not read:
        assert ours is None
        return
    assert ours == read[0]
    answer, expected = ServerProtocol().accept(ours), library.accept(ours)
    del answer.headers["Date"], expected.headers["Date"]
    assert answer == expected


def test_the_answer_is_the_librarys() -> None:
    request = read_handshake("GET", b"/", GOOD)
    assert request is not None
    library = ServerProtocol()
    response = library.accept(request)
    del response.headers["Date"]
    response.headers["Sec-WebSocket-Protocol"] = "chat"
    response.headers["x-more"] = "1"
    ours = accepting(response.headers["Sec-WebSocket-Accept"], None, "chat", [(b"x-more", b"1")])
    assert ours == response.serialize()


@pytest.mark.parametrize("target", [b"/ws/\xc3\xa9", b"/ws/" + b"x" * 9_000])
def test_a_target_that_is_none_is_not_read(target: bytes) -> None:
    assert read_handshake("GET", target, GOOD) is None


async def test_spaces_around_a_value_are_none_of_it(run: Running) -> None:
    session = await run.create()
    request = handshake(run.port, session)
    for name in (b"Sec-WebSocket-Key", b"Sec-WebSocket-Version", b"Authorization"):
        line = next(line for line in request.split(b"\r\n") if line.startswith(name))
        request = request.replace(line, line.replace(b": ", b":\t  ") + b" \t")
    async with connected(run) as client:
        await client.send(request)
        assert (await client.head()).startswith(b"HTTP/1.1 101 ")


async def test_a_request_for_a_socket_that_is_none_hears_why(run: Running) -> None:
    lines = b"".join(name + b": " + value + b"\r\n" for name, value in ASKED["an old version"])
    async with connected(run) as client:
        await client.send(b"GET /ws/0123456789ab HTTP/1.1\r\n" + lines + b"\r\n")
        assert (await client.head()).startswith(b"HTTP/1.1 400 ")
