"""Speakers: one ordered queue with plain reasons, the floor, and counted time."""

from __future__ import annotations

import pytest

from tests.support.world import World


@pytest.fixture
def world() -> World:
    return World()


def waiting(world: World) -> list[str]:
    order: list[str] = world.doc("stage")["speakers"]["waiting"]
    return order


def test_hands_queue_in_order_of_arrival_with_a_reason_only_the_desk_sees(world: World) -> None:
    ann, bo = world.join("Ann", "youth"), world.join("Bo")
    world.done(ann, "hand.raise", reason="About visas")
    world.done(bo, "hand.raise", kind="reply")
    assert waiting(world) == [ann, bo]
    assert world.doc("stage")["speakers"]["hands"][ann] == {
        "name": "Ann", "group": "youth", "kind": "speak", "why": "arrival", "first": True,
    }  # fmt: skip
    assert world.doc("desk")["hands"][ann]["reason"] == {"en": "About visas"}
    assert world.doc("me", ann)["hand"]["reason"] == {"en": "About visas"}
    assert "visas" not in str(world.doc("stage"))


def test_one_waiting_hand_a_person_and_none_when_the_list_is_closed(world: World) -> None:
    ann, bo = world.join("Ann"), world.join("Bo")
    world.done(ann, "hand.raise")
    assert world.refused(ann, "hand.raise") == "hand.up"
    world.done(world.moderator, "speakers.close")
    assert world.refused(bo, "hand.raise") == "speakers.closed"
    assert waiting(world) == [ann]
    world.done(world.moderator, "speakers.open")
    world.done(bo, "hand.raise")
    world.done(ann, "hand.lower")
    assert waiting(world) == [bo]
    assert world.refused(ann, "hand.lower") == "hand.down"


def test_only_a_moderator_lowers_somebody_elses_hand(world: World) -> None:
    ann, bo = world.join("Ann"), world.join("Bo")
    world.done(ann, "hand.raise")
    assert world.refused(bo, "hand.lower", person=ann) == "forbidden"
    world.done(world.moderator, "hand.lower", person=ann)
    assert waiting(world) == []


def test_speaking_time_is_counted_by_person_and_by_the_group_of_that_moment(world: World) -> None:
    ann, bo = world.join("Ann", "youth"), world.join("Bo", "diaspora")
    world.done(ann, "hand.raise")
    world.done(bo, "hand.raise")
    world.done(world.moderator, "speaker.next", current=None)
    world.now += 30_000
    world.done(world.moderator, "speaker.next", current=ann)
    world.now += 45_000
    world.done(world.moderator, "speaker.finish")
    world.done(ann, "person.group", group=None)
    world.done(world.moderator, "speaker.call", person=ann)
    world.now += 5_000
    world.done(world.moderator, "speaker.finish")
    speaking = world.doc("record")["speaking"]
    assert {person: row["ms"] for person, row in speaking["people"].items()} == {ann: 35_000, bo: 45_000}
    assert speaking["groups"] == {
        "youth": {"ms": 30_000, "turns": 1},
        "diaspora": {"ms": 45_000, "turns": 1},
        "none": {"ms": 5_000, "turns": 1},
    }
    assert world.doc("desk")["people"][ann]["spoken"] == 35_000


def test_a_stale_next_calls_nobody(world: World) -> None:
    ann, bo = world.join("Ann"), world.join("Bo")
    world.done(ann, "hand.raise")
    world.done(bo, "hand.raise")
    world.done(world.moderator, "speaker.next", current=None)
    assert world.refused(world.moderator, "speaker.next", current=None) == "stale"
    assert waiting(world) == [bo]


def test_next_with_nobody_waiting_frees_the_floor_and_then_says_so(world: World) -> None:
    ann = world.join("Ann")
    world.done(ann, "hand.raise")
    world.done(world.moderator, "speaker.next", current=None)
    world.done(world.moderator, "speaker.next", current=ann)
    assert world.doc("stage")["speakers"]["current"] is None
    assert world.refused(world.moderator, "speaker.next", current=None) == "speakers.empty"
    assert world.refused(world.moderator, "speaker.finish") == "speaker.none"


def test_anybody_can_be_called_but_not_the_screen_nor_somebody_removed(world: World) -> None:
    ann, bo = world.join("Ann"), world.join("Bo")
    world.done(world.moderator, "speaker.call", person=ann)
    assert world.doc("stage")["speakers"]["current"]["person"] == ann
    world.done(world.moderator, "person.remove", person=bo)
    assert world.refused(world.moderator, "speaker.call", person=ann) == "speaker.speaking"
    for person in (bo, world.screen, "nobody"):
        assert world.refused(world.moderator, "speaker.call", person=person) == "person.unknown"


def test_a_wrong_next_is_undone_by_returning_the_last_speaker(world: World) -> None:
    ann, bo = world.join("Ann"), world.join("Bo")
    world.done(ann, "hand.raise")
    world.done(bo, "hand.raise")
    world.done(world.moderator, "speaker.next", current=None)
    world.done(world.moderator, "speaker.next", current=ann)
    assert world.doc("stage")["speakers"]["last"] == {"person": ann, "name": "Ann"}
    world.done(world.moderator, "speaker.return")
    assert waiting(world) == [ann]
    assert world.doc("stage")["speakers"]["hands"][ann]["why"] == "returned"
    assert world.refused(world.moderator, "speaker.return") == "speaker.none"


def test_moving_a_hand_marks_it_and_keeps_the_others(world: World) -> None:
    people = [world.join(name) for name in ("Ann", "Bo", "Cy")]
    for person in people:
        world.done(person, "hand.raise")
    ann, bo, cy = people
    world.done(world.moderator, "speaker.move", person=cy, before=ann)
    assert waiting(world) == [cy, ann, bo]
    assert world.doc("stage")["speakers"]["hands"][cy]["why"] == "moved"
    world.done(world.moderator, "speaker.move", person=cy, before=None)
    world.done(world.moderator, "speaker.move", person=ann, before=ann)
    assert waiting(world) == [ann, bo, cy]
    assert world.refused(world.moderator, "speaker.move", person="x", before=None) == "hand.down"
    assert world.refused(world.moderator, "speaker.move", person=ann, before="x") == "hand.down"


def test_first_time_speakers_go_before_those_who_have_spoken(world: World) -> None:
    ann, bo, cy = (world.join(name) for name in ("Ann", "Bo", "Cy"))
    world.done(world.moderator, "speakers.policy", policy="first_time")
    world.done(world.moderator, "speaker.call", person=ann)
    world.done(world.moderator, "speaker.finish")
    world.done(ann, "hand.raise")
    world.done(bo, "hand.raise")
    world.done(cy, "hand.raise")
    assert waiting(world) == [bo, cy, ann]
    assert world.doc("stage")["speakers"]["hands"][bo]["why"] == "first_time"
    assert world.doc("stage")["speakers"]["hands"][ann]["first"] is False


def test_removal_takes_the_hand_and_the_floor(world: World) -> None:
    ann, bo = world.join("Ann"), world.join("Bo")
    world.done(bo, "hand.raise")
    world.done(world.moderator, "speaker.call", person=ann)
    world.now += 4_000
    world.done(world.moderator, "person.remove", person=ann)
    world.done(world.moderator, "person.remove", person=bo)
    speakers = world.doc("stage")["speakers"]
    assert (speakers["current"], speakers["waiting"], speakers["last"]) == (None, [], None)
    assert world.doc("record")["speaking"]["people"][ann]["ms"] == 4_000
