"""One running server a test."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.web.running import Running, running


@pytest.fixture
async def run(tmp_path: Path) -> AsyncIterator[Running]:
    """The application on a free port, on SQLite in a folder of its own."""
    async with running(tmp_path) as run:
        yield run
