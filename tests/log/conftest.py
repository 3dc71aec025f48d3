"""The two stores, and logs that are closed when the test ends."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path

import pytest
import pytest_asyncio

from server.log.port import Log
from tests.log.stores import RedisStore, SqliteStore, Store
from tests.support.redis import redis_server as redis_server
from tests.support.redis import redis_url as redis_url

Opened = Callable[[Log], Awaitable[Log]]


@pytest.fixture(params=["sqlite", pytest.param("redis", marks=pytest.mark.redis)])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Store:
    """An empty store of either kind."""
    if request.param == "sqlite":
        return SqliteStore(tmp_path / "data")
    return RedisStore(request.getfixturevalue("redis_url"))


@pytest_asyncio.fixture
async def opened() -> AsyncIterator[Opened]:
    """A function that opens a log, returns it and closes it after the test."""
    logs: list[Log] = []

    async def open_it(log: Log) -> Log:
        await log.open()
        logs.append(log)
        return log

    yield open_it
    for log in logs:
        await log.close()


@pytest_asyncio.fixture
async def log(store: Store, opened: Opened) -> Log:
    """An open log on the store."""
    return await opened(store.log())
