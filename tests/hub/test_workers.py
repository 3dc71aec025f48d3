"""Two workers on one Redis: a plan asked for at one is seen at both, people count once, and who left is written down once."""

from __future__ import annotations

import asyncio

import pytest

from server.hub import planning
from tests.hub.support import FakePeer, Hall, make_hub
from tests.log.stores import RedisStore
from tests.support.world import SETUP

pytestmark = pytest.mark.redis


async def test_breakout_rooms_are_the_same_for_two_workers(redis_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(planning, "OTHERS_SECONDS", 3600.0)
    store = RedisStore(redis_url)
    logs = [store.log(), store.log()]
    for log in logs:
        await log.open()
    hubs = [make_hub(log, f"w{number}", away=0.0) for number, log in enumerate(logs)]
    try:
        created = await hubs[0].create(SETUP)
        halls = []
        for hub in hubs:
            live = await hub.live(created.session)
            assert live is not None
            halls.append(Hall(hub, live, created))
        gone, plan = await _world_cafe(*halls)
        keys = [entry.key for entry in await logs[0].read(created.session)]
        assert [key for key in keys if key.startswith(("gone.", "planned."))] == [f"planned.{plan}", f"gone.{gone}.1"]
    finally:
        for hub in hubs:
            await hub.close()
        for log in logs:
            await log.close()


async def _world_cafe(here: Hall, there: Hall) -> tuple[str, str]:
    """Rotate, with Ann connected to both workers, Bo and Dee to one each and Cy to none; return Cy and the plan."""
    token = (await here.live.join("Ann", "youth", "en")).token
    ann = [hall.attach(await hall.member(token)) for hall in (here, there)]
    bo_member, bo = await there.join("Bo")
    dee_member, _ = await here.join("Dee")
    cy = (await there.live.join("Cy", None, "en")).person
    moderator, screen = await here.link("moderator"), await there.link("screen")
    await _tell(here, there)
    await screen.until(lambda: screen.docs["stage"]["presence"]["online"] == 3)
    assert screen.docs["stage"]["presence"]["groups"]["youth"] == 1
    plan: str = (await moderator.ask("rooms.plan", "1", rooms=2, assign="random", rounds=2))["made"]
    await moderator.until(lambda: moderator.docs["desk"]["rooms"].get(plan, {}).get("state") == "ready")
    await moderator.ask("rooms.open", "2")
    for peer in (*ann, bo):
        await peer.until(lambda peer=peer: _room(peer) is not None)  # type: ignore[misc]
    assert _room(ann[0]) == _room(ann[1])
    before = _room(bo)
    await moderator.ask("rooms.rotate", "3")
    await bo.until(lambda: _room(bo) not in (before, None))
    await _tell(here, there)
    for hall in (here, there):
        hall.live.care(asyncio.get_running_loop().time())
        someone = await hall.member(here.created.tokens["moderator"])
        await hall.live.command(someone.person, b'{"do":"announce","text":"All that was put before stands in the log"}')
    await moderator.until(lambda: moderator.docs["desk"]["people"][cy]["here"] is False)
    present = {person for person, row in moderator.docs["desk"]["people"].items() if row["here"] and not row["link"]}
    assert present == {ann[0].docs["me"]["person"], bo_member.person, dee_member.person}
    return cy, plan


def _room(peer: FakePeer) -> str | None:
    """The room that somebody is in, with its document and no other there."""
    room: str | None = peer.docs["me"].get("room")
    held = {name for name in peer.docs if name.startswith("room/")}
    return room if held == {f"room/{room}"} else None


async def _tell(*halls: Hall) -> None:
    """Have workers tell each other who is connected, and wait until they know."""
    for hall in halls:
        await hall.live.tell_presence()
    loop = asyncio.get_running_loop()
    everybody = set().union(*(hall.live._presence.here for hall in halls))
    async with asyncio.timeout(10):
        while any(hall.live._presence.everywhere(loop.time()) != everybody for hall in halls):
            await asyncio.sleep(0.01)
