"""Polls: draft, open, closed, published; ballots that can be changed until the close; results only after publishing.

Turnout is always on the stage. Results are there after publishing, or all along where the poll says `visibility: live`. The rules of an
answer are enforced here and nowhere else.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Annotated, Any, ClassVar

import msgspec
from msgspec import Meta

from server.core import forms
from server.core.base import PEOPLE, Command, Context, Id, ShortTextIn, TextIn
from server.core.forms import MAX_OPTIONS, Answer, Form, Kind, Settings
from server.core.refusals import Refusal

STAGE = ("stage", "polls")
DESK = ("desk", "polls")

MAX_POLLS = 200

HALL = "hall"
ROOMS = "rooms"
"""Where a poll is: in the hall, in all rooms side by side, or in the one room whose id stands there instead."""


class Count(msgspec.Struct):
    """The ballots of one room, and their tally."""

    ballots: int = 0
    tally: dict[str, int] = {}


class Poll(msgspec.Struct):
    """A poll with its tally; `question` is the guiding question on stage when it was first opened."""

    form: Form
    state: str = "draft"
    question: str | None = None
    opened: int | None = None
    opened_seq: int | None = None
    published_seq: int | None = None
    run: int = 1
    tally: dict[str, int] = {}
    ballots: dict[str, Answer] = {}
    where: str = HALL
    rooms: tuple[str, ...] = ()
    """The rooms whose people may vote, where it is not the hall that does."""
    cast_in: dict[str, str] = {}
    """The room in which a ballot was given, by person; nothing for one that was given in the plenary."""
    by_room: dict[str, Count] = {}


class Polls(msgspec.Struct):
    """The polls of a session, by id, and every person's ballots as their own document shows them."""

    items: dict[str, Poll] = {}
    ballots_of: dict[str, dict[str, tuple[str | int, ...]]] = {}


OptionsIn = Annotated[tuple[ShortTextIn, ...], Meta(max_length=MAX_OPTIONS)]


class Create(Command, tag="poll.create"):
    kind: Kind
    prompt: TextIn
    options: OptionsIn | None = None
    settings: Settings | None = None


class EditPoll(Command, tag="poll.edit"):
    poll: Id
    prompt: TextIn | None = None
    options: OptionsIn | None = None
    settings: Settings | None = None


class OpenPoll(Command, tag="poll.open"):
    poll: Id
    where: Id | None = None


class ClosePoll(Command, tag="poll.close"):
    poll: Id


class Publish(Command, tag="poll.publish"):
    after_end: ClassVar[bool] = True
    poll: Id


class Hide(Command, tag="poll.hide"):
    after_end: ClassVar[bool] = True
    poll: Id


class Rerun(Command, tag="poll.rerun"):
    poll: Id


class DropPoll(Command, tag="poll.drop"):
    poll: Id


class Cast(Command, tag="ballot.cast"):
    """`answer` is always an array: option ids, or one number for a scale."""

    roles: ClassVar[frozenset[str]] = PEOPLE
    poll: Id
    answer: Annotated[tuple[Id | int, ...], Meta(max_length=MAX_OPTIONS)]


class WithdrawBallot(Command, tag="ballot.withdraw"):
    roles: ClassVar[frozenset[str]] = PEOPLE
    poll: Id


def create(polls: Polls, ctx: Context, command: Create) -> str:
    """Draft a poll and return its id."""
    if len(polls.items) >= MAX_POLLS:
        raise Refusal("polls.full")
    options = [ctx.text(option, "options") for option in command.options or ()]
    form = forms.build(ctx, command.kind, ctx.text(command.prompt, "prompt"), options, command.settings or Settings())
    ident = ctx.new_id("v")
    polls.items[ident] = Poll(form)
    ctx.touch_item(DESK, ident)
    return ident


def edit(polls: Polls, ctx: Context, command: EditPoll) -> None:
    """Change a draft; once people have seen it, it is `poll.rerun`."""
    poll = _find(polls, command.poll)
    if poll.state != "draft":
        raise Refusal("poll.not_draft")
    old = poll.form
    prompt = old.prompt if command.prompt is None else ctx.text(command.prompt, "prompt")
    if command.options is None:
        options = [old.options[option] for option in old.order] if old.options else []
    else:
        options = [ctx.text(option, "options") for option in command.options]
    settings = forms.settings_of(old) if command.settings is None else command.settings
    poll.form = forms.build(ctx, old.kind, prompt, options, settings)
    ctx.touch_item(DESK, command.poll)


def open_poll(polls: Polls, ctx: Context, command: OpenPoll, question: str | None, rooms: tuple[str, ...]) -> None:
    """Let people vote: a draft for the first time, or a closed poll again; `rooms` are those that `where` means now."""
    poll = _find(polls, command.poll)
    if poll.state not in ("draft", "closed"):
        raise Refusal("poll.not_draft")
    if poll.opened is None:
        poll.question, poll.opened, poll.opened_seq = question, ctx.at, ctx.seq
        poll.where = command.where or HALL
    elif command.where not in (None, poll.where):
        raise Refusal("poll.not_draft", where="where it was")
    poll.rooms = tuple(dict.fromkeys((*poll.rooms, *rooms)))
    poll.state = "open"
    _touch(ctx, command.poll, poll)
    ctx.write("poll.opened", poll=command.poll, text=poll.form.prompt)


def close_poll(polls: Polls, ctx: Context, command: ClosePoll) -> None:
    """End the voting; the results stay with the moderators, unless everybody has watched them."""
    poll = _find(polls, command.poll)
    if poll.state != "open":
        raise Refusal("poll.not_open")
    _close(ctx, command.poll, poll)


def leave_rooms(polls: Polls, ctx: Context, rooms: Collection[str], *, all_closed: bool) -> None:
    """These rooms closed: no poll of one of them alone stays open, and none of all rooms once `all_closed`."""
    for ident, poll in polls.items.items():
        if poll.state == "open" and (poll.where in rooms or (poll.where == ROOMS and all_closed)):
            _close(ctx, ident, poll)


def close_all(polls: Polls, ctx: Context) -> None:
    """The session ends: no poll stays open."""
    for ident, poll in polls.items.items():
        if poll.state == "open":
            _close(ctx, ident, poll)


def publish(polls: Polls, ctx: Context, command: Publish) -> None:
    """Show the results to everybody."""
    poll = _find(polls, command.poll)
    if poll.state != "closed":
        raise Refusal("poll.not_closed")
    _publish(ctx, command.poll, poll)


def hide(polls: Polls, ctx: Context, command: Hide) -> None:
    """Take published results back, also those of a poll that has shown them all along."""
    poll = _find(polls, command.poll)
    if poll.state != "published":
        raise Refusal("poll.not_published")
    poll.state = "closed"
    poll.form = msgspec.structs.replace(poll.form, visibility="published")
    _touch(ctx, command.poll, poll)


def rerun(polls: Polls, ctx: Context, command: Rerun) -> str:
    """Draft the same poll again and return the new id; the old run stays as it is."""
    poll = _find(polls, command.poll)
    if len(polls.items) >= MAX_POLLS:
        raise Refusal("polls.full")
    ident = ctx.new_id("v")
    polls.items[ident] = Poll(poll.form, run=poll.run + 1)
    ctx.touch_item(DESK, ident)
    return ident


def drop(polls: Polls, ctx: Context, command: DropPoll) -> None:
    """Throw a poll away, with its ballots; never one that people are voting in."""
    poll = _find(polls, command.poll)
    if poll.state == "open":
        raise Refusal("poll.not_closed")
    for person in poll.ballots:
        del polls.ballots_of[person][command.poll]
        ctx.touch_person(person, ("ballots", command.poll))
    del polls.items[command.poll]
    _touch(ctx, command.poll, poll)


def cast(polls: Polls, ctx: Context, command: Cast, room: str | None) -> None:
    """Give one's ballot, or change it; one a person. `room` is where the person is now, None in the plenary."""
    poll = _find_shown(polls, command.poll, room)
    if poll.state != "open":
        raise Refusal("poll.closed")
    answer = forms.checked(poll.form, command.answer)
    _take_back(ctx, command.poll, poll)
    _count(poll.tally, answer, 1)
    poll.ballots[ctx.by] = answer
    if room is not None:
        poll.cast_in[ctx.by] = room
        _count_in_room(poll, room, answer, 1)
        _touch_ballot(ctx, command.poll, poll, room)
    polls.ballots_of.setdefault(ctx.by, {})[command.poll] = command.answer
    _touch_ballot(ctx, command.poll, poll, None)
    ctx.touch_person(ctx.by, ("ballots", command.poll))


def withdraw(polls: Polls, ctx: Context, command: WithdrawBallot, room: str | None) -> None:
    """Take one's ballot back while the poll is open. `room` is where the person is now."""
    poll = _find_shown(polls, command.poll, room)
    if poll.state != "open":
        raise Refusal("poll.closed")
    if ctx.by not in poll.ballots:
        raise Refusal("poll.no_ballot")
    _take_back(ctx, command.poll, poll)
    del polls.ballots_of[ctx.by][command.poll]
    _touch_ballot(ctx, command.poll, poll, None)
    ctx.touch_person(ctx.by, ("ballots", command.poll))


def stage(polls: Polls) -> dict[str, Any]:
    """Return `stage.polls`: no drafts, of rooms only what was published of all of them, and results only where everybody may see them."""
    items = ((ident, stage_item(polls, ident)) for ident in polls.items)
    return {ident: item for ident, item in items if item is not None}


def stage_item(polls: Polls, ident: str) -> dict[str, Any] | None:
    """Return one poll as everybody sees it; None where they do not."""
    poll = polls.items.get(ident)
    if poll is None or poll.state == "draft":
        return None
    everywhere = poll.where == HALL or (poll.where == ROOMS and poll.state == "published")
    return _view(poll, counted=shown(poll)) if everywhere else None


def room(polls: Polls, ident: str) -> dict[str, Any]:
    """Return `polls` of a room's document: those that this room was asked, with its own turnout and results."""
    items = ((key, room_item(polls, ident, key)) for key in polls.items)
    return {key: item for key, item in items if item is not None}


def room_item(polls: Polls, ident: str, key: str) -> dict[str, Any] | None:
    """Return one poll as a room was asked it; None where it was not."""
    poll = polls.items.get(key)
    if poll is None or poll.state == "draft" or ident not in poll.rooms:
        return None
    return {**_view(poll, counted=False), **_of_room(poll, ident)}


def shown(poll: Poll) -> bool:
    """Say whether everybody may see the results: after publishing, or all along where the poll says so."""
    return poll.state == "published" or (poll.state != "draft" and poll.form.visibility == "live")


def desk(polls: Polls) -> dict[str, Any]:
    """Return `desk.polls`: everything, results included."""
    return {ident: desk_item(polls, ident) for ident in polls.items}


def desk_item(polls: Polls, ident: str) -> dict[str, Any] | None:
    """Return one poll as the moderators see it."""
    poll = polls.items.get(ident)
    if poll is None:
        return None
    return {**_view(poll, counted=True), "visibility": poll.form.visibility, "where": poll.where}


def results(poll: Poll) -> dict[str, Any]:
    """Return counts by option and, for a scale, mean (two decimals) and median (the lower of two middles' mean)."""
    return _results(poll.form, {option: poll.tally.get(option, 0) for option in poll.form.order}, len(poll.ballots))


def room_results(poll: Poll, room: str) -> dict[str, Any]:
    """Return the results of the ballots that were given in one room."""
    given = poll.by_room.get(room, Count())
    return _results(poll.form, {option: given.tally.get(option, 0) for option in poll.form.order}, given.ballots)


def results_part(poll: Poll, part: str) -> Any:
    """Return one field of the results, as the moderators see them, those by room apart."""
    return results(poll)[part]


def room_row(poll: Poll, room: str) -> dict[str, Any]:
    """Return the results of one room as they stand among those of all rooms."""
    found = room_results(poll, room)
    return {"counts": found["counts"], "ballots": found["ballots"]}


def desk_field(polls: Polls, ident: str, field: str) -> Any:
    """Return one field of a poll as the moderators see it, results apart."""
    return _view(polls.items[ident], counted=False)[field]


_COUNTED = ("counts", "ballots", "mean", "median")


def _results(form: Form, counts: dict[str, int], ballots: int) -> dict[str, Any]:
    mean = median = None
    if form.kind == "scale" and ballots:
        mean = round(sum(int(option) * count for option, count in counts.items()) / ballots, 2)
        median = (_nth(counts, (ballots - 1) // 2) + _nth(counts, ballots // 2)) / 2
    return {"counts": counts, "ballots": ballots, "mean": mean, "median": median}


def _nth(counts: dict[str, int], place: int) -> int:
    """Return the answer at a place (from 0) of all answers to a scale in their order."""
    for option, count in counts.items():
        if place < count:
            return int(option)
        place -= count
    raise IndexError(place)


def _view(poll: Poll, *, counted: bool) -> dict[str, Any]:
    form = poll.form
    view: dict[str, Any] = {
        "kind": form.kind,
        "prompt": form.prompt,
        "order": list(form.order),
        "options": form.options,
        "min": form.min,
        "max": form.max,
        "low": form.low,
        "high": form.high,
        "state": poll.state,
        "turnout": len(poll.ballots),
        "question": poll.question,
        "opened": poll.opened,
        "run": poll.run,
    }
    if counted:
        view["results"] = results(poll)
        if poll.where == ROOMS:
            view["results"]["rooms"] = {room: room_row(poll, room) for room in poll.rooms}
    return view


def _of_room(poll: Poll, room: str) -> dict[str, Any]:
    """Return what a room sees of a poll in its own way."""
    turnout = poll.by_room.get(room, Count()).ballots
    return {"turnout": turnout, "results": room_results(poll, room)} if shown(poll) else {"turnout": turnout}


def _take_back(ctx: Context, ident: str, poll: Poll) -> None:
    answer = poll.ballots.pop(ctx.by, ())
    _count(poll.tally, answer, -1)
    room = poll.cast_in.pop(ctx.by, None)
    if room is not None:
        _count_in_room(poll, room, answer, -1)
        _touch_ballot(ctx, ident, poll, room)


def _count(tally: dict[str, int], answer: Answer, change: int) -> None:
    for option in answer:
        tally[option] = tally.get(option, 0) + change


def _count_in_room(poll: Poll, room: str, answer: Answer, change: int) -> None:
    given = poll.by_room.setdefault(room, Count())
    given.ballots += change
    _count(given.tally, answer, change)


def _touch_ballot(ctx: Context, ident: str, poll: Poll, room: str | None) -> None:
    """A ballot came or went: the moderators see it, and the hall or the one room that votes."""
    if poll.where == HALL:
        ctx.touch_count(DESK, ident)
        ctx.touch_count(STAGE, ident)
        return
    ctx.touch_count((*DESK, ident), "turnout")
    ctx.touch_count((*DESK, ident, "results"), *_COUNTED)
    if room is not None:
        ctx.touch_count((*DESK, ident, "results", "rooms"), room)
        ctx.touch_count((f"room/{room}", "polls"), ident)


def _find(polls: Polls, ident: str) -> Poll:
    poll = polls.items.get(ident)
    if poll is None:
        raise Refusal("poll.unknown", poll="unknown")
    return poll


def _touch(ctx: Context, ident: str, poll: Poll) -> None:
    """Say that a poll may look different wherever it is seen."""
    ctx.touch_item(STAGE, ident)
    ctx.touch_item(DESK, ident)
    for room in poll.rooms:
        ctx.touch_item((f"room/{room}", "polls"), ident)


def _find_shown(polls: Polls, ident: str, room: str | None) -> Poll:
    """Find what somebody in a room, or in the plenary, can know of: a draft and a poll of other rooms answer like one that never was."""
    poll = _find(polls, ident)
    if poll.state == "draft" or (poll.where != HALL and room not in poll.rooms):
        raise Refusal("poll.unknown", poll="unknown")
    return poll


def _close(ctx: Context, ident: str, poll: Poll) -> None:
    """End the voting. Results that everybody has watched are published with it."""
    poll.state = "closed"
    _touch(ctx, ident, poll)
    ctx.write("poll.closed", poll=ident, text=poll.form.prompt)
    if poll.form.visibility == "live":
        _publish(ctx, ident, poll)


def _publish(ctx: Context, ident: str, poll: Poll) -> None:
    poll.state = "published"
    poll.published_seq = ctx.seq
    _touch(ctx, ident, poll)
    ctx.write("poll.published", poll=ident, text=poll.form.prompt)
