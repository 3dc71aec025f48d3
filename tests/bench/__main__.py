"""`make bench`: one change to everybody, beside peers in the same run.

Servers run on CPU 0, the load client (C) and this program on CPU 1. Machines are shared and drift, so all servers stand ready with their
halls full, take turns, and every run of one is bracketed by runs of the C loop in the same mode; what counts is the ratio to it (`x C`),
not seconds. CPU is what the kernel says the server's process used, all its threads.
"""

from __future__ import annotations

import argparse
import asyncio
import tempfile
from collections import defaultdict
from collections.abc import Callable
from contextlib import AsyncExitStack
from pathlib import Path

from tests.bench.client import Client
from tests.bench.contenders import CONTENDERS, Hall, Unavailable
from tests.bench.fanout import MODES, SIZE, Fanout, Mode, fan_out
from tests.bench.machine import allow_files, described, pin
from tests.bench.table import middle, publish, spread, table

Full = tuple[Hall, Client]
Runs = dict[str, list[tuple[Fanout, Fanout]]]
"""Runs of a contender, each with the mean of the two runs of the C loop around it."""


async def run(arguments: argparse.Namespace) -> str:
    """Run all rounds and return the tables as Markdown."""
    machine = described()
    runs: dict[Mode, Runs] = {mode: defaultdict(list) for mode in MODES}
    missing: dict[str, str] = {}
    async with AsyncExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="baraza-bench-")))
        reference = await _fill("c", folder, arguments.people, stack)
        halls: dict[str, Full] = {}
        for contender in arguments.contenders:
            try:
                halls[contender] = await _fill(contender, folder, arguments.people, stack)
            except Unavailable as reason:
                missing[contender] = str(reason)
        for number in range(arguments.rounds):
            for mode in MODES:
                before = await _measure(reference, arguments, mode, arguments.reference)
                for contender, full in halls.items():
                    run = await _measure(full, arguments, mode, arguments.seconds)
                    after = await _measure(reference, arguments, mode, arguments.reference)
                    runs[mode][contender].append((run, _mean(before, after)))
                    before = after
                    ratio = _ratio(*runs[mode][contender][-1], lambda one: one.changes)
                    print(f"round {number + 1}, {mode.name}: {contender} {ratio:.2f} x C", flush=True)
    left_out = "".join(f"Left out: {contender} ({reason}).\n" for contender, reason in missing.items())
    title = (
        f"One change of {SIZE} bytes to {arguments.people} people, {arguments.rounds} rounds of {arguments.seconds:g} s, "
        f"median [least, most]; {machine}.\n"
    )
    return "\n".join([title, *(_section(mode, runs[mode]) for mode in MODES), left_out])


async def _fill(contender: str, folder: Path, people: int, stack: AsyncExitStack) -> Full:
    hall = await stack.enter_async_context(CONTENDERS[contender](folder, people))
    client = await Client.start(folder, hall.port, hall.subscribers, first=hall.first)
    stack.push_async_callback(client.quit)
    return hall, client


async def _measure(full: Full, arguments: argparse.Namespace, mode: Mode, seconds: float) -> Fanout:
    return await fan_out(*full, arguments.people, mode, seconds)


def _mean(one: Fanout, other: Fanout) -> Fanout:
    return Fanout(*((a + b) / 2 for a, b in zip(vars(one).values(), vars(other).values(), strict=True)))


def _ratio(run: Fanout, reference: Fanout, value: Callable[[Fanout], float]) -> float:
    return value(run) / value(reference)


def _section(mode: Mode, runs: Runs) -> str:
    head = ("server", "changes x C", "frames x C", "changes delivered a CPU-second", "CPU ms a change", "changes/s",
            "ms to the others, p50 / p99", "bytes", "client CPU")  # fmt: skip
    ratios = {name: [_ratio(*pair, lambda one: one.changes) for pair in pairs] for name, pairs in runs.items()}
    order = sorted(runs, key=lambda name: -sorted(ratios[name])[len(ratios[name]) // 2])
    rows = [
        _row(
            name,
            ratios[name],
            [_ratio(*pair, lambda one: one.frames) for pair in runs[name]],
            [run for run, _ in runs[name]],
        )
        for name in order
    ]
    reference = [around for pairs in runs.values() for _, around in pairs]
    rows.append(_row("C loop", [1.0], [1.0], reference))
    return f"{mode.name}:\n\n{table(head, rows)}"


def _row(name: str, changes: list[float], frames: list[float], runs: list[Fanout]) -> tuple[str, ...]:
    return (
        name,
        spread(changes, ".2f"),
        spread(frames, ".2f"),
        spread([run.changes for run in runs], ",.0f"),
        spread([run.cost for run in runs], ".2f"),
        middle((run.per_second for run in runs), ",.0f"),
        f"{middle((run.p50 for run in runs), '.1f')} / {middle((run.p99 for run in runs), '.1f')}",
        middle((run.size for run in runs), ",.0f"),
        middle((run.client for run in runs), ".0%"),
    )


def main() -> None:
    """Read the command line, run, print and keep the tables."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    parser.add_argument("--people", type=int, default=1000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--seconds", type=float, default=3.0, help="of each measurement")
    parser.add_argument("--reference", type=float, default=1.0, help="seconds of each measurement of the C loop")
    parser.add_argument("--out", type=Path, help="write the tables here too")
    parser.add_argument("contenders", nargs="*", default=[name for name in CONTENDERS if name != "c"])
    arguments = parser.parse_args()
    allow_files()
    pin(0, 1)
    tables = asyncio.run(run(arguments))
    publish(tables, arguments.out)


if __name__ == "__main__":
    main()
