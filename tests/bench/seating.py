"""`make bench-rooms`: how good the plans of rooms are, and what they cost, beside a random shuffle and a greedy one.

All three get the same people with the same groups. A random shuffle deals the hall anew in each round; the greedy one seats person after
person, in random order, at a table with a free place where they have met the fewest so far, of those the one where they have been
least, of those the one with the fewest of their group. CPU time is the process's own.
"""

from __future__ import annotations

import argparse
import statistics
import time
from collections.abc import Callable
from random import Random

from server.core.seating import Assign, Request, measure, plan

Seats = tuple[tuple[int, ...], ...]

CASES = ((20, 4, 3), (20, 4, 4), (60, 10, 5), (60, 10, 6), (150, 19, 5), (150, 19, 6), (300, 30, 6))
"""People, rooms, rounds: tables of five, six, eight and ten."""
KINDS = 8
"""Stakeholder groups, of unequal size."""


def shuffled(request: Request) -> Seats:
    """Deal everybody anew in each round."""
    random = Random(request.seed)
    people = range(len(request.groups))
    rounds = []
    for _ in range(request.rounds):
        seated = [0] * len(people)
        for number, person in enumerate(random.sample(people, len(people))):
            seated[person] = number % request.rooms
        rounds.append(tuple(seated))
    return tuple(rounds)


def greedy(request: Request) -> Seats:
    """Seat one after the other where they have met the fewest."""
    random = Random(request.seed)
    people, rooms = len(request.groups), request.rooms
    met = [[0] * people for _ in range(people)]
    been = [[0] * rooms for _ in range(people)]
    rounds = []
    for _ in range(request.rounds):
        inside: list[list[int]] = [[] for _ in range(rooms)]
        least, more = divmod(people, rooms)
        places = [least + (room < more) for room in range(rooms)]
        seated = [0] * people
        for person in random.sample(range(people), people):
            own, group = met[person], request.groups[person]
            room = min(
                (room for room in range(rooms) if len(inside[room]) < places[room]),
                key=lambda room: (
                    sum(own[other] for other in inside[room]),
                    been[person][room],
                    sum(request.groups[other] == group for other in inside[room]),
                ),
            )
            seated[person] = room
            been[person][room] += 1
            for other in inside[room]:
                own[other] += 1
                met[other][person] += 1
            inside[room].append(person)
        rounds.append(tuple(seated))
    return tuple(rounds)


PLANNERS: dict[str, tuple[Assign, int, Callable[[Request], Seats]]] = {
    "shuffle": ("random", 0, shuffled),
    "greedy": ("random", 0, greedy),
    "`random`": ("random", 0, plan),
    "`mixed`": ("mixed", 0, plan),
    "`mixed`, hosts": ("mixed", 2, plan),
}
"""For each its way of assigning, and at every how many-th table there is a host."""


def main() -> None:
    """Print one line for each case and planner: the medians over the seeds, and the least and the most CPU time."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--runs", type=int, default=3, help="plans of each kind, each with another seed")
    parser.add_argument("--people", type=int, help="the cases with so many people only")
    options = parser.parse_args()
    print("| people, rooms, rounds | planner | repeats | meet again | most | bound | mix | CPU s |")
    print("|---|---|---|---|---|---|---|---|")
    for people, rooms, rounds in CASES:
        if options.people not in (None, people):
            continue
        for name, (assign, every, make) in PLANNERS.items():
            found, spent = [], []
            for seed in range(1, options.runs + 1):
                random = Random(seed)
                groups = tuple(int(KINDS * random.random() ** 1.5) for _ in range(people))
                hosts = tuple(None if room % every else room for room in range(rooms)) if every else ()
                request = Request(groups, rooms, rounds, assign, hosts, False, seed)
                begun = time.process_time()
                seats = make(request)
                spent.append(time.process_time() - begun)
                found.append(measure(seats, request))
            repeats, again, most = (
                statistics.median_low(getattr(quality, field) for quality in found)
                for field in ("repeats", "again", "most")
            )
            bound = max(quality.bound or 0 for quality in found)
            mix = statistics.median(quality.mix for quality in found)
            seconds = f"{statistics.median(spent):.2f} [{min(spent):.2f}, {max(spent):.2f}]"
            print(
                f"| {people}, {rooms}, {rounds} | {name} | {repeats} | {again} | {most} | {bound} | {mix:.2f} | {seconds} |",
                flush=True,
            )


if __name__ == "__main__":
    main()
