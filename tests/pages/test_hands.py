"""A queue of more hands than anybody reads, in a real Chromium: what a participant, the screen and the moderator see of it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest
import pytest_asyncio
from playwright.async_api import Page, expect

from tests.support.browser import Pages, axe
from tests.support.member import Member
from tests.support.server import Person, Server, Session

pytestmark = pytest.mark.browser

MANY = 110
PHONE: dict[str, Any] = {"viewport": {"width": 320, "height": 640}}
KEYED = r"status of (401|403)"  # the page is asked for once before the key of the link is exchanged


class Hall:
    """A session that is live, its moderator on a socket, and people of whom many have raised a hand, in this order."""

    def __init__(self, server: Server, made: Session, moderator: Member, people: list[Person]) -> None:
        self.server = server
        self.made = made
        self.moderator = moderator
        self.people = people

    async def raise_hand(self, person: Person) -> None:
        async with self.server.connect(self.made.session, person.token) as member:
            await member.send("hand.raise")


@pytest_asyncio.fixture
async def hall(server: Server) -> AsyncIterator[Hall]:
    made = await server.create()
    async with server.connect(made.session, made.tokens["moderator"]) as moderator:
        await moderator.send("agenda.next", current=None)
        people = [await server.join(made.code, f"Person {number}") for number in range(1, MANY + 1)]
        hall = Hall(server, made, moderator, people)
        for start in range(0, MANY, 10):
            # Ten at a time, so that the order within the tens alone is open.
            await asyncio.gather(*(hall.raise_hand(person) for person in people[start : start + 10]))
        await moderator.until(lambda docs: len(docs["desk"]["hands"]) == MANY)
        yield hall


async def fits(page: Page) -> None:
    """Axe finds nothing, and nothing is wider than the window, whichever way is written."""
    await axe(page)
    for way in ("rtl", "ltr"):
        await page.evaluate("way => { document.documentElement.dir = way }", way)
        wide, room = await page.evaluate("[document.documentElement.scrollWidth, document.documentElement.clientWidth]")
        assert wide <= room


async def test_behind_the_head_of_the_queue_a_participant_reads_how_many_are_before_at_least(
    hall: Hall, browser: Pages
) -> None:
    page = await browser.page(**PHONE)
    await page.goto(f"{hall.server.url}/j/{hall.made.code}")
    await page.get_by_label("Your name").fill("Awa")
    await page.get_by_role("button", name="Join").click()
    await page.get_by_role("button", name="Raise hand").click()
    await page.locator("#hand-sheet").get_by_role("button", name="Raise hand").click()
    await expect(page.locator("#hand-sub")).to_have_text("At least 50 before you")
    await expect(page.locator("#queue-list li")).to_have_count(50)
    await expect(page.locator("#queue-more")).to_have_text(f"and {MANY + 1 - 50} more people")
    await fits(page)
    await page.locator("#hand-button").click()
    await expect(page.locator("#place-title")).to_have_text("At least 50 before you")
    await expect(page.locator("#place-why")).to_have_text("Hands are called in the order in which they went up.")
    await axe(page)
    await page.keyboard.press("Escape")
    docs = await hall.moderator.until(lambda docs: len(docs["desk"]["hands"]) == MANY + 1)
    awa = next(person for person, who in docs["desk"]["people"].items() if who["name"] == "Awa")
    await hall.moderator.send("speaker.move", person=awa, before=docs["stage"]["speakers"]["waiting"][2])
    await expect(page.locator("#hand-sub")).to_have_text(f"Place 3 of {MANY + 1}")
    await expect(page.locator("#queue-list li[aria-current]")).to_contain_text("\u2068Awa\u2069 (you)")
    still = await browser.page(storage_state=await page.context.storage_state(), java_script_enabled=False, **PHONE)
    await still.goto(page.url)
    await expect(still.locator("#queue-more")).to_have_text(f"and {MANY + 1 - 50} more people")


async def test_the_screen_counts_all_who_wait(hall: Hall, browser: Pages) -> None:
    browser.expect(KEYED)
    page = await browser.page(hall.made.links["screen"], viewport={"width": 1280, "height": 720})
    await hall.moderator.send("speaker.next", current=None)
    await expect(page.locator(".next-name")).to_have_count(3)
    await expect(page.locator(".next-more")).to_have_text(f"and {MANY - 1 - 3} more")


async def test_a_moderator_works_from_all_hands_and_sees_the_first_hundred(hall: Hall, browser: Pages) -> None:
    browser.expect(KEYED)
    page = await browser.page(
        hall.made.links["moderator"], viewport={"width": 1280, "height": 900}, reduced_motion="reduce"
    )
    hands = page.locator("#hands .hand")
    await expect(page.locator("#connection[data-state=live]")).to_be_visible()
    await expect(hands).to_have_count(5)
    await expect(page.locator("#people-count")).to_have_text(str(MANY))
    await page.get_by_role("button", name=f"Show the first 100 of {MANY} hands").click()
    await expect(hands).to_have_count(100)
    await expect(page.get_by_text(f"{MANY - 100} more hands wait behind these.")).to_be_visible()
    await fits(page)

    # Behind the head of the queue that everybody sees: by the keyboard, and back.
    name = await hands.nth(60).locator(".hand-name").inner_text()
    await page.get_by_role("button", name=f"Move {name} up", exact=True).press("Enter")
    await expect(hands.nth(59).locator(".hand-name")).to_have_text(name)
    await expect(hands.nth(59)).to_contain_text("moved by a moderator")
    await page.get_by_role("button", name="Undo").click()
    await expect(hands.nth(60).locator(".hand-name")).to_have_text(name)

    await page.get_by_role("button", name=f"Give the floor to {name}", exact=True).click()
    await expect(page.locator(".floor-name")).to_have_text(name)
    await expect(hands.filter(has=page.get_by_text(name, exact=True))).to_have_count(0)
    await expect(page.get_by_text(f"{MANY - 101} more hands wait behind these.")).to_be_visible()
    await page.get_by_role("button", name="Show the first five").click()
    await expect(hands).to_have_count(5)
