"""Several rounds out of rows: one person a room in each row, and every row goes round in its own way.

A row holds at most one person for each room. The one at position `j` of row `i` sits in round `t` at room `j + step[i][t]`,
counted round a ring of rooms. Then a room never gets two of one row, whatever the steps are, so rooms stay even; nobody comes to
a room twice if a row's steps differ; and two people of different rows meet once at most if the differences of the two rows'
steps differ from round to round. Such rows of steps are a difference matrix; Harvey and Winterer ("Solving the MOLR and social
golfer problems", CP 2005) build golfers' schedules in this way out of mutually orthogonal Latin rectangles. Where the number of
rooms is a prime or a power of two, multiples of 0, 1, 2, … do it for as many people as any plan could; elsewhere the steps are
searched for.
"""

from collections.abc import Callable, Sequence
from math import exp, isqrt
from random import Random

TRIES = 300
"""Rows of steps drawn before the best so far is taken."""
TURNS = 15_000
"""Single steps changed afterwards, where people would meet twice."""
_POLYNOMIALS = {4: 7, 8: 11, 16: 19, 32: 37, 64: 67, 128: 131, 256: 285}

Steps = list[int]
Shift = Callable[[int, int], int]


def price(times: int) -> int:
    """What it costs that two people meet so often: nothing at first, 4 for the second time, 5 for the third, and so on.

    So the number of people whom somebody meets counts first, and among equals that the same two do not meet all the time.
    """
    return 0 if times < 2 else (times - 1) * (times + 6) // 2


def ring(length: int) -> Shift:
    """How a row of that length goes round: by addition, or digit by digit where the length is a power of two."""
    if length & (length - 1) == 0:
        return int.__xor__
    return lambda position, step: (position + step) % length


def back(length: int) -> Shift:
    """The reverse of `ring`."""
    if length & (length - 1) == 0:
        return int.__xor__
    return lambda position, step: (position - step) % length


def choose_steps(
    rooms: int, rows: int, rounds: int, like: Sequence[int | None], random: Random, work: int
) -> list[Steps]:
    """Steps for rows that all go round the same rooms, so that few of their people meet twice.

    Args:
        rooms: How many there are, at least 2.
        rows: How many rows.
        rounds: How many rounds; beyond the number of rooms every room is visited once before one is visited again.
        like: For each row the earlier row whose steps it must have, or None.
        random: The source of what is tried.
        work: Steps compared, at most, in drawing rows, and as many again in changing them.
    """
    away = back(rooms)
    prices = [price(times) for times in range(rounds + 1)]
    chosen: list[Steps] = []
    ready = _multiples(rooms, rounds, random)
    # Of very many rows, in rooms that are crowded anyway, the later ones go as earlier ones do.
    distinct = max(12, isqrt(work // rounds) // 4)
    tries = max(8, min(TRIES, 2 * work // (rows * rows * rounds)))

    def cost(steps: Steps, limit: int) -> int:
        total = 0
        for other in chosen:
            differences = list(map(away, steps, other))
            kinds = set(differences)
            if len(kinds) < rounds:
                total += sum(prices[differences.count(kind)] for kind in kinds)
                if total >= limit:
                    break
        return total

    for row in range(rows):
        same = row % distinct if like[row] is None and row >= distinct else like[row]
        if same is not None:
            chosen.append(chosen[same])
            continue
        best, least = _drawn(rooms, rounds, random), 1 << 60
        candidates = ready[:tries] + [list(steps) for steps in dict.fromkeys(map(tuple, chosen))][:tries]
        for number in range(len(candidates) + tries):
            steps = candidates[number] if number < len(candidates) else _drawn(rooms, rounds, random)
            found = cost(steps, least)
            if found < least:
                best, least = steps, found
                if not found:
                    break
        chosen.append(best)
    return chosen if rows > distinct else _anneal(chosen, rooms, like, random, work)


def _anneal(chosen: list[Steps], rooms: int, like: Sequence[int | None], random: Random, work: int) -> list[Steps]:
    """Change one step after the other, also for the worse at first, until no difference comes twice or the work is done."""
    away, rounds = back(rooms), len(chosen[0])
    rows = [list(steps) for steps in chosen]

    def meet(one: Steps, other: Steps) -> int:
        return rounds - len(set(map(away, one, other)))

    total = least = sum(meet(rows[i], rows[j]) for i in range(len(rows)) for j in range(i))
    if len(rows) < 2 or not total:
        return chosen
    leader = list(range(len(rows)))
    for row, same in enumerate(like):
        leader[row] = row if same is None else leader[same]
    turns = min(TURNS, work // (len(rows) * rounds))
    for turn in range(turns):
        row, number, step = random.randrange(len(rows)), random.randrange(rounds), random.randrange(rooms)
        alike = [other for other in range(len(rows)) if leader[other] == leader[row]]
        changed = rows[row][:]
        first = number // rooms * rooms
        if step in (lot := changed[first : first + rooms]):
            changed[first + lot.index(step)] = changed[number]
        changed[number] = step
        change = len(alike) * sum(
            meet(changed, rows[other]) - meet(rows[row], rows[other])
            for other in range(len(rows))
            if other not in alike
        )
        heat = 1.05 - turn / turns
        if change <= 0 or random.random() < exp(-change / heat):
            for other in alike:
                rows[other] = changed
            total += change
            if total < least:
                least, chosen = total, rows[:]
                if not total:
                    break
    return chosen


def _drawn(rooms: int, rounds: int, random: Random) -> Steps:
    """Steps by chance: no room comes again before all have come."""
    steps: Steps = []
    while len(steps) < rounds:
        steps += random.sample(range(rooms), min(rooms, rounds - len(steps)))
    return steps


def _multiples(rooms: int, rounds: int, random: Random) -> list[Steps]:
    """The multiples of 0, 1, 2, … by every number but 0, in the field of that many elements; none where we build none."""
    if rounds > rooms or rooms > 256:
        return []
    if polynomial := _POLYNOMIALS.get(rooms):
        times: Shift = lambda a, b: _product(a, b, rooms, polynomial)  # noqa: E731
    elif all(rooms % divisor for divisor in range(2, int(rooms**0.5) + 1)):
        times = lambda a, b: a * b % rooms  # noqa: E731
    else:
        return []
    first = random.sample(range(rooms), rounds)
    return [[times(factor, number) for number in first] for factor in range(1, rooms)]


def _product(a: int, b: int, order: int, polynomial: int) -> int:
    """The product in the field of 2, 4, 8 … 256 elements: of polynomials over {0, 1}, modulo an irreducible one."""
    product = 0
    while b:
        if b & 1:
            product ^= a
        a <<= 1
        if a & order:
            a ^= polynomial
        b >>= 1
    return product
