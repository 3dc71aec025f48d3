"""What a planning process does. It imports nothing but the seating of the core: a process starts as fast as its imports let it."""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from multiprocessing.connection import Connection

import msgspec

from server.core import seating


class Seating(msgspec.Struct, frozen=True):
    """A computed plan: for each round, for each person of the request, the room; and how good that is."""

    seats: tuple[tuple[int, ...], ...]
    quality: seating.Quality


Way = Callable[[seating.Request], Seating]


def compute(request: seating.Request) -> Seating:
    """Compute a plan, here and now."""
    seats = seating.plan(request)
    return Seating(seats, seating.measure(seats, request))


def work(answer: Connection, way: Way, request: seating.Request) -> None:
    """Be the process. A parent that died meanwhile wants no answer."""
    found = way(request)
    with contextlib.suppress(OSError):
        answer.send(found)
