"""The simulated moderator takes the hall into rooms and back, as the desk shows them."""

from __future__ import annotations

from random import Random
from typing import Any

import pytest

from server.rehearsal.acts import Act
from server.rehearsal.breakouts import ANSWERED_WITHIN, COMPUTED_WITHIN, EVERY, LIFTED, RoomsDirector
from server.rehearsal.director import Director
from server.rehearsal.tempo import Tempo

ROUND, GRACE = Tempo().round, int(Tempo().grace)


def docs() -> dict[str, Any]:
    """A live session with one guiding question, nine people and no rooms yet."""
    people = {f"p{n}": {"role": "participant", "here": n != 8, "link": False} for n in range(9)}
    return {
        "stage": {
            "session": {"state": "live", "languages": ["en", "fr"]},
            "agenda": {"order": ["g1"], "segments": {"g1": {"order": ["q1"]}}, "current": "q1"},
            "rooms": {},
            "speakers": {"open": True, "waiting": [], "more": 0},
            "questions": {"items": {}},
        },
        "desk": {"rooms": {}, "polls": {}, "people": people, "questions": {}},
        "record": {"rooms": {}},
        "me": {"person": "m"},
    }


def plan(state: str = "open", round_: int = 1, **changes: Any) -> dict[str, Any]:
    rooms = {"r1": {"closed": False}, "r2": {"closed": False}}
    seats = {str(n): {"r1": ["p0", "p1", "p2"], "r2": ["p3"]} for n in (1, 2)}
    return {"state": state, "round": round_, "rounds": 2, "rooms": rooms, "seats": seats, "away": {}} | changes


@pytest.fixture
def rooms() -> RoomsDirector:
    return RoomsDirector(4, 2, Tempo(), Random(3))


def begun(rooms: RoomsDirector, seen: dict[str, Any], **changes: Any) -> dict[str, Any]:
    """Let the plan b1 be asked for and shown."""
    assert rooms.begin(seen["stage"], seen["desk"], "q1", 0.0) is not None
    seen["desk"]["rooms"]["b1"] = plan(**changes)
    assert rooms.busy(seen["desk"], 0.1)
    return seen


def everything(rooms: RoomsDirector, seen: dict[str, Any], now: float) -> list[Act]:
    """All that is done at one time, until there is nothing left to do."""
    found: list[Act] = []
    while (act := rooms.next_act(seen, now)) is not None and act not in found:
        found.append(act)
    return found


def test_the_first_time_is_a_world_cafe_with_hosts_who_are_here(rooms: RoomsDirector) -> None:
    seen = docs()
    act = rooms.begin(seen["stage"], seen["desk"], "q1", 0.0)
    assert act is not None
    assert (act.do, act.fields["rooms"], act.fields["rounds"], act.fields["assign"]) == ("rooms.plan", 4, 2, "mixed")
    hosts = {topic["host"] for topic in act.fields["topics"] if "host" in topic}
    assert len(hosts) == 2
    assert "p8" not in hosts
    assert rooms.begin(seen["stage"], seen["desk"], "q1", 1.0) is None


def test_the_ways_into_rooms_change_from_time_to_time(rooms: RoomsDirector) -> None:
    seen = begun(rooms, docs())
    asked = [rooms.begin(seen["stage"], seen["desk"], f"q{n}", 0.0) for n in range(2, 2 + 3 * EVERY)]
    fields = [act.fields for act in asked if act is not None]
    assert [(one["assign"], one.get("rotate"), one.get("from")) for one in fields] == [
        ("chosen", None, None),
        ("mixed", "questions", None),
        ("again", None, "b1"),
    ]
    assert fields[0]["places"] == 4


def test_people_are_not_sent_away_from_rooms_that_somebody_else_opened(rooms: RoomsDirector) -> None:
    seen = docs()
    seen["stage"]["rooms"]["open"] = {}
    seen["desk"]["rooms"]["theirs"] = plan()
    assert rooms.begin(seen["stage"], seen["desk"], "q1", 0.0) is None
    assert not rooms.busy(seen["desk"], 0.1)


def test_a_plan_that_never_shows_does_not_stop_the_session(rooms: RoomsDirector) -> None:
    seen = docs()
    rooms.begin(seen["stage"], seen["desk"], "q1", 0.0)
    assert rooms.busy(seen["desk"], 1.0)
    assert not rooms.busy(seen["desk"], ANSWERED_WITHIN + 1)


def test_a_plan_that_is_never_computed_is_given_up(rooms: RoomsDirector) -> None:
    seen = begun(rooms, docs(), state="planning", round_=0)
    assert rooms.busy(seen["desk"], COMPUTED_WITHIN)
    assert not rooms.busy(seen["desk"], COMPUTED_WITHIN + 1)


def test_a_plan_is_opened_when_it_is_ready_and_goes_from_round_to_round(rooms: RoomsDirector) -> None:
    seen = begun(rooms, docs(), state="planning", round_=0)
    own = seen["desk"]["rooms"]
    assert rooms.next_act(seen, 0.2) is None
    own["b1"]["state"] = "ready"
    opened = rooms.next_act(seen, 0.3)
    assert opened is not None
    assert (opened.do, opened.fields["plan"]) == ("rooms.open", "b1")
    own["b1"] = plan()
    besides = everything(rooms, seen, 1.0)
    assert {act.do for act in besides} == {"poll.create", "rooms.message", "rooms.assign", "rooms.extend"}
    assert next(act.fields for act in besides if act.do == "rooms.assign")["room"] == "r2"
    seen["desk"]["polls"]["v1"] = {"state": "draft"}
    assert rooms.next_act(seen, 2.0) == Act("poll.open", {"poll": "v1", "where": "rooms"})
    seen["desk"]["polls"]["v1"]["state"] = "open"
    assert rooms.next_act(seen, 1.0 + ROUND) == Act("rooms.rotate", {"round": 1})
    own["b1"] = plan(round_=2)
    assert [act.do for act in everything(rooms, seen, 20.0)] == ["rooms.message"]
    assert rooms.next_act(seen, 20.0 + ROUND) == Act("rooms.close", {"grace": GRACE})
    own["b1"] = plan("closing", 2)
    assert rooms.next_act(seen, 30.0) is None


def test_a_call_for_help_is_answered_in_the_room(rooms: RoomsDirector) -> None:
    seen = begun(rooms, docs())
    asked: dict[str, Any] = {"since": 5, "person": "p0"}
    seen["desk"]["rooms"]["b1"]["rooms"]["r1"]["help"] = asked
    assert rooms.next_act(seen, 1.0) == Act("room.coming", {"room": "r1"})
    asked["coming"] = {"person": "m"}
    assert rooms.next_act(seen, 2.0) == Act("rooms.assign", {"person": "m", "room": "r1"})
    seen["me"] |= {"room": "r1", "seat": "r1"}
    everything(rooms, seen, 3.0)
    assert rooms.next_act(seen, 3.0 + Tempo().look) == Act("room.helped", {"room": "r1"})
    del seen["desk"]["rooms"]["b1"]["rooms"]["r1"]["help"]
    assert rooms.next_act(seen, 5.0) == Act("rooms.assign", {"person": "m", "room": None})


def test_back_in_the_plenary_notes_are_lifted_and_shown_and_then_the_session_goes_on(rooms: RoomsDirector) -> None:
    seen = begun(rooms, docs(), state="closed")
    notes: dict[str, dict[str, Any]] = {f"n{n}": {"room": "r2"} for n in range(LIFTED + 2)}
    seen["record"]["rooms"]["b1"] = {"notes": notes}
    for n in range(LIFTED):
        assert rooms.next_act(seen, 1.0) == Act("note.lift", {"note": f"n{n}"})
        notes[f"n{n}"]["lifted"] = "x"
    assert rooms.next_act(seen, 2.0) == Act("rooms.show", {"room": "r2"})
    assert rooms.next_act(seen, 3.0) is None
    assert rooms.next_act(seen, 3.0 + Tempo().results) == Act("rooms.hide", {})
    assert not rooms.busy(seen["desk"], 9.0)


def test_the_plenary_waits_while_people_are_in_rooms() -> None:
    seen = docs()
    director = Director(Tempo(), Random(3), RoomsDirector(2, 2, Tempo(), Random(3)))
    created = director.next_act(seen, 0.0)
    assert created is not None
    assert created.do == "poll.create"
    seen["desk"]["polls"]["v1"] = {"state": "published", "question": "q1"}
    assert director.next_act(seen, 1.0) is None
    planned = director.next_act(seen, 1.0 + Tempo().results)
    assert planned is not None
    assert planned.do == "rooms.plan"
    assert director.next_act(seen, 2.0 + Tempo().results) is None
