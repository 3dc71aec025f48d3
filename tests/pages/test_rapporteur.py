"""The rapporteur's page on a real server: nothing typed is lost, and every note says what it is about."""

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


@pytest.fixture
async def session(server: Server) -> Session:
    return await server.create()


@pytest.fixture
async def moderator(server: Server, session: Session) -> AsyncIterator[Member]:
    async with server.connect(session.session, session.tokens["moderator"]) as member:
        await member.send("agenda.next", current=None)
        yield member


@pytest.fixture
async def page(session: Session, moderator: Member, browser: Pages) -> Page:
    browser.expect(r"status of (401|403)")  # the page is asked for once before the key of the link is exchanged
    page = await browser.page(session.links["rapporteur"], viewport={"width": 1280, "height": 800})
    await live(page)
    return page


async def live(page: Page) -> None:
    await expect(page.locator("#connection[data-state=live]")).to_be_visible()


async def write(page: Page, kind: str, text: str) -> None:
    await page.locator("#pad-text").press(f"Alt+{kind}")
    await page.keyboard.type(text)
    await page.keyboard.press("Enter")


async def test_one_key_picks_the_kind_and_enter_saves_under_the_question_on_stage(page: Page) -> None:
    await page.locator("body").press("w")
    await expect(page.locator("#pad-text")).to_be_focused()
    await page.keyboard.type("what the first letter would not say twice")
    await page.keyboard.press("Shift+Enter")
    await page.keyboard.type("second line")
    await page.keyboard.press("Enter")
    group = page.locator(".notes-group")
    await expect(group.locator("h3")).to_have_text("1. Which agreement outlived the people who signed it?")
    await expect(group.locator(".note[data-kind=works] .note-text")).to_have_text(
        "what the first letter would not say twice\nsecond line"
    )
    await expect(page.locator("#pad-text")).to_have_value("")
    await expect(page.locator("#coverage tr").first.locator("[data-kind=works]")).to_have_text("1")
    await axe(page)


async def test_a_note_that_begins_without_a_kind_keeps_its_first_letter(page: Page) -> None:
    pad, works = page.locator("#pad-text"), page.locator("input[name=kind][value=works]")
    await page.clock.set_fixed_time(await page.evaluate("Date.now() / 1000"))  # all keys follow at once
    await pad.press_sequentially("with a list")
    await expect(pad).to_have_value("with a list")
    await expect(works).not_to_be_checked()
    await pad.fill("")
    await pad.press_sequentially("wNamed persons")  # a capital begins a note
    await expect(pad).to_have_value("Named persons")
    await expect(works).to_be_checked()
    await pad.press("Enter")
    await pad.press("f")
    await page.clock.set_fixed_time(await page.evaluate("Date.now() / 1000 + 0.6"))
    await pad.press_sequentially("list")
    await expect(pad).to_have_value("list")
    await expect(page.locator("input[name=kind][value=fails]")).to_be_checked()


async def test_a_note_can_be_of_no_question(page: Page) -> None:
    await page.locator("#pad-question").select_option(label="No guiding question")
    await write(page, "o", "Who keeps the list?")
    await expect(page.locator(".notes-group h3")).to_have_text("No guiding question")
    await expect(page.locator("#pad-question option:checked")).to_contain_text("On stage: 1.")


async def test_a_note_without_a_kind_is_kept_and_asked_for(page: Page) -> None:
    await page.locator("#pad-text").press_sequentially("No kind yet")
    await page.keyboard.press("Enter")
    await expect(page.locator("#pad-said")).to_have_text("Pick a kind first; the text is kept.")
    await page.keyboard.press("Alt+o")
    await page.keyboard.press("Enter")
    await expect(page.locator(".note[data-kind=open] .note-text")).to_have_text("No kind yet")


async def test_a_draft_survives_a_reload_and_stays_with_its_question_when_the_stage_moves_on(
    page: Page, moderator: Member
) -> None:
    await page.locator("body").press("l")
    await page.keyboard.type("Sign late.")
    await moderator.send("agenda.next", current=moderator.docs["stage"]["agenda"]["current"])
    await expect(page.locator("#pad-said")).to_contain_text("This note stays with question 1.")
    await page.reload()
    await live(page)
    await expect(page.locator("#pad-text")).to_have_value("Sign late.")
    await page.locator("#pad-text").press("Enter")
    await expect(page.locator(".notes-group h3")).to_contain_text("1. ")
    await expect(page.locator("#now-number")).to_have_text("Question 2")


async def test_a_quote_of_a_feed_line_begins_with_the_name_and_leads_back_to_the_line(
    page: Page, server: Server, session: Session, moderator: Member
) -> None:
    person = await server.join(session.code, "Amina Diallo")
    async with server.connect(session.session, person.token) as amina:
        await amina.send("hand.raise")
    await moderator.send("speaker.next", current=None)
    line = page.locator(".feed-line[data-what='speaker.started']")
    await line.get_by_role("button").click()
    await expect(page.locator("#pad-text")).to_have_value("Amina Diallo: ")
    await expect(page.locator("input[name=kind]:checked")).to_have_value("quote")
    await page.keyboard.type("we signed what we could keep")
    await page.keyboard.press("Enter")
    note = page.locator(".note[data-kind=quote]")
    await expect(note.locator(".note-text")).to_have_text("Amina Diallo: we signed what we could keep")
    await note.locator(".note-about button").click()
    await expect(line).to_be_focused()


async def test_a_note_written_offline_is_kept_through_a_reload_and_saved_once(
    page: Page, browser: Pages, server: Server
) -> None:
    browser.expect(r"WebSocket|net::ERR|Failed to fetch|503")
    await server.stop()
    await expect(page.locator("#connection[data-state=reconnecting]")).to_be_visible()
    await write(page, "f", "Annual fairs.")
    await expect(page.locator(".kept")).to_contain_text("Kept, not yet saved")
    await server.start()
    await page.reload()
    await live(page)
    await expect(page.locator(".note[data-kind=fails]")).to_have_count(1)
    await expect(page.locator("#kept")).to_be_hidden()


async def test_notes_are_edited_moved_filtered_and_dropped(page: Page) -> None:
    await write(page, "w", "Named persons.")
    await write(page, "r", "Fund the secretariat.")
    note = page.locator(".note[data-kind=works]")
    await note.get_by_role("button", name="Edit").click()
    await page.keyboard.press("End")
    await page.keyboard.type(" Always.")
    await axe(page)
    await page.keyboard.press("Enter")
    await expect(note.locator(".note-text")).to_have_text("Named persons. Always.")
    await expect(note.locator(".note-meta")).to_contain_text("edited")
    await note.get_by_role("button", name="Move").click()
    question = page.get_by_label("Guiding question", exact=True)
    await expect(question).to_be_focused()
    await question.select_option(index=3)
    await page.get_by_role("button", name="Save the change").click()
    await expect(page.locator(".notes-group h3").last).to_contain_text("3. ")
    await page.locator("#filters [data-kind=works]").click()
    await expect(page.locator(".note")).to_have_count(1)
    await note.get_by_role("button", name="Drop").click()
    await axe(page)
    await page.get_by_role("dialog").get_by_role("button", name="Drop").click()
    await expect(page.locator("#notes-empty")).to_have_text("No notes of these kinds.")


async def test_words_typed_into_a_note_that_somebody_drops_come_back_to_the_pad(page: Page, moderator: Member) -> None:
    await write(page, "o", "Who keeps the list?")
    note = page.locator(".note")
    await note.get_by_role("button", name="Edit").click()
    await page.keyboard.press("End")
    await page.keyboard.type(" And for whom?")
    docs = await moderator.until(lambda docs: docs["record"]["notes"])
    await moderator.send("note.drop", note=next(iter(docs["record"]["notes"])))
    kept = page.locator(".kept[data-state=back]")
    await expect(kept).to_contain_text("Who keeps the list? And for whom?")
    await kept.get_by_role("button", name="Put it back into the field").click()
    await expect(page.locator("#pad-text")).to_have_value("Who keeps the list? And for whom?")


async def test_the_feed_and_the_notes_have_their_times_without_script(page: Page, browser: Pages) -> None:
    await write(page, "w", "Named persons.")
    await expect(page.locator(".note")).to_have_count(1)
    context = await browser.context(java_script_enabled=False)
    await context.add_cookies(await page.context.cookies())  # type: ignore[arg-type]
    plain = await context.new_page()
    await plain.goto(page.url)
    for place in (".feed-time", ".note-meta"):
        words = await page.locator(place).all_text_contents()
        assert all(re.match(r"\d\d:\d\d", each) for each in words), words
        await expect(plain.locator(place)).to_have_text(words)


async def test_new_lines_wait_while_one_reads_further_up(page: Page, moderator: Member) -> None:
    frame = page.locator("#feed-frame")
    for number in range(15):
        await moderator.send("announce", text=f"Announcement {number}")
    await expect(page.locator(".feed-line")).to_have_count(17)
    await expect(page.locator(".feed-line").last).to_be_in_viewport()
    await frame.evaluate("frame => { frame.scrollTop = 0; }")
    await moderator.send("announce", text="One more")
    await expect(page.locator("#feed-more")).to_have_text("1 new line")
    assert await frame.evaluate("frame => frame.scrollTop") == 0
    await page.locator("#feed-more").click()
    await expect(page.locator(".feed-line").last).to_be_focused()
    await expect(page.locator("#feed-more")).to_be_hidden()


async def test_on_a_phone_the_pad_comes_first_and_feed_and_notes_are_tabs(
    session: Session, moderator: Member, browser: Pages
) -> None:
    browser.expect(r"status of (401|403)")
    page = await browser.page(session.links["rapporteur"], viewport={"width": 390, "height": 844})
    await live(page)
    await expect(page.locator("#pad-text")).to_be_in_viewport()
    await expect(page.locator("#feed")).to_be_hidden()
    await moderator.send("announce", text="Coffee")
    tab = page.locator("#tabs [data-tab=feed]")
    await expect(tab.locator(".count")).to_have_text("1")
    await tab.click()
    await expect(page.locator("#feed")).to_be_visible()
    await expect(page.locator("#notes")).to_be_hidden()
    await expect(tab.locator(".count")).to_be_hidden()
    await axe(page)


async def test_the_report_can_be_read_taken_along_and_says_when_it_is_old(page: Page, moderator: Member) -> None:
    await write(page, "w", "Named persons.")
    await expect(page.locator(".note")).to_have_count(1)
    await page.get_by_role("link", name="Report", exact=True).click()
    await live(page)
    await expect(page.locator(".report")).to_contain_text("Named persons.")
    await axe(page)
    for link in await page.locator(".report-take a").all():
        answer = await page.request.get(await link.evaluate("link => link.href"))
        assert answer.ok, answer.url
    await expect(page.locator("#newer")).to_be_hidden()
    await moderator.send("note.write", kind="lesson", text="Sign late.")
    await page.locator("#newer").get_by_role("link").click()
    await expect(page.locator(".report")).to_contain_text("Sign late.")


async def test_notes_of_rooms_are_harvested_lifted_by_keys_and_put_on_the_screen(
    page: Page, server: Server, session: Session, moderator: Member
) -> None:
    async with opened(server, session, moderator, name="World café") as rooms:
        first, second = rooms.order
        writer = await rooms.in_room(first)
        await writer.send("note.write", kind="works", text="Named persons.", room=first)
        # What comes while the harvest is in view waits behind "1 new note": this one is to be there before.
        await page.reload()
        await live(page)
        await page.locator("#views [data-tab=rooms]").click()
        notes = page.locator(".harvest-note")
        await expect(notes).to_have_count(1)
        await (await rooms.in_room(second)).send("note.write", kind="open", text="Who keeps the list?", room=second)
        more = page.locator(".harvest-more")
        await expect(more).to_have_text("1 new note")
        await expect(notes).to_have_count(1)
        await more.click()
        await expect(notes.nth(1)).to_be_focused()
        await axe(page)
        await page.keyboard.press("k")
        await page.keyboard.press("u")
        await expect(notes.first).to_have_attribute("data-fate", "lifted")
        await expect(page.locator("#live")).to_contain_text("Lifted into the record: Named persons.")
        await page.keyboard.press("j")
        await page.keyboard.press("u")
        await expect(page.locator(".harvest-note[data-fate=lifted]")).to_have_count(2)
        await notes.nth(1).get_by_role("button", name="Take out of the record again").click()
        await expect(notes.nth(1)).to_have_attribute("data-fate", "free")
        await notes.first.get_by_role("button", name="See it").click()
        lifted = page.locator("#notes .note")
        await expect(lifted).to_be_focused()
        await lifted.get_by_role("button", name=re.compile("From .*Table 1.*, round 1")).click()
        await expect(notes.first).to_be_focused()
        await page.get_by_role("button", name=re.compile("Show on screen: .*Table 1.*, round 1")).click()
        shown = (await moderator.until(lambda docs: docs["stage"]["rooms"]["shown"]))["stage"]["rooms"]["shown"]
        assert [note["text"] for note in shown["notes"].values()] == [{"en": "Named persons."}]
        await page.locator(".harvest-on-screen").get_by_role("button").click()
        await moderator.until(lambda docs: docs["stage"]["rooms"].get("shown") is None)
        await expect(page.locator(".feed-line[data-what='note.lifted'] .feed-text").first).to_have_text(
            re.compile("Note lifted from .?Table 1.?, round 1")
        )
    await moderator.send("rooms.close", grace=0)
    await moderator.send("rooms.drop", plan=rooms.plan)
    await expect(page.locator(".harvest-chips")).to_contain_text("dropped")
    await expect(notes).to_have_count(2)
    await page.set_viewport_size({"width": 390, "height": 844})
    await expect(page.locator(".harvest-list .harvest-note")).to_have_count(2)
    await axe(page)


async def test_a_note_for_a_room_goes_to_its_sheet_and_the_next_after_the_rooms_to_the_plenary(
    page: Page, server: Server, session: Session, moderator: Member
) -> None:
    question = list(moderator.docs["stage"]["agenda"]["segments"].values())[1]["order"][0]
    topics = [{"name": "Wells", "question": question}, {}]
    async with opened(server, session, moderator, topics=topics) as rooms:
        await page.locator("#pad-room").select_option(label="Wells")
        await expect(page.locator("#pad-question option:checked")).to_contain_text("In the room: 3. Where did")
        await write(page, "l", "Dig together.")
        member = await rooms.in_room(rooms.order[0])
        docs = await member.until(lambda docs: docs[f"room/{rooms.order[0]}"]["notes"])
        assert [note["kind"] for note in docs[f"room/{rooms.order[0]}"]["notes"].values()] == ["lesson"]
        await moderator.send("rooms.close", grace=0)
    await expect(page.locator(".pad-room")).to_be_hidden()
    await write(page, "o", "Who keeps the list?")
    await expect(page.locator("#notes .note .note-text")).to_have_text("Who keeps the list?")
    await page.locator("#views [data-tab=rooms]").click()
    await expect(page.locator(".harvest-note .harvest-text")).to_have_text("Dig together.")
