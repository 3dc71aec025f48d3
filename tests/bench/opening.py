"""`make bench-opening`: what it costs to open a long log, with a snapshot and without, and to write the snapshot.

A thousand people vote in polls, ask questions, vote for them and raise their hands until the log is long enough; SQLite and Redis hold
the same entries. Each way is measured several times, in turns. CPU is that of this process, all its threads, without Redis itself.
`holds the loop` is the longest time for which nobody else had their turn, which for the snapshot is one piece of work and for the
replay many.
"""

from __future__ import annotations

import argparse
import asyncio
import random
import statistics
import tempfile
import time
from collections import defaultdict
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import TypeVar

from server.core.snapshot import freeze
from server.hub.opening import Past, read_past
from server.hub.snapshots import Body, sealed
from server.log.port import Draft, Log
from server.log.redis import RedisLog
from server.log.sqlite import SqliteLog
from tests.bench.machine import described
from tests.bench.table import spread, table
from tests.support.redis import RedisServer
from tests.support.world import World

SESSION, CODE = "0123456789ab", "K7MQ2X"
PEOPLE = 1000
AT_ONCE = 5000

Result = TypeVar("Result")
Cost = tuple[float, float, float]
"""Seconds, CPU seconds, and the longest time in seconds for which the loop was held."""


def hall(entries: int, people: int) -> list[Draft]:
    """Return the entries of a busy session, the first one its making."""
    world, chance = World(check=False), random.Random(1)
    present = [world.join(f"Person {number}", ("youth", None)[number % 2]) for number in range(people)]
    world.done(world.moderator, "session.open")
    questions: list[str] = []

    def do(person: str, command: str, **fields: object) -> str | None:
        return world.do(person, command, key=f"{chance.getrandbits(64):016x}", **fields).made

    while len(world.log) < entries:
        poll = world.made(world.moderator, "poll.create", kind="single", prompt="Which?", options=["x", "y", "z"])
        world.done(world.moderator, "poll.open", poll=poll)
        for person in present:
            do(person, "ballot.cast", poll=poll, answer=[chance.choice("abc")])
        for person in present[::10]:
            if asked := do(person, "question.ask", text="When is it that all of this can begin, and who sees to it?"):
                world.done(world.moderator, "question.approve", question=asked)
                questions.append(asked)
        for person in present:
            do(person, "question.vote", question=chance.choice(questions), on=True)
            if chance.random() < 0.1:
                do(person, "hand.raise")
    return [Draft(entry.by, entry.key, entry.body) for entry in world.log[:entries]]


async def measured(work: Callable[[], Awaitable[Result]]) -> tuple[Result, Cost]:
    """Do something and return what it costs."""
    held = 0.0
    loop = asyncio.get_running_loop()

    async def watch() -> None:
        nonlocal held
        last = loop.time()
        while True:
            await asyncio.sleep(0)
            held, last = max(held, loop.time() - last), loop.time()

    # Watching costs CPU of its own, so the CPU is measured in another run.
    cpu, wall = time.process_time(), time.perf_counter()
    result = await work()
    wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
    watcher = asyncio.create_task(watch())
    await asyncio.sleep(0)
    await work()
    await asyncio.sleep(0)
    watcher.cancel()
    return result, (wall, cpu, held)


async def openings(log: Log, drafts: list[Draft], runs: int) -> dict[str, list[Cost]]:
    """Measure one log: the replay, the snapshot, and the writing of it."""
    await log.create(SESSION, CODE, drafts[0])
    for start in range(1, len(drafts), AT_ONCE):
        await log.append(SESSION, drafts[start : start + AT_ONCE])
    whole = await read_past(log, SESSION)
    assert (whole.state.seq, whole.saved) == (len(drafts), 0)
    costs: dict[str, list[Cost]] = defaultdict(list)

    async def past() -> Past:
        return await read_past(log, SESSION)

    async def write() -> int:
        body = Body(whole.chain.digests, freeze(whole.state))
        data = await asyncio.to_thread(sealed, body)
        await log.save(SESSION, whole.state.seq, data)
        return len(data)

    async def spoil() -> None:
        await log.save(SESSION, whole.state.seq, b"")

    for _ in range(runs):
        await spoil()
        replayed, cost = await measured(past)
        costs["replay"].append(cost)
        assert replayed.saved == 0
        size, cost = await measured(write)
        costs[f"snapshot written, {size / 1e6:.1f} MB"].append(cost)
        opened, cost = await measured(past)
        costs["snapshot"].append(cost)
        assert opened.saved == whole.state.seq
        assert opened.state == replayed.state == whole.state
        assert opened.chain.digests == replayed.chain.digests
    return costs


async def run(entries: int, people: int, runs: int) -> str:
    """Measure both logs and return the table."""
    drafts = hall(entries, people)
    rows = []
    with tempfile.TemporaryDirectory(prefix="baraza-bench-") as folder:
        server = RedisServer(Path(folder) / "redis")
        server.start()
        try:
            for name, log in (("SQLite", SqliteLog(Path(folder) / "data")), ("Redis", RedisLog(server.url))):
                await log.open()
                try:
                    costs = await openings(log, drafts, runs)
                finally:
                    await log.close()
                for way, each in costs.items():
                    seconds, cpu, held = ([one[place] for one in each] for place in range(3))
                    rows.append(
                        (
                            name,
                            way,
                            spread(seconds, ".2f"),
                            spread(cpu, ".2f"),
                            f"{statistics.median(cpu) / entries * 1e6:.1f}",
                            spread([one * 1e3 for one in held], ".0f"),
                        )
                    )
        finally:
            server.kill()
    head = ("log", "way", "seconds", "CPU seconds", "CPU us an entry", "holds the loop, ms")
    return f"{described()}; {len(drafts):,} entries, {people:,} people, {runs} runs.\n\n{table(head, rows)}"


def main() -> None:
    """Read the command line, run and print."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.opening", description=__doc__)
    parser.add_argument("--entries", type=int, default=100_000)
    parser.add_argument("--people", type=int, default=PEOPLE)
    parser.add_argument("--runs", type=int, default=5)
    arguments = parser.parse_args()
    print(asyncio.run(run(arguments.entries, arguments.people, arguments.runs)))


if __name__ == "__main__":
    main()
