"""The protocol page says what the code does: commands, who may send them, their fields, close codes."""

from __future__ import annotations

import msgspec
import pytest

from server.core.base import MODERATOR, PARTICIPANT, RAPPORTEUR
from server.core.commands import CLIENT_COMMANDS
from server.protocol.closes import CloseCode
from tests.docs.pages import PROTOCOL, Row, code, table

LETTERS = {"P": PARTICIPANT, "M": MODERATOR, "R": RAPPORTEUR}
OUTSIDE_THE_LOG = {"react"}


def documented() -> dict[str, Row]:
    return {do: row for row in table(PROTOCOL, "`do`") for do in code(row["`do`"])}


def test_every_command_is_documented_and_no_other() -> None:
    assert documented().keys() == CLIENT_COMMANDS.keys() | OUTSIDE_THE_LOG


@pytest.mark.parametrize("do", CLIENT_COMMANDS)
def test_who_may_send_a_command_is_documented(do: str) -> None:
    assert {LETTERS[letter] for letter in documented()[do]["who"].split()} == CLIENT_COMMANDS[do].roles


@pytest.mark.parametrize("do", CLIENT_COMMANDS)
def test_the_fields_of_a_command_are_documented(do: str) -> None:
    words = code(documented()[do]["fields"])
    for field in msgspec.structs.fields(CLIENT_COMMANDS[do]):
        if field.encode_name == "id":
            continue
        optional = f"{field.encode_name}?" in words
        assert optional or field.encode_name in words, f"{field.encode_name} is missing"
        assert not (optional and field.required), f"{field.encode_name} is required"


def test_what_goes_on_after_the_end_is_documented() -> None:
    _, _, after = PROTOCOL.read_text("utf-8").partition("`session.ended` but ")
    goes_on = {tag for tag, command in CLIENT_COMMANDS.items() if command.after_end}
    assert set(code(after.partition("\n\n")[0])) == goes_on | OUTSIDE_THE_LOG


def test_close_codes_are_documented() -> None:
    rows = table(PROTOCOL, "close code")
    assert {int(row["close code"]) for row in rows} == set(CloseCode)
    for row in rows:
        stays_away = 4000 <= int(row["close code"]) < 4100
        assert row["come back?"].startswith("no" if stays_away else "yes"), row
