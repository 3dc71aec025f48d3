"""`make bench-join`: memory a connection, and how long it takes when everybody comes at once.

A server on CPU 0 with people who have joined; then the load client opens all their sockets in the same moment. Somebody is there when
the welcome with the whole documents has come. One person is there before and votes all the while, ever the same, so that nothing is
to be sent to the others: how long the answer takes is how long those who are connected wait for those who come. Memory is
what the server's process holds more than before, five seconds later, without what the kernel holds for its sockets. Then all leave
and come again, which a process that has grown need not grow for.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import tempfile
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from statistics import quantiles

from tests.bench.client import Client
from tests.bench.machine import allow_files, cpu_seconds, described, pin, resident
from tests.bench.own import HELLO, Room, serving
from tests.bench.raw import RawSocket
from tests.bench.table import publish, table

SETTLE = 5.0
BETWEEN_VOTES = 0.01


async def come(folder: Path, people: int) -> tuple[str, ...]:
    """Let everybody come at once, twice, and return a line of the table."""
    async with serving(folder) as server:
        empty = resident(server.pid)
        room = await Room.open(server, people + 1)
        vote = (await room.open_poll()).replace("@", "a")
        voter = await room.connect_with(room.keys.pop())
        await asyncio.sleep(1)
        joined = resident(server.pid)
        seen: list[dict[str, float]] = []
        for _ in range(2):
            used = cpu_seconds([server.pid])
            async with _voting(voter, vote) as waits:
                client = await Client.start(
                    folder, server.port, room.lines, first=HELLO, at_once=people, refusable=True
                )
            try:
                cpu = (cpu_seconds([server.pid]) - used) * 1000 / people
                await asyncio.sleep(SETTLE)
                grown = (resident(server.pid) - joined) / people / 1024
                seen.append({**client.ready, "cpu": cpu, "grown": grown, **_quantiles(waits)})
            finally:
                await client.quit()
            await asyncio.sleep(SETTLE)
        voter.close()

    def both(name: str, form: str) -> str:
        return " / ".join(f"{one[name]:{form}}" for one in seen)

    return (
        f"{people:,}",
        f"{(joined - empty) / people / 1024:.1f}",
        both("grown", ".1f"),
        both("cpu", ".2f"),
        both("seconds", ".2f"),
        *(both(name, ",.0f") for name in ("min", "p10", "p50", "p99", "ack50", "ack99", "ackmax", "refused")),
    )


@asynccontextmanager
async def _voting(voter: RawSocket, vote: str) -> AsyncIterator[list[float]]:
    """Let somebody vote one time after the other until the end; the seconds that each answer took."""
    waits: list[float] = []

    async def go_on() -> None:
        while True:
            name = f"{time.monotonic_ns()}"
            began = time.perf_counter()
            await voter.text(vote.replace("%", name).encode())
            while json.loads(await voter.receive()).get("done") != name:
                pass
            waits.append(time.perf_counter() - began)
            await asyncio.sleep(BETWEEN_VOTES)

    going = asyncio.create_task(go_on())
    try:
        yield waits
    finally:
        # The vote that is on its way is a wait too, and may be the longest.
        await asyncio.sleep(BETWEEN_VOTES)
        going.cancel()
        await asyncio.gather(going, return_exceptions=True)


def _quantiles(waits: Sequence[float]) -> dict[str, float]:
    """Milliseconds; a wait counts as often as somebody who votes every few milliseconds would have met it."""
    met = [wait - passed * BETWEEN_VOTES for wait in waits for passed in range(1 + int(wait / BETWEEN_VOTES))]
    cuts = quantiles(met, n=100, method="inclusive") if len(met) > 1 else [*met, 0.0] * 50
    return {"ack50": cuts[49] * 1000, "ack99": cuts[98] * 1000, "ackmax": max(waits, default=0.0) * 1000}


async def run(arguments: argparse.Namespace) -> str:
    """Measure each number of people; return the table."""
    machine = described()
    head = ("people", "KiB a person who joined", "KiB a connection", "CPU ms a connection", "seconds until all are there",
            "ms to the welcome, first", "p10", "p50", "p99", "ms to the ack of a vote meanwhile, p50", "p99", "most",
            "not let in")  # fmt: skip
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
