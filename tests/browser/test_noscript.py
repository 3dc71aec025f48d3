"""Without script: one can come in, and every page can be read as it stood when it was loaded."""

from __future__ import annotations

import pytest
from playwright.async_api import expect

from tests.browser.hall import PHONE
from tests.browser.words import en
from tests.support.browser import Pages
from tests.support.server import Server

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

FIRST = "Which agreement outlived the people who signed it?"
QUESTION = "Who pays when a partner leaves?"


async def test_a_participant_comes_in_and_reads(server: Server, browser: Pages) -> None:
    session = await server.create()
    async with server.connect(session.session, session.tokens["moderator"]) as moderator:
        await moderator.send("session.open")
        await moderator.send("agenda.next", current=None)
        made = await moderator.send("poll.create", kind="single", prompt="Tea or coffee?", options=["Tea", "Coffee"])
        await moderator.send("poll.open", poll=made.made)
        asked = await moderator.send("question.ask", text=QUESTION)
        await moderator.send("question.approve", question=asked.made)
        await moderator.send("announce", text="Welcome to all")

        page = await browser.page(f"{server.url}/", java_script_enabled=False, **PHONE)
        await page.get_by_label(en("home.code")).fill(session.code)
        await page.get_by_role("button", name=en("home.enter")).click()
        await page.get_by_label(en("join.name")).fill("Ada")
        await page.get_by_role("radio", name=en("group.youth")).check()
        await page.get_by_role("button", name=en("join.enter")).click()
        assert page.url == f"{server.url}/s/{session.session}"
        await expect(page.get_by_role("heading", name="Bridges and benches")).to_be_visible()
        await expect(page.get_by_role("heading", name=FIRST)).to_be_visible()
        await expect(page.get_by_role("heading", name="Tea or coffee?")).to_be_visible()
        for words in ("Tea", "Coffee", "Welcome to all", QUESTION, en("participant.noscript")):
            await expect(page.get_by_text(words, exact=True).first).to_be_visible()
        docs = await moderator.until(lambda docs: "Ada" in str(docs["desk"]["people"]))
        assert [one["group"] for one in docs["desk"]["people"].values() if one["name"] == "Ada"] == ["youth"]

        await moderator.send("poll.close", poll=made.made)
        await moderator.send("session.close")
        await page.reload()
        await expect(page.get_by_role("heading", name=en("participant.ended.title"))).to_be_visible()


async def test_the_pages_of_the_roles_can_be_read(server: Server, browser: Pages) -> None:
    session = await server.create()
    async with server.connect(session.session, session.tokens["moderator"]) as moderator:
        await moderator.send("session.open")
        await moderator.send("agenda.next", current=None)
        await moderator.send("note.write", kind="works", text="A written exit clause.")
    context = await browser.context(java_script_enabled=False)
    page = await context.new_page()
    told = {
        "moderator": (FIRST,),
        "rapporteur": (FIRST, "A written exit clause."),
        "screen": (FIRST, session.code),
    }
    for role, words in told.items():
        name = f"baraza-{session.session}-{role}"
        await context.add_cookies([{"name": name, "value": session.tokens[role], "url": server.url}])
        await page.goto(f"{server.url}/s/{session.session}/{role}")
        for each in words:
            await expect(page.get_by_text(each).first).to_be_visible()
    await page.goto(f"{server.url}/s/{session.session}/report")
    await expect(page.get_by_text("A written exit clause.").first).to_be_visible()
