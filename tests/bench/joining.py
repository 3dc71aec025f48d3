"""`make bench-join`: memory a connection, and how long it takes when everybody comes at once.

A server on CPU 0 with people who have joined; then the load client opens all their sockets in the same moment. Somebody is there when
the welcome with the whole documents has come. Memory is what the server's process holds more than before, five seconds later, without what
the kernel holds for its sockets. Then all leave and come again, which a process that has grown need not grow for.
"""

from __future__ import annotations

import argparse
import asyncio
import tempfile
from collections.abc import Sequence
from pathlib import Path

from tests.bench.client import Client
from tests.bench.machine import allow_files, cpu_seconds, described, pin, resident
from tests.bench.own import HELLO, Room, serving
from tests.bench.table import publish, table

SETTLE = 5.0


async def come(folder: Path, people: int) -> tuple[str, ...]:
    """Let everybody come at once, twice, and return a line of the table."""
    async with serving(folder) as server:
        empty = resident(server.pid)
        room = await Room.open(server, people)
        await asyncio.sleep(1)
        joined = resident(server.pid)
        seconds, half, slowest, cpu, grown, refused = [], [], [], [], [], []
        for _ in range(2):
            used = cpu_seconds([server.pid])
            client = await Client.start(folder, server.port, room.lines, first=HELLO, at_once=people, refusable=True)
            try:
                cpu.append((cpu_seconds([server.pid]) - used) * 1000 / people)
                await asyncio.sleep(SETTLE)
                grown.append((resident(server.pid) - joined) / people / 1024)
                seconds.append(client.ready["seconds"])
                half.append(client.ready["p50"])
                slowest.append(client.ready["p99"])
                refused.append(client.ready["refused"])
            finally:
                await client.quit()
            await asyncio.sleep(SETTLE)
    return (
        f"{people:,}",
        f"{(joined - empty) / people / 1024:.1f}",
        _both(grown, ".1f"),
        _both(cpu, ".2f"),
        _both(seconds, ".2f"),
        _both(half, ",.0f"),
        _both(slowest, ",.0f"),
        _both(refused, ",.0f"),
    )


def _both(values: Sequence[float], form: str) -> str:
    return " / ".join(f"{value:{form}}" for value in values)


async def run(arguments: argparse.Namespace) -> str:
    """Measure each number of people; return the table."""
    machine = described()
    head = ("people", "KiB a person who joined", "KiB a connection", "CPU ms a connection", "seconds until all are there",
            "ms to the welcome, p50", "p99", "not let in")  # fmt: skip
    with tempfile.TemporaryDirectory(prefix="baraza-bench-") as name:
        rows = [await come(Path(name), people) for people in arguments.people]
    return f"Everybody at once, the first time / again; {machine}.\n\n{table(head, rows)}"


def main() -> None:
    """Read the command line, run, print and keep the table."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.joining", description=__doc__)
    parser.add_argument("--people", type=int, nargs="+", default=(1000, 5000))
    parser.add_argument("--out", type=Path, help="write the table here too")
    arguments = parser.parse_args()
    allow_files()
    pin(0, 1)
    text = asyncio.run(run(arguments))
    publish(text, arguments.out)


if __name__ == "__main__":
    main()
