"""`make bench-growth`: what an entry and a flush cost as a session grows, what a long log costs to open, many sessions, two workers.

The first three run in this process (`tests.bench.inside`): CPU of one thread, without the log, without parsing, and without the system's
call a socket, which `make bench` measures. Each entry is flushed alone, the dearest way. A long log is a real SQLite file that a hub
opens. Two workers are two real processes beside one, all on one Redis; nobody is pinned there.
"""

from __future__ import annotations

import argparse
import asyncio
import itertools
import math
import statistics
import tempfile
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

from server.core.commands import encode_command
from server.core.people import Join
from server.log.port import Draft
from server.log.sqlite import SqliteLog
from tests.bench import halls
from tests.bench.chart import chart
from tests.bench.halls import Act
from tests.bench.inside import Inside
from tests.bench.machine import allow_files, described
from tests.bench.table import publish, table
from tests.bench.workers import workers
from tests.hub.support import make_hub
from tests.support.world import SETUP

Costs = dict[str, dict[int, tuple[float, float]]]
"""Microseconds of the fold and of the flush, by act and size."""

REPEATS = 200
LOG_SIZES = (10_000, 30_000, 100_000)


def ballot(session: Inside, people: list[str], number: int) -> None:
    """Somebody votes in the poll whose results everybody watches."""
    poll = next(iter(session.world.state.polls.items))
    session.do(people[number % len(people)], "ballot.cast", poll=poll, answer=["ab"[number % 2]])


def support(session: Inside, people: list[str], number: int) -> None:
    """Somebody votes for a question."""
    items = list(itertools.islice(session.world.state.questions.items, 50))
    session.do(people[number % len(people)], "question.vote", question=items[(number + 1) % len(items)], on=True)


def ask(session: Inside, people: list[str], number: int) -> None:
    """Somebody asks a question, which waits for approval."""
    session.do(people[number % len(people)], "question.ask", text="When does it begin?")


def approve(session: Inside, people: list[str], number: int) -> None:
    """A moderator lets a question onto the stage."""
    spent = session.folding, session.flushing
    asked = session.do(people[number % len(people)], "question.ask", text="When does it end?")
    session.folding, session.flushing = spent
    session.do(session.world.moderator, "question.approve", question=asked)


def hand(session: Inside, people: list[str], number: int) -> None:
    """Somebody asks for the floor, in a queue in which everybody else stands."""
    person = people[number % len(people)]
    session.do(person, "hand.lower" if person in session.world.state.speakers.hands else "hand.raise")


def edit(session: Inside, people: list[str], number: int) -> None:
    """A moderator changes a guiding question."""
    item = next(iter(session.world.state.agenda.segments.values())).order[0]
    session.do(session.world.moderator, "agenda.edit", item=item, text=f"How many by {2000 + number}?")


def note(session: Inside, people: list[str], number: int) -> None:
    """A rapporteur writes a note."""
    session.do(session.world.rapporteur, "note.write", kind="lesson", text="They agreed on a date.")


def come(session: Inside, people: list[str], number: int) -> None:
    """Somebody joins and connects."""
    began = time.thread_time()
    person = session.world.join(f"Late {number}")
    session.take()
    session.folding += time.thread_time() - began
    session.flush()
    began = time.thread_time()
    session.connect(person)
    session.flushing += time.thread_time() - began


BY_PEOPLE: Mapping[str, Act] = {"ballot": ballot, "hand": hand, "guiding question": edit, "note": note, "coming": come}
BY_QUESTIONS: Mapping[str, Act] = {"vote for a question": support, "ask": ask, "approve": approve, "ballot": ballot}


def measured(session: Inside, people: list[str], act: Act, repeats: int, *, parts: int = 10) -> tuple[float, float]:
    """Do something often and return what the fold and the flush cost, in microseconds, as medians of so many parts."""
    folds, flushes = [], []
    for part in range(parts):
        session.reset()
        for number in range(part * repeats // parts, (part + 1) * repeats // parts):
            act(session, people, number)
        folds.append(session.folding / repeats * parts * 1e6)
        flushes.append(session.flushing / repeats * parts * 1e6)
    return statistics.median(folds), statistics.median(flushes)


def filled(people: int, questions: int) -> tuple[Inside, list[str]]:
    """Return a live session with people, live questions, a moderator, a rapporteur and a screen, all connected, and an open poll."""
    session = Inside()
    moderator = session.world.moderator
    for role in (moderator, session.world.rapporteur, session.world.screen):
        session.connect(role)
    session.do(moderator, "session.open", flush=False)
    present = [session.join(number) for number in range(people)]
    for number in range(questions):
        asked = session.do(present[number % people], "question.ask", text=f"Why {number}?", flush=False)
        session.do(moderator, "question.approve", question=asked, flush=False)
    settings = {"visibility": "live"}
    poll = session.do(moderator, "poll.create", kind="single", prompt="?", options=["x", "y"], settings=settings)
    session.do(moderator, "poll.open", poll=poll)
    return session, present


def growth(sizes: Mapping[int, tuple[int, int]], acts: Mapping[str, Act], repeats: int) -> Costs:
    """Measure acts in sessions of several sizes, each (people, questions)."""
    costs: Costs = {name: {} for name in acts}
    for size, (people, questions) in sizes.items():
        for name, act in acts.items():
            session, present = filled(people, questions)
            if act is hand:
                for person in present[repeats:]:
                    session.do(person, "hand.raise", flush=False)
                session.flush()
            costs[name][size] = measured(session, present, act, repeats)
            session.close()
    return costs


def growth_in_rooms(sizes: Mapping[int, tuple[int, int]], repeats: int) -> Costs:
    """Measure what happens in breakout rooms, in sessions of several sizes, each (people, notes)."""
    costs: Costs = {name: {} for name in (*halls.ACTS, "rotation")}
    for size, (people, notes) in sizes.items():
        session, present = halls.in_rooms(people, notes)
        for name, act in halls.ACTS.items():
            costs[name][size] = measured(session, present, act, min(repeats, people))
        rounds = halls.ROUNDS - halls.OVER
        costs["rotation"][size] = measured(session, present, halls.rotate, rounds, parts=rounds)
        session.close()
    return costs


async def opened(folder: Path, entries: int) -> tuple[float, ...]:
    """Return seconds and CPU seconds in which a hub opens a session with so many entries: people, and ballots in one poll.

    First by all entries but a first snapshot's, then by the snapshot that is left when the session is let go.
    """
    log = SqliteLog(folder)
    await log.open()
    hub = make_hub(log, "one")
    created = await hub.create(SETUP)
    people = min(1000, entries // 10)
    drafts = [Draft("", f"j{n}", encode_command(Join(name=f"Person {n}", token=f"t{n}"))) for n in range(people)]
    await log.append(created.session, drafts)
    live = await hub.live(created.session)
    assert live is not None
    by = [person for person, who in live.state.people.items.items() if not who.link]
    moderator = next(person for person, who in live.state.people.items.items() if who.role == "moderator")
    await hub.close()
    body = b'{"id":"p","do":"poll.create","kind":"single","prompt":"?","options":["x","y"]}'
    await log.append(created.session, [Draft(moderator, "p", body)])
    hub = make_hub(log, "two")
    live = await hub.live(created.session)
    assert live is not None
    poll = next(iter(live.state.polls.items))
    await hub.close()
    rest = entries - live.state.seq
    vote = b'{"id":"%d","do":"ballot.cast","poll":"%s","answer":["%s"]}'
    drafts = [Draft(moderator, "o", b'{"id":"o","do":"poll.open","poll":"%s"}' % poll.encode())]
    drafts += [
        Draft(by[n % people], f"v{n}", vote % (n, poll.encode(), b"ab"[n % 2 : n % 2 + 1])) for n in range(rest - 1)
    ]
    for start in range(0, len(drafts), 5000):
        await log.append(created.session, drafts[start : start + 5000])
    took: list[float] = []
    for worker in ("three", "four"):
        hub = make_hub(log, worker)
        began, cpu = time.perf_counter(), time.process_time()
        live = await hub.live(created.session)
        took += [time.perf_counter() - began, time.process_time() - cpu]
        assert live is not None
        assert live.state.seq == entries
        assert sum(live.state.polls.items[poll].tally.values()) == people
        await hub.close()
    await log.close()
    return tuple(took)


def sessions(repeats: int) -> Sequence[Sequence[str]]:
    """Return lines of a table: a ballot in one of a hundred sessions of 50 people, in one of 50 and in one of 5,000."""
    rows = []
    for many, people in ((1, 50), (100, 50), (1, 5000)):
        halls = [filled(people, 10) for _ in range(many)]
        folds, flushes = 0.0, 0.0
        for session, _ in halls:
            session.reset()
        for number in range(repeats):
            session, present = halls[number % many]
            ballot(session, present, number // many)
        for session, _ in halls:
            folds, flushes = folds + session.folding, flushes + session.flushing
            session.close()
        rows.append((f"{many}", f"{people:,}", f"{folds / repeats * 1e6:.0f}", f"{flushes / repeats * 1e6:.0f}"))
    return rows


def degree(costs: Mapping[int, float]) -> float:
    """Return the power of the size with which a cost grows between the last two sizes."""
    (size, cost), (larger, dearer) = list(costs.items())[-2:]
    return math.log(max(dearer, 1e-9) / max(cost, 1e-9)) / math.log(larger / size)


async def run(arguments: argparse.Namespace) -> tuple[str, dict[str, str]]:
    """Measure what was asked for; return the tables, and pictures by name."""
    parts, pictures, small = (
        [f"{described()}; `power`: the cost grows with that power of the size.\n"],
        {},
        arguments.small,
    )
    by_people = (10, 20) if small else (100, 1000, 5000)
    by_questions = (10, 20) if small else (100, 1000, 9500)
    repeats = 10 if small else REPEATS
    for name, across, costs in (
        ("people", "people", growth({size: (size, 10) for size in by_people}, BY_PEOPLE, repeats)),
        ("questions", "questions", growth({size: (10 * size if small else 1000, size) for size in by_questions}, BY_QUESTIONS, repeats)),
    ):  # fmt: skip
        parts.append(_costs(across, costs))
        lines = {act: [(size, max(1.0, cost[1])) for size, cost in sizes.items()] for act, sizes in costs.items()}
        pictures[f"performance-growth-{name}"] = chart("A flush after one entry", across, "CPU microseconds", lines)
    notes_of = {20: 10, 40: 20} if small else {100: 10, 1000: 500, 5000: 4000}
    in_rooms = growth_in_rooms({people: (people, notes) for people, notes in notes_of.items()}, repeats)
    parts.append(f"In rooms, {halls.ROUNDS} rounds; notes: {', '.join(f'{n:,}' for n in notes_of.values())}.\n")
    parts.append(_costs("people", in_rooms))
    parts.append(table(("sessions", "people in each", "fold us", "flush us"), sessions(repeats * 10)))
    sizes = (100, 200) if small else LOG_SIZES
    rows = []
    for size in sizes:
        with tempfile.TemporaryDirectory(prefix="baraza-bench-") as folder:
            took, cpu, again, cpu_again = await opened(Path(folder), size)
        rows.append(
            (f"{size:,}", f"{took:.2f} / {cpu:.2f}", f"{cpu / size * 1e6:.1f}", f"{again:.2f} / {cpu_again:.2f}")
        )
    head = ("entries", "seconds to open by folding / CPU", "CPU us an entry", "by the snapshot / CPU")
    parts.append(table(head, rows))
    if not small:
        parts.append(await workers())
    return "\n".join(parts), pictures


def _costs(across: str, costs: Costs) -> str:
    sizes = list(next(iter(costs.values())))
    head = ["fold / flush, CPU us", *(f"{size:,} {across}" for size in sizes), "power: fold / flush"]
    rows = [
        [
            name,
            *(f"{fold:.0f} / {flush:.0f}" for fold, flush in by_size.values()),
            " / ".join(f"{degree({size: cost[place] for size, cost in by_size.items()}):.1f}" for place in (0, 1)),
        ]
        for name, by_size in costs.items()
    ]
    return table(head, rows)


def main() -> None:
    """Read the command line, run, print and keep the tables and the pictures."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.growth", description=__doc__)
    parser.add_argument("--small", action="store_true", help="tiny sizes, to see that it runs")
    parser.add_argument("--out", type=Path, help="write the tables here too")
    parser.add_argument("--pictures", type=Path, help="folder for the pictures")
    arguments = parser.parse_args()
    allow_files()
    text, pictures = asyncio.run(run(arguments))
    publish(text, arguments.out, pictures, arguments.pictures)


if __name__ == "__main__":
    main()
