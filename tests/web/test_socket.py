"""Who may open a socket, what happens to one that does not behave, and how sockets end."""

from __future__ import annotations

import asyncio
import contextlib
import json
import socket
from pathlib import Path
from typing import Any

import pytest
from websockets.asyncio.client import ClientConnection
from websockets.exceptions import ConnectionClosed, InvalidStatus

from server.protocol import CloseCode
from server.web import socket as endpoint
from server.web.transport import HttpProtocol, SocketProtocol
from tests.web.running import Running, bearer, hello, running


async def close_code(connection: ClientConnection) -> int | None:
    """Read until the end and return the close code."""
    try:
        async with asyncio.timeout(15):
            while True:
                await connection.recv()
    except ConnectionClosed:
        return connection.close_code


async def refused_with(run: Running, path: str, headers: dict[str, str], origin: str | None) -> int:
    """Return the HTTP status of a refused handshake."""
    with pytest.raises(InvalidStatus) as refusal:
        async with run.socket(path, headers, origin=origin):
            pass
    assert refusal.value.response.headers["x-content-type-options"] == "nosniff"
    return refusal.value.response.status_code


async def test_a_bearer_token_opens_a_socket(run: Running) -> None:
    session = await run.create()
    async with run.socket(f"/ws/{session.session}", bearer(session.tokens["moderator"])) as connection:
        assert connection.subprotocol == "baraza.v1"
        welcome = await hello(connection)
        assert welcome["role"] == "moderator"
        assert {"stage", "desk", "record", "me"} <= welcome["docs"].keys()


async def test_a_command_comes_back_done_and_as_a_patch(run: Running) -> None:
    session = await run.create()
    async with run.socket(f"/ws/{session.session}", bearer(session.tokens["moderator"])) as connection:
        await hello(connection)
        await connection.send(json.dumps({"id": "c1", "do": "session.open"}))
        frames = [json.loads(await connection.recv())]
        while not {"done", "doc"} <= {key for frame in frames for key in frame}:
            frames.append(json.loads(await connection.recv()))
        assert any(frame.get("done") == "c1" for frame in frames)


ORIGINS = [
    ("http://{host}", True),
    ("HTTP://{host}", True),
    ("https://{host}", False),
    ("http://127.0.0.1", False),
    ("http://127.0.0.1:1", False),
    ("http://localhost:{port}", False),
    ("http://sub.{host}", False),
    ("http://{host}.evil.example", False),
    ("http://evil.example#{host}", False),
    ("http://{host}@evil.example", False),
    ("http://evil.example@{host}", False),
    ("http://{host}/", False),
    ("http://{host}evil", False),
    ("null", False),
    ("", False),
    ("file://", False),
    ("https://www.example.org", True),
    ("https://www.example.org:443", True),
    ("https://www.example.org:444", False),
    ("http://www.example.org", False),
    ("https://example.org", False),
]


async def test_a_cookie_opens_a_socket_for_own_and_allowed_origins_only(tmp_path: Path) -> None:
    async with running(tmp_path, BARAZA_ORIGINS="https://www.example.org") as run:
        session = await run.create()
        path = f"/ws/{session.session}"
        cookie = {"Cookie": f"baraza-{session.session}-moderator={session.tokens['moderator']}"}
        for pattern, allowed in ORIGINS:
            origin = pattern.format(host=f"127.0.0.1:{run.port}", port=run.port)
            if allowed:
                async with run.socket(path, cookie, origin=origin) as connection:
                    assert (await hello(connection))["role"] == "moderator", origin
            else:
                assert await refused_with(run, path, cookie, origin) == 403, origin


async def test_a_cookie_without_an_origin_is_refused(run: Running) -> None:
    session = await run.create()
    cookie = {"Cookie": f"baraza-{session.session}-moderator={session.tokens['moderator']}"}
    assert await refused_with(run, f"/ws/{session.session}", cookie, None) == 403


async def test_a_foreign_page_gains_nothing_by_a_bearer_token(run: Running) -> None:
    session = await run.create()
    headers = bearer(session.tokens["moderator"])
    assert await refused_with(run, f"/ws/{session.session}", headers, "https://evil.example") == 403


async def test_a_program_learns_by_status_why_it_may_not(run: Running) -> None:
    session = await run.create()
    assert await refused_with(run, f"/ws/{session.session}", bearer("x" * 32), None) == 401
    assert await refused_with(run, "/ws/0123456789ab", bearer(session.tokens["moderator"]), None) == 404
    assert await refused_with(run, "/ws/no.session", bearer(session.tokens["moderator"]), None) == 404


async def test_a_page_learns_by_close_code_that_it_must_stop(run: Running) -> None:
    session = await run.create()
    own = run.url
    async with run.socket(
        f"/ws/{session.session}", {"Cookie": f"baraza-{session.session}-screen=old"}, origin=own
    ) as it:
        assert await close_code(it) == 4000
    async with run.socket("/ws/0123456789ab", origin=own) as it:
        assert await close_code(it) == 4002


@pytest.mark.parametrize("subprotocol", [None, "baraza.v0", "chat"])
async def test_without_our_subprotocol_the_socket_is_closed_for_good(run: Running, subprotocol: str | None) -> None:
    session = await run.create()
    headers = bearer(session.tokens["screen"])
    path = f"/ws/{session.session}"
    async with await run.socket(path, headers, subprotocol=subprotocol) as connection:
        assert await close_code(connection) == 4003


@pytest.mark.parametrize("first", ['{"ping":1}', "nonsense", "[" * 30_000, '{"id":"a","do":"session.open"}'])
async def test_a_first_frame_that_is_no_hello_closes_for_good(run: Running, first: str) -> None:
    session = await run.create()
    async with run.socket(f"/ws/{session.session}", bearer(session.tokens["moderator"])) as connection:
        await connection.send(first)
        assert await close_code(connection) == 4003


async def test_a_silent_socket_is_closed(run: Running, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(endpoint, "HELLO_SECONDS", 0.2)
    session = await run.create()
    async with run.socket(f"/ws/{session.session}", bearer(session.tokens["screen"])) as connection:
        assert await close_code(connection) == 4102


async def test_frames_that_come_with_the_hello_are_not_lost(run: Running) -> None:
    session = await run.create()
    async with run.socket(f"/ws/{session.session}", bearer(session.tokens["moderator"])) as connection:
        connection.transport.write(  # one segment: the hello and two pings
            b"".join(_masked(frame) for frame in (b'{"hello":{}}', b'{"ping":1}', b'{"ping":2}'))
        )
        seen: list[Any] = []
        while len([frame for frame in seen if "pong" in frame]) < 2:
            seen.append(json.loads(await connection.recv()))
        assert "welcome" in seen[0]
        assert [frame["pong"] for frame in seen if "pong" in frame] == [1, 2]


def _handshake(port: int, session: str, token: str) -> bytes:
    return (
        f"GET /ws/{session} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n"
        f"Sec-WebSocket-Protocol: baraza.v1\r\nAuthorization: Bearer {token}\r\n\r\n"
    ).encode()


def _masked(payload: bytes) -> bytes:
    return bytes((0x81, 0x80 | len(payload), 0, 0, 0, 0)) + payload


async def test_a_message_in_fragments_is_put_together(run: Running) -> None:
    session = await run.create()
    async with run.socket(f"/ws/{session.session}", bearer(session.tokens["moderator"])) as connection:
        await connection.send(['{"hel', 'lo":', "{}}"])
        assert "welcome" in json.loads(await connection.recv())
        await connection.send(['{"pi', 'ng":7}'])
        while "pong" not in (frame := json.loads(await connection.recv())):
            pass
        assert frame["pong"] == 7


async def test_an_oversized_frame_is_refused_by_the_transport(run: Running) -> None:
    session = await run.create()
    async with run.socket(f"/ws/{session.session}", bearer(session.tokens["moderator"])) as connection:
        await hello(connection)
        await connection.send("x" * 40_000)
        assert await close_code(connection) == 1009


@pytest.mark.parametrize(
    "flood", [b"\x89\x80\0\0\0\0", b"\x8a\x80\0\0\0\0", b"\0\x80\0\0\0\0"], ids=["ping", "pong", "part"]
)
async def test_a_flood_of_what_is_no_message_is_cut_too(run: Running, flood: bytes) -> None:
    session = await run.create()
    reader, writer = await asyncio.open_connection("127.0.0.1", run.port)
    writer.write(_handshake(run.port, session.session, session.tokens["moderator"]))
    await reader.readuntil(b"\r\n\r\n")
    writer.write(_masked(b'{"hello":{}}') + (b"\x01\x80\0\0\0\0" if flood[0] == 0 else b""))
    writer.write(flood * 150)  # a few are borne
    writer.write(_masked(b'{"ping":1}') if flood[0] else b"")
    if flood[0]:
        await asyncio.wait_for(reader.readuntil(b'"pong":1'), 5)
    with contextlib.suppress(ConnectionResetError):
        writer.write(flood * 150)
        await asyncio.wait_for(reader.read(), 5)
    async with asyncio.timeout(5):
        while run.site.connections.total:
            await asyncio.sleep(0.01)
    writer.close()
    with contextlib.suppress(ConnectionResetError):
        await writer.wait_closed()


async def test_a_flood_is_cut(run: Running) -> None:
    session = await run.create()
    async with run.socket(f"/ws/{session.session}", bearer(session.tokens["moderator"])) as connection:
        await hello(connection)
        for n in range(2_000):
            if connection.close_code is not None:
                break
            try:
                await connection.send(f'{{"ping":{n}}}')
            except ConnectionClosed:
                break
        assert await close_code(connection) == 4101


async def test_a_removed_person_is_closed_for_good_and_does_not_come_back(run: Running) -> None:
    session = await run.create()
    person = await run.join(session.code)
    path = f"/ws/{session.session}"
    async with run.socket(path, bearer(person["token"])) as connection:
        await hello(connection)
        answer = await run.http.post(
            f"/api/sessions/{session.session}/commands",
            json={"id": "r", "do": "person.remove", "person": person["person"]},
            headers=bearer(session.tokens["moderator"]),
        )
        assert answer.status_code == 200, answer.text
        assert await close_code(connection) == 4001
    assert await refused_with(run, path, bearer(person["token"]), None) == 401


async def test_a_key_that_ended_while_the_hello_was_on_its_way_opens_nothing(run: Running) -> None:
    session = await run.create()
    person = await run.join(session.code)
    moderator = bearer(session.tokens["moderator"])
    async with (
        run.socket(f"/ws/{session.session}", bearer(person["token"])) as removed,
        run.socket(f"/ws/{session.session}", bearer(session.tokens["screen"])) as renewed,
    ):
        command = {"id": "r", "do": "person.remove", "person": person["person"]}
        path = f"/api/sessions/{session.session}"
        assert (await run.http.post(f"{path}/commands", json=command, headers=moderator)).status_code == 200
        assert (await run.http.post(f"{path}/links", json={"role": "screen"}, headers=moderator)).status_code == 200
        for connection, code in ((removed, CloseCode.REMOVED), (renewed, CloseCode.UNAUTHORISED)):
            await connection.send('{"hello":{}}')
            assert await close_code(connection) == code
    await _all_left(run)


async def test_a_session_that_the_log_lost_while_the_hello_was_on_its_way_is_come_back_to(run: Running) -> None:
    session = await run.create()
    path, headers = f"/ws/{session.session}", bearer(session.tokens["screen"])
    async with run.socket(path, headers) as connection:
        live = await run.site.hub.live(session.session)
        assert live is not None
        live.lost = True
        await connection.send('{"hello":{}}')
        assert await close_code(connection) == CloseCode.RESTART
    async with run.socket(path, headers) as connection:
        await hello(connection)
    await _all_left(run)


async def _all_left(run: Running) -> None:
    async with asyncio.timeout(5):
        while run.site.connections.total:
            await asyncio.sleep(0.01)


async def test_sockets_of_one_address_are_capped_and_freed(tmp_path: Path) -> None:
    async with running(tmp_path, BARAZA_SOCKETS_PER_ADDRESS="2") as run:
        session = await run.create()
        path, headers = f"/ws/{session.session}", bearer(session.tokens["screen"])
        async with run.socket(path, headers) as first, run.socket(path, headers) as second:
            await hello(first)
            await hello(second)
            assert await refused_with(run, path, headers, None) == 503
            await first.close()
            async with asyncio.timeout(5):
                while run.site.connections.total > 1:
                    await asyncio.sleep(0.01)
            async with run.socket(path, headers) as third:
                await hello(third)


async def test_a_reader_that_stopped_reading_is_aborted(run: Running, monkeypatch: pytest.MonkeyPatch) -> None:
    """With a ping every 0.3 s that nobody answers; uvicorn alone would keep it for ever (its close waits for the buffer)."""
    monkeypatch.setattr(run.server.config, "ws_ping_interval", 0.3)
    monkeypatch.setattr(run.server.config, "ws_ping_timeout", 0.3)
    session = await run.create()
    protocol = await _stalled(run, session.session, session.tokens["screen"])
    assert protocol.buffered > 100_000
    await _all_left(run)
    assert protocol.transport.is_closing()


async def _stalled(run: Running, session: str, token: str) -> SocketProtocol:
    """Open a socket over a raw connection that never reads again, fill its buffer, and return its server side."""
    raw = socket.create_connection(("127.0.0.1", run.port))
    raw.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    _KEPT.append(raw)
    raw.sendall(_handshake(run.port, session, token))
    await asyncio.to_thread(raw.recv, 1)  # the handshake is answered; nothing more is ever read
    raw.sendall(_masked(b'{"hello":{}}'))
    async with asyncio.timeout(5):
        while not run.site.hub.stats().connections.get("screen"):
            await asyncio.sleep(0.01)
    protocol = next(c for c in run.server.server_state.connections if isinstance(c, SocketProtocol))
    for _ in range(100):
        protocol.write_frames(b"\x81\x7e\xff\xff" + b"x" * 65_535)
    return protocol


_KEPT: list[socket.socket] = []


@pytest.fixture(autouse=True)
def close_raw_sockets() -> Any:
    yield
    while _KEPT:
        _KEPT.pop().close()


POST = b"POST /api/join HTTP/1.1\r\nContent-Type: application/json\r\nContent-Length: 9\r\n\r\n{"


@pytest.mark.parametrize("begun", [b"", b"GET / HTTP/1.1\r\nHost: x", POST])
async def test_a_request_that_does_not_arrive_in_time_is_dropped(
    run: Running, monkeypatch: pytest.MonkeyPatch, begun: bytes
) -> None:
    monkeypatch.setattr(HttpProtocol, "request_within", 0.3)
    reader, writer = await asyncio.open_connection("127.0.0.1", run.port)
    writer.write(begun)
    async with asyncio.timeout(5):
        with contextlib.suppress(ConnectionResetError):
            assert await reader.read() == b""
    writer.close()
    with contextlib.suppress(ConnectionResetError):
        await writer.wait_closed()


async def test_a_stop_closes_sockets_one_by_one_and_aborts_the_stalled(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(SocketProtocol, "drain_spread", 1.5)
    monkeypatch.setattr(SocketProtocol, "stalled_after", 0.5)
    async with running(tmp_path) as run:
        session = await run.create()
        path, headers = f"/ws/{session.session}", bearer(session.tokens["screen"])
        await _stalled(run, session.session, session.tokens["screen"])
        connections = [await run.socket(path, headers) for _ in range(40)]
        for connection in connections:
            await hello(connection)
        began = asyncio.get_running_loop().time()
        ended: list[float] = []

        async def watch(connection: ClientConnection) -> int | None:
            code = await close_code(connection)
            ended.append(asyncio.get_running_loop().time() - began)
            return code

        watching = [asyncio.create_task(watch(connection)) for connection in connections]
        await run.stop()
        assert await asyncio.gather(*watching) == [1012] * 40
        assert asyncio.get_running_loop().time() - began < 6
        assert max(ended) - min(ended) > 0.5
        halves = [len([at for at in ended if low <= at < low + 0.75]) for low in (0.0, 0.75)]
        assert min(halves) >= 5, ended
        assert run.site.drain.begun


async def test_on_plain_uvicorn_it_works_too(tmp_path: Path) -> None:
    async with running(tmp_path, plain=True) as run:
        session = await run.create()
        path = f"/ws/{session.session}"
        async with run.socket(path, bearer(session.tokens["moderator"])) as connection:
            welcome = await hello(connection)
            await connection.send(json.dumps({"id": "c1", "do": "session.open"}))
            frames: list[Any] = []
            while not any("done" in frame for frame in frames):
                frames.append(json.loads(await connection.recv()))
            assert welcome["docs"]["stage"]["session"]["state"] == "lobby"
            person = await run.join(session.code)
            async with run.socket(path, bearer(person["token"])) as other:
                await hello(other)
                command = {"id": "r", "do": "person.remove", "person": person["person"]}
                await connection.send(json.dumps(command))
                assert await close_code(other) == 4001
        assert await refused_with(run, path, bearer("nothing"), None) == 401
