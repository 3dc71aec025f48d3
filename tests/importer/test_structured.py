"""YAML and JSON agendas: friendly to what people write, exact about what is wrong."""

from __future__ import annotations

import datetime as dt
import io
import json
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from ruamel.yaml import YAML

from server.core.setup import MAX_SECONDS, GroupSetup, GuidingQuestionSetup, SegmentSetup, Setup
from server.importer import AgendaError, Kind, read_agenda
from server.importer.words import tidy
from server.importer.zones import ABBREVIATIONS

YAML_AGENDA = """
title: Partnerships that last
starts: 2027-03-10T14:00
timezone: Europe/Paris
languages: [en, fr]
link: https://meet.example/{session}-{room}
groups:
  - Diaspora organisations
  - {id: public, name: {en: Public sector, fr: Secteur public}}
segments:
  - title: {en: With cities, fr: Avec les villes}
    questions:
      - What works?
      - What fails? (10 min)
      - {text: "Why: for whom?", minutes: 7.5}
      - text: {en: What next?, fr: Et ensuite ?}
        seconds: 90
      - {en: Who?, fr: Qui ?}
  - title: NO
    questions:
      - text: 12:30
        minutes: 5 min
"""


def problems(text: str, kind: Kind | None = "yaml") -> list[tuple[str, str, int | None]]:
    with pytest.raises(AgendaError) as caught:
        read_agenda(text, kind)
    return [(problem.code, problem.place.path, problem.line) for problem in caught.value.problems]


def test_a_friendly_yaml_agenda_is_read() -> None:
    setup = read_agenda(YAML_AGENDA).setup
    assert setup == Setup(
        title={"en": "Partnerships that last"},
        starts=int(dt.datetime(2027, 3, 10, 13, tzinfo=dt.UTC).timestamp() * 1000),
        timezone="Europe/Paris",
        languages=("en", "fr"),
        link="https://meet.example/{session}-{room}",
        groups=(
            GroupSetup("diaspora-organisations", {"en": "Diaspora organisations"}),
            GroupSetup("public", {"en": "Public sector", "fr": "Secteur public"}),
        ),
        segments=(
            SegmentSetup(
                {"en": "With cities", "fr": "Avec les villes"},
                (
                    GuidingQuestionSetup({"en": "What works?"}),
                    GuidingQuestionSetup({"en": "What fails?"}, 600),
                    GuidingQuestionSetup({"en": "Why: for whom?"}, 450),
                    GuidingQuestionSetup({"en": "What next?", "fr": "Et ensuite ?"}, 90),
                    GuidingQuestionSetup({"en": "Who?", "fr": "Qui ?"}),
                ),
            ),
            SegmentSetup({"en": "NO"}, (GuidingQuestionSetup({"en": "12:30"}, 300),)),
        ),
    )


def test_texts_without_a_translation_are_counted() -> None:
    (warning,) = read_agenda(YAML_AGENDA).warnings
    assert (warning.code, warning.params, warning.line) == ("untranslated", {"language": "fr", "n": 6}, 2)


def test_the_same_agenda_as_json_is_the_same_session() -> None:
    builtins = YAML(typ="safe", pure=True).load(YAML_AGENDA)
    assert read_agenda(json.dumps(builtins, default=str)).setup == read_agenda(YAML_AGENDA).setup


def start(fields: str) -> tuple[int | None, str]:
    setup = read_agenda(f"{fields}\ntitle: A\nsegments: [{{title: B, questions: [C?]}}]\n", "yaml").setup
    return setup.starts, setup.timezone


@pytest.mark.parametrize(
    ("fields", "starts", "zone"),
    [
        ("starts: 2027-03-10T14:00", "2027-03-10T14:00Z", "UTC"),
        ("starts: 2027-03-10 14:00\ntimezone: Europe/Paris", "2027-03-10T13:00Z", "Europe/Paris"),
        ("starts: 2027-03-10T14:00+03:00\ntimezone: Europe/Paris", "2027-03-10T11:00Z", "Europe/Paris"),
        ("starts: 2027-03-10t14:00:00z", "2027-03-10T14:00Z", "UTC"),
        ("date: 2027-03-10\ntime: '14:00'\ntimezone: africa/nairobi", "2027-03-10T11:00Z", "Africa/Nairobi"),
        ("starts: 2027-03-10\ntime: 2 pm\ntimezone: UTC", "2027-03-10T14:00Z", "UTC"),
        ("starts: 10 March 2027, 14:00 (Europe/Paris)", "2027-03-10T13:00Z", "Europe/Paris"),
        ("starts: 10 March 2027, 14:00 CET", "2027-03-10T13:00Z", "Europe/Paris"),
        ("date: 10 mars 2027\ntime: 14h30\ntimezone: CET", "2027-03-10T13:30Z", "Europe/Paris"),
        ("starts: 2027-03-10T14:00\ntimezone: UTC+3", "2027-03-10T11:00Z", "Etc/GMT-3"),
        ("starts: 1804687200000\ntimezone: Europe/Paris", "2027-03-10T14:00Z", "Europe/Paris"),
        ("timezone: Etc/UTC", None, "UTC"),
        ("date: 2027-03-10", None, "UTC"),
        ("starts:", None, "UTC"),
    ],
)
def test_the_start_is_read_in_any_sensible_form(fields: str, starts: str | None, zone: str) -> None:
    expected = None if starts is None else int(dt.datetime.fromisoformat(starts).timestamp() * 1000)
    assert start(fields) == (expected, zone)


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ("starts: 2027-03-10T14:00", "no_timezone"),
        ("starts: 2027-03-10T14:00+03:00", "no_timezone"),
        ("starts: 2027-03-28T02:30\ntimezone: Europe/Paris", "clock_change"),
        ("date: 2027-03-10\ntimezone: UTC", "date_without_time"),
        ("date: 03/04/2027\ntime: '14:00'\ntimezone: UTC", "date_ambiguous"),
        ("timezone: CET", "zone_abbreviation"),
        ("timezone: UTC+3", "zone_offset"),
        ("starts: 10 March 2027, 14:00 (Nairobi)", "zone_city"),
    ],
)
def test_what_was_assumed_of_the_start_is_a_warning(fields: str, code: str) -> None:
    warnings = read_agenda(f"{fields}\ntitle: A\nsegments: [{{title: B, questions: [C?]}}]\n", "yaml").warnings
    assert [(warning.code, warning.line) for warning in warnings] == [(code, 1)]


def test_the_first_of_the_languages_takes_the_plain_texts() -> None:
    text = "title: {fr: Titre, ar: عنوان}\nsegments: [{title: B, questions: [C?]}]\n"
    setup = read_agenda(text, "yaml").setup
    assert setup.languages == ("fr", "ar")
    assert setup.segments[0].title == {"fr": "B"}
    said = read_agenda("languages: ar, fr\n" + text, "yaml").setup
    assert said.languages == ("ar", "fr")
    assert said.segments[0].title == {"ar": "B"}


def test_a_language_that_the_session_does_not_offer_is_kept_with_a_warning() -> None:
    imported = read_agenda("title: {en: A, de: B}\nlanguages: [en]\nsegments: [{title: B, questions: [C?]}]", "yaml")
    assert imported.setup.title == {"en": "A", "de": "B"}
    assert [warning.code for warning in imported.warnings] == ["extra_language"]


def test_the_language_of_plain_texts_is_guessed_where_it_is_plain() -> None:
    question = "Quelles sont les leçons du travail avec la ville ?"
    text = f"title: Le dialogue\nsegments: [{{title: La ville et les associations, questions: [{question}]}}]"
    imported = read_agenda(text, "yaml")
    assert imported.setup.languages == ("fr",)
    assert [warning.code for warning in imported.warnings] == ["language_guessed"]
    assert read_agenda(text, "yaml", language="fr").warnings == ()


def test_empty_parts_are_allowed_with_a_warning() -> None:
    imported = read_agenda('{"title": "A", "segments": []}')
    assert [warning.code for warning in imported.warnings] == ["no_segments"]
    imported = read_agenda('{"title": "A", "segments": [{"title": "B"}]}')
    assert [warning.code for warning in imported.warnings] == ["segment_without_questions"]


Q = "segments[0].questions[0]"
ONE = "title: A\nsegments: [{title: B, questions: [%s]}]\n"
IN_JSON = '{"title": "A", "segments": [{"title": "B", "questions": [%s]}]}'
OK = "title: A\nsegments: [{title: B, questions: [C?]}]\n"


@pytest.mark.parametrize(
    ("text", "code", "path", "line"),
    [
        ("- a\n", "expected_mapping", "", 1),
        ("title: A\nsegments: B\n", "expected_list", "segments", 2),
        ("title: A\nsegments: [B]\n", "expected_mapping", "segments[0]", 2),
        ("title: [A]\nsegments: []\n", "expected_text", "title", 1),
        ("title: {en: [A]}\nsegments: []\n", "expected_text", "title.en", 1),
        ("title: ''\nsegments: []\n", "empty_text", "title", 1),
        ("title: {}\nsegments: []\n", "empty_text", "title", 1),
        ("title: {English: A}\nsegments: []\n", "bad_language", "title.English", 1),
        ("title: {'': A}\nsegments: []\n", "bad_language", "title.", 1),
        ("segments: []\n", "missing_title", "", 1),
        ("title: A\n", "missing_segments", "", 1),
        ("title: A\nsegments:\n  - questions: [C?]\n", "missing_title", "segments[0]", 3),
        (ONE % "{minutes: 5}", "missing_text", Q, 2),
        (OK + "groups: [{id: a}]\n", "missing_text", "groups[0]", 3),
        ("titel: A\nsegments: []\n", "misspelt_field", "titel", 1),
        (OK + "colour: red\n", "unknown_field", "colour", 3),
        (OK + "groups: [{id: a, name: A, nmae: B}]\n", "misspelt_field", "groups[0].nmae", 3),
        (OK + "languages: [english]\n", "bad_language", "languages[0]", 3),
        (OK + "languages: [[en]]\n", "bad_language", "languages[0]", 3),
        (OK + "languages: 'en, fr_FR'\n", "bad_language", "languages", 3),
        (OK + f"languages: [{', '.join(f'en-a{n}' for n in range(10, 21))}]\n", "too_many_languages", "languages", 3),
        (OK + "groups: [{id: None, name: A}]\n", "bad_group_id", "groups[0].id", 3),
        (OK + "groups: [{id: none, name: A}]\n", "bad_group_id", "groups[0].id", 3),
        (OK + "groups: [{id: a, name: A}, {id: a, name: B}]\n", "duplicate_group", "groups[1]", 3),
        (OK + f"groups: [{', '.join(f'g{n}' for n in range(31))}]\n", "too_many_groups", "groups", 3),
        (OK + "timezone: Pari\n", "unknown_zone", "timezone", 3),
        (OK + "starts: soon\n", "bad_start", "starts", 3),
        (OK + "starts: 2027-13-10T14:00\n", "bad_start", "starts", 3),
        (OK + "starts: 9999-12-31T23:00\n", "bad_start", "starts", 3),
        (OK + "starts: 99999999999999999\n", "bad_start", "starts", 3),
        (OK + "starts: 10 March 2027, 99:00\n", "bad_start", "starts", 3),
        (OK + "date: soon\ntime: '14:00'\n", "bad_date", "date", 3),
        (OK + "time: '14:00'\n", "bad_date", "time", 3),
        (OK + "date: 2027-03-10\ntime: noonish\n", "bad_time", "time", 4),
        (OK + "starts: 2027-03-10T14:00\ntime: '14:00'\n", "two_starts", "time", 4),
        (OK + "starts: 2027-03-10T14:00\ndate: 2027-03-10\n", "two_starts", "date", 4),
        (ONE % "{text: C, minutes: -1}", "bad_duration", Q + ".minutes", 2),
        (ONE % "{text: C, minutes: 1441}", "bad_duration", Q + ".minutes", 2),
        (ONE % "{text: C, minutes: ten}", "bad_duration", Q + ".minutes", 2),
        (ONE % "{text: C, seconds: [1]}", "bad_duration", Q + ".seconds", 2),
        (ONE % "{text: C, minutes: 1, seconds: 1}", "two_durations", Q + ".seconds", 2),
        ("title: A\nsegments:\n- title: B\n  questions:\n  - What works: and why?\n", "unquoted_colon", Q, 5),
        (OK + "link: https://meet.example/hall\n", "link_room", "link", 3),
        (OK + "link: https://meet.example/{raum}\n", "link_field", "link", 3),
        (OK + "link: ftp://meet.example/{room}\n", "link_address", "link", 3),
        (OK + f"link: https://meet.example/{{room}}{'x' * 500}\n", "link_long", "link", 3),
        (f"title: {'x' * 301}\nsegments: []\n", "too_long", "title", 1),
        (f"title: A\nsegments: [{{title: B, questions: [{'x' * 1001}]}}]\n", "too_long", Q, 2),
        (f"title: A\nsegments: [{', '.join(['{title: B}'] * 31)}]\n", "too_many_segments", "segments", 2),
        (f"title: A\nsegments: [{{title: B, questions: [{', '.join(['C'] * 201)}]}}]\n", "too_many_questions", "segments[0].questions", 2),
        ("title: A\nsegments:\n" + f"- {{title: B, questions: [{'C, ' * 101}]}}\n" * 2, "too_many_questions", "segments", 2),
        ("title: A\ntitle: B\nsegments: []\n", "duplicate_key", "title", 2),
        ("title: &a A\nsegments: []\n", "yaml_alias", "title", 1),
        ("title: *a\nsegments: []\n", "yaml_alias", "title", 1),
        ("title: !!str A\nsegments: []\n", "yaml_tag", "title", 1),
        ("? [a]\n: b\n", "bad_key", "", 1),
        ("title: 'A\nsegments: []\n", "yaml_syntax", "", 3),
        ("title: A\n---\ntitle: B\n", "yaml_syntax", "", 2),
        ("title: \"\\xZZ\"\n", "yaml_syntax", "", 1),
        ("title: " + "[" * 20 + "]" * 20 + "\n", "too_nested", "title" + "[0]" * 12, 1),
        ("title: [" + "a," * 20_001 + "]\n", "too_many_values", "title[19998]", 1),
    ],
)  # fmt: skip
def test_a_wrong_yaml_agenda_says_where_and_what(text: str, code: str, path: str, line: int) -> None:
    assert (code, path, line) in problems(text)


@pytest.mark.parametrize(
    ("text", "code", "path", "line"),
    [
        ('{"title": "A",\n "segments": [}', "json_syntax", "", 2),
        ('{"title": "A"', "json_syntax", "", 1),
        ('{"title": "A", "title": "B"}', "duplicate_key", "title", None),
        ('{"title": true, "segments": []}', "expected_text", "title", None),
        (IN_JSON % '{"text": "C", "minutes": 1e400}', "bad_duration", Q + ".minutes", None),
        ('{"title": "A", "starts": -1, "segments": []}', "bad_start", "starts", None),
        ("[" * 100_000, "too_nested", "", None),
        ('{"title": NaN}', "json_syntax", "", None),
        ('{"title": "\\ud800", "segments": []}', "empty_text", "title", None),
        ("9" * 5000, "json_syntax", "", None),
        ("[" * 500 + "]" * 500, "too_nested", "[0]" * 13, None),
    ],
)  # fmt: skip
def test_a_wrong_json_agenda_says_where_and_what(text: str, code: str, path: str, line: int | None) -> None:
    assert (code, path, line) in problems(text, "json")


def test_the_column_of_a_json_error_counts_characters() -> None:
    with pytest.raises(AgendaError) as caught:
        read_agenda('{\n "é": tru}', "json")
    assert caught.value.problems[0].place.column == 7


def test_every_problem_is_named_at_once_in_reading_order() -> None:
    text = "titel: A\nsegments:\n  - title: B\n    questions: [{text: C, minutes: x}, {txt: D}]\ntimezone: Pari\n"
    assert [code for code, _, _ in problems(text)] == [
        "misspelt_field",
        "bad_duration",
        "misspelt_field",
        "unknown_zone",
    ]


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ('{"title": "A", "segments": []}', "json"),
        ("{title: A, segments: []}", "yaml"),
        ('["a"]', "json"),
        ("[fr] Titre\n## S\n- Q ?", "outline"),
        ("title: A\nsegments:\n  - title: B\n", "yaml"),
        ("title: A\nsegment:\n  - title: B\n", "yaml"),
        ("title: A\nquestions:\n  - B?\n", "yaml"),
        ("Title: A\nSegments: three\n- Q?\n", "outline"),
        ("# A\n## B\n- C?", "outline"),
    ],
)
def test_the_form_is_guessed(text: str, kind: str) -> None:
    def outcome(chosen: Kind | None) -> object:
        try:
            return read_agenda(text, chosen)
        except AgendaError as error:
            return error.problems

    assert outcome(None) == outcome(kind)  # type: ignore[arg-type]


WORDS = st.text(
    st.characters(exclude_categories=["Cc", "Cs", "Cn", "Co"]) | st.sampled_from("?:#-{}[]'\"&*!|>%@`, "), min_size=1, max_size=40
).map(tidy).filter(bool)  # fmt: skip
LANGUAGES = st.lists(st.sampled_from(["en", "fr", "ar", "pt-BR", "sw"]), min_size=1, max_size=3, unique=True)


@st.composite
def setups(draw: st.DrawFn) -> Setup:
    languages = draw(LANGUAGES)

    def text() -> dict[str, str]:
        chosen = draw(st.lists(st.sampled_from(languages), min_size=1, unique=True))
        return {lang: draw(WORDS) for lang in chosen}

    def question() -> GuidingQuestionSetup:
        return GuidingQuestionSetup(text(), draw(st.integers(0, MAX_SECONDS)))

    def segment() -> SegmentSetup:
        return SegmentSetup(text(), tuple(question() for _ in range(draw(st.integers(0, 3)))))

    ids = draw(st.lists(st.from_regex(r"[a-z][a-z0-9_-]{0,31}", fullmatch=True), min_size=1, max_size=3, unique=True))
    return Setup(
        title=text(),
        segments=tuple(segment() for _ in range(draw(st.integers(0, 3)))),
        languages=tuple(languages),
        groups=tuple(GroupSetup(group, text()) for group in ids if group != "none") or (GroupSetup("a", text()),),
        starts=draw(st.none() | st.integers(10**9, 32_000_000_000_000)),
        timezone=draw(st.sampled_from(["UTC", "Europe/Paris", "Asia/Kolkata", "Etc/GMT-3"])),
    )


@given(setups())
def test_a_setup_as_json_reads_back_equal(setup: Setup) -> None:
    assert read_agenda(msgspec.json.encode(setup), "json").setup == setup
    assert read_agenda(msgspec.json.encode(setup)).setup == setup


@given(setups())
def test_a_setup_as_yaml_reads_back_equal(setup: Setup) -> None:
    assert read_agenda(as_yaml(msgspec.to_builtins(setup)), "yaml").setup == setup


@given(setups())
def test_what_was_read_is_a_valid_setup(setup: Setup) -> None:
    read = read_agenda(msgspec.json.encode(setup)).setup
    assert msgspec.convert(msgspec.to_builtins(read), Setup, strict=False) == setup


def as_yaml(value: Any) -> str:
    yaml = YAML(typ="safe", pure=True)
    yaml.default_flow_style = False
    yaml.allow_unicode = True
    stream = io.StringIO()
    yaml.dump(value, stream)
    return stream.getvalue()


def test_every_abbreviation_stands_for_zones_that_exist() -> None:
    for zones in ABBREVIATIONS.values():
        for zone in zones:
            assert start(f"timezone: {zone}") == (None, zone)
