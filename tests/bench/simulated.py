"""Time that passes only when nothing is left to do, and a log in memory: an hour of a session in seconds, to the same events every time."""

from __future__ import annotations

import asyncio
import selectors
from collections import defaultdict
from collections.abc import Callable, Coroutine, Sequence
from concurrent.futures import Executor
from typing import Any, TypeVar, TypeVarTuple, Unpack

from server.log.port import Draft, EntrySink, LostSink, Position, Stored, TellSink, unheeded

Result = TypeVar("Result")
Given = TypeVarTuple("Given")

START_MS = 1_800_000_000_000


class _Instant(selectors.SelectSelector):
    """Waits for nothing and says that the time has passed."""

    def __init__(self) -> None:
        super().__init__()
        self.now = 0.0

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        assert timeout is not None, "everybody waits for something that will not come"
        self.now += max(0.0, timeout)
        return super().select(0)


class SimulatedLoop(asyncio.SelectorEventLoop):
    """An event loop whose clock jumps to the next timer. What is given to a thread is done at once; nothing may wait for a socket."""

    def __init__(self) -> None:
        self._instant = _Instant()
        super().__init__(self._instant)

    def time(self) -> float:
        return self._instant.now

    def run_in_executor(
        self, executor: Executor | None, func: Callable[[Unpack[Given]], Result], *args: *Given
    ) -> asyncio.Future[Result]:
        done: asyncio.Future[Result] = self.create_future()
        try:
            done.set_result(func(*args))
        except Exception as error:
            done.set_exception(error)
        return done

    def clock(self) -> int:
        """Return the time as the log stamps it."""
        return START_MS + round(self.time() * 1000)


def simulate(loop: SimulatedLoop, main: Coroutine[Any, Any, Result]) -> Result:
    """Run something to its end."""
    try:
        return loop.run_until_complete(main)
    finally:
        loop.close()


class _Place:
    """A sink's place in a session's announcements."""

    def __init__(self, sinks: list[EntrySink], sink: EntrySink) -> None:
        self._sinks = sinks
        self._sink = sink
        sinks.append(sink)

    def cancel(self) -> None:
        if self._sink in self._sinks:
            self._sinks.remove(self._sink)


class MemoryLog:
    """The port's promises but durability, for one worker."""

    durability = "none"

    def __init__(self, loop: SimulatedLoop) -> None:
        self._clock = loop.clock
        self._entries: dict[str, list[Stored]] = {}
        self._places: dict[str, dict[tuple[str, str], Position]] = defaultdict(dict)
        self._sinks: dict[str, list[EntrySink]] = defaultdict(list)
        self._codes: dict[str, str] = {}

    async def open(self) -> None:
        """Nothing has to be opened."""

    async def close(self) -> None:
        """Nothing is open."""

    async def ready(self) -> None:
        """It always is."""

    async def create(self, session: str, code: str, first: Draft) -> Position:
        """Start a session."""
        self._codes[code] = session
        self._entries[session] = []
        [position] = await self.append(session, [first])
        return position

    async def find(self, code: str) -> str | None:
        """Return the session of a join code."""
        return self._codes.get(code)

    async def sessions(self) -> list[str]:
        """Return all sessions."""
        return list(self._entries)

    async def append(self, session: str, drafts: Sequence[Draft]) -> list[Position]:
        """Append drafts and announce them."""
        entries, places = self._entries[session], self._places[session]
        fresh = []
        for draft in drafts:
            if (draft.by, draft.key) not in places:
                stored = Stored(len(entries) + 1, self._clock(), draft.by, draft.key, draft.body)
                entries.append(stored)
                fresh.append(stored)
                places[draft.by, draft.key] = Position(stored.seq, stored.at, repeated=False)
        if fresh:
            for sink in self._sinks[session]:
                sink(fresh)
        return [places[draft.by, draft.key] for draft in drafts]

    async def read(self, session: str, after: int = 0, limit: int = 10_000) -> list[Stored]:
        """Return entries in order."""
        return self._entries.get(session, [])[after : after + limit]

    async def save(self, session: str, seq: int, body: bytes) -> None:
        """Keep no snapshot: nothing is opened again."""

    async def saved(self, session: str) -> tuple[int, bytes] | None:
        """Return that there is none."""
        return None

    async def subscribe(
        self, session: str, after: int, entries: EntrySink, tells: TellSink, lost: LostSink = unheeded
    ) -> _Place:
        """Announce what comes; what stands there has been read."""
        assert after == len(self._entries[session])
        return _Place(self._sinks[session], entries)

    async def tell(self, session: str, message: bytes) -> None:
        """There is nobody else."""
