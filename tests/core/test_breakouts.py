"""Breakout rooms: plans that move nobody, seats, rounds, and what people in a room see."""

from __future__ import annotations

from typing import Any

import pytest

from server.core.people import Back, Gone
from tests.support.world import SETUP, World


@pytest.fixture
def world() -> World:
    return World()


def crowd(world: World, count: int) -> list[str]:
    """Let people of alternating groups in."""
    return [world.join(f"P{number}", ("youth", "diaspora")[number % 2]) for number in range(count)]


def desk(world: World, plan: str) -> dict[str, Any]:
    found: dict[str, Any] = world.doc("desk")["rooms"][plan]
    return found


def seated(view: dict[str, Any]) -> list[str]:
    """Return who sits somewhere in the first round."""
    return sorted(person for people in view["seats"]["1"].values() for person in people)


def room_of(world: World, person: str) -> str | None:
    room: str | None = world.doc("me", person)["room"]
    return room


def cafe(world: World, people: int = 8, **more: Any) -> tuple[str, list[str], list[str]]:
    """Open rooms for a world café: two tables, two rounds."""
    crowd_ = crowd(world, people)
    plan, rooms = world.rooms(assign="mixed", rooms=2, rounds=2, **more)
    world.done(world.moderator, "rooms.open")
    return plan, rooms, crowd_


def test_a_plan_moves_nobody_and_shows_who_would_sit_where(world: World) -> None:
    people = crowd(world, 18)
    plan = world.made(world.moderator, "rooms.plan", assign="mixed", size=10, name="Café")
    assert desk(world, plan)["state"] == "planning"
    assert world.refused(world.moderator, "rooms.open") == "rooms.not_ready"
    world.compute()
    view = desk(world, plan)
    assert view["state"] == "ready"
    assert [len(view["seats"]["1"][room]) for room in view["order"]] == [9, 9]
    assert seated(view) == sorted(people)
    assert view["quality"]["mix"] <= 1
    assert world.doc("stage")["rooms"] == {"open": None, "shown": None}
    assert all(room_of(world, person) is None for person in people)


def test_opening_sends_everybody_at_once_and_rotating_moves_everybody_to_another_table(world: World) -> None:
    _, rooms, people = cafe(world)
    before = {person: room_of(world, person) for person in people}
    assert set(before.values()) == set(rooms)
    assert world.refused(world.moderator, "rooms.rotate", round=2) == "stale"
    world.done(world.moderator, "rooms.rotate", round=1)
    after = {person: room_of(world, person) for person in people}
    assert all(before[person] != after[person] for person in people)
    assert world.refused(world.moderator, "rooms.rotate", round=2) == "rooms.last"
    assert world.doc("stage")["rooms"]["open"]["round"] == 2
    world.check_replay()


def test_a_host_stays_while_the_others_rotate(world: World) -> None:
    people = crowd(world, 8)
    _, rooms = world.rooms(assign="mixed", rooms=2, rounds=2, topics=[{"host": people[3]}, {"host": world.moderator}])
    world.done(world.moderator, "rooms.open")
    for _ in range(2):
        assert (room_of(world, people[3]), room_of(world, world.moderator)) == (rooms[0], rooms[1])
        world.do(world.moderator, "rooms.rotate")
    assert world.doc(f"room/{rooms[0]}")["people"][people[3]]["host"] is True


def test_a_move_by_hand_changes_one_person_and_no_table_is_visited_twice(world: World) -> None:
    people = crowd(world, 9)
    plan, rooms = world.rooms(assign="mixed", rooms=3, rounds=3)
    ann = people[0]
    path = [desk(world, plan)["seats"][str(n)] for n in (1, 2, 3)]
    first, second, third = (next(room for room in rooms if ann in seats[room]) for seats in path)
    world.done(world.moderator, "rooms.assign", person=ann, room=third)
    seats = desk(world, plan)["seats"]
    assert (ann in seats["1"][third], ann in seats["2"][second], ann in seats["3"][first]) == (True, True, True)
    assert desk(world, plan)["quality"]["repeats"] == 0
    others = {person: [room for n in "123" for room in rooms if person in seats[n][room]] for person in people[1:]}
    assert others == {
        person: [room for part in path for room in rooms if person in part[room]] for person in people[1:]
    }
    world.done(world.moderator, "rooms.open")
    world.done(world.moderator, "rooms.assign", person=ann, room=first)
    assert room_of(world, ann) == first
    world.done(world.moderator, "rooms.assign", person=ann, room=None)
    assert room_of(world, ann) is None
    world.done(world.moderator, "rooms.rotate")
    assert world.refused(world.moderator, "rooms.assign", person=ann, room=first, round=1) == "rooms.past"


def test_a_latecomer_sits_at_once_in_the_smallest_room_and_visits_no_table_twice(world: World) -> None:
    plan, rooms, people = cafe(world, 7)
    before = desk(world, plan)["seats"]
    small = min(rooms, key=lambda room: len(before["1"][room]))
    assert (desk(world, plan)["quality"]["smallest"], desk(world, plan)["quality"]["largest"]) == (3, 4)
    late = world.join("Late", "youth")
    assert (desk(world, plan)["quality"]["smallest"], desk(world, plan)["quality"]["largest"]) == (4, 4)
    assert room_of(world, late) == small
    seats = desk(world, plan)["seats"]
    assert [late in seats["2"][room] for room in rooms] == [room != small for room in rooms]
    assert {n: {r: [p for p in seats[n][r] if p != late] for r in rooms} for n in "12"} == before
    del people


def test_who_leaves_frees_the_place_from_the_next_round_on_and_keeps_it_for_a_return(world: World) -> None:
    plan, rooms, people = cafe(world, 6)
    ann = people[0]
    room = room_of(world, ann)
    world.system(Gone(person=ann))
    assert room_of(world, ann) == room
    assert ann not in world.doc(f"room/{room}")["people"]
    assert all(ann not in desk(world, plan)["seats"]["2"][other] for other in rooms)
    assert not world.doc("desk")["people"][ann]["here"]
    world.system(Back(person=ann))
    assert room_of(world, ann) == room
    assert ann in world.doc(f"room/{room}")["people"]
    world.done(world.moderator, "rooms.rotate")
    assert room_of(world, ann) not in (None, room)
    world.done(world.moderator, "person.remove", person=ann)
    assert all(ann not in desk(world, plan)["seats"]["2"][other] for other in rooms)


def test_who_leaves_before_the_rooms_open_has_no_seat_and_gets_one_on_return(world: World) -> None:
    people = crowd(world, 6)
    plan, _ = world.rooms(assign="random", rooms=2)
    world.system(Gone(person=people[0]))
    assert people[0] not in seated(desk(world, plan))
    world.system(Back(person=people[0]))
    assert people[0] in seated(desk(world, plan))


def test_people_who_come_while_a_plan_is_computed_are_in_it_and_those_who_go_are_not(world: World) -> None:
    people = crowd(world, 6)
    plan = world.made(world.moderator, "rooms.plan", assign="mixed", rooms=2)
    late = world.join("Late")
    world.system(Gone(person=people[0]))
    world.compute()
    assert seated(desk(world, plan)) == sorted([*people[1:], late])


def test_notes_welcome_those_who_come_next_to_the_table(world: World) -> None:
    _, rooms, people = cafe(world, topics=[{"question": "q1.2", "task": "Draw it"}, {"name": "Blue"}])
    writer = next(person for person in people if room_of(world, person) == rooms[0])
    note = world.made(writer, "note.write", room=rooms[0], kind="works", text="Trust")
    world.done(writer, "room.handover", text="One\nTwo\nThree")
    assert world.refused(writer, "room.handover", text="1\n2\n3\n4") == "invalid"
    here = world.doc(f"room/{rooms[0]}")
    assert here["notes"][note]["text"] == {"en": "Trust"}
    assert here["earlier"] == {"notes": {}, "handovers": {}}
    assert here["room"]["task"] == {"en": "Draw it"}
    assert world.doc("record")["rooms"][here["room"]["plan"]]["notes"][note]["question"] == "q1.2"
    world.done(world.moderator, "rooms.rotate")
    here = world.doc(f"room/{rooms[0]}")
    assert here["notes"] == {}
    assert here["earlier"]["notes"][note]["round"] == 1
    assert [lines["text"] for lines in here["earlier"]["handovers"].values()] == [{"en": "One\nTwo\nThree"}]
    assert world.doc(f"room/{rooms[1]}")["earlier"]["notes"] == {}


def test_where_questions_rotate_people_stay_and_the_notes_travel_with_the_question(world: World) -> None:
    people = crowd(world, 6)
    topics = [{"question": "q1.1"}, {"question": "q1.2"}]
    _, rooms = world.rooms(assign="mixed", rooms=2, rounds=2, rotate="questions", topics=topics)
    world.done(world.moderator, "rooms.open")
    before = {person: room_of(world, person) for person in people}
    writer = next(person for person in people if before[person] == rooms[0])
    note = world.made(writer, "note.write", room=rooms[0], kind="works", text="Trust")
    world.done(world.moderator, "rooms.rotate")
    assert {person: room_of(world, person) for person in people} == before
    assert world.doc(f"room/{rooms[0]}")["room"]["question"] == "q1.2"
    assert world.doc(f"room/{rooms[1]}")["earlier"]["notes"][note]["number"] == 1
    assert world.doc(f"room/{rooms[0]}")["earlier"]["notes"] == {}


def test_a_participant_writes_in_their_own_room_only(world: World) -> None:
    _, rooms, people = cafe(world)
    ann = next(person for person in people if room_of(world, person) == rooms[0])
    mate = next(person for person in people if room_of(world, person) == rooms[0] and person != ann)
    other = next(person for person in people if room_of(world, person) == rooms[1])
    note = world.made(ann, "note.write", room=rooms[0], kind="works", text="Trust")
    assert world.refused(ann, "note.write", room=rooms[1], kind="works", text="Trust") == "room.none"
    assert world.refused(ann, "note.write", kind="works", text="Trust") == "forbidden"
    assert world.refused(other, "note.edit", note=note, text="Mine") == "note.unknown"
    assert world.refused(mate, "note.drop", note=note) == "forbidden"
    world.done(ann, "note.edit", note=note, kind="lesson", text="Trust first")
    world.done(world.moderator, "rooms.edit", room=rooms[0], host=mate)
    world.done(mate, "note.drop", note=note)
    assert world.doc(f"room/{rooms[0]}")["notes"] == {}


def test_what_was_on_its_way_while_people_moved_arrives_where_it_was_written(world: World) -> None:
    plan, rooms, people = cafe(world)
    ann = next(person for person in people if room_of(world, person) == rooms[0])
    world.done(world.moderator, "rooms.rotate")
    note = world.made(ann, "note.write", room=rooms[0], round=1, kind="works", text="Trust")
    world.done(ann, "room.handover", room=rooms[0], round=1, text="Look here")
    earlier = world.doc(f"room/{rooms[0]}")["earlier"]
    assert (list(earlier["notes"]), len(earlier["handovers"])) == ([note], 1)
    assert world.refused(ann, "note.write", room=rooms[1], round=1, kind="works", text="Trust") == "room.none"
    assert world.refused(ann, "note.write", room=rooms[0], kind="works", text="Trust") == "room.none"
    assert world.refused(ann, "room.help", room=rooms[0]) == "stale"
    assert world.refused(ann, "room.leave", room=rooms[0]) == "stale"
    world.done(ann, "room.leave", room=rooms[1])
    assert world.refused(ann, "note.write", room=rooms[1], kind="works", text="Trust") == "room.none"
    world.done(ann, "note.write", room=rooms[1], round=2, kind="works", text="Patience")
    del plan


def test_help_is_asked_answered_and_cleared(world: World) -> None:
    plan, rooms, people = cafe(world)
    ann = next(person for person in people if room_of(world, person) == rooms[0])
    world.done(ann, "room.help")
    world.done(world.moderator, "room.coming", room=rooms[0])
    waiting = desk(world, plan)["rooms"][rooms[0]]["help"]
    assert (waiting["person"], waiting["coming"]["person"]) == (ann, world.moderator)
    assert world.doc(f"room/{rooms[0]}")["help"]["coming"]["name"] == "Moderator"
    world.done(world.moderator, "room.helped", room=rooms[0])
    assert world.refused(world.moderator, "room.helped", room=rooms[0]) == "room.no_help"
    world.done(ann, "room.help")
    world.done(ann, "room.help", on=False)
    assert desk(world, plan)["rooms"][rooms[0]]["help"] is None
    world.done(ann, "room.help")
    world.done(world.moderator, "rooms.rotate")
    assert desk(world, plan)["rooms"][rooms[0]]["help"] is None


def test_closing_counts_down_people_may_go_before_and_extending_ends_it(world: World) -> None:
    _, rooms, people = cafe(world, seconds=300)
    world.done(people[0], "room.leave")
    assert (room_of(world, people[0]), world.doc("me", people[0])["seat"]) != (None, None)
    assert room_of(world, people[0]) is None
    assert world.refused(people[0], "room.help") == "room.none"
    world.done(people[0], "room.enter")
    assert room_of(world, people[0]) is not None
    world.done(world.moderator, "rooms.close")
    assert world.doc(f"room/{rooms[0]}")["clock"]["closing"] == world.now + 60_000
    world.done(world.moderator, "rooms.extend", seconds=60)
    assert world.doc(f"room/{rooms[0]}")["clock"]["closing"] is None
    world.done(world.moderator, "rooms.close")
    world.tick(61)
    assert all(room_of(world, person) is None for person in people)
    assert world.doc("stage")["rooms"]["open"] is None
    assert world.refused(world.moderator, "rooms.rotate") == "rooms.not_open"


def test_rooms_close_and_open_again_with_their_people_and_notes(world: World) -> None:
    plan, rooms, people = cafe(world)
    before = {person: room_of(world, person) for person in people}
    writer = next(person for person in people if before[person] == rooms[0])
    note = world.made(writer, "note.write", room=rooms[0], kind="works", text="Trust")
    world.done(world.moderator, "rooms.close", grace=0)
    world.done(world.moderator, "rooms.open", plan=plan)
    assert {person: room_of(world, person) for person in people} == before
    assert note in world.doc(f"room/{rooms[0]}")["notes"]
    world.done(world.moderator, "rooms.close", grace=0, room=rooms[0])
    assert room_of(world, writer) is None
    world.done(world.moderator, "rooms.open", room=rooms[0])
    assert room_of(world, writer) == rooms[0]
    world.done(world.moderator, "rooms.close", room=rooms[0])
    world.done(world.moderator, "rooms.open", room=rooms[0])
    world.tick(61)
    assert room_of(world, writer) == rooms[0]
    assert world.refused(world.moderator, "rooms.open", room=rooms[0]) == "room.not_closed"


def test_what_a_room_is_called_and_works_on_can_be_changed_and_taken_away(world: World) -> None:
    plan, rooms, _ = cafe(world)
    world.done(
        world.moderator, "rooms.edit", room=rooms[0], name={"en": "Red", "fr": "Rouge"}, task="Draw", question="q1.1"
    )
    world.done(world.moderator, "rooms.edit", room=rooms[0], name="Blue", task=None)
    room = world.doc(f"room/{rooms[0]}")["room"]
    assert (room["name"], room["task"], room["question"]) == ({"en": "Blue", "fr": "Rouge"}, None, "q1.1")
    world.done(world.moderator, "rooms.edit", plan=plan, name="Café", seconds=60)
    world.done(world.moderator, "rooms.edit", plan=plan, name=None)
    assert (desk(world, plan)["name"], desk(world, plan)["seconds"]) == (None, 60)
    assert world.refused(world.moderator, "rooms.edit", plan=plan, task="Draw") == "invalid"
    assert world.refused(world.moderator, "rooms.edit", room=rooms[0], name=" ") == "invalid"


def test_with_auto_the_clock_rotates_and_then_closes_with_a_countdown(world: World) -> None:
    _, _, people = cafe(world, auto=True, seconds=60)
    first = room_of(world, people[0])
    world.tick(60)
    assert room_of(world, people[0]) not in (None, first)
    world.tick(60)
    assert world.doc("stage")["rooms"]["open"]["closing"] == world.now + 60_000
    world.tick(60)
    assert room_of(world, people[0]) is None


def test_whom_the_plan_leads_to_a_closed_room_is_seated_elsewhere(world: World) -> None:
    plan, rooms, people = cafe(world)
    world.done(world.moderator, "rooms.close", grace=0, room=rooms[0])
    world.done(world.moderator, "rooms.rotate")
    assert {room_of(world, person) for person in people} == {rooms[1]}
    world.check_replay()
    del plan


def test_a_note_on_its_way_arrives_although_the_plan_was_dropped(world: World) -> None:
    plan, rooms, people = cafe(world)
    ann = next(person for person in people if room_of(world, person) == rooms[0])
    world.done(world.moderator, "rooms.close", grace=0)
    world.done(world.moderator, "rooms.drop", plan=plan)
    note = world.made(ann, "note.write", room=rooms[0], round=1, kind="works", text="Trust")
    assert note in world.doc("record")["rooms"][plan]["notes"]


def test_no_room_works_on_a_question_that_was_dropped(world: World) -> None:
    plan, rooms, _ = cafe(world, topics=[{"question": "q2.1", "task": "Draw it"}])
    world.done(world.moderator, "agenda.drop", item="s2")
    room = world.doc(f"room/{rooms[0]}")["room"]
    assert (room["question"], room["task"]) == (None, {"en": "Draw it"})
    del plan


def test_people_choose_until_a_room_is_full(world: World) -> None:
    ann, bo, cy = crowd(world, 3)
    plan, rooms = world.rooms(assign="chosen", rooms=2, places=1)
    assert world.refused(ann, "room.choose", room=rooms[0]) == "rooms.not_open"
    world.done(world.moderator, "rooms.open")
    world.done(ann, "room.choose", room=rooms[0])
    assert world.refused(bo, "room.choose", room=rooms[0]) == "room.full"
    assert world.doc("stage")["rooms"]["open"]["rooms"][rooms[0]]["places"] == 0
    world.done(ann, "room.choose", room=rooms[1])
    world.done(bo, "room.choose", room=rooms[0])
    assert (room_of(world, ann), room_of(world, bo), room_of(world, cy)) == (rooms[1], rooms[0], None)
    del plan


def test_the_people_of_an_earlier_plan_come_together_again(world: World) -> None:
    plan, rooms, people = cafe(world)
    together = {frozenset(seated) for seated in desk(world, plan)["seats"]["1"].values()}
    world.done(world.moderator, "rooms.close", grace=0)
    again, _ = world.rooms(assign="again", from_=plan, name="Again")
    assert {frozenset(seated) for seated in desk(world, again)["seats"]["1"].values()} == together
    del rooms, people


def test_a_message_reaches_one_room_or_all(world: World) -> None:
    _, rooms, _ = cafe(world)
    one = world.made(world.moderator, "rooms.message", text="Louder", room=rooms[0])
    both = world.made(world.moderator, "rooms.message", text="Two minutes")
    assert list(world.doc(f"room/{rooms[0]}")["messages"]) == [one, both]
    assert list(world.doc(f"room/{rooms[1]}")["messages"]) == [both]
    for number in range(21):
        last = world.made(world.moderator, "rooms.message", text=f"Again {number}", room=rooms[1])
    assert list(world.doc(f"room/{rooms[0]}")["messages"]) == [one, both]
    kept = list(world.doc(f"room/{rooms[1]}")["messages"])
    assert (len(kept), kept[0], kept[-1]) == (21, both, last)


def test_a_poll_runs_in_one_room_or_side_by_side_and_a_ballot_keeps_its_room(world: World) -> None:
    _, rooms, people = cafe(world)
    a, b = (next(person for person in people if room_of(world, person) == room) for room in rooms)
    both, one = (
        world.made(world.moderator, "poll.create", kind="single", prompt="?", options=["x", "y"]) for _ in range(2)
    )
    world.done(world.moderator, "poll.open", poll=both, where="rooms")
    world.done(world.moderator, "poll.open", poll=one, where=rooms[0])
    assert world.doc("stage")["polls"] == {}
    assert set(world.doc(f"room/{rooms[0]}")["polls"]) == {both, one}
    assert set(world.doc(f"room/{rooms[1]}")["polls"]) == {both}
    for person, answer in ((a, "a"), (b, "b")):
        world.done(person, "ballot.cast", poll=both, answer=[answer])
    world.done(a, "ballot.cast", poll=one, answer=["a"])
    assert world.refused(b, "ballot.cast", poll=one, answer=["a"]) == "poll.unknown"
    assert world.doc(f"room/{rooms[0]}")["polls"][both]["turnout"] == 1
    world.done(world.moderator, "rooms.close", grace=0)
    assert world.refused(a, "ballot.cast", poll=both, answer=["b"]) == "poll.unknown"
    assert world.doc("desk")["polls"][both]["state"] == "closed"
    world.done(world.moderator, "poll.publish", poll=both)
    results = world.doc("stage")["polls"][both]["results"]
    assert results["counts"] == {"a": 1, "b": 1}
    assert results["rooms"] == {
        rooms[0]: {"number": 1, "name": None, "counts": {"a": 1, "b": 0}, "ballots": 1},
        rooms[1]: {"number": 2, "name": None, "counts": {"a": 0, "b": 1}, "ballots": 1},
    }
    world.done(world.moderator, "rooms.edit", room=rooms[0], name="Red")
    assert world.doc("stage")["polls"][both]["results"]["rooms"][rooms[0]]["name"] == {"en": "Red"}


def test_a_lifted_note_keeps_its_origin_and_dropping_a_plan_loses_nothing(world: World) -> None:
    plan, rooms, people = cafe(world)
    writer = next(person for person in people if room_of(world, person) == rooms[1])
    note = world.made(writer, "note.write", room=rooms[1], kind="lesson", text="Listen")
    assert world.refused(world.rapporteur, "note.lift", note="nothing") == "note.unknown"
    lifted = world.made(world.rapporteur, "note.lift", note=note)
    assert world.refused(world.rapporteur, "note.lift", note=note) == "note.lifted"
    assert world.refused(world.rapporteur, "note.lift", note=lifted) == "note.not_room"
    kept = world.doc("record")["notes"]
    assert list(kept) == [lifted]
    assert (kept[lifted]["origin"]["room"], kept[lifted]["origin"]["round"]) == (rooms[1], 1)
    assert kept[lifted]["person"] == writer
    assert world.refused(world.moderator, "rooms.drop", plan=plan) == "rooms.open"
    world.done(world.rapporteur, "rooms.show", room=rooms[1])
    assert list(world.doc("stage")["rooms"]["shown"]["notes"]) == [note]
    world.done(world.rapporteur, "rooms.hide")
    world.done(world.rapporteur, "rooms.show", room=rooms[1])
    world.done(world.moderator, "rooms.rotate")
    assert world.doc("stage")["rooms"]["shown"] is None
    world.done(world.moderator, "rooms.close", grace=0)
    world.done(world.moderator, "rooms.drop", plan=plan)
    assert world.doc("desk")["rooms"] == {}
    assert world.doc("record")["rooms"][plan]["notes"][note]["lifted"] == lifted
    world.done(world.rapporteur, "note.drop", note=lifted)
    assert world.doc("record")["rooms"][plan]["notes"][note]["lifted"] is None


def test_the_video_link_of_a_room_names_it_by_its_id(world: World) -> None:
    _, rooms, _ = cafe(world)
    assert world.doc(f"room/{rooms[0]}")["room"]["link"] is None
    for bad in ("http://meet.example/{room}", "https://meet.example/", "javascript:{room}", "https://a b/{room}"):
        assert world.refused(world.moderator, "session.settings", link=bad) == "invalid"
    world.done(world.moderator, "session.settings", link="https://meet.example/{session}-{room}")
    assert world.doc(f"room/{rooms[0]}")["room"]["link"] == f"https://meet.example/abc-{rooms[0]}"
    world.done(world.moderator, "session.settings", link="")
    assert world.doc("desk")["settings"]["link"] is None


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"assign": "mixed"}, "invalid"),
        ({"assign": "mixed", "rooms": 2, "size": 4}, "invalid"),
        ({"assign": "manual", "rooms": 2, "rounds": 2}, "invalid"),
        ({"assign": "again"}, "invalid"),
        ({"assign": "again", "from_": "nothing"}, "rooms.unknown"),
        ({"assign": "mixed", "rooms": 2, "from_": "nothing"}, "invalid"),
        ({"assign": "mixed", "rooms": 2, "topics": [{"question": "q9"}]}, "agenda.unknown"),
        ({"assign": "mixed", "rooms": 2, "topics": [{"host": "nobody"}]}, "person.unknown"),
        ({"assign": "mixed", "rooms": 2, "topics": [{}, {}, {}]}, "invalid"),
        ({"assign": "mixed", "rooms": 2, "topics": [{"name": " "}]}, "invalid"),
    ],
)
def test_a_plan_that_makes_no_sense_is_refused(world: World, fields: dict[str, Any], code: str) -> None:
    crowd(world, 6)
    assert world.refused(world.moderator, "rooms.plan", **fields) == code
    assert world.doc("desk")["rooms"] == {}


def test_the_end_of_the_session_brings_everybody_back() -> None:
    world = World(SETUP)
    _, rooms, people = cafe(world)
    world.done(people[0], "note.write", room=room_of(world, people[0]), kind="works", text="Trust")
    world.done(world.moderator, "session.close")
    assert all(room_of(world, person) is None for person in people)
    note = next(iter(world.state.notes.items))
    world.done(world.rapporteur, "note.lift", note=note)
    del rooms


def test_a_host_who_is_moved_away_or_removed_hosts_no_more_and_others_may_hand_over(world: World) -> None:
    people = crowd(world, 9)
    hosts = [{"host": person} for person in people[:3]]
    plan, rooms = world.rooms(assign="mixed", rooms=3, rounds=2, topics=hosts)
    world.done(world.moderator, "rooms.open")
    world.done(world.moderator, "rooms.assign", person=people[0], room=rooms[1])
    assert world.doc(f"room/{rooms[0]}")["room"]["host"] is None
    world.done(world.moderator, "rooms.assign", person=people[1], room=None)
    assert room_of(world, people[1]) is None
    mate = next(person for person in people[3:] if room_of(world, person) == rooms[2])
    assert world.refused(mate, "room.handover", text="Go on") == "forbidden"
    world.system(Gone(person=people[2]))
    world.done(mate, "room.handover", text="Go on")
    world.done(mate, "room.leave")
    world.done(world.moderator, "person.remove", person=mate)
    world.done(world.moderator, "person.remove", person=people[2])
    assert [desk(world, plan)["rooms"][room]["host"] for room in rooms] == [None, None, None]
    assert desk(world, plan)["away"] == {}


def test_a_host_who_is_removed_while_the_plan_is_computed_hosts_nothing(world: World) -> None:
    people = crowd(world, 6)
    plan = world.made(world.moderator, "rooms.plan", assign="mixed", rooms=2, topics=[{"host": people[0]}])
    world.done(world.moderator, "person.remove", person=people[0])
    world.compute()
    view = desk(world, plan)
    assert (view["rooms"][view["order"][0]]["host"], seated(view)) == (None, sorted(people[1:]))


def test_a_plan_whose_host_went_while_it_was_computed_is_measured_as_any_other(world: World) -> None:
    people = crowd(world, 6)
    topics = [{"host": people[0]}]
    plan = world.made(world.moderator, "rooms.plan", assign="mixed", rooms=2, rounds=2, topics=topics)
    rooms = desk(world, plan)["order"]
    world.done(world.moderator, "rooms.edit", room=rooms[0], host=None)
    assert desk(world, plan)["quality"] is None
    world.compute()
    there = next(room for room in rooms if people[1] in desk(world, plan)["seats"]["1"][room])
    other = next(room for room in rooms if room != there)
    world.done(world.moderator, "rooms.assign", person=people[1], room=other)
    quality = desk(world, plan)["quality"]
    assert (quality["smallest"], quality["largest"]) == (2, 4)
    meetings = world.state.breakouts.plans[plan].meetings
    assert meetings is not None
    assert meetings.people == 6
    assert sum(meetings.pairs.values() if meetings.pairs else ()) > 0


def test_who_was_left_without_a_room_by_hand_stays_so_for_that_round(world: World) -> None:
    people = crowd(world, 6)
    plan, _ = world.rooms(assign="mixed", rooms=2, rounds=2)
    world.done(world.moderator, "rooms.assign", person=people[0], room=None)
    world.done(world.moderator, "rooms.open")
    assert room_of(world, people[0]) is None
    world.done(world.moderator, "rooms.rotate")
    assert room_of(world, people[0]) is not None
    assert people[0] not in seated(desk(world, plan))


@pytest.mark.parametrize("assign", ["manual", "chosen"])
def test_a_place_that_was_given_by_hand_or_chosen_is_kept_for_a_return(world: World, assign: str) -> None:
    ann, bo, *_ = crowd(world, 4)
    _, rooms = world.rooms(assign=assign, rooms=2, rounds=2, rotate="questions")
    world.done(world.moderator, "rooms.assign", person=ann, room=rooms[0])
    world.system(Gone(person=ann))
    world.system(Back(person=ann))
    world.done(world.moderator, "rooms.open")
    world.done(world.moderator, "rooms.assign", person=bo, room=rooms[1])
    world.system(Gone(person=bo))
    world.system(Back(person=bo))
    world.done(world.moderator, "rooms.rotate")
    assert (room_of(world, ann), room_of(world, bo)) == (rooms[0], rooms[1])


def test_who_sat_in_rooms_that_have_closed_stays_known_when_they_are_removed(world: World) -> None:
    plan, _, people = cafe(world)
    world.done(world.moderator, "rooms.close", grace=0)
    world.done(world.moderator, "person.remove", person=people[0])
    assert people[0] in seated(desk(world, plan))


def test_a_plan_made_again_brings_its_new_hosts_home_and_keeps_what_its_rooms_work_on(world: World) -> None:
    people = crowd(world, 8)
    topics = [{"task": "Draw"}, {"task": "Sing"}]
    plan, rooms = world.rooms(assign="mixed", rooms=2, rounds=2, rotate="questions", topics=topics)
    host = next(person for person in people if person in desk(world, plan)["seats"]["1"][rooms[1]])
    bare, _ = world.rooms(assign="again", from_=plan, rotate="questions")
    assert [room["task"] for room in desk(world, bare)["rooms"].values()] == [{"en": "Draw"}, {"en": "Sing"}]
    hosted, rooms = world.rooms(assign="again", from_=plan, topics=[{"host": host}])
    assert all(host in seats[rooms[0]] for seats in desk(world, hosted)["seats"].values())


def test_the_host_of_a_room_that_is_not_made_has_no_seat(world: World) -> None:
    people = crowd(world, 4)
    plan, rooms = world.rooms(assign="mixed", rooms=3, topics=[{}, {}, {"host": world.moderator}])
    assert (len(rooms), seated(desk(world, plan))) == (2, sorted(people))


def test_where_people_choose_by_size_there_is_a_place_for_everybody(world: World) -> None:
    crowd(world, 24)
    plan, rooms = world.rooms(assign="chosen", size=10)
    assert (len(rooms), desk(world, plan)["places"]) == (2, 12)


def test_people_in_rooms_write_in_one_language_and_learn_nothing_of_the_feed(world: World) -> None:
    _, _, people = cafe(world)
    room = room_of(world, people[0])
    note = world.made(people[0], "note.write", room=room, kind="works", text="Trust")
    assert world.refused(people[0], "note.edit", note=note, text={"en": "Trust", "fr": "Hate"}) == "invalid"
    for line in ("nothing", next(iter(world.state.feed))):
        assert world.refused(people[0], "note.write", room=room, kind="works", text="Trust", about=line) == "forbidden"


@pytest.mark.parametrize("topics", [2, 3, 5])
def test_notes_travel_with_their_question_whatever_the_numbers(world: World, topics: int) -> None:
    """The definition: what was written in an earlier round is read where people work on the same topic now, and nowhere else."""
    crowd(world, 6)
    tasks = [{"task": f"T{number}"} for number in range(topics)]
    plan, rooms = world.rooms(assign="mixed", rooms=3, rounds=4, rotate="questions", topics=tasks)
    world.done(world.moderator, "rooms.open")
    written: list[tuple[str, Any]] = []
    for round_ in range(1, 5):
        task = {room: world.doc(f"room/{room}")["room"]["task"] for room in rooms}
        for room in rooms:
            earlier = world.doc(f"room/{room}")["earlier"]
            assert set(earlier["notes"]) == {note for note, topic in written if topic == task[room]}
            assert len(earlier["handovers"]) == len(earlier["notes"])
        for room in rooms:
            writer = desk(world, plan)["seats"][str(round_)][room][0]
            note = world.made(writer, "note.write", room=room, kind="works", text="Trust")
            world.done(writer, "room.handover", text="Go on")
            written.append((note, task[room]))
        world.do(world.moderator, "rooms.rotate")


def test_newcomers_who_are_seated_together_fill_the_rooms_evenly_in_every_round(world: World) -> None:
    crowd(world, 6)
    plan, rooms = world.rooms(assign="mixed", rooms=3, rounds=3)
    world.done(world.moderator, "rooms.open")
    world.done(world.moderator, "rooms.close", grace=0)
    world.check = False
    for number in range(12):
        world.join(f"Late {number}", ("youth", "diaspora")[number % 2])
    world.done(world.moderator, "rooms.open", plan=plan)
    for seats in desk(world, plan)["seats"].values():
        assert [len(seats[room]) for room in rooms] == [6, 6, 6]
    assert [
        sum(world.state.people.items[p].group == "youth" for p in desk(world, plan)["seats"]["1"][room])
        for room in rooms
    ] == [3, 3, 3]


def test_a_note_is_lifted_also_when_no_more_can_be_written(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    _, _, people = cafe(world)
    room = room_of(world, people[0])
    note = world.made(people[0], "note.write", room=room, kind="works", text="Trust")
    monkeypatch.setattr("server.core.notes.MAX_NOTES", 0)
    monkeypatch.setattr("server.core.notes.MAX_ON_SHEETS", 1)
    assert world.refused(people[0], "note.write", room=room, kind="works", text="More") == "notes.full"
    assert world.refused(world.rapporteur, "note.write", kind="works", text="More") == "notes.full"
    assert world.made(world.rapporteur, "note.lift", note=note) in world.doc("record")["notes"]


def test_who_was_moved_to_a_question_and_comes_back_stays_where_they_were_brought(world: World) -> None:
    people = crowd(world, 8)
    plan, rooms = world.rooms(assign="mixed", rooms=4, rounds=3, rotate="questions")
    world.done(world.moderator, "rooms.open")
    world.done(world.moderator, "rooms.rotate")
    person = people[0]
    home = next(room for room in rooms if room != room_of(world, person))
    world.done(world.moderator, "rooms.assign", person=person, room=home)
    world.system(Gone(person=person))
    assert person not in desk(world, plan)["seats"]["3"][home]
    world.system(Back(person=person))
    assert person in desk(world, plan)["seats"]["3"][home]


def test_a_renamed_table_is_called_so_where_its_notes_were_lifted_to(world: World) -> None:
    _, rooms, _ = cafe(world)
    note = world.made(world.moderator, "note.write", room=rooms[0], kind="works", text="Trust")
    lifted = world.made(world.moderator, "note.lift", note=note)
    world.done(world.moderator, "rooms.edit", room=rooms[0], name="Sofa")
    assert world.doc("record")["notes"][lifted]["origin"]["name"] == {"en": "Sofa"}
