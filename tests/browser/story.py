"""The first half of a session, played through the pages by everybody who takes part: made, joined, run, and people speak.

Each step is what people do and what the others then see. `Cast` holds the pages; the steps have to be taken in order.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from playwright.async_api import Locator, expect

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
    await host.page.get_by_text(host.t("new.left_out", n=1)).click()
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
