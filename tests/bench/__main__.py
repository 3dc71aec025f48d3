"""`make bench`: one change to everybody, and votes in, beside peers in the same run.

The server runs on CPU 0, the load client (C) and this program on CPU 1. Machines are shared and drift, so the contenders take turns, every
run of one is bracketed by runs of the C loop, and what counts is the ratio to it (`x C`), not seconds. CPU is what the kernel says the
server process used. Deliveries are counted by the client, and a run in which people got different numbers of them fails.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import resource
import statistics
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from tests.bench.contenders import CONTENDERS, HERE, Hall, Unavailable, build, pin

SIZE = 500
WINDOW = 2
"""Changes on their way at a time: the server always has one to send."""

TICKS = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True)
class Fanout:
    """One run: deliveries per CPU-second of the server, how idle the client was, and latency in milliseconds."""

    per_cpu: float
    per_second: float
    client: float
    p50: float
    p99: float
    bytes_each: float


class Client:
    """The load client: a C program that is told what to do line by line."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self._process = process

    @classmethod
    async def start(cls, program: Path, hall: Hall) -> Client:
        """Open all connections of a hall and wait until they are open."""
        process = await asyncio.create_subprocess_exec(
            str(program), str(hall.port), hall.first, hall.vote,
            stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE,
        )  # fmt: skip
        pin(process.pid, 1)
        assert process.stdin is not None
        assert process.stdout is not None
        process.stdin.write("".join(f"{line}\n" for line in hall.subscribers).encode() + b"\n")
        await process.stdin.drain()
        ready = await asyncio.wait_for(process.stdout.readline(), 120)
        if not ready.startswith(b"ready"):
            raise ConnectionError("the load client could not open its connections")
        return cls(process)

    async def mark(self) -> dict[str, float]:
        """Return the counts since the last mark."""
        assert self._process.stdout is not None
        self.tell("mark")
        counts: dict[str, float] = json.loads(await self._process.stdout.readline())
        return counts

    def tell(self, order: str) -> None:
        """Give an order that has no answer."""
        assert self._process.stdin is not None
        self._process.stdin.write(f"{order}\n".encode())

    async def quit(self) -> None:
        """Drop all connections."""
        self.tell("quit")
        await self._process.wait()


def cpu_seconds(pid: int) -> float:
    """Return the CPU seconds that a process has used, user and system (proc(5), fields 14 and 15)."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / TICKS


async def fan_out(hall: Hall, client: Client, seconds: float) -> Fanout:
    """Publish one change after the other, `WINDOW` at a time, and count what arrives."""
    padding = "x" * (SIZE - 30)
    for _ in range(3):
        await _publish_and_see(hall, padding)
    await asyncio.sleep(0.3)
    await client.mark()
    cpu, started = cpu_seconds(hall.pid), time.monotonic()
    for _ in range(WINDOW - 1):
        await _publish(hall, padding)
    while time.monotonic() - started < seconds:
        await _publish_and_see(hall, padding)
    await asyncio.sleep(0.7)
    spent, used = time.monotonic() - started, cpu_seconds(hall.pid) - cpu
    counts = await client.mark()
    if counts["fewest"] != counts["most"] or counts["closed"]:
        raise AssertionError(f"people got different numbers of changes: {counts}")
    frames = counts["frames"]
    return Fanout(
        frames / used, frames / spent, counts["cpu"] / spent, counts["p50"], counts["p99"], counts["bytes"] / frames
    )


async def _publish(hall: Hall, padding: str) -> None:
    await hall.publish(f"t={time.clock_gettime_ns(time.CLOCK_MONOTONIC) // 1000};{padding}")


async def _publish_and_see(hall: Hall, padding: str) -> None:
    await _publish(hall, padding)
    async with asyncio.timeout(30):
        while b"t=" not in await hall.witness.receive():
            pass


async def votes_in(hall: Hall, client: Client, seconds: float) -> float:
    """Let everybody vote again as soon as the last vote is acknowledged; return acknowledgements per CPU-second of the server."""
    drain = asyncio.create_task(_forget(hall))
    await client.mark()
    cpu = cpu_seconds(hall.pid)
    client.tell("send")
    await asyncio.sleep(seconds)
    client.tell("hold")
    await asyncio.sleep(0.7)
    counts = await client.mark()
    used = cpu_seconds(hall.pid) - cpu
    drain.cancel()
    if not counts["answers"] or counts["closed"]:
        raise AssertionError(f"votes were not acknowledged: {counts}")
    return counts["answers"] / used


async def _forget(hall: Hall) -> None:
    while True:
        await hall.witness.receive()


async def run(arguments: argparse.Namespace) -> str:
    """Run all rounds and return the tables as Markdown."""
    fanouts: dict[str, list[Fanout]] = {}
    votes: dict[str, list[float]] = {}
    ratios: dict[str, list[float]] = {}
    missing: dict[str, str] = {}
    with tempfile.TemporaryDirectory(prefix="baraza-bench-") as name:
        folder = Path(name)
        program = build(folder, HERE / "load.c")
        for number in range(arguments.rounds):
            before = await _reference(folder, program, arguments)
            for contender in arguments.contenders:
                if contender in missing:
                    continue
                try:
                    fanout, acknowledged = await _one(contender, folder, program, arguments)
                except Unavailable as reason:
                    missing[contender] = str(reason)
                    continue
                after = await _reference(folder, program, arguments)
                fanouts.setdefault(contender, []).append(fanout)
                ratios.setdefault(contender, []).append(fanout.per_cpu / ((before + after) / 2))
                if acknowledged is not None:
                    votes.setdefault(contender, []).append(acknowledged)
                before = after
                print(f"round {number + 1}: {contender} {ratios[contender][-1]:.2f} x C", flush=True)
    return _tables(arguments, fanouts, ratios, votes, missing)


async def _reference(folder: Path, program: Path, arguments: argparse.Namespace) -> float:
    fanout, _ = await _one("c", folder, program, arguments, seconds=1.0)
    return fanout.per_cpu


async def _one(
    contender: str, folder: Path, program: Path, arguments: argparse.Namespace, seconds: float | None = None
) -> tuple[Fanout, float | None]:
    async with CONTENDERS[contender](folder, arguments.people) as hall:
        client = await Client.start(program, hall)
        try:
            fanout = await fan_out(hall, client, seconds or arguments.seconds)
            votes = await votes_in(hall, client, arguments.seconds) if hall.vote and seconds is None else None
        finally:
            await client.quit()
            for close in hall.close:
                close()
    return fanout, votes


def _tables(
    arguments: argparse.Namespace,
    fanouts: dict[str, list[Fanout]],
    ratios: dict[str, list[float]],
    votes: dict[str, list[float]],
    missing: dict[str, str],
) -> str:
    lines = [
        f"One change to {arguments.people} people, {SIZE} bytes, {arguments.rounds} rounds; median [least, most].",
        "",
        "| server | x C | deliveries per CPU-second | ms to the others, p50 / p99 | client CPU |",
        "| --- | --- | --- | --- | --- |",
    ]
    for contender, runs in sorted(fanouts.items(), key=lambda row: -statistics.median(ratios[row[0]])):
        lines.append(
            f"| {contender} | {_spread(ratios[contender], '.2f')} | {_spread([one.per_cpu for one in runs], ',.0f')} "
            f"| {statistics.median(one.p50 for one in runs):.1f} / {statistics.median(one.p99 for one in runs):.1f} "
            f"| {statistics.median(one.client for one in runs):.0%} |"
        )
    lines += ["", "Votes in, one at a time a person, acknowledged:", "", "| server | per CPU-second |", "| --- | --- |"]
    lines += [f"| {contender} | {_spread(runs, ',.0f')} |" for contender, runs in votes.items()]
    lines += ["", *(f"Left out: {contender} ({reason})." for contender, reason in missing.items())]
    return "\n".join(lines).rstrip() + "\n"


def _spread(values: list[float], form: str) -> str:
    return f"{statistics.median(values):{form}} [{min(values):{form}}, {max(values):{form}}]"


def main() -> None:
    """Read the command line, run, print and keep the tables."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    parser.add_argument("--people", type=int, default=1000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--seconds", type=float, default=3.0, help="of each measurement")
    parser.add_argument("--out", type=Path, help="write the tables here too")
    parser.add_argument("contenders", nargs="*", default=[name for name in CONTENDERS if name != "c"])
    arguments = parser.parse_args()
    hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    pin(0, 1)
    tables = asyncio.run(run(arguments))
    print(tables)
    if arguments.out:
        arguments.out.write_text(tables)


if __name__ == "__main__":
    main()
