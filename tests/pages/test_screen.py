"""The screen on a real server: what is largest is what the hall has to see, and nothing on it can be pressed."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator

import pytest
from playwright.async_api import Page, expect

from tests.support.browser import Pages, axe
from tests.support.member import Member
from tests.support.rooms import opened
from tests.support.server import Server, Session

pytestmark = pytest.mark.browser

SIZES = [(1280, 720), (1920, 1080), (1024, 768), (1080, 1920)]
LONG = (
    "What would it take for savings, skills and networks abroad to reach the towns that need them most, without adding one "
    "more institution, and who in this room could begin before the end of this year?"
)


@pytest.fixture
async def session(server: Server) -> Session:
    return await server.create(f"Bridges\n\n# Abroad\n- {LONG} (10 min)\n- What next? (5 min)\n")


@pytest.fixture
async def moderator(server: Server, session: Session) -> AsyncIterator[Member]:
    async with server.connect(session.session, session.tokens["moderator"]) as member:
        yield member


@pytest.fixture
async def page(session: Session, browser: Pages) -> Page:
    browser.expect(r"status of (401|403)")  # the page is asked for once before the key of the link is exchanged
    page = await browser.page(session.links["screen"], viewport={"width": 1280, "height": 720})
    await expect(page.locator("#connection[data-state=live]")).to_be_visible()
    return page


async def shows(page: Page, scene: str) -> None:
    await expect(page.locator(f"#hall[data-scene={scene}]")).to_be_visible()
    await axe(page)


async def test_the_hall_gathers_around_a_large_code_that_later_stays_small(
    session: Session, moderator: Member, page: Page
) -> None:
    await shows(page, "gather")
    await expect(page.locator(".join-code")).to_have_text(session.code)
    large = await page.locator(".join-qr").bounding_box()
    await moderator.send("agenda.next", current=None)
    await shows(page, "question")
    small = await page.locator(".join-qr").bounding_box()
    assert large is not None
    assert small is not None
    assert large["height"] > 720 * 0.5
    assert 100 < small["height"] < large["height"] / 2


async def test_the_start_is_shown_in_the_zone_of_the_event(server: Server, browser: Pages) -> None:
    browser.expect(r"status of (401|403)")
    session = await server.create("Bridges\n\n18 February 2027, 15:00 Europe/Paris\n\n# Abroad\n- What next?\n")
    page = await browser.page(session.links["screen"], locale="en-US", timezone_id="America/New_York")
    await expect(page.locator(".scene-after")).to_have_text("18 February 2027 at 15:00 CET")


async def test_a_question_of_two_hundred_characters_fits_every_screen_and_is_large(
    moderator: Member, page: Page
) -> None:
    await moderator.send("agenda.next", current=None)
    await shows(page, "question")
    await expect(page.locator("h1")).to_have_text(LONG)
    for width, height in SIZES:
        await page.set_viewport_size({"width": width, "height": height})
        await page.wait_for_function(
            """() => {
                const frame = document.getElementById("scene").getBoundingClientRect();
                const clock = document.querySelector(".clock-figure").getBoundingClientRect();
                const text = document.querySelector("h1").getBoundingClientRect();
                return text.top >= frame.top && clock.bottom <= frame.bottom && text.right <= frame.right;
            }"""
        )
        letters = await page.locator("h1").evaluate("h1 => parseFloat(getComputedStyle(h1).fontSize)")
        assert letters >= 0.055 * min(width, height), (width, height)


async def test_a_poll_comes_before_the_speaker_and_stays_until_it_is_hidden_or_the_next_question(
    server: Server, session: Session, moderator: Member, page: Page
) -> None:
    await moderator.send("agenda.next", current=None)
    person = await server.join(session.code, "Amina Diallo")
    async with server.connect(session.session, person.token) as amina:
        await amina.send("hand.raise")
        await moderator.send("speaker.next", current=None)
        await shows(page, "speaker")
        await expect(page.locator("h1")).to_have_text("Amina Diallo")
        await expect(page.locator(".under-text")).to_have_text(LONG)
        poll = (
            await moderator.send("poll.create", kind="single", prompt="Which first?", options=["Water", "Roads"])
        ).made
        await moderator.send("poll.open", poll=poll)
        await shows(page, "poll")
        await amina.send("ballot.cast", poll=poll, answer=["b"])
        await expect(page.locator(".turnout-figure")).to_have_text("1")
    await moderator.send("poll.close", poll=poll)
    await expect(page.locator(".scene-label")).to_have_text("The poll is closed. The results follow.")
    await moderator.send("poll.publish", poll=poll)
    await expect(page.locator(".results-value")).to_have_text(["0 · 0%", "1 · 100%"])
    await shows(page, "poll")
    await page.reload()
    await shows(page, "poll")
    await moderator.send("poll.hide", poll=poll)
    await shows(page, "speaker")
    await moderator.send("poll.publish", poll=poll)
    await shows(page, "poll")
    await moderator.send("speaker.finish")
    await shows(page, "poll")
    await moderator.send("agenda.next", current=moderator.docs["stage"]["agenda"]["current"])
    await shows(page, "question")


async def test_published_results_give_way_to_whoever_gets_the_floor(
    server: Server, session: Session, moderator: Member, page: Page
) -> None:
    await moderator.send("agenda.next", current=None)
    poll = (await moderator.send("poll.create", kind="single", prompt="Which first?", options=["Water", "Roads"])).made
    for step in ("open", "close", "publish"):
        await moderator.send(f"poll.{step}", poll=poll)
    await expect(page.locator(".scene-label")).to_have_text("Results")
    person = await server.join(session.code, "Amina Diallo")
    async with server.connect(session.session, person.token) as amina:
        await amina.send("hand.raise")
        await moderator.send("speaker.next", current=None)
    await shows(page, "speaker")
    await expect(page.locator("h1")).to_have_text("Amina Diallo")
    await expect(page.locator(".scene-speaker > .clock-part .clock-figure")).to_be_visible()
    await expect(page.locator(".under-text")).to_have_text(LONG)
    await page.reload()
    await shows(page, "speaker")
    other = (
        await moderator.send("poll.create", kind="single", prompt="And then?", options=["Schools", "Clinics"])
    ).made
    await moderator.send("poll.open", poll=other)
    await shows(page, "poll")
    await expect(page.locator(".poll-floor")).to_contain_text("Speaking now: Amina Diallo")
    await expect(page.locator(".poll-floor .clock-figure")).to_be_visible()
    await moderator.send("poll.close", poll=other)
    await moderator.send("poll.drop", poll=other)
    await shows(page, "speaker")
    await moderator.send("poll.hide", poll=poll)
    await moderator.send("poll.publish", poll=poll)
    await shows(page, "poll")


async def test_results_that_are_seen_all_along_are_called_results_once_the_poll_is_closed(
    moderator: Member, page: Page
) -> None:
    await moderator.send("agenda.next", current=None)
    poll = (
        await moderator.send(
            "poll.create", kind="single", prompt="Which first?", options=["A", "B"], settings={"visibility": "live"}
        )
    ).made
    await moderator.send("poll.open", poll=poll)
    await expect(page.locator(".scene-label")).to_have_text("Poll: answer now")
    await expect(page.locator(".results-bars")).to_be_visible()
    await moderator.send("poll.close", poll=poll)
    await expect(page.locator(".scene-label")).to_have_text("Results")
    await expect(page.locator(".results-bars")).to_be_visible()


async def test_the_clock_says_in_words_that_time_runs_out(moderator: Member, page: Page) -> None:
    await moderator.send("agenda.next", current=None)
    clock = page.locator(".clock-part")
    await expect(clock).to_have_text("10:00 left")
    await moderator.send("clock.extend", seconds=-550)
    await expect(clock.locator(".clock-word")).to_have_text("last minute")
    await moderator.send("clock.pause")
    await expect(clock.locator(".clock-word")).to_have_text("paused")
    await moderator.send("clock.resume")
    await moderator.send("clock.extend", seconds=-100)
    await expect(clock).to_have_text(re.compile(r"^0:0[0-9] over$"))
    await moderator.send("clock.start", seconds=50)
    await expect(clock.locator(".clock-word")).to_have_text("last minute")  # ten minutes were planned
    second = next(iter(moderator.docs["stage"]["agenda"]["segments"].values()))["order"][1]
    await moderator.send("agenda.edit", item=second, seconds=50)
    await moderator.send("agenda.go", question=second)
    await expect(clock.locator(".clock-word")).to_have_text("left")


async def test_an_announcement_is_a_banner_over_whatever_is_shown(moderator: Member, page: Page) -> None:
    await expect(page.locator("#banner")).to_be_hidden()
    await moderator.send("announce", text="Interpretation is on channel 2.")
    await expect(page.locator("#banner")).to_have_text("Interpretation is on channel 2.")
    await shows(page, "gather")
    await moderator.send("announce.clear")
    await expect(page.locator("#banner")).to_be_hidden()


async def test_the_end_is_said_and_nothing_on_the_page_can_be_pressed(moderator: Member, page: Page) -> None:
    await moderator.send("agenda.next", current=None)
    await moderator.send("session.close")
    await shows(page, "ended")
    await expect(page.locator("h1")).to_have_text("The session has ended. Thank you.")
    assert await page.locator("main :is(button, a, input, select, textarea)").count() == 0


async def test_the_first_view_reads_without_script(
    session: Session, moderator: Member, page: Page, browser: Pages
) -> None:
    await moderator.send("agenda.next", current=None)
    context = await browser.context(java_script_enabled=False, viewport={"width": 1280, "height": 720})
    await context.add_cookies(await page.context.cookies())  # type: ignore[arg-type]
    plain = await context.new_page()
    await plain.goto(page.url)
    await expect(plain.locator("h1")).to_have_text(LONG)
    await expect(plain.locator(".clock-figure")).to_be_visible()
    await expect(plain.locator(".join-code")).to_have_text(session.code)


async def test_rooms_are_a_map_with_their_round_and_a_rooms_notes_come_before_it(
    server: Server, session: Session, moderator: Member, page: Page
) -> None:
    await moderator.send("agenda.next", current=None)
    async with opened(server, session, moderator, name="World café", topics=[{"name": "Wells"}, {}]) as rooms:
        await shows(page, "rooms")
        await expect(page.locator("h1")).to_have_text("Round 1 of 2")
        await expect(page.locator(".room-name")).to_have_text(["1 · Wells", "Table 2"])
        await expect(page.locator(".room-said")).to_have_text(["2 people", "2 people"])
        await moderator.send("rooms.rotate", round=1)
        await expect(page.locator("h1")).to_have_text("Round 2 of 2")
        await expect(page.locator(".scene-rooms .scene-label")).to_have_text("New round: your phone says where to go")
        first = rooms.order[0]
        await (await rooms.in_room(first, 2)).send("note.write", kind="works", text="Dig together.", room=first)
        await moderator.send("rooms.show", room=first)
        await shows(page, "shown")
        await expect(page.locator("h1")).to_have_text("Wells")
        await expect(page.locator(".shown-words")).to_have_text("Dig together.")
        await page.reload()
        await shows(page, "shown")
        await moderator.send("rooms.hide")
        await moderator.send("rooms.close")
        await expect(page.locator(".clock-word")).to_have_text("until the rooms close")
        await shows(page, "rooms")
        await moderator.send("rooms.close", grace=0)
    await shows(page, "question")


async def test_people_who_choose_a_room_see_the_places_left_in_as_many_rooms_as_there_are(
    server: Server, session: Session, moderator: Member, page: Page
) -> None:
    async with opened(server, session, moderator, rooms=30, assign="chosen", places=1, rounds=1) as rooms:
        await expect(page.locator(".scene-rooms .scene-label")).to_have_text("Choose a room on your phone")
        await rooms.members[0].send("room.choose", room=rooms.order[4])
        await expect(page.locator(".room-places").nth(4)).to_have_text("full")
        await expect(page.locator(".room-places").nth(5)).to_have_text("1 place left")
        for width, height in SIZES:
            await page.set_viewport_size({"width": width, "height": height})
            await page.wait_for_function(
                """() => {
                    const frame = document.getElementById("scene").getBoundingClientRect();
                    const last = document.querySelector(".room:last-child").getBoundingClientRect();
                    return last.bottom <= frame.bottom && last.right <= frame.right && last.height > 0;
                }"""
            )
