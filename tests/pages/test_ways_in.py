"""The ways in, in a real Chromium: a code, a join form, and an agenda that becomes a session."""

from __future__ import annotations

import re

import pytest
from playwright.async_api import Dialog, expect

from tests.support.browser import Pages, axe
from tests.support.server import Server

pytestmark = pytest.mark.browser


def at(server: Server, path: str) -> str:
    return f"http://127.0.0.1:{server.port}{path}"


@pytest.mark.parametrize("scheme", ["light", "dark"])
async def test_a_code_leads_to_the_form_and_the_form_into_the_session(
    server: Server, browser: Pages, scheme: str
) -> None:
    made = await server.create(
        {
            "title": {"en": "Bridges", "ar": "جسور"},
            "languages": ["en", "ar"],
            "groups": [{"id": "youth", "name": {"en": "Youth", "ar": "الشباب"}}],
            "segments": [{"title": "One", "questions": ["What works?"]}],
        }
    )
    page = await browser.page(at(server, "/"), color_scheme=scheme, viewport={"width": 320, "height": 640})
    await axe(page)
    await page.get_by_label("Code").fill(f"{made.code[:3]} {made.code[3:]}".lower())
    await page.get_by_role("button", name="Enter").click()
    await expect(page.get_by_role("heading", name="Bridges")).to_be_visible()
    await axe(page)
    await page.get_by_label("Your name").fill("ليلى")
    await page.get_by_label("Youth").check()
    await page.get_by_label("العربية").check()
    await page.get_by_role("button", name="Join").click()
    await expect(page.locator("#connection")).to_have_attribute("data-state", "live")
    view = await server.view(made.session, made.tokens["moderator"])
    (person,) = [who for who in view["docs"]["desk"]["people"].values() if who["name"] == "ليلى"]
    assert (person["group"], person["language"]) == ("youth", "ar")


async def test_a_wrong_code_is_said_beside_the_field(server: Server, browser: Pages) -> None:
    browser.expect("404")
    page = await browser.page(at(server, "/j/ZZZZZZ"))
    await expect(page.get_by_role("alert")).to_contain_text("No session has this code")
    await expect(page.get_by_label("Code")).to_have_value("ZZZZZZ")
    await axe(page)


async def test_a_session_in_a_language_the_interface_lacks_keeps_its_texts(server: Server, browser: Pages) -> None:
    made = await server.create(
        {
            "title": {"ar": "جسور", "en": "Bridges"},
            "languages": ["ar", "en"],
            "segments": [{"title": "One", "questions": ["What works?"]}],
        }
    )
    page = await browser.page(at(server, f"/j/{made.code}?lang=ar"))
    await expect(page.get_by_role("heading", name="جسور")).to_be_visible()
    await page.get_by_label("Your name").fill("ليلى")
    await page.get_by_role("button", name="Join").click()
    await expect(page.locator("#connection")).to_have_attribute("data-state", "live")
    await expect(page.locator("#session-title")).to_have_text("جسور")


@pytest.mark.parametrize("width", [320, 1280])
async def test_an_agenda_is_shown_then_created_then_its_links_are_given(
    server: Server, browser: Pages, width: int
) -> None:
    browser.expect("401")
    page = await browser.page(at(server, "/new"), viewport={"width": width, "height": 800})
    await page.get_by_label("Agenda").fill(
        "Bridges and benches\n\nWe are glad to meet again.\n\nWith each other\n- What works? (10 min)\n"
    )
    await page.get_by_role("button", name="Preview").click()
    await expect(page.locator("#understood-segments")).to_contain_text("What works?")
    await expect(page.locator("#understood-segments")).to_contain_text("10 min")
    await expect(page.get_by_role("button", name="Line 3")).to_be_hidden()
    await page.get_by_text("1 part of the text was left out").click()
    await page.get_by_role("button", name="Line 3").click()
    selected = (
        "document.activeElement.value.slice(document.activeElement.selectionStart, document.activeElement.selectionEnd)"
    )
    assert await page.evaluate(selected) == "We are glad to meet again."
    await axe(page)
    await page.get_by_label("Host key").fill("not the key")
    await page.get_by_role("button", name="Create the session").click()
    await expect(page.get_by_role("alert")).to_contain_text("not the host key")
    await page.reload()
    await expect(page.get_by_label("Agenda")).to_have_value(re.compile("What works"))
    await page.get_by_role("button", name="Preview").click()
    await page.get_by_label("Host key").fill(server.host_key)
    await page.get_by_role("button", name="Create the session").click()
    await expect(page.get_by_role("heading", name="The session is ready")).to_be_focused()
    await axe(page)
    await page.get_by_role("button", name="Show large").click()
    code = await page.locator("#hall-code").inner_text()
    await expect(page.locator("#hall-url")).to_have_text(f"127.0.0.1:{server.port}/j/{code}")
    assert await page.evaluate("document.getElementById('hall-qr').naturalWidth") > 0
    await axe(page)
    assert await page.evaluate("document.documentElement.scrollWidth") == width
    await page.goto(await page.get_by_label("Moderator").input_value())
    await expect(page.locator("#connection")).to_have_attribute("data-state", "live")
    assert "#" not in page.url


async def test_a_preview_says_what_was_understood_before_what_is_to_be_checked(server: Server, browser: Pages) -> None:
    browser.expect("422")
    page = await browser.page(at(server, "/new"))
    await page.get_by_label("Agenda").fill(
        "Bridges\n\n6 March 2027, 14:00 CET\nLanguages: English, French\n"
        "Video rooms: https://meet.example/{session}-{room}\n\nHome\n\n"
        "# One\n- What works? (90 s)\n- What fails? (15 s)\n- Why?\n"
    )
    await page.get_by_role("button", name="Preview").click()
    await expect(page.locator(".understood-minutes")).to_have_text(["1 min 30 s", "15 s", "no clock"])
    await expect(page.locator("#understood-facts")).to_contain_text("3 guiding questions, 1 min 45 s")
    await expect(page.locator("#understood-facts")).to_contain_text("6 March 2027 at 14:00 CET (Europe/Paris)")
    await expect(page.locator("#understood-facts")).to_contain_text("https://meet.example/{session}-{room}")
    await expect(page.locator("#problems")).to_contain_text("CET")
    await expect(page.locator("#problems")).to_contain_text("no version in “fr”")
    await expect(page.locator("#left-out-list")).to_be_hidden()
    await expect(page.locator("#left-out-list")).to_contain_text("Home")
    card, problems = (
        await page.locator("#understood-card").bounding_box(),
        await page.locator("#problems").bounding_box(),
    )
    assert card is not None
    assert problems is not None
    assert card["y"] < problems["y"]
    await axe(page)
    await expect(page.locator("#understood-stale")).to_be_hidden()
    await page.get_by_label("Agenda").fill("Bridges\n\nAnd what do you think of it?\n")
    await expect(page.locator("#understood-stale")).to_be_visible()
    await page.get_by_role("button", name="Preview").click()
    await expect(page.locator("#problems")).to_contain_text("cannot be read yet")
    await expect(page.locator("#understood-card")).to_be_hidden()
    await expect(page.locator("#understood-stale")).to_be_hidden()
    await expect(page.locator("#left-out")).to_be_hidden()


async def test_nobody_leaves_new_links_behind_without_being_asked(server: Server, browser: Pages) -> None:
    page = await browser.page(at(server, "/new"), permissions=["clipboard-read", "clipboard-write"])
    await page.get_by_label("Agenda").fill("Bridges\n\n# One\n- What works?\n")
    await page.get_by_role("button", name="Preview").click()
    await page.get_by_label("Host key").fill(server.host_key)
    await page.get_by_role("button", name="Create the session").click()
    await expect(page.get_by_role("heading", name="The session is ready")).to_be_visible()
    asked: list[str] = []

    async def stay(dialog: Dialog) -> None:
        asked.append(dialog.type)
        await dialog.dismiss()

    page.on("dialog", stay)
    async with page.expect_event("dialog"):
        await page.evaluate("setTimeout(() => location.reload())")
    await page.get_by_role("button", name="Copy all four links").click()
    await expect(page.get_by_role("button", name="Copied")).to_be_focused()
    lines = (await page.evaluate("navigator.clipboard.readText()")).split("\n")
    assert [line.split(": ")[0] for line in lines] == ["Moderator", "Rapporteur", "Screen", "Participants"]
    assert lines[0].endswith(await page.get_by_label("Moderator").input_value())
    await page.reload()
    assert asked == ["beforeunload"]
    await expect(page.get_by_label("Agenda")).to_have_value("")


async def test_what_is_wrong_in_an_agenda_is_said_with_its_line(server: Server, browser: Pages) -> None:
    browser.expect("422")
    page = await browser.page(at(server, "/new"))
    await page.get_by_label("Agenda").fill("Bridges\n\nAnd what do you think of it?\n")
    await page.get_by_role("button", name="Preview").click()
    await expect(page.locator("#problems")).to_contain_text("cannot be read yet")
    await expect(page.get_by_role("button", name="Line 3")).to_be_visible()
    await expect(page.locator("#create-form")).to_be_hidden()
    await axe(page)


async def test_a_role_link_whose_key_opens_nothing_says_so(server: Server, browser: Pages) -> None:
    browser.expect("401")
    made = await server.create()
    page = await browser.page(at(server, f"/s/{made.session}/moderator#key=wrong"))
    await expect(page.get_by_role("alert")).to_contain_text("opens nothing here any more")
    assert page.url.endswith("/moderator")
    await axe(page)


async def test_a_role_link_opened_without_a_network_works_when_the_network_is_there(
    server: Server, browser: Pages
) -> None:
    browser.expect(r"ERR_FAILED|ERR_INTERNET_DISCONNECTED|401|403")
    made = await server.create()
    page = await browser.page()
    await page.route("**/enter", lambda route: route.abort())
    await page.goto(at(server, f"/s/{made.session}/moderator#key={made.tokens['moderator']}"))
    await expect(page.locator("#key-unreached")).to_be_visible()
    await page.unroute("**/enter")
    await expect(page.locator("#connection")).to_have_attribute("data-state", "live")
    assert "key=" not in page.url
