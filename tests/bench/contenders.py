"""Who takes part: how each server is started, how its hall is joined, and how one change is sent to everybody.

A contender that cannot be had on this machine says so and is left out; Baraza and the C loop are always there.
"""

from __future__ import annotations

import asyncio
import os
import re
import shutil
import subprocess
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.bench.client import HERE, build
from tests.bench.machine import pin
from tests.bench.own import HELLO, Room, publisher, serving
from tests.bench.raw import RawSocket
from tests.support.server import free_port

WS_VERSION = "8.23.0"
MARK = re.compile(rb"t=\d+;")
NCHAN_MODULES = Path("/usr/lib/nginx/modules")


class Unavailable(Exception):
    """This contender cannot be had here; says what to install."""


@dataclass
class Hall:
    """A running server with an open hall: who subscribes how, how to publish a text, and who sees it come."""

    port: int
    pid: int
    subscribers: list[str]
    """One line a connection for the load client: path, tab, headers joined by `|`."""
    publish: Callable[[str], Awaitable[None]]
    witness: Witness
    first: str = ""
    """What every connection has to send first."""


class Witness:
    """Somebody in the hall who counts the changes that come; whoever publishes waits for it."""

    def __init__(self) -> None:
        self._seen = 0
        self._came = asyncio.Event()

    @classmethod
    @asynccontextmanager
    async def watching(cls, socket: RawSocket, *others: RawSocket) -> AsyncIterator[Witness]:
        """Count on one socket, and read what comes on others, until the block ends and they are closed."""
        witness = cls()
        tasks = [asyncio.create_task(witness._count(socket)), *(asyncio.create_task(_drain(one)) for one in others)]
        try:
            yield witness
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
            for one in (socket, *others):
                one.close()

    @property
    def seen(self) -> int:
        """How many changes have come."""
        return self._seen

    async def until(self, seen: int) -> None:
        """Return when so many have come; `TimeoutError` after half a minute."""
        async with asyncio.timeout(30):
            while self._seen < seen:
                self._came.clear()
                await self._came.wait()

    async def _count(self, socket: RawSocket) -> None:
        while True:
            self._seen += len(MARK.findall(await socket.receive()))
            self._came.set()


async def _drain(socket: RawSocket) -> None:
    while True:
        await socket.receive()


Opened = AsyncIterator[Hall]


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


@asynccontextmanager
async def _peer(command: list[str], folder: Path, port: int, people: int) -> Opened:
    async with _process(command, folder) as process:
        sender = await _connect(port, "/pub", process)
        witness = await _connect(port, "/sub", process)

        async def publish(text: str) -> None:
            await sender.text(text.encode())

        async with Witness.watching(witness, sender) as watching:
            yield Hall(port, process.pid, ["/sub\t"] * people, publish, watching)


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
    async with _peer([str(program), str(port)], folder, port, people) as hall:
        yield hall


@asynccontextmanager
async def starlette(folder: Path, people: int) -> Opened:
    """Starlette on uvicorn, one `await send` a client, no compression."""
    port = free_port()
    command = [
        sys.executable, "-m", "uvicorn", "tests.bench.peers.starlette_naive:app", "--port", str(port),
        "--log-level", "warning", "--ws", "websockets-sansio", "--loop", "uvloop", "--ws-per-message-deflate", "false",
    ]  # fmt: skip
    async with _peer(command, folder, port, people) as hall:
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
    async with _peer([node, str(script), str(port)], folder, port, people) as hall:
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
    async with _peer([nginx, "-c", str(home / "nginx.conf"), "-p", str(home)], folder, port, people) as hall:
        yield hall


@asynccontextmanager
async def baraza(folder: Path, people: int) -> Opened:
    """Baraza as a user starts it: SQLite on disk, real documents, real people with their own keys."""
    async with serving(folder) as server:
        room = await Room.open(server, people)
        witness = await room.connect("screen")
        moderator, publish = await publisher(room)
        async with Witness.watching(witness, moderator) as watching:
            yield Hall(server.port, server.pid, room.lines, publish, watching, first=HELLO)


CONTENDERS = {"baraza": baraza, "c": c_loop, "nchan": nchan, "ws": ws, "starlette": starlette}
