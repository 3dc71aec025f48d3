"""A participant's page in a real Chromium: what asks something comes first, nothing sent is lost, nothing moves."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.async_api import Page, Route, expect

from tests.support.browser import Pages, axe
from tests.support.member import Member
from tests.support.server import Server, Session

pytestmark = pytest.mark.browser

PHONE: dict[str, Any] = {"viewport": {"width": 320, "height": 640}}
CUT = r"ERR_INTERNET_DISCONNECTED|WebSocket connection"


class Hall:
    """A session with a moderator on a socket and one participant in a browser, who is on the page already."""

    def __init__(self, server: Server, made: Session, moderator: Member, page: Page) -> None:
        self.server = server
        self.made = made
        self.moderator = moderator
        self.page = page

    async def poll(self, **fields: Any) -> str:
        """Create and open a poll, and return its id."""
        poll = (await self.moderator.send("poll.create", **fields)).made
        assert poll is not None
        await self.moderator.send("poll.open", poll=poll)
        return poll

    async def ask(self, name: str, text: str) -> str:
        """Let somebody else ask a question that is approved at once, and return its id."""
        person = await self.server.join(self.made.code, name)
        async with self.server.connect(self.made.session, person.token) as member:
            question = (await member.send("question.ask", text=text)).made
        assert question is not None
        await self.moderator.send("question.approve", question=question)
        return question

    async def person(self) -> str:
        """The id of the participant in the browser."""
        docs = await self.moderator.until(lambda docs: len(docs["desk"]["people"]) > 1)
        people: dict[str, Any] = docs["desk"]["people"]
        return next(key for key, who in people.items() if who["name"] == "Awa")


async def come_in(page: Page, server: Server, code: str) -> None:
    await page.goto(f"http://127.0.0.1:{server.port}/j/{code}")
    await page.get_by_label("Your name").fill("Awa")
    await page.get_by_role("button", name="Join").click()
    await expect(page.locator("#connection")).to_have_attribute("data-state", "live")


@pytest.fixture
async def hall(server: Server, browser: Pages) -> AsyncIterator[Hall]:
    made = await server.create()
    async with server.connect(made.session, made.tokens["moderator"]) as moderator:
        page = await browser.page(**PHONE)
        await come_in(page, server, made.code)
        await moderator.send("agenda.next", current=None)
        await expect(page.locator("#guiding-text")).to_have_text("Which agreement outlived the people who signed it?")
        yield Hall(server, made, moderator, page)


async def test_one_tap_casts_and_can_be_changed_and_taken_back(hall: Hall) -> None:
    page = hall.page
    poll = await hall.poll(kind="single", prompt="Which step costs the most time?", options=["Finding", "Waiting"])
    card = page.locator(f"#polls-open [data-key={poll}]")
    await card.get_by_role("button", name="Finding").click()
    await expect(card.locator(".poll-own")).to_contain_text("Counted")
    await card.get_by_role("button", name="Waiting").click()
    docs = await hall.moderator.until(lambda docs: docs["desk"]["polls"][poll]["results"]["counts"].get("b") == 1)
    assert docs["desk"]["polls"][poll]["results"]["ballots"] == 1
    await axe(page)
    await card.get_by_role("button", name="Take back").click()
    await hall.moderator.until(lambda docs: docs["desk"]["polls"][poll]["turnout"] == 0)
    await expect(card.get_by_role("button", name="Waiting")).to_have_attribute("aria-pressed", "false")


async def test_a_ballot_cast_offline_says_that_it_is_kept_and_counts_later(hall: Hall, browser: Pages) -> None:
    browser.expect(CUT)
    page = hall.page
    poll = await hall.poll(kind="single", prompt="Shall we go on?", options=["Yes", "No"])
    own = page.locator(f"[data-key={poll}] .poll-own")
    await expect(own).to_be_visible()
    await page.context.set_offline(True)
    await expect(page.locator("#connection-note")).to_contain_text("offline")
    await page.get_by_role("button", name="Yes").click()
    await expect(own).to_contain_text("Kept")
    await page.context.set_offline(False)
    await expect(own).to_contain_text("Counted")
    await hall.moderator.until(lambda docs: docs["desk"]["polls"][poll]["results"]["counts"].get("a") == 1)


async def test_who_is_late_with_a_change_reads_what_counts(hall: Hall, browser: Pages) -> None:
    browser.expect(CUT)
    page = hall.page
    poll = await hall.poll(kind="single", prompt="Shall we go on?", options=["Yes", "No"])
    late = await hall.poll(kind="single", prompt="And tomorrow?", options=["Yes", "No"])
    await page.locator(f"#polls-open [data-key={poll}]").get_by_role("button", name="Yes").click()
    await hall.moderator.until(lambda docs: docs["desk"]["polls"][poll]["turnout"] == 1)
    await page.context.set_offline(True)
    for ident in (poll, late):
        await page.locator(f"#polls-open [data-key={ident}]").get_by_role("button", name="No").click()
        await hall.moderator.send("poll.close", poll=ident)
    await page.context.set_offline(False)
    words = page.locator(f"[data-key={poll}] .poll-own")
    await expect(words).to_have_text("The poll closed before your change arrived. What counts: A \u2068Yes\u2069.")
    await expect(page.locator(f"[data-key={late}] .poll-own")).to_have_text(
        "The poll closed before your ballot arrived."
    )
    await expect(page.locator("[data-key] .poll-own.error")).to_have_count(2)


NOTE_CHANGES = """
(selector) => {
  window.noted = [];
  const note = () => {
    const el = document.querySelector(selector);
    const now = el.checkVisibility() ? el.textContent : "";
    if (now !== window.noted.at(-1)) window.noted.push(now);
  };
  new MutationObserver(note).observe(document.body, { subtree: true, childList: true, attributes: true, characterData: true });
  note();
}
"""
"""Keep what stands there after each change in the page, in `window.noted`."""


def has_votes(question: str, votes: int) -> Callable[[dict[str, Any]], bool]:
    return lambda docs: bool(docs["stage"]["questions"]["items"][question]["votes"] == votes)


async def test_a_vote_for_a_question_is_counted_up_once(hall: Hall) -> None:
    page = hall.page
    question = await hall.ask("Lin", "Who pays when a partner leaves?")
    item = f"#questions-live [data-key={question}]"
    await expect(page.locator(item)).to_be_visible()
    await page.evaluate(NOTE_CHANGES, f"{item} .vote-count")
    for words, votes in (("counted", 1), ("vote", 0), ("counted", 1)):
        await page.locator(f"{item} .vote").click()
        await expect(page.locator(f"{item} .vote-state")).to_have_text(words)
        await hall.moderator.until(has_votes(question, votes))
    await page.evaluate(
        "() => new Promise((done) => setTimeout(done, 300))"
    )  # the stage of the page is the moderator's by now
    assert await page.evaluate("window.noted") == ["0", "1", "0", "1"]


async def test_a_question_that_was_asked_is_never_off_the_page(hall: Hall) -> None:
    page = hall.page
    await page.evaluate(NOTE_CHANGES, "#mine h2, #mine h3")
    await page.get_by_role("button", name="Ask a question").click()
    await page.get_by_label("Your question").fill("Who pays when a partner leaves?")
    await page.get_by_role("button", name="Send").click()
    await expect(page.locator("#mine-list .own-state")).to_have_text("with the moderators")
    assert await page.evaluate("window.noted") == ["", "Your questions"]


async def test_a_ballot_that_waits_survives_a_reload(hall: Hall, browser: Pages) -> None:
    browser.expect(CUT)
    page = hall.page
    poll = await hall.poll(kind="single", prompt="Shall we go on?", options=["Yes", "No"])
    await expect(page.get_by_role("button", name="No", exact=True)).to_be_visible()
    await page.context.set_offline(True)
    await expect(page.locator("#connection")).to_have_attribute("data-state", "offline")
    await page.get_by_role("button", name="No", exact=True).click()
    await page.context.set_offline(False)
    await page.reload()
    await expect(page.locator(f"[data-key={poll}] .poll-own")).to_contain_text("Counted")
    await hall.moderator.until(lambda docs: docs["desk"]["polls"][poll]["results"]["counts"].get("b") == 1)


async def test_several_choices_count_only_within_their_bounds(hall: Hall) -> None:
    page = hall.page
    poll = await hall.poll(
        kind="multiple", prompt="Pick two", options=["One", "Two", "Three"], settings={"min": 2, "max": 2}
    )
    card = page.locator(f"[data-key={poll}]")
    await expect(card.locator(".poll-rule")).to_have_text("Choose exactly 2.")
    await card.get_by_role("button", name="One").click()
    await expect(card.locator(".poll-own")).to_have_text("Choose 1 more for your ballot to count.")
    await card.get_by_role("button", name="Three").click()
    await expect(card.locator(".poll-own")).to_contain_text("Counted")
    await expect(card.get_by_role("button", name="Two")).to_have_attribute("aria-disabled", "true")


async def test_results_are_bars_and_a_table_once_they_are_published(hall: Hall) -> None:
    page = hall.page
    poll = await hall.poll(kind="scale", prompt="How sure?", settings={"low": "not sure", "high": "very sure"})
    await page.get_by_role("button", name="5, very sure").click()
    await hall.moderator.until(lambda docs: docs["desk"]["polls"][poll]["turnout"] == 1)
    await hall.moderator.send("poll.close", poll=poll)
    card = page.locator(f"#polls-now [data-key={poll}]")
    await expect(card.locator(".poll-own")).to_have_text("Your ballot was counted: 5.")
    await expect(card.locator(".results")).to_have_count(0)
    await hall.moderator.send("poll.publish", poll=poll)
    await expect(card.get_by_role("row", name="5 · very sure 1 100%")).to_be_attached()
    await card.get_by_role("button", name="Show as a table").click()
    await expect(card.get_by_role("table")).to_be_visible()
    await axe(page)


async def test_new_questions_wait_so_that_nothing_moves_under_the_finger(hall: Hall) -> None:
    page = hall.page
    first = await hall.ask("Lin", "Who pays?")
    shown = page.locator("#questions-live > li")
    await expect(shown).to_have_count(1)
    second = await hall.ask("Mamadou", "Who decides?")
    await expect(page.get_by_role("button", name="1 new")).to_be_visible()
    await expect(shown).to_have_count(1)
    await page.get_by_role("button", name="1 new").click()
    await expect(shown).to_have_count(2)
    await page.locator(f"[data-key={second}] .vote").click()
    await expect(page.locator(f"[data-key={second}] .vote-state")).to_have_text("counted")
    # It has more votes now, and stays where the finger is until the reader wants it sorted.
    assert await shown.nth(0).get_attribute("data-key") == first
    await page.get_by_role("button", name="Sort by votes again").click()
    await expect(shown.nth(0)).to_have_attribute("data-key", second)


async def test_a_pinned_question_comes_first_at_once(hall: Hall) -> None:
    page = hall.page
    first = await hall.ask("Lin", "Who pays?")
    shown = page.locator("#questions-live > li")
    await expect(shown).to_have_count(1)
    second = await hall.ask("Mamadou", "Who decides?")
    third = await hall.ask("Zoé", "Who waits?")
    await expect(page.get_by_role("button", name="2 new")).to_be_visible()
    await hall.moderator.send("question.pin", question=second)
    await expect(shown.nth(0)).to_have_attribute("data-key", second)
    await expect(shown.nth(0).locator(".question-chip")).to_be_visible()
    await expect(shown.nth(1)).to_have_attribute("data-key", first)
    await expect(page.get_by_role("button", name="1 new")).to_be_visible()
    await expect(page.locator(f"[data-key={third}]")).to_have_count(0)


async def test_an_asker_sees_what_became_of_the_question_and_why(hall: Hall) -> None:
    page = hall.page
    await page.get_by_role("button", name="Ask a question").click()
    await page.get_by_label("Your question").fill("What of my own file?")
    await page.get_by_label("Anonymous").check()
    await axe(page)
    await page.get_by_role("button", name="Send").click()
    await expect(page.locator("#mine")).to_contain_text("with the moderators")
    docs = await hall.moderator.until(lambda docs: docs["desk"]["questions"])
    (question,) = docs["desk"]["questions"]
    assert docs["desk"]["questions"][question].get("name") is None
    await hall.moderator.send("question.decline", question=question, reason="Best taken up with the help desk.")
    await expect(page.locator("#mine")).to_contain_text("Best taken up with the help desk.")


async def test_what_was_typed_survives_a_reload(hall: Hall) -> None:
    page = hall.page
    await page.get_by_role("button", name="Ask a question").click()
    await page.get_by_label("Your question").fill("Half a thou")
    await page.reload()
    await page.get_by_role("button", name="Ask a question").click()
    await expect(page.get_by_label("Your question")).to_have_value("Half a thou")


async def test_watched_results_stand_in_the_buttons_while_people_vote(hall: Hall) -> None:
    page = hall.page
    poll = await hall.poll(kind="single", prompt="Go on?", options=["Yes", "No"], settings={"visibility": "live"})
    card = page.locator(f"[data-key={poll}]")
    yes = card.get_by_role("button", name="Yes")
    await expect(yes.locator(".option-value")).to_have_text("0 · 0%")
    await yes.click()
    await expect(yes.locator(".option-value")).to_have_text("1 · 100%")
    await expect(card.get_by_text("Yes")).to_have_count(1)
    await axe(page)
    await hall.moderator.send("poll.close", poll=poll)
    await expect(card.get_by_role("row", name="Yes 1 100%")).to_be_attached()


@pytest.mark.parametrize(("start", "end", "rows"), [(1, 5, [5]), (1, 7, [4, 3]), (0, 10, [4, 4, 3])])
async def test_the_points_of_a_scale_stand_in_even_rows(hall: Hall, start: int, end: int, rows: list[int]) -> None:
    poll = await hall.poll(kind="scale", prompt="How sure?", settings={"from": start, "to": end})
    options = hall.page.locator(f"#polls-open [data-key={poll}] .option")
    await expect(options).to_have_count(sum(rows))
    await expect(options.first).to_be_enabled()
    tops = await options.evaluate_all("all => all.map((el) => el.getBoundingClientRect().top)")
    assert [tops.count(top) for top in sorted(set(tops))] == rows
    assert await hall.page.evaluate("document.documentElement.scrollWidth") == 320


async def test_the_way_back_to_a_poll_is_never_under_the_bar(hall: Hall) -> None:
    page = hall.page
    await hall.moderator.send("speakers.close")
    await hall.poll(kind="single", prompt="Shall we go on?", options=["Yes", "No"])
    await expect(page.locator("#hand-sub")).to_be_visible()
    await page.locator("#agenda").scroll_into_view_if_needed()
    jump = page.get_by_role("button", name="A poll is open")
    await expect(jump).to_be_visible()
    bar, pill = await page.locator("#bar").bounding_box(), await jump.bounding_box()
    assert bar is not None
    assert pill is not None
    assert pill["y"] + pill["height"] <= bar["y"]


async def test_names_keep_their_direction_in_lines_of_another(hall: Hall) -> None:
    page = hall.page
    name = "دياب 🌍 أمينة"
    person = await hall.server.join(hall.made.code, name)
    async with hall.server.connect(hall.made.session, person.token) as member:
        await member.send("hand.raise")
        await expect(page.locator(".queue-name")).to_have_text(f"\u2068{name}\u2069")
        await hall.moderator.send("speaker.next", current=None)
        await expect(page.locator("#speaking-name")).to_contain_text(f"\u2068{name}\u2069 · \u20680:0")
        assert await page.locator("#speaking-name").evaluate("el => getComputedStyle(el).direction") == "ltr"


async def test_a_hand_shows_its_place_then_the_turn(hall: Hall) -> None:
    page = hall.page
    person = await hall.person()
    await page.get_by_role("button", name="Raise hand").click()
    await page.get_by_label("What is it about?").fill("An example from Lyon")
    await page.locator("#hand-sheet").get_by_role("button", name="Raise hand").click()
    await expect(page.locator("#floor-title")).to_have_text("You are next to speak")
    await expect(page.locator("#live")).to_contain_text("You are next to speak")
    docs = await hall.moderator.until(lambda docs: person in docs["desk"]["hands"])
    assert docs["desk"]["hands"][person]["reason"] == {"en": "An example from Lyon"}
    await page.locator("#hand-button").click()
    await expect(page.locator("#place-why")).to_have_text("Hands are called in the order in which they went up.")
    await page.keyboard.press("Escape")
    await expect(page.locator("#hand-button")).to_be_focused()
    await hall.moderator.send("speaker.next", current=None)
    await expect(page.locator("#floor-title")).to_have_text("You have the floor")
    await expect(page.locator("#floor-clock")).to_have_text("0:02")
    await axe(page)


async def test_a_hand_that_is_taken_down_has_no_place_any_more(hall: Hall) -> None:
    page = hall.page
    await page.get_by_role("button", name="Raise hand").click()
    await page.locator("#hand-sheet").get_by_role("button", name="Raise hand").click()
    await expect(page.locator("#hand-main")).to_have_text("You are next to speak")
    await page.evaluate(NOTE_CHANGES, "#hand-button")
    await page.locator("#hand-button").click()
    await page.locator("#place-sheet").get_by_role("button", name="Lower hand").click()
    await expect(page.locator("#hand-main")).to_have_text("Raise hand")
    noted = await page.evaluate("window.noted")
    assert not [words for words in noted if "next" in words and "not confirmed" in words], noted


async def test_the_end_says_what_happens_next_and_a_removal_leaves_nothing_beside_it(hall: Hall) -> None:
    page = hall.page
    await page.get_by_role("button", name="Ask a question").click()
    await page.get_by_label("Your question").fill("What of my own file?")
    await page.get_by_role("button", name="Send").click()
    await expect(page.locator("#mine").get_by_role("button", name="Withdraw")).to_be_visible()
    await hall.moderator.send("session.close")
    await expect(page.locator("#standing")).to_contain_text("goes into the report")
    await expect(page.locator("#mine").get_by_role("button", name="Withdraw")).to_be_hidden()
    await expect(page.locator("#bar")).to_be_hidden()
    await axe(page)


async def test_somebody_removed_reads_so_and_sees_nothing_else(hall: Hall) -> None:
    await hall.moderator.send("person.remove", person=await hall.person())
    await expect(hall.page.locator("#standing-title")).to_have_text("You are no longer in this session")
    await expect(hall.page.locator("#questions")).to_be_hidden()
    await axe(hall.page)


async def test_a_page_opened_in_too_many_places_offers_to_continue_here(hall: Hall) -> None:
    page = await hall.page.context.new_page()
    await page.route_web_socket("**/ws/*", lambda socket: socket.close(code=4004))
    await page.goto(hall.page.url)
    await expect(page.locator("#standing-title")).to_have_text("The session goes on in another window")
    await expect(page.locator("#bar")).to_be_hidden()
    await axe(page)
    await page.unroute_all()
    await expect(page.get_by_role("link", name="Continue here")).to_have_attribute("href", urlsplit(page.url).path)


async def test_an_open_session_without_a_question_says_what_will_come(server: Server, browser: Pages) -> None:
    made = await server.create()
    async with server.connect(made.session, made.tokens["moderator"]) as moderator:
        page = await browser.page(**PHONE)
        await come_in(page, server, made.code)
        await moderator.send("session.open")
        words = "The session is open. The first question appears here."
        await expect(page.get_by_text(words)).to_be_visible()
        await axe(page)
        still = await browser.page(storage_state=await page.context.storage_state(), java_script_enabled=False, **PHONE)
        await still.goto(page.url)
        await expect(still.get_by_text(words)).to_be_visible()
        await moderator.send("agenda.next", current=None)
        await expect(page.locator("#guiding-text")).to_be_visible()
        await expect(page.get_by_text(words)).to_be_hidden()


REFUSE_SOCKETS = """
window.WebSocket = class {
  readyState = 0;
  constructor() { setTimeout(() => this.onclose?.({ code: 1006 })); }
  send() {}
  close() {}
};
"""


async def test_where_sockets_are_refused_the_page_lives_on_events(hall: Hall, browser: Pages) -> None:
    context = await browser.context(**PHONE)
    await context.add_init_script(REFUSE_SOCKETS)
    page = await context.new_page()
    await come_in(page, hall.server, hall.made.code)
    poll = await hall.poll(kind="single", prompt="Shall we go on?", options=["Yes", "No"])
    await page.get_by_role("button", name="Yes").click()
    await expect(page.locator(f"[data-key={poll}] .poll-own")).to_contain_text("Counted")
    await hall.moderator.send("announce", text="Lunch is served.")
    await expect(page.locator("#announcement")).to_contain_text("Lunch is served.")


async def test_the_first_view_can_be_read_without_script(hall: Hall, browser: Pages) -> None:
    await hall.poll(kind="single", prompt="Shall we go on?", options=["Yes", "No"])
    page = await browser.page(java_script_enabled=False, **PHONE)
    await page.goto(f"http://127.0.0.1:{hall.server.port}/j/{hall.made.code}")
    await page.get_by_label("Your name").fill("No script")
    await page.get_by_role("button", name="Join").click()
    await expect(page.locator("#guiding-text")).to_have_text("Which agreement outlived the people who signed it?")
    await expect(page.locator("#polls-open")).to_contain_text("Shall we go on?")
    await expect(page.locator("#polls-open .option")).to_have_count(2)


@pytest.mark.parametrize("direction", ["ltr", "rtl"])
async def test_nothing_overflows_at_320_pixels(hall: Hall, direction: str) -> None:
    page = hall.page
    long = "Waiting for an answer, with nobody who can say how long it will take"
    poll = await hall.poll(kind="single", prompt=f"{long}?", options=[long, "B"])
    await hall.ask("Jean-Baptiste Ouédraogo-Lefebvre", f"{long}? {'a' * 60}")
    await expect(page.locator("#questions-live > li")).to_have_count(1)
    await hall.moderator.send("poll.close", poll=poll)
    await hall.moderator.send("poll.publish", poll=poll)
    await expect(page.locator(".results")).to_be_visible()
    await page.evaluate("direction => { document.documentElement.dir = direction }", direction)
    assert await page.evaluate("document.documentElement.scrollWidth") == 320


async def test_a_question_asked_offline_is_kept_once_and_leaves_the_field_to_the_next(
    hall: Hall, browser: Pages
) -> None:
    browser.expect(CUT)
    page = hall.page
    await page.context.set_offline(True)
    await expect(page.locator("#connection")).to_have_attribute("data-state", "offline")
    await page.get_by_role("button", name="Ask a question").click()
    field = page.locator("#ask-text")
    await field.fill("Who pays?")
    await page.locator("#ask-send").click()
    await expect(page.locator("#toasts")).to_contain_text("Your question is kept")
    await page.get_by_role("button", name="Ask a question").click()
    await expect(field).to_have_value("")
    await field.fill("And who decides")
    await page.context.set_offline(False)
    await hall.moderator.until(lambda docs: len(docs["desk"]["questions"]) == 1)
    await expect(page.locator("#mine-list .own-state")).to_have_text("with the moderators")
    await expect(field).to_have_value("And who decides")
    await expect(page.locator("#ask-sheet")).to_be_visible()


async def test_the_question_on_stage_is_the_largest_thing_while_no_poll_is_open(hall: Hall) -> None:
    text = hall.page.locator("#guiding-text")
    size = "el => parseFloat(getComputedStyle(el).fontSize)"
    alone = await text.evaluate(size)
    poll = await hall.poll(kind="single", prompt="Shall we go on?", options=["Yes", "No"])
    await expect(hall.page.locator(f"#polls-open [data-key={poll}]")).to_be_visible()
    assert await text.evaluate(size) < alone
    await hall.moderator.send("poll.close", poll=poll)
    await expect(hall.page.locator("#polls-open .poll")).to_have_count(0)
    assert await text.evaluate(size) == alone


async def test_a_loss_of_the_network_takes_the_focus_from_nobody(hall: Hall, browser: Pages) -> None:
    browser.expect(CUT)
    button = hall.page.locator(".reaction").first
    await button.focus()
    await hall.page.context.set_offline(True)
    await expect(button).to_have_attribute("aria-disabled", "true")
    await expect(button).to_be_focused()
    await expect(button).to_be_enabled(enabled=False)
    await hall.page.context.set_offline(False)
    await expect(button).to_have_attribute("aria-disabled", "false")
    await expect(button).to_be_focused()


async def test_a_page_whose_words_did_not_arrive_asks_for_them_again(hall: Hall, browser: Pages) -> None:
    browser.expect("ERR_FAILED")
    page = hall.page
    asked = 0

    async def fail_once(route: Route) -> None:
        nonlocal asked
        asked += 1
        await (route.abort() if asked == 1 else route.fallback())

    fresh = await page.context.new_page()
    await fresh.route("**/locales/participant/en.json", fail_once)
    await fresh.goto(page.url)
    await expect(fresh.locator("#connection")).to_have_attribute("data-state", "live")
    assert asked == 2


async def test_the_queue_stands_in_the_first_view_so_that_nothing_is_pushed_when_it_goes_live(
    hall: Hall, browser: Pages
) -> None:
    for name in ("Ben", "Chi", "Dede"):
        person = await hall.server.join(hall.made.code, name)
        async with hall.server.connect(hall.made.session, person.token) as member:
            await member.send("hand.raise", kind="reply")
    await expect(hall.page.locator("#queue-list li")).to_have_count(3)
    live = await hall.page.locator("#queue-list").inner_text()
    still = await browser.page(
        storage_state=await hall.page.context.storage_state(), java_script_enabled=False, **PHONE
    )
    await still.goto(hall.page.url)
    first = await still.locator("#queue-list").inner_text()
    assert first.split() == live.split()
    assert "To reply" in first
