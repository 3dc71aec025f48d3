"""`make bench-pace`: how often a hall is written to while people vote, and how long a vote takes until it is on the other screens.

For each number of people one server, in which votes come at random moments, at several rates, from one person after the other. Every
vote changes the results, which everybody watches. A vote is on a screen when the first patch of the stage has come that holds its entry
or a later one; the time runs from the sending of the vote, and is taken on every connection but the voter's own. The load client takes
all that on the second CPU. What 5,000 people do who vote within ten seconds is the line with 500 votes a second.
"""

from __future__ import annotations

import argparse
import asyncio
import tempfile
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from tests.bench.chart import chart
from tests.bench.client import Client
from tests.bench.machine import allow_files, cpu_seconds, described, pin
from tests.bench.own import HELLO, Room, serving
from tests.bench.table import publish, table

PEOPLE = (100, 300, 1000, 5000)
RATES = (10, 100, 500, 1000)
SETTLE = 1.5


@dataclass(frozen=True)
class Cell:
    """One measurement: flushes a second, shares of the server's core, and milliseconds until a vote is on the other screens."""

    flushes: float
    interval: float
    flushing: float
    server: float
    client: float
    ack: float
    ack_p99: float
    p50: float
    p99: float
    worst: float


async def vote(room: Room, client: Client, rate: float, seconds: float) -> Cell:
    """Let people vote at a rate for some seconds; fail unless every vote came to every screen."""
    await client.mark()
    before, cpu, began = await room.metrics(), cpu_seconds([room.server.pid]), time.monotonic()
    client.tell(f"votes {round(rate * seconds)} {rate}")
    await asyncio.sleep(seconds)
    after, used, lasted = await room.metrics(), cpu_seconds([room.server.pid]) - cpu, time.monotonic() - began
    await asyncio.sleep(SETTLE)
    counts = await client.mark()
    delays = await client.delays()
    if (
        delays["left"]
        or delays["never"]
        or delays["votes"] != round(rate * seconds)
        or counts["refused"]
        or counts["closed"]
    ):
        raise AssertionError(f"not every vote came to everybody: {delays}, {counts}")
    grown: Mapping[str, float] = {name: after[name] - before[name] for name in after if name in before}
    return Cell(
        grown["baraza_flushes_total"] / lasted,
        after["baraza_patch_interval_seconds"] * 1000,
        grown["baraza_flush_seconds_total"] / lasted,
        used / lasted,
        counts["cpu"] / (lasted + SETTLE),
        counts["p50"],
        counts["p99"],
        delays["p50"],
        delays["p99"],
        delays["max"],
    )


async def run(arguments: argparse.Namespace) -> tuple[str, dict[str, str]]:
    """Measure every number of people at every rate; return the table, and pictures by name."""
    machine = described()
    cells: dict[tuple[int, float], Cell] = {}
    with tempfile.TemporaryDirectory(prefix="baraza-bench-") as name:
        for people in arguments.people:
            async with serving(Path(name)) as server:
                room = await Room.open(server, people)
                template = await room.open_poll()
                client = await Client.start(Path(name), server.port, room.lines, first=HELLO, vote=template)
                try:
                    await vote(room, client, 100, 1)
                    for rate in arguments.rates:
                        # Where everybody votes within ten seconds, everybody votes.
                        seconds = people / rate if people == 5000 and rate == 500 else arguments.seconds
                        cells[people, rate] = cell = await vote(room, client, rate, seconds)
                        print(f"{people} people, {rate} votes/s: {cell.p50:.0f} / {cell.p99:.0f} ms", flush=True)
                finally:
                    await client.quit()
    return f"Votes at random moments; {machine}.\n\n{_table(cells)}", _pictures(cells, arguments)


def _table(cells: Mapping[tuple[int, float], Cell]) -> str:
    head = ("people", "votes/s", "patches/s", "least pause ms", "ms to the other screens, p50 / p99 / most", "ms to the ack, p50 / p99",
            "core: flushes", "core: server in all", "client CPU")  # fmt: skip
    rows = [
        (
            f"{people:,}",
            f"{rate:,}",
            f"{cell.flushes:.1f}",
            f"{cell.interval:.0f}",
            f"{cell.p50:.0f} / {cell.p99:.0f} / {cell.worst:.0f}",
            f"{cell.ack:.0f} / {cell.ack_p99:.0f}",
            f"{cell.flushing:.0%}",
            f"{cell.server:.0%}",
            f"{cell.client:.0%}",
        )
        for (people, rate), cell in cells.items()
    ]
    return table(head, rows)


def _pictures(cells: Mapping[tuple[int, float], Cell], arguments: argparse.Namespace) -> dict[str, str]:
    names = {f"{people:,} people": people for people in arguments.people}
    votes = "votes a second"
    return {
        "performance-pace-delay": chart(
            "From a vote to the other screens, 99th percentile", votes, "milliseconds",
            {name: [(rate, cells[people, rate].p99) for rate in arguments.rates] for name, people in names.items()},
        ),
        "performance-pace-interval": chart(
            "Between two patches", votes, "milliseconds",
            {name: [(rate, 1000 / cells[people, rate].flushes) for rate in arguments.rates] for name, people in names.items()},
        ),
        "performance-pace-cpu": chart(
            "Of the core: writing to everybody", votes, "per cent",
            {name: [(rate, max(0.1, 100 * cells[people, rate].flushing)) for rate in arguments.rates] for name, people in names.items()},
        ),
    }  # fmt: skip


def main() -> None:
    """Read the command line, run, print and keep the table and the pictures."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.pace", description=__doc__)
    parser.add_argument("--people", type=int, nargs="+", default=PEOPLE)
    parser.add_argument("--rates", type=int, nargs="+", default=RATES)
    parser.add_argument("--seconds", type=float, default=5.0, help="of each measurement")
    parser.add_argument("--out", type=Path, help="write the table here too")
    parser.add_argument("--pictures", type=Path, help="folder for the pictures")
    arguments = parser.parse_args()
    allow_files()
    pin(0, 1)
    text, pictures = asyncio.run(run(arguments))
    publish(text, arguments.out, pictures, arguments.pictures)


if __name__ == "__main__":
    main()
