"""A plan that is being worked on: who sits where, who has met whom, and how the groups are spread, all kept up to date."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from server.core.seating.rotate import Path
from server.core.seating.rows import price


class Board:
    """Paths of people through the rooms, and what follows from them.

    The usual change is an exchange of two movers' seats in one round. Sizes stay as they are under it.
    """

    def __init__(self, paths: list[Path], groups: Sequence[int], rooms: int, hosted: Mapping[int, int]) -> None:
        self.groups = groups
        self.rooms = rooms
        self.rounds = len(paths[0])
        self.hosted = hosted
        self.met: list[bytearray] = []
        self.prices = [price(times) for times in range(self.rounds + 2)]
        # What one more, or one fewer, meeting of two changes, by how often they meet now.
        self._more = [self.prices[times + 1] - self.prices[times] for times in range(self.rounds + 1)]
        self._less = [self.prices[times] - self.prices[max(0, times - 1)] for times in range(self.rounds + 1)]
        self.put(paths)
        totals = Counter(groups)
        self.least = {group: total // rooms for group, total in totals.items()}
        self.most = {group: -(-total // rooms) for group, total in totals.items()}
        self.everywhere = {group for group, least in self.least.items() if least}

    def put(self, paths: list[Path]) -> None:
        """Work on these paths."""
        self.paths = paths
        self.inside: list[list[list[int]]] = [[[] for _ in range(self.rooms)] for _ in range(self.rounds)]
        self.counts: list[list[Counter[int]]] = [[Counter() for _ in range(self.rooms)] for _ in range(self.rounds)]
        for person, path in enumerate(paths):
            for number, room in enumerate(path):
                self.inside[number][room].append(person)
                self.counts[number][room][self.groups[person]] += 1
        if self.met:
            self.count_meetings()

    def count_meetings(self) -> None:
        """Count from now on how often any two meet."""
        self.met = [bytearray(len(self.paths)) for _ in self.paths]
        for content in self.inside:
            for people in content:
                for person in people:
                    row = self.met[person]
                    for other in people:
                        row[other] += 1
        for person, row in enumerate(self.met):
            row[person] = 0

    def exchange(self, number: int, one: int, other: int) -> None:
        """Exchange the seats of two movers in a round."""
        room, target = self.paths[one][number], self.paths[other][number]
        here, there = self.inside[number][room], self.inside[number][target]
        here[here.index(one)] = other
        there[there.index(other)] = one
        self.paths[one][number], self.paths[other][number] = target, room
        group, stranger = self.groups[one], self.groups[other]
        if group != stranger:
            counts = self.counts[number]
            counts[room][group] -= 1
            counts[room][stranger] += 1
            counts[target][group] += 1
            counts[target][stranger] -= 1
        if self.met:
            met, own, others = self.met, self.met[one], self.met[other]
            for person in here:
                if person != other:
                    own[person] -= 1
                    met[person][one] -= 1
                    others[person] += 1
                    met[person][other] += 1
            for person in there:
                if person != one:
                    others[person] -= 1
                    met[person][other] -= 1
                    own[person] += 1
                    met[person][one] += 1

    def rounds_apart(self, one: int, other: int) -> list[int]:
        """The rounds in which two sit in different rooms."""
        mine, theirs = self.paths[one], self.paths[other]
        return [number for number in range(self.rounds) if mine[number] != theirs[number]]

    def rounds_to_exchange(self, number: int, one: int, other: int) -> list[int]:
        """The rounds in which two must exchange seats so that neither comes to a room twice that they came to once.

        A chain: whoever gets a seat in a room where they are in another round gives that one away, too. Where there are more rounds
        than rooms, this holds for each lot of as many rounds as there are rooms.
        """
        mine, theirs = self.paths[one], self.paths[other]
        first = number // self.rooms * self.rooms
        lot = range(first, min(first + self.rooms, self.rounds))
        found = [number]
        for reached in found:
            room, target = mine[reached], theirs[reached]
            found += [n for n in lot if n not in found and (mine[n] == target or theirs[n] == room)]
        return found

    def dearer(self, number: int, one: int, other: int) -> int:
        """By how much more all meetings cost after an exchange in that round alone; it may be below 0."""
        more, less, own, others = self._more, self._less, self.met[one], self.met[other]
        here, there = self.inside[number][self.paths[one][number]], self.inside[number][self.paths[other][number]]
        return (
            sum([more[own[person]] for person in there])
            - more[own[other]]
            - sum([less[own[person]] for person in here])
            + sum([more[others[person]] for person in here])
            - more[others[one]]
            - sum([less[others[person]] for person in there])
        )

    def evenness(self, rounds: Iterable[int], one: int, other: int) -> list[tuple[int, int]]:
        """How far the rooms of two are from an even spread of their groups, before and after they exchanged seats: pairs of numbers."""
        group, stranger = self.groups[one], self.groups[other]
        if group == stranger:
            return []
        found = []
        for number in rounds:
            room, target = self.counts[number][self.paths[one][number]], self.counts[number][self.paths[other][number]]
            for counts, kind, change in (
                (room, group, -1),
                (room, stranger, 1),
                (target, group, 1),
                (target, stranger, -1),
            ):
                count, least, most = counts[kind], self.least[kind], self.most[kind]
                before = least - count if count < least else count - most if count > most else 0
                count += change
                found.append((before, least - count if count < least else count - most if count > most else 0))
        return found

    def off(self, number: int, room: int, group: int) -> int:
        """By how many people a group in a room is above or below what an even spread allows."""
        count = self.counts[number][room][group]
        return max(0, self.least[group] - count, count - self.most[group])

    def uneven(self) -> list[tuple[int, int, int]]:
        """Round, room and group wherever a group is not spread evenly."""
        return [
            (number, room, group)
            for number in range(self.rounds)
            for room in range(self.rooms)
            for group in self.everywhere.union(self.counts[number][room])
            if self.off(number, room, group)
        ]

    def widest(self) -> int:
        """By how many people the number of a group differs between two rooms of a round, at most."""
        return max(
            max(counts[group] for counts in content) - min(counts[group] for counts in content)
            for content in self.counts
            for group in self.least
        )
