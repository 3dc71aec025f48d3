"""The log as it may be handed out: one JSON line an entry, without keys and hashes, and without what the session keeps to itself.

A ballot's answer is left out, because results belong to the desk until they are published and a name beside a choice to nobody. Who
asked anonymously is left out, also where the same person edited or withdrew the question, or tried to vote for it, which is refused to
the author alone.

Rapporteurs read the log, and do not see the desk: for them the words of questions that are not on stage, the reasons of hands and of
declining, and polls that were never opened are left out too. Of breakout rooms they read what the record shows: not who sits where, who
went to the plenary or came back, who asked for help, what moderators said to rooms, nor the address of the video rooms.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import msgspec

from server.core.base import MODERATOR, Command
from server.core.breakouts import (
    AskHelp,
    AssignSeat,
    Choose,
    Coming,
    EditPlan,
    Enter,
    Helped,
    Leave,
    MakePlan,
    Planned,
    SendMessage,
)
from server.core.commands import read_command
from server.core.people import Back, Gone, Join, RenewRole
from server.core.polls import HALL, ROOMS, Cast, EditPoll, OpenPoll
from server.core.polls import Create as CreatePoll
from server.core.questions import ANSWERED, LIVE, Ask, Decline, EditQuestion, Vote, Withdraw
from server.core.session import ChangeSettings, Create
from server.core.speakers import RaiseHand
from server.core.state import State
from server.log.port import Stored


def entry_line(state: State, stored: Stored, role: str = MODERATOR) -> bytes:
    """Return one entry as a line of NDJSON for a reader of `role`: `seq`, `at`, `by`, what it was (`do` and fields), its outcome."""
    command = read_command(stored.body)
    line: dict[str, Any] = {"seq": stored.seq, "at": stored.at, "by": stored.by or None}
    if role != MODERATOR and isinstance(command, _DESK_ALONE):
        return msgspec.json.encode({**line, "by": None, "do": None}) + b"\n"
    if command is None:
        line["do"] = None
    else:
        if _is_anonymous(state, command, stored.by):
            line["by"] = None
        fields: dict[str, Any] = msgspec.to_builtins(command)
        hidden = {"id", *_SECRETS.get(type(command), ())}
        if role != MODERATOR:
            hidden |= _of_the_desk(state, stored, command)
        line |= {name: value for name, value in fields.items() if name not in hidden}
        if role != MODERATOR and isinstance(command, Create):
            line["setup"].pop("link", None)
    outcome = state.outcome(stored.by, stored.key)
    if outcome is not None and outcome.code is not None:
        line["refused"] = outcome.code
    elif outcome is not None and outcome.made is not None:
        line["made"] = outcome.made
    return msgspec.json.encode(line) + b"\n"


_SECRETS: Mapping[type[Command], tuple[str, ...]] = {
    Create: ("tokens", "salt"),
    Join: ("token",),
    RenewRole: ("token", "asked_with"),
    Cast: ("answer",),
}


_OF_THE_DESK: Mapping[type[Command], tuple[str, ...]] = {
    RaiseHand: ("reason",),
    Decline: ("reason",),
    ChangeSettings: ("link",),
    MakePlan: ("topics",),
    EditPlan: ("task", "host"),
    Planned: ("seats", "quality"),
    SendMessage: ("room", "text"),
}
"""Fields that only the desk may see."""

_DESK_ALONE = (AskHelp, AssignSeat, Back, Choose, Coming, Enter, Gone, Helped, Leave)
"""Commands of which nobody but the desk may know that they were sent."""


def _is_anonymous(state: State, command: Command, by: str) -> bool:
    if isinstance(command, Ask):
        return command.anonymous
    if isinstance(command, EditQuestion | Withdraw | Vote):
        question = state.questions.items.get(command.question)
        return question is not None and question.anonymous and question.person == by
    return False


def _of_the_desk(state: State, stored: Stored, command: Command) -> set[str]:
    """Return the fields of a command that only the desk may see."""
    if type(command) in _OF_THE_DESK:
        return set(_OF_THE_DESK[type(command)])
    outcome = state.outcome(stored.by, stored.key)
    made = outcome.made if outcome else None
    if isinstance(command, Ask | EditQuestion):
        question = state.questions.items.get(made or "" if isinstance(command, Ask) else command.question)
        return set() if question is not None and question.state in (LIVE, ANSWERED) else {"text"}
    if isinstance(command, OpenPoll) and command.where not in (None, HALL, ROOMS):
        # With the ballots it would say who sits in that room.
        return {"where"}
    if isinstance(command, CreatePoll | EditPoll):
        poll = state.polls.items.get(made or "" if isinstance(command, CreatePoll) else command.poll)
        return set() if poll is not None and poll.opened is not None else {"prompt", "options", "settings"}
    return set()
