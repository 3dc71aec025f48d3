"""Polls in the outcome: their results where they were published, and by room where they were asked in breakout rooms."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import msgspec

from server.core import polls
from server.core.setup import Text
from server.core.state import State


class Choice(msgspec.Struct, frozen=True):
    """An option with its count and its share of the ballots (0 to 1). A scale's steps have no text but their number."""

    id: str
    text: Text
    count: int
    share: float


class RoomFigures(msgspec.Struct, frozen=True):
    """What the ballots of one room say."""

    plan: str
    room: str
    number: int
    name: Text | None
    turnout: int
    choices: tuple[Choice, ...]


class PollLine(msgspec.Struct, frozen=True):
    """A poll; `choices` is empty where the results were not published. `entries`: opened, and published if it was.

    `where` is `hall`, `rooms`, or the room that alone was asked; `rooms` has the figures of each, where they were published.
    """

    kind: str
    prompt: Text
    run: int
    state: str
    turnout: int
    choices: tuple[Choice, ...]
    mean: float | None
    median: float | None
    low: Text | None
    high: Text | None
    entries: tuple[int, ...]
    where: str = polls.HALL
    rooms: tuple[RoomFigures, ...] = ()


def poll_line(state: State, poll: polls.Poll) -> PollLine:
    """Return what may be told of a poll that was opened."""
    form = poll.form
    # Results that a room watches are not the hall's before they are published.
    shown = polls.shown(poll) if poll.where == polls.HALL else poll.state == "published"
    figures = polls.results(poll) if shown else None
    return PollLine(
        kind=form.kind,
        prompt=form.prompt,
        run=poll.run,
        state=poll.state,
        turnout=len(poll.ballots),
        choices=() if figures is None else _choices(poll, figures),
        mean=figures["mean"] if figures else None,
        median=figures["median"] if figures else None,
        low=form.low,
        high=form.high,
        entries=tuple(seq for seq in (poll.opened_seq, poll.published_seq if shown else None) if seq is not None),
        where=poll.where,
        rooms=tuple(_figures(state, poll, room) for room in poll.rooms) if shown else (),
    )


def _choices(poll: polls.Poll, figures: Mapping[str, Any]) -> tuple[Choice, ...]:
    counts, ballots = figures["counts"], figures["ballots"]
    return tuple(
        Choice(option, poll.form.options.get(option, {}), counts[option], counts[option] / ballots if ballots else 0.0)
        for option in poll.form.order
    )


def _figures(state: State, poll: polls.Poll, room: str) -> RoomFigures:
    found, figures = state.breakouts.rooms[room], polls.room_results(poll, room)
    return RoomFigures(found.plan, room, found.number, found.name, figures["ballots"], _choices(poll, figures))
