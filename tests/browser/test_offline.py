"""A network that fails while people vote and write: what they did is kept, said to be kept, and counted once."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from dataclasses import dataclass

import pytest
import pytest_asyncio
from playwright.async_api import Error, Locator, expect

from tests.browser.hall import PHONE, Seat
from tests.support.browser import Pages
from tests.support.member import Member
from tests.support.proxy import Proxy
from tests.support.server import Server, Session

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

AWAY = 10.0
"""Seconds for which the network is gone."""
QUESTION = "Who pays when a partner leaves?"


@dataclass(frozen=True)
class Vote:
    """An open poll, the moderator who opened it, a voter on a phone, and the network between phone and server."""

    server: Server
    session: Session
    moderator: Member
    voter: Seat
    network: Proxy
    poll: str

    def choice(self, words: str) -> Locator:
        """The button of an option."""
        return self.voter.page.get_by_role("button", name=words, exact=True)

    @property
    def turnout(self) -> int:
        """How many voted, as the server says."""
        turnout: int = self.moderator.docs["desk"]["polls"][self.poll]["turnout"]
        return turnout

    async def counts_once(self) -> None:
        """Wait until the voter reads that the ballot counts; see that it is the one ballot, for tea, in the log and in the results."""
        # The longest pause between two attempts to connect is 15 s.
        await expect(self.voter.text("participant.poll.counted").first).to_be_visible(timeout=30_000)
        await expect(self.choice("Tea")).to_have_attribute("aria-pressed", "true")
        docs = await self.moderator.until(lambda docs: docs["desk"]["polls"][self.poll]["turnout"])
        results = docs["desk"]["polls"][self.poll]["results"]
        assert (results["ballots"], results["counts"]) == (1, {"a": 1, "b": 0})
        log = await self.server.get(f"/api/sessions/{self.session.session}/log", self.session.tokens["moderator"])
        assert [line["do"] for line in map(json.loads, log.text.splitlines())].count("ballot.cast") == 1

    async def writes(self) -> None:
        """The voter begins a question."""
        await self.voter.button("participant.ask").click()
        await self.voter.dialog().get_by_label(self.voter.t("participant.ask.text")).fill(QUESTION)

    async def has_written(self) -> None:
        """What the voter wrote is still in the field, and can be sent now."""
        field = self.voter.dialog().get_by_label(self.voter.t("participant.ask.text"))
        await expect(field).to_have_value(QUESTION)
        await self.voter.button("participant.ask.send", self.voter.dialog()).click()
        docs = await self.moderator.until(lambda docs: docs["desk"]["questions"])
        assert [question["text"]["en"] for question in docs["desk"]["questions"].values()] == [QUESTION]


@pytest_asyncio.fixture(loop_scope="session")
async def vote(server: Server, browser: Pages) -> AsyncIterator[Vote]:
    """The voter is connected through the proxy, and the poll is open."""
    # A network that fails is an error to Chromium; that the page goes on is what is tested here.
    browser.expect(r"net::ERR_|WebSocket connection to .* failed: Connection closed")
    session = await server.create()
    async with (
        Proxy(server.port) as network,
        server.connect(session.session, session.tokens["moderator"]) as moderator,
    ):
        await moderator.send("session.open")
        made = await moderator.send("poll.create", kind="single", prompt="Tea or coffee?", options=["Tea", "Coffee"])
        assert made.made is not None
        await moderator.send("poll.open", poll=made.made)
        voter = await Seat.taken(browser, PHONE)
        await voter.page.goto(f"http://127.0.0.1:{network.port}/j/{session.code}")
        await voter.page.get_by_label(voter.t("join.name")).fill("Ada")
        await voter.button("join.enter").click()
        await voter.live()
        yield Vote(server, session, moderator, voter, network, made.made)


async def test_a_vote_in_ten_seconds_without_a_network_is_kept_and_counts_once(vote: Vote) -> None:
    voter = vote.voter
    vote.network.go_away()
    back = asyncio.get_running_loop().time() + AWAY
    await vote.choice("Tea").click()
    await voter.reads(voter.t("participant.poll.kept"))
    await voter.reads(voter.t("common.connection.reconnecting.note"))
    await expect(vote.choice("Tea")).to_have_attribute("aria-pressed", "true")
    await vote.writes()
    await vote.network.wait_for_refused(2)
    await asyncio.sleep(back - asyncio.get_running_loop().time())  # so long is the cut; nothing is awaited
    assert vote.turnout == 0
    vote.network.come_back()
    await vote.counts_once()
    await expect(voter.text("common.connection.reconnecting.note")).to_have_count(0)
    await vote.has_written()


async def test_who_comes_back_is_sent_what_is_new_and_nothing_else(vote: Vote) -> None:
    voter = vote.voter
    vote.network.go_away()
    await voter.reads(voter.t("common.connection.reconnecting.note"))
    for text in ("Coffee is served", "Coffee is served in the garden"):
        await vote.moderator.send("announce", text=text)
    await vote.moderator.send("poll.close", poll=vote.poll)
    vote.network.come_back()
    await voter.reads("Coffee is served in the garden")
    patch = voter.wire.brought(lambda docs: docs["stage"].get("announcement"))["patch"]
    assert patch.keys() == {"announcement", "polls", "presence", "reactions"}
    assert patch["polls"] == {vote.poll: {"state": "closed"}}
    # And on from there.
    await vote.moderator.send("announce", text="Back to the hall")
    await voter.reads("Back to the hall")


async def test_a_vote_survives_a_reload_without_a_network(vote: Vote) -> None:
    voter = vote.voter
    vote.network.go_away()
    await vote.choice("Tea").click()
    await voter.reads(voter.t("participant.poll.kept"))
    await vote.writes()
    address = voter.page.url
    with pytest.raises(Error, match="net::ERR_"):
        await voter.page.reload()
    await voter.page.wait_for_url("chrome-error://**")
    assert vote.turnout == 0
    vote.network.come_back()
    await voter.page.goto(address)
    await vote.counts_once()
    await voter.button("participant.ask").click()
    await vote.has_written()


async def test_a_vote_whose_answer_was_lost_counts_once(vote: Vote) -> None:
    vote.network.lose(b'"done"')
    await vote.choice("Tea").click()
    await vote.network.wait_for_lost()
    await vote.voter.reads(vote.voter.t("participant.poll.sent"))
    vote.network.lose(None)
    vote.network.drop()
    await vote.counts_once()


async def test_a_vote_into_a_silent_network_is_said_to_be_on_its_way(vote: Vote) -> None:
    vote.network.freeze()
    await vote.choice("Tea").click()
    await vote.voter.reads(vote.voter.t("participant.poll.sent"))
    assert vote.turnout == 0
    vote.network.thaw()
    await vote.counts_once()


async def test_a_phone_that_knows_it_is_offline_says_so(vote: Vote) -> None:
    voter = vote.voter
    vote.network.go_away()
    await voter.page.context.set_offline(True)
    await voter.reads(voter.t("common.connection.offline.note"))
    await vote.choice("Tea").click()
    await voter.reads(voter.t("participant.poll.kept"))
    vote.network.come_back()
    await voter.page.context.set_offline(False)
    await vote.counts_once()
    await voter.live()
