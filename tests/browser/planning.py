"""The plan of a world café, made, read and changed by the moderator, while everybody is in the plenary; see `Cafe` for who they are."""

from __future__ import annotations

from collections import Counter
from itertools import combinations

from playwright.async_api import Locator, expect

from tests.browser.cafe import SECOND, SEGMENT, TABLES, Cafe, plenary

PLAN = "World café"
TASK = "Three sentences, no more."
HOST = "Bruno"
ROUNDS = 3


async def plan(cafe: Cafe) -> None:
    """The moderator asks for four tables and three rounds, a question and a name for each, a task and a host for one."""
    moderator = cafe.moderator
    page = moderator.page
    await moderator.button("moderator.rooms.new").click()
    await page.get_by_label(moderator.t("moderator.rooms.form.rounds"), exact=True).fill(str(ROUNDS))
    await page.get_by_text(moderator.t("moderator.rooms.topic.title"), exact=True).click()
    await page.get_by_label(moderator.t("moderator.rooms.topic.segment")).select_option(SEGMENT)
    await moderator.button("moderator.rooms.topic.fill").click()
    here = moderator.t("moderator.rooms.outcome.here", n=16)
    rooms = moderator.t("moderator.rooms.count", n=4)
    await moderator.reads(moderator.t("moderator.rooms.outcome.even", here=here, rooms=rooms, small=4, large=4))
    for number, table in enumerate(TABLES, 1):
        name = moderator.t("rooms.number", n=number)
        await page.get_by_text(name).and_(page.locator(":visible")).first.click()
        topic = page.get_by_role("group", name=name, exact=True)
        await topic.get_by_label(moderator.t("moderator.rooms.topic.name")).first.fill(table)
        if number == 1:
            await topic.get_by_label(moderator.t("moderator.rooms.topic.task")).first.fill(TASK)
            await topic.get_by_label(moderator.t("moderator.rooms.topic.host")).select_option(HOST)
    await page.get_by_label(moderator.t("moderator.rooms.form.name")).first.fill(PLAN)
    await moderator.button("moderator.rooms.form.make").click()
    await moderator.reads(moderator.t("moderator.rooms.state.ready"))
    for table in TABLES:
        for person in cafe.people(table, 1):
            await expect(chip(cafe, table, person)).to_be_visible()
    for words in worth(cafe):
        await moderator.reads(words)


def chip(cafe: Cafe, table: str, person: str) -> Locator:
    """A person at a table on the board."""
    name = cafe.moderator.wire.docs["desk"]["people"][person]["name"]
    return cafe.card(table).get_by_role("button").filter(has_text=name)


def worth(cafe: Cafe) -> list[str]:
    """What the moderator is to read about the plan, worked out from who sits where."""
    t = cafe.moderator.t
    seats = cafe.plan["seats"]
    visits = Counter((person, room) for rooms in seats.values() for room, people in rooms.items() for person in people)
    host = cafe.person(HOST)
    assert visits.pop((host, cafe.rooms["Harbour"])) == ROUNDS, "a host stays"
    assert set(visits.values()) == {1}
    pairs = Counter(
        pair for rooms in seats.values() for people in rooms.values() for pair in combinations(sorted(people), 2)
    )
    again, most = sum(times > 1 for times in pairs.values()), max(pairs.values())
    meet = "never" if not again else "twice" if most == 2 else "often"
    return [
        t("moderator.rooms.quality.even", n=4),
        t("moderator.rooms.quality.no_repeats"),
        # Whether a better plan is known may follow.
        t(f"moderator.rooms.quality.{meet}", n=again, most=most).rstrip("."),
    ]


async def move(cafe: Cafe) -> None:
    """Ada is dragged to another table, and somebody from there goes to hers by keyboard; nobody has moved yet."""
    moderator = cafe.moderator
    page = moderator.page
    ada = cafe.person("Ada")
    left = cafe.table(ada, 1)
    assert left is not None
    there = next(table for table in TABLES if table not in {left, "Harbour"})
    other = next(person for person in cafe.people(there, 1) if person in cafe.guests)
    await chip(cafe, left, ada).hover()
    await page.mouse.down()
    await page.get_by_role("heading", name=there, exact=True).hover()
    await page.mouse.up()
    await expect(chip(cafe, there, ada)).to_be_visible()
    await chip(cafe, there, other).focus()
    await page.keyboard.press("Enter")
    await moderator.dialog().get_by_role("button", name=left).press("Enter")
    await expect(chip(cafe, left, other)).to_be_visible()
    await expect(chip(cafe, left, other)).to_be_focused()
    assert cafe.table(ada, 1) == there
    # Who was moved goes to the table they missed where they would come to one again; that table may grow by one.
    await moderator.reads(worth(cafe)[1])
    await page.keyboard.press("r")
    await moderator.button("moderator.run.main.next", exact=False).click()
    for phone in cafe.phones.values():
        await expect(plenary(phone, SECOND)).to_be_visible()
        assert phone.wire.docs["me"].get("room") is None
    await page.keyboard.press("r")
