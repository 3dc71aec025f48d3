"""Who is here: gone after a while without a connection anywhere, back with the first one, written down once by however many workers."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path
from typing import Any

import pytest

from server.core.base import Command, Touched
from server.core.commands import encode_command
from server.core.people import People, Person
from server.core.state import State
from server.hub import Member
from server.hub import hub as hub_module
from server.hub.attendance import AT_ONCE, AWAY_SECONDS, PEOPLE, Attendance
from server.hub.presence import SILENCE, Presence
from server.log.sqlite import SqliteLog
from tests.hub.support import Hall, make_hub, open_hall


@pytest.fixture(autouse=True)
def by_hand(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the hub look after no session by itself: these tests say when, and what time it is."""
    monkeypatch.setattr(hub_module, "CARE_SECONDS", 3600.0)


def now() -> float:
    return asyncio.get_running_loop().time()


async def presences(hall: Hall) -> list[tuple[str, str]]:
    """Return what the log says of who left and came back: (command, key)."""
    # What was put is appended in order, so that a command of somebody's is a barrier.
    moderator = await hall.member(hall.created.tokens["moderator"])
    assert (await hall.live.command(moderator.person, b'{"do":"announce","text":"Barrier"}')).code is None
    stored = await hall.hub._log.read(hall.created.session)
    told = [(json.loads(entry.body)["do"], entry.key) for entry in stored if entry.body.startswith(b'{"do":"person.')]
    return [(do, key) for do, key in told if do in ("person.gone", "person.back")]


def here(hall: Hall, member: Member) -> bool:
    return hall.live.state.people.items[member.person].here


async def test_somebody_without_a_connection_for_a_minute_is_gone_and_back_with_the_first(tmp_path: Path) -> None:
    async with open_hall(tmp_path) as hall:
        moderator = await hall.link("moderator")
        member, ann = await hall.join("Ann")
        await hall.join("Bo")
        began = now()
        hall.live.care(began + 10 * AWAY_SECONDS)
        assert ann.attachment is not None
        ann.attachment.detach()
        hall.live.care(began)
        # A moment in a tunnel is no leaving, and the minute begins anew.
        ann = hall.attach(member)
        hall.live.care(began + 30)
        assert ann.attachment is not None
        ann.attachment.detach()
        hall.live.care(began + 31)
        hall.live.care(began + 30 + AWAY_SECONDS)
        assert await presences(hall) == []
        hall.live.care(began + 31 + AWAY_SECONDS)
        hall.live.care(began + 32 + AWAY_SECONDS)
        assert await presences(hall) == [("person.gone", f"gone.{member.person}.1")]
        await moderator.until(lambda: moderator.docs["desk"]["people"][member.person]["here"] is False)
        hall.attach(member)
        hall.attach(member)
        assert (await presences(hall))[1:] == [("person.back", f"back.{member.person}.1")]
        await moderator.until(lambda: moderator.docs["desk"]["people"][member.person]["here"] is True)
        assert hall.live.state.people.items[member.person].visits == 2


async def test_holders_of_links_and_who_was_removed_are_not_written_down(tmp_path: Path) -> None:
    async with open_hall(tmp_path) as hall:
        moderator = await hall.link("moderator")
        member, _ = await hall.join("Ann")
        await moderator.ask("person.remove", "1", person=member.person)
        assert moderator.attachment is not None
        moderator.attachment.detach()
        began = now()
        for second in (0, AWAY_SECONDS, 10 * AWAY_SECONDS):
            hall.live.care(began + second)
        assert await presences(hall) == []


async def test_who_is_connected_to_another_worker_is_here(tmp_path: Path) -> None:
    async with open_hall(tmp_path) as hall:
        ann = await hall.member((await hall.live.join("Ann", None, "en")).token)
        elsewhere = Presence("w2")
        elsewhere.enter(ann.person)
        began = now()
        for second in range(0, int(AWAY_SECONDS) * 2, 10):
            hall.live._presence.hear(elsewhere.report(), began + second)
            hall.live.care(began + second)
        assert await presences(hall) == []
        last = began + AWAY_SECONDS * 2 - 10
        # That worker fell silent: the minute begins when it is believed no longer.
        hall.live.care(last + SILENCE + 1)
        hall.live.care(last + SILENCE + AWAY_SECONDS)
        assert await presences(hall) == []
        hall.live.care(last + SILENCE + 1 + AWAY_SECONDS)
        assert await presences(hall) == [("person.gone", f"gone.{ann.person}.1")]


async def test_after_a_restart_who_does_not_come_back_is_gone_though_several_workers_see_it(tmp_path: Path) -> None:
    async with open_hall(tmp_path) as hall:
        ann, _ = await hall.join("Ann")
        bo, _ = await hall.join("Bo")
    log = SqliteLog(tmp_path)
    await log.open()
    hubs = [make_hub(log, worker) for worker in ("w1", "w2")]
    halls = []
    for hub in hubs:
        live = await hub.live(hall.created.session)
        assert live is not None
        halls.append(Hall(hub, live, hall.created))
    halls[0].attach(ann)
    began = now()
    for one in halls:
        one.live._presence.hear(halls[0].live._presence.report(), began)
        one.live.care(began)
    for one in halls:
        one.live._presence.hear(halls[0].live._presence.report(), began + AWAY_SECONDS)
        one.live.care(began + AWAY_SECONDS)
    assert await presences(halls[1]) == [("person.gone", f"gone.{bo.person}.1")]
    assert (here(halls[0], ann), here(halls[0], bo)) == (True, False)
    # A worker that heard nothing of the other takes Ann for gone; the one to which she is connected knows better.
    began += AWAY_SECONDS
    halls[1].live.care(began + SILENCE + 1)
    halls[1].live.care(began + SILENCE + 1 + AWAY_SECONDS)
    assert (await presences(halls[1]))[1:] == [("person.gone", f"gone.{ann.person}.1")]
    halls[0].live.care(began)
    assert (await presences(halls[0]))[2:] == [("person.back", f"back.{ann.person}.1")]
    assert here(halls[0], ann)
    for hub in hubs:
        await hub.close()
    await log.close()


class Hallful:
    """An attendance by itself, over people who are all here by the state."""

    def __init__(self, count: int) -> None:
        people = {f"p{n}": Person("Name", None, "participant", "en", f"hash{n}", 0) for n in range(count)}
        self.state = State(people=People(items=people))
        self.presence = Presence("w1")
        self.put: list[tuple[str, dict[str, Any]]] = []
        self.attendance = Attendance(self.state, self.presence, self._put)

    def _put(self, key: str, command: Command) -> None:
        self.put.append((key, json.loads(encode_command(command))))


def test_when_a_hall_leaves_at_once_it_is_written_down_step_by_step_and_each_once() -> None:
    hall = Hallful(2 * AT_ONCE + 7)
    hall.attendance.care(0.0)
    told = []
    for second in range(4):
        hall.attendance.care(AWAY_SECONDS + second)
        told.append(len(hall.put))
    assert told == [AT_ONCE, 2 * AT_ONCE, 2 * AT_ONCE + 7, 2 * AT_ONCE + 7]
    assert len({key for key, _ in hall.put}) == len(hall.put)
    assert hall.put[0][1]["do"] == "person.gone"


def test_what_the_log_did_not_take_is_put_again_until_it_stands_there() -> None:
    hall = Hallful(1)
    for second in (0.0, AWAY_SECONDS, AWAY_SECONDS + 10):
        hall.attendance.care(second)
    assert [key for key, _ in hall.put] == ["gone.p0.1"]
    hall.attendance.care(AWAY_SECONDS + 20)
    assert [key for key, _ in hall.put] == ["gone.p0.1", "gone.p0.1"]
    hall.state.people.items["p0"].here = False
    told = Touched()
    told.slices.add(PEOPLE)
    hall.attendance.touched(told)
    for second in range(100, 200, 10):
        hall.attendance.care(AWAY_SECONDS + second)
    assert len(hall.put) == 2
