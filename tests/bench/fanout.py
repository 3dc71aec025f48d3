"""One change to everybody: how changes are sent, and what it took until all had them.

A change is a text of `SIZE` bytes that begins with a mark. Marks are counted on every connection: a run in which somebody got one
less, one more or another one than was sent fails.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from tests.bench.client import Client
from tests.bench.contenders import Hall
from tests.bench.machine import cpu_seconds, microseconds

Publish = Callable[[], Awaitable[None]]

SIZE = 500
SETTLE = 0.7
"""Seconds after the last change in which whatever is still on its way arrives; they are part of the time and cost nothing else."""


@dataclass(frozen=True)
class Mode:
    """How changes are sent: so many on their way at a time, or `rate` a second whatever comes back."""

    name: str
    window: int = 1
    rate: float = 0.0


MODES = (Mode("always two on their way", window=2), Mode("bursts of 16", window=16), Mode("10 a second", rate=10.0))


@dataclass(frozen=True)
class Fanout:
    """One run: what people got a CPU-second of the server, what one change cost, and how long it took to the others."""

    changes: float
    """Deliveries of a change, a CPU-second of the server."""
    frames: float
    """Frames, a CPU-second of the server."""
    cost: float
    """CPU milliseconds of the server a change."""
    per_second: float
    """Changes a second."""
    client: float
    """Share of a CPU that the load client used."""
    p50: float
    p99: float
    size: float
    """Bytes a change and person."""


async def fan_out(hall: Hall, client: Client, people: int, mode: Mode, seconds: float) -> Fanout:
    """Publish changes for some seconds and count what arrives."""
    padding = "x" * (SIZE - len(f"t={microseconds()};"))
    published: list[int] = []

    async def publish() -> None:
        published.append(microseconds())
        await hall.publish(f"t={published[-1]};{padding}")

    await _go(hall, publish, mode, 0.3)
    await asyncio.sleep(SETTLE)
    await client.mark()
    published.clear()
    cpu, started = cpu_seconds([hall.pid]), time.monotonic()
    await _go(hall, publish, mode, seconds)
    lasted = time.monotonic() - started
    await asyncio.sleep(SETTLE)
    used = cpu_seconds([hall.pid]) - cpu
    counts = await client.mark()
    got = [counts[name] for name in ("fewest", "most", "least", "greatest", "closed")]
    if got != [len(published), len(published), sum(published), sum(published), 0]:
        raise AssertionError(f"not everybody got all {len(published)} changes once: {counts}")
    return Fanout(
        counts["marks"] / used,
        counts["frames"] / used,
        used * 1000 / len(published),
        len(published) / lasted,
        counts["cpu"] / (lasted + SETTLE),
        counts["p50"],
        counts["p99"],
        counts["bytes"] / people / len(published),
    )


async def _go(hall: Hall, publish: Publish, mode: Mode, seconds: float) -> None:
    """Publish in a way for some seconds, and return when the witness has seen everything."""
    started, before, sent = time.monotonic(), hall.witness.seen, 0
    while (passed := time.monotonic() - started) < seconds:
        if mode.rate:
            await asyncio.sleep(max(0.0, sent / mode.rate - passed))
        else:
            await hall.witness.until(before + sent + 1 - mode.window)
        await publish()
        sent += 1
    await hall.witness.until(before + sent)
