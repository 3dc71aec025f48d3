"""A plan of rooms, from the request."""

from random import Random

from server.core.seating.board import Board
from server.core.seating.deal import deal
from server.core.seating.improve import RULES, part_pairs, spread_groups
from server.core.seating.measure import MAX_MEETINGS
from server.core.seating.request import Request, hosts_of
from server.core.seating.rotate import Path, begin

WORK = 8_000_000
"""Look-ups for meetings, at most: one or two seconds of one core. What else is counted is a share of it."""
WORK_A_SEAT = 10_000
"""Look-ups for each person and round, at most; small plans need no more."""
STARTS = 3
"""Beginnings of which the best end is taken."""
MAX_COUNTED = 2_000
"""With more people than this, meetings are not counted on the way; the beginning stands as it is."""


def plan(request: Request, *, work: int = WORK) -> tuple[tuple[int, ...], ...]:
    """Seat everybody in every round.

    What is wanted, the first before the second and so on:

    1. Hosts stay, and nobody else comes to a room for a second time before they have been in all of them. So nobody repeats a room
       where there are as many rooms as rounds, and everybody repeats as few as possible, evenly, where there are not.
    2. Sizes differ by at most one in every round, hosts included; by two where hosts sit at some rooms only and the rounds are
       so many that all rooms must see as many movers (see `rotate.begin`).
    3. `mixed`: the number of each group differs by at most one between any two rooms of a round. With hosts by two, save where some rooms
       have a host, others none, and the rounds outnumber the latter: there it is as near as the search comes.
       `same`: groups sit together as in the first round, and those who began in a room go on to the next together, but for exchanges
       with people of their own group.
    4. People meet as many others as can be: the least sum, over all pairs, of the meetings after the first. Among equal sums, the same
       two do not meet all the time.

    The fourth is the social golfer problem (CSPLib, problem 10) with the objective of Dotú and Van Hentenryck ("Scheduling social
    golfers locally", CPAIOR 2005); `measure` gives a lower bound of the pairs who meet again. The plan begins with rows
    (see `rows`), which often reach 0 at once, and is made better by exchanges of two seats.

    Args:
        request: What is asked for. Hosts that are no people are nobody; a person named for two rooms is host of the first.
        work: Look-ups at most. The work is counted and not timed, so the same request gives the same plan on every machine.

    Returns:
        For each round, for each person, the number of the room.
    """
    rooms, rounds = max(1, request.rooms), max(1, request.rounds)
    number = {group: at for at, group in enumerate(dict.fromkeys(request.groups))}
    groups = [number[group] for group in request.groups]
    hosted = hosts_of(request)
    random = Random(request.seed)  # noqa: S311  (a shuffle that everybody may foresee)
    if request.standing or rounds == 1 or rooms == 1 or len(hosted) == len(groups):
        return (tuple(deal(groups, rooms, request.assign, hosted, random)),) * rounds
    work = min(work, WORK_A_SEAT * len(groups) * rounds) // STARTS
    parting = work
    if len(groups) > MAX_COUNTED or len(groups) * len(groups) // rooms * rounds > 2 * MAX_MEETINGS:
        parting = 0
    mixed = request.assign == "mixed"
    best: tuple[tuple[int, int, int], list[Path]] | None = None
    for start in range(STARTS + 1):
        # Where no start came within the bound of `mixed`, one more begins within it by construction.
        together = start == STARTS
        paths = begin(groups, rooms, rounds, request.assign, hosted, random, work=work // 5, together=together)
        board = Board(paths, groups, rooms, hosted)
        if parting:
            board.count_meetings()
        if mixed and not together:
            part_pairs(board, random, parting // 2, RULES["random"])
            spread_groups(board, random, work // 5, whole=True)
            spread_groups(board, random, work // 5, whole=False)
        cost = part_pairs(board, random, parting // 2 if mixed else parting, RULES[request.assign])
        beyond = max(0, board.widest() - (2 if hosted else 1)) if mixed else 0
        found = beyond, len(board.uneven()) if mixed else 0, cost
        if best is None or found < best[0]:
            best = found, board.paths
        if not any(best[0]) or (start == STARTS - 1 and not best[0][0]):
            break
    assert best is not None  # noqa: S101  (there is at least one start)
    return tuple(zip(*best[1], strict=True))
