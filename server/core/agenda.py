"""Agenda: segments of guiding questions, which one is on stage, and its clock.

With `auto` on, a clock whose time is up brings the next guiding question on stage: at the instant of the first entry at or after the
deadline, which for every worker is the same entry.
"""

from __future__ import annotations

from typing import Any

import msgspec

from server.core import clock
from server.core.base import Command, Context, Id, Seconds, ShortTextIn, TextIn
from server.core.clock import Clock, ExtendClock, PauseClock, ResumeClock, StartClock
from server.core.refusals import Refusal
from server.core.setup import MAX_GUIDING_QUESTIONS, MAX_SEGMENTS, SegmentSetup, Text

STAGE = ("stage", "agenda")


class GuidingQuestion(msgspec.Struct):
    """A guiding question and its planned seconds (0: no clock)."""

    text: Text
    seconds: int


class Segment(msgspec.Struct):
    """A part of the session; `order` holds the ids of its guiding questions."""

    title: Text
    order: list[str]


class Agenda(msgspec.Struct):
    """The agenda and where the session stands in it."""

    order: list[str] = []
    segments: dict[str, Segment] = {}
    questions: dict[str, GuidingQuestion] = {}
    current: str | None = None
    auto: bool = False
    clock: Clock = msgspec.field(default_factory=Clock)

    def sequence(self) -> list[str]:
        """Return the ids of all guiding questions in the order in which they take the stage."""
        return [question for segment in self.order for question in self.segments[segment].order]


class Go(Command, tag="agenda.go"):
    question: Id


class Next(Command, tag="agenda.next"):
    current: Id | None


class Back(Command, tag="agenda.back"):
    current: Id | None


class SetAuto(Command, tag="agenda.auto"):
    on: bool


class Add(Command, tag="agenda.add"):
    """A question (`segment`, `text`) or a segment (`title`); it goes before `before`, or last."""

    segment: Id | None = None
    text: TextIn | None = None
    title: ShortTextIn | None = None
    seconds: Seconds = 0
    before: Id | None = None


class Edit(Command, tag="agenda.edit"):
    item: Id
    text: TextIn | None = None
    seconds: Seconds | None = None


class Move(Command, tag="agenda.move"):
    item: Id
    before: Id | None
    segment: Id | None = None


class Drop(Command, tag="agenda.drop"):
    item: Id


def build(agenda: Agenda, ctx: Context, segments: tuple[SegmentSetup, ...]) -> None:
    """Fill the agenda of a new session; ids are `s1`, `q1.1`: their order is no secret."""
    for number, segment in enumerate(segments, 1):
        order = []
        for place, question in enumerate(segment.questions, 1):
            ident = f"q{number}.{place}"
            agenda.questions[ident] = GuidingQuestion(question.text, question.seconds)
            order.append(ident)
        agenda.segments[f"s{number}"] = Segment(segment.title, order)
        agenda.order.append(f"s{number}")
    ctx.touch(STAGE)


def go(agenda: Agenda, ctx: Context, command: Go) -> None:
    """Bring any guiding question on stage."""
    if command.question not in agenda.questions:
        raise Refusal("agenda.unknown", question="unknown")
    _enter(agenda, ctx, command.question, auto=False)


def next_(agenda: Agenda, ctx: Context, command: Next) -> None:
    """Bring the next guiding question on stage, if the sender knows which one is there now."""
    _fresh(agenda, command.current)
    following = _neighbour(agenda, +1)
    if following is None:
        raise Refusal("agenda.last")
    _enter(agenda, ctx, following, auto=False)


def back(agenda: Agenda, ctx: Context, command: Back) -> None:
    """Bring the previous guiding question back on stage."""
    _fresh(agenda, command.current)
    previous = _neighbour(agenda, -1)
    if previous is None:
        raise Refusal("agenda.first")
    _enter(agenda, ctx, previous, auto=False)


def deadline(agenda: Agenda) -> int | None:
    """Return when the agenda moves by itself, in milliseconds, or None."""
    if agenda.auto and agenda.clock.ends is not None and _neighbour(agenda, +1) is not None:
        return agenda.clock.ends
    return None


def rotate(agenda: Agenda, ctx: Context) -> None:
    """The time of the question on stage is up: the next one takes the stage now.

    Its clock starts now and not at the missed deadline, so that a server that was away for an hour skips nothing.
    """
    following = _neighbour(agenda, +1)
    if following is not None:
        _enter(agenda, ctx, following, auto=True)


def start_clock(agenda: Agenda, ctx: Context, command: StartClock) -> None:
    """Start the clock afresh, with the given seconds or the question's own."""
    seconds = command.seconds
    if seconds is None:
        seconds = agenda.questions[agenda.current].seconds if agenda.current else 0
    if not seconds:
        raise Refusal("clock.no_time", seconds="missing")
    _set_clock(agenda, ctx, clock.started(seconds, ctx.at))


def pause_clock(agenda: Agenda, ctx: Context, command: PauseClock) -> None:
    """Stop the clock where it is."""
    _set_clock(agenda, ctx, clock.paused(agenda.clock, ctx.at))


def resume_clock(agenda: Agenda, ctx: Context, command: ResumeClock) -> None:
    """Let a paused clock go on."""
    _set_clock(agenda, ctx, clock.resumed(agenda.clock, ctx.at))


def extend_clock(agenda: Agenda, ctx: Context, command: ExtendClock) -> None:
    """Add seconds to the clock, or take some away."""
    _set_clock(agenda, ctx, clock.extended(agenda.clock, command.seconds, ctx.at))


def set_auto(agenda: Agenda, ctx: Context, command: SetAuto) -> None:
    """Switch automatic rotation."""
    agenda.auto = command.on
    ctx.touch(STAGE)


def stop(agenda: Agenda, ctx: Context) -> None:
    """The session ends: no clock runs on."""
    _set_clock(agenda, ctx, Clock())


def add(agenda: Agenda, ctx: Context, command: Add) -> str:
    """Add a guiding question to a segment, or a segment; return the new id."""
    if command.title is not None:
        if command.text is not None or command.segment is not None:
            raise Refusal("invalid", title="a segment has a title only")
        if len(agenda.segments) >= MAX_SEGMENTS:
            raise Refusal("agenda.full")
        title = ctx.text(command.title, "title")
        _insert(agenda.order, ident := ctx.new_id("s"), command.before)
        agenda.segments[ident] = Segment(title, [])
    else:
        if command.text is None:
            raise Refusal("invalid", text="missing")
        if len(agenda.questions) >= MAX_GUIDING_QUESTIONS:
            raise Refusal("agenda.full")
        segment = agenda.segments.get(command.segment or "")
        if segment is None:
            raise Refusal("agenda.unknown", segment="unknown")
        text = ctx.text(command.text)
        _insert(segment.order, ident := ctx.new_id("q"), command.before)
        agenda.questions[ident] = GuidingQuestion(text, command.seconds)
    ctx.touch(STAGE)
    return ident


def edit(agenda: Agenda, ctx: Context, command: Edit) -> None:
    """Change words or planned time. A running clock is not touched: that is `clock.extend`."""
    if command.item in agenda.questions:
        question = agenda.questions[command.item]
        if command.text is not None:
            question.text = ctx.revised(question.text, command.text)
        if command.seconds is not None:
            question.seconds = command.seconds
    elif command.item in agenda.segments:
        if command.seconds is not None:
            raise Refusal("invalid", seconds="a segment has no time of its own")
        segment = agenda.segments[command.item]
        if command.text is not None:
            segment.title = ctx.revised(segment.title, command.text)
    else:
        raise Refusal("agenda.unknown", item="unknown")
    ctx.touch(STAGE)


def move(agenda: Agenda, ctx: Context, command: Move) -> None:
    """Move a segment, or a guiding question within or between segments, before another one or to the end."""
    if command.item in agenda.segments:
        _place(agenda.order, agenda.order, command.item, command.before)
    elif command.item in agenda.questions:
        home = _home(agenda, command.item)
        target = home
        if command.segment is not None:
            if command.segment not in agenda.segments:
                raise Refusal("agenda.unknown", segment="unknown")
            target = agenda.segments[command.segment]
        elif command.before is not None and command.before in agenda.questions:
            target = _home(agenda, command.before)
        _place(home.order, target.order, command.item, command.before)
    else:
        raise Refusal("agenda.unknown", item="unknown")
    ctx.touch(STAGE)


def drop(agenda: Agenda, ctx: Context, command: Drop) -> None:
    """Take a guiding question or a whole segment out; never what is on stage."""
    if command.item in agenda.segments:
        gone = agenda.segments[command.item].order
        if agenda.current in gone:
            raise Refusal("agenda.on_stage")
        for question in gone:
            del agenda.questions[question]
        del agenda.segments[command.item]
        agenda.order.remove(command.item)
    elif command.item in agenda.questions:
        if command.item == agenda.current:
            raise Refusal("agenda.on_stage")
        _home(agenda, command.item).order.remove(command.item)
        del agenda.questions[command.item]
    else:
        raise Refusal("agenda.unknown", item="unknown")
    ctx.touch(STAGE)


def stage(agenda: Agenda) -> dict[str, Any]:
    """Return `stage.agenda`."""
    return {
        "order": list(agenda.order),
        "segments": {
            ident: {
                "title": segment.title,
                "order": list(segment.order),
                "questions": {
                    question: {
                        "text": agenda.questions[question].text,
                        "seconds": agenda.questions[question].seconds,
                    }
                    for question in segment.order
                },
            }
            for ident, segment in agenda.segments.items()
        },
        "current": agenda.current,
        "auto": agenda.auto,
        "clock": clock.view(agenda.clock),
    }


def _enter(agenda: Agenda, ctx: Context, question: str, *, auto: bool) -> None:
    agenda.current = question
    _set_clock(agenda, ctx, clock.started(agenda.questions[question].seconds, ctx.at))
    ctx.write("agenda.went", question=question, auto=auto)


def _set_clock(agenda: Agenda, ctx: Context, new: Clock) -> None:
    agenda.clock = new
    ctx.touch(STAGE)


def _fresh(agenda: Agenda, believed: str | None) -> None:
    """Refuse a step from somebody who saw another question on stage, so that two people who press together step once."""
    if believed != agenda.current:
        raise Refusal("stale", current=agenda.current or "")


def _neighbour(agenda: Agenda, step: int) -> str | None:
    sequence = agenda.sequence()
    if agenda.current is None:
        return sequence[0] if sequence and step > 0 else None
    place = sequence.index(agenda.current) + step
    return sequence[place] if 0 <= place < len(sequence) else None


def _home(agenda: Agenda, question: str) -> Segment:
    return next(segment for segment in agenda.segments.values() if question in segment.order)


def _insert(order: list[str], item: str, before: str | None) -> None:
    if before is None:
        order.append(item)
    elif before in order:
        order.insert(order.index(before), item)
    else:
        raise Refusal("agenda.unknown", before="unknown")


def _place(origin: list[str], target: list[str], item: str, before: str | None) -> None:
    if before is not None and before not in target:
        raise Refusal("agenda.unknown", before="unknown")
    if before != item:
        origin.remove(item)
        _insert(target, item, before)
