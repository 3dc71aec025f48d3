"""Pages of events as people paste them are read as a person would read them.

Each `pages/<name>.txt` has a `pages/<name>.json` that says what must come out, the lines of the warnings included.
"""

from __future__ import annotations

import datetime as dt
import json
import re
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from server.importer import Imported, read_agenda
from server.importer.words import clean

PAGES = sorted((Path(__file__).parent / "pages").glob("*.txt"))


def summary(imported: Imported) -> dict[str, Any]:
    setup = imported.setup
    starts = setup.starts
    return {
        "title": setup.title,
        "starts": None
        if starts is None
        else dt.datetime.fromtimestamp(starts / 1000, ZoneInfo(setup.timezone)).isoformat(),
        "timezone": setup.timezone,
        "languages": list(setup.languages),
        "groups": [group.id for group in setup.groups],
        "segments": [
            {"title": segment.title, "questions": [[one.text, one.seconds] for one in segment.questions]}
            for segment in setup.segments
        ],
        "warnings": [[warning.line, warning.code] for warning in imported.warnings],
    }


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_a_pasted_page_becomes_the_session_it_announces(page: Path) -> None:
    assert summary(read_agenda(page.read_bytes())) == json.loads(page.with_suffix(".json").read_text("utf-8"))


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "cp1252"])
def test_the_encoding_of_a_file_makes_no_difference(encoding: str) -> None:
    text = (Path(__file__).parent / "pages" / "french.txt").read_bytes().decode("utf-8").replace("\u202f", " ")
    imported = read_agenda(text.encode(encoding))
    assert imported.setup == read_agenda(text).setup
    assert ("encoding" in {warning.code for warning in imported.warnings}) == (encoding == "cp1252")


FACTS = re.compile(r"(\*\*)?(When|Time|Date|Languages|Groups)|Mardi 14|Tuesday|الثلاثاء|2027-03-10|14 de octubre")


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_no_line_is_dropped_in_silence(page: Path) -> None:
    """Every line with words is in the setup, told a fact, or is within a warning."""
    text = clean(page.read_bytes().decode("utf-8"))
    imported = read_agenda(text)
    said = json.dumps(summary(imported), ensure_ascii=False)
    covered: set[int] = set()
    for warning in imported.warnings:
        if warning.line is not None:
            covered |= set(range(warning.line, warning.line + int(warning.params.get("n", 1))))
    for number, line in enumerate(text.split("\n"), 1):
        if number in covered or FACTS.match(line):
            continue
        dropped = [word for word in line.split() if word.isalpha() and word != "min" and word not in said]
        assert dropped == [], f"line {number}: {line}"
