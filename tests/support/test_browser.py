"""The browser helper sees what it is there to see."""

from __future__ import annotations

import pytest
from playwright.async_api import Browser, Page, Route

from tests.support.browser import Pages, axe

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

PAGES = {
    "fine": "<!doctype html><html lang=en><title>Fine</title><main><h1>Fine</h1></main></html>",
    "inline": "<!doctype html><html lang=en><title>Inline</title><main><h1 style='top:0'>No</h1></main></html>",
    "throws": "<!doctype html><html lang=en><title>Throws</title><script src=/throws.js></script></html>",
    "nameless": "<!doctype html><html lang=en><title>Nameless</title><main><h1>Input</h1><input></main></html>",
    "throws.js": "throw new Error('on purpose')",
}


async def answer(route: Route) -> None:
    name = route.request.url.rpartition("/")[2]
    kind = "text/javascript" if name.endswith(".js") else "text/html"
    headers = {"content-type": kind, "content-security-policy": "default-src 'self'"}
    await route.fulfill(body=PAGES.get(name, ""), headers=headers)


async def opened(chromium: Browser, name: str) -> tuple[Pages, Page]:
    pages = Pages(chromium)
    context = await pages.context()
    await context.route("**/*", answer)
    page = await context.new_page()
    await page.goto(f"http://baraza.test/{name}")
    return pages, page


async def test_each_kind_of_error_is_kept_unless_it_is_expected(chromium: Browser) -> None:
    fine, page = await opened(chromium, "fine")
    await axe(page)
    inline, _ = await opened(chromium, "inline")
    throws, _ = await opened(chromium, "throws")
    _, nameless = await opened(chromium, "nameless")
    with pytest.raises(pytest.fail.Exception, match="label"):
        await axe(nameless)
    await fine.close()  # the contexts of the others too

    assert fine.unexpected() == []
    assert any("CSP: style-src" in problem for problem in inline.unexpected())
    assert [problem for problem in throws.unexpected() if "on purpose" in problem]
    throws.expect("on purpose")
    assert throws.unexpected() == []
