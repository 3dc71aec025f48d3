"""What passes: a reaction is seen within a second, and one that goes may wait a little for something that is sent anyway."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from itertools import pairwise

from server.hub.passing import LINGER, PAUSE, Passing
from server.hub.presence import REACTION_SECONDS, Presence
from tests.bench.simulated import SimulatedLoop, simulate
from tests.support.world import World


class Shown:
    """Counts of hearts as they were shown, with the moments."""

    def __init__(self) -> None:
        self.loop = asyncio.get_running_loop()
        self.presence = Presence("w1")
        self.passing = Passing(World(check=False).state, self.presence, self.flush, lambda: True)
        self.hearts: list[tuple[float, int]] = []

    def flush(self) -> None:
        """Show what is due, as any flush does."""
        if slices := self.passing.due():
            hearts = slices["reactions"]["heart"]
            if hearts != (self.hearts[-1][1] if self.hearts else 0):
                self.hearts.append((self.loop.time(), hearts))


def played(script: Callable[[Shown], Awaitable[None]]) -> list[tuple[float, int]]:
    """Return what was shown while a script was played, and for a minute after."""

    async def main() -> list[tuple[float, int]]:
        shown = Shown()
        await script(shown)
        await asyncio.sleep(60)
        assert shown.passing._timer is None
        return shown.hearts

    return simulate(SimulatedLoop(), main())


def test_a_reaction_that_goes_is_seen_to_go_though_nothing_else_happens() -> None:
    async def script(shown: Shown) -> None:
        shown.passing.react("heart")

    (came, one), (went, none) = played(script)
    assert (came, one, none) == (PAUSE, 1, 0)
    assert REACTION_SECONDS < went <= REACTION_SECONDS + LINGER + PAUSE


def test_reactions_that_go_one_by_one_go_in_few_steps() -> None:
    async def script(shown: Shown) -> None:
        for _ in range(9):
            shown.passing.react("heart")
            await asyncio.sleep(PAUSE)

    shown = played(script)
    going = [moment for moment, _ in shown[shown.index(max(shown, key=lambda row: row[1])) + 1 :]]
    assert shown[-1][1] == 0
    assert len(going) <= 4
    assert all(later - moment >= LINGER for moment, later in pairwise(going))


def test_one_that_goes_leaves_with_what_is_sent_anyway() -> None:
    async def script(shown: Shown) -> None:
        shown.passing.react("heart")
        await asyncio.sleep(REACTION_SECONDS + PAUSE + 0.5)
        shown.flush()

    assert played(script) == [(PAUSE, 1), (REACTION_SECONDS + PAUSE + 0.5, 0)]


def test_one_that_somebody_looked_at_meanwhile_goes_all_the_same() -> None:
    async def script(shown: Shown) -> None:
        shown.passing.react("heart")
        await asyncio.sleep(REACTION_SECONDS + 0.1)
        # A page that is rendered counts what is there now; what was shown to the others is another matter.
        assert shown.passing.slices()["reactions"]["heart"] == 0

    assert [count for _, count in played(script)] == [1, 0]


def test_after_the_close_nothing_is_shown_by_itself() -> None:
    async def script(shown: Shown) -> None:
        shown.passing.enter("ann")
        shown.passing.close()
        shown.passing.leave("ann")
        shown.passing.react("heart")
        assert shown.passing._timer is None

    assert played(script) == []
