"""The log as it may be handed out: one JSON line an entry, without keys and hashes, and without what the session keeps to itself.

A ballot's answer is left out, because results belong to the desk until they are published and a name beside a choice to nobody. Who
asked anonymously is left out, also where the same person edited or withdrew the question, or tried to vote for it, which is refused to
the author alone.
"""

from __future__ import annotations

from typing import Any

import msgspec

from server.core.commands import read_command
from server.core.people import Join, RenewRole
from server.core.polls import Cast
from server.core.questions import Ask, EditQuestion, Vote, Withdraw
from server.core.session import Create
from server.core.state import State
from server.log.port import Stored


def entry_line(state: State, stored: Stored) -> bytes:
    """Return one entry as a line of NDJSON: `seq`, `at`, `by`, what it was (`do` and fields), and its outcome."""
    command = read_command(stored.body)
    line: dict[str, Any] = {"seq": stored.seq, "at": stored.at, "by": stored.by or None}
    if command is None:
        line["do"] = None
    else:
        fields: dict[str, Any] = msgspec.to_builtins(command)
        fields.pop("id", None)
        if isinstance(command, Create):
            for secret in ("tokens", "salt"):
                fields.pop(secret, None)
        elif isinstance(command, Join | RenewRole):
            for secret in ("token", "asked_with"):
                fields.pop(secret, None)
        elif isinstance(command, Cast):
            fields.pop("answer", None)
        elif isinstance(command, Ask) and command.anonymous:
            line["by"] = None
        elif isinstance(command, EditQuestion | Withdraw | Vote):
            question = state.questions.items.get(command.question)
            if question is not None and question.anonymous and question.person == stored.by:
                line["by"] = None
        line |= fields
    outcome = state.outcome(stored.by, stored.key)
    if outcome is not None and outcome.code is not None:
        line["refused"] = outcome.code
    elif outcome is not None and outcome.made is not None:
        line["made"] = outcome.made
    return msgspec.json.encode(line) + b"\n"
