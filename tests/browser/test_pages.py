"""Every page in every main state: axe finds nothing, in light and dark, in either direction of writing; nothing sticks out.

The moderator acts over a socket here; that the pages can do the same is the business of the whole sessions.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import pytest
import pytest_asyncio
from playwright.async_api import Page, expect

from tests.browser.hall import DESK, PROJECTOR, Seat
from tests.browser.looks import SCRIPTS, Script
from tests.browser.words import en
from tests.support.browser import Pages
from tests.support.member import Member
from tests.support.server import Server, Session

pytestmark = [
    pytest.mark.browser,
    pytest.mark.asyncio(loop_scope="session"),
    pytest.mark.parametrize("script", SCRIPTS, ids=lambda script: script.direction),
]

NARROW: dict[str, Any] = {"viewport": {"width": 320, "height": 640}, "is_mobile": True, "has_touch": True}
"""The narrowest phone, or a desk at 400 %."""


@pytest.fixture(autouse=True)
def closed_doors(server: Server, browser: Pages) -> None:
    """Chromium, which ends before the server, reports as errors what is refused; that is looked at here too."""
    browser.expect(r"Failed to load resource: .* status of 4(0[0-9]|22)")


@pytest_asyncio.fixture(loop_scope="session")
async def session(server: Server, script: Script) -> Session:
    """A session whose agenda is in the script."""
    return await server.create(script.agenda)


@pytest_asyncio.fixture(loop_scope="session")
async def moderator(server: Server, session: Session) -> AsyncIterator[Member]:
    """The moderator, over a socket."""
    async with server.connect(session.session, session.tokens["moderator"]) as member:
        yield member


async def seat_of(browser: Pages, link: str, device: dict[str, Any]) -> Seat:
    """Open a role link."""
    seat = await Seat.taken(browser, {"reduced_motion": "reduce", **device})
    await seat.page.goto(link)
    await seat.live()
    return seat


async def join(seat: Seat, server: Server, session: Session, script: Script) -> None:
    """Come in by the form."""
    await seat.page.goto(f"{server.url}/j/{session.code}")
    await seat.page.get_by_label(en("join.name")).fill(script.name)
    await seat.button("join.enter").click()
    await seat.live()


async def started(moderator: Member) -> None:
    """Open the session and bring the first guiding question."""
    await moderator.send("session.open")
    await moderator.send("agenda.next", current=None)


async def polled(moderator: Member, script: Script) -> str:
    """Open a poll."""
    made = await moderator.send("poll.create", kind="single", prompt=script.words, options=list(script.options))
    assert made.made is not None
    await moderator.send("poll.open", poll=made.made)
    return made.made


async def test_the_doors(server: Server, session: Session, script: Script, browser: Pages) -> None:
    page = await browser.page(f"{server.url}/", reduced_motion="reduce", **NARROW)
    await script.look(page, "home")
    await page.goto(f"{server.url}/?code=ZZZZZZ")
    await expect(page.get_by_role("alert")).to_have_text(en("refusal.code.unknown"))
    await script.look(page, "home-wrong-code")
    await page.goto(f"{server.url}/s/{session.session}")
    await script.look(page, "home-need-code")
    await page.goto(f"{server.url}/j/{session.code}")
    await script.look(page, "join")
    await page.get_by_label(en("join.name")).fill(" ")
    await page.get_by_role("button", name=en("join.enter")).click()
    await expect(page.get_by_role("alert")).to_have_text(en("page.join.name"))
    await script.look(page, "join-error")
    await messages(script, page, server, session)


async def messages(script: Script, page: Page, server: Server, session: Session) -> None:
    """The pages that say one thing, and where to go from there."""
    at = f"{server.url}/s/{session.session}"
    for name, url, key in (
        ("not-found", f"{server.url}/nowhere", "page.not_found.title"),
        ("no-session", f"{server.url}/s/aaaaaaaaaaaa", "page.session_unknown.title"),
        ("need-key-moderator", f"{at}/moderator", "page.need_key_moderator.title"),
        ("need-key-rapporteur", f"{at}/rapporteur", "page.need_key_rapporteur.title"),
        ("need-key-screen", f"{at}/screen", "page.need_key_screen.title"),
        ("need-key-report", f"{at}/report", "page.need_key_report.title"),
    ):
        await page.goto(url)
        await expect(page.get_by_role("heading", name=en(key))).to_be_visible()
        await script.look(page, name)
    await page.goto(f"{at}/moderator#key=an-old-key")
    await expect(page.get_by_role("alert")).to_have_text(en("common.key_refused"))
    await script.look(page, "key-refused")


async def test_making_a_session(server: Server, script: Script, browser: Pages) -> None:
    page = await browser.page(f"{server.url}/new", reduced_motion="reduce", **DESK)
    await script.look(page, "new")
    await page.get_by_label(en("new.agenda"), exact=True).fill("- Tea and talk")
    await page.get_by_role("button", name=en("new.preview")).click()
    await expect(page.get_by_role("heading", name=en("new.wrong", n=1))).to_be_visible()
    await script.look(page, "new-wrong")
    await page.get_by_label(en("new.agenda"), exact=True).fill(f"{script.agenda}- Tea and talk\n")
    await page.get_by_role("button", name=en("new.preview")).click()
    await page.get_by_label(en("new.key")).fill(server.host_key)
    await script.look(page, "new-preview")
    await page.get_by_role("button", name=en("new.create")).click()
    await expect(page.get_by_role("heading", name=en("new.made"))).to_be_visible()
    await script.look(page, "new-made")


async def test_a_participant(
    server: Server, session: Session, script: Script, moderator: Member, browser: Pages
) -> None:
    seat = await Seat.taken(browser, {"reduced_motion": "reduce", **NARROW})
    await join(seat, server, session, script)
    await seat.reads(en("participant.lobby.title"))
    await script.look(seat.page, "participant-lobby")

    await started(moderator)
    await moderator.send("announce", text=script.words)
    asked = await moderator.send("question.ask", text=script.words)
    await moderator.send("question.approve", question=asked.made)
    await seat.reads(en("participant.guiding.place", place=1, total=3))
    await expect(seat.page.get_by_role("button", name=en("participant.vote.label", n=0))).to_be_visible()
    await script.look(seat.page, "participant-question")

    await seat.button("participant.hand.raise", exact=False).click()
    await script.look(seat.page, "participant-hand")
    await seat.dialog().get_by_label(en("participant.hand.reason")).fill(script.words)
    await seat.button("participant.hand.raise", seat.dialog()).click()
    await seat.reads(en("participant.hand.place", place=1, total=1))
    await seat.button("participant.ask").click()
    await seat.dialog().get_by_label(en("participant.ask.text")).fill(script.words)
    await script.look(seat.page, "participant-ask")
    await seat.button("participant.ask.send", seat.dialog()).click()
    await seat.reads(en("participant.mine.pending"))

    poll = await polled(moderator, script)
    await seat.reads(en("participant.poll.tap"))
    await script.look(seat.page, "participant-poll")
    await seat.page.get_by_role("button", name=script.options[0], exact=True).click()
    await seat.reads(en("participant.poll.counted"))
    await script.look(seat.page, "participant-voted")
    await moderator.send("poll.close", poll=poll)
    await moderator.send("poll.publish", poll=poll)
    await seat.button("results.show_table").click()
    await script.look(seat.page, "participant-results")
    await moderator.send("speaker.next", current=None)
    await seat.reads(en("participant.floor.yours"))
    await script.look(seat.page, "participant-floor")
    await moderator.send("session.close")
    await seat.reads(en("participant.ended.title"))
    await script.look(seat.page, "participant-ended")
    await removed(script, seat, moderator)


async def removed(script: Script, seat: Seat, moderator: Member) -> None:
    """A moderator takes the participant out."""
    people = (await moderator.until(lambda docs: script.name in str(docs["desk"]["people"])))["desk"]["people"]
    (person,) = (ident for ident, one in people.items() if one["name"] == script.name)
    await moderator.send("person.remove", person=person)
    await seat.reads(en("participant.stopped.removed.title"))
    await script.look(seat.page, "participant-removed")


async def test_the_moderator(
    server: Server, session: Session, script: Script, moderator: Member, browser: Pages
) -> None:
    seat = await seat_of(browser, session.links["moderator"], DESK)
    await script.look(seat.page, "moderator-lobby")
    person = await server.join(session.code, script.name, group="diaspora")
    await started(moderator)
    poll = await polled(moderator, script)
    async with server.connect(session.session, person.token) as member:
        await member.send("ballot.cast", poll=poll, answer=["a"])
        await member.send("hand.raise", reason=script.words)
        await member.send("question.ask", text=script.words)
        for _ in range(2):
            asked = await member.send("question.ask", text=f"{script.words} {_}")
            await moderator.send("question.approve", question=asked.made)
        await moderator.send("poll.close", poll=poll)
        await moderator.send("announce", text=script.words)
        await moderator.send("speaker.next", current=None)
        await member.send("ballot.cast", poll=await polled(moderator, script), answer=["b"])
    await seat.reads(en("moderator.speaker.finish"))
    await seat.button("moderator.poll.new").click()
    await expect(seat.button("moderator.poll.option.add")).to_be_visible()
    await seat.page.get_by_role("button", name=f"{en('moderator.question.decline')}: {script.words}").first.click()
    await expect(seat.button("moderator.decline.subject")).to_be_visible()
    await seat.page.get_by_role("button", name=en("moderator.agenda.edit.name", question="")).first.click()
    await expect(seat.page.get_by_label(en("moderator.agenda.planned"))).to_be_visible()
    await script.look(seat.page, "moderator-live")
    await phone(script, seat)
    await dialogs(script, seat)
    await moderator.send("session.close")
    await seat.reads(en("moderator.run.empty.ended"))
    await script.look(seat.page, "moderator-ended")


async def phone(script: Script, seat: Seat) -> None:
    """The three columns, one at a time."""
    await seat.page.set_viewport_size({"width": 390, "height": 844})
    for column in ("run", "stage", "people"):
        await seat.page.get_by_role("link", name=en(f"moderator.column.{column}")).click()
        await expect(seat.page.get_by_role("region", name=en(f"moderator.column.{column}"))).to_be_visible()
        await script.look(seat.page, f"moderator-phone-{column}")
    await seat.page.set_viewport_size({"width": 1440, "height": 900})


async def dialogs(script: Script, seat: Seat) -> None:
    """The sheet of keys, the links, and the question before the end."""
    await seat.button("moderator.keys.open").click()
    await script.look(seat.page, "moderator-keys")
    await seat.button("common.close", seat.dialog()).click()
    await seat.button("moderator.links.open").click()
    await script.look(seat.page, "moderator-links")
    await seat.button("common.close", seat.dialog()).click()
    await seat.button("moderator.run.close").click()
    await script.look(seat.page, "moderator-close")
    await seat.button("common.cancel", seat.dialog()).click()


async def test_the_record(server: Server, session: Session, script: Script, moderator: Member, browser: Pages) -> None:
    seat = await seat_of(browser, session.links["rapporteur"], DESK)
    await script.look(seat.page, "rapporteur-lobby")
    await started(moderator)
    person = await server.join(session.code, script.name, group="diaspora")
    await moderator.send("speaker.call", person=person.person)
    await moderator.send("speaker.finish")
    poll = await polled(moderator, script)
    async with server.connect(session.session, person.token) as member:
        await member.send("ballot.cast", poll=poll, answer=["a"])
    await moderator.send("poll.close", poll=poll)
    await moderator.send("poll.publish", poll=poll)
    asked = await moderator.send("question.ask", text=script.words)
    await moderator.send("question.approve", question=asked.made)
    await moderator.send("question.answer", question=asked.made, text=script.words)
    for kind in ("works", "fails", "lesson", "recommendation", "quote", "open"):
        await moderator.send("note.write", kind=kind, text=script.words)
    notes = seat.page.get_by_role("region", name=en("rapporteur.notes.heading"), exact=True)
    await expect(seat.button("rapporteur.note.edit", notes)).to_have_count(6)
    await seat.button("rapporteur.note.edit", notes).first.click()
    await script.look(seat.page, "rapporteur-live")
    await seat.page.set_viewport_size({"width": 390, "height": 844})
    await script.look(seat.page, "rapporteur-phone")
    await seat.page.set_viewport_size({"width": 1440, "height": 900})
    await moderator.send("session.close")
    await seat.reads(en("rapporteur.ended"))
    await script.look(seat.page, "rapporteur-ended")
    await seat.page.goto(f"{server.url}/s/{session.session}/report")
    await expect(seat.page.get_by_role("heading", name=en("report.who.title"))).to_be_visible()
    await script.look(seat.page, "report")


async def test_the_screen(server: Server, session: Session, script: Script, moderator: Member, browser: Pages) -> None:
    seat = await seat_of(browser, session.links["screen"], PROJECTOR)
    await scene(script, seat.page, "screen-gather", en("screen.gather"))
    await started(moderator)
    await scene(script, seat.page, "screen-question", en("screen.question", n=1, count=3))
    person = await server.join(session.code, script.name, group="diaspora")
    await moderator.send("speaker.call", person=person.person)
    await scene(script, seat.page, "screen-speaker", en("screen.speaking"))
    poll = await polled(moderator, script)
    await scene(script, seat.page, "screen-poll", en("screen.poll.open"))
    await moderator.send("poll.close", poll=poll)
    await moderator.send("poll.publish", poll=poll)
    await scene(script, seat.page, "screen-results", en("screen.poll.published"))
    await moderator.send("session.close")
    await scene(script, seat.page, "screen-ended", en("screen.ended"))


async def scene(script: Script, page: Page, name: str, words: str) -> None:
    """Wait for a scene by its label and look at it."""
    await expect(page.get_by_text(words, exact=True)).to_be_visible()
    await script.look(page, name)
