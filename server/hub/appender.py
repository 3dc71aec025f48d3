"""The appender of one session: commands go into the log in groups, and an unknown outcome is asked for again.

While one group is being made durable the next one gathers, so that under load many ballots share one write.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable
from itertools import islice

import structlog

from server.log.port import Draft, Log, LogUnavailable, Position

MAX_GROUP = 512
MAX_WAITING = 20_000
PATIENCE = 10.0
"""Seconds that a command waits for a log that does not answer, before its sender hears `busy` and keeps it."""

RETRY_FIRST = 0.05
RETRY_LONGEST = 1.0

_logger = structlog.get_logger(__name__)


class Appender:
    """Appends drafts in the order in which they came. `repeated` and `failed` are called in the event loop and must not block.

    A draft that was stored is announced by the log like every other entry; `repeated` is for one that had its place before.
    """

    def __init__(
        self,
        log: Log,
        session: str,
        repeated: Callable[[Draft, Position], None],
        failed: Callable[[Draft, str], None],
    ) -> None:
        self._log = log
        self._session = session
        self._repeated = repeated
        self._failed = failed
        self._waiting: deque[tuple[Draft, float]] = deque()
        self._wake = asyncio.Event()
        self._empty = asyncio.Event()
        self._empty.set()
        self._closed = False
        self._loop = asyncio.get_running_loop()
        self._task = self._loop.create_task(self._run(), name=f"append {session}")

    def put(self, draft: Draft) -> None:
        """Queue a draft; when too many wait already, or after the close, it fails at once with `busy`."""
        if self._closed or len(self._waiting) >= MAX_WAITING:
            self._failed(draft, "busy")
            return
        if not self._waiting:
            self._empty.clear()
            self._wake.set()
        self._waiting.append((draft, self._loop.time() + PATIENCE))

    async def close(self) -> None:
        """Append what was accepted, as long as the log takes it, then stop."""
        self._closed = True
        await self._empty.wait()
        self._task.cancel()
        await asyncio.gather(self._task, return_exceptions=True)

    async def _run(self) -> None:
        while True:
            await self._wake.wait()
            self._wake.clear()
            while self._waiting:
                group = list(islice(self._waiting, MAX_GROUP))
                await self._append([draft for draft, _ in group], group[0][1])
                for _ in group:
                    self._waiting.popleft()
            self._empty.set()

    async def _append(self, drafts: list[Draft], deadline: float) -> None:
        """Append one group. Sending it again after an unknown outcome is safe: the log knows what it has stored."""
        pause = RETRY_FIRST
        while True:
            try:
                positions = await self._log.append(self._session, drafts)
            except LogUnavailable as error:
                if self._loop.time() >= deadline:
                    _logger.warning("append gave up", session=self._session, error=str(error))
                    for draft in drafts:
                        self._failed(draft, "busy")
                    return
                await asyncio.sleep(pause)
                pause = min(RETRY_LONGEST, pause * 2)
            except KeyError:
                for draft in drafts:
                    self._failed(draft, "session.unknown")
                return
            except Exception:
                # A defect. It must not end this task, for then every later command would wait for ever.
                _logger.exception("append failed", session=self._session)
                for draft in drafts:
                    self._failed(draft, "busy")
                return
            else:
                for draft, position in zip(drafts, positions, strict=True):
                    if position.repeated:
                        self._repeated(draft, position)
                return
