"""Breakout rooms in the report and in the log that is handed out: nothing lost, nothing that others may not know."""

from __future__ import annotations

import csv
import io
import json
import re
from typing import Any

import msgspec
import pytest

from server.log.port import Stored
from server.report import FORMATS, Reports, entry_line
from server.texts.catalogues import Catalogues
from server.texts.resources import resource
from tests.support.world import SETUP, World

TEXTS = Catalogues.load(resource("static") / "locales", strict=True)


@pytest.fixture(scope="module")
def reports() -> Reports:
    return Reports(TEXTS)


class Cafe(World):
    """Two tables, two rounds, four people of two groups; each writes one note a round, and one note of table 1 is lifted."""

    def __init__(self, **changes: Any) -> None:
        super().__init__(msgspec.structs.replace(SETUP, link="https://meet.example/secret-{room}"), check=False)
        self.people = [
            self.join(name, ("youth", "diaspora")[n % 2]) for n, name in enumerate(("Ann", "Bo", "Cy", "Di"))
        ]
        self.done(self.moderator, "agenda.next", current=None)
        topics = [{"name": "Banks | banks", "task": "Name a bank.", "question": "q1.2"}, {"question": "q1.1"}]
        self.plan, (self.first, self.second) = self.rooms(assign="mixed", rooms=2, rounds=2, topics=topics, **changes)
        self.done(self.moderator, "rooms.open")
        self.notes: list[str] = []
        for round_ in (1, 2):
            for person in self.people:
                room = self.state.breakouts.room_of(person)
                text = f"Note of {self.state.people.items[person].name}, {round_}"
                self.notes.append(self.made(person, "note.write", kind="works", text=text, room=room))
            if round_ == 1:
                writer = self.people[0]
                self.done(writer, "room.handover", text="One desk.\nWho pays?")
                self.done(self.moderator, "rooms.rotate", round=1)

    def where(self, note: str) -> str:
        """How the report names the room of a note."""
        place = self.state.notes.items[note].place
        assert place is not None
        return "Table 1: Banks | banks" if place.room == self.first else "Table 2"


def test_notes_of_rooms_stand_under_their_question_with_table_and_round(reports: Reports) -> None:
    world = Cafe(name="World café")
    text = reports.render("md", world.state, "en").body.decode()
    first, second = (
        text.split(f"### {name}")[1].split("\n### ")[0].split("\n## ")[0] for name in ("First?", "Second?")
    )
    for number, note in enumerate(world.notes):
        line = world.state.notes.items[note]
        where = world.where(note)
        part = second if where.startswith("Table 1") else first
        sheet = part.split(f"**From the rooms: World café, round {1 if number < 4 else 2}**")[1].split("**From")[0]
        escaped = where.replace("|", r"\|")
        assert f"- {escaped} (What works): {line.text['en']} [#{line.seq}]\n" in sheet
    assert "_Nothing recorded under: What does not work, " in first


def test_a_lifted_note_stands_in_the_main_part_with_its_origin_and_both_entries(reports: Reports) -> None:
    world = Cafe()
    note = next(note for note in world.notes if world.where(note) == "Table 2")
    written = world.state.notes.items[note].seq
    lifted = world.state.notes.items[world.made(world.rapporteur, "note.lift", note=note)].seq
    text = reports.render("md", world.state, "en").body.decode()
    words = world.state.notes.items[note].text["en"]
    assert f"- {words} (Table 2, round 1) [#{written}, #{lifted}]\n" in text
    assert f"- Table 2 (What works, taken into the record): {words} [#{written}]\n" in text
    french = reports.render("html", world.state, "fr").body.decode()
    assert "Table 2, tour 1" in french
    assert "repris dans le compte rendu" in french


def test_who_took_part_is_told_by_room_round_and_group(reports: Reports) -> None:
    text = reports.render("md", Cafe(name="World café").state, "en").body.decode()
    rooms = text.split("## Breakout rooms")[1]
    assert "### World café" in rooms
    assert "- Groups mixed in every room, 2 rounds of 2 took place" in rooms
    rows = re.findall(r"\| (Table .*?) \| (\d) \| (.*?) \| (\d) \| (.*?) \| (\d) \|", rooms)
    assert rows == [
        (room, round_, task, "2", "Diaspora 1, Youth 1", "2")
        for room, task in ((r"Table 1: Banks \| banks", "Name a bank."), ("Table 2", ""))
        for round_ in ("1", "2")
    ]
    assert re.search(r"- Table (1: Banks \\\| banks|2), round 1: One desk. / Who pays\?\n", rooms)


def test_notes_of_a_plan_that_was_dropped_are_not_lost(reports: Reports) -> None:
    world = Cafe()
    world.done(world.moderator, "rooms.close", grace=0)
    before = reports.render("md", world.state, "en").body.decode()
    world.done(world.moderator, "rooms.drop", plan=world.plan)
    after = reports.render("md", world.state, "en").body.decode()
    assert after.count("Note of") == before.count("Note of") == 8
    assert "2 rounds of 2 took place, dropped afterwards" in after


def test_rooms_that_never_opened_are_told_only_where_something_was_written(reports: Reports) -> None:
    world = World(check=False)
    world.rooms(assign="random", rooms=2)
    _, (room, _) = world.rooms(assign="manual", rooms=2)
    assert "Breakout rooms" not in reports.render("md", world.state, "en").body.decode()
    world.done(world.rapporteur, "note.write", kind="open", text="Who comes here?", room=room)
    text = reports.render("md", world.state, "en").body.decode()
    assert "### Breakout rooms 1" in text
    assert "People were placed by hand, never opened" in text


def polled(where: str | None = None, *, publish: bool = True, answer: str = "a") -> Cafe:
    """A poll in the rooms, in which the first two people voted."""
    world = Cafe()
    poll = world.made(world.moderator, "poll.create", kind="single", prompt="Ready?", options=["Yes", "No"])
    world.done(world.moderator, "poll.open", poll=poll, where=where or world.second)
    asked = [person for person in world.people if where or world.state.breakouts.room_of(person) == world.second]
    for person in asked[:2]:
        world.done(person, "ballot.cast", poll=poll, answer=[answer])
    world.done(world.moderator, "rooms.close", grace=0)
    if publish:
        world.done(world.moderator, "poll.publish", poll=poll)
    return world


def test_a_poll_of_all_rooms_has_the_results_of_each(reports: Reports) -> None:
    world = polled("rooms")
    text = reports.render("md", world.state, "en").body.decode()
    assert "| A. Yes | 2 | 100% |" in text
    table = text.split("| By room | A | B | Ballots |")[1]
    counts = [line.split(" | ")[1:] for line in table.splitlines()[2:4]]
    assert sorted(int(row[0]) for row in counts) in ([1, 1], [0, 2])
    assert [row[0] for row in counts] == [row[2].rstrip(" |") for row in counts]
    assert "By room" in reports.render("html", world.state, "en").body.decode()


def test_a_poll_of_one_room_says_which(reports: Reports) -> None:
    text = reports.render("md", polled().state, "en").body.decode()
    assert "Asked in Table 2 alone" in text
    assert "By room" not in text


@pytest.mark.parametrize("where", ["rooms", None])
@pytest.mark.parametrize("form", sorted(FORMATS))
def test_results_of_rooms_that_were_not_published_cannot_be_told(
    reports: Reports, form: str, where: str | None
) -> None:
    first, second = (polled(where, publish=False, answer=answer).state for answer in ("a", "b"))
    assert reports.render(form, first, "en").body == reports.render(form, second, "en").body


def test_results_that_a_room_watches_are_not_in_the_report_before_they_are_published(reports: Reports) -> None:
    world = Cafe()
    settings = {"visibility": "live"}
    poll = world.made(
        world.moderator, "poll.create", kind="single", prompt="?", options=["Yes", "No"], settings=settings
    )
    world.done(world.moderator, "poll.open", poll=poll, where="rooms")
    world.done(world.people[0], "ballot.cast", poll=poll, answer=["a"])
    assert "| A. Yes |" not in reports.render("md", world.state, "en").body.decode()
    world.done(world.moderator, "rooms.close", grace=0)
    assert "| A. Yes | 1 | 100% |" in reports.render("md", world.state, "en").body.decode()


@pytest.mark.parametrize("form", sorted(FORMATS))
@pytest.mark.parametrize("lang", TEXTS.languages)
def test_the_same_rooms_give_the_same_bytes(reports: Reports, form: str, lang: str) -> None:
    first, second = (reports.render(form, polled("rooms").state, lang).body for _ in range(2))
    assert first == second


def test_every_note_of_the_annexes_has_plan_room_and_round(reports: Reports) -> None:
    world = polled("rooms")
    world.done(world.moderator, "note.lift", note=world.notes[0])
    rows = list(
        csv.DictReader(io.StringIO(reports.render("csv", world.state, "en").body.decode().removeprefix("\ufeff")))
    )
    notes = [row for row in rows if row["section"] == "room_note"]
    assert len(notes) == 8
    assert all(row["plan"] and row["room"] and row["round"] and row["name"] and row["group"] for row in notes)
    (lifted,) = (row for row in rows if row["section"] == "note")
    assert (lifted["room"], lifted["round"]) == (world.where(world.notes[0]), "1")
    assert {row["section"] for row in rows if row["room"]} == {
        "handover", "note", "poll_room", "poll_room_option", "room", "room_note", "room_people",
    }  # fmt: skip
    data = json.loads(reports.render("json", world.state, "en").body)
    parts = [part for segment in data["segments"] for part in segment["questions"]]
    places = [note["place"] for part in parts for sheet in part["rooms"] for note in sheet["notes"]]
    assert len(places) == 8
    assert {(place["plan"], place["round"]) for place in places} == {(world.plan, 1), (world.plan, 2)}
    assert {place["room"] for place in places} == {world.first, world.second}
    assert "secret" not in json.dumps(data)


def log_of(world: World, role: str) -> list[dict[str, Any]]:
    """The log as a role may take it along."""
    stored = [Stored(entry.seq, entry.at, entry.by, entry.key, entry.body) for entry in world.log]
    return [json.loads(entry_line(world.state, entry, role)) for entry in stored]


def test_rapporteurs_read_nothing_in_the_log_that_only_the_desk_knows_of_rooms() -> None:
    world = polled()
    plan, (room, other) = world.rooms(assign="chosen", rooms=2, topics=[{"task": "Secret task"}])
    world.done(world.moderator, "rooms.open", plan=plan)
    ann = world.people[0]
    world.done(ann, "room.choose", room=room)
    world.done(world.moderator, "rooms.edit", room=room, task="Secret task", host=ann)
    world.done(ann, "room.help")
    world.done(world.moderator, "room.coming", room=room)
    world.done(world.moderator, "room.helped", room=room)
    world.done(world.moderator, "rooms.message", room=room, text="Secret message")
    world.done(world.moderator, "rooms.assign", person=ann, room=other)
    world.done(ann, "room.leave")
    world.done(ann, "room.enter")
    world.done(world.moderator, "session.settings", link="https://meet.example/secret-{room}")
    lines = log_of(world, "rapporteur")
    text = json.dumps(lines)
    assert "secret" not in text.lower()
    assert not {"room.choose", "room.help", "room.leave", "room.enter", "rooms.assign"} & {line["do"] for line in lines}
    assert [line["by"] for line in lines[-10:] if line["do"] is None] == [None] * 7
    assert not any("seats" in line or "quality" in line for line in lines)
    assert not any("where" in line and line["where"] == world.second for line in lines)
    assert sum(line["do"] == "note.write" for line in lines) == 8
    full = log_of(world, "moderator")
    assert json.dumps(full).lower().count("secret") == 5
    assert {"room.choose", "room.help", "rooms.assign"} <= {line["do"] for line in full}
    assert not any("answer" in line for line in full if line["do"] == "ballot.cast")
