"""A real `baraza serve` for tests: its own process, port and data, over a socket, and killable.

The fixture `serve` starts servers and ends them; `server` is one of them on SQLite, and `standing_server` one for all tests
of a process that run in the loop of the session. What a test asks of the network goes through `Server`: sessions made with
the host key, people who join with the code, sockets with their tokens.
"""

from __future__ import annotations

import asyncio
import os
import random
import secrets
import signal
import socket
import subprocess
import sys
from collections.abc import AsyncIterator, Mapping
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path
from typing import Any, Protocol

import httpx2
import msgspec
import pytest
import pytest_asyncio

from tests.support.member import Member, connected

AGENDA = """\
Bridges and benches

# With the public sector
- Which agreement outlived the people who signed it? (10 min)
- What should a ministry stop asking of an association? (5 min)

# With each other
- Where did two associations do more together than apart? (10 min)
"""

READY_WITHIN = 40.0
STOPPED_WITHIN = 30.0


class Session(msgspec.Struct, frozen=True):
    """The answer to the creation of a session."""

    session: str
    code: str
    links: dict[str, str]
    tokens: dict[str, str]


class Person(msgspec.Struct, frozen=True):
    """The answer to a join."""

    session: str
    person: str
    token: str


def free_port() -> int:
    """A port that is free now, outside the range from which outgoing connections take theirs, so that it stays free."""
    while True:
        port = random.randrange(12_000, 32_000)
        with socket.socket() as probe:
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
            return port


class Server:
    """One `baraza serve`; `start` again after `crash` or `stop` and it comes back on the same port and data."""

    def __init__(self, data: Path, *, redis: str | None, workers: int, settings: Mapping[str, str]) -> None:
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.data = data
        self.host_key = secrets.token_urlsafe(24)
        self.log = data.with_name(f"{data.name}.log")
        self.redis = redis
        self.workers = workers
        self._settings = dict(settings)
        self._process: subprocess.Popen[bytes] | None = None
        self._expected = 0
        self._http = httpx2.AsyncClient(base_url=self.url, trust_env=False, timeout=20)

    @property
    def pid(self) -> int:
        """The process that was started: the server itself, or the parent of its workers."""
        assert self._process is not None, "the server was not started"
        return self._process.pid

    async def start(self) -> None:
        """Start the process and wait until all workers serve; fail with what it printed when it ends or takes too long."""
        command = [sys.executable, "-m", "server.main", "serve", "--host", "127.0.0.1", "--port", str(self.port)]
        command += ["--data", str(self.data), "--workers", str(self.workers)]
        if self.redis is not None:
            command += ["--redis", self.redis]
        inherited = {name: value for name, value in os.environ.items() if not name.startswith(_OURS)}
        environment = inherited | {"BARAZA_HOST_KEY": self.host_key, "PYTHONUNBUFFERED": "1"} | self._settings
        self._expected = self._served() + self.workers
        with self.log.open("ab") as log:
            # A group of its own, so that a kill reaches the workers too.
            self._process = subprocess.Popen(
                command, stdin=subprocess.DEVNULL, stdout=log, stderr=log, env=environment, start_new_session=True
            )
        await self.ready()

    async def ready(self, within: float = READY_WITHIN) -> None:
        """Wait until `/readyz` says yes and every worker has said that it serves, replacements of killed ones too."""
        assert self._process is not None, "the server was not started"
        try:
            async with asyncio.timeout(within):
                while self._served() < self._expected or not await self._answers():
                    if self._process.poll() is not None:
                        raise AssertionError(f"baraza serve ended with {self._process.returncode}:\n{self.printed()}")
                    await asyncio.sleep(0.05)
        except TimeoutError:
            raise AssertionError(f"baraza serve is not ready after {within} s:\n{self.printed()}") from None

    def _served(self) -> int:
        """How many workers have begun to serve since the first start: each says so in the log."""
        return self.log.read_bytes().count(b'"event": "serving"') if self.log.exists() else 0

    async def _answers(self) -> bool:
        try:
            return (await self._http.get("/readyz", timeout=2)).status_code == 200
        except httpx2.TransportError:
            return False

    def printed(self) -> str:
        """The last of what the server printed."""
        return self.log.read_text(errors="replace")[-6_000:] if self.log.exists() else ""

    async def crash(self) -> None:
        """Kill the server and all its workers with SIGKILL, as a power cut of the process would."""
        assert self._process is not None, "the server was not started"
        os.killpg(self._process.pid, signal.SIGKILL)
        await asyncio.to_thread(self._process.wait)
        while self._listens():  # until the last worker, which is not this process's child, is gone too
            await asyncio.sleep(0.01)

    def _listens(self) -> bool:
        with socket.socket() as probe:
            return probe.connect_ex(("127.0.0.1", self.port)) == 0

    async def stop(self) -> int:
        """Ask the server to stop (SIGTERM), wait for it and return its exit status; fail when it takes too long."""
        assert self._process is not None, "the server was not started"
        if self._process.poll() is None:
            self._process.send_signal(signal.SIGTERM)
        try:
            return await asyncio.to_thread(self._process.wait, STOPPED_WITHIN)
        except subprocess.TimeoutExpired:
            await self.crash()
            raise AssertionError(f"baraza serve did not stop within {STOPPED_WITHIN} s:\n{self.printed()}") from None

    async def end(self) -> None:
        """Stop if it runs, and let go of the connections."""
        await self._http.aclose()
        if self._process is not None:
            await self.stop()

    def worker_pids(self) -> list[int]:
        """The processes that serve, when there are several (Linux: read from /proc)."""
        children = Path(f"/proc/{self.pid}/task/{self.pid}/children").read_text().split()
        commands = {int(child): Path(f"/proc/{child}/cmdline").read_bytes() for child in children}
        return [child for child, command in commands.items() if b"resource_tracker" not in command]

    def kill_worker(self, pid: int) -> None:
        """Kill one worker with SIGKILL; the parent starts another, and `ready` waits for it."""
        assert pid in self.worker_pids(), f"{pid} is no worker of this server"
        self._expected += 1
        os.kill(pid, signal.SIGKILL)

    async def create(self, agenda: str | Mapping[str, Any] = AGENDA) -> Session:
        """Create a session from an outline (text) or from an agenda as JSON."""
        headers = {"Authorization": f"Bearer {self.host_key}"}
        if isinstance(agenda, str):
            headers["Content-Type"] = "text/plain; charset=utf-8"
            answer = await self._http.post("/api/sessions", content=agenda.encode(), headers=headers)
        else:
            answer = await self._http.post("/api/sessions", json=agenda, headers=headers)
        assert answer.status_code == 201, answer.text
        return msgspec.json.decode(answer.content, type=Session)

    async def join(self, code: str, name: str, *, group: str | None = None, language: str | None = None) -> Person:
        """Join by code as a participant."""
        body = {"code": code, "name": name, "group": group, "language": language}
        known = {key: value for key, value in body.items() if value is not None}
        # Without cookies: many people come from this one client.
        answer = await self._http.post("/api/join", json=known)
        self._http.cookies.clear()
        assert answer.status_code == 201, answer.text
        return msgspec.json.decode(answer.content, type=Person)

    def connect(
        self, session: str, token: str, *, seen: Member | None = None, **options: Any
    ) -> AbstractAsyncContextManager[Member]:
        """Open a socket of the session as the holder of `token`; `async with` gives the `Member`."""
        return connected(f"ws://127.0.0.1:{self.port}/ws/{session}", token, seen=seen, **options)

    async def view(self, session: str, token: str) -> dict[str, Any]:
        """The documents of the holder of `token`, over HTTP."""
        answer = await self.get(f"/api/sessions/{session}/view", token)
        assert answer.status_code == 200, answer.text
        view: dict[str, Any] = answer.json()
        return view

    async def get(self, path: str, token: str | None = None) -> httpx2.Response:
        """GET `path`, as the holder of `token` if there is one."""
        return await self._http.get(path, headers={"Authorization": f"Bearer {token}"} if token else {})


# Settings of whoever runs the tests must not reach a server under test.
_OURS = ("BARAZA_", "REDIS_URL", "PORT", "WEB_CONCURRENCY", "FORWARDED_ALLOW_IPS")


class Serve(Protocol):
    """Starts a server and returns it when it is ready; it is ended after the test."""

    async def __call__(self, *, redis: str | None = None, workers: int = 1, **settings: str) -> Server:
        """`redis` is a URL (SQLite without it); `settings` are environment variables for the server."""


@asynccontextmanager
async def serving(folder: Path) -> AsyncIterator[Serve]:
    """A function that starts real servers with their data in `folder`; they end with the block."""
    servers: list[Server] = []

    async def start(*, redis: str | None = None, workers: int = 1, **settings: str) -> Server:
        server = Server(folder / f"data-{len(servers)}", redis=redis, workers=workers, settings=settings)
        servers.append(server)
        await server.start()
        return server

    try:
        yield start
    finally:
        ends = await asyncio.gather(*(server.end() for server in servers), return_exceptions=True)
    for failure in filter(None, ends):
        raise failure


@pytest.fixture
async def serve(tmp_path: Path) -> AsyncIterator[Serve]:
    """A function that starts real servers."""
    async with serving(tmp_path) as start:
        yield start


@pytest.fixture
async def server(serve: Serve) -> Server:
    """A real server on SQLite with one worker."""
    return await serve()


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def standing_server(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Server]:
    """A real server on SQLite with one worker, which nobody may stop."""
    async with serving(tmp_path_factory.mktemp("server")) as serve:
        yield await serve()
