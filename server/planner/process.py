"""The planner: computes who sits where, in a process of its own, so that the hall does not wait for it.

A plan for hundreds of people takes a second or two of a whole core, and the event loop has to go on. A thread would not do: it would share
the interpreter with the loop. The process lives for one plan and ends with it, so that nothing is kept in memory for what is
asked for a few times a day, and nothing is left behind when a worker is killed.
"""

from __future__ import annotations

import asyncio
import contextlib
import signal
from collections.abc import Iterator
from multiprocessing import get_context, resource_tracker
from multiprocessing.context import SpawnProcess
from typing import Protocol

import structlog

from server.core.seating import Request
from server.planner.work import Seating, Way, compute, work

ATTEMPTS = 2
"""Processes that may die over one plan, before it is computed in a thread."""

_logger = structlog.get_logger(__name__)


class Planner(Protocol):
    """Whatever computes plans."""

    async def plan(self, request: Request) -> Seating:
        """Return the plan of a request; what goes wrong in the computation is raised. Can be cancelled at any moment."""


class ProcessPlanner:
    """Computes in a process of its own, one plan at a time. `way` is a function that the new process can import."""

    def __init__(self, way: Way = compute) -> None:
        self._way = way
        self._turn = asyncio.Lock()

    async def plan(self, request: Request) -> Seating:
        """See `Planner`. A process that dies is tried once more; then a thread has to do, and others feel it."""
        async with self._turn:
            for _ in range(ATTEMPTS):
                found = await self._apart(request)
                if found is not None:
                    return found
            _logger.warning("plan computed in a thread")
            return await asyncio.to_thread(self._way, request)

    async def _apart(self, request: Request) -> Seating | None:
        errand = _Errand(self._way, request)
        running = asyncio.ensure_future(asyncio.to_thread(errand.run))
        try:
            return await asyncio.shield(running)
        except asyncio.CancelledError:
            errand.stop()
            await asyncio.wait((running,))
            raise


class _Errand:
    """One process for one plan. `run` blocks, in a thread; `stop` may be called from another at any moment."""

    def __init__(self, way: Way, request: Request) -> None:
        self._way = way
        self._request = request
        self._process: SpawnProcess | None = None
        self._stopped = False

    def run(self) -> Seating | None:
        """Return the plan, or None when the process died over it."""
        # Spawned, not forked: a fork would hold the listening socket open, and this process has threads.
        context = get_context("spawn")
        ours, theirs = context.Pipe(duplex=False)
        process = context.Process(target=work, args=(theirs, self._way, self._request), daemon=True)
        found: Seating | None = None
        with ours, contextlib.suppress(EOFError, OSError):
            with theirs, _without_interrupts():
                process.start()
            self._process = process
            if self._stopped:
                process.terminate()
            found = ours.recv()
        if self._process is not None:
            process.join()
        return found

    def stop(self) -> None:
        """End the process, also one that is about to start."""
        self._stopped = True
        if self._process is not None:
            self._process.terminate()


@contextlib.contextmanager
def _without_interrupts() -> Iterator[None]:
    """Let what starts meanwhile never see a Ctrl-C: the terminal sends it to all processes, and the parent decides for its own."""
    # The first process brings a tracker with it, whose start would end the blocking.
    resource_tracker.ensure_running()
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
