"""All tests of a process share one server and one Chromium, in one event loop. Each test has contexts and sessions of its own."""

from __future__ import annotations

import pytest

from tests.support.server import Server


@pytest.fixture
def server(standing_server: Server) -> Server:
    """The server that all share; nobody may stop it."""
    return standing_server
