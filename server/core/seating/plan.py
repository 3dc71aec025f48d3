"""A plan of rooms, from the request."""

from random import Random

from server.core.seating.board import Board
from server.core.seating.deal import deal
from server.core.seating.improve import keeps_groups, same_group, part_pairs, spread_groups
from server.core.seating.request import Request, hosts_of
from server.core.seating.rotate import Path, begin

STARTS = 3
WORK = 5_000_000
SPREAD = 3_000_000
DEBUG = False
ALLOWED = {"mixed": keeps_groups, "same": same_group, "random": lambda *_: True}
MAX_COUNTED = 1_000


def plan(request: Request) -> tuple[tuple[int, ...], ...]:
    """Where everybody sits: for each round, for each person, the number of the room."""
    rooms, rounds = max(1, request.rooms), max(1, request.rounds)
    numbers = {group: number for number, group in enumerate(dict.fromkeys(request.groups))}
    groups = [numbers[group] for group in request.groups]
    hosted = hosts_of(request)
    random = Random(request.seed)
    if request.standing or rounds == 1 or rooms == 1 or len(hosted) == len(groups):
        return (tuple(deal(groups, rooms, request.assign, hosted, random)),) * rounds
    best: tuple[int, int, list[Path]] | None = None
    for _ in range(STARTS):
        board = Board(begin(groups, rooms, rounds, request.assign, hosted, random), groups, rooms, hosted)
        budget = min(WORK, 20_000 * len(groups) * rounds) // STARTS
        cost = 0
        counted = len(groups) <= MAX_COUNTED
        if counted: board.count_meetings()
        if request.assign == "mixed":
            if counted: cost = part_pairs(board, random, budget // 2, ALLOWED["random"])
            c0=cost, len(board.uneven())
            spread_groups(board, random, min(SPREAD, 1000 * len(groups) * rounds), whole=True)
            c1=len(board.uneven())
            spread_groups(board, random, min(SPREAD, 1000 * len(groups) * rounds), whole=False)
            c2=len(board.uneven())
            if counted: cost = part_pairs(board, random, budget // 2, keeps_groups)
            if DEBUG: print(c0,c1,c2,cost)
        else:
            if counted: cost = part_pairs(board, random, budget, ALLOWED[request.assign])
        off = len(board.uneven()) if request.assign == "mixed" else 0
        if best is None or (off, cost) < best[:2]:
            best = off, cost, board.paths
        if best[:2] == (0, 0):
            break
    return tuple(zip(*best[2], strict=True))
