"""The ways in, in a real Chromium: a code, a join form, and an agenda that becomes a session."""

from __future__ import annotations

import pytest
from playwright.async_api import expect

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
    await page.get_by_role("button", name="Line 3").click()
    selected = (
        "document.activeElement.value.slice(document.activeElement.selectionStart, document.activeElement.selectionEnd)"
    )
    assert await page.evaluate(selected) == "We are glad to meet again."
    await axe(page)
    await page.get_by_label("Host key").fill("not the key")
    await page.get_by_role("button", name="Create the session").click()
    await expect(page.get_by_role("alert")).to_contain_text("not the host key")
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
