"""The laws of the core, searched by machine: no entry raises, replay is equal, patches and what is touched are right.

`World.entry` checks the patch law after every single entry, for every document and every person.
"""

from __future__ import annotations

import json
from collections import Counter
from itertools import chain, combinations, pairwise
from typing import Any

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from server.core import fold as fold_module
from server.core.base import Command, Context
from server.core.breakouts.model import Plan
from server.core.breakouts.round import Seats, attends
from server.core.commands import CLIENT_COMMANDS
from server.core.patch import apply, diff, renewal, same, trace
from server.core.people import Back, Gone
from server.core.state import State
from tests.support.world import World

TEXTS = st.one_of(
    st.sampled_from(["Why?", "", " ", "\u0000", "سؤال؟", "a" * 300]),
    st.dictionaries(st.sampled_from(["en", "fr"]), st.text(max_size=5)),
)
FIELDS: dict[str, st.SearchStrategy[Any]] = {
    "text": TEXTS,
    "title": TEXTS,
    "prompt": TEXTS,
    "reason": TEXTS,
    "name": st.text(max_size=10),
    "group": st.sampled_from([None, "youth", "diaspora", "cats"]),
    "language": st.sampled_from(["en", "fr", "xx"]),
    "role": st.sampled_from(["participant", "moderator", "rapporteur", "screen"]),
    "seconds": st.integers(-5, 900),
    "starts": st.integers(0, 2**40),
    "limit": st.integers(0, 30),
    "on": st.booleans(),
    "open": st.booleans(),
    "moderated": st.booleans(),
    "anonymous": st.booleans(),
    "kind": st.sampled_from(["single", "multiple", "scale", "speak", "reply", "works", "quote"]),
    "policy": st.sampled_from(["arrival", "first_time"]),
    "options": st.lists(st.sampled_from(["x", "y", "z", " "]), max_size=4),
    "settings": st.fixed_dictionaries({}, optional={"min": st.integers(0, 3), "max": st.integers(1, 4), "to": st.integers(2, 10)}),
    "assign": st.sampled_from(["mixed", "same", "random", "chosen", "manual", "again"]),
    "rooms": st.integers(1, 4),
    "size": st.integers(2, 5),
    "rounds": st.integers(1, 4),
    "round": st.integers(1, 4),
    "rotate": st.sampled_from(["people", "questions"]),
    "auto": st.booleans(),
    "grace": st.sampled_from([0, 0, 60]),
    "places": st.integers(1, 3),
    "topics": st.lists(
        st.fixed_dictionaries(
            {}, optional={"name": TEXTS, "task": st.just("Talk"), "question": st.sampled_from(["q1.1", "q9"])}
        ),
        max_size=3,
    ),
    "answer": st.lists(st.one_of(st.sampled_from(["a", "b", "c"]), st.integers(0, 6)), max_size=3),
}  # fmt: skip


class Session(RuleBasedStateMachine):
    """Random people send random commands, some of them nonsense, some twice, while time passes."""

    def __init__(self) -> None:
        super().__init__()
        self.world = World()

    @initialize()
    def people(self) -> None:
        for name, group in (("Ann", "youth"), ("Bo", None), ("Cy", "diaspora")):
            self.world.join(name, group)

    def _ids(self) -> list[str | None]:
        state = self.world.state
        known = (
            state.people.items,
            state.agenda.questions,
            state.agenda.segments,
            state.questions.items,
            state.polls.items,
            state.breakouts.plans,
            state.breakouts.rooms,
        )
        return [None, "nothing", *(ident for items in (*known, state.notes.items, state.feed) for ident in items)]

    @rule(data=st.data(), tag=st.sampled_from(sorted(CLIENT_COMMANDS)), senior=st.booleans())
    def command(self, data: st.DataObject, tag: str, senior: bool) -> None:
        world = self.world
        by = world.moderator if senior else data.draw(st.sampled_from(sorted(world.state.people.items)))
        fields: dict[str, Any] = {}
        for field in CLIENT_COMMANDS[tag].__struct_fields__:
            if field == "id" or (field not in FIELDS and field not in _references()):
                continue
            required = field in _required(tag)
            if required or data.draw(st.booleans(), label=f"give {field}"):
                strategy = FIELDS[field] if field in FIELDS else st.sampled_from(self._ids())
                fields[field] = data.draw(strategy, label=field)
        if tag in ("agenda.next", "agenda.back") and data.draw(st.booleans()):
            fields["current"] = world.state.agenda.current
        world.do(by, tag, **fields)

    @rule(data=st.data())
    def rooms(self, data: st.DataObject) -> None:
        """What random fields hardly ever meet: a plan that can be opened, and what people do in its rooms."""
        world = self.world
        state = world.state.breakouts
        if not state.plans or data.draw(st.booleans(), label="another plan"):
            assign = data.draw(st.sampled_from(["mixed", "random", "same", "chosen"]))
            rounds = 1 if assign == "chosen" else data.draw(st.integers(1, 3))
            host = data.draw(st.sampled_from([None, *sorted(world.state.people.items)]), label="host")
            more: dict[str, Any] = {"auto": True, "seconds": 60, "topics": [{"host": host}] if host else []}
            more["rotate"] = data.draw(st.sampled_from(["people", "questions"]), label="rotate")
            world.do(world.moderator, "rooms.plan", assign=assign, rooms=2, rounds=rounds, **more)
        world.compute()
        world.do(world.moderator, data.draw(st.sampled_from(["rooms.open", "rooms.rotate", "rooms.open"])))
        person = data.draw(st.sampled_from(sorted(world.state.people.items)))
        if state.rooms and data.draw(st.sampled_from([False, True]), label="by hand"):
            room = data.draw(st.sampled_from([None, *sorted(state.rooms)]))
            world.do(world.moderator, "rooms.assign", person=person, room=room)
        room = state.room_of(person)
        if room is not None:
            world.do(person, "note.write", room=room, kind="works", text="Trust")
            world.do(person, data.draw(st.sampled_from(["room.help", "room.leave"])))
            world.do(person, "room.handover", text="One")

    @rule(data=st.data(), back=st.booleans())
    def comes_and_goes(self, data: st.DataObject, back: bool) -> None:
        person = data.draw(st.sampled_from(sorted(self.world.state.people.items)))
        self.world.system(Back(person=person) if back else Gone(person=person))

    @rule(seconds=st.sampled_from([0, 1, 61, 600, 4000]))
    def time_passes(self, seconds: int) -> None:
        self.world.tick(seconds)

    @rule(
        body=st.one_of(
            st.binary(max_size=40), st.sampled_from([b"{}", b"null", b'{"do":"tick"}', b'{"do":"session.create"}'])
        ),
        by=st.sampled_from(["", "ghost"]),
    )
    def nonsense(self, body: bytes, by: str) -> None:
        self.world.entry(by, f"nonsense-{len(self.world.log)}", body)

    @rule(data=st.data())
    def repeat(self, data: st.DataObject) -> None:
        entry = data.draw(st.sampled_from(self.world.log), label="entry")
        first = self.world.state.outcome(entry.by, entry.key)
        assert self.world.entry(entry.by, entry.key, entry.body) == first

    @invariant()
    def counts_agree(self) -> None:
        state = self.world.state
        for ident, poll in state.polls.items.items():
            chosen = [option for answer in poll.ballots.values() for option in answer]
            assert {option: chosen.count(option) for option in set(chosen)} == {
                o: n for o, n in poll.tally.items() if n
            }
            assert all(ident in state.polls.ballots_of[person] for person in poll.ballots)
            assert set(poll.cast_in.values()) <= poll.by_room.keys()
            assert poll.cast_in.keys() <= poll.ballots.keys()
            for room, count in poll.by_room.items():
                answers = [poll.ballots[person] for person, where in poll.cast_in.items() if where == room]
                assert count.ballots == len(answers)
                assert {option: n for option, n in count.tally.items() if n} == Counter(chain(*answers))
        for plan in state.breakouts.plans.values():
            for seats in plan.seats:
                assert seats.room_of == {person: room for room, people in seats.in_room.items() for person in people}
                assert list(seats.in_room) == plan.order
                assert seats.out.keys().isdisjoint(seats.room_of)
                self._people_are_counted(seats)
            assert plan.hosts == {host: room for room in plan.order if (host := state.breakouts.rooms[room].host)}
            assert plan.closing_rooms.keys() <= set(plan.order)
            self._meetings_are_counted(plan)
        sheets = {ident for rounds in state.notes.sheets.values() for sheet in rounds.values() for ident in sheet}
        assert sheets == {ident for ident, note in state.notes.items.items() if note.place is not None}
        by = {(note.person, ident) for ident, note in state.notes.items.items()}
        assert by == {(person, ident) for person, written in state.notes.written_by.items() for ident in written}
        queue = state.speakers
        assert queue.waiting == sorted(queue.hands, key=lambda person: queue.hands[person].rank)
        placed = {person for person, hand in queue.hands.items() if hand.why in ("arrival", "first_time")}
        assert queue.late == [person for person in queue.waiting if person in placed & queue.spoken.keys()]
        for ident, question in state.questions.items.items():
            assert question.person not in question.voters
            assert all(state.questions.voted[person].get(ident) for person in question.voters)

    def _people_are_counted(self, seats: Seats) -> None:
        people = self.world.state.people.items
        for room, inside in seats.in_room.items():
            assert seats.sizes[room] == len(inside)
            counted = {group: rooms[room] for group, rooms in seats.groups.items() if rooms[room]}
            assert counted == Counter(people[person].group or "" for person in inside)
            assert seats.absent.get(room, {}).keys() == {person for person in inside if not attends(people[person])}

    def _meetings_are_counted(self, plan: Plan) -> None:
        if plan.meetings is None:
            return
        everybody = {person for seats in plan.seats for person in seats.room_of}
        been = [[s.room_of[person] for s in plan.seats if person in s.room_of] for person in everybody]
        assert plan.meetings.people == len(everybody)
        assert plan.meetings.returns == sum(len(rooms) - len(set(rooms)) for rooms in been)
        if plan.meetings.pairs is not None:
            met = Counter(
                frozenset(pair)
                for seats in plan.seats
                for inside in seats.in_room.values()
                for pair in combinations(inside, 2)
            )
            assert plan.meetings.pairs == Counter(met.values())

    def teardown(self) -> None:
        self.world.check_replay()


def _references() -> frozenset[str]:
    ids = {"question", "person", "current", "segment", "item", "before", "into", "poll", "note", "about"}
    return frozenset(ids | {"room", "plan", "from_", "host", "where"})


def _required(tag: str) -> frozenset[str]:
    info = msgspec.inspect.type_info(CLIENT_COMMANDS[tag])
    assert isinstance(info, msgspec.inspect.StructType)
    return frozenset(field.encode_name for field in info.fields if field.required)


TestSession = Session.TestCase
TestSession.settings = settings(
    max_examples=60, stateful_step_count=40, deadline=None, suppress_health_check=list(HealthCheck)
)

JSON = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(-3, 3), st.text(max_size=3)),
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(st.sampled_from("abcd"), inner, max_size=4)),
    max_leaves=12,
)
OBJECTS = st.dictionaries(st.sampled_from("abcd"), JSON, max_size=4)


def test_old_document_plus_patch_is_the_new_document() -> None:
    @given(OBJECTS, OBJECTS)
    @settings(max_examples=500)
    def law(old: dict[str, Any], new: dict[str, Any]) -> None:
        before = json.dumps([old, new])
        patch = diff(old, new)
        assert same(apply(old, patch), new)
        assert json.dumps([old, new]) == before
        if same(old, new):
            assert same(apply(old, patch), old)

    law()


def test_one_patch_made_of_the_traces_of_many_suits_the_first_version_and_every_one_in_between() -> None:
    @given(st.lists(OBJECTS, min_size=1, max_size=5))
    @settings(max_examples=300)
    def law(versions: list[dict[str, Any]]) -> None:
        kept = json.dumps(versions)
        traces = [trace(old, diff(old, new)) for old, new in pairwise(versions)]
        # A history keeps them as JSON.
        traces = json.loads(json.dumps(traces))
        for first in range(len(versions)):
            patch = renewal(versions[-1], traces[first:])
            for version in versions[first:]:
                assert same(apply(version, patch), versions[-1])
        assert json.dumps(versions) == kept

    law()


@pytest.mark.parametrize(
    ("versions", "patch"),
    [
        ([{"a": {"x": 1}}, {}, {"a": {"y": 2}}], {"a": {"x": None, "y": 2}}),
        ([{"a": {"x": 1}}, {"a": 5}, {"a": {"x": 2}}], {"a": {"x": 2}}),
        (
            [{"a": {"x": {"deep": 1}}}, {"a": None}, {"a": {"x": {"other": 1}}}],
            {"a": {"x": {"deep": None, "other": 1}}},
        ),
        ([{"a": 1}, {"a": {"x": 1}}, {"a": {"x": 1, "y": 2}}], {"a": {"x": 1, "y": 2}}),
        ([{"a": 1}, {"a": {"x": 1}}, {}], {"a": None}),
        ([{"a": 1}, {"a": 2}, {"a": 1}], {"a": 1}),
        ([{"a": {}}, {}, {"a": {}}], {"a": {}}),
        ([{"a": [1]}, {"a": [1, {"x": 1}]}], {"a": [1, {"x": 1}]}),
    ],
)
def test_what_was_deleted_and_made_anew_keeps_nothing_of_before(
    versions: list[dict[str, Any]], patch: dict[str, Any]
) -> None:
    traces = [trace(old, diff(old, new)) for old, new in pairwise(versions)]
    assert renewal(versions[-1], traces) == patch
    for version in versions:
        assert same(apply(version, patch), versions[-1])


def test_every_command_has_a_handler() -> None:
    assert set(CLIENT_COMMANDS.values()) <= set(fold_module._handlers)


def test_a_mistake_in_a_handler_is_a_refusal_and_the_session_goes_on(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(state: State, ctx: Context, command: Command) -> None:
        raise KeyError("nobody thought of this")

    world = World(check=False)
    monkeypatch.setitem(fold_module._handlers, CLIENT_COMMANDS["announce"], broken)
    assert world.refused(world.moderator, "announce", text="Hello") == "mistake"
    world.done(world.moderator, "agenda.next", current=None)
    world.check_replay()
