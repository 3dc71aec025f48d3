"""A hall in rooms, as the shelf sends it: random histories, and what is sent piece by piece is what building it anew makes."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from random import Random
from typing import Any

import pytest

from server.core import seating, views
from server.core.breakouts import DESK, document
from server.core.breakouts.model import BY_HAND, Plan
from server.core.patch import apply, same
from server.core.people import Back, Gone, RenewRole
from server.core.state import Outcome
from server.hub.shelf import Shelf
from tests.support.world import World

GROUPS = ("youth", "diaspora", None)
NOWHERE = -1


class Shelving(World):
    """A session whose documents stand on a shelf."""

    def __init__(self) -> None:
        self.shelf = Shelf(0)
        super().__init__()

    def entry(self, by: str, key: str, body: bytes) -> Outcome:
        outcome = super().entry(by, key, body)
        self.shelf.touch(self.touched)
        return outcome


class Hall:
    """A session with people and rooms, and what a reader of all of its documents holds."""

    def __init__(self, seed: int) -> None:
        self.chance = Random(seed)
        self.world = Shelving()
        self.held: dict[str, dict[str, Any]] = {}
        for _ in range(9):
            self.join()
        self.plan()

    def any(self, *things: Any) -> Any:
        """Return any one of some things."""
        return self.chance.choice(things)

    @property
    def person(self) -> str:
        """Somebody, of those who run the session too."""
        found: str = self.any(*self.world.state.people.items)
        return found

    @property
    def room(self) -> str:
        """Any room of any plan, or what is none."""
        found: str = self.any(*(self.world.state.breakouts.rooms or ("none",)))
        return found

    @property
    def some_plan(self) -> str:
        """Any plan, or what is none."""
        found: str = self.any(*(self.world.state.breakouts.plans or ("none",)))
        return found

    @property
    def note(self) -> str:
        """Any note, or what is none."""
        found: str = self.any("none", *self.world.state.notes.items)
        return found

    @property
    def poll(self) -> str:
        """Any poll, or what is none."""
        found: str = self.any("none", *self.world.state.polls.items)
        return found

    def join(self) -> None:
        """Let somebody in."""
        self.world.join(f"P{len(self.world.log)}", self.any(*GROUPS))

    def plan(self) -> None:
        """Make another plan, of any kind, and compute it."""
        assign = self.any("mixed", "mixed", "same", "random", "chosen", "manual")
        rounds = 1 if assign in BY_HAND else self.chance.randint(1, 4)
        topics = [{"host": self.person, "name": "One"}, {"task": "Two", "question": "q1.1"}][
            : self.chance.randint(0, 2)
        ]
        rotate = self.any("people", "people", "questions")
        self.lead("rooms.plan", assign=assign, rooms=3, rounds=rounds, rotate=rotate, topics=topics)
        self.world.compute()

    def lead(self, command: str, **fields: Any) -> None:
        """Let the moderator try something."""
        self.world.do(self.world.moderator, command, **fields)

    def act(self, command: str, **fields: Any) -> None:
        """Let somebody try something, where they are in a room if the command says where."""
        person = self.person
        if "room" in fields:
            fields["room"] = self.world.state.breakouts.room_of(person) or fields["room"]
        self.world.do(person, command, **fields)

    def read(self) -> None:
        """Flush, and see that every document is what it would be if it were built now, on the shelf and for its readers."""
        state = self.world.state
        patches = self.world.shelf.flush(state)
        for name in (*views.SLICES, *map(document, state.breakouts.rooms)):
            fresh = json.loads(json.dumps(views.shared(state, name)))
            if name in self.held:
                self.held[name] = apply(self.held[name], json.loads(json.dumps(patches.get(name, {}))))
                assert same(self.held[name], fresh), name
            else:
                self.held[name] = fresh
            assert same(self.world.shelf.get(name, state, dict).document, fresh), name


ACTS: Mapping[str, Callable[[Hall], object]] = {
    "join": Hall.join,
    "plan": Hall.plan,
    "gone": lambda hall: hall.world.system(Gone(person=hall.person)),
    "back": lambda hall: hall.world.system(Back(person=hall.person)),
    "renew": lambda hall: hall.world.system(RenewRole(role="rapporteur", token="t", asked_with="hash-m")),
    "remove": lambda hall: hall.lead("person.remove", person=hall.any(hall.person, hall.world.rapporteur)),
    "role": lambda hall: hall.lead("person.role", person=hall.person, role=hall.any("participant", "moderator")),
    "rename": lambda hall: hall.lead("person.rename", person=hall.person, name=hall.any("Zoë", "Yves")),
    "group": lambda hall: hall.lead("person.group", person=hall.person, group=hall.any(*GROUPS)),
    "open": lambda hall: hall.lead("rooms.open"),
    "rotate": lambda hall: hall.lead("rooms.rotate"),
    "close": lambda hall: hall.lead("rooms.close", grace=hall.any(0, 60)),
    "close one": lambda hall: hall.lead("rooms.close", grace=hall.any(0, 60), room=hall.room),
    "reopen": lambda hall: hall.lead("rooms.open", room=hall.room),
    "extend": lambda hall: hall.lead("rooms.extend", seconds=60),
    "drop": lambda hall: hall.lead("rooms.drop", plan=hall.some_plan),
    "assign": lambda hall: hall.lead("rooms.assign", person=hall.person, room=hall.room, round=hall.any(1, 2, 3)),
    "leave out": lambda hall: hall.lead("rooms.assign", person=hall.person, room=None, plan=hall.some_plan),
    "look": lambda hall: hall.lead("rooms.assign", person=hall.world.moderator, room=hall.room),
    "host": lambda hall: hall.lead("rooms.edit", room=hall.room, host=hall.any(None, hall.person)),
    "edit": lambda hall: hall.lead("rooms.edit", room=hall.room, name=hall.any(None, "Table", "Sofa"), task="Talk"),
    "edit plan": lambda hall: hall.lead("rooms.edit", plan=hall.some_plan, name="Café", auto=hall.any(True, False)),
    "say": lambda hall: hall.lead("rooms.message", text="Soon", **hall.any({}, {"room": hall.room})),
    "show": lambda hall: hall.lead("rooms.show", room=hall.room, **hall.any({}, {"round": 1})),
    "hide": lambda hall: hall.lead("rooms.hide"),
    "coming": lambda hall: hall.lead("room.coming", room=hall.room),
    "helped": lambda hall: hall.lead("room.helped", room=hall.room),
    "lift": lambda hall: hall.lead("note.lift", note=hall.note),
    "edit note": lambda hall: hall.lead("note.edit", note=hall.note, text="Less"),
    "drop note": lambda hall: hall.lead("note.drop", note=hall.note),
    "choose": lambda hall: hall.act("room.choose", room=hall.room),
    "leave": lambda hall: hall.act("room.leave"),
    "enter": lambda hall: hall.act("room.enter"),
    "write": lambda hall: hall.act("note.write", room=hall.room, kind="works", text="Trust"),
    "help": lambda hall: hall.act("room.help", on=hall.any(True, True, False)),
    "hand over": lambda hall: hall.act("room.handover", text="One"),
    "drop question": lambda hall: hall.lead("agenda.drop", item="q1.1"),
    "poll": lambda hall: hall.lead("poll.create", kind="scale", prompt="?", settings={"to": 5, "visibility": "live"}),
    "ask": lambda hall: hall.lead("poll.open", poll=hall.poll, where=hall.any("rooms", hall.room)),
    "end": lambda hall: hall.lead("poll.close", poll=hall.poll),
    "vote": lambda hall: hall.act("ballot.cast", poll=hall.poll, answer=[hall.any(1, 2, 3, 4, 5)]),
    "withdraw": lambda hall: hall.act("ballot.withdraw", poll=hall.poll),
    "time": lambda hall: hall.world.tick(30),
}
OFTEN = ("write", "vote", "open", "rotate", "assign", "help", "hand over")
BY_HANDS = ("assign", "leave out", "look", "host")


@pytest.mark.parametrize("seed", range(12))
def test_documents_sent_piece_by_piece_are_the_documents_built_anew(seed: int) -> None:
    hall = Hall(seed)
    for _ in range(150):
        name = hall.any(*ACTS, *OFTEN * 3)
        ACTS[name](hall)
        if name in BY_HANDS:
            for path, fields in hall.world.touched.items.items():
                if path[:2] == DESK and path[3:] == () and "quality" in fields:
                    _check_quality(hall.world, hall.world.state.breakouts.plans[path[2]])
        if hall.chance.random() < 0.4:
            hall.read()
    hall.read()
    hall.world.check_replay()


def _check_quality(world: World, plan: Plan) -> None:
    """Of a plan that was changed by hand it is told what all of it is worth, counted anew."""
    known = world.state.people.items
    people = list(dict.fromkeys(person for seats in plan.seats for person in seats.room_of))
    groups = list(dict.fromkeys(known[person].group for person in people))
    hosts = [world.state.breakouts.rooms[room].host for room in plan.order]
    request = seating.Request(
        groups=tuple(groups.index(known[person].group) for person in people),
        rooms=len(plan.order),
        rounds=plan.rounds,
        assign="mixed",
        hosts=tuple(people.index(host) if host in people else None for host in hosts),
        standing=plan.rotate == "questions",
        seed=1,
    )
    rows = [
        [plan.order.index(seats.room_of[person]) if person in seats.room_of else NOWHERE for person in people]
        for seats in plan.seats
    ]
    assert plan.quality == (seating.measure(rows, request) if people and plan.assign not in BY_HAND else None)
