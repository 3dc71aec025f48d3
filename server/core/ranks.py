"""Ranks: whole numbers that order a list which others keep by its items, so that putting one in changes that one alone.

At the end a rank follows with wide space before it, at the head too. Between two ranks the new one stands close behind the
former, so that many fit in before the same item, one after the other. Where there is no room, all have to be given new ranks (`spaced`).
"""

from __future__ import annotations

GAP = 2**32
"""Between an item and one that is put at the end: 2 million of them fit in before `LIMIT`."""
STEP = 2**16
"""Between an item and one that is put right behind it, before another: 65,536 of them fit into a gap."""
LIMIT = 2**53 - 1
"""The largest whole number that a reader of JSON has to keep exact (RFC 8259, section 6)."""


def between(left: int | None, right: int | None) -> int | None:
    """Return a rank after `left` and before `right`; None stands for the ends of the list, and as the result says that there is no room."""
    if left is None:
        rank = 0 if right is None else right - GAP
    elif right is None:
        rank = left + GAP
    else:
        rank = left + min(STEP, (right - left) // 2)
        if rank == left:
            return None
    return rank if abs(rank) <= LIMIT else None


def spaced(place: int) -> int:
    """Return the rank of the item at a place of the list, counted from 0, when all are ranked anew."""
    return place * GAP
