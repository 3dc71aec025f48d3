"""A whole session, from the making to the report, played through the pages by everybody who takes part in it.

Each step is what people do and what the others then see. `Cast` holds the pages; the steps have to be taken in order.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from playwright.async_api import Download, Locator, expect

from tests.browser.hall import DESK, PHONE, PROJECTOR, Seat, current
from tests.support.browser import Pages

TITLE = "Bridges and benches"
FIRST = "Which agreement outlived the people who signed it?"
SECOND = "What should a ministry stop asking of an association?"
THIRD = "Where did two associations do more together than apart?"
OUTLINE = f"""\
{TITLE}

Languages: English, French

# With the public sector
- {FIRST} (10 min)
- Coffee and greetings
- {SECOND} (3 s)

# With each other
- {THIRD}
"""

REASON = "A word about trust"
ASKED = "Who pays when a partner leaves?"
BESIDE = "Will there be lunch?"
PROMPT = {"en": "Would you sign again?", "fr": "Signeriez-vous de nouveau ?"}
WORKS = "A written exit clause keeps partners at the table."
FAILS = "Reports that nobody reads."
LESSON = "Begin small."
LESSON_THEN = "Begin small, and put a date on it."
ANSWER = "The fund does, for one year."
NOTICE = "We close in five minutes."


@dataclass(frozen=True)
class Cast:
    """Ada and Bruno (who reads French) take part by phone."""

    moderator: Seat
    rapporteur: Seat
    screen: Seat
    ada: Seat
    bruno: Seat
    code: str

    @property
    def all(self) -> tuple[Seat, ...]:
        """Every page."""
        return (self.moderator, self.rapporteur, self.screen, self.ada, self.bruno)

    @property
    def phones(self) -> tuple[Seat, Seat]:
        """The participants."""
        return (self.ada, self.bruno)


async def gather(browser: Pages, url: str, host_key: str) -> Cast:
    """Somebody makes the session and hands out the links; everybody comes in."""
    host = await Seat.taken(browser, DESK)
    links = await make(host, url, host_key)
    moderator = await Seat.taken(browser, DESK)
    rapporteur = await Seat.taken(browser, DESK)
    screen = await Seat.taken(browser, PROJECTOR)
    for seat, role in ((moderator, "moderator"), (rapporteur, "rapporteur"), (screen, "screen")):
        await seat.page.goto(links[role])
        await seat.live()
        assert "key" not in seat.page.url, "the key is to be taken out of the address"
        assert links[role].startswith(seat.page.url)
    code = links["participant"].rpartition("/")[2]
    ada = await Seat.taken(browser, PHONE)
    await ada.page.goto(url)
    await ada.page.get_by_label(ada.t("home.code")).fill(code.lower())
    await ada.button("home.enter").click()
    await enter(ada, "Ada", "group.diaspora")
    bruno = await Seat.taken(browser, PHONE, "fr")
    await bruno.page.goto(links["participant"])
    await enter(bruno, "Bruno", "group.public")
    for seat in (ada, bruno):
        await seat.reads(seat.t("participant.lobby.title"))
    await screen.reads(code)
    return Cast(moderator, rapporteur, screen, ada, bruno, code)


async def make(host: Seat, url: str, host_key: str) -> dict[str, str]:
    """Paste an agenda, read what was understood, create the session; returns the links by role."""
    await host.page.goto(f"{url}/new")
    await host.page.get_by_label(host.t("new.agenda"), exact=True).fill(OUTLINE)
    await host.button("new.preview").click()
    understood = host.page.get_by_role("region", name=host.t("new.understood"))
    await expect(understood.get_by_role("heading", name=TITLE)).to_be_visible()
    for question in (FIRST, SECOND, THIRD):
        await expect(understood.get_by_text(question)).to_be_visible()
    await host.reads(host.t("agenda.warning.list_item", text="Coffee and greetings"))
    await host.page.get_by_label(host.t("new.key")).fill("not-the-host-key")
    await host.button("new.create").click()
    await host.reads(host.t("new.key.wrong"))
    await host.page.get_by_label(host.t("new.key")).fill(host_key)
    await host.button("new.create").click()
    await expect(host.page.get_by_role("heading", name=host.t("new.made"))).to_be_visible()
    roles = ("moderator", "rapporteur", "screen", "participant")
    return {role: await host.page.get_by_label(host.t(f"new.link.{role}"), exact=True).input_value() for role in roles}


async def enter(seat: Seat, name: str, group: str) -> None:
    """Fill in the join form and go in."""
    await seat.page.get_by_label(seat.t("join.name")).fill(name)
    await seat.page.get_by_role("radio", name=seat.t(group)).check()
    await seat.button("join.enter").click()
    await seat.live()


async def run(cast: Cast) -> None:
    """The session opens, the clock of the first question is worked, and the clock of the second brings the third."""
    moderator = cast.moderator
    await moderator.button("moderator.run.main.open", exact=False).click()
    await moderator.button("moderator.run.main.first", exact=False).click()
    for seat in cast.all:
        await seat.reads(FIRST)
    await moderator.button("moderator.clock.pause").click()
    await cast.ada.reads(cast.ada.t("participant.clock.paused"))
    await cast.bruno.reads(cast.bruno.t("participant.clock.paused"))
    await cast.screen.reads(cast.screen.t("screen.clock.paused"))
    await cast.rapporteur.reads(cast.rapporteur.t("rapporteur.now.paused"))
    await moderator.button("moderator.clock.resume").click()
    await expect(cast.screen.text("screen.clock.paused")).to_have_count(0)
    await moderator.button("moderator.clock.more.name").click()
    for seat in cast.all:
        await seat.wire.until(lambda docs: docs["stage"]["agenda"]["clock"]["total"] == 660_000)
        await expect(seat.words(re.compile(r"^10:\d\d")).first).to_be_visible()
    await moderator.page.get_by_role("switch", name=moderator.t("moderator.run.auto")).check()
    await moderator.wire.until(lambda docs: docs["stage"]["agenda"]["auto"])
    await moderator.button("moderator.run.main.next", exact=False).click()
    for seat in cast.all:
        await seat.reads(THIRD)
    await together(cast)
    await cast.rapporteur.reads(cast.rapporteur.t("rapporteur.feed.agenda_went_auto", n=3))


async def together(cast: Cast) -> None:
    """The clock of the second question brought the third to every page with the same entry, when its time was over."""
    docs = await cast.rapporteur.wire.until(
        lambda docs: [line for line in docs["record"]["feed"].values() if line.get("auto")]
    )
    went = [line for line in docs["record"]["feed"].values() if line["what"] == "agenda.went"]
    second, third = went[-2:]
    assert third["auto"] is True
    assert 3_000 <= third["at"] - second["at"] < 6_000, "3 s were planned"
    frames = [seat.wire.brought(current(THIRD)) for seat in cast.all]
    assert {frame["seq"] for frame in frames} == {third["seq"]}
    assert all(0 <= frame["now"] - third["at"] < 2_000 for frame in frames), (third, frames)


async def speak(cast: Cast) -> None:
    """Ada asks for the floor, gets it, and her time is counted; Bruno waits behind her."""
    ada, bruno, moderator = cast.ada, cast.bruno, cast.moderator
    await raise_hand(ada, REASON)
    await expect(bar(ada)).to_contain_text(ada.t("participant.hand.place", place=1, total=1))
    await raise_hand(bruno, "")
    await expect(bar(bruno)).to_contain_text(bruno.t("participant.hand.place", place=2, total=2))
    await ada.reads(ada.t("participant.floor.next"))
    await moderator.reads(REASON)
    await moderator.button("moderator.speaker.first").click()
    await ada.reads(ada.t("participant.floor.yours"))
    await expect(cast.screen.page.get_by_role("heading", name="Ada")).to_be_visible()
    await bruno.reads(bruno.t("participant.floor.next"))
    assert REASON not in await bruno.wire.everything(), "a reason is for the moderators"
    # A turn of less than a second would be no speaking time.
    since = cast.rapporteur.page.get_by_role("timer", name=cast.rapporteur.t("rapporteur.now.spoken"))
    await expect(since).to_have_text(re.compile(r"[1-9]"))
    await moderator.button("moderator.speaker.finish").click()
    await expect(ada.text("participant.floor.yours")).to_have_count(0)
    docs = await cast.rapporteur.wire.until(
        lambda docs: docs["record"]["speaking"]["groups"]["diaspora"]["ms"] >= 1_000
    )
    seconds = docs["record"]["speaking"]["groups"]["diaspora"]["ms"] // 1_000
    await cast.rapporteur.reads(
        cast.rapporteur.t(
            "rapporteur.feed.speaker_finished",
            name=f"Ada ({cast.rapporteur.t('group.diaspora')})",
            time=f"0:{seconds:02d}",
        )
    )
    await moderator.page.get_by_text(re.compile(moderator.t("moderator.people.all", n=4).replace("4", r"\d"))).click()
    await moderator.reads(moderator.t("moderator.hand.spoken", n=1, time=f"0:{seconds:02d}"))
    await bar(bruno).get_by_role("button").filter(has_text=bruno.t("participant.hand.place", place=1, total=1)).click()
    await bruno.button("participant.hand.lower", bruno.dialog()).click()
    await expect(bruno.button("participant.hand.raise", exact=False)).to_be_visible()


def bar(seat: Seat) -> Locator:
    """What a participant has within reach of the thumb."""
    return seat.page.get_by_role("navigation", name=seat.t("participant.bar"))


async def raise_hand(seat: Seat, reason: str) -> None:
    """Raise a hand, perhaps with a reason."""
    await seat.button("participant.hand.raise", exact=False).click()
    await seat.dialog().get_by_label(seat.t("participant.hand.reason")).fill(reason)
    await seat.button("participant.hand.raise", seat.dialog()).click()


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
    for told in outcome(rapporteur):
        await expect(page).to_contain_text(told)
    async with rapporteur.page.expect_download() as coming:
        await rapporteur.page.get_by_role("link", name=rapporteur.t("report.page.md")).click()
    markdown = await text_of(await coming.value)
    plain = markdown.replace("\\", "")
    for told in outcome(rapporteur):
        assert told in plain, markdown
    assert LESSON_THEN in plain
    assert f"{LESSON} #" not in plain, "a note is reported as it was mended"


def outcome(reader: Seat) -> list[str]:
    """What a report of this session has to tell."""
    kinds = [reader.t(f"report.kind.{kind}") for kind in ("works", "fails", "lesson")]
    return [
        *kinds, WORKS, FAILS, LESSON_THEN, PROMPT["en"], reader.t("report.ballots", n=2), ASKED, ANSWER,
        reader.t("report.speaking"), reader.t("report.anonymous"),
        reader.t("report.moderation", asked=2, answered=1, live=0, declined=1),
    ]  # fmt: skip


async def text_of(download: Download) -> str:
    """The downloaded file as text."""
    return Path(await download.path()).read_text()
