"""When Python's garbage collector runs in a worker, and through what it walks.

Nearly everything is freed by its reference count; the collector is for cycles alone. Left to itself it walks through all that lives
whenever that has grown by a quarter: with 5,000 people connected this takes up to 0.4 seconds, in which nobody is served, and a quarter of
the processor while 1,000 vote, to find next to nothing. So in a worker

- what lives when it begins to serve is frozen (`gc.freeze`): it will live as long as the worker;
- a collection comes after `NEW` new objects, and what it leaves is frozen as well. So each walks only through what came since the
  last, a pause is a few milliseconds however many are connected, and a connection costs the same however many there are;
- a cycle that lived during a collection and became garbage later is not found by this. So connections take themselves apart when
  they end (`server.web.transport`), and all that is frozen is thawed and looked through in a full collection where that
  disturbs nobody: when nobody is connected any more, or in a quiet moment when memory has grown by more than a full hall can explain.

The rule is the same for each of Python's collectors. Until 3.13 there are three generations, and freezing empties all of them, so that
the older two never become due; from 3.12 on a collection waits for the end of a step of the interpreter, which changes nothing here.
An incremental one, as the first 3.14 have, walks through a piece of the old besides: it counts the frozen as visited, and there is no
other old. In a build without the global lock freezing itself walks through everything; there the policy would be another one.
"""

from __future__ import annotations

import asyncio
import gc
import sys
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

NEW = 20_000
"""Objects that came, less those that went, between two collections: a pause of 4 to 6 ms. Longer ones would save nothing."""

LOOK_SECONDS = 2.0
"""Between two looks whether a full collection is due."""

GROWN_BLOCKS = 50_000
"""Blocks of memory that must have come or gone since the last full collection, for another one where nobody is connected."""

LEAKING_BLOCKS = 4_000_000
"""Those that must have come while people are connected, about 400 MB: some four times what 5,000 people are."""

QUIET = 0.1
"""Share of a processor below which a worker counts as quiet."""


class Garbage:
    """The policy above, for this process."""

    def __init__(
        self, clock: Callable[[], float] = time.perf_counter, used: Callable[[], float] = time.process_time
    ) -> None:
        """`clock` counts seconds, and `used` those in which this process had a processor."""
        self.collections = 0
        """How often only what is new was looked through."""
        self.full = 0
        """How often everything was."""
        self.longest = 0.0
        """Seconds that the longest collection of what is new took."""
        self.longest_full = 0.0
        """Seconds that the longest collection of everything took."""
        self._clock = clock
        self._used = used
        self._before = gc.get_threshold()
        self._began = 0.0
        self._everything = False
        self._held = 0
        self._looked = 0.0
        self._spent = 0.0

    @asynccontextmanager
    async def kept(self, connected: Callable[[], int]) -> AsyncIterator[None]:
        """Freeze what is there, and collect by the rule until the end; `connected` says how many connections are open.

        One at a time: the collector belongs to the process.
        """
        self.start()
        tending = asyncio.create_task(self._tend(connected), name="tend garbage")
        try:
            yield
        finally:
            tending.cancel()
            self.stop()

    def start(self) -> None:
        """Freeze what is there, and collect what is new by the rule from now on."""
        gc.collect()
        gc.freeze()
        self._before = gc.get_threshold()
        gc.set_threshold(NEW, *self._before[1:])
        gc.callbacks.append(self._collecting)
        self._held = sys.getallocatedblocks()
        self._looked, self._spent = self._clock(), self._used()

    def stop(self) -> None:
        """Give the collector back as it was."""
        gc.callbacks.remove(self._collecting)
        gc.set_threshold(*self._before)
        gc.unfreeze()

    async def _tend(self, connected: Callable[[], int]) -> None:
        while True:
            await asyncio.sleep(LOOK_SECONDS)
            self.look(connected())

    def look(self, connected: int) -> None:
        """Collect everything where that is due, with so many connections open."""
        now, used = self._clock(), self._used()
        quiet = used - self._spent < QUIET * (now - self._looked)
        self._looked, self._spent = now, used
        change = sys.getallocatedblocks() - self._held
        if quiet and (change > LEAKING_BLOCKS if connected else abs(change) > GROWN_BLOCKS):
            self._collect_all()

    def _collect_all(self) -> None:
        self._everything = True
        gc.unfreeze()
        gc.collect()
        self._everything = False
        self._held = sys.getallocatedblocks()

    def _collecting(self, phase: str, info: dict[str, Any]) -> None:
        """The collector calls this when it starts and when it stops, in whichever thread made the last object."""
        if phase == "start":
            self._began = self._clock()
            return
        took = self._clock() - self._began
        gc.freeze()
        if self._everything:
            self.full += 1
            self.longest_full = max(self.longest_full, took)
        else:
            self.collections += 1
            self.longest = max(self.longest, took)
