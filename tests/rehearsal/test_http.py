"""The HTTP calls read whole answers, keep connections, and tell what the server did not like."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import pytest

from server.rehearsal.http import Http, Refused
from server.rehearsal.target import Target

ANSWERS = {
    "/plain": b'HTTP/1.1 200 OK\r\nContent-Length: 8\r\n\r\n{"a": 1}',
    "/chunked": b'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\n{"a"\r\n4\r\n: 2}\r\n0\r\n\r\n',
    "/last": b'HTTP/1.1 200 OK\r\nContent-Length: 8\r\nConnection: close\r\n\r\n{"a": 3}',
    "/slow": b'HTTP/1.1 429 Slow\r\nContent-Length: 34\r\n\r\n{"code":"slow","message":"Slower"}',
    "/proxy": b"HTTP/1.1 502 Bad Gateway\r\nContent-Length: 6\r\n\r\n<html>",
    "/half": b"HTTP/1.1 200 OK\r\nContent-Length: 80\r\n\r\n{",
}


class Peer:
    """A server that answers from a table, and what it heard."""

    def __init__(self) -> None:
        self.heard: list[bytes] = []
        self.connections = 0

    async def __call__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        try:
            while True:
                head = await reader.readuntil(b"\r\n\r\n")
                length = [line for line in head.split(b"\r\n") if line.startswith(b"Content-Length")]
                body = await reader.readexactly(int(length[0].split(b":")[1])) if length else b""
                self.heard.append(head + body)
                path = head.split()[1].decode()
                writer.write(ANSWERS[path])
                if path in ("/last", "/half"):
                    break
        except asyncio.IncompleteReadError:
            pass
        finally:
            writer.close()


@pytest.fixture
async def peer() -> Peer:
    return Peer()


@pytest.fixture
async def http(peer: Peer) -> AsyncIterator[Http]:
    server = await asyncio.start_server(peer, "127.0.0.1", 0)
    made = Http(Target("127.0.0.1", server.sockets[0].getsockname()[1], False), connections=2)
    yield made
    await made.close()
    server.close()
    await server.wait_closed()


async def test_answers_are_read_whole_over_one_kept_connection(http: Http, peer: Peer) -> None:
    assert await http.get("/plain", dict[str, int], token="secret") == {"a": 1}
    assert await http.post("/chunked", {"name": "Åsa"}, dict[str, int]) == {"a": 2}
    assert peer.connections == 1
    assert b"Authorization: Bearer secret\r\n" in peer.heard[0]
    assert peer.heard[1].endswith('\r\n\r\n{"name":"Åsa"}'.encode())
    assert b"Authorization" not in peer.heard[1]


async def test_a_connection_that_the_server_ends_is_replaced(http: Http, peer: Peer) -> None:
    assert await http.get("/last", dict[str, int]) == {"a": 3}
    assert await http.get("/plain", dict[str, int]) == {"a": 1}
    assert peer.connections == 2


async def test_calls_wait_for_their_turn(http: Http, peer: Peer) -> None:
    answers = await asyncio.gather(*(http.get("/plain", dict[str, int]) for _ in range(20)))
    assert answers == [{"a": 1}] * 20
    assert peer.connections <= 2


async def test_a_refusal_keeps_status_and_code(http: Http) -> None:
    with pytest.raises(Refused, match="Slower") as refused:
        await http.post("/slow", {}, dict[str, int])
    assert (refused.value.status, refused.value.code) == (429, "slow")


async def test_an_answer_of_something_else_is_a_refusal_too(http: Http) -> None:
    with pytest.raises(Refused, match="<html>") as refused:
        await http.get("/proxy", dict[str, int])
    assert refused.value.status == 502


async def test_half_an_answer_is_a_lost_connection(http: Http) -> None:
    with pytest.raises(ConnectionError):
        await http.get("/half", dict[str, int])
