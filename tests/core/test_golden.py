"""Logs that were written by this version and by earlier ones make the documents that they made then."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from server.core.base import Touched
from server.core.commands import CLIENT_COMMANDS, SYSTEM_COMMANDS, read_command
from server.core.fold import fold
from server.core.state import State
from tests.core import golden

LOGS = sorted(golden.FOLDER.glob("*.jsonl"))


@pytest.mark.parametrize("path", LOGS, ids=[path.stem for path in LOGS])
def test_a_log_makes_the_documents_that_it_made_when_it_was_written(path: Path) -> None:
    state = State()
    for entry in golden.entries(path.read_text("utf-8")):
        fold(state, entry, Touched())
    made = json.loads(json.dumps(golden.documents(state)))
    assert made == json.loads(path.with_suffix(".documents.json").read_text("utf-8"))


def test_every_command_occurs_in_the_log_of_the_present_version() -> None:
    log = golden.entries((golden.FOLDER / f"{golden.VERSION}.jsonl").read_text("utf-8"))
    known = {type(command) for entry in log if (command := read_command(entry.body)) is not None}
    assert known == {*CLIENT_COMMANDS.values(), *SYSTEM_COMMANDS.values()}
