"""Plans of rooms: made, computed, changed, dropped. Nothing here moves anybody who is in a room."""

from __future__ import annotations

import zlib
from collections.abc import Collection
from itertools import zip_longest

from msgspec import UNSET, UnsetType

from server.core import seating
from server.core.base import Context, People
from server.core.breakouts.commands import DropPlan, EditPlan, MakePlan, Planned
from server.core.breakouts.model import (
    BY_HAND,
    COMPUTED,
    MAX_PLANS,
    MAX_ROOMS,
    PLANNING,
    READY,
    Breakouts,
    Plan,
    Room,
    Topic,
)
from server.core.breakouts.round import Seats, attends, seatable
from server.core.breakouts.seats import install_host, seat_everybody, seat_missing
from server.core.breakouts.touches import (
    RECORD,
    document,
    heirs,
    touch_all,
    touch_desk,
    touch_plan,
    touch_rooms,
    touch_shown,
    touch_stage,
)
from server.core.refusals import Refusal
from server.core.setup import Text

_WAYS: dict[str, seating.Assign] = {"same": "same", "random": "random"}


def make(breakouts: Breakouts, ctx: Context, command: MakePlan) -> str:
    """Make a plan and return its id. One that has to be computed waits for `rooms.planned`; nobody moves in either case."""
    if len(breakouts.plans) >= MAX_PLANS:
        raise Refusal("rooms.full")
    earlier = _earlier(breakouts, command)
    people = [person for person, who in ctx.people.items() if seatable(who)]
    hosts = _hosts(ctx, command)
    count = len(earlier.order) if earlier else _rooms(command, len({*people, *hosts}))
    # There may be fewer rooms than were asked for: who should have hosted the others has no room.
    known = set(people)
    seated = [*people, *(host for topic in command.topics[:count] if (host := topic.host) and host not in known)]
    rotate = earlier.rotate if earlier else command.rotate
    if rotate == "people" and len(command.topics) > max(count, command.rooms or 0):
        raise Refusal("invalid", topics="more than rooms")
    rounds = _rounds(command, earlier)
    name = None if command.name is None else ctx.text(command.name, "name")
    topics = [
        Topic(None if topic.task is None else ctx.text(topic.task, "topics"), topic.question)
        for topic in command.topics
    ]
    topics = topics or (list(earlier.topics) if earlier else [])
    if rotate == "questions" and not topics:
        topics = [Topic() for _ in range(count)]
    names = [None if topic.name is None else ctx.text(topic.name, "topics") for topic in command.topics]
    ident = ctx.new_id("b")
    order = [ctx.new_id(f"t{number}") for number in range(1, count + 1)]
    plan = Plan(
        assign=command.assign,
        rotate=rotate,
        rounds=rounds,
        order=order,
        topics=topics,
        seats=[Seats.of(order) for _ in range(rounds)],
        made=ctx.at,
        seed=zlib.crc32(ident.encode()),
        name=name or (earlier.name if earlier else None),
        seconds=command.seconds or (earlier.seconds if earlier else 0),
        auto=command.auto,
        places=_places(command, -(-len(seated) // count)) if command.assign == "chosen" else None,
    )
    breakouts.plans[ident] = plan
    hosting = [topic.host for topic in command.topics]
    for number, (room, called, host) in enumerate(zip_longest(plan.order, names, hosting), 1):
        if room is not None:
            breakouts.rooms[room] = Room(ident, number, called, None)
            breakouts.host(room, host)
    if earlier:
        _copy(breakouts, ctx, earlier, plan)
    if plan.assign in COMPUTED and len(seated) > 1:
        plan.state, plan.people = PLANNING, seated
    else:
        seat_missing(breakouts, ctx, ident, seated)
    touch_plan(ctx, ident)
    return ident


def wanted(breakouts: Breakouts, people: People) -> dict[str, seating.Request]:
    """Return what has to be computed for the plans that wait for it."""
    return {
        ident: _request(breakouts, people, plan, plan.people)
        for ident, plan in breakouts.plans.items()
        if plan.state == PLANNING and not plan.dropped
    }


def planned(breakouts: Breakouts, ctx: Context, command: Planned) -> None:
    """Take in what was computed. Who left meanwhile gets no seat, who came gets one as latecomers do."""
    plan = breakouts.plans.get(command.plan)
    if plan is None or plan.state != PLANNING:
        raise Refusal("rooms.unknown", plan="unknown")
    if len(command.seats) != plan.rounds or not all(len(row) == len(plan.people) for row in command.seats):
        raise Refusal("invalid", seats="another plan")
    for seats, row in zip(plan.seats, command.seats, strict=True):
        for person, index in zip(plan.people, row, strict=True):
            if attends(ctx.people[person]):
                seats.put(person, plan.order[index], ctx.people[person])
    plan.state, plan.people, plan.quality = READY, [], command.quality
    seat_everybody(breakouts, ctx, command.plan)
    touch_all(ctx, plan, "people")
    touch_plan(ctx, command.plan)


def edit(breakouts: Breakouts, ctx: Context, command: EditPlan) -> None:
    """Change what a room is called, works on and who hosts it; or a plan's name, seconds a round and whether it goes on by itself."""
    if (command.room is None) is (command.plan is None):
        raise Refusal("invalid", room="either a room or a plan")
    if command.plan is not None:
        plan = breakouts.plan(command.plan)
        if command.task is not UNSET or command.question is not UNSET or command.host is not UNSET:
            raise Refusal("invalid", plan="a task, a question and a host are a room's")
        plan.name = _revised(ctx, plan.name, command.name, "name")
        plan.seconds = plan.seconds if command.seconds is None else command.seconds
        plan.auto = plan.auto if command.auto is None else command.auto
        touch_desk(ctx, command.plan, "name", "seconds", "auto")
        ctx.touch_item((*RECORD, command.plan), "name")
        touch_stage(ctx, breakouts, command.plan, "name")
    else:
        plan, room = breakouts.room(command.room or "")
        _edit_room(breakouts, ctx, plan, room, command)
        touch_rooms(ctx, breakouts, room.plan)


def forget_questions(breakouts: Breakouts, ctx: Context, known: Collection[str]) -> None:
    """Guiding questions were dropped from the agenda: no room works on one that is not there."""
    for ident, plan in breakouts.plans.items():
        topics = [
            Topic(topic.task, None) if topic.question is not None and topic.question not in known else topic
            for topic in plan.topics
        ]
        if topics != plan.topics:
            plan.topics = topics
            touch_rooms(ctx, breakouts, ident)


def drop(breakouts: Breakouts, ctx: Context, command: DropPlan) -> None:
    """Put a plan away. What was written in its rooms stays in the record."""
    plan = breakouts.plan(command.plan)
    if plan.running:
        raise Refusal("rooms.open")
    plan.dropped, plan.people = True, []
    if breakouts.shown is not None and breakouts.shown.plan == command.plan:
        breakouts.shown = None
        touch_shown(ctx)
    touch_plan(ctx, command.plan)


def _edit_room(breakouts: Breakouts, ctx: Context, plan: Plan, room: Room, command: EditPlan) -> None:
    if command.seconds is not None or command.auto is not None:
        raise Refusal("invalid", room="seconds and auto are a plan's")
    ident = command.room or ""
    host = command.host
    if host is not UNSET and host is not None:
        if plan.state == PLANNING:
            raise Refusal("rooms.not_ready")
        ctx.member(host)
    name = _revised(ctx, room.name, command.name, "name")
    number = plan.topic(ident, max(plan.round, 1))
    old = plan.topics[number] if number < len(plan.topics) else Topic()
    task = _revised(ctx, old.task, command.task, "task")
    question = old.question if command.question is UNSET else command.question
    if host is not UNSET:
        install_host(breakouts, ctx, room.plan, ident, host)
    if name != room.name:
        room.name = name
        _touch_called(breakouts, ctx, plan, ident)
    if (task, question) != (old.task, old.question):
        plan.topics += [Topic() for _ in range(len(plan.topics), number + 1)]
        plan.topics[number] = Topic(task, question)


def _revised(ctx: Context, old: Text | None, value: str | Text | UnsetType | None, field: str) -> Text | None:
    """Return a text with a sender's change: left as it is, taken away (null), or revised."""
    if value is UNSET:
        return old
    return None if value is None else ctx.revised(old or {}, value, field)


def _earlier(breakouts: Breakouts, command: MakePlan) -> Plan | None:
    """Return the plan whose people come together again."""
    if command.assign != "again":
        if command.from_ is not None:
            raise Refusal("invalid", **{"from": "only with again"})
        return None
    if command.from_ is None:
        raise Refusal("invalid", **{"from": "missing"})
    earlier = breakouts.plan(command.from_)
    if earlier.state == PLANNING:
        raise Refusal("rooms.not_ready")
    if command.rooms is not None or command.size is not None:
        raise Refusal("invalid", rooms="as in the earlier plan")
    return earlier


def _copy(breakouts: Breakouts, ctx: Context, earlier: Plan, plan: Plan) -> None:
    """Take over rooms, hosts and seats of an earlier plan, for those who are still here."""
    renamed = dict(zip(earlier.order, plan.order, strict=True))
    for old, new in renamed.items():
        room, former = breakouts.rooms[new], breakouts.rooms[old]
        room.name = room.name or former.name
        if room.host is None and former.host not in plan.hosts:
            breakouts.host(new, former.host)
    for seats, before in zip(plan.seats, earlier.seats, strict=True):
        for person, room_before in before.room_of.items():
            if attends(ctx.people[person]):
                seats.put(person, plan.hosts.get(person) or renamed[room_before], ctx.people[person])


def _rooms(command: MakePlan, people: int) -> int:
    """Return how many rooms are made; where a planner seats people, never so many that somebody sits alone."""
    if (command.rooms is None) is (command.size is None):
        raise Refusal("invalid", rooms="either a number of rooms or their size")
    if command.rooms is not None and command.assign in BY_HAND:
        return command.rooms
    count = seating.rooms_for(people, rooms=command.rooms, size=command.size)
    if count > MAX_ROOMS:
        raise Refusal("invalid", size="too many rooms")
    return count


def _places(command: MakePlan, even: int) -> int | None:
    """Return how many may choose a room: as asked for, else about the size that was, so that all who are here find a place."""
    return command.places or (command.size and max(command.size, even))


def _rounds(command: MakePlan, earlier: Plan | None) -> int:
    if earlier is not None:
        if command.rounds is not None and command.rounds != earlier.rounds:
            raise Refusal("invalid", rounds="as in the earlier plan")
        return earlier.rounds
    rounds = command.rounds or 1
    if rounds > 1 and command.assign in BY_HAND and command.rotate == "people":
        raise Refusal("invalid", rounds="one, where people are not seated by a plan")
    return rounds


def _hosts(ctx: Context, command: MakePlan) -> list[str]:
    hosts = [topic.host for topic in command.topics if topic.host is not None]
    for host in hosts:
        ctx.member(host)
    if len(set(hosts)) != len(hosts):
        raise Refusal("invalid", topics="a host has one room")
    return hosts


def _request(breakouts: Breakouts, known: People, plan: Plan, people: list[str]) -> seating.Request:
    """Return what a planner needs to know to seat these people in a plan's rooms."""
    groups = {group: number for number, group in enumerate(dict.fromkeys(known[person].group for person in people))}
    index = {person: number for number, person in enumerate(people)}
    return seating.Request(
        groups=tuple(groups[known[person].group] for person in people),
        rooms=len(plan.order),
        rounds=plan.rounds,
        assign=_WAYS.get(plan.assign, "mixed"),
        hosts=tuple(index.get(breakouts.rooms[room].host or "") for room in plan.order),
        standing=plan.rotate == "questions",
        seed=plan.seed,
    )


def _touch_called(breakouts: Breakouts, ctx: Context, plan: Plan, room: str) -> None:
    """A room is called otherwise: that stands beside what was written in it, too."""
    for round_ in range(1, plan.now + 1):
        for heir in heirs(plan, room, round_):
            ctx.touch((document(heir), "earlier"))
    if breakouts.shown is not None and breakouts.shown.room == room:
        touch_shown(ctx)
