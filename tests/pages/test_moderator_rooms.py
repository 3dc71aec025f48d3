"""The moderator's breakout rooms in a real Chromium: plan, move people by keyboard and by mouse, open, help,
rotate, call back, and take in what was written."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack

import pytest
from playwright.async_api import Locator, Page, expect

from tests.support.browser import Pages, axe
from tests.support.member import Member
from tests.support.server import Server, Session

pytestmark = pytest.mark.browser

NAMES = ("Ada", "Ben", "Cleo", "Dan", "Eve", "Flo", "Gus", "Hana")
GROUPS = ("diaspora", "public")


@pytest.fixture
async def session(server: Server) -> Session:
    return await server.create()


@pytest.fixture
async def people(server: Server, session: Session) -> AsyncIterator[list[Member]]:
    async with AsyncExitStack() as stack:
        members = []
        for number, name in enumerate(NAMES):
            joined = await server.join(session.code, name, group=GROUPS[number % 2])
            members.append(await stack.enter_async_context(server.connect(session.session, joined.token)))
        yield members


@pytest.fixture
async def page(server: Server, session: Session, people: list[Member], browser: Pages) -> Page:
    async with server.connect(session.session, session.tokens["moderator"]) as moderator:
        await moderator.send("agenda.next", current=None)
    browser.expect(r"status of (401|403)")  # the page is asked for once before the key of the link is exchanged
    page = await browser.page(
        session.links["moderator"], viewport={"width": 1280, "height": 900}, reduced_motion="reduce"
    )
    await expect(page.locator("#connection[data-state=live]")).to_be_visible()
    return page


def card(page: Page, name: str) -> Locator:
    return page.locator(".room-card").filter(has=page.get_by_role("heading", name=name))


async def said(page: Page, words: str) -> None:
    await expect(page.locator(".snackbar-words")).to_have_text(words)


async def look(page: Page) -> None:
    """Axe finds nothing, and nothing is wider than the window, on a desk and on the narrowest phone in the other direction."""
    await axe(page)
    await page.set_viewport_size({"width": 320, "height": 640})
    await page.evaluate("document.documentElement.dir = 'rtl'")
    if not await page.locator("#tab-stage[aria-current]").count():
        await page.locator("#tab-stage").click()
    await expect(page.locator(".rooms-steering")).to_be_visible()
    await axe(page)
    wide, room = await page.evaluate("[document.documentElement.scrollWidth, document.documentElement.clientWidth]")
    assert wide <= room
    await page.evaluate("document.documentElement.dir = 'ltr'")
    await page.set_viewport_size({"width": 1280, "height": 900})


async def test_rooms_from_the_plan_to_the_way_back(page: Page, people: list[Member]) -> None:
    steering = page.locator(".rooms-steering")
    await page.get_by_role("button", name="Plan rooms").click()
    form = page.locator(".rooms-form")
    await expect(form).to_contain_text("8 people here: 4 rooms of 2.")
    await form.get_by_label("Rounds").fill("0")
    await form.get_by_role("button", name="Make the plan").click()
    await expect(form.get_by_label("Rounds")).to_be_focused()
    await expect(form.get_by_role("alert").filter(visible=True)).to_have_text("Write how many rounds, from 1 to 12.")
    await form.get_by_label("Rounds").fill("2")
    await form.get_by_label("Rooms", exact=True).fill("2")
    await form.get_by_role("button", name="Make the plan").click()
    await expect(steering).to_contain_text("Ready")
    await said(page, "The plan is ready. Nobody has moved.")
    await expect(page.locator(".rooms-quality")).to_contain_text("Nobody comes to a room twice.")

    # By keyboard: the focus goes along with the person.
    chip = card(page, "Table 1").locator(".person-chip").first
    person = await chip.locator(".chip-name").inner_text()
    await chip.focus()
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("dialog")).to_have_accessible_name(f"Move \u2068{person}\u2069")
    await axe(page)
    await page.get_by_role("dialog").get_by_role("button", name="Table 2").press("Enter")
    await said(page, f"\u2068{person}\u2069 is now at Table 2.")
    moved = card(page, "Table 2").locator(".person-chip", has_text=person)
    await expect(moved).to_be_focused()
    await page.keyboard.press("u")
    await expect(card(page, "Table 1").locator(".person-chip", has_text=person)).to_be_focused()

    # With the mouse.
    grabbed = card(page, "Table 1").locator(".person-chip").last
    person = await grabbed.locator(".chip-name").inner_text()
    await grabbed.hover()
    await page.mouse.down()
    await card(page, "Table 2").get_by_role("heading").hover()
    await page.mouse.up()
    await expect(card(page, "Table 2").locator(".person-chip", has_text=person)).to_be_visible()
    await expect(page.get_by_role("dialog")).to_have_count(0)
    await expect(card(page, "Table 2").locator(".person-chip")).to_have_count(5)
    await look(page)

    await page.get_by_role("button", name="Open the rooms").click()
    await expect(steering).to_contain_text("Round 1 of 2")
    await people[0].until(lambda docs: docs["me"]["room"])
    await people[0].send("room.help")
    await expect(page.locator(".room-card.on-air")).to_contain_text("waits for help")
    await page.locator("body").press("w")
    await page.keyboard.press("Enter")
    await people[0].until(lambda docs: docs[f"room/{docs['me']['room']}"]["help"]["coming"])
    await page.get_by_role("button", name="Look in").first.click()
    dialog = page.get_by_role("dialog")
    await dialog.get_by_label("Words to this room").fill("Five more minutes.")
    await dialog.get_by_role("button", name="Send").click()
    await expect(dialog).to_contain_text("Five more minutes.")
    await axe(page)
    await page.keyboard.press("Escape")
    await page.get_by_role("button", name="Helped").click()
    await expect(page.locator(".rooms-help")).to_be_hidden()
    await page.get_by_role("button", name="5 minutes more for the rooms").click()
    await expect(steering).to_contain_text("of 20 min")

    await page.get_by_role("button", name="Rotate").click()
    await page.get_by_role("dialog").get_by_role("button", name="Rotate").click()
    await expect(steering).to_contain_text("Round 2 of 2")
    await look(page)
    await page.get_by_role("button", name="Call everybody back").click()
    await expect(steering).to_contain_text("until the rooms close")
    await page.get_by_role("button", name="Stay, +1 min").click()
    await expect(steering).to_contain_text("Open")
    await page.get_by_role("button", name="Call everybody back").click()
    await page.get_by_role("button", name="Close the rooms now").click()
    await people[0].until(lambda docs: docs["me"].get("room") is None)
    await expect(page.get_by_role("button", name="Open the rooms again")).to_be_visible()


async def test_rooms_that_move_by_themselves_say_so_and_what_was_written_is_lifted(
    server: Server, session: Session, page: Page, people: list[Member]
) -> None:
    async with server.connect(session.session, session.tokens["moderator"]) as moderator:
        topics = [{"name": "Oak", "task": "Say what holds."}]
        made = await moderator.send(
            "rooms.plan", assign="mixed", rooms=2, rounds=2, seconds=1, auto=True, topics=topics
        )
        await moderator.until(lambda docs: docs["desk"]["rooms"][made.made]["state"] == "ready")
        await page.get_by_role("button", name="Show the board").click()
        await moderator.send("rooms.open", plan=made.made)
    docs = await people[0].until(lambda docs: docs["me"]["room"])
    await people[0].send("note.write", kind="works", text="A shared table.", room=docs["me"]["room"], round=1)
    live = page.locator("#live")
    await expect(live).to_contain_text("Round 2 has begun by itself.")
    await expect(live).to_contain_text("The rooms close by themselves in 60 seconds.")
    await expect(page.locator(".rooms-news")).to_have_text("The last round is over; the rooms close by themselves.")
    await page.get_by_role("button", name="Close in 15 s").click()
    await expect(page.get_by_role("button", name="Stay, +1 min")).to_be_focused()
    await page.keyboard.press("Enter")
    await expect(page.locator(".rooms-news")).to_contain_text("Round 2 began by itself at")

    await page.get_by_role("button", name="What was written").click()
    await page.get_by_role("button", name="Lift into the record: A shared table.").click()
    await expect(page.locator(".harvest-note")).to_contain_text("Lifted")
    await look(page)
    await page.get_by_role("button", name="Show on screen").first.click()
    await people[0].until(lambda docs: docs["stage"]["rooms"]["shown"])

    # One room's countdown is taken back alone; what is emptied is taken away; what is wrong stands beside its field.
    await page.get_by_role("button", name="Who sits where").click()
    await page.get_by_role("button", name="Look in: Oak").click()
    dialog = page.get_by_role("dialog", name="Oak")
    await dialog.get_by_role("button", name="Close this room").click()
    await dialog.get_by_role("button", name="Keep this room open").click()
    await expect(dialog.get_by_role("button", name="Close this room")).to_be_visible()
    await dialog.get_by_role("button", name="Edit").click()
    form = page.get_by_role("dialog", name="Edit Oak")
    for field in ("Name of the room", "Task"):
        await form.get_by_label(field).fill("")
    await form.get_by_role("button", name="Save").click()
    await expect(page.get_by_role("dialog").get_by_role("heading", name="Table 1")).to_be_visible()
    await page.keyboard.press("Escape")
    await expect(card(page, "Table 1")).not_to_contain_text("Say what holds.")
    await page.get_by_role("button", name="Close the board").click()
    await expect(page.locator(".stage-part").first).to_have_id("stage-rooms")
    await expect(page.locator("#stage-now")).to_contain_text("Breakout rooms")
    await page.reload()
    await expect(page.locator(".stage-part").first).to_have_id("stage-rooms")
    await expect(page.get_by_role("button", name="Show the board")).to_be_in_viewport()
    await page.get_by_text("Video link of the rooms").click()
    link = page.get_by_label("Address of the video rooms")
    await link.fill("http://meet.example/{room}")
    await link.press("Enter")
    await expect(page.get_by_role("alert").filter(visible=True)).to_contain_text("This is no address of a page")
    await expect(link).to_be_focused()
