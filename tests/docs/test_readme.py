"""What the README and the page for contributors tell people to type exists, and the settings are those of the code."""

from __future__ import annotations

import json
import re
import shlex
from pathlib import Path

import click
import pytest

from server.importer import read_agenda
from server.main.cli import cli
from server.main.settings import SETTINGS
from tests.docs.pages import README, ROOT, code, fences, shell_lines, table

CONTRIBUTING = ROOT / "docs" / "contributing.md"
ASSIGNMENT = re.compile(r"([A-Z_]+)=\S*")

LINES = [(page, line) for page in (README, CONTRIBUTING) for line in shell_lines(page)]


def test_the_settings_table_is_that_of_the_code() -> None:
    documented = [
        (*code(row["Setting"]), row["Default"].strip("`"), row["Meaning"]) for row in table(README, "Setting")
    ]
    assert documented == [(setting.name, setting.default, setting.meaning) for setting in SETTINGS]


@pytest.mark.parametrize(("page", "line"), LINES, ids=[line for _, line in LINES])
def test_a_command_in_a_code_block_exists(page: Path, line: str) -> None:
    words = shlex.split(line)
    known = {setting.name for setting in SETTINGS}
    while match := ASSIGNMENT.fullmatch(words[0]):
        assert match[1] in known, f"{match[1]} is no setting"
        words.pop(0)
    program, *arguments = words
    match program:
        case "make":
            assert arguments[0] in make_targets()
        case ".venv/bin/baraza":
            assert_accepted(arguments)
        case ".venv/bin/pytest":
            named = [argument for argument in arguments if argument.startswith("tests")]
            assert all((ROOT / path).exists() for path in named)
        case "npm":
            assert arguments[-1] in json.loads((ROOT / "package.json").read_text("utf-8"))["scripts"]
        case _:
            pytest.fail(f"the block of {page.name} names {program}, which nothing here checks")


def test_every_make_target_is_in_its_help() -> None:
    shown = (ROOT / "Makefile").read_text("utf-8")
    for target in make_targets() - {"help", "system"}:
        assert f"@echo 'make {target} " in shown


def test_the_agenda_of_the_readme_is_understood_as_it_stands() -> None:
    [outline] = [text for text in fences(README, "text") if "?" in text]
    agenda = read_agenda(outline)
    assert agenda.warnings == ()
    assert [len(segment.questions) for segment in agenda.setup.segments] == [2, 1]
    assert agenda.setup.timezone == "Africa/Nairobi"


def make_targets() -> set[str]:
    [phony] = re.findall(r"^\.PHONY: (.+)$", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE)
    return set(phony.split())


def assert_accepted(arguments: list[str]) -> None:
    """Fail unless the command line takes these arguments; nothing is run and no file has to exist."""
    name, *rest = arguments
    assert isinstance(cli, click.Group)
    command = cli.get_command(click.Context(cli), name)
    assert command is not None, f"baraza has no command {name}"
    options = {text for parameter in command.params for text in (*parameter.opts, *parameter.secondary_opts)}
    assert {word for word in rest if word.startswith("--")} <= options | {"--help"}
