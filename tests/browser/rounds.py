"""A world café from the opening of its rooms to the way back, step by step on everybody's pages; see `Cafe` for who they are."""

from __future__ import annotations

import asyncio
import re

from playwright.async_api import Locator, expect

from tests.browser.cafe import TABLES, THIRD, Cafe, plenary, said_at
from tests.browser.hall import Seat
from tests.browser.planning import HOST, ROUNDS, TASK, chip
from tests.support.browser import Pages

WORDS = "Has everybody spoken?"
MEANWHILE = "Written while nobody listened."


def origin(seat: Seat, table: str, round_: int) -> str:
    """A table and a round, as this page names them together."""
    return seat.t("rooms.origin", room=f"\u2068{table}\u2069", n=round_)


async def begin(cafe: Cafe) -> None:
    """The rooms open; somebody asks for help and gets it; everybody is told something."""
    moderator, screen, cleo = cafe.moderator, cafe.screen, cafe.named["Cleo"]
    await moderator.button("moderator.rooms.main.open", exact=False).click()
    await cafe.seated(1)
    await screen.reads(screen.t("rooms.round_of", n=1, count=ROUNDS))
    for table in TABLES:
        await screen.reads(table)
    await cafe.named[HOST].reads(TASK)
    table = str(cafe.table(cafe.person("Cleo"), 1))
    await cleo.button("participant.room.help.ask").click()
    await expect(cafe.card(table)).to_contain_text(moderator.t("moderator.rooms.card.help"))
    await moderator.reads(moderator.t("moderator.rooms.help.by", name="\u2068Cleo\u2069"))
    coming = f"{moderator.t('moderator.rooms.help.coming')}: {table}"
    await moderator.page.get_by_role("button", name=coming, exact=True).click()
    await cleo.reads(cleo.t("participant.room.help.coming", name="\u2068Moderator\u2069"))
    helped = f"{moderator.t('moderator.rooms.help.helped')}: {table}"
    await moderator.page.get_by_role("button", name=helped, exact=True).click()
    await expect(cleo.button("participant.room.help.ask")).to_be_visible()
    await moderator.page.get_by_text(moderator.t("moderator.rooms.message.title"), exact=True).click()
    await moderator.page.get_by_label(moderator.t("moderator.rooms.message")).first.fill(WORDS)
    await moderator.button("moderator.rooms.message.send").click()
    for phone in cafe.phones.values():
        await phone.reads(WORDS)


async def write(cafe: Cafe, round_: int) -> None:
    """At each table somebody writes a note, through the page where one of those with a page sits there."""
    for table, room in cafe.rooms.items():
        count, text = notes(cafe, table) + 1, said_at(table, round_)
        people = cafe.people(table, round_)
        phone = next((cafe.phones[person] for person in people if person in cafe.phones), None)
        if phone is None:
            await cafe.guests[people[0]].member.send("note.write", kind="works", text=text, room=room)
        else:
            await note(phone, text)
            await expect(phone.page.get_by_role("listitem").filter(has_text=text)).to_be_visible()
        await expect(cafe.card(table)).to_contain_text(cafe.moderator.t("moderator.rooms.card.notes", n=count))
    await cafe.received()


def notes(cafe: Cafe, table: str) -> int:
    """How many notes the table has, as the moderator's page says."""
    count: int = cafe.plan["rooms"][cafe.rooms[table]]["notes"]
    return count


async def note(phone: Seat, text: str) -> None:
    """Write a note on the sheet of one's table."""
    await phone.page.get_by_role("radio", name=phone.t("rapporteur.kind.lesson")).check()
    await phone.page.get_by_label(phone.t("participant.room.note.text"), exact=True).fill(text)
    await phone.button("participant.room.note.send").click()


async def rotate(cafe: Cafe, round_: int) -> None:
    """The next round: people find another table, hosts theirs, and what was written there."""
    before = {person: cafe.table(person, round_ - 1) for person in cafe.phones}
    await cafe.moderator.button("moderator.rooms.main.rotate", exact=False).click()
    await cafe.moderator.button("moderator.rooms.main.rotate", cafe.moderator.dialog()).click()
    await cafe.seated(round_)
    for person, phone in cafe.phones.items():
        table = str(cafe.table(person, round_))
        assert (table == before[person]) is (phone is cafe.named[HOST])
        await phone.reads(phone.t("participant.room.earlier", n=notes(cafe, table)))
        for earlier in range(1, round_):
            await phone.reads(origin(phone, table, earlier))
            await phone.reads(said_at(table, earlier))
    await cafe.screen.reads(cafe.screen.t("rooms.round_of", n=round_, count=ROUNDS))


async def come_late(cafe: Cafe, browser: Pages) -> None:
    """Zoe comes in the second round and has a seat at once; Ada loads her page again and keeps hers."""
    zoe = await cafe.join(browser, "Zoe", "en", "youth")
    person = cafe.person("Zoe")
    await cafe.moderator.wire.until(lambda _: cafe.table(person, 2))
    table = str(cafe.table(person, 2))
    await expect(zoe.page.get_by_role("heading", name=table, exact=True)).to_be_visible()
    await expect(chip(cafe, table, person)).to_be_visible()
    ada = cafe.named["Ada"]
    await ada.page.reload()
    await ada.live()
    await cafe.seated(2)
    await ada.reads(said_at(str(cafe.table(cafe.person("Ada"), 2)), 1))


async def crash(cafe: Cafe) -> None:
    """The server dies and comes back; what Ada writes meanwhile is kept, and everybody is at the same table by themselves."""
    ada = cafe.named["Ada"]
    table = str(cafe.table(cafe.person("Ada"), 2))
    seated, rooms = cafe.plan["seats"], {person: sheet(phone) for person, phone in cafe.phones.items()}
    seats = (*cafe.phones.values(), cafe.moderator, cafe.rapporteur, cafe.screen)
    before = [seat.wire.welcomes for seat in seats]
    await cafe.server.crash()
    starting = asyncio.create_task(cafe.server.start())
    await note(ada, MEANWHILE)
    await ada.reads(ada.t("participant.room.note.kept"))
    await starting
    for guest in cafe.guests.values():
        await guest.come()
    for seat, welcomes in zip(seats, before, strict=True):
        await come_back(seat, welcomes)
    await expect(cafe.card(table)).to_contain_text(cafe.moderator.t("moderator.rooms.card.notes", n=3))
    await expect(ada.text("participant.room.note.kept")).to_have_count(0)
    assert cafe.plan["seats"] == seated
    await cafe.seated(2)
    for person, phone in cafe.phones.items():
        assert rooms[person].items() <= sheet(phone).items()
        assert (sheet(phone) == rooms[person]) is (cafe.table(person, 2) != table)
        await phone.reads(said_at(str(cafe.table(person, 2)), 1))
    await cafe.received()


async def come_back(seat: Seat, welcomes: int) -> None:
    """Wait until the server has let in the page once more than so often."""
    await seat.wire.until(lambda _: seat.wire.welcomes > welcomes)
    await seat.live()


def sheet(phone: Seat) -> dict[str, dict[str, str]]:
    """The notes that a page has of its table, with those of earlier rounds."""
    room = phone.wire.docs[f"room/{phone.wire.docs['me']['room']}"]
    return {ident: one["text"] for ident, one in [*room["notes"].items(), *room["earlier"]["notes"].items()]}


async def recall(cafe: Cafe) -> None:
    """The plenary goes on; everybody is called back, Ada goes at once, and all land on what the plenary shows now."""
    moderator, ada = cafe.moderator, cafe.named["Ada"]
    await moderator.page.keyboard.press("r")
    await moderator.button("moderator.run.main.next", exact=False).click()
    others = [phone for phone in cafe.phones.values() if phone is not ada]
    await moderator.button("moderator.rooms.main.recall", exact=False).click()
    for phone in cafe.phones.values():
        await expect(countdown(phone)).to_contain_text(re.compile(r"1:00|0:[45]\d"))
    await ada.button("participant.room.leave.now").click()
    await expect(plenary(ada, THIRD)).to_be_visible()
    for phone in others:
        await expect(plenary(phone, THIRD)).to_be_hidden()
    await moderator.button("moderator.rooms.sooner", n=15).click()
    for phone in others:
        await expect(countdown(phone)).to_contain_text(re.compile(r"0:[01]\d"))
    # Shorter than the page offers, so that the test need not wait for it.
    async with cafe.server.connect(cafe.session.session, cafe.session.tokens["moderator"]) as member:
        await member.send("rooms.close", grace=1)
    for phone in others:
        await phone.reads(phone.t("participant.room.left"))
        await expect(plenary(phone, THIRD)).to_be_visible()
    await moderator.reads(moderator.t("moderator.rooms.state.closed"))


def countdown(phone: Seat) -> Locator:
    """How long the rooms stay open, as a participant's page counts it down."""
    closing = phone.page.get_by_role("complementary", name=phone.t("participant.room.closing.title"))
    return closing.get_by_role("timer")
