"""A hall in breakout rooms, for `make bench-growth`: a plan of 12 rounds, in the sixth, notes on its sheets, and what happens there."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping

from server.core.breakouts import Planned
from server.core.people import Back, Gone
from server.core.seating import Quality
from tests.bench.inside import Inside

ROUNDS = 12
OVER = 6
"""Rounds that are over, or go on."""
MOST_ROOMS = 200
ROOM = 10
"""People in a room, where there are not more of them than `MOST_ROOMS` rooms take."""

Act = Callable[[Inside, list[str], int], None]


def in_rooms(people: int, notes: int) -> tuple[Inside, list[str]]:
    """Return a live session whose people are connected and in rooms, where they wrote so many notes, and a poll that all rooms vote in."""
    session = Inside()
    world = session.world
    moderator = world.moderator
    for role in (moderator, world.rapporteur, world.screen):
        session.connect(role)
    session.do(moderator, "session.open", flush=False)
    present = [session.join(number) for number in range(people)]
    rooms = min(MOST_ROOMS, people // ROOM)
    plan = session.do(moderator, "rooms.plan", assign="mixed", rooms=rooms, rounds=ROUNDS, flush=False)
    seats = tuple(
        tuple((number + turn * (1 + number // rooms)) % rooms for number in range(people)) for turn in range(ROUNDS)
    )
    world.system(Planned(plan=plan or "", seats=seats, quality=Quality(0, 0, 0, 0, 0, None, 0.0)))
    session.take()
    for turn in range(OVER):
        session.do(moderator, "rooms.rotate" if turn else "rooms.open", flush=False)
        session.flush()
        for number in range(turn, notes, OVER):
            write(session, present, number, flush=False)
    poll = session.do(moderator, "poll.create", kind="single", prompt="?", options=["x", "y"], flush=False)
    session.do(moderator, "poll.open", poll=poll, where="rooms", flush=False)
    session.flush()
    return session, present


def write(session: Inside, people: list[str], number: int, *, flush: bool = True) -> None:
    """Somebody writes a note of their room."""
    person = people[number % len(people)]
    room = session.world.state.breakouts.room_of(person)
    session.do(person, "note.write", room=room, kind="lesson", text="They agreed on a date.", flush=flush)


def ballot(session: Inside, people: list[str], number: int) -> None:
    """Somebody votes in a poll that runs in all rooms side by side."""
    poll = next(iter(session.world.state.polls.items))
    session.do(people[number % len(people)], "ballot.cast", poll=poll, answer=["ab"[number % 2]])


def call(session: Inside, people: list[str], number: int) -> None:
    """A room asks for help, or says that it needs none."""
    session.do(people[number // 2 % len(people)], "room.help", on=number % 2 == 0)


def leave(session: Inside, people: list[str], number: int) -> None:
    """Somebody leaves the session. Who left before comes back first, uncounted."""
    if number:
        _system(session, Back(person=people[number - 1]), counted=False)
    _system(session, Gone(person=people[number]))


def come(session: Inside, people: list[str], number: int) -> None:
    """Somebody joins, and gets a seat in every round to come."""
    began = time.thread_time()
    person = session.world.join(f"Late {number}", ("diaspora", "youth", None)[number % 3])
    session.take()
    session.folding += time.thread_time() - began
    session.flush()
    spent = session.flushing
    session.connect(person)
    session.flushing = spent


def rename(session: Inside, people: list[str], number: int) -> None:
    """Somebody changes their name, which stands beside their notes."""
    session.do(people[number], "person.rename", name=f"Renamed {number}")


def say(session: Inside, people: list[str], number: int) -> None:
    """A moderator says something to all rooms."""
    session.do(session.world.moderator, "rooms.message", text="Five minutes.")


def look(session: Inside, people: list[str], number: int) -> None:
    """A moderator looks into a room, and leaves it, uncounted."""
    moderator = session.world.moderator
    plan = session.world.state.breakouts.running()
    session.do(moderator, "rooms.assign", person=moderator, room=plan.order[number % len(plan.order)])
    spent = session.folding, session.flushing
    session.do(moderator, "rooms.assign", person=moderator, room=None)
    session.folding, session.flushing = spent


def move(session: Inside, people: list[str], number: int) -> None:
    """A moderator brings somebody to another room."""
    plan = session.world.state.breakouts.running()
    session.do(
        session.world.moderator, "rooms.assign", person=people[number], room=plan.order[number % len(plan.order)]
    )


def extend(session: Inside, people: list[str], number: int) -> None:
    """A moderator gives the round more time."""
    session.do(session.world.moderator, "rooms.extend", seconds=60)


def rotate(session: Inside, people: list[str], number: int) -> None:
    """Everybody goes to the next room."""
    session.do(session.world.moderator, "rooms.rotate")


ACTS: Mapping[str, Act] = {
    "note in a room": write,
    "call for help": call,
    "ballot in a room": ballot,
    "leaving": leave,
    "coming": come,
    "another name": rename,
    "message to all rooms": say,
    "more time": extend,
    "a look into a room": look,
    "moved by hand": move,
}
"""What may happen often. All are measured in one session: what each leaves behind is small beside what is there."""


def _system(session: Inside, command: Gone | Back, *, counted: bool = True) -> None:
    spent = session.folding, session.flushing
    began = time.thread_time()
    session.world.system(command)
    session.take()
    session.folding += time.thread_time() - began
    session.flush()
    if not counted:
        session.folding, session.flushing = spent
