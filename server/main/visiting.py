"""What commands need that visit a server as clients do: a loop, enough open files, a Ctrl-C that ends in order."""

from __future__ import annotations

import asyncio
import contextlib
import signal
from collections.abc import Coroutine
from typing import Any, TypeVar

import click

from server.rehearsal.http import Refused

T = TypeVar("T")


def run(work: Coroutine[Any, Any, T]) -> T:
    """Run `work` on the fastest loop there is; a server that cannot be reached or refuses becomes a short message."""
    try:
        import uvloop
    except ImportError:
        factory = None
    else:
        factory = uvloop.new_event_loop
    try:
        with asyncio.Runner(loop_factory=factory) as runner:
            return runner.run(work)
    except Refused as problem:
        raise click.ClickException(f"The server refused: {problem}") from None
    except (OSError, TimeoutError) as problem:
        raise click.ClickException(f"The server cannot be reached: {problem or type(problem).__name__}") from None


def allow_files(wanted: int) -> None:
    """Raise this process's limit of open files as far as the system lets it; a socket is a file."""
    try:
        import resource
    except ImportError:  # Windows has no such limit
        return
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft != resource.RLIM_INFINITY and soft < wanted:
        most = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
        with contextlib.suppress(ValueError, OSError):
            resource.setrlimit(resource.RLIMIT_NOFILE, (most, hard))


def on_interrupt(stop: asyncio.Event) -> None:
    """Let the first Ctrl-C (or SIGTERM) set `stop`; the second one breaks off."""
    loop = asyncio.get_running_loop()

    def stopped(number: signal.Signals) -> None:
        stop.set()
        loop.remove_signal_handler(number)

    for number in (signal.SIGINT, signal.SIGTERM):
        # Not on Windows, and not outside the main thread: there Ctrl-C breaks off at once.
        with contextlib.suppress(NotImplementedError, ValueError, RuntimeError):
            loop.add_signal_handler(number, stopped, number)
