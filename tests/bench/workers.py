"""Two workers on one Redis beside one: what a vote and a hall cost when every worker folds everything."""

from __future__ import annotations

import asyncio
import tempfile
import time
from pathlib import Path

from tests.bench.client import Client
from tests.bench.machine import cpu_seconds
from tests.bench.own import HELLO, Room, serving
from tests.bench.table import table
from tests.support.redis import RedisServer
from tests.support.server import free_port

PEOPLE = 300
SECONDS = 5.0


async def workers() -> str:
    """Return a table: 300 people, 200 votes a second shown to all, and then as many votes as go, with one worker and with two."""
    head = (
        "workers",
        "CPU of the workers at 200 votes/s",
        "of Redis",
        "votes/s at most",
        "CPU us a vote then",
        "of Redis us",
    )
    return table(head, [await _with(number) for number in (1, 2)])


async def _with(number: int) -> tuple[str, ...]:
    with tempfile.TemporaryDirectory(prefix="baraza-bench-") as name:
        redis = RedisServer(Path(name) / f"redis-{free_port()}")
        redis.start()
        try:
            with redis.client() as probe:
                beside = [int(probe.info("server")["process_id"])]
            async with serving(Path(name), redis=redis.url, workers=number) as server:
                own = server.worker_pids() if number > 1 else [server.pid]
                room = await Room.open(server, PEOPLE)
                client = await Client.start(
                    Path(name), server.port, room.lines, first=HELLO, vote=await room.open_poll()
                )
                try:
                    return (str(number), *await _steady(client, own, beside), *await _most(client, own, beside))
                finally:
                    await client.quit()
        finally:
            redis.kill()


async def _steady(client: Client, own: list[int], beside: list[int]) -> tuple[str, str]:
    client.tell("votes 200 200")
    await asyncio.sleep(1.5)
    used, beside_used, began = cpu_seconds(own), cpu_seconds(beside), time.monotonic()
    client.tell(f"votes {200 * SECONDS:.0f} 200")
    await asyncio.sleep(SECONDS)
    lasted = time.monotonic() - began
    shares = (cpu_seconds(own) - used) / lasted, (cpu_seconds(beside) - beside_used) / lasted
    await asyncio.sleep(1)
    delays = await client.delays()
    assert not delays["never"], delays
    return f"{shares[0]:.0%}", f"{shares[1]:.0%}"


async def _most(client: Client, own: list[int], beside: list[int]) -> tuple[str, str, str]:
    client.tell("send 1")
    await asyncio.sleep(0.3)
    await client.mark()
    used, beside_used, began = cpu_seconds(own), cpu_seconds(beside), time.monotonic()
    await asyncio.sleep(SECONDS)
    counts, lasted = await client.mark(), time.monotonic() - began
    used, beside_used = cpu_seconds(own) - used, cpu_seconds(beside) - beside_used
    client.tell("hold")
    votes = counts["answers"]
    return f"{votes / lasted:,.0f}", f"{used / votes * 1e6:.0f}", f"{beside_used / votes * 1e6:.0f}"
