"""Speakers: the queue of hands, who has the floor, and how long everybody has spoken.

A hand keeps one plain reason for its place (`why`), so that anybody can see the order is fair. Policies place a hand when it is
raised: `arrival` puts it last; `first_time` puts it behind the others who have not spoken yet and before those who have.

Everybody sees the head of the queue and how many wait behind it; the moderators see every hand, each with a rank that says where it
stands. So a hand changes one item of what they read, and nothing that grows with the queue is looked at, built or sent.
"""

from __future__ import annotations

from bisect import bisect_left
from typing import Any, ClassVar, Literal

import msgspec

from server.core import ranks
from server.core.base import MODERATORS, PEOPLE, Command, Context, Id, Seconds, ShortTextIn
from server.core.base import People as PeopleById
from server.core.refusals import Refusal
from server.core.setup import NO_GROUP, Text

STAGE = ("stage", "speakers")
DESK_HANDS = ("desk", "hands")
DESK_PEOPLE = ("desk", "people")
RECORD = ("record", "speaking")

HEAD = 50
"""How many of those who wait everybody sees: more than anybody reads, and what 5,000 people are sent for one hand stays small."""

Kind = Literal["speak", "reply", "order"]


class Hand(msgspec.Struct):
    """A raised hand; `at` in milliseconds. Of two, the one with the smaller `rank` comes first."""

    kind: str
    reason: Text | None
    at: int
    why: str
    rank: int = 0


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
    """The speaker queue. `waiting` is the order, that of the ranks of `hands`; `limit` is a turn's advised seconds (0: none)."""

    open: bool = True
    policy: str = "arrival"
    limit: int = 0
    current: Floor | None = None
    waiting: list[str] = []
    hands: dict[str, Hand] = {}
    late: list[str] = []
    """Those of `waiting`, in its order, whom a first-time speaker goes before: they have spoken, and no moderator gave them their place."""
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
    _raise(speakers, ctx, ctx.by, Hand(command.kind, reason, ctx.at, why), place)


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
    speakers.last = None
    _raise(speakers, ctx, person, Hand("speak", None, ctx.at, "returned"), 0)


def move_speaker(speakers: Speakers, ctx: Context, command: MoveSpeaker) -> None:
    """Move a hand before another one or to the end; it is marked as moved by hand."""
    if command.person not in speakers.hands:
        raise Refusal("hand.down", person="hand not raised")
    if command.before is not None and command.before not in speakers.hands:
        raise Refusal("hand.down", before="hand not raised")
    if command.before == command.person:
        return
    _take(speakers, ctx, command.person)
    speakers.hands[command.person].why = "moved"
    place = len(speakers.waiting) if command.before is None else _find(speakers, speakers.waiting, command.before)
    _insert(speakers, ctx, command.person, place)


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
    if turns == 0 and _is_late(speakers, floor.person):
        # They raised their hand again while they had the floor.
        speakers.late.insert(_find(speakers, speakers.late, floor.person), floor.person)
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
    """Return `stage.speakers`: of the queue its head, and how many wait behind it."""
    floor = speakers.current
    head = speakers.waiting[:HEAD]
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
        "waiting": head,
        "hands": {
            person: {
                "name": people[person].name,
                "group": people[person].group,
                "kind": speakers.hands[person].kind,
                "why": speakers.hands[person].why,
                "first": person not in speakers.spoken,
            }
            for person in head
        },
        "more": len(speakers.waiting) - len(head),
        "last": None if speakers.last is None else {"person": speakers.last, "name": people[speakers.last].name},
    }


def desk_hands(speakers: Speakers) -> dict[str, Any]:
    """Return `desk.hands`: all hands, for the moderators. Names and turns stand with the people of the desk."""
    return {person: desk_hand(speakers, person) for person in speakers.hands}


def desk_hand(speakers: Speakers, person: str) -> dict[str, Any] | None:
    """Return one hand as the moderators see it; None where it is down."""
    hand = speakers.hands.get(person)
    if hand is None:
        return None
    return {"reason": hand.reason, "kind": hand.kind, "at": hand.at, "why": hand.why, "rank": hand.rank}


def own(speakers: Speakers, person: str) -> dict[str, Any] | None:
    """Return `me.hand`."""
    hand = speakers.hands.get(person)
    return None if hand is None else {"kind": hand.kind, "reason": hand.reason, "at": hand.at, "why": hand.why}


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
    """Return where a hand that goes up now is put, and why there."""
    end = len(speakers.waiting)
    if speakers.policy == "first_time" and person not in speakers.spoken:
        return _find(speakers, speakers.waiting, speakers.late[0]) if speakers.late else end, "first_time"
    return end, "arrival"


def _is_late(speakers: Speakers, person: str) -> bool:
    hand = speakers.hands.get(person)
    return hand is not None and hand.why in ("arrival", "first_time") and person in speakers.spoken


def _find(speakers: Speakers, order: list[str], person: str) -> int:
    """Return where a hand stands, or would stand, in `waiting` or in `late`."""
    hands = speakers.hands
    return bisect_left(order, hands[person].rank, key=lambda other: hands[other].rank)


def _begin_turn(speakers: Speakers, ctx: Context, person: str) -> None:
    hand = speakers.hands.get(person)
    if hand is not None:
        _lower(speakers, ctx, person)
    speakers.current = Floor(person, hand.kind if hand else "speak", ctx.at)
    who = ctx.people[person]
    ctx.touch(STAGE)
    ctx.write("speaker.started", person=person, name=who.name, group=who.group)


def _raise(speakers: Speakers, ctx: Context, person: str, hand: Hand, place: int) -> None:
    speakers.hands[person] = hand
    _insert(speakers, ctx, person, place)
    ctx.touch(STAGE)


def _lower(speakers: Speakers, ctx: Context, person: str) -> None:
    _take(speakers, ctx, person)
    del speakers.hands[person]
    ctx.touch(STAGE)


def _take(speakers: Speakers, ctx: Context, person: str) -> None:
    """Take a hand out of the order."""
    if _is_late(speakers, person):
        del speakers.late[_find(speakers, speakers.late, person)]
    place = _find(speakers, speakers.waiting, person)
    del speakers.waiting[place]
    _touch_place(ctx, person, place)


def _insert(speakers: Speakers, ctx: Context, person: str, place: int) -> None:
    """Put a hand at a place of the order, with the rank that it has there."""
    waiting, hands = speakers.waiting, speakers.hands
    left = hands[waiting[place - 1]].rank if place > 0 else None
    right = hands[waiting[place]].rank if place < len(waiting) else None
    rank = ranks.between(left, right)
    waiting.insert(place, person)
    if rank is not None:
        hands[person].rank = rank
    else:
        for number, other in enumerate(waiting):
            hands[other].rank = ranks.spaced(number)
        ctx.touch_item(DESK_HANDS, *waiting)
    if _is_late(speakers, person):
        speakers.late.insert(_find(speakers, speakers.late, person), person)
    _touch_place(ctx, person, place)


def _touch_place(ctx: Context, person: str, place: int) -> None:
    """A hand came to this place or left it. Behind the head everybody sees of it no more than that somebody waits."""
    if place < HEAD:
        ctx.touch(STAGE)
    ctx.touch_item(DESK_HANDS, person)
    ctx.touch_person(person, "hand")
