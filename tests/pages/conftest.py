"""All tests of a process share one server and one Chromium, in one event loop. Each test has contexts and sessions of its own."""

from __future__ import annotations

import asyncio

import pytest

from tests.support.server import Server


@pytest.fixture
def _function_scoped_runner(_session_scoped_runner: asyncio.Runner) -> asyncio.Runner:
    """Run every test and fixture of this folder in the loop of the session, where Chromium and the server are, without a word in it."""
    return _session_scoped_runner


@pytest.fixture
def server(standing_server: Server) -> Server:
    """The server that all share; nobody may stop it."""
    return standing_server
