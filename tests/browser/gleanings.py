"""What comes of a world café: the rapporteur reads table by round, lifts two notes, shows a table's to everybody, and reports."""

from __future__ import annotations

from playwright.async_api import expect

from tests.browser.cafe import TABLES, THIRD, TITLE, Cafe, canaries, said_at
from tests.browser.hall import Seat
from tests.browser.outcome import note, text_of
from tests.browser.planning import PLAN, ROUNDS
from tests.browser.rounds import origin

LIFTED = (("Harbour", 1), ("Library", 3))
SHOWN = ("Market", 2)


async def harvest(cafe: Cafe) -> None:
    """Every note stands at its table and its round; two are lifted into the record."""
    rapporteur = cafe.rapporteur
    page = rapporteur.page
    await view(rapporteur, "rooms")
    table = page.get_by_role("table", name=rapporteur.t("rapporteur.rooms.caption"))
    for name in TABLES:
        row = table.get_by_role("row").filter(has=page.get_by_role("rowheader", name=name))
        for round_ in range(1, ROUNDS + 1):
            await expect(row.get_by_role("cell").nth(round_ - 1)).to_contain_text(said_at(name, round_))
    for place in LIFTED:
        await rapporteur.button("rapporteur.rooms.lift_note", text=said_at(*place)).click()
        await expect(rapporteur.button("rapporteur.rooms.undo_note", text=said_at(*place))).to_be_visible()


async def view(rapporteur: Seat, what: str) -> None:
    """Look at the rooms, or at the notes of the record."""
    tabs = rapporteur.page.get_by_role("group", name=rapporteur.t("rapporteur.tabs"))
    await rapporteur.button(f"rapporteur.{what}.heading", tabs, exact=False).click()


async def show(cafe: Cafe) -> None:
    """The notes of one table in one round are on the screen and on every phone, and go again."""
    rapporteur, screen = cafe.rapporteur, cafe.screen
    what = origin(rapporteur, *SHOWN)
    await rapporteur.button("rapporteur.rooms.show_what", what=what).click()
    for seat in (screen, *cafe.phones.values()):
        await seat.reads(said_at(*SHOWN))
    assert canaries(await screen.wire.everything()) == {SHOWN}
    for person, phone in cafe.phones.items():
        assert canaries(await phone.wire.everything()) == cafe.entitled(person) | {SHOWN}
    await rapporteur.button("rapporteur.rooms.hide_what", what=what).first.click()
    for seat in (screen, *cafe.phones.values()):
        await expect(seat.words(said_at(*SHOWN))).to_have_count(0)
    await screen.reads(THIRD)


async def report(cafe: Cafe) -> None:
    """The report has the rooms by question and round, and the two notes with where they come from."""
    rapporteur = cafe.rapporteur
    page = rapporteur.page
    await view(rapporteur, "notes")
    for cell in LIFTED:
        await expect(note(rapporteur, said_at(*cell))).to_contain_text(origin(rapporteur, *cell))
    await page.get_by_role("link", name=rapporteur.t("rapporteur.report.open"), exact=True).first.click()
    await expect(page.get_by_role("heading", name=TITLE)).to_be_visible()
    async with page.expect_download() as coming:
        await page.get_by_role("link", name=rapporteur.t("report.page.md")).click()
    markdown = (await text_of(await coming.value)).replace("\\", "")
    for number, (table, question) in enumerate(TABLES.items(), 1):
        under = page.locator("section", has=page.get_by_role("heading", name=question, exact=True)).last
        room = rapporteur.t("report.rooms.named", room=rapporteur.t("rooms.number", n=number), name=table)
        part = markdown.partition(f"### {question}\n")[2].partition("\n#")[0]
        for round_ in range(1, ROUNDS + 1):
            sheet = rapporteur.t("report.rooms.from", plan=PLAN, n=round_)
            await expect(under.get_by_role("heading", name=sheet)).to_be_visible()
            text, place = said_at(table, round_), rapporteur.t("rooms.origin", room=room, n=round_)
            lines = under.get_by_role("listitem").filter(has_text=text)
            times = 2 if (table, round_) in LIFTED else 1
            await expect(lines).to_have_count(times)
            await expect(lines.last).to_contain_text(room)
            if times == 2:
                await expect(lines.first).to_contain_text(place)
                await expect(lines.last).to_contain_text(rapporteur.t("report.rooms.lifted"))
            assert part.count(text) == times, part
            assert (f"- {text} ({place})" in part) is (times == 2), part
            assert f"**{sheet}**" in part
