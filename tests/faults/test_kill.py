"""What was acknowledged survives: the server, a worker or Redis dies while 200 people vote, and every ballot counts once.

Each voter gives one ballot in each of five polls, and sends a ballot again, with the same id, only while it is not acknowledged. So a
ballot that was acknowledged and lost would be missing in the end, and one that was stored twice is looked for in the log.
"""

from __future__ import annotations

import asyncio
import json
from collections import Counter
from collections.abc import Awaitable, Callable

import pytest
from websockets.exceptions import ConnectionClosed, InvalidHandshake, InvalidMessage

from tests.support.member import Member, Refused
from tests.support.redis import RedisServer
from tests.support.server import Person, Serve, Server, Session

PEOPLE = 200
POLLS = 5
FAULT_AFTER = 300
OPTIONS = "abcd"

CUT = (OSError, EOFError, ConnectionClosed, InvalidHandshake, InvalidMessage)
"""What a client sees of a server that went away, or is not back yet."""

Fault = Callable[[], Awaitable[None]]


class Vote:
    """All ballots of one hall: who has what acknowledged, and how often somebody had to come back."""

    def __init__(self, server: Server, session: Session, people: list[Person], polls: list[str]) -> None:
        self.server = server
        self.session = session
        self.people = people
        self.polls = polls
        self.acknowledged: dict[tuple[str, str], str] = {}
        self.cut = 0
        self.enough = asyncio.Event()

    async def person(self, number: int) -> None:
        """Vote in every poll; after a cut come back with the position held."""
        person = self.people[number]
        before: Member | None = None
        while True:
            try:
                async with self.server.connect(self.session.session, person.token, seen=before) as member:
                    before = member
                    for place, poll in enumerate(self.polls):
                        await self._ballot(member, number, person, poll, place)
                    return
            except CUT:
                self.cut += 1
                await asyncio.sleep(0.05)

    async def _ballot(self, member: Member, number: int, person: Person, poll: str, place: int) -> None:
        option = OPTIONS[(number + place) % len(OPTIONS)]
        while (person.person, poll) not in self.acknowledged:
            try:
                await member.send("ballot.cast", id=f"ballot-{poll}", poll=poll, answer=[option])
            except Refused as refused:
                if refused.code != "busy":
                    raise
                continue
            self.acknowledged[person.person, poll] = option
            if len(self.acknowledged) >= FAULT_AFTER:
                self.enough.set()


async def hall(server: Server) -> Vote:
    """Make a session with people and open polls."""
    session = await server.create()
    people = [await server.join(session.code, f"Person {number}") for number in range(PEOPLE)]
    polls = []
    async with server.connect(session.session, session.tokens["moderator"]) as moderator:
        for number in range(POLLS):
            made = await moderator.send("poll.create", kind="single", prompt=f"Poll {number}?", options=list("wxyz"))
            assert made.made is not None
            await moderator.send("poll.open", poll=made.made)
            polls.append(made.made)
    return Vote(server, session, people, polls)


async def vote_through(vote: Vote, fault: Fault) -> None:
    """Let everybody vote, let the fault happen in the middle, and check every ballot."""
    async with asyncio.timeout(120):
        voting = [asyncio.create_task(vote.person(number)) for number in range(PEOPLE)]
        await vote.enough.wait()
        at_the_fault = len(vote.acknowledged)
        await fault()
        await asyncio.gather(*voting)
    assert FAULT_AFTER <= at_the_fault < PEOPLE * POLLS, "the fault has to fall into the vote"
    assert len(vote.acknowledged) == PEOPLE * POLLS
    await check(vote)


async def check(vote: Vote) -> None:
    """Compare what was acknowledged with the results, with every voter's own document, and with the log."""
    server, session = vote.server, vote.session
    view = await server.view(session.session, session.tokens["moderator"])
    for poll in vote.polls:
        counted = view["docs"]["desk"]["polls"][poll]["results"]
        given = Counter(option for (_, ballot), option in vote.acknowledged.items() if ballot == poll)
        assert counted["ballots"] == PEOPLE
        assert counted["counts"] == {option: given[option] for option in OPTIONS}
    for person in vote.people[::20]:
        own = (await server.view(session.session, person.token))["docs"]["me"]["ballots"]
        assert own == {poll: [vote.acknowledged[person.person, poll]] for poll in vote.polls}
    log = await server.get(f"/api/sessions/{session.session}/log", session.tokens["moderator"])
    entries = [json.loads(line) for line in log.text.splitlines()]
    cast = Counter((entry["by"], entry["poll"]) for entry in entries if entry["do"] == "ballot.cast")
    assert len(cast) == PEOPLE * POLLS
    assert set(cast.values()) == {1}, "an entry was stored twice"


async def test_every_acknowledged_ballot_survives_the_death_of_the_server(serve: Serve) -> None:
    server = await serve()
    vote = await hall(server)

    async def fault() -> None:
        await server.crash()
        await server.start()

    await vote_through(vote, fault)
    assert vote.cut >= PEOPLE // 4, "the cut has to be felt"


@pytest.mark.redis
async def test_every_acknowledged_ballot_survives_the_death_of_one_of_two_workers(
    serve: Serve, redis_server: RedisServer
) -> None:
    server = await serve(redis=redis_server.url, workers=2)
    vote = await hall(server)

    async def fault() -> None:
        server.kill_worker(server.worker_pids()[0])
        await server.ready()

    await vote_through(vote, fault)
    assert vote.cut > 0, "the cut has to be felt"


@pytest.mark.redis
async def test_every_acknowledged_ballot_survives_the_death_of_redis(serve: Serve, redis_server: RedisServer) -> None:
    server = await serve(redis=redis_server.url, workers=2)
    vote = await hall(server)

    async def fault() -> None:
        redis_server.kill()
        assert not redis_server.running
        await asyncio.sleep(1.0)
        before = len(vote.acknowledged)
        assert before < PEOPLE * POLLS
        await asyncio.to_thread(redis_server.start)

    await vote_through(vote, fault)
