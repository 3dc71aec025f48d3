"""What `baraza check FILE` prints; the sample session; the examples of the agenda page."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from server.importer import AgendaError, Kind, describe, describe_error, read_agenda, sample_setup, sample_text
from server.texts import Catalogues, resource

CATALOGUES = Catalogues.load(resource("static") / "locales", strict=True)
DOCS = Path(__file__).resolve().parents[2] / "docs" / "agenda.md"

PAGE = """# Dialogue
14 October 2025, 15:00 CET
Video rooms: https://meet.example/{session}-{room}
## Segment 1: Money
- Who pays? (10 min)
- Who decides? (90 s)
## Time
- Who waits?
- Nobody
"""

ENGLISH = """Dialogue

Starts: Tuesday 14 October 2025, 15:00 (Europe/Paris)
Languages: English (en)
Groups: Diaspora organisations, Public sector, Private sector, Academia, Youth
Video rooms: https://meet.example/{session}-{room}

Segment 1: Money
   1. Who pays? [10 min]
   2. Who decides? [1 min 30 s]

Segment 2: Time
   3. Who waits? [no clock]

3 guiding questions, 11 min 30 s in all

2 remarks:
  line 2: “CET” is not the name of a time zone; Europe/Paris was taken. If that is wrong, write the name in its place, \
for example: Europe/Paris, Europe/Berlin, Europe/Brussels, Africa/Algiers.
  line 9: List item left out, because it does not end in a question mark: “Nobody”.
"""


def test_check_prints_what_was_understood() -> None:
    assert describe(read_agenda(PAGE), CATALOGUES, "en") == ENGLISH


def test_check_speaks_french() -> None:
    said = describe(read_agenda(PAGE), CATALOGUES, "fr")
    assert "Début : mardi 14 octobre 2025, 15:00 (Europe/Paris)" in said
    assert "3 questions directrices, 11 min 30 s en tout" in said


def test_an_error_names_place_fault_and_remedy() -> None:
    with pytest.raises(AgendaError) as caught:
        read_agenda("title: A\nsegments:\n  - titel: B\n", "yaml")
    said = describe_error(caught.value, CATALOGUES, "en")
    assert said == (
        "This agenda cannot be read: 1 problem.\n  line 3, column 5, segments[0].titel: There is no field “titel”; "
        "did you mean “title”? Known names: title, questions.\n"
    )
    assert list(caught.value.fields(CATALOGUES, "fr")) == ["segments[0].titel"]


def test_the_sample_is_complete_in_both_languages() -> None:
    setup = sample_setup()
    assert [len(segment.questions) for segment in setup.segments] == [4, 4, 4]
    assert setup.languages == ("en", "fr")
    for segment in setup.segments:
        assert segment.title.keys() == {"en", "fr"}
        assert all(one.text.keys() == {"en", "fr"} and one.seconds >= 300 for one in segment.questions)
    assert [group.id for group in setup.groups] == ["diaspora", "public", "private", "academia", "youth"]
    imported = read_agenda(sample_text())
    assert (imported.setup, imported.warnings) == (setup, ())


def examples() -> list[tuple[str, str]]:
    return re.findall(r"```(\w+)\n(.*?)```", DOCS.read_text("utf-8"), re.DOTALL)


@pytest.mark.parametrize("number", range(4))
def test_the_examples_of_the_agenda_page_are_read(number: int) -> None:
    language, text = examples()[number]
    kinds: dict[str, Kind] = {"text": "outline", "yaml": "yaml", "json": "json"}
    imported = read_agenda(text, kinds[language])
    assert len(examples()) == 4
    assert read_agenda(text) == imported
    codes = {warning.code for warning in imported.warnings}
    assert codes <= {"navigation", "prose", "untranslated"}
    assert sum(len(segment.questions) for segment in imported.setup.segments) == [4, 2, 3, 1][number]
