"""Group commit: what waits while a write is under way goes together into the next one.

The first append starts a write at the end of the present turn of the event loop; every append that comes before that
write is done waits and shares the next. So one writer alone pays one durable write, and a thousand share a few.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field

from server.log.port import Draft, Position

GROUP = 1000
"""Drafts in one write at most (a larger append still goes whole), so that a flood cannot hold the log for long."""


@dataclass(eq=False)
class Append:
    """One waiting append. `code` is given when it also starts the session."""

    session: str
    drafts: Sequence[Draft]
    code: str | None = None
    outcome: asyncio.Future[list[Position]] = field(default_factory=lambda: asyncio.get_running_loop().create_future())

    def succeed(self, positions: list[Position]) -> None:
        """Return the positions to the caller, unless it has gone."""
        if not self.outcome.done():
            self.outcome.set_result(positions)

    def fail(self, error: Exception) -> None:
        """Raise `error` at the caller, unless it has gone."""
        if not self.outcome.done():
            self.outcome.set_exception(error)


Write = Callable[[list[Append]], Awaitable[None]]
"""Writes a group and settles every append in it."""


class Group:
    """Collects appends and hands them in order to one `write` at a time."""

    def __init__(self, write: Write) -> None:
        self._write = write
        self._waiting: list[Append] = []
        self._task: asyncio.Task[None] | None = None

    async def add(self, append: Append) -> list[Position]:
        """Wait for the append's own outcome. A caller that stops waiting does not stop the write."""
        self._waiting.append(append)
        if self._task is None:
            self._task = asyncio.create_task(self._run())
        return await append.outcome

    @property
    def is_idle(self) -> bool:
        """Whether nothing waits and nothing is being written."""
        return self._task is None

    async def idle(self) -> None:
        """Return when nothing waits and nothing is being written."""
        while self._task is not None:
            await asyncio.wait([self._task])

    async def _run(self) -> None:
        try:
            while self._waiting:
                group = self._take()
                try:
                    await self._write(group)
                except Exception as error:
                    # A defect, not a fault of the store: the callers must not wait for ever.
                    for append in group:
                        append.fail(error)
        finally:
            self._task = None

    def _take(self) -> list[Append]:
        count = drafts = 0
        for append in self._waiting:
            drafts += len(append.drafts)
            if count and drafts > GROUP:
                break
            count += 1
        group, self._waiting = self._waiting[:count], self._waiting[count:]
        return group
