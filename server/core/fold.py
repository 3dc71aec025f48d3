"""Fold: one entry changes the state, or is refused and changes nothing but the position.

The order of judgement: a repeat gets its first outcome; deadlines that passed by the entry's time take effect; who may do this, and
when, is checked; then the capability checks the whole command and applies the whole command. What concerns two capabilities stands
here, because they do not know each other.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Protocol, TypeVar

from msgspec import UNSET

from server.core import agenda, breakouts, clock, notes, people, polls, questions, session, speakers
from server.core.base import PARTICIPANT, SYSTEM, Command, Context, Place, Touched
from server.core.breakouts import inside, running
from server.core.commands import read_command
from server.core.refusals import Refusal
from server.core.state import Outcome, State


class Entry(Protocol):
    """One entry of the log. `by` is a person, or empty for the server itself; `key` is the sender's own id of the command."""

    @property
    def seq(self) -> int: ...
    @property
    def at(self) -> int: ...
    @property
    def by(self) -> str: ...
    @property
    def key(self) -> str: ...
    @property
    def body(self) -> bytes: ...


C = TypeVar("C", bound=Command)
Handler = Callable[[State, Context, Any], str | None]

_handlers: dict[type[Command], Handler] = {}


def fold(state: State, entry: Entry, touched: Touched, command: Command | None = None) -> Outcome:
    """Apply one entry to the state and return the outcome for its sender. Total: no entry makes it raise.

    `state` is changed in place: it belongs to the one that folds, and copying it for every ballot would cost what it holds. What the
    entry may have changed is added to `touched`, so that many entries can share one. `command` is what the body says, where the caller
    has read it before.
    """
    by, key = entry.by, entry.key
    ctx = _context(state, entry, touched)
    state.seq, state.at = entry.seq, ctx.at
    _pass_deadlines(state, ctx)
    mine = state.outcomes.get(by)
    if mine is None:
        mine = state.outcomes[by] = {}
    first = mine.get(key)
    if first is not None:
        outcome = Outcome(first) if isinstance(first, int) else first
    else:
        outcome = _judge(state, ctx, command or read_command(entry.body))
        mine[key] = outcome.seq if outcome.made is None and outcome.code is None else outcome
    if ctx.written:
        state.feed.update(ctx.written)
    return outcome


def next_deadline(state: State) -> int | None:
    """Return when something happens by itself, in milliseconds since the epoch, or None."""
    said = state.session.announcement
    pending = [agenda.deadline(state.agenda), running.deadline(state.breakouts), said.until if said else None]
    return min((at for at in pending if at is not None), default=None)


def permit(state: State, by: str, command: type[Command]) -> None:
    """Refuse a kind of command that this sender may not send, or not now. This is the only place that decides it.

    Called as advice before the append (it spares the log), and as the verdict in the fold.
    """
    if command.roles is SYSTEM:
        if by:
            raise Refusal("forbidden")
    else:
        person = state.people.items.get(by)
        if person is None or person.removed or person.role not in command.roles:
            raise Refusal("forbidden")
    if state.session.state == session.ENDED and not command.after_end:
        raise Refusal("session.ended")


def _context(state: State, entry: Entry, touched: Touched) -> Context:
    person = state.people.items.get(entry.by)
    language = state.session.languages[0] if person is None else person.language
    at = max(entry.at, state.at)
    return Context(entry.seq, at, entry.by, entry.key, state.session.salt, language, state.people.items, touched)


def _judge(state: State, ctx: Context, command: Command | None) -> Outcome:
    if command is None or (state.seq == 1) != isinstance(command, session.Create):
        return Outcome(ctx.seq, code="command.unknown")
    try:
        permit(state, ctx.by, type(command))
        return Outcome(ctx.seq, made=_handlers[type(command)](state, ctx, command))
    except Refusal as refusal:
        return Outcome(ctx.seq, code=refusal.code, fields=refusal.fields)
    except Exception:
        # A mistake in a handler. Every worker makes the same one, so the states stay equal, and the session stays open.
        return Outcome(ctx.seq, code="mistake")


def _pass_deadlines(state: State, ctx: Context) -> None:
    """Let take effect what was due by this entry's time, one step each: every entry is a tick.

    After the end no clock runs, so only an announcement is left to go away.
    """
    due = agenda.deadline(state.agenda)
    if due is not None and due <= ctx.at:
        agenda.rotate(state.agenda, ctx)
        _leave_lobby(state, ctx)
    due = running.deadline(state.breakouts)
    if due is not None and due <= ctx.at:
        _rooms_closed(state, ctx, running.pass_deadline(state.breakouts, ctx))
    said = state.session.announcement
    if said is not None and said.until is not None and said.until <= ctx.at:
        session.clear_announcement(state.session, ctx)


def _on(
    command: type[C],
) -> Callable[[Callable[[State, Context, C], str | None]], Callable[[State, Context, C], str | None]]:
    def register(handler: Callable[[State, Context, C], str | None]) -> Callable[[State, Context, C], str | None]:
        _handlers[command] = handler
        return handler

    return register


def _plain(command: type[C], part: str, handler: Callable[[Any, Context, C], str | None]) -> None:
    """Register a command that concerns one capability alone: it sees its slice and nothing else."""
    _handlers[command] = lambda state, ctx, given: handler(getattr(state, part), ctx, given)


def _reporting(command: type[C], part: str, handler: Callable[[Any, Context, C, str | None], str | None]) -> None:
    """Register a command that is labelled with the guiding question on stage."""
    _handlers[command] = lambda state, ctx, given: handler(getattr(state, part), ctx, given, state.agenda.current)


@_on(session.Create)
def _create(state: State, ctx: Context, command: session.Create) -> None:
    session.build(state.session, ctx, command)
    ctx.salt = command.salt
    state.people.groups = state.session.groups
    state.people.languages = state.session.languages
    agenda.build(state.agenda, ctx, command.setup.segments)
    for role, token in command.tokens.items():
        name = command.names.get(role, role)
        language = state.session.languages[0]
        people.add(state.people, ctx, ctx.new_id(f"r{role[0]}"), name, None, role, language, token, link=True)


@_on(session.Tick)
def _tick(state: State, ctx: Context, command: session.Tick) -> None:
    """Nothing of its own: the deadlines were passed before any command is judged."""


@_on(session.Open)
def _open(state: State, ctx: Context, command: session.Open) -> None:
    session.open_session(state.session, ctx)


@_on(session.Close)
def _close(state: State, ctx: Context, command: session.Close) -> None:
    speakers.end_turn(state.speakers, ctx, state.agenda.current)
    polls.close_all(state.polls, ctx)
    running.finish(state.breakouts, ctx)
    agenda.stop(state.agenda, ctx)
    session.close_session(state.session, ctx)


@_on(session.ChangeSettings)
def _settings(state: State, ctx: Context, command: session.ChangeSettings) -> None:
    session.change_settings(state.session, ctx, command)
    if command.limit is not None:
        speakers.set_limit(state.speakers, ctx, command.limit)
    if command.link is not None:
        for room in state.breakouts.rooms:
            breakouts.touch_room(ctx, room, "room")


@_on(session.Announce)
def _announce(state: State, ctx: Context, command: session.Announce) -> None:
    session.announce(state.session, ctx, command)


@_on(session.ClearAnnouncement)
def _clear_announcement(state: State, ctx: Context, command: session.ClearAnnouncement) -> None:
    session.clear_announcement(state.session, ctx)


@_on(people.Remove)
def _remove(state: State, ctx: Context, command: people.Remove) -> None:
    people.remove(state.people, ctx, command)
    _attend(state, ctx, command.person)
    speakers.leave(state.speakers, ctx, command.person, state.agenda.current)
    breakouts.depart(state.breakouts, ctx, command.person, for_good=True)


@_on(people.Join)
def _join(state: State, ctx: Context, command: people.Join) -> str:
    person = people.join(state.people, ctx, command)
    breakouts.arrive(state.breakouts, ctx, person)
    return person


@_on(people.Gone)
def _gone(state: State, ctx: Context, command: people.Gone) -> None:
    people.gone(state.people, ctx, command)
    _attend(state, ctx, command.person)
    breakouts.depart(state.breakouts, ctx, command.person, for_good=False)


@_on(people.Back)
def _back(state: State, ctx: Context, command: people.Back) -> None:
    people.back(state.people, ctx, command)
    _attend(state, ctx, command.person)
    breakouts.arrive(state.breakouts, ctx, command.person)


@_on(people.ChangeRole)
def _change_role(state: State, ctx: Context, command: people.ChangeRole) -> None:
    people.change_role(state.people, ctx, command)
    breakouts.arrive(state.breakouts, ctx, command.person)


@_on(people.Rename)
def _rename(state: State, ctx: Context, command: people.Rename) -> None:
    _called_otherwise(state, ctx, people.rename(state.people, ctx, command))


@_on(people.ChangeGroup)
def _change_group(state: State, ctx: Context, command: people.ChangeGroup) -> None:
    who = state.people.items.get(command.person or ctx.by)
    before = None if who is None else who.group
    person = people.change_group(state.people, ctx, command)
    state.breakouts.change_group(person, before, command.group)
    _called_otherwise(state, ctx, person)


@_on(people.RenewRole)
def _renew_role(state: State, ctx: Context, command: people.RenewRole) -> None:
    person = people.renew_role(state.people, ctx, command)
    _attend(state, ctx, person)


def _attend(state: State, ctx: Context, person: str) -> None:
    """Somebody came back, left, or was removed: the rooms count who is there."""
    state.breakouts.attend(person, state.people.items[person])
    _touch_room_of(state, ctx, person)


def _called_otherwise(state: State, ctx: Context, person: str) -> None:
    """Names and groups stand beside notes, handovers and calls for help, in whatever room they were written."""
    for ident in state.notes.written_by.get(person, ()):
        place = state.notes.items[ident].place
        if place is None:
            ctx.touch_item(notes.RECORD, ident)
        else:
            breakouts.touch_note(ctx, state.breakouts, ident, place.room, place.round)
    breakouts.touch_signed(ctx, state.breakouts, person)
    _touch_room_of(state, ctx, person)


def _touch_room_of(state: State, ctx: Context, person: str) -> None:
    for plan in state.breakouts.plans.values():
        room = plan.seats[plan.now].room_of.get(person)
        if room is not None:
            breakouts.touch_presence(ctx, state.breakouts, room, person)


def _steps(command: type[C], step: Callable[[agenda.Agenda, Context, C], None]) -> None:
    """Register a step of the agenda. A session in its lobby goes live with it: the first question opens the session."""

    def handler(state: State, ctx: Context, given: C) -> None:
        step(state.agenda, ctx, given)
        _leave_lobby(state, ctx)

    _handlers[command] = handler


def _leave_lobby(state: State, ctx: Context) -> None:
    if state.session.state == session.LOBBY:
        session.open_session(state.session, ctx)


@_on(agenda.Drop)
def _drop_item(state: State, ctx: Context, command: agenda.Drop) -> None:
    agenda.drop(state.agenda, ctx, command)
    breakouts.forget_questions(state.breakouts, ctx, state.agenda.questions)


@_on(notes.Write)
def _write_note(state: State, ctx: Context, command: notes.Write) -> str:
    place = _sheet(state, ctx, command.room, command.round)
    if command.about is not None and ctx.people[ctx.by].role == PARTICIPANT:
        # The feed is the record's: whoever cannot read it does not learn which lines are in it.
        raise Refusal("forbidden")
    question = state.agenda.current if command.question is UNSET else command.question
    if place is not None and command.question is UNSET:
        question = state.breakouts.plans[place.plan].task(place.room, place.round).question or question
        if question not in state.agenda.questions:
            question = None
    _known_labels(state, question, command.about)
    note = notes.write(state.notes, ctx, command, question, place)
    _touch_sheet(state, ctx, note, place)
    return note


@_on(notes.EditNote)
def _edit_note(state: State, ctx: Context, command: notes.EditNote) -> None:
    note = _own_note(state, ctx, command.note)
    if ctx.people[ctx.by].role == PARTICIPANT and command.question is not UNSET:
        raise Refusal("forbidden")
    _known_labels(state, None if command.question is UNSET else command.question, None)
    notes.edit(state.notes, ctx, command)
    _touch_sheet(state, ctx, command.note, note.place)


@_on(notes.DropNote)
def _drop_note(state: State, ctx: Context, command: notes.DropNote) -> None:
    note = _own_note(state, ctx, command.note)
    notes.drop(state.notes, ctx, command)
    _touch_sheet(state, ctx, command.note, note.place)
    if note.came_from is not None:
        ctx.touch_item((*breakouts.RECORD, note.came_from.plan, "notes"), note.origin or "")


@_on(notes.Lift)
def _lift(state: State, ctx: Context, command: notes.Lift) -> str:
    lifted = notes.lift(state.notes, ctx, command)
    place = state.notes.items[lifted].came_from
    if place is not None:
        ctx.touch_item((*breakouts.RECORD, place.plan, "notes"), command.note)
        room = state.breakouts.rooms[place.room]
        facts = {"room": place.room, "number": room.number, "name": room.name, "round": place.round}
        ctx.write("note.lifted", note=lifted, text=state.notes.items[lifted].text, **facts)
    return lifted


def _sheet(state: State, ctx: Context, room: str | None, round_: int | None) -> Place | None:
    """Return the sheet that a note goes to: a participant's own room's in a round, for others any; None for the session's record."""
    participant = ctx.people[ctx.by].role == PARTICIPANT
    if room is None:
        if participant:
            raise Refusal("forbidden")
        return None
    if participant:
        return state.breakouts.sat(ctx.by, room, round_)
    plan, found = state.breakouts.room(room)
    return Place(found.plan, room, min(round_ or plan.now + 1, plan.rounds))


def _own_note(state: State, ctx: Context, ident: str) -> notes.Note:
    """Return a note that the sender may change: any for those who keep the record, for a participant those of their room and round."""
    if ctx.people[ctx.by].role != PARTICIPANT:
        return notes.find(state.notes, ident)
    own = state.breakouts.place(ctx.by)
    note = state.notes.items.get(ident)
    if note is None or own is None or note.place != own:
        raise Refusal("note.unknown", note="unknown")
    if ctx.by not in (note.person, state.breakouts.rooms[own.room].host):
        raise Refusal("forbidden")
    return note


def _touch_sheet(state: State, ctx: Context, note: str, place: Place | None) -> None:
    """A note of a room changed: seen there, where it travels to, in the record, on the desk, and on the screen if it is shown."""
    if place is None:
        return
    breakouts.touch_note(ctx, state.breakouts, note, place.room, place.round)
    breakouts.touch_desk_room(ctx, place.plan, place.room)
    ctx.touch_item((*breakouts.STAGE, "shown", "notes"), note)


@_on(breakouts.MakePlan)
def _make_plan(state: State, ctx: Context, command: breakouts.MakePlan) -> str:
    for topic in command.topics:
        _known_labels(state, topic.question, None)
    return breakouts.make(state.breakouts, ctx, command)


@_on(breakouts.EditPlan)
def _edit_plan(state: State, ctx: Context, command: breakouts.EditPlan) -> None:
    _known_labels(state, None if command.question is UNSET else command.question, None)
    breakouts.edit(state.breakouts, ctx, command)
    if command.room is not None and command.name is not UNSET:
        for note in notes.on_sheet(state.notes, command.room).values():
            if note.lifted is not None:
                ctx.touch_item(notes.RECORD, note.lifted)
    for ident, poll in state.polls.items.items():
        if command.room in poll.rooms:
            ctx.touch_item(polls.STAGE, ident)
            ctx.touch_item(polls.DESK, ident)


@_on(breakouts.OpenRooms)
def _open_rooms(state: State, ctx: Context, command: breakouts.OpenRooms) -> None:
    running.open_rooms(state.breakouts, ctx, command)
    _leave_lobby(state, ctx)


@_on(breakouts.CloseRooms)
def _close_rooms(state: State, ctx: Context, command: breakouts.CloseRooms) -> None:
    _rooms_closed(state, ctx, running.close(state.breakouts, ctx, command))


def _rooms_closed(state: State, ctx: Context, rooms: list[str]) -> None:
    """What was asked in rooms ends with them."""
    if rooms:
        polls.leave_rooms(state.polls, ctx, rooms, all_closed=state.breakouts.open is None)


@_on(polls.OpenPoll)
def _open_poll(state: State, ctx: Context, command: polls.OpenPoll) -> None:
    poll = state.polls.items.get(command.poll)
    where = command.where or (poll.where if poll is not None else polls.HALL)
    rooms: tuple[str, ...] = ()
    if where != polls.HALL:
        plan = state.breakouts.running()
        if where != polls.ROOMS and where not in plan.order:
            raise Refusal("room.unknown", where="unknown")
        rooms = tuple(plan.order) if where == polls.ROOMS else (where,)
    polls.open_poll(state.polls, ctx, command, state.agenda.current, rooms)


@_on(polls.Cast)
def _cast(state: State, ctx: Context, command: polls.Cast) -> None:
    polls.cast(state.polls, ctx, command, state.breakouts.room_of(ctx.by))


@_on(polls.WithdrawBallot)
def _withdraw_ballot(state: State, ctx: Context, command: polls.WithdrawBallot) -> None:
    polls.withdraw(state.polls, ctx, command, state.breakouts.room_of(ctx.by))


def _known_labels(state: State, question: str | None, about: str | None) -> None:
    if question is not None and question not in state.agenda.questions:
        raise Refusal("agenda.unknown", question="unknown")
    if about is not None and about not in state.feed:
        raise Refusal("feed.unknown", about="unknown")


_steps(agenda.Go, agenda.go)
_steps(agenda.Next, agenda.next_)
_steps(agenda.Back, agenda.back)
_plain(clock.StartClock, "agenda", agenda.start_clock)
_plain(clock.PauseClock, "agenda", agenda.pause_clock)
_plain(clock.ResumeClock, "agenda", agenda.resume_clock)
_plain(clock.ExtendClock, "agenda", agenda.extend_clock)
_plain(agenda.SetAuto, "agenda", agenda.set_auto)
_plain(agenda.Add, "agenda", agenda.add)
_plain(agenda.Edit, "agenda", agenda.edit)
_plain(agenda.Move, "agenda", agenda.move)
_plain(people.ChangeLanguage, "people", people.change_language)
_plain(speakers.RaiseHand, "speakers", speakers.raise_hand)
_plain(speakers.LowerHand, "speakers", speakers.lower_hand)
_reporting(speakers.Call, "speakers", speakers.call)
_reporting(speakers.NextSpeaker, "speakers", speakers.next_speaker)
_reporting(speakers.Finish, "speakers", speakers.finish)
_plain(speakers.Return, "speakers", speakers.return_last)
_plain(speakers.MoveSpeaker, "speakers", speakers.move_speaker)
_plain(speakers.OpenSpeakers, "speakers", speakers.open_speakers)
_plain(speakers.CloseSpeakers, "speakers", speakers.close_speakers)
_plain(speakers.SetPolicy, "speakers", speakers.set_policy)
_reporting(questions.Ask, "questions", questions.ask)
_plain(questions.EditQuestion, "questions", questions.edit)
_plain(questions.Withdraw, "questions", questions.withdraw)
_plain(questions.Vote, "questions", questions.vote)
_plain(questions.Approve, "questions", questions.approve)
_plain(questions.Decline, "questions", questions.decline)
_plain(questions.Restore, "questions", questions.restore)
_plain(questions.Merge, "questions", questions.merge)
_plain(questions.Pin, "questions", questions.pin)
_reporting(questions.Answer, "questions", questions.answer)
_plain(questions.ChangeSettings, "questions", questions.change_settings)
_plain(polls.Create, "polls", polls.create)
_plain(polls.EditPoll, "polls", polls.edit)
_plain(polls.ClosePoll, "polls", polls.close_poll)
_plain(polls.Publish, "polls", polls.publish)
_plain(polls.Hide, "polls", polls.hide)
_plain(polls.Rerun, "polls", polls.rerun)
_plain(polls.DropPoll, "polls", polls.drop)
_plain(breakouts.Planned, "breakouts", breakouts.planned)
_plain(breakouts.AssignSeat, "breakouts", breakouts.assign)
_plain(breakouts.DropPlan, "breakouts", breakouts.drop)
_plain(breakouts.Choose, "breakouts", breakouts.choose)
_plain(breakouts.Rotate, "breakouts", running.rotate)
_plain(breakouts.ExtendRooms, "breakouts", running.extend)
_plain(breakouts.SendMessage, "breakouts", running.say)
_plain(breakouts.ShowNotes, "breakouts", running.show)
_plain(breakouts.HideNotes, "breakouts", running.hide)
_plain(breakouts.Leave, "breakouts", inside.leave)
_plain(breakouts.Enter, "breakouts", inside.enter)
_plain(breakouts.AskHelp, "breakouts", inside.ask_help)
_plain(breakouts.Coming, "breakouts", inside.coming)
_plain(breakouts.Helped, "breakouts", inside.helped)
_plain(breakouts.LeaveHandover, "breakouts", inside.hand_over)
