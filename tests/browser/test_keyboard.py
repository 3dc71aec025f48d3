"""With the keyboard alone: a participant comes in, votes, asks and raises a hand; the focus is always there and to be seen."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from playwright.async_api import Locator, Page, expect

from tests.browser.hall import DESK, Seat
from tests.browser.words import en
from tests.support.browser import Pages
from tests.support.member import Member
from tests.support.server import Server, Session

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

QUESTION = "Who pays when a partner leaves?"
ENOUGH = 60
"""Steps with Tab within which everything on these pages is reached."""

FRAMES = 10
"""Pictures within which a page that scrolls or redraws has come to rest."""
SEEN = """
() => {
  const el = document.activeElement;
  if (!el || el === document.body) return "the focus is nowhere";
  const name = el.outerHTML.slice(0, 120);
  if (!el.matches(":focus-visible")) return `no visible focus on ${name}`;
  // A control that is drawn by its label shows the focus there.
  const drawn = [el, el.closest("label"), el.parentElement].filter(Boolean);
  const ring = (one) => { const s = getComputedStyle(one); return s.outlineStyle !== "none" && parseFloat(s.outlineWidth) > 0; };
  const at = drawn.find((one) => ring(one) || getComputedStyle(one).boxShadow !== "none");
  if (!at) return `no ring around ${name}`;
  const { left, right, top, bottom } = at.getBoundingClientRect();
  if (right - left < 1 || bottom - top < 1) return `nothing to see of ${name}`;
  const there = document.elementFromPoint((left + right) / 2, (top + bottom) / 2);
  if (!there || !(at.contains(there) || there.contains(at))) return `something covers ${name}`;
  return "";
}
"""


async def seen(page: Page) -> None:
    """Fail unless something has the focus, shows it, and is not covered, once what was begun is drawn."""
    for _ in range(FRAMES):
        await page.evaluate("() => new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn)))")
        if not (wrong := await page.evaluate(SEEN)):
            return
    raise AssertionError(wrong)


async def tab_to(page: Page, target: Locator) -> None:
    """Press Tab until `target` has the focus; at every step the focus has to be somewhere, and to be seen."""
    for _ in range(ENOUGH):
        await page.keyboard.press("Tab")
        if await page.evaluate("document.activeElement === document.body"):
            continue  # past the end of the page, where a browser goes on to its own controls
        await seen(page)
        if await target.evaluate("el => el === document.activeElement"):
            return
    raise AssertionError(f"Tab does not lead to {target}")


async def focused(target: Locator) -> None:
    """Wait until `target` has the focus, and see it."""
    await expect(target).to_be_focused()
    await seen(target.page)


@pytest_asyncio.fixture(loop_scope="session")
async def moderator(server: Server) -> AsyncIterator[tuple[Session, Member]]:
    """A live session and its moderator, over a socket."""
    session = await server.create()
    async with server.connect(session.session, session.tokens["moderator"]) as member:
        await member.send("session.open")
        await member.send("agenda.next", current=None)
        yield session, member


@pytest_asyncio.fixture(loop_scope="session")
async def seat(moderator: tuple[Session, Member], server: Server, browser: Pages) -> Seat:
    """A participant who came in by keyboard."""
    session, _ = moderator
    seat = await Seat.taken(browser, {"reduced_motion": "reduce", **DESK})
    page = seat.page
    await page.goto(f"{server.url}/")
    await focused(page.get_by_label(en("home.code")))
    await page.keyboard.type(session.code)
    await page.keyboard.press("Enter")
    await focused(page.get_by_label(en("join.name")))
    await page.keyboard.type("Ada")
    await tab_to(page, page.get_by_role("radio", name=en("group.diaspora")))
    await page.keyboard.press("ArrowDown")
    await focused(page.get_by_role("radio", name=en("group.public")))
    await tab_to(page, page.get_by_role("button", name=en("join.enter")))
    await page.keyboard.press("Enter")
    await seat.live()
    return seat


async def test_the_first_step_leads_past_the_head_of_the_page(seat: Seat) -> None:
    await seat.page.keyboard.press("Tab")
    await focused(seat.page.get_by_role("link", name=en("common.skip")))
    await seat.page.keyboard.press("Enter")
    await expect(seat.page.get_by_role("main")).to_be_focused()


async def test_a_vote_by_keyboard(seat: Seat, moderator: tuple[Session, Member]) -> None:
    _, member = moderator
    made = await member.send("poll.create", kind="single", prompt="Tea or coffee?", options=["Tea", "Coffee"])
    await member.send("poll.open", poll=made.made)
    coffee = seat.page.get_by_role("button", name="Coffee", exact=True)
    await expect(coffee).to_be_visible()
    await tab_to(seat.page, coffee)
    await seat.page.keyboard.press("Space")
    await seat.reads(en("participant.poll.counted"))
    await focused(coffee)
    await member.until(lambda docs: docs["desk"]["polls"][made.made]["results"]["counts"] == {"a": 0, "b": 1})
    await member.send("poll.close", poll=made.made)
    await expect(coffee).to_be_hidden()
    await seen(seat.page)


async def test_a_question_by_keyboard(seat: Seat, moderator: tuple[Session, Member]) -> None:
    _, member = moderator
    page = seat.page
    await tab_to(page, seat.button("participant.ask"))
    await page.keyboard.press("Enter")
    await focused(seat.dialog().get_by_label(en("participant.ask.text")))
    await page.keyboard.type(QUESTION)
    await tab_to(page, seat.dialog().get_by_role("radio", name="Ada"))
    await page.keyboard.press("ArrowDown")
    await focused(seat.dialog().get_by_role("radio", name=en("participant.ask.anonymous")))
    await tab_to(page, seat.button("participant.ask.send", seat.dialog()))
    await page.keyboard.press("Enter")
    await seat.reads(en("participant.mine.pending"))
    await focused(seat.button("participant.ask"))
    docs = await member.until(lambda docs: docs["desk"]["questions"])
    assert [question.get("name") for question in docs["desk"]["questions"].values()] == [None]

    await tab_to(page, seat.button("participant.mine.withdraw"))
    await page.keyboard.press("Enter")
    await tab_to(page, seat.button("participant.mine.withdraw", seat.dialog()))
    await page.keyboard.press("Enter")
    await seat.reads(en("participant.mine.withdrawn"))
    await seen(page)


async def test_support_for_a_question_by_keyboard(seat: Seat, moderator: tuple[Session, Member]) -> None:
    _, member = moderator
    asked = await member.send("question.ask", text=QUESTION)
    await member.send("question.approve", question=asked.made)
    vote = seat.page.get_by_role("button", name=QUESTION)
    await expect(vote).to_be_visible()
    await tab_to(seat.page, vote)
    await seat.page.keyboard.press("Space")
    await expect(vote).to_have_attribute("aria-pressed", "true")
    await member.until(lambda docs: docs["stage"]["questions"]["items"][asked.made]["votes"] == 1)
    await focused(vote)


async def test_a_hand_by_keyboard(seat: Seat, moderator: tuple[Session, Member]) -> None:
    _, member = moderator
    page = seat.page
    raise_button = seat.button("participant.hand.raise", exact=False)
    await tab_to(page, raise_button)
    await page.keyboard.press("Enter")
    await seen(page)
    await page.keyboard.press("Escape")
    await focused(raise_button)
    await page.keyboard.press("Enter")
    await tab_to(page, seat.dialog().get_by_label(en("participant.hand.reason")))
    await page.keyboard.type("A word about trust")
    await page.keyboard.press("Enter")
    docs = await member.until(lambda docs: docs["desk"]["hands"])
    assert [hand["reason"]["en"] for hand in docs["desk"]["hands"].values()] == ["A word about trust"]
    own = page.get_by_role("button").filter(has_text=en("participant.hand.place", place=1, total=1))
    await focused(own)
    await page.keyboard.press("Enter")
    await expect(seat.dialog()).to_be_visible()
    await tab_to(page, seat.button("participant.hand.lower", seat.dialog()))
    await page.keyboard.press("Enter")
    await focused(raise_button)
