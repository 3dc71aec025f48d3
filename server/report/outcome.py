"""The outcome of a session as data: what every form of the report is made from.

Nothing here is invented or counted twice: each line names the entries of the log that it comes from, and where nothing was recorded the
report says so. What is hidden in the session stays hidden here: results that were not published, and who asked anonymously.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable
from typing import TypeVar

import msgspec

from server.core import questions
from server.core.base import SCREEN
from server.core.notes import KINDS, Note
from server.core.setup import NO_GROUP, Text
from server.core.speakers import Turn
from server.core.state import State
from server.report.polls import PollLine, poll_line
from server.report.rooms import Place, PlanPart, Sheet, place, plans, sheets

T = TypeVar("T")


class NoteLine(msgspec.Struct, frozen=True):
    """A note and the entry that wrote it; `origin` is the room from whose sheet it was lifted, `written` the entry that wrote it there."""

    text: Text
    name: str
    at: int
    entry: int
    origin: Place | None = None
    written: int | None = None

    @property
    def entries(self) -> tuple[int, ...]:
        """The entries that the line comes from."""
        return tuple(entry for entry in (self.written, self.entry) if entry is not None)


class NoteGroup(msgspec.Struct, frozen=True):
    """The notes of one kind; that there are none is said as such."""

    kind: str
    lines: tuple[NoteLine, ...]


class AnswerLine(msgspec.Struct, frozen=True):
    """An answered question; `name` is None for an anonymous one. `entries`: asked, answered."""

    text: Text
    answer: Text | None
    name: str | None
    group: str | None
    votes: int
    entries: tuple[int, ...]


class Share(msgspec.Struct, frozen=True):
    """The speaking time of a stakeholder group (`none`: undeclared); `share` is of all speaking time, `entries` ended the turns."""

    group: str
    ms: int
    turns: int
    share: float
    entries: tuple[int, ...]


class QuestionPart(msgspec.Struct, frozen=True):
    """What was recorded under one guiding question, or under none (`id` and `text` are then None)."""

    id: str | None
    text: Text | None
    notes: tuple[NoteGroup, ...]
    polls: tuple[PollLine, ...]
    answers: tuple[AnswerLine, ...]
    speaking: tuple[Share, ...]
    rooms: tuple[Sheet, ...] = ()
    """What was written in breakout rooms, by plan and round; what was lifted from there stands in `notes` too."""

    @property
    def missing(self) -> tuple[str, ...]:
        """The kinds of notes that nobody wrote here, in a room or for the record."""
        in_rooms = {note.kind for sheet in self.rooms for note in sheet.notes}
        return tuple(group.kind for group in self.notes if not group.lines and group.kind not in in_rooms)

    @property
    def empty(self) -> bool:
        """Whether nothing was recorded here."""
        return not (
            any(group.lines for group in self.notes) or self.polls or self.answers or self.speaking or self.rooms
        )


class SegmentPart(msgspec.Struct, frozen=True):
    """A segment with its guiding questions."""

    title: Text
    questions: tuple[QuestionPart, ...]


class GroupRow(msgspec.Struct, frozen=True):
    """Who was there and who was heard: people, questions asked under a name, and speaking time of a stakeholder group."""

    group: str
    people: int
    questions: int
    turns: int
    ms: int
    share: float


class Moderation(msgspec.Struct, frozen=True):
    """How many questions were asked and what became of them."""

    asked: int
    live: int
    answered: int
    declined: int
    pending: int
    withdrawn: int
    merged: int


class Outcome(msgspec.Struct, frozen=True):
    """The outcome document as data, as of `entry`; times in milliseconds since the epoch, durations in milliseconds."""

    session: str
    title: Text
    languages: tuple[str, ...]
    timezone: str
    starts: int | None
    opened: int | None
    closed: int | None
    entry: int
    groups: dict[str, Text]
    who: tuple[GroupRow, ...]
    moderation: Moderation
    segments: tuple[SegmentPart, ...]
    elsewhere: QuestionPart
    """What was recorded while no guiding question was on stage, or under one that is not on the agenda any more."""
    rooms: tuple[PlanPart, ...]


class _Recorded:
    """What was recorded, by the guiding question it belongs to: sorted once, because a session may hold thousands of each."""

    def __init__(self, state: State) -> None:
        self._state = state
        self._known = state.agenda.questions
        self._people = state.people.items
        notes = state.notes.items.values()
        self._notes = self._by_label((note for note in notes if note.place is None), lambda note: note.question)
        self._sheets = self._by_label((note for note in notes if note.place is not None), lambda note: note.question)
        opened = (poll for poll in state.polls.items.values() if poll.opened is not None)
        self._polls = self._by_label(opened, lambda poll: poll.question)
        answered = (item for item in state.questions.items.values() if item.state == questions.ANSWERED)
        self._answers = self._by_label(answered, lambda item: item.answered_under)
        self._turns = self._by_label(state.speakers.turns, lambda turn: turn.question)

    def part(self, ident: str | None, text: Text | None) -> QuestionPart:
        """Return what was recorded under a guiding question, or under None: while none was on stage, or one that was dropped since."""
        return QuestionPart(
            id=ident,
            text=text,
            notes=self._note_groups(self._notes[ident]),
            polls=tuple(poll_line(self._state, poll) for poll in self._polls[ident]),
            answers=tuple(self._answer(question) for question in self._answers[ident]),
            speaking=_speaking(self._turns[ident]),
            rooms=sheets(self._state, self._sheets[ident]),
        )

    def _by_label(self, items: Iterable[T], label: Callable[[T], str | None]) -> defaultdict[str | None, list[T]]:
        found: defaultdict[str | None, list[T]] = defaultdict(list)
        for item in items:
            place = label(item)
            found[place if place in self._known else None].append(item)
        return found

    def _note_groups(self, notes: list[Note]) -> tuple[NoteGroup, ...]:
        return tuple(
            NoteGroup(
                kind,
                tuple(self._note(note) for note in notes if note.kind == kind),
            )
            for kind in KINDS
        )

    def _note(self, note: Note) -> NoteLine:
        source = self._state.notes.items.get(note.origin or "")
        return NoteLine(
            note.text,
            self._people[note.person].name,
            note.at,
            note.seq,
            None if note.came_from is None else place(self._state, note.came_from),
            None if source is None else source.seq,
        )

    def _answer(self, question: questions.Question) -> AnswerLine:
        who = None if question.anonymous else self._people[question.person]
        return AnswerLine(
            question.text,
            question.answer,
            who.name if who else None,
            who.group if who else None,
            len(question.voters),
            (question.seq, *(() if question.answered_seq is None else (question.answered_seq,))),
        )


def outcome(state: State) -> Outcome:
    """Return the outcome of a session as it stands."""
    agenda, session = state.agenda, state.session
    recorded = _Recorded(state)
    segments = tuple(
        SegmentPart(
            agenda.segments[segment].title,
            tuple(
                recorded.part(question, agenda.questions[question].text) for question in agenda.segments[segment].order
            ),
        )
        for segment in agenda.order
    )
    return Outcome(
        session=session.id,
        title=session.title,
        languages=session.languages,
        timezone=session.timezone,
        starts=session.starts,
        opened=session.opened,
        closed=session.closed,
        entry=state.seq,
        groups=session.groups,
        who=_who(state),
        moderation=_moderation(state),
        segments=segments,
        elsewhere=recorded.part(None, None),
        rooms=plans(state),
    )


def _speaking(turns: list[Turn]) -> tuple[Share, ...]:
    """Return the groups that spoke, longest first."""
    total = sum(turn.ms for turn in turns)
    by_group: dict[str, list[Turn]] = {}
    for turn in turns:
        by_group.setdefault(turn.group or NO_GROUP, []).append(turn)
    shares = [
        Share(
            group,
            ms := sum(turn.ms for turn in spoken),
            len(spoken),
            ms / total if total else 0.0,
            tuple(turn.seq for turn in spoken),
        )
        for group, spoken in by_group.items()
    ]
    return tuple(sorted(shares, key=lambda share: (-share.ms, share.group)))


def _who(state: State) -> tuple[GroupRow, ...]:
    """Return a row for every group of the session, also for those that were not heard, and one for the undeclared."""
    present = Counter(
        person.group or NO_GROUP for person in state.people.items.values() if not person.link and person.role != SCREEN
    )
    # The group of an anonymous asker is counted nowhere: in a small group it would tell who asked.
    asked = Counter(
        state.people.items[question.person].group or NO_GROUP
        for question in state.questions.items.values()
        if not question.anonymous and question.state != questions.WITHDRAWN
    )
    spoken = {share.group: share for share in _speaking(state.speakers.turns)}
    rows = []
    for group in (*state.session.groups, NO_GROUP):
        share = spoken.get(group)
        rows.append(
            GroupRow(
                group,
                present[group],
                asked[group],
                share.turns if share else 0,
                share.ms if share else 0,
                share.share if share else 0.0,
            )
        )
    return tuple(rows)


def _moderation(state: State) -> Moderation:
    states = Counter(question.state for question in state.questions.items.values())
    return Moderation(
        asked=states.total(),
        live=states[questions.LIVE],
        answered=states[questions.ANSWERED],
        declined=states[questions.DECLINED],
        pending=states[questions.PENDING],
        withdrawn=states[questions.WITHDRAWN],
        merged=states[questions.MERGED],
    )
