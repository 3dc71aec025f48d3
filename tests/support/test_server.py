"""The helpers do what other tests lean on: a server that is killed comes back with what it acknowledged."""

from __future__ import annotations

import pytest

from tests.support.member import Refused
from tests.support.server import Serve, Server


async def test_a_killed_server_comes_back_with_what_it_acknowledged(server: Server) -> None:
    session = await server.create()
    ada = await server.join(session.code, "Ada", group="diaspora")
    async with (
        server.connect(session.session, session.tokens["moderator"]) as moderator,
        server.connect(session.session, ada.token) as member,
    ):
        await moderator.send("session.open")
        await member.until(lambda docs: docs["stage"]["session"]["state"] == "live")
        first = await member.send("hand.raise", id="mine")
        await member.until(lambda docs: ada.person in docs["stage"]["speakers"]["hands"])
        with pytest.raises(Refused, match="forbidden"):
            await member.send("speakers.close")
        await server.crash()
        assert await member.closed() == 1006
    await server.start()
    async with server.connect(session.session, ada.token, seen=member) as member:
        assert member.welcome["resumed"] is True
        assert await member.send("hand.raise", id="mine") == first
        assert member.docs["stage"]["speakers"]["waiting"] == [ada.person]
    assert (await server.view(session.session, ada.token))["docs"].keys() == {"stage", "me"}


@pytest.mark.redis
async def test_a_killed_worker_is_replaced_while_the_others_serve(serve: Serve, redis_url: str) -> None:
    server = await serve(redis=redis_url, workers=2)
    session = await server.create()
    ada = await server.join(session.code, "Ada")
    before = server.worker_pids()
    server.kill_worker(before[0])
    await server.ready()
    assert len(server.worker_pids()) == 2
    assert before[0] not in server.worker_pids()
    async with server.connect(session.session, ada.token) as member:
        assert member.docs["me"]["name"] == "Ada"
