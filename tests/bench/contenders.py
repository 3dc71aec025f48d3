"""Who takes part: how each server is started, how its hall is joined, and how one change is sent to everybody.

A contender that cannot be had on this machine says so and is left out; Baraza and the C loop are always there.
"""

from __future__ import annotations

import asyncio
import json
import os
import shutil
import subprocess
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

import httpx2

from tests.bench.raw import RawSocket
from tests.support.server import Server, free_port

HERE = Path(__file__).parent
WS_VERSION = "8.23.0"
NCHAN_MODULES = Path("/usr/lib/nginx/modules")


class Unavailable(Exception):
    """This contender cannot be had here; says what to install."""


@dataclass
class Hall:
    """A running server with an open hall: who subscribes how, how to publish a text, and what votes look like."""

    port: int
    pid: int
    subscribers: list[str]
    """One line a connection for the load client: path, tab, headers joined by `|`."""
    publish: Callable[[str], Awaitable[None]]
    witness: RawSocket
    first: str = ""
    """What every connection has to send first."""
    vote: str = ""
    """The template of a vote, with % for a number of its own; empty where nothing like it exists."""
    close: list[Callable[[], None]] = field(default_factory=list)


Opened = AsyncIterator[Hall]


def build(folder: Path, source: Path) -> Path:
    """Compile a C program once."""
    program = folder / source.stem
    if not program.exists():
        subprocess.run(["cc", "-O2", "-o", str(program), str(source)], check=True)
    return program


@asynccontextmanager
async def _process(command: list[str], folder: Path, **environment: str) -> AsyncIterator[subprocess.Popen[bytes]]:
    """Run a server on CPU 0 and end it after use."""
    with (folder / "peer.log").open("ab") as log:
        process = subprocess.Popen(command, stdout=log, stderr=log, env=os.environ | environment)
    pin(process.pid, 0)
    try:
        yield process
    finally:
        process.terminate()
        await asyncio.to_thread(process.wait, 30)


def pin(pid: int, cpu: int) -> None:
    """Keep a process on one CPU where there are two."""
    if (os.cpu_count() or 1) > 1:
        os.sched_setaffinity(pid, {cpu})


async def _peer(command: list[str], folder: Path, port: int, people: int, vote: str = "") -> Opened:
    async with _process(command, folder) as process:
        publisher = await _connect(port, "/pub", process)
        witness = await _connect(port, "/sub", process)
        lines = ["/sub\t"] * people

        async def publish(text: str) -> None:
            await publisher.text(text.encode())

        yield Hall(port, process.pid, lines, publish, witness, vote=vote, close=[publisher.close, witness.close])


async def _connect(port: int, path: str, process: subprocess.Popen[bytes]) -> RawSocket:
    async with asyncio.timeout(20):
        while True:
            try:
                return await RawSocket.connect(port, path)
            except OSError:
                if process.poll() is not None:
                    raise Unavailable(f"ended with {process.returncode}: see peer.log") from None
                await asyncio.sleep(0.05)


@asynccontextmanager
async def c_loop(folder: Path, people: int) -> Opened:
    """The limit: a C loop with one `send()` a socket."""
    port = free_port()
    program = build(folder, HERE / "peers" / "csend.c")
    async for hall in _peer([str(program), str(port)], folder, port, people):
        yield hall


@asynccontextmanager
async def starlette(folder: Path, people: int) -> Opened:
    """Starlette on uvicorn, one `await send` a client, no compression."""
    port = free_port()
    command = [
        sys.executable, "-m", "uvicorn", "tests.bench.peers.starlette_naive:app", "--port", str(port),
        "--log-level", "warning", "--ws", "websockets-sansio", "--loop", "uvloop", "--ws-per-message-deflate", "false",
    ]  # fmt: skip
    async for hall in _peer(
        command, folder, port, people, vote='{"id":"%","do":"ballot.cast","poll":"v","answer":["a"]}'
    ):
        yield hall


@asynccontextmanager
async def ws(folder: Path, people: int) -> Opened:
    """`ws` on Node, with a prebuilt frame."""
    node, npm = shutil.which("node"), shutil.which("npm")
    if node is None or npm is None:
        raise Unavailable("node and npm are not installed")
    home = folder / "ws"
    home.mkdir(exist_ok=True)
    if not (home / "node_modules" / "ws").exists():
        install = [npm, "install", "--no-save", "--no-audit", "--no-fund", f"ws@{WS_VERSION}"]
        done = subprocess.run(install, cwd=home, capture_output=True, check=False)
        if done.returncode:
            raise Unavailable(f"npm could not install ws@{WS_VERSION}")
    script = home / "ws_prebuilt.mjs"
    script.write_text((HERE / "peers" / "ws_prebuilt.mjs").read_text())
    port = free_port()
    async for hall in _peer([node, str(script), str(port)], folder, port, people):
        yield hall


@asynccontextmanager
async def nchan(folder: Path, people: int) -> Opened:
    """nginx with nchan, in memory."""
    nginx = shutil.which("nginx", path=f"{os.environ['PATH']}:/usr/sbin")
    if nginx is None or not (NCHAN_MODULES / "ngx_nchan_module.so").exists():
        raise Unavailable("on Debian: apt-get install nginx libnginx-mod-nchan")
    port = free_port()
    home = folder / f"nginx-{port}"
    home.mkdir()
    text = (HERE / "peers" / "nchan.conf").read_text()
    for mark, value in (("MODULES", str(NCHAN_MODULES)), ("FOLDER", str(home)), ("PORT", str(port))):
        text = text.replace(mark, value)
    (home / "nginx.conf").write_text(text)
    async for hall in _peer([nginx, "-c", str(home / "nginx.conf"), "-p", str(home)], folder, port, people):
        yield hall


@asynccontextmanager
async def baraza(folder: Path, people: int) -> Opened:
    """Baraza as a user starts it: SQLite on disk, real documents, real people with their own keys."""
    port_folder = folder / f"baraza-{free_port()}"
    settings = {"BARAZA_JOINS_PER_ADDRESS": "1000000", "BARAZA_COMMANDS": "100000"}
    server = Server(port_folder, redis=None, workers=1, settings=settings)
    await server.start()
    pin(server.pid, 0)
    draining: asyncio.Task[None] | None = None
    try:
        session = await server.create()
        tokens = [(await server.join(session.code, f"Person {number}")).token for number in range(people)]
        path = f"/ws/{session.session}"

        def headers(token: str) -> str:
            return f"Authorization: Bearer {token}|Sec-WebSocket-Protocol: baraza.v1|"

        async def open_as(role: str) -> RawSocket:
            socket = await RawSocket.connect(
                server.port, path, headers(session.tokens[role]).rstrip("|").replace("|", "\r\n")
            )
            await socket.text(b'{"hello":{}}')
            await socket.receive()
            return socket

        moderator, witness = await open_as("moderator"), await open_as("screen")
        draining = asyncio.create_task(_drain(moderator))
        number = 0

        async def publish(text: str) -> None:
            nonlocal number
            number += 1
            await moderator.text(json.dumps({"id": f"a{number}", "do": "announce", "text": text}).encode())

        poll = await _open_poll(server, session.session, session.tokens["moderator"])
        yield Hall(
            server.port,
            server.pid,
            [f"{path}\t{headers(token)}" for token in tokens],
            publish,
            witness,
            first='{"hello":{}}',
            vote='{"id":"%","do":"ballot.cast","poll":"' + poll + '","answer":["a"]}',
            close=[moderator.close, witness.close],
        )
    finally:
        if draining is not None:
            draining.cancel()
        await server.end()


async def _open_poll(server: Server, session: str, token: str) -> str:
    async with httpx2.AsyncClient(base_url=server.url, trust_env=False) as http:

        async def do(**command: object) -> dict[str, str]:
            answer = await http.post(
                f"/api/sessions/{session}/commands", json=command, headers={"Authorization": f"Bearer {token}"}
            )
            answer.raise_for_status()
            outcome: dict[str, str] = answer.json()
            return outcome

        poll = (await do(do="poll.create", kind="single", prompt="Which?", options=["This", "That"]))["made"]
        await do(do="poll.open", poll=poll)
        return poll


async def _drain(socket: RawSocket) -> None:
    while True:
        await socket.receive()


CONTENDERS = {"baraza": baraza, "c": c_loop, "nchan": nchan, "ws": ws, "starlette": starlette}
