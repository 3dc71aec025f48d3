"""The second half of a session, played through the pages: questions, a poll, notes, the end, and the report of all that."""

from __future__ import annotations

import re
from pathlib import Path

from playwright.async_api import Download, Locator, expect

from tests.browser.hall import Seat
from tests.browser.story import TITLE, Cast

ASKED = "Who pays when a partner leaves?"
BESIDE = "Will there be lunch?"
PROMPT = {"en": "Would you sign again?", "fr": "Signeriez-vous de nouveau ?"}
WORKS = "A written exit clause keeps partners at the table."
FAILS = "Reports that nobody reads."
LESSON = "Begin small."
LESSON_THEN = "Begin small, and put a date on it."
ANSWER = "The fund does, for one year."
NOTICE = "We close in five minutes."


async def ask(cast: Cast) -> None:
    """Ada asks without her name and is approved, voted for and answered; Bruno asks beside the point and learns why not."""
    ada, bruno, moderator = cast.ada, cast.bruno, cast.moderator
    await put_question(ada, ASKED, anonymous=True)
    card = moderator.page.get_by_role("listitem").filter(has_text=ASKED)
    await expect(card).to_contain_text(moderator.t("moderator.question.anonymous"))
    await expect(card).not_to_contain_text("Ada")
    docs = await moderator.wire.until(lambda docs: docs["desk"]["questions"])
    (held,) = docs["desk"]["questions"].values()
    assert [held.get(field) for field in ("person", "name", "group")] == [None, None, None]
    await moderator.page.get_by_role("button", name=f"{moderator.t('moderator.question.approve')}: {ASKED}").click()
    await expect(vote_button(bruno, "vote", ASKED, 0)).to_be_visible()
    await expect(vote_button(ada, "own", ASKED, 0)).to_be_disabled()
    await vote_button(bruno, "vote", ASKED, 0).click()
    await expect(vote_button(bruno, "counted", ASKED, 1)).to_be_visible()
    await expect(vote_button(ada, "own", ASKED, 1)).to_be_visible()

    await put_question(bruno, BESIDE, anonymous=False)
    await moderator.page.get_by_role("button", name=f"{moderator.t('moderator.question.decline')}: {BESIDE}").click()
    await moderator.button("moderator.decline.subject").click()
    await bruno.reads(bruno.t("participant.mine.declined"))
    await bruno.reads(bruno.t("moderator.decline.subject"))
    assert BESIDE not in await ada.wire.everything(), "a question that was not taken is its asker's alone"

    await moderator.page.get_by_role("button", name=f"{moderator.t('moderator.question.answer')}: {ASKED}").click()
    await moderator.page.get_by_label(moderator.t("moderator.question.answer_text")).first.fill(ANSWER)
    await moderator.button("moderator.question.answer_mark").click()
    await ada.reads(ada.t("participant.mine.answered"))
    await cast.rapporteur.reads(cast.rapporteur.t("rapporteur.feed.question_answered", text=ASKED))


async def put_question(seat: Seat, text: str, *, anonymous: bool) -> None:
    """Ask a question and read that the moderators have it."""
    await seat.button("participant.ask").click()
    await seat.dialog().get_by_label(seat.t("participant.ask.text")).fill(text)
    if anonymous:
        await seat.dialog().get_by_role("radio", name=seat.t("participant.ask.anonymous")).check()
    await seat.button("participant.ask.send", seat.dialog()).click()
    await seat.reads(seat.t("participant.ask.sent.moderated"))
    await seat.reads(seat.t("participant.mine.pending"))


def vote_button(seat: Seat, state: str, text: str, votes: int) -> Locator:
    """The button beside a question, as it stands now: how many votes, and whether one of them is one's own."""
    label = seat.t("participant.vote.label", n=votes)
    return seat.page.get_by_role("button", name=f"{label}, {seat.t(f'participant.vote.{state}')}: {text}")


async def poll(cast: Cast) -> None:
    """A quick poll: both vote, Ada thinks again, nobody sees a result before it is published."""
    ada, bruno, moderator = cast.ada, cast.bruno, cast.moderator
    await moderator.button("moderator.quick.yes_no").click()
    prompts = moderator.page.get_by_label(moderator.t("moderator.poll.prompt"))
    await prompts.nth(0).fill(PROMPT["en"])
    await prompts.nth(1).fill(PROMPT["fr"])
    await moderator.button("moderator.poll.open_now").click()
    await tap(ada, "moderator.quick.yes_no.yes")
    await bruno.reads(bruno.t("participant.poll.turnout", n=1))
    await tap(bruno, "moderator.quick.yes_no.yes")
    await tap(ada, "moderator.quick.yes_no.no")
    await cast.screen.wire.until(lambda docs: [poll["turnout"] for poll in docs["stage"]["polls"].values()] == [2])
    online = cast.screen.wire.docs["stage"]["presence"]["online"]
    await cast.screen.reads(cast.screen.t("screen.answered_of", n=2, online=online))
    await moderator.page.get_by_role("button", name=f"{moderator.t('moderator.poll.close')}: {PROMPT['en']}").click()
    for seat in cast.phones:
        await seat.reads(seat.t("participant.poll.closed"))
    await cast.screen.reads(cast.screen.t("screen.poll.closed"))
    for seat in (ada, bruno, cast.screen, cast.rapporteur):
        await expect(seat.page.get_by_role("table", name=PROMPT[seat.language])).to_have_count(0)
        received = await seat.wire.everything()
        assert '"turnout"' in received
        assert '"counts"' not in received, "results that are not published are for the moderators"
        assert '"results"' not in received
    await moderator.page.get_by_role("button", name=f"{moderator.t('moderator.poll.publish')}: {PROMPT['en']}").click()
    for seat in (ada, bruno, cast.screen):
        await figures(seat)
        assert '"counts"' in await seat.wire.everything(), "what is listened to above is where results would come"
    await ada.button("results.show_table").click()
    await expect(ada.button("results.hide_table")).to_be_visible()


async def tap(seat: Seat, option: str) -> None:
    """Choose an option and wait until the ballot counts."""
    choice = seat.page.get_by_role("group", name=PROMPT[seat.language]).get_by_role(
        "button", name=seat.t(option), exact=True
    )
    await choice.click()
    await expect(choice).to_have_attribute("aria-pressed", "true")
    await seat.reads(seat.t("participant.poll.counted"))


async def figures(seat: Seat) -> None:
    """The results of the poll stand there as bars to see and as a table to be read out."""
    figure = seat.page.get_by_role("figure").filter(has=seat.page.get_by_role("table"))
    bars = figure.get_by_role("list", include_hidden=True).first
    await expect(bars).to_be_visible()
    await expect(bars.get_by_text(re.compile(r"50\s?%"))).to_have_count(2)
    table = seat.page.get_by_role("table", name=PROMPT[seat.language])
    for option in ("moderator.quick.yes_no.yes", "moderator.quick.yes_no.no"):
        row = table.get_by_role("row").filter(has=seat.page.get_by_role("rowheader", name=seat.t(option)))
        await expect(row.get_by_role("cell").first).to_have_text("1")
    await seat.reads(seat.t("results.ballots", n=2))


async def write(cast: Cast) -> None:
    """The rapporteur writes three notes by keyboard and mends the last; the moderator makes an announcement."""
    rapporteur = cast.rapporteur
    pad = rapporteur.page.get_by_label(rapporteur.t("rapporteur.pad.text"), exact=True)
    await pad.focus()
    for key, kind, text in (("w", "works", WORKS), ("f", "fails", FAILS), ("l", "lesson", LESSON)):
        await rapporteur.page.keyboard.press(key)
        await expect(rapporteur.page.get_by_role("radio", name=rapporteur.t(f"rapporteur.kind.{kind}"))).to_be_checked()
        await rapporteur.page.keyboard.type(text)
        await rapporteur.page.keyboard.press("Enter")
        await expect(note(rapporteur, text)).to_be_visible()
    await rapporteur.button("rapporteur.note.edit", note(rapporteur, LESSON)).click()
    form = rapporteur.page.get_by_role("listitem").filter(has=rapporteur.button("rapporteur.note.save"))
    await form.get_by_label(rapporteur.t("rapporteur.note.text")).fill(LESSON_THEN)
    await rapporteur.button("rapporteur.note.save").click()
    await expect(note(rapporteur, LESSON_THEN)).to_contain_text(rapporteur.t("rapporteur.note.edited"))

    moderator = cast.moderator
    await moderator.page.get_by_label(moderator.t("moderator.announce.text")).first.fill(NOTICE)
    await moderator.button("moderator.announce.send").click()
    for seat in (cast.ada, cast.bruno, cast.screen, rapporteur):
        await seat.reads(NOTICE)


def note(seat: Seat, text: str) -> Locator:
    """A note that is in the record, in the list of notes."""
    notes = seat.page.get_by_role("region", name=seat.t("rapporteur.notes.heading"), exact=True)
    return notes.get_by_role("listitem").filter(has_text=text).filter(has=seat.button("rapporteur.note.edit"))


async def close(cast: Cast) -> None:
    """The moderator closes the session, and every page says that it is over."""
    moderator = cast.moderator
    await moderator.button("moderator.run.main.close").click()
    await moderator.button("moderator.close.confirm", moderator.dialog()).click()
    for seat in cast.phones:
        await expect(seat.page.get_by_role("heading", name=seat.t("participant.ended.title"))).to_be_visible()
        await expect(seat.button("participant.ask")).to_be_hidden()
    await cast.screen.reads(cast.screen.t("screen.ended"))
    await cast.rapporteur.reads(cast.rapporteur.t("rapporteur.ended"))
    await moderator.reads(moderator.t("moderator.run.empty.ended"))


async def report(cast: Cast) -> None:
    """The rapporteur reads the outcome and takes it along; both say the same."""
    rapporteur = cast.rapporteur
    await rapporteur.page.get_by_role("link", name=rapporteur.t("rapporteur.report.open"), exact=True).first.click()
    page = rapporteur.page.get_by_role("main")
    await expect(page.get_by_role("heading", name=TITLE)).to_be_visible()
    spoken = page.get_by_role("table", name=rapporteur.t("report.speaking"))
    await expect(spoken.get_by_role("row").filter(has_text=rapporteur.t("group.diaspora"))).to_have_count(1)
    for told in contents(rapporteur):
        await expect(page).to_contain_text(told)
    async with rapporteur.page.expect_download() as coming:
        await rapporteur.page.get_by_role("link", name=rapporteur.t("report.page.md")).click()
    markdown = await text_of(await coming.value)
    plain = markdown.replace("\\", "")
    for told in contents(rapporteur):
        assert told in plain, markdown
    assert LESSON_THEN in plain
    assert f"{LESSON} #" not in plain, "a note is reported as it was mended"


def contents(reader: Seat) -> list[str]:
    """What a report of this session has to tell."""
    kinds = [reader.t(f"report.kind.{kind}") for kind in ("works", "fails", "lesson")]
    return [
        *kinds, WORKS, FAILS, LESSON_THEN, PROMPT["en"], reader.t("report.ballots", n=2), ASKED, ANSWER,
        reader.t("report.speaking"), reader.t("report.anonymous"),
        reader.t("report.moderation", asked=2, answered=1, live=0, merged=0, declined=1, pending=0, withdrawn=0),
    ]  # fmt: skip


async def text_of(download: Download) -> str:
    """The downloaded file as text."""
    return Path(await download.path()).read_text()
