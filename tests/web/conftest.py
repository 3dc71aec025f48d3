"""One running server a test."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping
from pathlib import Path

import pytest
import uvloop

from tests.web.running import Running, running

TRANSPORTS = ("test_socket.py", "test_events.py", "test_outgoing.py")
ON_UVLOOP = ("test_conformance.py",)


def pytest_asyncio_loop_factories(
    config: pytest.Config, item: pytest.Item
) -> Mapping[str, Callable[[], asyncio.AbstractEventLoop]]:
    """What has to do with transports runs on both loops: they differ in buffers, aborts and closes."""
    if item.path.name in TRANSPORTS:
        return {"asyncio": asyncio.new_event_loop, "uvloop": uvloop.new_event_loop}
    if item.path.name in ON_UVLOOP:
        return {"uvloop": uvloop.new_event_loop}
    return {"asyncio": asyncio.new_event_loop}


@pytest.fixture
async def run(tmp_path: Path) -> AsyncIterator[Running]:
    """The application on a free port, on SQLite in a folder of its own."""
    async with running(tmp_path) as run:
        yield run
