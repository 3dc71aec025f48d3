"""People in breakout rooms do what can be done there."""

from __future__ import annotations

from random import Random
from typing import Any

import msgspec
import pytest

from server.rehearsal.acts import Act
from server.rehearsal.habits import Habits, next_act
from server.rehearsal.people import Person, sample
from server.rehearsal.seated import RoomHabits, act_in_rooms

SOMEBODY = Person("Amina Diallo", "fr", "diaspora")
NEVER = RoomHabits(0, 0, 0, 0, 0, 0, 0, 0, 0)


def docs(room: dict[str, Any] | None = None, *, assign: str = "mixed", **me: Any) -> dict[str, Any]:
    """What somebody sees while two rooms are open; `room` is what differs in the room r1 where they are."""
    rooms = {"r1": {"number": 1, "closed": False, "places": 0}, "r2": {"number": 2, "closed": False, "places": 3}}
    made: dict[str, Any] = {
        "stage": {"session": {"state": "live"}, "polls": {}, "rooms": {"open": {"assign": assign, "rooms": rooms}}},
        "me": {"person": "p1", "ballots": {}, **me},
    }
    if room is not None:
        made["me"] |= {"room": "r1", "seat": "r1"}
        people = {"p1": {"host": False}, "p2": {"host": False}}
        made["room/r1"] = {
            "room": {"assign": "mixed", "rotate": "people"},
            "clock": {},
            "people": people,
            "notes": {},
            "polls": {},
        } | room
    return made


def acts(seen: dict[str, Any], **chances: float) -> set[str]:
    habits = msgspec.structs.replace(NEVER, **chances)
    found = [act_in_rooms(seen, SOMEBODY, habits, Random(seed)) for seed in range(60)]
    return {act.do for act in found if act is not None}


def test_somebody_writes_in_the_room_where_they_are_in_their_own_language() -> None:
    act = act_in_rooms(docs({}), SOMEBODY, msgspec.structs.replace(NEVER, note=1), Random(1))
    assert act is not None
    assert (act.do, act.fields["room"]) == ("note.write", "r1")
    assert act.fields["text"]["fr"] in sample().rooms.notes["fr"]


def test_only_notes_of_ones_own_are_changed() -> None:
    own = docs({"notes": {"n1": {"person": "p1"}}})
    assert acts(own, revise=0.9) == {"note.edit", "note.drop"}
    assert acts(docs({"notes": {"n1": {"person": "p2"}}}), revise=0.9) == set()


def test_help_is_asked_for_once_and_taken_back_by_who_asked() -> None:
    assert acts(docs({}), help=0.9) == {"room.help"}
    assert acts(docs({"help": {"person": "p2"}}), help=0.9) == set()
    assert acts(docs({"help": {"person": "p1"}}), help=0.9) == {"room.help"}


@pytest.mark.parametrize(
    ("room", "expected"),
    [
        ({"people": {"p1": {"host": True}}}, {"room.handover"}),
        ({"people": {"p1": {"host": False}}}, set()),
        ({"room": {"assign": "mixed", "rotate": "questions"}}, {"room.handover"}),
        ({"room": {"assign": "chosen", "rotate": "people"}}, {"room.handover"}),
        ({"people": {"p1": {"host": True}}, "handover": {"text": {"fr": "…"}}}, set()),
    ],
)
def test_the_host_leaves_lines_and_where_there_is_none_anybody(room: dict[str, Any], expected: set[str]) -> None:
    assert acts(docs(room), handover=1) == expected


def test_people_step_out_hurry_back_and_come_in_again() -> None:
    assert acts(docs({}), step_out=0.9) == {"room.leave"}
    assert acts(docs({}), hurry=0.9) == set()
    assert acts(docs({"clock": {"closing": 9}}), hurry=0.9) == {"room.leave"}
    assert acts(docs(seat="r1"), step_in=0.9) == {"room.enter"}


def test_a_room_with_places_is_chosen_where_that_is_the_way() -> None:
    habits = msgspec.structs.replace(NEVER, choose=1)
    assert act_in_rooms(docs(assign="chosen"), SOMEBODY, habits, Random(1)) == Act("room.choose", {"room": "r2"})
    assert acts(docs(), choose=1) == set()
    assert acts(docs({}, assign="chosen"), change=1) == {"room.choose"}


def test_nothing_is_done_while_no_rooms_are_open() -> None:
    seen = docs({})
    seen["stage"]["rooms"] = {}
    assert acts(seen, note=1, help=1, step_out=1) == set()


def test_a_poll_of_the_room_is_voted_in() -> None:
    poll = {"kind": "single", "order": ["a", "b"], "min": 1, "max": 1, "state": "open"}
    act = next_act(docs({"polls": {"v1": poll}}), SOMEBODY, Habits(away=0, ballot=1), Random(1))
    assert isinstance(act, Act)
    assert (act.do, act.fields["poll"]) == ("ballot.cast", "v1")
