"""The rules by which a pasted page is read, one by one."""

from __future__ import annotations

import datetime as dt

import pytest

from server.core.setup import MAX_GUIDING_QUESTION, MAX_GUIDING_QUESTIONS, MAX_SEGMENTS, MAX_TITLE
from server.importer import AgendaError, Imported, read_agenda

HEAD = "# Dialogue\n\n"


def outline(text: str, language: str = "en") -> Imported:
    return read_agenda(text, "outline", language=language)


def questions(text: str) -> list[tuple[str, int]]:
    setup = outline(text).setup
    return [(next(iter(one.text.values())), one.seconds) for part in setup.segments for one in part.questions]


def segments(text: str) -> list[str]:
    return [next(iter(part.title.values())) for part in outline(text).setup.segments]


def codes(text: str) -> list[tuple[int | None, str]]:
    return [(warning.line, warning.code) for warning in outline(text).warnings]


@pytest.mark.parametrize(
    "bullet", ["-", "*", "•", "–", "—", "‣", "1.", "12)", "a)", "(b)", "iv.", "1.1", "Q1:", "\uf0b7"]
)
def test_any_usual_bullet_begins_a_guiding_question(bullet: str) -> None:
    assert questions(f"{HEAD}## Part\n{bullet} What works?\n") == [("What works?", 0)]


@pytest.mark.parametrize(
    ("item", "words", "seconds"),
    [
        ("What works? (10 min)", "What works?", 600),
        ("What works (10 min)?", "What works?", 600),
        ("What works? (5 minutes)", "What works?", 300),
        ("What works? [7']", "What works?", 420),
        ("What works? (7’)", "What works?", 420),
        ("What works? (90 s)", "What works?", 90),
        ("What works? (45 sec.)", "What works?", 45),
        ("What works? (1 h 30)", "What works?", 5400),
        ("What works? (1,5 min)", "What works?", 90),
        ("What works? – 10 min", "What works?", 600),
        ("What works? 10 min", "What works?", 600),
        ("(10 min) What works?", "What works?", 600),
        ("[10 min] What works?", "What works?", 600),
        ("**What works?** (10 min)", "What works?", 600),
        ("**What works? (10 min)**", "What works?", 600),
        ("_What works?_ (about 10 min)", "What works?", 600),
        ("What works? _(10 min)_", "What works?", 600),
        ("What works? **10 min**", "What works?", 600),
        ("Qu'est-ce qui marche (10 mn) ?", "Qu'est-ce qui marche ?", 600),
        ("Qu'est-ce qui marche\u00a0? (10\u202fmin)", "Qu'est-ce qui marche ?", 600),
        ("¿Qué funciona? (10 minutos)", "¿Qué funciona?", 600),
        ("何が役立ちますか？（10 min）", "何が役立ちますか？", 600),
        ("ما الذي ينجح؟ (١٠ دقائق)", "ما الذي ينجح؟", 600),
        ("ما الذي ينجح (10 دقائق)؟", "ما الذي ينجح؟", 600),
        ("What works in (rural) areas (e.g. 2 villages)?", "What works in (rural) areas (e.g. 2 villages)?", 0),
        ("“What works?” (2 min)", "“What works?”", 120),
        ("[ ] What works?", "What works?", 0),
        ("Which of the 10 minutes count?", "Which of the 10 minutes count?", 0),
    ],
)
def test_a_time_is_set_and_taken_out_of_the_question(item: str, words: str, seconds: int) -> None:
    assert questions(f"{HEAD}## Part\n- {item}\n") == [(words, seconds)]


@pytest.mark.parametrize(
    "heading",
    [
        "## Segment 1: Money",
        "### Money",
        "Money\n-----",
        "Money\n=====",
        "**Money**",
        "Segment 1: Money",
        "SEGMENT ONE - Money",
        "Segment 1 Money",
        "Session II – Money",
        "Séance 2 : Money",
        "Première partie : Money",
        "المحور الأول: Money",
        "Money",
        "Money:",
        "The diaspora: Money",
        "Where does the Money go?",
        "1. Money",
    ],
)
@pytest.mark.parametrize("gap", ["\n", "\n\n"])
def test_a_heading_above_questions_is_a_segment(heading: str, gap: str) -> None:
    text = f"{HEAD}A paragraph of prose that ends in a stop.\n\n{heading}{gap}- Who pays?\n"
    (title,) = segments(text)
    assert "Money" in title
    assert "-" * 4 not in title


def test_a_label_and_its_title_on_two_lines_are_one_heading() -> None:
    assert segments(f"{HEAD}SEGMENT ONE\nDiaspora and cities\n- Who pays?\n") == ["SEGMENT ONE: Diaspora and cities"]


def test_a_label_for_the_questions_is_no_segment() -> None:
    text = f"{HEAD}## Segment 1: Money\n### Objectives\n- To learn\n### Guiding questions\n- Who pays?\n"
    assert segments(text) == ["Segment 1: Money"]
    assert codes(text) == [(4, "heading"), (5, "list_item"), (6, "heading")]


def test_more_questions_below_a_label_stay_in_their_segment() -> None:
    text = f"{HEAD}## Money\n- Who pays?\n\nFurther questions:\n- Who decides?\n"
    assert segments(text) == ["Money"]
    assert len(questions(text)) == 2


def test_items_over_questions_of_their_own_are_headings() -> None:
    text = f"{HEAD}1. Money\n   - Who pays?\n2. Time\n   - Who waits?\n"
    assert segments(text) == ["Money", "Time"]


def test_a_credit_between_heading_and_questions_is_no_heading() -> None:
    text = f"{HEAD}## Money\n\nModerator: Awa Ba\n\n2:10 pm – 2:40 pm\n- Who pays?\n"
    assert segments(text) == ["Money"]


def test_wrapped_lines_of_an_item_are_joined() -> None:
    text = f"{HEAD}## Part\n- What makes a partnership with a city or with a\nMinistry last,\n  and for whom\n  (10 min)?\n- Why?"
    assert questions(text) == [
        ("What makes a partnership with a city or with a Ministry last, and for whom?", 600),
        ("Why?", 0),
    ]


def test_a_time_on_the_line_below_belongs_to_the_question() -> None:
    assert questions(f"{HEAD}## Part\n- What works?\n(10 min)\n") == [("What works?", 600)]


def test_a_remark_below_a_question_is_left_out_with_a_warning() -> None:
    text = f"{HEAD}## Part\n- What works?\n  Think of your own city.\n- Why?\n"
    assert questions(text) == [("What works?", 0), ("Why?", 0)]
    assert codes(text) == [(5, "prose")]


def test_a_short_list_before_a_plain_heading_does_not_swallow_it() -> None:
    text = f"{HEAD}Partners\n- UNDP\n- IOM\nMoney and skills\n- Who pays?\n"
    assert segments(text) == ["Money and skills"]


def test_a_heading_without_questions_is_no_segment_and_is_named() -> None:
    text = f"{HEAD}## About us\n\n## Money\n- Who pays?\n"
    assert segments(text) == ["Money"]
    assert codes(text) == [(3, "heading")]


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("# A\n## B\n- Q1 yes?\n", "A"),
        ("Home | About\nA line\n\n## B\n- Why?\n", "A line"),
        ("Skip to content\n\n## A\n\n### B\n- Why?\n", "A"),
        ("Some words first\n\n# A\n\n## B\n- Why?\n", "A"),
        ("A\n=\n\nB\n- Why?\n", "A"),
        ("A\n===\n\nB\n- Why?\n", "A"),
        ("Title: A: b\n## B\n- Why?\n", "A: b"),
        ("A plain title\n## Objectives\n- x\n## B\n- Why?\n", "A plain title"),
        (
            "An exchange – 14 October 2025, 15:00 (Europe/Paris)\n## B\n- Why?\n",
            "An exchange – 14 October 2025, 15:00 (Europe/Paris)",
        ),
        ("# Exchange, 14 October 2025\n## B\n- Why?\n", "Exchange, 14 October 2025"),
    ],
)
def test_the_title_is_the_first_heading_or_line_that_is_no_menu(text: str, title: str) -> None:
    assert outline(text).setup.title == {"en": title}


def test_questions_without_a_segment_go_into_one_named_from_the_title() -> None:
    text = f"{HEAD}- What works?\n"
    assert segments(text) == ["Dialogue"]
    assert codes(text) == [(3, "questions_without_segment")]


def test_texts_per_language_stand_below_or_beside() -> None:
    text = (
        "# Title\n[fr] Titre\n## Part\n[FR] Partie\n- What?\n  [fr] Quoi (5 min) ?\n- Why?\n- [fr] Pourquoi ?\n"
        "- How? (1 min)\n  [pt-BR] Como?\n"
    )
    setup = outline(text).setup
    assert setup.languages == ("en", "fr", "pt-BR")
    assert setup.title == {"en": "Title", "fr": "Titre"}
    assert setup.segments[0].title == {"en": "Part", "fr": "Partie"}
    assert [one.text for one in setup.segments[0].questions] == [
        {"en": "What?", "fr": "Quoi ?"},
        {"en": "Why?", "fr": "Pourquoi ?"},
        {"en": "How?", "pt-BR": "Como?"},
    ]
    assert [one.seconds for one in setup.segments[0].questions] == [300, 0, 60]


def test_a_page_marked_throughout_keeps_its_own_order_of_languages() -> None:
    text = "# [fr] Titre\n[en] Title\n## [fr] Partie\n- [fr] Quoi ?\n- [en] What?\n- [fr] Pourquoi ?\n- [en] Why?\n"
    setup = outline(text).setup
    assert setup.languages == ("fr", "en")
    assert [one.text for one in setup.segments[0].questions] == [
        {"fr": "Quoi ?", "en": "What?"},
        {"fr": "Pourquoi ?", "en": "Why?"},
    ]


def test_plain_texts_are_in_the_language_of_the_caller_unless_the_page_says_otherwise() -> None:
    assert outline(f"{HEAD}## A\n- B c?\n", "fr").setup.languages == ("fr",)
    assert outline(f"Langues : arabe, français\n{HEAD}## A\n- B c?\n").setup.languages == ("ar", "fr")
    assert codes(f"Languages: English, Klingonish\n{HEAD}## A\n- B?\n")[0] == (1, "unknown_languages")


def when(line: str) -> tuple[str | None, str]:
    setup = outline(f"# Dialogue\n\n{line}\n\n## Part\n- What works?\n").setup
    if setup.starts is None:
        return None, setup.timezone
    moment = dt.datetime(1970, 1, 1, tzinfo=dt.UTC) + dt.timedelta(milliseconds=setup.starts)
    return moment.isoformat()[:16], setup.timezone


@pytest.mark.parametrize(
    ("line", "utc", "zone"),
    [
        ("Tuesday, 14 October 2025, 3:00-5:00 PM CET", "2025-10-14T13:00", "Europe/Paris"),
        ("10 March 2027, 14:00 (Europe/Paris)", "2027-03-10T13:00", "Europe/Paris"),
        ("October 14th, 2025 at 3 pm, Africa/Nairobi", "2025-10-14T12:00", "Africa/Nairobi"),
        ("Oct. 14, 2025 | 11:00–1:00 PM America/New_York", "2025-10-14T15:00", "America/New_York"),
        ("14 Oct 2025 15:00 UTC", "2025-10-14T15:00", "UTC"),
        ("14 Oct 2025, 12:30 a.m. GMT", "2025-10-14T00:30", "UTC"),
        ("14 Oct 2025, 15:00 UTC+3", "2025-10-14T12:00", "Etc/GMT-3"),
        ("2027-03-10 14:00 Europe/Paris", "2027-03-10T13:00", "Europe/Paris"),
        ("2027-03-10T14:00 Africa/Addis Ababa", "2027-03-10T11:00", "Africa/Addis_Ababa"),
        ("mardi 14 octobre 2025, 15h00 – 17h00 (heure de Paris)", "2025-10-14T13:00", "Europe/Paris"),
        ("le 14 octobre 2025 à 15 h (Europe/Paris)", "2025-10-14T13:00", "Europe/Paris"),
        ("1er mars 2027 de 9h30 à 11h, Africa/Dakar", "2027-03-01T09:30", "Africa/Dakar"),
        ("14. Oktober 2025, 15.00 Uhr, Europe/Berlin", "2025-10-14T13:00", "Europe/Berlin"),
        ("14 de octubre de 2025, 17:00 (hora de Madrid)", "2025-10-14T15:00", "Europe/Madrid"),
        ("الثلاثاء 14 أكتوبر 2025، 15:00 (Africa/Cairo)", "2025-10-14T12:00", "Africa/Cairo"),
        ("14/10/2025 15:00 Europe/London", "2025-10-14T14:00", "Europe/London"),
        ("14-15 October 2025, 09:00 Europe/London", "2025-10-14T08:00", "Europe/London"),
        ("Date: 14 October 2025\nTime: 15:00 – 17:00 (Nairobi time)", "2025-10-14T12:00", "Africa/Nairobi"),
        ("- Date: 14 October 2025\n- Time: 3pm\n- Time zone: Africa/Accra", "2025-10-14T15:00", "Africa/Accra"),
        ("Published 1 May 2025, 08:00\n\n14 October 2025, 15:00 UTC", "2025-10-14T15:00", "UTC"),
        ("14 October 2025", None, "UTC"),
        ("Sometime in October, 15:00", None, "UTC"),
        ("31 February 2025, 15:00", None, "UTC"),
        ("Room 4, 25:00 h", None, "UTC"),
        ("All times are Asia/Tokyo times.", None, "Asia/Tokyo"),
    ],
)
def test_date_hour_and_zone_are_found_in_prose(line: str, utc: str | None, zone: str) -> None:
    assert when(line) == (utc, zone)


@pytest.mark.parametrize(
    ("line", "code"),
    [
        ("14 October 2025, 15:00 CET", "zone_abbreviation"),
        ("14 October 2025, 15:00 UTC+3", "zone_offset"),
        ("14 October 2025, 15:00 (Nairobi)", "zone_city"),
        ("14 October 2025, 15:00", "no_timezone"),
        ("14 October 2025", "date_without_time"),
        ("03/04/2027, 15:00 Europe/Paris", "date_ambiguous"),
        ("26 October 2025, 02:30 Europe/Paris", "clock_change"),
        ("30 March 2025, 02:30 Europe/Paris", "clock_change"),
        ("Join us on 14 October 2025, 15:00 UTC in the great hall", "prose"),
    ],
)
def test_what_was_assumed_of_the_date_is_a_warning(line: str, code: str) -> None:
    assert (3, code) in codes(f"{HEAD}{line}\n\n## Part\n- What works?\n")


def test_an_abbreviation_names_its_candidates() -> None:
    (warning,) = outline(f"{HEAD}14 October 2025, 15:00 CET\n## Part\n- What works?\n").warnings
    assert "Europe/Berlin" in str(warning.params["candidates"])


def test_a_zone_name_elsewhere_wins_over_an_abbreviation() -> None:
    text = f"{HEAD}14 October 2025, 15:00 CET\n## Part\n- What works?\n\nTime zone: Africa/Algiers\n"
    assert outline(text).setup.timezone == "Africa/Algiers"


def test_the_default_groups_speak_every_language_of_the_catalogues() -> None:
    groups = outline(f"{HEAD}## Part\n- What works?\n").setup.groups
    assert [group.id for group in groups] == ["diaspora", "public", "private", "academia", "youth"]
    assert all({"en", "fr"} <= group.name.keys() for group in groups)


def test_a_groups_line_names_the_groups() -> None:
    groups = outline(f"{HEAD}Groups: Secteur privé, None, 青年, 学者\n## Part\n- What works?\n").setup.groups
    assert [group.id for group in groups] == ["secteur-prive", "group-2", "group-3", "group-4"]


@pytest.mark.parametrize(
    ("text", "line", "code"),
    [
        ("", None, "empty"),
        (" \n\u200b\ufeff\n", None, "empty"),
        ("# Title\nNothing but prose.\n- An item.\n", None, "no_questions"),
        ("# Title\n## Part\nWhat works?\nWhy?\n", 3, "no_bulleted_questions"),
        ("- What works?\n", 1, "missing_title"),
        (f"{HEAD}- What works? (99999 min)\n", 3, "bad_duration"),
        (f"{HEAD}- {'x' * MAX_GUIDING_QUESTION}?\n", 3, "too_long"),
        (f"# {'x' * (MAX_TITLE + 1)}\n## A\n- What works?\n", 1, "too_long"),
        (
            HEAD + "".join(f"## S{n}\n- Q?\n" for n in range(MAX_SEGMENTS + 1)),
            3 + 2 * MAX_SEGMENTS,
            "too_many_segments",
        ),
        (HEAD + "## S\n" + "- Q?\n" * (MAX_GUIDING_QUESTIONS + 1), 4 + MAX_GUIDING_QUESTIONS, "too_many_questions"),
        (f"Groups: {','.join(f'g{n}' for n in range(31))}\n{HEAD}## S\n- Q?\n", 1, "too_many_groups"),
        (f"Groups: {'g' * 301}\n{HEAD}## S\n- Q?\n", 1, "too_long"),
        (
            "Languages: en, fr, es, pt, de, it, nl, ar, sw, tr, ru\n# A\n## S\n- Q?\n",
            None,
            "too_many_languages",
        ),
        (f"Time zone: Nowhere\n{HEAD}## S\n- Q?\n", 1, "unknown_zone"),
        ("x" * (256 * 1024 + 1), None, "too_large"),
        ("é" * (128 * 1024 + 1), None, "too_large"),
    ],
)
def test_what_cannot_be_read_says_where_and_why(text: str, line: int | None, code: str) -> None:
    with pytest.raises(AgendaError) as caught:
        outline(text)
    assert (line, code) in [(problem.line, problem.code) for problem in caught.value.problems]


def test_a_flood_of_remarks_is_counted_not_listed() -> None:
    warnings = outline(f"{HEAD}## Part\n- What works?\n" + "- an item\n" * 500).warnings
    assert len(warnings) == 200
    assert (warnings[-1].code, warnings[-1].params["n"]) == ("more", 301)


LINK = "https://meet.example/{session}-{room}"


@pytest.mark.parametrize(
    "line",
    [
        f"Video rooms: {LINK}",
        f"- Breakout rooms: <{LINK}>",
        f"**Video rooms:** `{LINK}`",
        f"Link: {LINK}",
        f"Salles vidéo : {LINK}",
        f"Salons virtuels : {LINK}.",
        f"Salas de vídeo: {LINK}",
        f"Salas virtuales: {LINK}",
        f"Salas simultâneas: {LINK}",
        f"غرف الفيديو: {LINK}",
    ],
)
def test_the_address_of_the_video_rooms_is_found(line: str) -> None:
    imported = outline(f"{HEAD}{line}\n\n## Part\n- What works?\n", "en")
    assert (imported.setup.link, imported.warnings) == (LINK, ())


def test_an_address_may_hold_what_elsewhere_asks_or_dates() -> None:
    link = "https://meet.example/2027-03-10?room={room}"
    setup = outline(f"{HEAD}Video rooms: {link}\n\n## Part\n- What works?\n").setup
    assert (setup.link, setup.starts) == (link, None)


@pytest.mark.parametrize(
    ("line", "code"),
    [
        ("Video rooms: https://meet.example/hall", "link_room"),
        ("Video rooms: https://meet.example/{raum}", "link_field"),
        ("Video rooms: http://meet.example/{room}", "link_address"),
        ("Video rooms: meet.example/{room}", "link_address"),
        (f"Video rooms: https://meet.example/{{room}}{'x' * 500}", "link_long"),
        ("Breakout rooms: four.", "prose"),
        ("Link: https://meet.example/hall", "prose"),
    ],
)
def test_an_address_that_cannot_serve_is_left_out_with_a_remark(line: str, code: str) -> None:
    imported = outline(f"{HEAD}{line}\n\n## Part\n- What works?\n")
    assert imported.setup.link is None
    assert [(warning.line, warning.code) for warning in imported.warnings] == [(3, code)]
