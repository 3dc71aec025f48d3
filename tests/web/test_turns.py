"""A crowd waits in line: in order, a few a turn of the loop, and alone nobody waits."""

from __future__ import annotations

import asyncio
from functools import partial

from server.web.turns import AT_ONCE, Turns


async def test_who_comes_alone_does_not_wait() -> None:
    came: list[int] = []
    turns = Turns()
    for number in range(3):
        turns.take(partial(came.append, number))
        assert came[-1] == number
        await asyncio.sleep(0.001)


async def test_a_crowd_is_let_in_in_order_and_others_are_served_meanwhile() -> None:
    came: list[int | str] = []
    turns = Turns()
    crowd = 5 * AT_ONCE
    for number in range(crowd):
        turns.take(partial(came.append, number))
    assert len(came) == AT_ONCE
    for _ in range(8):
        await asyncio.sleep(0)
        came.append("served")
    assert [who for who in came if who != "served"] == list(range(crowd))
    inside = "".join("." if who == "served" else "x" for who in came).split(".")
    assert max(map(len, inside)) <= 2 * AT_ONCE, inside


async def test_who_comes_while_others_wait_stands_behind_them() -> None:
    came: list[str] = []
    turns = Turns()
    for _ in range(AT_ONCE + 1):
        turns.take(lambda: came.append("early"))
    await asyncio.sleep(0)
    turns.take(lambda: came.append("late"))
    for _ in range(4):
        await asyncio.sleep(0)
    assert came == ["early"] * (AT_ONCE + 1) + ["late"]
