"""Making a plan better by exchanges of two seats, within a budget of look-ups."""

from collections.abc import Callable
from math import exp
from random import Random

from server.core.seating.board import Board
from server.core.seating.request import Assign

DEAREST = 60
"""By how much more meetings may cost after an exchange that spreads groups, in the end."""
HEAT = 1.0
"""How much worse a step may be at first; a pair that meets twice costs 4."""


def spread_groups(board: Board, random: Random, work: int, *, whole: bool) -> None:
    """Exchange seats until every group is spread evenly, or the work is done.

    Args:
        board: The plan; it is changed in place.
        random: Whose seats are tried.
        work: People looked at, at most.
        whole: Exchange the seats of all rounds, so that who meets whom stays as it is but for the names.
    """
    groups, hosted = board.groups, board.hosted
    waiting: list[tuple[int, int, int]] = []
    left = work
    while left > 0:
        left -= 4
        if not waiting:
            waiting = board.uneven()
            if not waiting:
                return
            random.shuffle(waiting)
        number, room, group = waiting[-1]
        if not board.off(number, room, group):
            waiting.pop()
            continue
        if random.random() < 0.02:
            # This one may be stuck until others have moved.
            waiting.insert(0, waiting.pop())
            continue
        above = board.counts[number][room][group] > board.most[group]
        target = random.randrange(board.rooms)
        left -= len(board.inside[number][room]) + len(board.inside[number][target])
        here = [p for p in board.inside[number][room] if p not in hosted and (groups[p] == group) is above]
        there = [p for p in board.inside[number][target] if p not in hosted and (groups[p] == group) is not above]
        if target == room or not here or not there:
            continue
        one, other = random.choice(here), random.choice(there)
        rounds = board.rounds_apart(one, other) if whole else board.rounds_to_exchange(number, one, other)
        if sum(after - before for before, after in board.evenness(rounds, one, other)) > 0:
            continue
        # The longer it takes, the more may people meet again for it.
        if (
            whole
            or not board.met
            or sum(board.dearer(n, one, other) for n in rounds) <= DEAREST * (1 - left / work) ** 2
        ):
            for reached in rounds:
                board.exchange(reached, one, other)


Rule = Callable[[Board, list[int], int, int], bool]
"""Whether two may exchange seats in these rounds."""


def _no_worse_mixed(board: Board, rounds: list[int], one: int, other: int) -> bool:
    return all(after <= before for before, after in board.evenness(rounds, one, other))


def _of_one_group(board: Board, rounds: list[int], one: int, other: int) -> bool:
    return board.groups[one] == board.groups[other]


def _anybody(board: Board, rounds: list[int], one: int, other: int) -> bool:
    return True


RULES: dict[Assign, Rule] = {"mixed": _no_worse_mixed, "same": _of_one_group, "random": _anybody}


def part_pairs(board: Board, random: Random, work: int, rule: Rule) -> int:
    """Exchange seats so that fewer people meet again: simulated annealing, begun at those who do.

    Args:
        board: The plan, its meetings counted if there is work to do; it is changed in place, and never for the worse.
        random: Whose seats are tried, and which steps up are taken on the way down.
        work: Meetings looked up at most.
        rule: Who may exchange seats.

    Returns:
        The price of all pairs in the end (see `rows.price`); 0 where meetings are not counted.
    """
    met = board.met
    if not met:
        return 0
    prices = board.prices
    movers = [person for person in range(len(board.paths)) if person not in board.hosted]
    total = best = sum(prices[times] for row in met for times in row if times > 1) // 2
    kept = [path[:] for path in board.paths]
    used = 0
    hot: list[int] = []
    while used < work and total:
        if not hot:
            # Whoever meets somebody again, several times over: looking for them costs more than finding that one is none of them.
            hot = 4 * [person for person in movers if met[person].translate(None, b"\x00\x01")]
            random.shuffle(hot)
            used += len(movers) * (2 + len(movers) // 100)
            if not hot:
                break
        one = hot.pop()
        number = random.randrange(board.rounds)
        here = board.inside[number][board.paths[one][number]]
        own = met[one]
        used += len(here)
        if max([own[person] for person in here]) < 2:
            continue
        heat = HEAT * max(0.001, 1 - used / work)
        for _ in range(8):
            other = movers[int(random.random() * len(movers))]
            there = board.inside[number][board.paths[other][number]]
            if there is here:
                continue
            rounds = board.rounds_to_exchange(number, one, other)
            used += 2 * len(here) + 2 * len(there)
            if not rule(board, rounds, one, other):
                continue
            others = met[other]
            if len(rounds) == 1:
                change = board.dearer(number, one, other)
                if change <= 0 or random.random() < exp(-change / heat):
                    board.exchange(number, one, other)
                else:
                    continue
            else:
                used += 4 * len(own)
                before = sum([prices[times] for times in own]) + sum([prices[times] for times in others])
                for reached in rounds:
                    board.exchange(reached, one, other)
                change = sum([prices[times] for times in own]) + sum([prices[times] for times in others]) - before
                if change > 0 and random.random() >= exp(-change / heat):
                    for reached in rounds:
                        board.exchange(reached, one, other)
                    continue
            total += change
            if total < best:
                best = total
                kept = [path[:] for path in board.paths]
                used += len(kept)
            break
    if total > best:
        board.put(kept)
    return best
