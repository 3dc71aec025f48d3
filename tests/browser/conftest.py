"""One Chromium and one server on the embedded log for all tests of a process, in one event loop: starting them takes longer than
most of what is tested. Each test has contexts and sessions of its own.
"""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from playwright.async_api import Browser

from tests.support.browser import Pages, running, watched
from tests.support.server import Server, serving


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def chromium() -> AsyncIterator[Browser]:
    """The Chromium."""
    async with running() as chromium:
        yield chromium


@pytest_asyncio.fixture(loop_scope="session")
async def browser(chromium: Browser) -> AsyncIterator[Pages]:
    """The pages of one test; any unexpected error in them fails it."""
    async with watched(chromium) as pages:
        yield pages


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def server(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Server]:
    """The server; nobody may stop it."""
    async with serving(tmp_path_factory.mktemp("server")) as serve:
        yield await serve()
