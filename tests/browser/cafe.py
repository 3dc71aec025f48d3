"""The people of a world café: a few in their browsers, the others on light sockets, and what each of them is entitled to read.

Every note has a canary in it that names the table and the round where it was written, so that what somebody received can
be told from what they were ever entitled to.
"""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import Callable
from contextlib import AsyncExitStack
from typing import Any

from playwright.async_api import Locator, expect

from tests.browser.hall import DESK, PHONE, PROJECTOR, Seat
from tests.browser.story import enter
from tests.browser.wire import Wire
from tests.support.browser import Pages
from tests.support.member import Documents, Member
from tests.support.server import Person, Server, Session

TITLE = "Bridges and benches"
FIRST = "What did we come for?"
SECOND = "What stands between us?"
THIRD = "What do we take home?"
TABLES = {
    "Harbour": "Who keeps a harbour open in winter?",
    "Market": "What does a market owe its neighbours?",
    "Kitchen": "Whose kitchen feeds the newcomers?",
    "Library": "Which shelf of the library is empty?",
}
SEGMENT = "At the tables"
OUTLINE = "\n".join(
    [
        f"{TITLE}\n\nLanguages: English, French\n\n# In the plenary",
        *(f"- {question}" for question in (FIRST, SECOND, THIRD)),
        f"\n# {SEGMENT}",
        *(f"- {question}" for question in TABLES.values()),
    ]
)

ON_PHONES = {"Ada": ("en", "diaspora"), "Bruno": ("fr", "public"), "Cleo": ("en", "youth")}
OTHERS = {
    "diaspora": ("Dede", "Emre", "Fatou", "Goran", "Hana", "Ines", "Jonas"),
    "public": ("Kofi", "Leyla", "Miro"),
    "youth": ("Nour", "Otto", "Pia"),
}

Cell = tuple[str, int]
"""A table by its name, and a round."""

CANARY = re.compile(r"canary-(\w+)-(\d)")
DOCUMENT = re.compile(r'"room/([^"/]+)"')


def said_at(table: str, round_: int) -> str:
    """What somebody writes at that table in that round."""
    return f"Nobody asked for it twice: canary-{table}-{round_}"


def canaries(received: str) -> set[Cell]:
    """The tables and rounds of which notes are in what somebody received."""
    return {(table, int(round_)) for table, round_ in CANARY.findall(received)}


def plenary(phone: Seat, question: str) -> Locator:
    """The guiding question as a participant reads it in the plenary; in a room the agenda alone has it."""
    return phone.page.get_by_role("heading", name=question, exact=True)


class Guest:
    """Somebody on a light socket, who comes back with the position held, as a page does."""

    def __init__(self, server: Server, person: Person, stack: AsyncExitStack) -> None:
        self._server = server
        self._person = person
        self._stack = stack
        self._members: list[Member] = []

    async def come(self) -> None:
        """Connect, for the first time or again."""
        seen = self._members[-1] if self._members else None
        socket = self._server.connect(self._person.session, self._person.token, seen=seen)
        self._members.append(await self._stack.enter_async_context(socket))

    @property
    def member(self) -> Member:
        """The socket that is open now."""
        return self._members[-1]

    async def until(self, true: Callable[[Documents], Any]) -> Documents:
        """As that of a `Wire`."""
        return await self.member.until(true)

    async def everything(self) -> str:
        """As that of a `Wire`."""
        return json.dumps([[member.welcome, member.frames] for member in self._members])


class Cafe:
    """`phones` and `guests` are the participants by their ids; `named` has the phones by the names of their people."""

    def __init__(self, server: Server, session: Session, moderator: Seat, rapporteur: Seat, screen: Seat) -> None:
        self.server = server
        self.session = session
        self.moderator = moderator
        self.rapporteur = rapporteur
        self.screen = screen
        self.phones: dict[str, Seat] = {}
        self.named: dict[str, Seat] = {}
        self.guests: dict[str, Guest] = {}

    @classmethod
    async def gathered(cls, server: Server, browser: Pages, stack: AsyncExitStack) -> Cafe:
        """A session in which everybody is there and the plenary has its first question."""
        session = await server.create(OUTLINE)

        async def by_link(role: str, device: dict[str, Any]) -> Seat:
            seat = await Seat.taken(browser, device)
            await seat.page.goto(session.links[role])
            await seat.live()
            return seat

        devices = {"moderator": DESK, "rapporteur": DESK, "screen": PROJECTOR}
        cafe = cls(server, session, *await asyncio.gather(*(by_link(*link) for link in devices.items())))
        for group, names in OTHERS.items():
            for name in names:
                person = await server.join(session.code, name, group=group)
                cafe.guests[person.person] = Guest(server, person, stack)
                await cafe.guests[person.person].come()
        await asyncio.gather(*(cafe.join(browser, name, *who) for name, who in ON_PHONES.items()))
        await cafe.moderator.button("moderator.run.main.open", exact=False).click()
        await cafe.moderator.button("moderator.run.main.first", exact=False).click()
        for phone in cafe.phones.values():
            await expect(plenary(phone, FIRST)).to_be_visible()
        return cafe

    async def join(self, browser: Pages, name: str, language: str, group: str) -> Seat:
        """Somebody comes with the code, by phone: how they are called, what they read, their stakeholder group."""
        phone = await Seat.taken(browser, PHONE, language)
        await phone.page.goto(f"{self.server.url}/j/{self.session.code}")
        await enter(phone, name, f"group.{group}")
        person = phone.wire.docs["me"]["person"]
        self.phones[person] = self.named[name] = phone
        return phone

    @property
    def plan(self) -> dict[str, Any]:
        """The plan, as the moderator's page has it."""
        (plan,) = self.moderator.wire.docs["desk"]["rooms"].values()
        return dict(plan)

    @property
    def rooms(self) -> dict[str, str]:
        """The ids of the tables by their names."""
        return {room["name"]["en"]: ident for ident, room in self.plan["rooms"].items()}

    def people(self, table: str, round_: int) -> list[str]:
        """Who has a seat there in that round."""
        seated: list[str] = self.plan["seats"][str(round_)].get(self.rooms[table], [])
        return seated

    def table(self, person: str, round_: int) -> str | None:
        """Where somebody has a seat in that round."""
        return next((table for table in TABLES if person in self.people(table, round_)), None)

    def person(self, name: str) -> str:
        """The id of somebody with a phone."""
        phone = self.named[name]
        return next(person for person, seat in self.phones.items() if seat is phone)

    def card(self, table: str) -> Locator:
        """The table on the moderator's board."""
        page = self.moderator.page
        return page.get_by_role("listitem").filter(has=page.get_by_role("heading", name=table, exact=True))

    async def seated(self, round_: int) -> None:
        """Wait until everybody has their table of that round, and every phone shows it."""
        for person, phone in self.phones.items():
            table = self.table(person, round_)
            assert table is not None
            await expect(phone.page.get_by_role("heading", name=table, exact=True)).to_be_visible()
            await phone.reads(phone.t("rooms.round_of", n=round_, count=3))
            await phone.reads(TABLES[table])
        for person, guest in self.guests.items():
            await holds_round(guest, self.rooms[str(self.table(person, round_))], round_)

    def entitled(self, person: str) -> set[Cell]:
        """Of which tables and rounds somebody may have read: of each table where they sat, up to the round in which they did."""
        tables = {round_: self.table(person, round_) for round_ in range(1, self.plan["round"] + 1)}
        return {(table, n) for round_, table in tables.items() if table is not None for n in range(1, round_ + 1)}

    async def received(self) -> None:
        """Everybody received all notes that they are entitled to, no other note, and no other table's document."""
        now = self.plan["round"]
        wires: dict[str, Wire | Guest] = {**self.guests}
        wires |= {person: phone.wire for person, phone in self.phones.items()}
        for person, wire in wires.items():
            entitled = self.entitled(person)
            await holds(wire, {(table, round_) for table, round_ in entitled if table == self.table(person, now)})
            everything = await wire.everything()
            assert canaries(everything) == entitled, person
            assert set(DOCUMENT.findall(everything)) == {self.rooms[table] for table, _ in entitled}, person


async def holds_round(wire: Wire | Guest, room: str, round_: int) -> None:
    """Wait until somebody has the document of that room in that round."""
    await wire.until(lambda docs: docs[f"room/{room}"]["room"]["round"] == round_)


async def holds(wire: Wire | Guest, cells: set[Cell]) -> None:
    """Wait until somebody has the notes of these tables and rounds."""
    await wire.until(lambda docs: cells <= canaries(json.dumps(docs)))
