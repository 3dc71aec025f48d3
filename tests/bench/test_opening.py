"""The measurement of opening runs, and checks itself that the snapshot leads to what the replay leads to; nothing is timed."""

from __future__ import annotations

import pytest

from tests.bench.opening import run


@pytest.mark.redis
async def test_opening_is_measured_on_both_logs_in_three_ways() -> None:
    table = (await run(entries=300, people=20, runs=1)).split("\n\n")[1]
    rows = [[cell.strip() for cell in line.split("|")[1:-1]] for line in table.strip().splitlines()[2:]]
    assert [(row[0], row[1].partition(",")[0]) for row in rows] == [
        (log, way) for log in ("SQLite", "Redis") for way in ("replay", "snapshot written", "snapshot")
    ]
