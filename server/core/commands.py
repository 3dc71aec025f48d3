"""All commands, and how bytes become one.

`CLIENT_COMMANDS` is what people may send; `SYSTEM_COMMANDS` only the server itself writes into the log.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Union

import msgspec

from server.core import agenda, breakouts, clock, notes, people, polls, questions, session, speakers
from server.core.base import Command
from server.core.refusals import Refusal

_CLIENT: tuple[type[Command], ...] = (
    session.Open,
    session.Close,
    session.ChangeSettings,
    session.Announce,
    session.ClearAnnouncement,
    people.Rename,
    people.ChangeGroup,
    people.ChangeLanguage,
    people.Remove,
    people.ChangeRole,
    agenda.Go,
    agenda.Next,
    agenda.Back,
    clock.StartClock,
    clock.PauseClock,
    clock.ResumeClock,
    clock.ExtendClock,
    agenda.SetAuto,
    agenda.Add,
    agenda.Edit,
    agenda.Move,
    agenda.Drop,
    speakers.RaiseHand,
    speakers.LowerHand,
    speakers.Call,
    speakers.NextSpeaker,
    speakers.Finish,
    speakers.Return,
    speakers.MoveSpeaker,
    speakers.OpenSpeakers,
    speakers.CloseSpeakers,
    speakers.SetPolicy,
    questions.Ask,
    questions.EditQuestion,
    questions.Withdraw,
    questions.Vote,
    questions.Approve,
    questions.Decline,
    questions.Restore,
    questions.Merge,
    questions.Pin,
    questions.Answer,
    questions.ChangeSettings,
    polls.Create,
    polls.EditPoll,
    polls.OpenPoll,
    polls.ClosePoll,
    polls.Publish,
    polls.Hide,
    polls.Rerun,
    polls.DropPoll,
    polls.Cast,
    polls.WithdrawBallot,
    notes.Write,
    notes.EditNote,
    notes.DropNote,
    notes.Lift,
    breakouts.MakePlan,
    breakouts.EditPlan,
    breakouts.AssignSeat,
    breakouts.OpenRooms,
    breakouts.Rotate,
    breakouts.ExtendRooms,
    breakouts.SendMessage,
    breakouts.CloseRooms,
    breakouts.DropPlan,
    breakouts.ShowNotes,
    breakouts.HideNotes,
    breakouts.Choose,
    breakouts.Leave,
    breakouts.Enter,
    breakouts.AskHelp,
    breakouts.Coming,
    breakouts.Helped,
    breakouts.LeaveHandover,
)
_SYSTEM: tuple[type[Command], ...] = (
    session.Create,
    session.Tick,
    people.Join,
    people.Gone,
    people.Back,
    people.RenewRole,
    breakouts.Planned,
)


def _by_tag(commands: tuple[type[Command], ...]) -> Mapping[str, type[Command]]:
    return {str(command.__struct_config__.tag): command for command in commands}


CLIENT_COMMANDS = _by_tag(_CLIENT)
SYSTEM_COMMANDS = _by_tag(_SYSTEM)

_client_decoder: msgspec.json.Decoder[Command] = msgspec.json.Decoder(Union[_CLIENT])  # noqa: UP007
_any_decoder: msgspec.json.Decoder[Command] = msgspec.json.Decoder(Union[_CLIENT + _SYSTEM])  # noqa: UP007


def parse_command(body: bytes) -> Command:
    """Return the command that a client's JSON means; `malformed`, `command.unknown` or `invalid` (naming the field) otherwise."""
    try:
        return _client_decoder.decode(body)
    except msgspec.ValidationError as error:
        raise _explain(error) from None
    except (msgspec.DecodeError, RecursionError, UnicodeDecodeError):
        # Deep nesting and bad UTF-8 are no DecodeError in msgspec.
        raise Refusal("malformed") from None


def read_command(body: bytes) -> Command | None:
    """Return the command of a stored entry, or None for one that this version does not know."""
    try:
        return _any_decoder.decode(body)
    except (msgspec.DecodeError, RecursionError, UnicodeDecodeError):
        return None


def encode_command(command: Command) -> bytes:
    """Return a command as it stands in the log."""
    return msgspec.json.encode(command)


def _explain(error: msgspec.ValidationError) -> Refusal:
    """Turn msgspec's words into a refusal that names the field: `Expected `str` - at `$.text`` blames `text`.

    So does `… - at `key` in `$.text``.
    """
    words, _, place = str(error).partition(" - at `")
    path = place.rpartition("$")[2]
    if words.startswith("Invalid value"):
        return Refusal("command.unknown", do="unknown")
    if "missing required field" in words or "contains unknown field" in words:
        field = words.rsplit("`", 2)[1]
        if field == "do":
            return Refusal("command.unknown", do="missing")
        return Refusal("invalid", **{field: "missing" if "missing" in words else "unknown"})
    if not path:
        return Refusal("malformed")
    return Refusal("invalid", **{path.strip("`").lstrip(".") or "do": words})
