"""Plans of rooms are computed apart from the hall, once, whatever becomes of workers, processes and sessions meanwhile."""

from __future__ import annotations

import asyncio
import multiprocessing
import os
import socket
from pathlib import Path

import pytest

from server.core.seating import Request
from server.hub import Live, planning
from server.log.sqlite import SqliteLog
from server.planner import process
from server.planner.process import ProcessPlanner
from server.planner.work import Seating, compute
from tests.hub import apart
from tests.hub.support import FakePeer, Hall, InlinePlanner, make_hub, open_hall, shifted

REQUEST = Request(
    groups=(0, 0, 0, 1, 1, 1, 2, 2), rooms=2, rounds=1, assign="mixed", hosts=(None, None), standing=False, seed=7
)


async def test_a_plan_comes_from_a_process_that_ctrl_c_spares_that_holds_no_port_and_that_ends(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(process, "ATTEMPTS", 1)
    with socket.create_server(("127.0.0.1", 0)) as listener:
        listener.set_inheritable(True)
        found = await ProcessPlanner(apart.look_around).plan(REQUEST)
    (ident, sockets), *seats = found.seats
    assert ident != os.getpid()
    assert sockets == 0
    assert Seating(tuple(seats), found.quality) == compute(REQUEST)
    assert multiprocessing.active_children() == []


async def test_a_process_that_dies_is_tried_again_and_then_a_thread_has_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    died: list[int | None] = []
    run = process._Errand.run

    def counted(errand: process._Errand) -> Seating | None:
        found = run(errand)
        assert errand._process is not None
        died.append(errand._process.exitcode)
        return found

    monkeypatch.setattr(process._Errand, "run", counted)
    assert await ProcessPlanner(apart.die).plan(REQUEST) == compute(REQUEST)
    assert died == [apart.DIED, apart.DIED]


async def test_a_plan_that_is_not_wanted_any_more_ends_its_process_and_lets_the_next_one_begin(tmp_path: Path) -> None:
    hanging = ProcessPlanner(apart.hang)
    async with open_hall(tmp_path, planner=hanging) as hall:
        moderator, plan = await _ask_for_plan(hall)
        async with asyncio.timeout(10):
            while not multiprocessing.active_children():
                await asyncio.sleep(0.01)
        assert moderator.docs["desk"]["rooms"][plan]["state"] == "planning"
        assert hall.live.busy
    assert multiprocessing.active_children() == []
    assert not hanging._turn.locked()
    hall.live._planning.look()
    assert not hall.live._planning.busy, "it is left to others"


class Scripted:
    """A planner that notes what it is asked, and waits until it may answer."""

    def __init__(self, *, free: bool = False) -> None:
        self.asked = 0
        self.cancelled = 0
        self.free = asyncio.Event()
        self.begun = asyncio.Event()
        self.failure: Exception | None = None
        if free:
            self.free.set()

    async def plan(self, request: Request) -> Seating:
        self.asked += 1
        self.begun.set()
        try:
            await self.free.wait()
        except asyncio.CancelledError:
            self.cancelled += 1
            raise
        if self.failure is not None:
            raise self.failure
        return shifted(request)


async def _ask_for_plan(hall: Hall) -> tuple[FakePeer, str]:
    """Have a moderator ask for rooms for six people; return the plan as soon as the desk shows it."""
    for number in range(6):
        await hall.live.join(f"P{number}", None, "en")
    moderator = await hall.link("moderator")
    plan = (await moderator.ask("rooms.plan", "1", rooms=2, assign="mixed", rounds=2))["made"]
    await moderator.until(lambda: plan in moderator.docs["desk"]["rooms"])
    return moderator, plan


async def _ready(peer: FakePeer, plan: str) -> dict[str, list[str]]:
    """Wait for a plan, and return who sits where in its first round."""
    await peer.until(lambda: peer.docs["desk"]["rooms"].get(plan, {}).get("state") == "ready")
    seats: dict[str, list[str]] = peer.docs["desk"]["rooms"][plan]["seats"]["1"]
    return seats


async def _quiet(live: Live) -> None:
    """Wait until a worker has nothing to plan."""
    async with asyncio.timeout(10):
        while live._planning.busy:
            await asyncio.sleep(0.01)


async def test_the_worker_that_was_asked_begins_at_once_and_everybody_can_go_on_meanwhile(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(planning, "OTHERS_SECONDS", 3600.0)
    scripted = Scripted()
    async with open_hall(tmp_path, planner=scripted) as hall:
        moderator, plan = await _ask_for_plan(hall)
        async with asyncio.timeout(10):
            await scripted.begun.wait()
        assert (await moderator.ask("announce", "2", text="Meanwhile"))["done"] == "2"
        scripted.free.set()
        seats = await _ready(moderator, plan)
        assert sorted(map(len, seats.values())) == [3, 3]
        assert scripted.asked == 1


async def test_a_plan_that_a_worker_left_behind_is_made_by_the_next_and_stored_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(planning, "OTHERS_SECONDS", 0.05)
    blocked = Scripted()
    async with open_hall(tmp_path, planner=blocked) as hall:
        _, plan = await _ask_for_plan(hall)
        await blocked.begun.wait()
        session = hall.created.session
    assert (blocked.asked, blocked.cancelled) == (1, 1)
    log = SqliteLog(tmp_path)
    await log.open()
    # Two workers find it: both compute it, and the log takes one.
    scripted = [Scripted(), Scripted()]
    hubs = [make_hub(log, f"w{number}", planner=one) for number, one in enumerate(scripted)]
    lives = [await hub.live(session) for hub in hubs]
    async with asyncio.timeout(10):
        for one in scripted:
            await one.begun.wait()
    for one in scripted:
        one.free.set()
    for hub, live in zip(hubs, lives, strict=True):
        assert live is not None
        moderator = await Hall(hub, live, hall.created).link("moderator")
        await _ready(moderator, plan)
        await _quiet(live)
    stored = [entry for entry in await log.read(session) if b"rooms.planned" in entry.body]
    assert [entry.key for entry in stored] == [f"planned.{plan}"]
    for hub in hubs:
        await hub.close()
    await log.close()


async def test_another_worker_does_nothing_when_the_plan_is_there_in_time(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(planning, "OTHERS_SECONDS", 3600.0)
    log = SqliteLog(tmp_path)
    async with open_hall(tmp_path, wrap=lambda _: log, planner=InlinePlanner()) as hall:
        idle = Scripted(free=True)
        other = make_hub(log, "w2", planner=idle)
        live = await other.live(hall.created.session)
        assert live is not None
        moderator, plan = await _ask_for_plan(hall)
        await _ready(moderator, plan)
        assert live._planning.busy, "it waits, in case the first worker does not manage"
        await live._planning._make(plan, 0.0)
        assert idle.asked == 0
        await other.close()


async def test_a_defect_of_the_planner_costs_one_plan_and_not_the_session(tmp_path: Path) -> None:
    scripted = Scripted(free=True)
    scripted.failure = RuntimeError("a defect")
    async with open_hall(tmp_path, planner=scripted) as hall:
        moderator, plan = await _ask_for_plan(hall)
        await scripted.begun.wait()
        await _quiet(hall.live)
        scripted.failure = None
        again = (await moderator.ask("rooms.plan", "2", rooms=3, assign="random"))["made"]
        await _ready(moderator, again)
        assert moderator.docs["desk"]["rooms"][plan]["state"] == "planning"
        assert scripted.asked == 2
        assert hall.hub.stats().plans == {"failed": 1, "made": 1}
