"""Hands: who waits to speak, in order.

A hand keeps one plain reason for its place (`why`), so that anybody can see the order is fair. Policies place a hand when it is
raised: `arrival` puts it last; `first_time` puts it behind the others who have not spoken yet and before those who have.

Everybody sees the head of the queue and how many wait behind it; the moderators see every hand, each with a rank that says where it
stands. So a hand changes one item of what they read, and nothing that grows with the queue is looked at, built or sent.
"""

from __future__ import annotations

from bisect import bisect_left
from typing import Any

import msgspec

from server.core import ranks
from server.core.base import Context
from server.core.base import People as PeopleById
from server.core.setup import Text

STAGE = ("stage", "speakers")
DESK = ("desk", "hands")

HEAD = 50
"""How many of those who wait everybody sees: more than anybody reads, and what 5,000 people are sent for one hand stays small."""


class Hand(msgspec.Struct):
    """A raised hand; `at` in milliseconds. Of two, the one with the smaller `rank` comes first."""

    kind: str
    reason: Text | None
    at: int
    why: str
    rank: int = 0


class Queue(msgspec.Struct):
    """All raised hands. `waiting` is their order, that of the ranks."""

    waiting: list[str] = []
    hands: dict[str, Hand] = {}
    late: list[str] = []
    """Those of `waiting`, in its order, whom a first-time speaker goes before: they have spoken, and no moderator gave them their place."""
    spoken: dict[str, tuple[int, int]] = {}
    """{person: (milliseconds, turns)} over finished turns."""


def put_up(queue: Queue, ctx: Context, person: str, kind: str, reason: Text | None, policy: str) -> None:
    """Put a hand up where the policy places it."""
    place, why = len(queue.waiting), "arrival"
    if policy == "first_time" and person not in queue.spoken:
        why = "first_time"
        if queue.late:
            place = _find(queue, queue.waiting, queue.late[0])
    _raise(queue, ctx, person, Hand(kind, reason, ctx.at, why), place)


def put_first(queue: Queue, ctx: Context, person: str) -> None:
    """Put up the hand of somebody who is given back the floor: before all others."""
    _raise(queue, ctx, person, Hand("speak", None, ctx.at, "returned"), 0)


def put_down(queue: Queue, ctx: Context, person: str) -> None:
    """Take a hand down."""
    _take(queue, ctx, person)
    del queue.hands[person]
    ctx.touch(STAGE)


def move(queue: Queue, ctx: Context, person: str, before: str | None) -> None:
    """Move a hand before another one, or to the end."""
    _take(queue, ctx, person)
    queue.hands[person].why = "moved"
    _insert(queue, ctx, person, len(queue.waiting) if before is None else _find(queue, queue.waiting, before))


def spoke(queue: Queue, person: str, ms: int) -> None:
    """Count a turn of so many milliseconds. Whoever raised their hand while speaking has spoken from now on."""
    spoken, turns = queue.spoken.get(person, (0, 0))
    queue.spoken[person] = (spoken + ms, turns + 1)
    if turns == 0 and _is_late(queue, person):
        queue.late.insert(_find(queue, queue.late, person), person)


def head(queue: Queue, people: PeopleById) -> dict[str, Any]:
    """Return what `stage.speakers` says of the queue."""
    shown = queue.waiting[:HEAD]
    return {
        "waiting": shown,
        "hands": {
            person: {
                "name": people[person].name,
                "group": people[person].group,
                "kind": queue.hands[person].kind,
                "why": queue.hands[person].why,
                "first": person not in queue.spoken,
            }
            for person in shown
        },
        "more": len(queue.waiting) - len(shown),
    }


def desk(queue: Queue) -> dict[str, Any]:
    """Return `desk.hands`: all hands, for the moderators. Names and turns stand with the people of the desk."""
    return {person: desk_item(queue, person) for person in queue.hands}


def desk_item(queue: Queue, person: str) -> dict[str, Any] | None:
    """Return one hand as the moderators see it; None where it is down."""
    hand = queue.hands.get(person)
    if hand is None:
        return None
    return {"reason": hand.reason, "kind": hand.kind, "at": hand.at, "why": hand.why, "rank": hand.rank}


def own(queue: Queue, person: str) -> dict[str, Any] | None:
    """Return `me.hand`."""
    hand = queue.hands.get(person)
    return None if hand is None else {"kind": hand.kind, "reason": hand.reason, "at": hand.at, "why": hand.why}


def _is_late(queue: Queue, person: str) -> bool:
    hand = queue.hands.get(person)
    return hand is not None and hand.why in ("arrival", "first_time") and person in queue.spoken


def _find(queue: Queue, order: list[str], person: str) -> int:
    """Return where a hand stands, or would stand, in `waiting` or in `late`."""
    hands = queue.hands
    return bisect_left(order, hands[person].rank, key=lambda other: hands[other].rank)


def _raise(queue: Queue, ctx: Context, person: str, hand: Hand, place: int) -> None:
    queue.hands[person] = hand
    _insert(queue, ctx, person, place)
    ctx.touch(STAGE)


def _take(queue: Queue, ctx: Context, person: str) -> None:
    """Take a hand out of the order."""
    if _is_late(queue, person):
        del queue.late[_find(queue, queue.late, person)]
    place = _find(queue, queue.waiting, person)
    del queue.waiting[place]
    _touch_place(ctx, person, place)


def _insert(queue: Queue, ctx: Context, person: str, place: int) -> None:
    """Put a hand at a place of the order, with the rank that it has there."""
    waiting, hands = queue.waiting, queue.hands
    left = hands[waiting[place - 1]].rank if place > 0 else None
    right = hands[waiting[place]].rank if place < len(waiting) else None
    rank = ranks.between(left, right)
    waiting.insert(place, person)
    if rank is not None:
        hands[person].rank = rank
    else:
        for number, other in enumerate(waiting):
            hands[other].rank = ranks.spaced(number)
        ctx.touch_item(DESK, *waiting)
    if _is_late(queue, person):
        queue.late.insert(_find(queue, queue.late, person), person)
    _touch_place(ctx, person, place)


def _touch_place(ctx: Context, person: str, place: int) -> None:
    """A hand came to this place or left it. Behind the head everybody sees no more of the queue than how long it is."""
    if place < HEAD:
        ctx.touch(STAGE)
    ctx.touch_item(DESK, person)
    ctx.touch_person(person, "hand")
