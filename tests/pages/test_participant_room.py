"""A breakout room on a participant's phone: what is written stays, who is moved finds the way, nobody loses a word."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from typing import Any

import pytest
from playwright.async_api import Page, Route, expect

from tests.support.browser import Pages, axe
from tests.support.member import Member
from tests.support.server import Server

pytestmark = pytest.mark.browser

AGENDA = """\
Bridges and benches

Video rooms: https://meet.example/{session}-{room}

# With each other
- Which agreement outlived the people who signed it? (10 min)
- Where did two associations do more together than apart? (10 min)
"""
CUT = r"ERR_INTERNET_DISCONNECTED|WebSocket connection"


class Cafe:
    """A session with a moderator and three members on sockets, and Awa in a browser."""

    def __init__(self, moderator: Member, page: Page, members: dict[str, Member], awa: str) -> None:
        self.moderator = moderator
        self.page = page
        self.members = members
        self.awa = awa
        self.plan = ""

    async def open(self, **fields: Any) -> None:
        """Make a plan of two rooms, open it, and wait until the page shows the room."""
        wanted: dict[str, Any] = {"rooms": 2, "assign": "random", "seconds": 600} | fields
        made = (await self.moderator.send("rooms.plan", **wanted)).made
        assert made is not None
        self.plan = made
        await self.moderator.until(lambda docs: docs["desk"]["rooms"][self.plan]["state"] == "ready")
        await self.moderator.send("rooms.open", plan=self.plan)

    @property
    def desk(self) -> dict[str, Any]:
        """The plan as the desk sees it."""
        plan: dict[str, Any] = self.moderator.docs["desk"]["rooms"][self.plan]
        return plan

    def seat(self, round_: int = 1) -> str:
        """The room that Awa has in a round."""
        seats: dict[str, list[str]] = self.desk["seats"][str(round_)]
        return next(room for room, people in seats.items() if self.awa in people)

    def mate(self, room: str, round_: int = 1) -> Member:
        """A member on a socket who has that room in a round."""
        return next(self.members[one] for one in self.desk["seats"][str(round_)][room] if one != self.awa)

    async def here(self) -> None:
        """Wait until the page shows a room, and the plenary no more."""
        await expect(self.page.locator("#room-title")).to_be_visible()
        await expect(self.page.locator("#guiding")).to_be_hidden()

    async def back(self) -> None:
        """Wait until the page shows the plenary again."""
        await expect(self.page.locator("#guiding")).to_be_visible()
        await expect(self.page.locator("#room")).to_be_hidden()

    async def write(self, text: str) -> None:
        """Write a note on the sheet."""
        await self.page.locator("#room-pad").get_by_label("Lesson").check()
        await self.page.locator("#room-pad-text").fill(text)
        await self.page.get_by_role("button", name="Add to the sheet").click()


@pytest.fixture
async def cafe(server: Server, browser: Pages) -> AsyncIterator[Cafe]:
    made = await server.create(AGENDA)
    async with AsyncExitStack() as stack:
        moderator = await stack.enter_async_context(server.connect(made.session, made.tokens["moderator"]))
        await moderator.send("agenda.next", current=None)
        people = await asyncio.gather(*(server.join(made.code, name) for name in ("Ben", "Chi", "Dede")))
        members = {
            one.person: await stack.enter_async_context(server.connect(made.session, one.token)) for one in people
        }
        page = await browser.page(viewport={"width": 320, "height": 640})
        answer = await page.context.request.post(
            f"{server.url}/api/join", data={"code": made.code, "name": "Awa"}, headers={"Origin": server.url}
        )
        joined = await answer.json()
        await page.goto(f"{server.url}/s/{made.session}")
        await expect(page.locator("#connection")).to_have_attribute("data-state", "live")
        yield Cafe(moderator, page, members, joined["person"])


async def test_a_round_at_a_table_from_the_first_note_to_the_next_table(cafe: Cafe) -> None:
    page = cafe.page
    seen = asyncio.Event()

    async def held_back(route: Route) -> None:
        await seen.wait()
        await route.fallback()

    await page.route("**/js/pages/participant-rooms.js", held_back)
    top = await page.locator("#guiding").bounding_box()
    await cafe.open(rounds=2, topics=[{"name": "Harbour", "question": "q1.1"}, {"task": "List them."}])
    await expect(page.get_by_role("status").filter(has_text="Your room opens")).to_be_visible()
    assert await page.locator("#guiding").bounding_box() == top
    seen.set()
    await cafe.here()
    await expect(page.locator("#rooms-coming")).to_be_empty()
    await expect(page.locator("#toasts")).to_contain_text("round 1 of 2")
    await expect(page.get_by_role("link", name="Open the video room")).to_have_attribute("rel", "noopener")
    first, second = cafe.seat(), cafe.seat(2)
    assert first != second
    await cafe.mate(second).send("note.write", kind="works", text="A calendar that is read.", room=second)
    await cafe.mate(second).send("room.handover", text="Ask who answers the phone.\nThen listen.")
    await cafe.write("One page, and a name on it.")
    note = page.locator(".room-sheet .room-note")
    await expect(note).to_contain_text("You")
    await note.get_by_role("button", name="Change").click()
    await note.get_by_label("Note", exact=True).fill("One page.")
    await note.get_by_role("button", name="Save").click()
    await cafe.moderator.until(lambda docs: docs["desk"]["rooms"][cafe.plan]["rooms"][first]["notes"] == 1)
    await expect(note).to_contain_text("One page.")
    await axe(page)
    lines = page.get_by_label("For those who come next")
    await cafe.moderator.send("rooms.edit", room=first, host=cafe.mate(first).docs["me"]["person"])
    await expect(lines).to_be_hidden()
    await cafe.moderator.send("rooms.edit", room=first, host=None)
    await lines.fill("Try\none\npage\nfirst.")
    await page.get_by_role("button", name="Leave these lines").click()
    await expect(page.locator("#room-work .error:visible")).to_have_text("Keep it to 3 lines.")
    await expect(lines).to_be_focused()
    await expect(lines).to_have_value("Try\none\npage\nfirst.")
    await axe(page)
    await lines.fill("Try one page.")
    await expect(page.locator("#room-work .error:visible")).to_have_count(0)
    await page.get_by_role("button", name="Leave these lines").click()
    await expect(page.locator("#toasts")).to_contain_text("Your lines wait")
    await lines.fill("Try one page.\nAnd")
    await page.locator("#room-pad-text").fill("Half a thou")
    await cafe.moderator.send("rooms.rotate", round=1)
    await expect(page.locator("#room .eyebrow")).to_contain_text("Round 2 of 2")
    await expect(page.locator("#room-title")).to_be_focused()
    await expect(page.locator("#toasts")).to_contain_text("round 2 of 2")
    await expect(page.locator(".room-earlier")).to_contain_text("A calendar that is read.")
    await expect(page.locator(".room-handover")).to_contain_text("Ask who answers the phone.")
    await expect(page.locator("#room-pad-text")).to_have_value("")
    await cafe.mate(second, 2).send("note.write", kind="works", text="One date a year.", room=second)
    await expect(page.locator(".room-sheet .room-note")).to_contain_text("One date a year.")
    await page.reload()
    await expect(page.locator(".room-sheet .room-note")).to_contain_text("One date a year.")
    await expect(page.locator(".room-offer").filter(has_text="Try one page.")).to_contain_text("round 1")
    await page.locator(".room-offer", has_text="Half a thou").get_by_role("button", name="Put it here").click()
    await expect(page.locator("#room-pad-text")).to_have_value("Half a thou")
    assert await page.evaluate("document.documentElement.scrollWidth") == 320
    await axe(page)


async def test_help_messages_a_poll_and_the_way_to_the_hall_and_back(cafe: Cafe) -> None:
    page = cafe.page
    await cafe.open()
    await cafe.here()
    room = cafe.seat()
    await page.get_by_role("button", name="Ask for help").click()
    await cafe.moderator.until(lambda docs: docs["desk"]["rooms"][cafe.plan]["rooms"][room].get("help"))
    await expect(page.locator(".room-help")).to_contain_text("Help asked 0:0")
    await cafe.moderator.send("room.coming", room=room)
    await expect(page.locator(".room-help")).to_have_text("\u2068Moderator\u2069 is on the way")
    await cafe.moderator.send("rooms.message", text="Has everybody spoken?", room=room)
    await expect(page.locator("#room-top")).to_contain_text("Has everybody spoken?")
    await expect(page.locator("#toasts")).to_contain_text("Has everybody spoken?")
    poll = (await cafe.moderator.send("poll.create", kind="single", prompt="Done?", options=["Yes", "No"])).made
    await cafe.moderator.send("poll.open", poll=poll, where=room)
    card = page.locator(f".poll[data-key={poll}]")
    await card.get_by_role("button", name="Yes").click()
    await expect(card.locator(".poll-own")).to_contain_text("Counted")
    await cafe.moderator.send("poll.close", poll=poll)
    await expect(page.locator("#polls-now").locator(card)).to_contain_text("Your ballot was counted")
    both = (await cafe.moderator.send("poll.create", kind="single", prompt="Go on?", options=["Yes", "No"])).made
    await cafe.moderator.send("poll.open", poll=both, where="rooms")
    await page.locator(f".poll[data-key={both}]").get_by_role("button", name="No").click()
    await page.get_by_role("button", name="Back to the hall").click()
    await cafe.back()
    await expect(page.locator("#now-title")).to_be_focused()
    await expect(page.locator("#rooms")).to_contain_text("Back in 9:5")
    await axe(page)
    await page.get_by_role("button", name="Back to Table").click()
    await cafe.here()
    await cafe.moderator.send("rooms.extend", seconds=-570)
    await expect(page.locator("#toasts")).to_contain_text("1 minute left")
    await cafe.moderator.send("rooms.close", grace=30)
    await expect(page.locator(".room-closing")).to_contain_text("Rooms close in 0:")
    await page.get_by_role("button", name="Back to the hall now").click()
    await cafe.back()
    await cafe.moderator.send("rooms.close", grace=0)
    await cafe.moderator.send("poll.publish", poll=both)
    await page.reload()
    figure = page.locator(f".poll[data-key={both}] .results-by-room")
    await figure.get_by_text("By room").click()
    await expect(figure.locator(".results-rooms > li").nth(cafe.desk["rooms"][room]["number"] - 1)).to_contain_text(
        "1 ballot"
    )
    await figure.get_by_text("Show as a table").click()
    row = figure.get_by_role("row").filter(has_text=f"Table {cafe.desk['rooms'][room]['number']}")
    await expect(row.get_by_role("cell")).to_have_text(["0", "1", "1"])
    assert await page.evaluate("document.documentElement.scrollWidth") == 320
    await axe(page)


async def test_who_may_choose_picks_a_room_with_places_left_and_may_go_to_another(cafe: Cafe) -> None:
    page = cafe.page
    await cafe.open(assign="chosen", places=1, topics=[{"name": "Harbour"}, {}])
    hall = page.locator("#rooms")
    await expect(hall).to_contain_text("Choose your room")
    harbour, other = cafe.desk["order"]
    await expect(hall.locator("li").first).to_contain_text("1 place left")
    await next(iter(cafe.members.values())).send("room.choose", room=harbour)
    await expect(hall.locator("li").first).to_contain_text("full")
    await axe(page)
    await hall.get_by_role("button", name="Go there: Table 2").click()
    await cafe.here()
    await expect(page.locator("#room-title")).to_have_text("Table 2")
    assert cafe.moderator.docs["stage"]["rooms"]["open"]["rooms"][other]["number"] == 2


async def test_what_is_written_without_a_network_arrives_where_it_was_written_and_is_given_back_where_it_cannot(
    cafe: Cafe, browser: Pages
) -> None:
    browser.expect(CUT)
    page = cafe.page
    await cafe.open(rounds=2, seconds=0)
    await cafe.here()
    first = cafe.seat()
    await page.context.set_offline(True)
    await expect(page.locator("#connection")).to_have_attribute("data-state", "offline")
    await cafe.write("Written in a tunnel")
    await expect(page.locator(".room-note")).to_contain_text("kept until you are back online")
    await page.get_by_label("For those who come next").fill("Mind the tunnel.")
    await page.get_by_role("button", name="Leave these lines").click()
    await page.get_by_role("button", name="Ask for help").click()
    await page.get_by_role("button", name="Back to the hall").click()
    await cafe.moderator.send("rooms.rotate", round=1)
    await page.context.set_offline(False)
    docs = await cafe.moderator.until(lambda docs: docs["record"]["rooms"][cafe.plan]["handovers"])
    kept = docs["record"]["rooms"][cafe.plan]
    assert [(note["room"], note["round"]) for note in kept["notes"].values()] == [(first, 1)]
    assert [(lines["room"], lines["round"]) for lines in kept["handovers"].values()] == [(first, 1)]
    await expect(page.locator("#room .eyebrow")).to_contain_text("Round 2 of 2")
    await expect(page.locator("#toasts")).to_contain_text("Your lines wait")
    await expect(page.get_by_role("button", name="Ask for help")).to_be_visible()
    await expect(page.locator("#room .error:visible")).to_have_count(0)
    await expect(page.locator(".room-offer")).to_have_count(0)
    await expect(page.locator(".room-note")).to_have_count(0)
    await page.context.set_offline(True)
    await expect(page.locator("#connection")).to_have_attribute("data-state", "offline")
    await cafe.write("Too late")
    await cafe.moderator.send("rooms.assign", person=cafe.awa, room=None)
    await cafe.moderator.send("rooms.close", grace=0)
    await page.context.set_offline(False)
    await page.reload()
    await cafe.back()
    await expect(page.locator(".room-offer")).to_contain_text("Too late")
    await axe(page)


async def test_the_room_can_be_read_without_script(cafe: Cafe, browser: Pages) -> None:
    await cafe.open(topics=[{"task": "List them.", "question": "q1.1"}] * 2)
    await cafe.here()
    state = await cafe.page.context.storage_state()
    still = await browser.page(viewport={"width": 320, "height": 640}, java_script_enabled=False, storage_state=state)
    await still.goto(cafe.page.url)
    await expect(still.locator("#room")).to_contain_text("List them.")
    await expect(still.locator(".room-question")).to_have_text("Which agreement outlived the people who signed it?")
    await expect(still.locator("#guiding")).to_be_hidden()
