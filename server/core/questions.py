"""Questions that participants ask: moderation first by default, then votes, then an answer.

An asker always learns what became of a question, with the reason when it was declined. The author of an anonymous question stands in
the log, so that nobody votes for their own and limits hold, and in no document but the author's own.
"""

from __future__ import annotations

from typing import Annotated, Any, ClassVar

import msgspec
from msgspec import Meta

from server.core.base import MODERATOR, PEOPLE, Command, Context, Id, ShortTextIn, TextIn
from server.core.base import People as PeopleById
from server.core.refusals import Refusal
from server.core.setup import Text

STAGE = ("stage", "questions")
ON_STAGE = (*STAGE, "items")
DESK = ("desk", "questions")

MAX_QUESTIONS = 10_000
MAX_OPEN_A_PERSON = 20
MAX_A_PERSON = 200
"""Questions of one person in all, withdrawn and declined ones too, so that nobody alone can fill the session's queue."""

LIVE = "live"
ANSWERED = "answered"
PENDING = "pending"
DECLINED = "declined"
WITHDRAWN = "withdrawn"
MERGED = "merged"


class Question(msgspec.Struct):
    """A question; `guiding` is the guiding question on stage when it was asked, `answered_seq` the entry that answered it."""

    text: Text
    person: str
    anonymous: bool
    at: int
    seq: int
    state: str
    guiding: str | None
    original: Text | None = None
    reason: Text | None = None
    answer: Text | None = None
    answered_under: str | None = None
    answered_seq: int | None = None
    into: str | None = None
    voters: set[str] = set()


class Questions(msgspec.Struct):
    """The question queue; `limit` is how many pending or live questions one person may have."""

    open: bool = True
    moderated: bool = True
    limit: int = MAX_OPEN_A_PERSON
    pinned: str | None = None
    items: dict[str, Question] = {}
    asked: dict[str, list[str]] = {}
    voted: dict[str, dict[str, bool]] = {}
    """{person: {question: True}}, as the person's own document shows it."""


class Ask(Command, tag="question.ask"):
    roles: ClassVar[frozenset[str]] = PEOPLE
    text: TextIn
    anonymous: bool = False


class EditQuestion(Command, tag="question.edit"):
    roles: ClassVar[frozenset[str]] = PEOPLE
    question: Id
    text: TextIn


class Withdraw(Command, tag="question.withdraw"):
    roles: ClassVar[frozenset[str]] = PEOPLE
    question: Id


class Vote(Command, tag="question.vote"):
    roles: ClassVar[frozenset[str]] = PEOPLE
    question: Id
    on: bool


class Approve(Command, tag="question.approve"):
    question: Id


class Decline(Command, tag="question.decline"):
    question: Id
    reason: ShortTextIn


class Restore(Command, tag="question.restore"):
    question: Id


class Merge(Command, tag="question.merge"):
    question: Id
    into: Id


class Pin(Command, tag="question.pin"):
    question: Id
    on: bool = True


class Answer(Command, tag="question.answer"):
    after_end: ClassVar[bool] = True
    question: Id
    text: TextIn | None = None


class ChangeSettings(Command, tag="questions.settings"):
    open: bool | None = None
    moderated: bool | None = None
    limit: Annotated[int, Meta(ge=1, le=MAX_OPEN_A_PERSON)] | None = None


def ask(questions: Questions, ctx: Context, command: Ask, guiding: str | None) -> str:
    """Ask a question and return its id; it waits for approval unless moderation is off."""
    if not questions.open:
        raise Refusal("questions.closed")
    text = ctx.words(command.text)
    mine = questions.asked.get(ctx.by, [])
    if sum(questions.items[item].state in (PENDING, LIVE) for item in mine) >= questions.limit:
        raise Refusal("question.limit", limit=str(questions.limit))
    if len(questions.items) >= MAX_QUESTIONS or len(mine) >= MAX_A_PERSON:
        raise Refusal("questions.full")
    ident = ctx.new_id("k")
    state = PENDING if questions.moderated else LIVE
    question = Question(text, ctx.by, command.anonymous, ctx.at, ctx.seq, state, guiding)
    questions.items[ident] = question
    questions.asked.setdefault(ctx.by, []).append(ident)
    if state == LIVE:
        _announce(ctx, ident, question)
    _touch(ctx, ident, question)
    return ident


def edit(questions: Questions, ctx: Context, command: EditQuestion) -> None:
    """Change the words: the asker while it waits, a moderator at any time; the asker's own words are kept."""
    question = _find(questions, command.question)
    if ctx.people[ctx.by].role == MODERATOR:
        if question.state in (WITHDRAWN, MERGED):
            raise Refusal("question.state")
    elif question.person != ctx.by:
        raise Refusal("forbidden")
    elif question.state != PENDING:
        raise Refusal("question.state")
    text = ctx.words(command.text)
    if ctx.by == question.person:
        question.text = text
    else:
        question.original = question.original or question.text
        question.text = text
    _touch(ctx, command.question, question)


def withdraw(questions: Questions, ctx: Context, command: Withdraw) -> None:
    """Take one's own question back, while it waits or is live."""
    question = _find(questions, command.question)
    if question.person != ctx.by:
        raise Refusal("forbidden")
    if question.state not in (PENDING, LIVE):
        raise Refusal("question.state")
    _leave_stage(questions, ctx, command.question)
    question.state = WITHDRAWN
    _touch(ctx, command.question, question)


def vote(questions: Questions, ctx: Context, command: Vote) -> None:
    """Support a live question or take the support back; saying the same twice changes nothing."""
    question = _find_visible(questions, command.question)
    if question.person == ctx.by:
        raise Refusal("question.own")
    if question.state != LIVE:
        raise Refusal("question.state")
    if command.on:
        question.voters.add(ctx.by)
        questions.voted.setdefault(ctx.by, {})[command.question] = True
    else:
        question.voters.discard(ctx.by)
        questions.voted.get(ctx.by, {}).pop(command.question, None)
    ctx.touch_count(ON_STAGE, command.question)
    ctx.touch_person(ctx.by, ("voted", command.question))


def approve(questions: Questions, ctx: Context, command: Approve) -> None:
    """Put a pending question before everybody."""
    question = _in_state(questions, command.question, PENDING)
    question.state = LIVE
    _announce(ctx, command.question, question)
    _touch(ctx, command.question, question)


def decline(questions: Questions, ctx: Context, command: Decline) -> None:
    """Keep a question off the stage, or take it off, with a reason that the asker sees."""
    question = _in_state(questions, command.question, PENDING, LIVE)
    reason = ctx.text(command.reason, "reason")
    _leave_stage(questions, ctx, command.question)
    question.state, question.reason = DECLINED, reason
    _touch(ctx, command.question, question)


def restore(questions: Questions, ctx: Context, command: Restore) -> None:
    """Undo a decision: declined waits again, answered is live again."""
    question = _in_state(questions, command.question, DECLINED, ANSWERED)
    if question.state == DECLINED:
        question.state, question.reason = PENDING, None
    else:
        question.state, question.answer = LIVE, None
        question.answered_under = question.answered_seq = None
    _touch(ctx, command.question, question)


def merge(questions: Questions, ctx: Context, command: Merge) -> None:
    """Join a question with a live one that asks the same; distinct supporters count once, an author's own support never."""
    question = _in_state(questions, command.question, PENDING, LIVE)
    if command.into == command.question:
        raise Refusal("invalid", into="the same question")
    target = _find(questions, command.into)
    if target.state != LIVE:
        raise Refusal("question.state", into="not live")
    _leave_stage(questions, ctx, command.question)
    for person in (question.voters | {question.person}) - {target.person}:
        target.voters.add(person)
        mine = questions.voted.setdefault(person, {})
        mine.pop(command.question, None)
        mine[command.into] = True
        ctx.touch_person(person, "voted")
    if target.person in question.voters:
        questions.voted[target.person].pop(command.question, None)
        ctx.touch_person(target.person, "voted")
    question.voters.clear()
    question.state, question.into = MERGED, command.into
    ctx.touch_item(ON_STAGE, command.into)
    _touch(ctx, command.question, question)


def pin(questions: Questions, ctx: Context, command: Pin) -> None:
    """Put one question first for everybody, or let go of it."""
    if command.on:
        _in_state(questions, command.question, LIVE)
        questions.pinned = command.question
    else:
        _find(questions, command.question)
        if questions.pinned == command.question:
            questions.pinned = None
    ctx.touch(STAGE)


def answer(questions: Questions, ctx: Context, command: Answer, guiding: str | None) -> None:
    """Mark a question as answered, with the answer in words if there is one; a correction stays where the answer was given."""
    question = _in_state(questions, command.question, LIVE, ANSWERED)
    under = question.answered_under if question.state == ANSWERED else guiding
    text = question.answer if command.text is None else ctx.text(command.text)
    _leave_stage(questions, ctx, command.question)
    question.state, question.answer = ANSWERED, text
    question.answered_under, question.answered_seq = under, ctx.seq
    ctx.write("question.answered", item=command.question, text=question.text, answer=text)
    _touch(ctx, command.question, question)


def change_settings(questions: Questions, ctx: Context, command: ChangeSettings) -> None:
    """Open or close asking, switch moderation for what comes from now on, set the limit a person."""
    if command.open is not None:
        questions.open = command.open
    if command.moderated is not None:
        questions.moderated = command.moderated
    if command.limit is not None:
        questions.limit = command.limit
    ctx.touch(STAGE)


def stage(questions: Questions, people: PeopleById) -> dict[str, Any]:
    """Return `stage.questions`: what is live or answered."""
    items = ((ident, stage_item(questions, people, ident)) for ident in questions.items)
    return {
        "open": questions.open,
        "moderated": questions.moderated,
        "pinned": questions.pinned,
        "items": {ident: item for ident, item in items if item is not None},
    }


def stage_item(questions: Questions, people: PeopleById, ident: str) -> dict[str, Any] | None:
    """Return one question as everybody sees it; None where they do not."""
    question = questions.items.get(ident)
    if question is None or question.state not in (LIVE, ANSWERED):
        return None
    return {
        "text": question.text,
        **_author(question, people),
        "votes": len(question.voters),
        "state": question.state,
        "answer": question.answer,
        "at": question.at,
    }


def desk(questions: Questions, people: PeopleById) -> dict[str, Any]:
    """Return `desk.questions`: what waits for a decision, and what was declined."""
    items = ((ident, desk_item(questions, people, ident)) for ident in questions.items)
    return {ident: item for ident, item in items if item is not None}


def desk_item(questions: Questions, people: PeopleById, ident: str) -> dict[str, Any] | None:
    """Return one question as the moderators see it; None where there is nothing to decide or to undo."""
    question = questions.items.get(ident)
    if question is None or question.state not in (PENDING, DECLINED):
        return None
    return {
        "text": question.text,
        "original": question.original,
        **_author(question, people),
        "state": question.state,
        "reason": question.reason,
        "at": question.at,
    }


def own(questions: Questions, person: str) -> dict[str, Any]:
    """Return `me.asked`."""
    return {ident: own_item(questions, person, ident) for ident in questions.asked.get(person, ())}


def own_item(questions: Questions, person: str, ident: str) -> dict[str, Any] | None:
    """Return one question as the person sees it who asked it; None for somebody else's."""
    question = questions.items.get(ident)
    if question is None or question.person != person:
        return None
    return {
        "text": question.text,
        "anonymous": question.anonymous,
        "state": question.state,
        "reason": question.reason,
        "into": question.into,
        "at": question.at,
    }


def _author(question: Question, people: PeopleById) -> dict[str, str | None]:
    if question.anonymous:
        return {"person": None, "name": None, "group": None}
    who = people[question.person]
    return {"person": question.person, "name": who.name, "group": who.group}


def _find(questions: Questions, ident: str) -> Question:
    question = questions.items.get(ident)
    if question is None:
        raise Refusal("question.unknown", question="unknown")
    return question


def _find_visible(questions: Questions, ident: str) -> Question:
    """Find what a participant can know of: what waits, was declined or withdrawn answers like something that never was."""
    question = _find(questions, ident)
    if question.state not in (LIVE, ANSWERED):
        raise Refusal("question.unknown", question="unknown")
    return question


def _in_state(questions: Questions, ident: str, *states: str) -> Question:
    question = _find(questions, ident)
    if question.state not in states:
        raise Refusal("question.state")
    return question


def _leave_stage(questions: Questions, ctx: Context, ident: str) -> None:
    if questions.pinned == ident:
        questions.pinned = None
        ctx.touch(STAGE)


def _announce(ctx: Context, ident: str, question: Question) -> None:
    name = None if question.anonymous else ctx.people[question.person].name
    ctx.write("question.approved", item=ident, text=question.text, name=name)


def _touch(ctx: Context, ident: str, question: Question) -> None:
    ctx.touch_item(ON_STAGE, ident)
    ctx.touch_item(DESK, ident)
    ctx.touch_person(question.person, ("asked", ident))
