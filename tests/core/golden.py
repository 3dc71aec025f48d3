"""The golden log: a session in which every command occurs, as this version writes it, and the documents that it makes.

`python -m tests.core.golden` writes the files of the present version. Those of a version that was released are never written again:
they have to make the same documents for ever.
"""

from __future__ import annotations

import base64
import json
from pathlib import Path
from typing import Any

from server.core import views
from server.core.breakouts import document
from server.core.people import Back, Gone, RenewRole
from server.core.state import State
from server.log.port import Stored
from tests.support.world import World

FOLDER = Path(__file__).parent / "logs"
VERSION = "0.1"


def play() -> World:
    """Play the session."""
    world = World(check=False)
    m, r = world.moderator, world.rapporteur
    ann, bo, cy = world.join("Ann", "youth"), world.join("Bo", "diaspora", "fr"), world.join("Cy")
    world.done(m, "session.settings", title="Dialogue", starts=1_800_000_300_000, limit=120)
    world.done(ann, "person.rename", name="Ánn")
    world.done(bo, "person.group", group="youth")
    world.done(bo, "person.language", language="en")
    world.done(m, "session.open")
    world.done(m, "announce", text={"en": "Soup", "fr": "Soupe"}, seconds=60)
    world.tick(61)
    world.done(m, "announce", text="Stay")
    world.done(m, "announce.clear")
    world.done(m, "agenda.next", current=None)
    world.done(m, "agenda.go", question="q2.1")
    world.done(m, "agenda.back", current="q2.1")
    segment = world.made(m, "agenda.add", title="Three")
    fourth = world.made(m, "agenda.add", segment=segment, text="Fourth?", seconds=30)
    world.done(m, "agenda.edit", item=fourth, text="Fifth?", seconds=60)
    world.done(m, "agenda.move", item=fourth, before="q1.1")
    world.done(m, "agenda.drop", item=segment)
    world.done(m, "clock.start", seconds=90)
    world.done(m, "clock.pause")
    world.done(m, "clock.resume")
    world.done(m, "clock.extend", seconds=30)
    world.done(m, "agenda.auto", on=True)
    world.tick(121)
    world.done(m, "speakers.policy", policy="first_time")
    for person in (ann, bo, cy):
        world.done(person, "hand.raise", kind="reply", reason="Visas")
    world.done(cy, "hand.lower")
    world.done(m, "speaker.move", person=bo, before=ann)
    world.done(m, "speaker.next", current=None)
    world.now += 30_000
    world.done(m, "speaker.call", person=cy)
    world.now += 10_000
    world.done(m, "speaker.finish")
    world.done(m, "speaker.return")
    world.done(m, "speakers.close")
    world.done(m, "speakers.open")
    one, two, three = (world.made(who, "question.ask", text="Why?", anonymous=who == cy) for who in (ann, bo, cy))
    world.done(ann, "question.edit", question=one, text="Why so?")
    for question in (one, two, three):
        world.done(m, "question.approve", question=question)
    world.done(bo, "question.vote", question=one, on=True)
    world.done(m, "question.pin", question=one)
    world.done(m, "question.merge", question=two, into=one)
    world.done(m, "question.answer", question=one, text="So.")
    world.done(m, "question.decline", question=three, reason="Asked before")
    world.done(m, "question.restore", question=three)
    world.done(cy, "question.withdraw", question=three)
    world.done(m, "questions.settings", open=True, moderated=False, limit=5)
    poll = world.made(m, "poll.create", kind="multiple", prompt="Which?", options=["x", "y", "z"], settings={"max": 2})
    world.done(m, "poll.edit", poll=poll, prompt="Which ones?")
    world.done(m, "poll.open", poll=poll)
    for person in (ann, bo):
        world.done(person, "ballot.cast", poll=poll, answer=["a", "c"])
    world.done(bo, "ballot.withdraw", poll=poll)
    for step in ("poll.close", "poll.publish", "poll.hide", "poll.publish"):
        world.done(m, step, poll=poll)
    world.done(m, "poll.drop", poll=world.made(m, "poll.rerun", poll=poll))
    scale = world.made(
        m, "poll.create", kind="scale", prompt="How much?", settings={"from": 0, "to": 10, "low": "little"}
    )
    world.done(m, "poll.open", poll=scale)
    world.done(ann, "ballot.cast", poll=scale, answer=[7])
    world.refused(ann, "ballot.cast", poll=scale, answer=[11])
    note = world.made(r, "note.write", kind="works", text="Trust")
    world.done(r, "note.edit", note=note, kind="lesson", text="Trust first")
    world.done(r, "note.drop", note=world.made(r, "note.write", kind="open", text="Hm", question=None))
    world.done(m, "session.settings", link="https://meet.example/{session}-{room}")
    di, ed = world.join("Di", "diaspora"), world.join("Ed", "youth")
    _, (red, blue) = world.rooms(
        assign="mixed",
        rooms=2,
        rounds=2,
        seconds=300,
        name="Café",
        topics=[{"name": "Red", "question": "q1.1"}, {"host": di}],
    )
    world.done(m, "rooms.edit", room=blue, name="Blue", task="Draw it")
    world.done(m, "rooms.assign", person=ann, room=red)
    world.done(m, "rooms.open")
    inside = world.made(ann, "note.write", room=red, kind="works", text="Patience")
    world.done(ann, "room.help")
    world.done(m, "room.coming", room=red)
    world.done(m, "room.helped", room=red)
    world.done(di, "room.handover", text="Start with the map")
    world.done(m, "rooms.message", text="Two minutes")
    world.done(ed, "room.leave")
    world.done(ed, "room.enter")
    aside = world.made(m, "poll.create", kind="single", prompt="Here?", options=["yes", "no"])
    world.done(m, "poll.open", poll=aside, where="rooms")
    world.done(di, "ballot.cast", poll=aside, answer=["a"])
    world.done(m, "rooms.rotate", round=1)
    world.system(Gone(person=ed))
    world.system(Back(person=ed))
    world.done(m, "rooms.extend", seconds=60)
    world.done(m, "rooms.close", grace=30)
    world.tick(31)
    world.done(r, "note.lift", note=inside)
    world.done(r, "rooms.show", room=red)
    world.done(r, "rooms.hide")
    chosen, (left, _) = world.rooms(assign="chosen", rooms=2, places=2)
    world.done(m, "rooms.open", plan=chosen)
    world.done(di, "room.choose", room=left)
    world.done(m, "rooms.close", grace=0)
    world.done(m, "rooms.drop", plan=chosen)
    world.done(m, "person.role", person=bo, role="rapporteur")
    world.done(m, "person.remove", person=cy)
    world.system(RenewRole(role="screen", token="hash-new", asked_with="hash-m"))
    world.done(m, "session.close")
    return world


def documents(state: State) -> dict[str, Any]:
    """Return every document there is."""
    return {name: views.shared(state, name) for name in (*views.SLICES, *map(document, state.breakouts.rooms))} | {
        person: views.me(state, person) for person in state.people.items
    }


def lines(log: list[Stored]) -> str:
    """Return a log as JSON lines; bodies are kept to the byte."""
    rows = [[entry.seq, entry.at, entry.by, entry.key, base64.b64encode(entry.body).decode()] for entry in log]
    return "".join(json.dumps(row) + "\n" for row in rows)


def entries(text: str) -> list[Stored]:
    """Read what `lines` wrote."""
    rows = [json.loads(line) for line in text.splitlines()]
    return [Stored(seq, at, by, key, base64.b64decode(body)) for seq, at, by, key, body in rows]


def main() -> None:
    """Write the files of the present version."""
    FOLDER.mkdir(exist_ok=True)
    world = play()
    (FOLDER / f"{VERSION}.jsonl").write_text(lines(world.log), "utf-8")
    made = json.dumps(documents(world.state), indent=1, ensure_ascii=False, sort_keys=True)
    (FOLDER / f"{VERSION}.documents.json").write_text(made + "\n", "utf-8")


if __name__ == "__main__":
    main()
