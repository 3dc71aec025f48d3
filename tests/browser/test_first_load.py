"""The first load over a thin link: how much comes, how often one has to ask, and that nothing is learned of late."""

from __future__ import annotations

import asyncio
import re
from urllib.parse import urlsplit

import pytest
from playwright.async_api import BrowserContext, Route, expect

from tests.support.browser import Pages
from tests.support.server import Server, Session
from tests.support.weight import weigh

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

WATCH_SHIFTS = """
window.shifts = [];
new PerformanceObserver((list) => window.shifts.push(...list.getEntries().map((entry) => entry.value)))
  .observe({ type: "layout-shift", buffered: true });
"""
PAINTED = """
new Promise((done) =>
  new PerformanceObserver((list) => list.getEntriesByName("first-contentful-paint").length > 0 && done())
    .observe({ type: "paint", buffered: true }))
"""
PHONE = {"width": 320, "height": 640}


async def enter(context: BrowserContext, server: Server, made: Session, role: str) -> str:
    """Give a browser the cookie of a role, and return the page it opens."""
    origin = {"Origin": server.url}
    if role == "participant":
        answer = await context.request.post(
            f"{server.url}/api/join", data={"code": made.code, "name": "Awa"}, headers=origin
        )
    else:
        path = f"{server.url}/api/sessions/{made.session}/enter"
        answer = await context.request.post(path, data={"token": made.tokens[role]}, headers=origin)
    assert answer.ok, await answer.text()
    return f"{server.url}/s/{made.session}" + ("" if role == "participant" else f"/{role}")


async def test_the_first_load_of_a_participants_page_is_small(server: Server, browser: Pages) -> None:
    made = await server.create()
    page = await browser.page(viewport=PHONE)
    url = await enter(page.context, server, made, "participant")
    first = await weigh(page, url, cold=True)
    assert first.requests <= 46, first.kinds()
    assert first.bytes <= 90_000, first.kinds()
    again = await weigh(page, url, cold=False)
    assert list(again.kinds()) == ["page"], again.kinds()


async def test_the_page_to_join_on_is_small(server: Server, browser: Pages) -> None:
    made = await server.create()
    page = await browser.page(viewport=PHONE)
    first = await weigh(page, f"{server.url}/j/{made.code}", cold=True)
    assert first.requests <= 10, first.kinds()
    assert first.bytes <= 18_000, first.kinds()


def file_of(url: str) -> str:
    """The path of a static file without its version."""
    return re.sub(r"^/static/[^/]+/", "", urlsplit(url).path)


async def without_preloads(route: Route) -> None:
    """Let a page come without its preloads, so that the browser finds its modules by itself."""
    answer = await route.fetch()
    await route.fulfill(response=answer, body=re.sub(r"<link rel=\"modulepreload[^>]*>", "", await answer.text()))


@pytest.mark.parametrize("role", ["participant", "moderator", "rapporteur", "screen"])
async def test_a_session_page_asks_at_once_for_all_that_its_script_loads_and_for_nothing_else(
    server: Server, browser: Pages, role: str
) -> None:
    made = await server.create()
    page = await browser.page()
    url = await enter(page.context, server, made, role)
    await page.goto(url)
    said = await page.locator("link[rel=modulepreload]").evaluate_all("all => all.map((link) => link.href)")
    browser.expect("LOCAL_NETWORK_ACCESS")  # Chromium takes a page that a test hands it for a stranger's
    await page.route(url, without_preloads)
    await page.reload()  # until `load`, which waits for all modules
    assert await page.locator("link[rel=modulepreload]").count() == 0
    loaded = await page.evaluate("performance.getEntriesByType('resource').map((entry) => entry.name)")
    modules = {file_of(one) for one in loaded if one.endswith(".js")} - {"js/live/enter.js"}
    assert sorted(map(file_of, said)) == sorted(modules)


async def test_the_words_of_a_page_are_fetched_once_and_early(server: Server, browser: Pages) -> None:
    made = await server.create()
    page = await browser.page()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(urlsplit(request.url).path))
    await page.goto(await enter(page.context, server, made, "participant"))
    await expect(page.locator("#connection")).to_have_attribute("data-state", "live")
    words = [at for at, path in enumerate(asked) if "/locales/" in path]
    last_module = max(at for at, path in enumerate(asked) if path.endswith(".js"))
    assert len(words) == 1
    assert words[0] < last_module


async def busy(server: Server) -> Session:
    """A session that is live, with hands, a question that waits and a poll that is a draft."""
    made = await server.create()
    async with server.connect(made.session, made.tokens["moderator"]) as moderator:
        await moderator.send("session.open")
        await moderator.send("poll.create", kind="single", prompt="Which step?", options=["One", "Two"])
        for name in ("Awa", "Ben", "Chi"):
            person = await server.join(made.code, name)
            async with server.connect(made.session, person.token) as member:
                await member.send("hand.raise", kind="speak")
                await member.send("question.ask", text="What follows from this?")
    return made


@pytest.mark.parametrize("motion", ["no-preference", "reduce"])
@pytest.mark.parametrize("width", [360, 1280])
async def test_nothing_on_the_moderators_page_jumps_when_its_script_starts(
    server: Server, browser: Pages, width: int, motion: str
) -> None:
    made = await busy(server)
    page = await browser.page(viewport={"width": width, "height": 800}, reduced_motion=motion)
    url = await enter(page.context, server, made, "moderator")
    await page.add_init_script(WATCH_SHIFTS)
    painted = asyncio.Event()

    async def after_the_first_view(route: Route) -> None:
        await painted.wait()
        await route.fallback()

    await page.route("**/js/pages/moderator.js", after_the_first_view)
    await page.goto(url, wait_until="commit")
    await page.evaluate(PAINTED)
    painted.set()
    await expect(page.locator("#connection")).to_have_attribute("data-state", "live")
    await page.evaluate("new Promise((done) => requestAnimationFrame(() => setTimeout(done)))")
    assert await page.locator("#hands").is_visible() == (width > 1000)
    assert sum(await page.evaluate("window.shifts")) < 0.02


async def test_without_script_nothing_of_the_moderators_page_is_kept_back(server: Server, browser: Pages) -> None:
    made = await busy(server)
    page = await browser.page(viewport={"width": 360, "height": 800}, java_script_enabled=False)
    await page.goto(await enter(page.context, server, made, "moderator"))
    for part in ("#agenda", "#stage-now", "#hands", "#questions", "#announcement-title"):
        await expect(page.locator(part)).to_be_visible()
