"""Baraza as a user starts it, for the benchmark: a real server, a session on disk, and people with keys of their own."""

from __future__ import annotations

import asyncio
import itertools
import json
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx2
from prometheus_client.parser import text_string_to_metric_families

from tests.bench.machine import pin
from tests.bench.raw import RawSocket
from tests.support.server import Server, Session, free_port

QUESTIONS = 16
"""Guiding questions: so many changes can be on their way without one that replaces another."""

AGENDA = "A hall\n\n# One by one\n" + "".join(f"- Question {number}? (5 min)\n" for number in range(QUESTIONS))
HELLO = '{"hello":{}}'
COMING_AT_ONCE = 16

SETTINGS = {"BARAZA_JOINS_PER_ADDRESS": "1000000", "BARAZA_COMMANDS": "100000"}
"""Everybody comes from one address here, and votes as fast as the server can."""


@asynccontextmanager
async def serving(folder: Path, *, redis: str | None = None, workers: int = 1) -> AsyncIterator[Server]:
    """Run a server on CPU 0, or several workers wherever there is room."""
    server = Server(folder / f"baraza-{free_port()}", redis=redis, workers=workers, settings=SETTINGS)
    await server.start()
    if workers == 1:
        pin(server.pid, 0)
    try:
        yield server
    finally:
        await server.end()


@dataclass
class Room:
    """A session on a server: the keys of those who joined, and what a moderator does in it over HTTP."""

    server: Server
    session: Session
    keys: list[str]

    @classmethod
    async def open(cls, server: Server, people: int, agenda: str = AGENDA) -> Room:
        """Create a session and let people join it."""
        session = await server.create(agenda)
        return cls(server, session, await _join(server.port, session.code, people))

    @property
    def lines(self) -> list[str]:
        """A line a person for the load client."""
        return [f"/ws/{self.session.session}\t{_headers(key, '|')}|" for key in self.keys]

    async def connect(self, role: str) -> RawSocket:
        """Open a socket by a role link and return it behind the welcome."""
        return await self.connect_with(self.session.tokens[role])

    async def connect_with(self, key: str) -> RawSocket:
        """Open a socket with a key and return it behind the welcome."""
        path = f"/ws/{self.session.session}"
        socket = await RawSocket.connect(self.server.port, path, _headers(key, "\r\n"))
        await socket.text(HELLO.encode())
        await socket.receive()
        return socket

    async def stage(self) -> dict[str, Any]:
        """Return the document that everybody sees."""
        view = await self.server.view(self.session.session, self.session.tokens["moderator"])
        stage: dict[str, Any] = view["docs"]["stage"]
        return stage

    async def open_poll(self) -> str:
        """Open a poll with three options whose results everybody watches; return the template of a vote in it."""
        async with httpx2.AsyncClient(base_url=self.server.url, trust_env=False) as http:

            async def do(**command: object) -> dict[str, str]:
                path = f"/api/sessions/{self.session.session}/commands"
                key = {"Authorization": f"Bearer {self.session.tokens['moderator']}"}
                answer = await http.post(path, json=command, headers=key)
                answer.raise_for_status()
                outcome: dict[str, str] = answer.json()
                return outcome

            options, settings = ["This", "That", "Neither"], {"visibility": "live"}
            made = await do(do="poll.create", kind="single", prompt="Which?", options=options, settings=settings)
            await do(do="poll.open", poll=made["made"])
            return '{"id":"%","do":"ballot.cast","poll":"' + made["made"] + '","answer":["@"]}'

    async def metrics(self) -> dict[str, float]:
        """Return the counters and gauges without labels of their own, by name."""
        text = (await self.server.get("/metrics")).text
        samples = (sample for family in text_string_to_metric_families(text) for sample in family.samples)
        return {sample.name: sample.value for sample in samples if set(sample.labels) == {"worker"}}


async def publisher(room: Room) -> tuple[RawSocket, Callable[[str], Awaitable[None]]]:
    """Return a moderator's socket, and what gives the guiding questions new texts, one after the other."""
    moderator = await room.connect("moderator")
    segments = (await room.stage())["agenda"]["segments"].values()
    items = itertools.cycle([item for segment in segments for item in segment["order"]])
    numbers: Iterator[int] = itertools.count()

    async def publish(text: str) -> None:
        command = {"id": f"a{next(numbers)}", "do": "agenda.edit", "item": next(items), "text": text}
        await moderator.text(json.dumps(command).encode())

    return moderator, publish


def _headers(key: str, between: str) -> str:
    return f"Authorization: Bearer {key}{between}Sec-WebSocket-Protocol: baraza.v1"


async def _join(port: int, code: str, people: int) -> list[str]:
    """Let people join with the code, some at a time, and return their keys in the order of their names."""
    keys = [""] * people
    waiting = iter(range(people))

    async def some() -> None:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        for number in waiting:
            body = json.dumps({"code": code, "name": f"Person {number}"}).encode()
            head = f"POST /api/join HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nContent-Type: application/json\r\n"
            writer.write(head.encode() + b"Content-Length: %d\r\n\r\n" % len(body) + body)
            answer = (await reader.readuntil(b"\r\n\r\n")).decode()
            size = next(int(line[15:]) for line in answer.split("\r\n") if line.lower().startswith("content-length:"))
            content = await reader.readexactly(size)
            if not answer.startswith("HTTP/1.1 201"):
                raise ConnectionError(f"nobody could join: {answer} {content!r}")
            keys[number] = json.loads(content)["token"]
        writer.close()

    await asyncio.gather(*(some() for _ in range(COMING_AT_ONCE)))
    return keys
