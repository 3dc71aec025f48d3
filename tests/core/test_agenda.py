"""Agenda: what is on stage, its clock, rotation at one instant, and changes while the session runs."""

from __future__ import annotations

import pytest

from server.core.fold import next_deadline
from tests.support.world import World


@pytest.fixture
def world() -> World:
    return World()


def test_next_walks_through_all_segments_and_ends_at_the_last_question(world: World) -> None:
    walked = []
    current = None
    for _ in range(3):
        world.done(world.moderator, "agenda.next", current=current)
        current = world.doc("stage")["agenda"]["current"]
        walked.append(current)
    assert walked == ["q1.1", "q1.2", "q2.1"]
    assert world.refused(world.moderator, "agenda.next", current="q2.1") == "agenda.last"


def test_two_moderators_who_press_next_together_advance_once(world: World) -> None:
    world.done(world.moderator, "agenda.next", current=None)
    world.done(world.moderator, "agenda.next", current="q1.1")
    outcome = world.do(world.moderator, "agenda.next", current="q1.1")
    assert (outcome.code, outcome.fields) == ("stale", {"current": "q1.2"})
    assert world.doc("stage")["agenda"]["current"] == "q1.2"


def test_back_returns_and_is_refused_before_the_first(world: World) -> None:
    world.done(world.moderator, "agenda.go", question="q1.2")
    world.done(world.moderator, "agenda.back", current="q1.2")
    assert world.doc("stage")["agenda"]["current"] == "q1.1"
    assert world.refused(world.moderator, "agenda.back", current="q1.1") == "agenda.first"
    assert world.refused(world.moderator, "agenda.back", current="q1.2") == "stale"


def test_the_first_question_opens_a_session_that_waits_in_its_lobby(world: World) -> None:
    world.done(world.moderator, "agenda.next", current=None)
    assert world.doc("stage")["session"]["state"] == "live"


def test_the_clock_starts_with_a_timed_question_pauses_resumes_and_extends(world: World) -> None:
    world.done(world.moderator, "agenda.go", question="q1.1")
    clock = world.doc("stage")["agenda"]["clock"]
    assert clock == {"state": "running", "ends": world.now + 600_000, "left": None, "total": 600_000}
    world.now += 100_000
    world.done(world.moderator, "clock.pause")
    assert world.doc("stage")["agenda"]["clock"]["left"] == 500_000
    world.now += 1_000_000
    world.done(world.moderator, "clock.extend", seconds=60)
    world.done(world.moderator, "clock.resume")
    assert world.doc("stage")["agenda"]["clock"] == {
        "state": "running",
        "ends": world.now + 560_000,
        "left": None,
        "total": 660_000,
    }
    world.done(world.moderator, "clock.extend", seconds=-3600)
    assert world.doc("stage")["agenda"]["clock"]["ends"] == world.now


def test_a_clock_whose_time_was_up_gets_more_time_from_now(world: World) -> None:
    world.done(world.moderator, "agenda.go", question="q1.1")
    world.now += 700_000
    world.done(world.moderator, "clock.extend", seconds=60)
    assert world.doc("stage")["agenda"]["clock"]["ends"] == world.now + 60_000


def test_a_clock_without_a_time_asks_for_one(world: World) -> None:
    world.done(world.moderator, "agenda.go", question="q1.2")
    assert world.doc("stage")["agenda"]["clock"]["state"] == "idle"
    assert world.refused(world.moderator, "clock.start") == "clock.no_time"
    assert world.refused(world.moderator, "clock.pause") == "clock.not_running"
    assert world.refused(world.moderator, "clock.resume") == "clock.not_paused"
    assert world.refused(world.moderator, "clock.extend", seconds=5) == "clock.not_running"
    world.done(world.moderator, "clock.start", seconds=90)
    assert world.doc("stage")["agenda"]["clock"]["total"] == 90_000


def test_with_auto_the_next_question_takes_the_stage_when_the_time_is_up(world: World) -> None:
    world.done(world.moderator, "agenda.auto", on=True)
    world.done(world.moderator, "agenda.go", question="q1.1")
    assert next_deadline(world.state) == world.now + 600_000
    world.tick(599.999)
    assert world.doc("stage")["agenda"]["current"] == "q1.1"
    world.tick(0.001)
    assert world.doc("stage")["agenda"]["current"] == "q1.2"
    line = list(world.doc("record")["feed"].values())[-1]
    assert (line["what"], line["question"], line["auto"], line["at"]) == ("agenda.went", "q1.2", True, world.now)


def test_with_auto_a_clock_that_runs_in_the_lobby_opens_the_session_with_its_first_question(world: World) -> None:
    world.done(world.moderator, "agenda.auto", on=True)
    world.done(world.moderator, "clock.start", seconds=60)
    world.tick(60)
    stage = world.doc("stage")
    assert (stage["session"]["state"], stage["agenda"]["current"]) == ("live", "q1.1")


def test_a_doubled_tick_changes_nothing(world: World) -> None:
    world.done(world.moderator, "agenda.auto", on=True)
    world.done(world.moderator, "agenda.go", question="q1.1")
    world.tick(600)
    before = world.doc("stage")
    world.tick()
    assert world.doc("stage") == before


def test_any_entry_after_the_deadline_rotates_and_is_then_judged_in_the_new_situation(world: World) -> None:
    world.done(world.moderator, "agenda.auto", on=True)
    world.done(world.moderator, "agenda.go", question="q1.1")
    world.now += 600_000
    assert world.refused(world.moderator, "agenda.next", current="q1.1") == "stale"
    assert world.doc("stage")["agenda"]["current"] == "q1.2"


def test_rotation_stops_at_the_last_question_and_when_auto_is_off(world: World) -> None:
    world.done(world.moderator, "agenda.go", question="q2.1")
    assert next_deadline(world.state) is None
    world.done(world.moderator, "agenda.auto", on=True)
    assert next_deadline(world.state) is None
    world.tick(10_000)
    assert world.doc("stage")["agenda"]["current"] == "q2.1"


def test_a_server_that_was_away_skips_nothing(world: World) -> None:
    world.done(world.moderator, "agenda.edit", item="q1.2", seconds=60)
    world.done(world.moderator, "agenda.auto", on=True)
    world.done(world.moderator, "agenda.go", question="q1.1")
    world.tick(7_200)
    agenda = world.doc("stage")["agenda"]
    assert (agenda["current"], agenda["clock"]["ends"]) == ("q1.2", world.now + 60_000)


def test_questions_and_segments_are_added_edited_moved_and_dropped(world: World) -> None:
    segment = world.made(world.moderator, "agenda.add", title="Three", before="s2")
    question = world.made(
        world.moderator, "agenda.add", segment=segment, text={"en": "New?", "fr": "Neuve ?"}, seconds=60
    )
    agenda = world.doc("stage")["agenda"]
    assert agenda["order"] == ["s1", segment, "s2"]
    assert agenda["segments"][segment]["questions"][question] == {
        "text": {"en": "New?", "fr": "Neuve ?"},
        "seconds": 60,
    }
    world.done(world.moderator, "agenda.edit", item=question, text="Newer?")
    world.done(world.moderator, "agenda.move", item=question, before="q1.1")
    assert world.doc("stage")["agenda"]["segments"]["s1"]["order"] == [question, "q1.1", "q1.2"]
    world.done(world.moderator, "agenda.move", item=segment, before=None)
    assert world.doc("stage")["agenda"]["order"] == ["s1", "s2", segment]
    world.done(world.moderator, "agenda.move", item="q1.2", before=None, segment=segment)
    world.done(world.moderator, "agenda.drop", item=segment)
    assert world.doc("stage")["agenda"]["order"] == ["s1", "s2"]
    assert world.refused(world.moderator, "agenda.go", question="q1.2") == "agenda.unknown"


def test_what_is_on_stage_cannot_be_dropped(world: World) -> None:
    world.done(world.moderator, "agenda.go", question="q1.1")
    assert world.refused(world.moderator, "agenda.drop", item="q1.1") == "agenda.on_stage"
    assert world.refused(world.moderator, "agenda.drop", item="s1") == "agenda.on_stage"


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"title": "A", "text": "B?"}, "invalid"),
        ({}, "invalid"),
        ({"text": "B?"}, "agenda.unknown"),
        ({"text": "B?", "segment": "s9"}, "agenda.unknown"),
        ({"text": "B?", "segment": "s1", "before": "q2.1"}, "agenda.unknown"),
        ({"text": " \u0000 ", "segment": "s1"}, "invalid"),
    ],
)
def test_a_wrong_addition_leaves_the_agenda_as_it_was(world: World, fields: dict[str, str], code: str) -> None:
    before = world.doc("stage")["agenda"]
    assert world.refused(world.moderator, "agenda.add", **fields) == code
    assert world.doc("stage")["agenda"] == before


def test_participants_and_rapporteurs_do_not_steer(world: World) -> None:
    ann = world.join("Ann")
    for person in (ann, world.rapporteur, world.screen):
        assert world.refused(person, "agenda.next", current=None) == "forbidden"


def test_words_in_one_language_leave_the_other_languages_alone(world: World) -> None:
    world.done(world.moderator, "agenda.edit", item="q1.1", text={"en": "First?", "fr": "La première ?"})
    world.done(world.moderator, "agenda.edit", item="q1.1", text="The first?")
    assert world.doc("stage")["agenda"]["segments"]["s1"]["questions"]["q1.1"]["text"] == {
        "en": "The first?",
        "fr": "La première ?",
    }
