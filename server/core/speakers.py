"""Speakers: who has the floor, who is called next, and how long everybody has spoken. The order of those who wait is that of `hands`."""

from __future__ import annotations

from typing import Any, ClassVar, Literal

import msgspec

from server.core import hands
from server.core.base import MODERATORS, PEOPLE, Command, Context, Id, Seconds, ShortTextIn
from server.core.base import People as PeopleById
from server.core.hands import STAGE, Queue
from server.core.refusals import Refusal
from server.core.setup import NO_GROUP

DESK_PEOPLE = ("desk", "people")
RECORD = ("record", "speaking")

Kind = Literal["speak", "reply", "order"]


class Floor(msgspec.Struct):
    """Who is speaking, since when (milliseconds)."""

    person: str
    kind: str
    since: int


class Turn(msgspec.Struct, frozen=True):
    """A finished turn: from `since`, `ms` long, in the group and under the guiding question of that moment; `seq` ended it."""

    person: str
    group: str | None
    question: str | None
    since: int
    ms: int
    seq: int


class Speakers(Queue):
    """The speaker queue and the floor. `limit` is a turn's advised seconds (0: none)."""

    open: bool = True
    policy: str = "arrival"
    limit: int = 0
    current: Floor | None = None
    last: str | None = None
    turns: list[Turn] = msgspec.field(default_factory=list)


class RaiseHand(Command, tag="hand.raise"):
    roles: ClassVar[frozenset[str]] = PEOPLE
    kind: Kind = "speak"
    reason: ShortTextIn | None = None


class LowerHand(Command, tag="hand.lower"):
    roles: ClassVar[frozenset[str]] = PEOPLE
    person: Id | None = None


class Call(Command, tag="speaker.call"):
    person: Id


class NextSpeaker(Command, tag="speaker.next"):
    current: Id | None


class Finish(Command, tag="speaker.finish"):
    pass


class Return(Command, tag="speaker.return"):
    pass


class MoveSpeaker(Command, tag="speaker.move"):
    person: Id
    before: Id | None


class OpenSpeakers(Command, tag="speakers.open"):
    pass


class CloseSpeakers(Command, tag="speakers.close"):
    pass


class SetPolicy(Command, tag="speakers.policy"):
    policy: Literal["arrival", "first_time"]


def raise_hand(speakers: Speakers, ctx: Context, command: RaiseHand) -> None:
    """Join the queue; one waiting hand a person."""
    if not speakers.open:
        raise Refusal("speakers.closed")
    if ctx.by in speakers.hands:
        raise Refusal("hand.up")
    reason = None if command.reason is None else ctx.words(command.reason, "reason")
    hands.put_up(speakers, ctx, ctx.by, command.kind, reason, speakers.policy)


def lower_hand(speakers: Speakers, ctx: Context, command: LowerHand) -> None:
    """Leave the queue; a moderator may lower anybody's hand."""
    person = command.person or ctx.by
    if person != ctx.by and ctx.people[ctx.by].role not in MODERATORS:
        raise Refusal("forbidden")
    if person not in speakers.hands:
        raise Refusal("hand.down")
    hands.put_down(speakers, ctx, person)


def call(speakers: Speakers, ctx: Context, command: Call, question: str | None) -> None:
    """Give the floor to anybody, with a hand raised or not; who has it now has finished."""
    ctx.member(command.person)
    if speakers.current is not None and speakers.current.person == command.person:
        raise Refusal("speaker.speaking")
    if speakers.current is not None:
        end_turn(speakers, ctx, question)
    _begin_turn(speakers, ctx, command.person)


def next_speaker(speakers: Speakers, ctx: Context, command: NextSpeaker, question: str | None) -> None:
    """Finish who speaks and call who waits first; with nobody waiting the floor is free."""
    current = speakers.current.person if speakers.current else None
    if command.current != current:
        raise Refusal("stale", current=current or "")
    if current is None and not speakers.waiting:
        raise Refusal("speakers.empty")
    if current is not None:
        end_turn(speakers, ctx, question)
    if speakers.waiting:
        _begin_turn(speakers, ctx, speakers.waiting[0])


def finish(speakers: Speakers, ctx: Context, command: Finish, question: str | None) -> None:
    """Take the floor back."""
    if speakers.current is None:
        raise Refusal("speaker.none")
    end_turn(speakers, ctx, question)


def return_last(speakers: Speakers, ctx: Context, command: Return) -> None:
    """Put the last speaker back at the head of the queue: the way to undo a wrong `next`."""
    person = speakers.last
    if person is None:
        raise Refusal("speaker.none")
    ctx.member(person)
    if person in speakers.hands:
        raise Refusal("hand.up")
    speakers.last = None
    hands.put_first(speakers, ctx, person)


def move_speaker(speakers: Speakers, ctx: Context, command: MoveSpeaker) -> None:
    """Move a hand before another one or to the end; it is marked as moved by hand."""
    if command.person not in speakers.hands:
        raise Refusal("hand.down", person="hand not raised")
    if command.before is not None and command.before not in speakers.hands:
        raise Refusal("hand.down", before="hand not raised")
    if command.before != command.person:
        hands.move(speakers, ctx, command.person, command.before)


def open_speakers(speakers: Speakers, ctx: Context, command: OpenSpeakers) -> None:
    """Let hands be raised."""
    speakers.open = True
    ctx.touch(STAGE)


def close_speakers(speakers: Speakers, ctx: Context, command: CloseSpeakers) -> None:
    """Let no more hands be raised; those that are up stay."""
    speakers.open = False
    ctx.touch(STAGE)


def set_policy(speakers: Speakers, ctx: Context, command: SetPolicy) -> None:
    """Choose how hands are placed from now on; the present order stays."""
    speakers.policy = command.policy
    ctx.touch(STAGE)


def set_limit(speakers: Speakers, ctx: Context, seconds: Seconds) -> None:
    """Set the advised length of a turn; nobody is cut off."""
    speakers.limit = seconds
    ctx.touch(STAGE)


def end_turn(speakers: Speakers, ctx: Context, question: str | None) -> None:
    """Close the running turn and count its time; nothing when nobody speaks."""
    floor = speakers.current
    if floor is None:
        return
    who = ctx.people[floor.person]
    ms = ctx.at - floor.since
    speakers.turns.append(Turn(floor.person, who.group, question, floor.since, ms, ctx.seq))
    hands.spoke(speakers, floor.person, ms)
    speakers.current = None
    speakers.last = floor.person
    ctx.touch(STAGE, RECORD)
    ctx.touch_item(DESK_PEOPLE, floor.person)
    ctx.write("speaker.finished", person=floor.person, name=who.name, group=who.group, ms=ms)


def leave(speakers: Speakers, ctx: Context, person: str, question: str | None) -> None:
    """A person goes: neither a hand nor the floor stays behind."""
    if person in speakers.hands:
        hands.put_down(speakers, ctx, person)
    if speakers.current is not None and speakers.current.person == person:
        end_turn(speakers, ctx, question)
    if speakers.last == person:
        speakers.last = None
        ctx.touch(STAGE)


def stage(speakers: Speakers, people: PeopleById) -> dict[str, Any]:
    """Return `stage.speakers`."""
    floor = speakers.current
    return {
        "open": speakers.open,
        "policy": speakers.policy,
        "limit": speakers.limit,
        "current": None
        if floor is None
        else {
            "person": floor.person,
            "name": people[floor.person].name,
            "group": people[floor.person].group,
            "kind": floor.kind,
            "since": floor.since,
        },
        **hands.head(speakers, people),
        "last": None if speakers.last is None else {"person": speakers.last, "name": people[speakers.last].name},
    }


def record(speakers: Speakers, people: PeopleById) -> dict[str, Any]:
    """Return `record.speaking`: milliseconds and turns by person, and by the group that a turn was counted for."""
    groups: dict[str, dict[str, int]] = {}
    for turn in speakers.turns:
        row = groups.setdefault(turn.group or NO_GROUP, {"ms": 0, "turns": 0})
        row["ms"] += turn.ms
        row["turns"] += 1
    return {
        "people": {
            person: {"name": people[person].name, "group": people[person].group, "ms": ms, "turns": turns}
            for person, (ms, turns) in speakers.spoken.items()
        },
        "groups": groups,
    }


def _begin_turn(speakers: Speakers, ctx: Context, person: str) -> None:
    hand = speakers.hands.get(person)
    if hand is not None:
        hands.put_down(speakers, ctx, person)
    speakers.current = Floor(person, hand.kind if hand else "speak", ctx.at)
    who = ctx.people[person]
    ctx.touch(STAGE)
    ctx.write("speaker.started", person=person, name=who.name, group=who.group)
