"""Planning: sees that plans of breakout rooms which wait to be computed get their seats.

The worker whose client asked begins at once. Others wait a while and compute it only if it still is wanted, so that one that
ended in the middle costs seconds and no plan. All give the result the same key: the log keeps the first.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable, Container

import structlog

from server.core import breakouts
from server.core.base import Command
from server.core.state import Outcome, State
from server.planner.process import Planner

OTHERS_SECONDS = 3.0
"""How long a worker leaves a plan to the one whose client asked for it."""

AGAIN_SECONDS = 1.0
"""Until a result that the log did not take is offered again."""

_logger = structlog.get_logger(__name__)


class Planning:
    """The plans of one session. `append` puts a command into the log under a key and returns its outcome."""

    def __init__(
        self,
        session: str,
        state: State,
        planner: Planner,
        append: Callable[[Command, str], Awaitable[Outcome]],
        counters: Counter[str],
    ) -> None:
        self._session = session
        self._state = state
        self._planner = planner
        self._append = append
        self._counters = counters
        # A plan stays here when it is done: one that failed here is not tried again and again.
        self._tasks: dict[str, asyncio.Task[None]] = {}
        self._closed = False

    @property
    def busy(self) -> bool:
        """Whether a plan is being computed, or waits to be."""
        return any(not task.done() for task in self._tasks.values())

    def look(self, asked: Container[str] = ()) -> None:
        """Look for plans that wait; `asked` are those that clients of this worker have just asked for."""
        if self._closed:
            return
        for plan in breakouts.wanted(self._state.breakouts, self._state.people.items):
            if plan not in self._tasks:
                delay = 0.0 if plan in asked else OTHERS_SECONDS
                self._tasks[plan] = asyncio.create_task(self._make(plan, delay), name=f"plan rooms {self._session}")

    async def close(self) -> None:
        """Stop at once; what is wanted from now on is left to others."""
        self._closed = True
        for task in self._tasks.values():
            task.cancel()
        await asyncio.gather(*self._tasks.values(), return_exceptions=True)

    async def _make(self, plan: str, delay: float) -> None:
        await asyncio.sleep(delay)
        request = breakouts.wanted(self._state.breakouts, self._state.people.items).get(plan)
        if request is None:
            return
        try:
            found = await self._planner.plan(request)
        except Exception:
            # A defect. The session goes on; the moderator sees a plan that does not get ready, and can make another one.
            _logger.exception("plan failed", session=self._session)
            self._counters["plans:failed"] += 1
            return
        self._counters["plans:made"] += 1
        command = breakouts.Planned(plan=plan, seats=found.seats, quality=found.quality)
        while plan in breakouts.wanted(self._state.breakouts, self._state.people.items):
            outcome = await self._append(command, f"planned.{plan}")
            if outcome.code != "busy":
                return
            await asyncio.sleep(AGAIN_SECONDS)
