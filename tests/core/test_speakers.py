"""Speakers: one ordered queue with plain reasons, the floor, and counted time."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from server.core import hands, ranks
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


def hall(people: int, *, up: int = 0, check: bool = False) -> tuple[World, list[str]]:
    """Return a session with people, of whom the first `up` have raised their hands."""
    world = World(check=check)
    present = [world.join(f"Person {number}") for number in range(people)]
    for person in present[:up]:
        world.done(person, "hand.raise")
    return world, present


def by_rank(world: World) -> list[str]:
    """Return who waits as a moderator's page finds it: from the desk alone."""
    up: dict[str, Any] = world.doc("desk")["hands"]
    return sorted(up, key=lambda person: up[person]["rank"])


def test_everybody_sees_the_head_of_the_queue_and_how_many_wait_behind_it() -> None:
    world, people = hall(hands.HEAD + 3, up=hands.HEAD + 2)
    stage = world.doc("stage")["speakers"]
    assert stage["waiting"] == list(stage["hands"]) == people[: hands.HEAD]
    assert stage["more"] == 2
    assert by_rank(world) == people[:-1]
    world.check = True
    world.done(people[-1], "hand.raise", reason="About visas")
    world.done(world.moderator, "speaker.next", current=None)
    stage = world.doc("stage")["speakers"]
    assert (stage["waiting"], stage["more"]) == (people[1 : hands.HEAD + 1], 2)
    assert "visas" not in str(world.doc("stage"))


def test_a_hand_touches_its_own_item_of_the_desk_and_behind_the_head_a_move_nothing_that_all_see() -> None:
    world, people = hall(hands.HEAD + 4, up=hands.HEAD + 3, check=False)
    world.check = True
    for person, command in ((people[-1], "hand.raise"), (people[0], "hand.lower"), (people[0], "hand.raise")):
        world.done(person, command)
        assert world.touched.items[hands.DESK] == {person}
        assert hands.DESK not in world.touched.slices
    *_, before, last = by_rank(world)
    world.done(world.moderator, "speaker.move", person=last, before=before)
    assert world.touched.items == {hands.DESK: {last}}
    assert not world.touched.slices
    assert by_rank(world)[-2:] == [last, before]


def test_a_name_and_a_group_change_wherever_they_stand(world: World) -> None:
    ann, bo, cy = (world.join(name) for name in ("Ann", "Bo", "Cy"))
    for person in (ann, bo, cy):
        world.done(person, "hand.raise")
    world.done(world.moderator, "speaker.next", current=None)
    world.done(world.moderator, "speaker.next", current=ann)
    for person in (ann, bo, cy):
        world.done(world.moderator, "person.rename", person=person, name="Di")
        world.done(world.moderator, "person.group", person=person, group="youth")
    stage = world.doc("stage")["speakers"]
    shown = [stage["last"], stage["current"], stage["hands"][cy]]
    assert [one["name"] for one in shown] == ["Di"] * 3
    assert [one["group"] for one in shown[1:]] == ["youth"] * 2


def test_whoever_raises_a_hand_while_speaking_has_spoken_when_the_turn_is_over(world: World) -> None:
    ann, bo = world.join("Ann"), world.join("Bo")
    world.done(world.moderator, "speakers.policy", policy="first_time")
    world.done(world.moderator, "speaker.call", person=ann)
    world.done(ann, "hand.raise")
    assert world.doc("stage")["speakers"]["hands"][ann]["first"] is True
    world.done(world.moderator, "speaker.finish")
    assert world.doc("stage")["speakers"]["hands"][ann]["first"] is False
    world.done(bo, "hand.raise")
    assert waiting(world) == [bo, ann]


def test_many_first_time_speakers_fit_in_before_one_who_has_spoken() -> None:
    world, people = hall(400)
    world.done(world.moderator, "speakers.policy", policy="first_time")
    world.done(world.moderator, "speaker.call", person=people[0])
    world.done(world.moderator, "speaker.finish")
    for person in people:
        world.done(person, "hand.raise")
        assert world.touched.items[hands.DESK] == {person}
    assert by_rank(world) == [*people[1:], people[0]]


def test_where_a_gap_is_full_all_hands_are_ranked_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ranks, "GAP", 2)
    world, people = hall(6, up=6)
    world.check = True
    renewed = 0
    for _ in range(4):
        *_, before, _, last = by_rank(world)
        world.done(world.moderator, "speaker.move", person=last, before=before)
        renewed += world.touched.items[hands.DESK] == set(people)
    assert renewed == 2
    assert by_rank(world) == [*people[:3], people[5], people[3], people[4]]
    world.check_replay()


class Simple:
    """The order by its definition: one list, looked through for every hand."""

    def __init__(self) -> None:
        self.policy, self.why, self.waiting = "arrival", dict[str, str](), list[str]()
        self.spoken = set[str]()
        self.current: str | None = None
        self.last: str | None = None

    def up(self, person: str) -> None:
        first = self.policy == "first_time" and person not in self.spoken
        place = len(self.waiting)
        if first:
            yields = (
                n
                for n, other in enumerate(self.waiting)
                if other in self.spoken and self.why[other] in ("arrival", "first_time")
            )
            place = next(yields, place)
        self.why[person] = "first_time" if first else "arrival"
        self.waiting.insert(place, person)

    def move(self, person: str, before: str | None) -> None:
        if person != before:
            self.waiting.remove(person)
            self.waiting.insert(len(self.waiting) if before is None else self.waiting.index(before), person)
            self.why[person] = "moved"

    def floor(self, person: str | None) -> None:
        if self.current is not None:
            self.spoken.add(self.current)
            self.last = self.current
        if person in self.waiting:
            self.waiting.remove(person)
        self.current = person

    def back(self, person: str) -> None:
        self.waiting.insert(0, person)
        self.why[person], self.last = "returned", None


STEPS = st.lists(
    st.tuples(
        st.sampled_from(["hand", "hand", "hand", "next", "call", "move", "return", "policy", "remove"]),
        st.integers(0, 6),
        st.integers(-1, 6),
    ),
    max_size=40,
)


@given(STEPS, st.booleans())
@settings(max_examples=80)
def test_the_order_is_that_of_its_definition_also_where_ranks_are_crowded(
    steps: list[tuple[str, int, int]], crowded: bool
) -> None:
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(hands, "HEAD", 2)
        if crowded:
            patched.setattr(ranks, "GAP", 2)
            patched.setattr(ranks, "STEP", 1)
            patched.setattr(ranks, "LIMIT", 14)
        world, people = hall(7, check=True)
        simple, removed = Simple(), set[str]()
        for step, number, other in steps:
            _act(world, simple, removed, step, people[number], None if other < 0 else people[other])
            stage = world.doc("stage")["speakers"]
            assert (stage["waiting"], stage["more"]) == (simple.waiting[:2], max(0, len(simple.waiting) - 2))
            assert by_rank(world) == simple.waiting
            assert {person: hand["why"] for person, hand in world.doc("desk")["hands"].items()} == {
                person: simple.why[person] for person in simple.waiting
            }
        world.check_replay()


def _act(world: World, simple: Simple, removed: set[str], step: str, person: str, other: str | None) -> None:
    """Do one step in the session and by the definition, where it is possible."""
    if person in removed or other in removed:
        return
    match step:
        case "hand" if person in simple.waiting:
            world.done(person, "hand.lower")
            simple.waiting.remove(person)
        case "hand":
            world.done(person, "hand.raise")
            simple.up(person)
        case "next" if simple.current or simple.waiting:
            world.done(world.moderator, "speaker.next", current=simple.current)
            # Who speaks may wait as well, and is called again.
            simple.floor(simple.waiting[0] if simple.waiting else None)
        case "call" if person != simple.current:
            world.done(world.moderator, "speaker.call", person=person)
            simple.floor(person)
        case "move" if person in simple.waiting and (other is None or other in simple.waiting):
            world.done(world.moderator, "speaker.move", person=person, before=other)
            simple.move(person, other)
        case "return" if simple.last is not None and simple.last not in simple.waiting:
            world.done(world.moderator, "speaker.return")
            simple.back(simple.last)
        case "policy":
            simple.policy = "first_time" if other else "arrival"
            world.done(world.moderator, "speakers.policy", policy=simple.policy)
        case "remove" if other is None:
            world.done(world.moderator, "person.remove", person=person)
            removed.add(person)
            if person in simple.waiting:
                simple.waiting.remove(person)
            if simple.current == person:
                simple.floor(None)
            if simple.last == person:
                simple.last = None
