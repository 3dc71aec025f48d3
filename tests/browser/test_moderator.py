"""The moderator's page where a slip would cost the hall something: what is sent, what is offered, and what it says meanwhile."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from playwright.async_api import Locator, WebSocketRoute, expect

from tests.browser.hall import DESK, Seat
from tests.browser.looks import keep
from tests.browser.words import en
from tests.support.browser import Pages
from tests.support.member import Member
from tests.support.server import Server, Session

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

AGENDA = """\
Bridges and benches

Languages: English, French
Time zone: Asia/Kathmandu

# With each other
- Where did two associations do more together than apart? (10 min)
- What comes next?
"""
FIRST = "Where did two associations do more together than apart?"
TOO_LONG = "a" * 2_001


@pytest_asyncio.fixture(loop_scope="session")
async def session(server: Server) -> Session:
    """A session of two languages, in a zone where no test runs."""
    return await server.create(AGENDA)


@pytest_asyncio.fixture(loop_scope="session")
async def hall(server: Server, session: Session) -> AsyncIterator[Member]:
    """The moderator over a socket, with the first question on stage."""
    async with server.connect(session.session, session.tokens["moderator"]) as member:
        await member.send("session.open")
        await member.send("agenda.next", current=None)
        yield member


@pytest_asyncio.fixture(loop_scope="session")
async def desk(session: Session, hall: Member, browser: Pages) -> Seat:
    """The moderator's page."""
    # A role link opens a closed door, hands its key over and tries again.
    browser.expect(r"status of 401 .*/moderator#key=")
    seat = await Seat.taken(browser, {**DESK, "reduced_motion": "reduce", "timezone_id": "Africa/Nairobi"})
    await seat.page.goto(session.links["moderator"])
    await seat.live()
    return seat


def shown(desk: Seat) -> Locator:
    """What the page says that everybody sees."""
    return desk.page.locator("#stage-now")


async def test_times_are_the_sessions_and_its_zone_is_named(desk: Seat) -> None:
    docs = await desk.wire.until(lambda docs: docs["stage"]["agenda"]["clock"]["ends"])
    ends = docs["stage"]["agenda"]["clock"]["ends"]
    there = await desk.page.evaluate(
        "ms => new Date(ms).toLocaleTimeString('en-GB', {hour: '2-digit', minute: '2-digit', timeZone: 'Asia/Kathmandu'})",
        ends,
    )
    await expect(desk.page.locator(".clock-words")).to_contain_text(there)
    await expect(desk.page.get_by_text("Asia/Kathmandu (GMT+5:45)")).to_be_visible()


async def test_what_everybody_sees_follows_the_screen(desk: Seat, hall: Member) -> None:
    await expect(shown(desk)).to_contain_text(FIRST)
    made = await hall.send("poll.create", kind="single", prompt="Shall we go on?", options=["Yes", "No"])
    await hall.send("poll.open", poll=made.made)
    await expect(shown(desk).locator(".stage-question")).to_have_text("Shall we go on?")
    await hall.send("poll.close", poll=made.made)
    await hall.send("poll.publish", poll=made.made)
    await expect(shown(desk)).to_contain_text(en("moderator.stage.poll.published"))
    await hall.send("agenda.next", current=(await hall.until(lambda _: True))["stage"]["agenda"]["current"])
    await expect(shown(desk).locator(".stage-question")).to_have_text("What comes next?")
    await expect(shown(desk)).not_to_contain_text("Shall we go on?")


async def test_merging_begins_with_a_choice(desk: Seat, hall: Member) -> None:
    for words in ("Who pays?", "And who carries the cost?"):
        asked = await hall.send("question.ask", text=words)
        await hall.send("question.approve", question=asked.made)
    await desk.page.get_by_role("button", name=f"{en('moderator.question.merge')}: Who pays?").click()
    form = desk.page.locator(".ask-forms form")
    confirm = form.get_by_role("button", name=en("moderator.question.merge.confirm"))
    await expect(confirm).to_be_disabled()
    await form.get_by_label(en("moderator.question.merge.into")).select_option(label="And who carries the cost?")
    await keep(desk.page, "moderator-merge")
    await confirm.click()
    await desk.wire.until(lambda docs: len(docs["stage"]["questions"]["items"]) == 1)


async def test_a_question_is_never_in_two_lists(session: Session, hall: Member, browser: Pages) -> None:
    """What stage and desk say together is drawn together, however late the second of the two frames is."""
    browser.expect(r"status of 401 .*/moderator#key=")
    desk = await Seat.taken(browser, DESK)
    frames: asyncio.Queue[tuple[WebSocketRoute, str | bytes]] = asyncio.Queue()

    async def pass_on() -> None:
        while True:
            socket, frame = await frames.get()
            if '"doc":"desk"' in str(frame):
                await asyncio.sleep(0.3)
            socket.send(frame)

    def between(socket: WebSocketRoute) -> None:
        socket.connect_to_server().on_message(lambda frame: frames.put_nowait((socket, frame)))

    await desk.page.route_web_socket("**/ws/**", between)
    passing = asyncio.create_task(pass_on())
    try:
        await desk.page.goto(session.links["moderator"])
        await desk.live()
        asked = await hall.send("question.ask", text="Who pays?")
        shown = desk.page.locator(".ask-text").filter(has_text="Who pays?").locator("visible=true")
        await expect(shown).to_have_count(1)
        await desk.page.evaluate("""
            window.most = 0;
            new MutationObserver(() => {
              const shown = [...document.querySelectorAll(".ask-text")].filter((el) => el.textContent === "Who pays?");
              window.most = Math.max(window.most, shown.length);
            }).observe(document.body, { subtree: true, childList: true, characterData: true });
        """)
        await hall.send("question.approve", question=asked.made)
        await expect(
            desk.page.get_by_role("button", name=f"{en('moderator.question.answer')}: Who pays?")
        ).to_be_visible()
        assert await desk.page.evaluate("window.most") == 1
    finally:
        passing.cancel()


async def test_an_announcement_is_never_cut(desk: Seat) -> None:
    form = desk.page.locator("#announcement form")
    text = form.get_by_label(f"{en('moderator.announce.text')} (English)")
    send = form.get_by_role("button", name=en("moderator.announce.send"))
    await send.click()
    await expect(form.get_by_role("alert").filter(has_text=en("moderator.text.empty"))).to_be_visible()
    await expect(text).to_be_focused()
    await text.fill(TOO_LONG)
    await expect(form).to_contain_text(en("moderator.text.count", n="2,001", max="2,000"))
    await send.click()
    await expect(form.get_by_role("alert").filter(has_text=en("moderator.text.too_long", max="2,000"))).to_be_visible()
    await keep(desk.page, "moderator-too-long")
    await text.fill(TOO_LONG[1:])
    await send.click()
    docs = await desk.wire.until(lambda docs: docs["stage"].get("announcement"))
    assert docs["stage"]["announcement"]["text"]["en"] == TOO_LONG[1:]


async def test_a_quick_poll_asks_one_question(desk: Seat) -> None:
    await desk.button("moderator.quick.yes_no").click()
    form = desk.page.locator("#poll-place form")
    french = form.get_by_label("français", exact=False)
    await expect(french).not_to_have_value("")
    await form.get_by_label("English", exact=False).fill("Shall we stop here?")
    await expect(french).to_have_value("")
    await expect(form.get_by_text(en("moderator.quick.others"))).to_be_visible()
    await keep(desk.page, "moderator-quick")
    await form.get_by_role("button", name=en("moderator.poll.open_now")).click()
    docs = await desk.wire.until(lambda docs: docs["stage"]["polls"])
    (poll,) = docs["stage"]["polls"].values()
    assert poll["prompt"] == {"en": "Shall we stop here?"}
    assert set(poll["options"]["a"]) == {"en", "fr"}


async def test_words_that_fit_can_be_put_back(desk: Seat) -> None:
    await desk.button("moderator.quick.yes_no").click()
    form = desk.page.locator("#poll-place form")
    french = form.get_by_label("français", exact=False)
    proposed = await french.input_value()
    await form.get_by_label("English", exact=False).fill("Do you all agree?")
    await form.get_by_role("button", name=en("moderator.quick.others.restore")).click()
    await expect(french).to_have_value(proposed)
    await form.get_by_label("English", exact=False).fill("Do we all agree?")
    await expect(french).to_have_value(proposed)


async def test_closing_a_poll_with_live_results_publishes_it(desk: Seat, hall: Member) -> None:
    made = await hall.send(
        "poll.create", kind="single", prompt="Shall we?", options=["Yes", "No"], settings={"visibility": "live"}
    )
    await hall.send("poll.open", poll=made.made)
    card = desk.page.locator("#polls .poll")
    await expect(card).to_contain_text(en("moderator.poll.watched"))
    await card.get_by_role("button", name=en("moderator.poll.close")).click()
    await desk.reads(en("moderator.poll.close.published"))
    await expect(card).to_contain_text(en("moderator.poll.state.published"))
    await expect(card.get_by_role("button", name=en("moderator.poll.publish"))).to_have_count(0)
    await card.get_by_role("button", name=en("moderator.poll.hide")).click()
    await expect(card).to_contain_text(en("moderator.poll.state.closed"))
    await expect(card.get_by_role("button", name=en("moderator.poll.publish"))).to_be_visible()


async def test_only_what_can_be_done_with_a_person_is_offered(
    server: Server, session: Session, desk: Seat, hall: Member
) -> None:
    ada = await server.join(session.code, "Ada")
    await desk.wire.until(lambda docs: "Ada" in str(docs["desk"]["people"]))
    people = desk.page.locator("#here")
    await people.locator("summary").first.click()
    row = people.locator(".person").filter(has_text="Ada")
    await row.locator("summary").click()
    role = row.get_by_label(en("moderator.people.role"))
    floor = row.get_by_role("button", name=en("moderator.hand.call"))
    await expect(role).to_be_visible()
    await floor.click()
    await expect(floor).to_be_hidden()
    async with server.connect(session.session, ada.token) as member:
        await member.send("hand.raise")
    hand = desk.page.locator(".hand").filter(has_text="Ada")
    await expect(hand.get_by_role("button", name=en("moderator.hand.lower.name", name="Ada"))).to_be_visible()
    await expect(hand.get_by_role("button", name=en("moderator.hand.call.name", name="Ada"))).to_have_count(0)
    await hall.send("speaker.finish")
    await expect(floor).to_be_visible()
    name = desk.page.locator(".person-name", has_text="Rapporteur")
    link = people.locator(".person").filter(has=name)
    await link.locator("summary").click()
    await expect(link.get_by_label(en("moderator.people.name"))).to_be_visible()
    await expect(link.get_by_label(en("moderator.people.role"))).to_be_hidden()


async def test_the_end_looks_the_same_before_and_with_scripts(
    session: Session, desk: Seat, hall: Member, browser: Pages
) -> None:
    await hall.send("session.close")
    await desk.reads(en("moderator.run.empty.ended"))
    bare = await browser.context(java_script_enabled=False, **DESK)
    await bare.add_cookies(await desk.page.context.cookies())  # type: ignore[arg-type]
    page = await bare.new_page()
    await page.goto(desk.page.url)
    for seen in (desk.page, page):
        await expect(seen.locator(".run-question")).to_have_text(en("moderator.run.empty.ended"))
        await expect(seen.locator(".stage-question")).to_have_text("Bridges and benches")
        await expect(seen.locator("[data-state=now]")).to_have_count(0)
        await expect(seen.get_by_role("link", name=en("moderator.run.report")).first).to_be_visible()
    await keep(desk.page, "moderator-end")
    await keep(page, "moderator-end-bare")
