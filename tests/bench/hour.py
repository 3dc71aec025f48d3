"""`make bench-hour`: the bytes of an hour: 300 people, 12 guiding questions, 6 polls, 40 questions, 60 speakers, notes, reactions.

The hub runs in this process with a log in memory and simulated time, so that the hour takes seconds; what it sends is what a server would,
frame by frame, by its pace and the pings of real pages (every 10 seconds). Counted are WebSocket frames to a client, without
TLS and TCP. Some drop out for a minute and come back with the position they hold.

Then every message that went to many is deflated once, as `permessage-deflate` without context takeover would have it, and its size and
CPU are set beside the plain one. What goes to one person (`me`, outcomes, the welcome) stays plain: it may hold what is secret.
"""

from __future__ import annotations

import argparse
import json
import statistics
import time
import zlib
from collections import defaultdict
from collections.abc import Callable, Mapping
from pathlib import Path
from random import Random

from server.core.setup import GuidingQuestionSetup, SegmentSetup, Setup
from tests.bench.machine import described
from tests.bench.script import Counting, Hour
from tests.bench.simulated import MemoryLog, SimulatedLoop, simulate
from tests.bench.table import publish, table
from tests.hub.support import make_hub
from tests.support.world import SETUP

GUIDING = 12


def agenda() -> Setup:
    """Return an agenda of twelve guiding questions in three segments, in two languages."""
    words = {
        "en": "Which agreement outlived the people who signed it?",
        "fr": "Quel accord a survécu à ses signataires ?",
    }
    segment = SegmentSetup(
        {"en": "With the public sector", "fr": "Avec le secteur public"}, (GuidingQuestionSetup(words, 300),) * 4
    )
    return Setup(
        title=SETUP.title, languages=SETUP.languages, groups=SETUP.groups, segments=(segment,) * (GUIDING // 4)
    )


async def played(loop: SimulatedLoop, people: int, minutes: int) -> Hour:
    """Play the hour."""
    hub = make_hub(MemoryLog(loop), "one", clock=loop.clock)
    await hub.start()
    created = await hub.create(agenda())
    live = await hub.live(created.session)
    assert live is not None
    hour = Hour(live, created.tokens, people, minutes, Random(7))
    try:
        await hour.play()
    finally:
        await hub.close()
    refused = [message for one in (*hour.people, *hour.linked.values()) for message in one.peer.refused]
    assert not refused, refused
    return hour


def report(hour: Hour, minutes: int) -> str:
    """Return what people got."""
    kinds = sorted({kind for one in hour.people for kind in one.bytes}, key=_size(hour), reverse=True)
    rows = []
    for kind in kinds:
        each = [one.bytes[kind] for one in hour.people]
        rows.append((f"`{kind}`", f"{statistics.mean(each):,.0f}", f"{max(each):,}"))
    totals = [one.bytes.total() for one in hour.people]
    rows.append(("all", f"{statistics.mean(totals):,.0f}", f"{max(totals):,}"))
    rows += [(f"all, {role}", f"{one.bytes.total():,}", "") for role, one in hour.linked.items()]
    back = statistics.mean(hour.resumed), max(hour.resumed), statistics.mean(hour.whole), max(hour.whole)
    lines = [
        f"{len(hour.people)} people, {minutes} minutes, {hour.entries:,} entries.\n",
        table(("bytes to a participant", "mean", "most"), rows),
        f"Idle: {hour.idle:,.0f} bytes a minute, with the server's own pings.",
        "Back after a minute: {:,.0f} bytes with the position held (most {:,}), {:,.0f} with none (most {:,}).\n".format(
            *back
        ),
    ]
    return "\n".join(lines)


def _size(hour: Hour) -> Callable[[str], int]:
    return lambda kind: sum(one.bytes[kind] for one in hour.people)


def by_slice(traffic: Mapping[bytes, int], people: int) -> str:
    """Return what the patches of the stage were about that came to the participants."""
    sizes: dict[str, list[int]] = defaultdict(list)
    for message, many in traffic.items():
        frame = json.loads(message)
        if frame["doc"] == "stage" and many > people / 2:
            sizes[", ".join(f"`{part}`" for part in sorted(frame["patch"]))].append(len(message))
    rows = [
        (name, f"{len(own):,}", f"{sum(own):,}") for name, own in sorted(sizes.items(), key=lambda row: -sum(row[1]))
    ]
    return table(("patches of the stage that change", "patches", "bytes"), rows[:12])


def deflated(traffic: Mapping[bytes, int]) -> str:
    """Return what compressing each of these once would save, and cost: level by level, and by the least size that is compressed."""
    went = sum(len(message) * many for message, many in traffic.items())
    rows = [("none", "", f"{went:,}", "100 %", "", "")]
    for level in (1, 6):
        for least in (0, 300, 1000):
            sent, times = 0, [0.0]
            for message, many in traffic.items():
                if len(message) < least:
                    sent += len(message) * many
                    continue
                began = time.thread_time()
                packer = zlib.compressobj(level, zlib.DEFLATED, -15)
                packed = packer.compress(message) + packer.flush(zlib.Z_SYNC_FLUSH)
                times.append(time.thread_time() - began)
                sent += (len(packed) - 4) * many  # the last four bytes are left out (RFC 7692, section 7.2.1)
            rows.append(
                (
                    f"{level}",
                    f"{least:,}",
                    f"{sent:,}",
                    f"{sent / went:.0%}",
                    f"{statistics.median(times) * 1e6:.0f} / {max(times) * 1e6:.0f}",
                    f"{sum(times):.2f}",
                )
            )
    sizes = sorted(len(message) for message in traffic)
    title = (
        f"{len(sizes):,} messages went to many; half of them have up to {sizes[len(sizes) // 2]:,} bytes, 99 % up to "
    )
    title += f"{sizes[len(sizes) * 99 // 100]:,}, the largest {sizes[-1]:,}.\n\n"
    head = (
        "zlib level",
        "from bytes",
        "bytes to all",
        "of plain",
        "CPU us a message, median / most",
        "CPU seconds in all",
    )
    return title + table(head, rows)


def main() -> None:
    """Read the command line, play, print and keep the tables."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.hour", description=__doc__)
    parser.add_argument("--people", type=int, default=300)
    parser.add_argument("--minutes", type=int, default=60)
    parser.add_argument("--out", type=Path, help="write the tables here too")
    arguments = parser.parse_args()
    loop = SimulatedLoop()
    Counting.traffic.clear()
    hour = simulate(loop, played(loop, arguments.people, arguments.minutes))
    text = f"{described()}.\n\n{report(hour, arguments.minutes)}\n"
    text += f"{by_slice(Counting.traffic, arguments.people)}\n{deflated(Counting.traffic)}"
    publish(text, arguments.out)


if __name__ == "__main__":
    main()
