"""Speakers: the queue of hands, who has the floor, and how long everybody has spoken.

A hand keeps one plain reason for its place (`why`), so that anybody can see the order is fair. Policies place a hand when it is
raised: `arrival` puts it last; `first_time` puts it behind the others who have not spoken yet and before those who have.
"""

from __future__ import annotations

from typing import Any, ClassVar, Literal

import msgspec

from server.core.base import MODERATORS, PEOPLE, Command, Context, Id, Seconds, ShortTextIn
from server.core.base import People as PeopleById
from server.core.refusals import Refusal
from server.core.setup import NO_GROUP, Text

STAGE = ("stage", "speakers")
DESK_HANDS = ("desk", "hands")
DESK_PEOPLE = ("desk", "people")
RECORD = ("record", "speaking")

Kind = Literal["speak", "reply", "order"]


class Hand(msgspec.Struct):
    """A raised hand; `at` in milliseconds."""

    kind: str
    reason: Text | None
    at: int
    why: str


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


class Speakers(msgspec.Struct):
    """The speaker queue. `waiting` is the order; `limit` is a turn's advised seconds (0: none)."""

    open: bool = True
    policy: str = "arrival"
    limit: int = 0
    current: Floor | None = None
    waiting: list[str] = []
    hands: dict[str, Hand] = {}
    last: str | None = None
    turns: list[Turn] = []
    spoken: dict[str, tuple[int, int]] = {}
    """{person: (milliseconds, turns)} over finished turns."""


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
    place, why = _place(speakers, ctx.by)
    speakers.hands[ctx.by] = Hand(command.kind, reason, ctx.at, why)
    speakers.waiting.insert(place, ctx.by)
    _touch_queue(ctx, ctx.by)


def lower_hand(speakers: Speakers, ctx: Context, command: LowerHand) -> None:
    """Leave the queue; a moderator may lower anybody's hand."""
    person = command.person or ctx.by
    if person != ctx.by and ctx.people[ctx.by].role not in MODERATORS:
        raise Refusal("forbidden")
    if person not in speakers.hands:
        raise Refusal("hand.down")
    _lower(speakers, ctx, person)


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
    speakers.hands[person] = Hand("speak", None, ctx.at, "returned")
    speakers.waiting.insert(0, person)
    speakers.last = None
    _touch_queue(ctx, person)


def move_speaker(speakers: Speakers, ctx: Context, command: MoveSpeaker) -> None:
    """Move a hand before another one or to the end; it is marked as moved by hand."""
    if command.person not in speakers.hands:
        raise Refusal("hand.down", person="hand not raised")
    if command.before is not None and command.before not in speakers.hands:
        raise Refusal("hand.down", before="hand not raised")
    if command.before == command.person:
        return
    speakers.waiting.remove(command.person)
    place = len(speakers.waiting) if command.before is None else speakers.waiting.index(command.before)
    speakers.waiting.insert(place, command.person)
    speakers.hands[command.person].why = "moved"
    _touch_queue(ctx, command.person)


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
    spoken, turns = speakers.spoken.get(floor.person, (0, 0))
    speakers.spoken[floor.person] = (spoken + ms, turns + 1)
    speakers.current = None
    speakers.last = floor.person
    ctx.touch(STAGE, RECORD)
    ctx.touch_item(DESK_PEOPLE, floor.person)
    ctx.write("speaker.finished", person=floor.person, name=who.name, group=who.group, ms=ms)


def leave(speakers: Speakers, ctx: Context, person: str, question: str | None) -> None:
    """A person goes: neither a hand nor the floor stays behind."""
    if person in speakers.hands:
        _lower(speakers, ctx, person)
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
        "waiting": list(speakers.waiting),
        "hands": {
            person: {
                "name": people[person].name,
                "group": people[person].group,
                "kind": hand.kind,
                "why": hand.why,
                "first": person not in speakers.spoken,
            }
            for person, hand in speakers.hands.items()
        },
        "last": None if speakers.last is None else {"person": speakers.last, "name": people[speakers.last].name},
    }


def desk_hands(speakers: Speakers) -> dict[str, Any]:
    """Return `desk.hands`: what people gave as their reason, for the moderators."""
    return {
        person: {"reason": hand.reason, "kind": hand.kind, "at": hand.at} for person, hand in speakers.hands.items()
    }


def own(speakers: Speakers, person: str) -> dict[str, Any] | None:
    """Return `me.hand`."""
    hand = speakers.hands.get(person)
    return None if hand is None else {"kind": hand.kind, "reason": hand.reason, "at": hand.at}


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


def _place(speakers: Speakers, person: str) -> tuple[int, str]:
    if speakers.policy == "first_time" and person not in speakers.spoken:
        for place, other in enumerate(speakers.waiting):
            if other in speakers.spoken and speakers.hands[other].why in ("arrival", "first_time"):
                return place, "first_time"
        return len(speakers.waiting), "first_time"
    return len(speakers.waiting), "arrival"


def _begin_turn(speakers: Speakers, ctx: Context, person: str) -> None:
    hand = speakers.hands.get(person)
    if hand is not None:
        _lower(speakers, ctx, person)
    speakers.current = Floor(person, hand.kind if hand else "speak", ctx.at)
    who = ctx.people[person]
    ctx.touch(STAGE)
    ctx.write("speaker.started", person=person, name=who.name, group=who.group)


def _lower(speakers: Speakers, ctx: Context, person: str) -> None:
    del speakers.hands[person]
    speakers.waiting.remove(person)
    _touch_queue(ctx, person)


def _touch_queue(ctx: Context, person: str) -> None:
    ctx.touch(STAGE, DESK_HANDS)
    ctx.touch_person(person, "hand")
