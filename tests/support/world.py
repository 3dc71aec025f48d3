"""A session in a test: people send commands, and after every entry the laws of the core are checked.

Law one, replay: folding the whole log again gives the same state. Law two, patches: for every document, old plus patch is new, and what
an entry did not touch has not changed. Law three, snapshots: freezing and thawing anywhere on the way changes nothing.
"""

from __future__ import annotations

import json
from typing import Any

import msgspec

from server.core import breakouts, seating, views
from server.core.base import Command, Path, Touched
from server.core.commands import encode_command
from server.core.fold import fold
from server.core.patch import apply, diff, same
from server.core.people import Join
from server.core.session import Create, Tick
from server.core.setup import GroupSetup, GuidingQuestionSetup, SegmentSetup, Setup
from server.core.snapshot import freeze, thaw
from server.core.state import Outcome, State
from server.log.port import Stored

START = 1_800_000_000_000
QUICK = 10_000
"""How much work a plan of rooms may be in a test: enough for a valid one."""

SETUP = Setup(
    title={"en": "Exchange", "fr": "Échange"},
    languages=("en", "fr"),
    groups=(GroupSetup("diaspora", {"en": "Diaspora"}), GroupSetup("youth", {"en": "Youth"})),
    segments=(
        SegmentSetup(
            {"en": "One"}, (GuidingQuestionSetup({"en": "First?"}, 600), GuidingQuestionSetup({"en": "Second?"}))
        ),
        SegmentSetup({"en": "Two"}, (GuidingQuestionSetup({"en": "Third?"}, 300),)),
    ),
)


class World:
    """One session. `now` is the time of the next entry, in milliseconds; set `check` to False to skip the laws."""

    def __init__(self, setup: Setup = SETUP, *, salt: str = "salt", check: bool = True) -> None:
        self.state = State()
        self.log: list[Stored] = []
        self.now = START
        self.check = check
        self.touched = Touched()
        """What the last entry touched."""
        tokens = {"moderator": "hash-m", "rapporteur": "hash-r", "screen": "hash-s"}
        self.system(
            Create(
                session="abc", code="K7MQ2X", epoch="e", salt=salt, setup=setup, tokens=tokens,
                names={"moderator": "Moderator", "rapporteur": "Rapporteur", "screen": "Screen"},
            )
        )  # fmt: skip
        by_role = {person.role: ident for ident, person in self.state.people.items.items()}
        self.moderator = by_role["moderator"]
        self.rapporteur = by_role["rapporteur"]
        self.screen = by_role["screen"]

    def join(self, name: str, group: str | None = None, language: str = "en") -> str:
        """Let a participant in and return the id."""
        made = self.system(Join(name=name, token=f"hash-{name}-{len(self.log)}", group=group, language=language)).made
        assert made is not None
        return made

    def system(self, command: Command) -> Outcome:
        """Append an entry of the server's own."""
        return self.entry("", f"key-{len(self.log)}", encode_command(command))

    def tick(self, seconds: float = 0) -> Outcome:
        """Let time pass and append a tick."""
        self.now += int(seconds * 1000)
        return self.system(Tick())

    def do(self, by: str, command: str, /, key: str | None = None, **fields: Any) -> Outcome:
        """Append a command and return its outcome; a field given as `from_` is sent as `from`."""
        key = key or f"key-{len(self.log)}"
        given = {name.rstrip("_"): value for name, value in fields.items()}
        return self.entry(by, key, json.dumps({"id": key, "do": command, **given}).encode())

    def compute(self) -> None:
        """Compute the plans of rooms that wait for it, as the server does outside the fold."""
        for plan, request in breakouts.wanted(self.state.breakouts, self.state.people.items).items():
            seats = seating.plan(request, work=QUICK)
            self.system(breakouts.Planned(plan=plan, seats=seats, quality=seating.measure(seats, request)))

    def rooms(self, **fields: Any) -> tuple[str, list[str]]:
        """Plan breakout rooms and return the plan and its rooms."""
        plan = self.made(self.moderator, "rooms.plan", **fields)
        self.compute()
        return plan, list(self.state.breakouts.plans[plan].order)

    def made(self, by: str, command: str, /, **fields: Any) -> str:
        """Append a command that must succeed and make something, and return what it made."""
        outcome = self.do(by, command, **fields)
        assert outcome.made is not None, outcome
        return outcome.made

    def done(self, by: str, command: str, /, **fields: Any) -> None:
        """Append a command that must succeed."""
        outcome = self.do(by, command, **fields)
        assert outcome.code is None, outcome

    def refused(self, by: str, command: str, /, **fields: Any) -> str:
        """Append a command that must be refused, and return the code."""
        outcome = self.do(by, command, **fields)
        assert outcome.code is not None, outcome
        return outcome.code

    def entry(self, by: str, key: str, body: bytes) -> Outcome:
        """Append any entry at all."""
        entry = Stored(len(self.log) + 1, self.now, by, key, body)
        self.log.append(entry)
        before = self._documents() if self.check else {}
        self.touched = Touched()
        outcome = fold(self.state, entry, self.touched)
        if self.check:
            assert outcome.code != "mistake"
            self._check_patches(before)
        return outcome

    def doc(self, name: str, person: str | None = None) -> dict[str, Any]:
        """Return a document as a client holds it."""
        view = views.me(self.state, person) if person else views.shared(self.state, name)
        copy: dict[str, Any] = json.loads(json.dumps(view))
        return copy

    def check_replay(self) -> None:
        """Laws one and three: the log folded again, once as it is and once with a state that is frozen and thawed before every entry."""
        again, thawed = State(), State()
        for entry in self.log:
            fold(again, entry, Touched())
            thawed = thaw(freeze(thawed)) or State()
            fold(thawed, entry, Touched())
        documents = msgspec.json.encode(list(self._views(self.state).values()))
        for state in (again, thawed):
            assert state == self.state
            assert msgspec.json.encode(list(self._views(state).values())) == documents

    def _documents(self) -> dict[tuple[str, str | None], dict[str, Any]]:
        documents: dict[tuple[str, str | None], dict[str, Any]] = {
            (name, None): self.doc(name)
            for name in (*views.SLICES, *map(breakouts.document, self.state.breakouts.rooms))
        }
        return documents | {("me", person): self.doc("me", person) for person in self.state.people.items}

    def _views(self, state: State) -> dict[str, dict[str, Any]]:
        shared = (*views.SLICES, *map(breakouts.document, state.breakouts.rooms))
        return {name: views.shared(state, name) for name in shared} | {
            person: views.me(state, person) for person in state.people.items
        }

    def _check_patches(self, before: dict[tuple[str, str | None], dict[str, Any]]) -> None:
        for (name, person), old in before.items():
            new = self.doc(name, person)
            patch = diff(old, new)
            assert same(apply(old, patch), new)
            if person is not None:
                parts = self.touched.people.get(person, set())
                whole = [part for part in parts if isinstance(part, str)]
                touched = {key for part in whole for key in views.ME_PARTS[part](self.state, person)}
                for part in patch.keys() - touched:
                    assert {(part, item) for item in patch[part]} <= parts, (person, patch)
                for part, item in (part for part in parts if not isinstance(part, str)):
                    built = json.loads(json.dumps(views.ME_ITEMS[part](self.state, person, item)))
                    assert built == new[part].get(item), (person, part, item)
            for part in patch if person is None else ():
                self._check_touched(name, part, old, new)

    def _check_touched(self, name: str, part: str, old: dict[str, Any], new: dict[str, Any]) -> None:
        """A slice that changed was touched, or every item of it that changed was, and nothing else of it changed."""
        touched = self.touched
        if (name, part) in touched.slices:
            return
        pruned: list[tuple[dict[str, Any], set[str]]] = []
        for path, items in touched.items.items():
            if path[:2] != (name, part):
                continue
            build = views.item_builder(path)
            before, after = _within(old, path[1:]), _within(new, path[1:])
            for item in items if after is not None else ():
                built = json.loads(json.dumps(build(self.state, item)))
                assert built == after.get(item), (path, item)
            pruned += [(held, items) for held in (before, after) if held is not None]
        for held, items in pruned:
            for item in items:
                held.pop(item, None)
        assert old[part] == new[part], (name, part, touched.items.keys())


def _within(document: dict[str, Any], place: Path) -> Any:
    """Return what stands at a place of a document; None where there is no such place."""
    found: Any = document
    for step in place:
        found = None if found is None else found.get(step)
    return found
