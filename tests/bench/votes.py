"""`make bench-votes`: votes in, acknowledged when they are durable and counted, per CPU-second of the server.

Each change of the tally is shown to everybody who is connected, so what a vote costs depends on how many people watch. Measured twice:
`hall`, where everybody votes one vote at a time and everybody watches, and `few`, where 50 people have 20 votes each on their
way and nobody else is there, so that a flush costs next to nothing. Every vote is another answer than the person's last. Starlette
decodes the same message and answers it, and does nothing else. The CPU of Redis is not the server's and is told apart.
"""

from __future__ import annotations

import argparse
import asyncio
import tempfile
from collections import defaultdict
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.bench.client import Client
from tests.bench.contenders import starlette
from tests.bench.machine import allow_files, cpu_seconds, described, pin
from tests.bench.own import HELLO, Room, serving
from tests.bench.table import middle, publish, spread, table
from tests.support.redis import RedisServer
from tests.support.server import free_port

PLAIN = '{"id":"%","do":"ballot.cast","poll":"0123abcd","answer":["@"]}'
SETTLE = 0.7


@dataclass(frozen=True)
class Stand:
    """Servers that votes go to; `pid` is the one whose CPU counts, `beside` another one that it needs."""

    port: int
    pid: int
    beside: int | None
    lines: list[str]
    first: str
    vote: str


@dataclass(frozen=True)
class Run:
    """Acknowledgements a CPU-second of the server, a second, and the CPU microseconds a vote of what stands beside it."""

    acks: float
    per_second: float
    beside: float
    client: float
    p50: float


@asynccontextmanager
async def plain(folder: Path, people: int) -> AsyncIterator[Stand]:
    """Starlette's echo."""
    async with starlette(folder, people) as hall:
        yield Stand(hall.port, hall.pid, None, hall.subscribers, "", PLAIN)


@asynccontextmanager
async def sqlite(folder: Path, people: int) -> AsyncIterator[Stand]:
    """Baraza with its log in SQLite."""
    async with _own(folder, people) as stand:
        yield stand


@asynccontextmanager
async def redis(folder: Path, people: int) -> AsyncIterator[Stand]:
    """Baraza with its log in a Redis that writes every group of entries to disk, on the CPU of the load client."""
    server = RedisServer(folder / f"redis-{free_port()}")
    server.start()
    try:
        with server.client() as client:
            pid = int(client.info("server")["process_id"])
        pin(pid, 1)
        async with _own(folder, people, server.url, pid) as stand:
            yield stand
    finally:
        server.kill()


@asynccontextmanager
async def _own(folder: Path, people: int, url: str | None = None, beside: int | None = None) -> AsyncIterator[Stand]:
    async with serving(folder, redis=url) as server:
        room = await Room.open(server, people)
        vote = await room.open_poll()
        yield Stand(server.port, server.pid, beside, room.lines, HELLO, vote)


STANDS = {"starlette, echo alone": plain, "baraza, SQLite": sqlite, "baraza, Redis": redis}


async def votes_in(stand: Stand, client: Client, pipeline: int, seconds: float) -> Run:
    """Let everybody keep `pipeline` votes on their way for some seconds."""
    client.tell(f"send {pipeline}")
    await asyncio.sleep(0.3)
    await client.mark()
    beside = [stand.beside] if stand.beside else []
    before, beside_before = cpu_seconds([stand.pid]), cpu_seconds(beside)
    await asyncio.sleep(seconds)
    counts = await client.mark()
    used, beside_used = cpu_seconds([stand.pid]) - before, cpu_seconds(beside) - beside_before
    client.tell("hold")
    await asyncio.sleep(SETTLE)
    if not counts["answers"] or counts["refused"] or counts["closed"]:
        raise AssertionError(f"votes were not acknowledged: {counts}")
    answers = counts["answers"]
    return Run(answers / used, answers / seconds, beside_used / answers * 1e6, counts["cpu"] / seconds, counts["p50"])


async def run(arguments: argparse.Namespace) -> str:
    """Run all rounds, the servers taking turns, and return the tables."""
    machine = described()
    runs: dict[tuple[str, str], list[Run]] = defaultdict(list)
    ways = {"hall": (arguments.people, 1), "few": (50, 20)}
    with tempfile.TemporaryDirectory(prefix="baraza-bench-") as name:
        for _ in range(arguments.rounds):
            for way, (people, pipeline) in ways.items():
                for stand_name, opened in STANDS.items():
                    async with opened(Path(name), people) as stand:
                        client = await Client.start(
                            Path(name), stand.port, stand.lines, first=stand.first, vote=stand.vote
                        )
                        try:
                            one = await votes_in(stand, client, pipeline, arguments.seconds)
                        finally:
                            await client.quit()
                    runs[way, stand_name].append(one)
                    print(f"{way}, {stand_name}: {one.acks:,.0f} a CPU-second", flush=True)
    title = f"Votes in, {arguments.rounds} rounds of {arguments.seconds:g} s, median [least, most]; {machine}.\n"
    return "\n".join([title, *(_section(way, *ways[way], runs) for way in ways)])


def _section(way: str, people: int, pipeline: int, runs: dict[tuple[str, str], list[Run]]) -> str:
    head = (
        "server",
        "acks a CPU-second",
        "beside the echo",
        "acks/s",
        "Redis, CPU us a vote",
        "ms to the ack",
        "client CPU",
    )
    echo = [run.acks for run in runs[way, next(iter(STANDS))]]
    rows = []
    for name in STANDS:
        own = runs[way, name]
        ratios = [run.acks / reference for run, reference in zip(own, echo, strict=True)]
        rows.append(
            (
                name,
                spread([run.acks for run in own], ",.0f"),
                spread(ratios, ".2f"),
                middle((run.per_second for run in own), ",.0f"),
                middle((run.beside for run in own), ".1f"),
                middle((run.p50 for run in own), ".1f"),
                middle((run.client for run in own), ".0%"),
            )
        )
    return f"`{way}`: {people} people connected, {pipeline} at a time each\n\n{table(head, rows)}"


def main() -> None:
    """Read the command line, run, print and keep the tables."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.votes", description=__doc__)
    parser.add_argument("--people", type=int, default=1000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--seconds", type=float, default=3.0, help="of each measurement")
    parser.add_argument("--out", type=Path, help="write the tables here too")
    arguments = parser.parse_args()
    allow_files()
    pin(0, 1)
    tables = asyncio.run(run(arguments))
    publish(tables, arguments.out)


if __name__ == "__main__":
    main()
