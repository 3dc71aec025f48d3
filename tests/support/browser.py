"""A real Chromium for tests, that fails a test on what a person would not see at once: errors in the console, script
errors, violations of the content security policy, and what axe finds.

The fixture `browser` gives the pages of one test; a test that provokes an error says so with `browser.expect(pattern)`.
All tests of a process share one Chromium, in the loop of the session: starting it takes longer than most of what is tested.
"""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from axe_playwright_python.async_playwright import Axe
from playwright.async_api import Browser, BrowserContext, ConsoleMessage, Page, Playwright, async_playwright, expect

MISSING = """no Chromium to test the pages with. Any of these brings one:
  apt-get install chromium                     (Debian, as root; `make test` does it)
  .venv/bin/playwright install chromium        (no root needed)
  BARAZA_CHROMIUM=/path/to/chromium            (one that is installed elsewhere)"""

PATIENCE = 15_000
"""How long anything that a page should do may take, in milliseconds: on a busy machine."""
expect.set_options(timeout=PATIENCE)

FLAGS = (
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
)

REPORT_VIOLATIONS = """
document.addEventListener("securitypolicyviolation", (event) => {
  const what = event.blockedURI || event.sample;
  console.error(`CSP: ${event.violatedDirective} forbids ${what}, ${event.sourceFile}:${event.lineNumber}`);
});
"""


def executable() -> str | None:
    """The system's Chromium: `BARAZA_CHROMIUM`, else the first known name on PATH, else None."""
    named = os.environ.get("BARAZA_CHROMIUM")
    return named or next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)


async def launch(playwright: Playwright) -> Browser:
    """Start the system's Chromium, else Playwright's own; without either fail the test and say what to install."""
    path = executable()
    if path is None and not Path(playwright.chromium.executable_path).exists():
        pytest.fail(MISSING, pytrace=False)
    # The sandbox of Chromium refuses to run as root.
    sandbox = ("--no-sandbox",) if os.geteuid() == 0 else ()
    return await playwright.chromium.launch(executable_path=path, args=[*FLAGS, *sandbox])


class Pages:
    """The pages of one test and everything that went wrong in them."""

    def __init__(self, browser: Browser) -> None:
        self._browser = browser
        self._expected: list[re.Pattern[str]] = []
        self.problems: list[str] = []

    async def context(self, **options: Any) -> BrowserContext:
        """Open a context, as one person's browser: own cookies and storage. `options` are those of Playwright.

        Each page that opens in it is watched, pop-ups included.
        """
        context = await self._browser.new_context(**options)
        context.set_default_timeout(PATIENCE)
        await context.add_init_script(REPORT_VIOLATIONS)
        context.on("console", self._console)
        context.on("weberror", lambda error: self.problems.append(f"script error: {error.error}"))
        return context

    async def page(self, url: str | None = None, **options: Any) -> Page:
        """Open a page in a context of its own, and go to `url` if there is one."""
        page = await (await self.context(**options)).new_page()
        if url is not None:
            await page.goto(url)
        return page

    async def close(self) -> None:
        """Close all that was opened."""
        for context in self._browser.contexts:
            await context.close()

    def expect(self, pattern: str) -> None:
        """Let pass what matches the regular expression, for a test that provokes it (a cut network, a refusal)."""
        self._expected.append(re.compile(pattern))

    def unexpected(self) -> list[str]:
        """What went wrong and was not expected."""
        return [problem for problem in self.problems if not any(known.search(problem) for known in self._expected)]

    def _console(self, message: ConsoleMessage) -> None:
        if message.type in {"error", "warning", "assert"}:
            page = message.page.url if message.page else "?"
            self.problems.append(f"{message.type} on {page}: {message.text} ({message.location.get('url', '')})")


@asynccontextmanager
async def running() -> AsyncIterator[Browser]:
    """A Chromium that ends with the block."""
    async with async_playwright() as playwright:
        chromium = await launch(playwright)
        try:
            yield chromium
        finally:
            await chromium.close()


@asynccontextmanager
async def watched(chromium: Browser) -> AsyncIterator[Pages]:
    """The pages of one test, which are closed at its end; any unexpected error in them fails it then."""
    pages = Pages(chromium)
    try:
        yield pages
    finally:
        await pages.close()
    if problems := pages.unexpected():
        pytest.fail("in the browser:\n  " + "\n  ".join(problems), pytrace=False)


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def chromium() -> AsyncIterator[Browser]:
    """The Chromium of this process."""
    async with running() as chromium:
        yield chromium


@pytest_asyncio.fixture(loop_scope="session")
async def browser(chromium: Browser) -> AsyncIterator[Pages]:
    """The pages of one test; any unexpected error in them fails it."""
    async with watched(chromium) as pages:
        yield pages


async def axe(page: Page, *, context: str | None = None, rules: Sequence[str] = ()) -> None:
    """Fail when axe finds anything on the page, or in the part that the CSS selector `context` names.

    `rules` are the only ones to look at; all without them.
    """
    options: dict[str, Any] = {"resultTypes": ["violations"]} | ({"runOnly": list(rules)} if rules else {})
    # A document that was looked at before has axe already: half a megabyte of script, a fifth of a look.
    known = await page.evaluate("typeof axe === 'object'")
    results = await (Axe("0") if known else Axe()).run(page, context=context, options=options)
    if results.violations_count:
        pytest.fail(f"{page.url}: {results.generate_report()}", pytrace=False)
