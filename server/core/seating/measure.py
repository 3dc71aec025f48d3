"""How good a plan is."""

from collections.abc import Sequence

from server.core.seating.request import Quality, Request


def measure(seats: Sequence[Sequence[int]], request: Request) -> Quality:
    """The quality of a plan, as computed or as changed by hand."""
    sizes = [sum(room == r for room in round_) for round_ in seats for r in range(max(1, request.rooms))]
    return Quality(min(sizes, default=0), max(sizes, default=0), 0, 0, 0, None, 0.0)
