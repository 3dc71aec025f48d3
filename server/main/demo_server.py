"""`baraza serve` as a process of its own, for the demo: on this machine only, with SQLite, quiet, and ended with us."""

from __future__ import annotations

import asyncio
import contextlib
import os
import socket
import subprocess
import sys
from pathlib import Path
from types import TracebackType
from typing import Any

from server.main.hostkey import keep_host_key
from server.main.settings import SettingsError
from server.rehearsal.http import Http, Refused
from server.rehearsal.target import read_target

HOST = "127.0.0.1"
USUAL_PORT = 8000
PRINTED = "demo.log"
READY_WITHIN = 60.0
STOPPED_WITHIN = 30.0
FOREIGN = ("BARAZA_", "REDIS_URL", "WEB_CONCURRENCY", "FORWARDED_ALLOW_IPS", "PORT")
"""Settings of the surroundings that must not reach the demo's server."""


class DemoServerEnded(Exception):
    """The server ended by itself; the message says what it printed last."""


class DemoServer:
    """The demo's server; `async with` starts it, waits until it can serve, and stops it."""

    def __init__(self, data: Path, port: int | None) -> None:
        """Take the data folder and the port: 0 means a free one, None the usual one or a free one where that is taken.

        Raises `DemoServerEnded` where the wanted port is taken.
        """
        self.data = data
        self.printed = data / PRINTED
        self.host_key = ""
        if port and not _can_listen(port):
            raise DemoServerEnded(f"Port {port} on {HOST} is taken; choose another one with PORT or --port.")
        self._port = port or (USUAL_PORT if port is None and _can_listen(USUAL_PORT) else _free())
        self.url = f"http://{HOST}:{self._port}"
        self._process: asyncio.subprocess.Process | None = None
        self._watch: asyncio.Task[None] | None = None
        self._ended = False

    async def __aenter__(self) -> DemoServer:
        """Start; raises `DemoServerEnded` where the server does not come up."""
        try:
            self.host_key = keep_host_key(self.data)
        except OSError as problem:
            raise DemoServerEnded(f"The data folder {self.data} cannot be written: {problem.strerror}") from None
        except SettingsError as problem:
            raise DemoServerEnded(str(problem)) from None
        command = [sys.executable, "-m", "server.main", "serve", "--host", HOST, "--port", str(self._port)]
        environment = {name: value for name, value in os.environ.items() if not name.startswith(FOREIGN)}
        # The server prints its host key, so what it prints is for the owner's eyes.
        with os.fdopen(os.open(self.printed, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as printed:
            # A session of its own: Ctrl-C reaches the demo alone, which then ends the server in order.
            self._process = await asyncio.create_subprocess_exec(
                *command,
                "--data",
                str(self.data),
                stdin=subprocess.DEVNULL,
                stdout=printed,
                stderr=subprocess.STDOUT,
                env=environment,
                start_new_session=True,
            )
        try:
            await self._ready(self._process)
        except BaseException:
            await self._stop()
            raise
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, problem: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Stop; raises `DemoServerEnded` where the server had ended by itself."""
        if self._watch is not None:
            self._watch.cancel()
        await self._stop()
        if self._ended:
            raise DemoServerEnded(self._last_words()) from None

    def watch(self, stop: asyncio.Event) -> None:
        """Set `stop` when the server ends by itself."""

        async def wait(process: asyncio.subprocess.Process) -> None:
            await process.wait()
            self._ended = True
            stop.set()

        if self._process is not None:
            self._watch = asyncio.get_running_loop().create_task(wait(self._process))

    async def _ready(self, process: asyncio.subprocess.Process) -> None:
        http = Http(read_target(self.url))
        try:
            async with asyncio.timeout(READY_WITHIN):
                while process.returncode is None:
                    with contextlib.suppress(OSError, Refused):
                        await http.get("/readyz", dict[str, Any])
                        return
                    await asyncio.sleep(0.05)
        except TimeoutError:
            raise DemoServerEnded(f"The server is not ready after {READY_WITHIN:.0f} s.") from None
        finally:
            await http.close()
        raise DemoServerEnded(self._last_words())

    async def _stop(self) -> None:
        process = self._process
        if process is None or process.returncode is not None:
            return
        process.terminate()
        try:
            async with asyncio.timeout(STOPPED_WITHIN):
                await process.wait()
        except TimeoutError:
            process.kill()
            await process.wait()

    def _last_words(self) -> str:
        words = self.printed.read_text(errors="replace").strip().splitlines()[-5:]
        return "The server ended by itself. It said last:\n" + "\n".join(words)


def _can_listen(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError:
            return False
    return True


def _free() -> int:
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        port: int = probe.getsockname()[1]
        return port
