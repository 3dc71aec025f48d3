"""The load client: a C program (`load.c`) that is told what to do line by line, on the CPU that the server does not have."""

from __future__ import annotations

import asyncio
import json
import subprocess
from collections.abc import Sequence
from pathlib import Path

from tests.bench.machine import pin

HERE = Path(__file__).parent

Counts = dict[str, float]


def build(folder: Path, source: Path) -> Path:
    """Compile a C program once."""
    program = folder / source.stem
    if not program.exists():
        subprocess.run(["cc", "-O2", "-o", str(program), str(source), "-lm"], check=True)
    return program


class Client:
    """Many open connections. `ready` says how long they took to open, in milliseconds each and seconds together."""

    def __init__(self, process: asyncio.subprocess.Process, ready: Counts) -> None:
        self.ready = ready
        self._process = process

    @classmethod
    async def start(
        cls,
        folder: Path,
        port: int,
        lines: Sequence[str],
        *,
        first: str = "",
        vote: str = "",
        at_once: int = 64,
        refusable: bool = False,
    ) -> Client:
        """Open all connections, `at_once` at a time, and wait until they are open.

        Where one was refused, and not `refusable`, this is a `ConnectionError`.
        """
        program = build(folder, HERE / "load.c")
        process = await asyncio.create_subprocess_exec(
            str(program), str(port), str(at_once), first, vote,
            stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE,
        )  # fmt: skip
        pin(process.pid, 1)
        assert process.stdin is not None
        process.stdin.write("".join(f"{line}\n" for line in lines).encode() + b"\n")
        await process.stdin.drain()
        client = cls(process, {})
        try:
            client.ready = await client._answer(120)
            if client.ready["refused"] and not refusable:
                raise ConnectionError(f"connections were refused: {client.ready}")
        except BaseException:
            await client.quit()
            raise
        return client

    async def mark(self) -> Counts:
        """Return the counts since the last mark."""
        self.tell("mark")
        return await self._answer()

    async def delays(self) -> Counts:
        """Return how long the votes of the last order took to be on the other screens."""
        self.tell("delays")
        return await self._answer()

    def tell(self, order: str) -> None:
        """Give an order that has no answer."""
        assert self._process.stdin is not None
        self._process.stdin.write(f"{order}\n".encode())

    async def quit(self) -> None:
        """Drop all connections."""
        if self._process.returncode is None:
            self._process.kill()
        await self._process.wait()

    async def _answer(self, within: float = 30.0) -> Counts:
        assert self._process.stdout is not None
        line = await asyncio.wait_for(self._process.stdout.readline(), within)
        if not line:
            raise ConnectionError("the load client has ended")
        counts: Counts = json.loads(line)
        return counts
