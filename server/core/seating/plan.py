"""A plan of rooms, from the request."""

from server.core.seating.request import Request


def plan(request: Request) -> tuple[tuple[int, ...], ...]:
    """Where everybody sits: for each round, for each person, the number of the room."""
    rooms, hosted = max(1, request.rooms), {p: r for r, p in reversed(list(enumerate(request.hosts))) if p is not None}
    movers = [p for p in sorted(range(len(request.groups)), key=lambda p: request.groups[p]) if p not in hosted]
    first = {**{p: i % rooms for i, p in enumerate(movers)}}
    return tuple(
        tuple(
            hosted[p] if p in hosted else (first[p] + (0 if request.standing else t)) % rooms
            for p in range(len(request.groups))
        )
        for t in range(request.rounds)
    )
