"""Breakout rooms: who gets which room's document and when, in one write with the move, and never a byte of another room."""

from __future__ import annotations

import asyncio
import json
import random
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from server.core import views
from server.core.base import Touched
from server.core.patch import same
from server.hub import Member, passing
from server.hub.attachment import BEHIND_BYTES
from server.hub.pace import Pace
from server.protocol import frames
from server.protocol.frames import Stamp
from server.protocol.limits import Rate
from tests.hub.support import FakePeer, Hall, hold, open_hall

FREE = Rate(per_second=1e6, burst=10**6)


@pytest.fixture(autouse=True)
def _no_counts(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let nothing go out by itself: these tests say when documents do."""
    monkeypatch.setattr(passing, "PAUSE", 3600.0)


class Rooms:
    """Two open rooms, `a` with Ann and Al in it, `b` with Bo and Ben; a second round would swap all but the hosts Al and Ben."""

    def __init__(self, hall: Hall, moderator: FakePeer, people: dict[str, tuple[Member, FakePeer]]) -> None:
        self.hall = hall
        self.moderator = moderator
        self.members = {name: member for name, (member, _) in people.items()}
        self.peers = {name: peer for name, (_, peer) in people.items()}
        self.plan = self.a = self.b = ""
        self._count = 0

    async def tell(self, do: str, **fields: Any) -> dict[str, Any]:
        """Have the moderator do something that succeeds."""
        self._count += 1
        outcome = await self.moderator.ask(do, f"m{self._count}", **fields)
        assert "done" in outcome, outcome
        return outcome

    def plan_state(self) -> str | None:
        """What the desk says of the plan."""
        state: str | None = self.moderator.docs["desk"]["rooms"].get(self.plan, {}).get("state")
        return state

    async def move(self, name: str, room: str | None) -> None:
        await self.tell("rooms.assign", person=self.members[name].person, room=room)

    async def write(self, name: str, room: str, text: str) -> None:
        """Have somebody write a note in their room."""
        self._count += 1
        outcome = await self.peers[name].ask("note.write", f"n{self._count}", kind="works", text=text, room=room)
        assert "done" in outcome, outcome

    def hold(self) -> None:
        """Let documents wait until `flush`."""
        hold(self.hall)

    def flush(self) -> None:
        self.hall.live.delivery.flush()

    def back(self, name: str, peer: FakePeer | None = None) -> FakePeer:
        """Bring back somebody who left, with the position and the documents they held."""
        peer = peer or self.peers[name]
        return self.hall.attach(self.members[name], peer.at, peer)

    def held(self, name: str) -> set[str]:
        """The rooms whose documents somebody holds."""
        return {doc for doc in self.peers[name].docs if doc.startswith("room/")}


async def open_rooms(hall: Hall) -> Rooms:
    """Return rooms in their first round."""
    people = {name: await hall.join(name) for name in ("Ann", "Al", "Bo", "Ben")}
    rooms = Rooms(hall, await hall.link("moderator"), people)
    hosts = [{"host": rooms.members[name].person} for name in ("Al", "Ben")]
    rooms.plan = (await rooms.tell("rooms.plan", rooms=2, assign="random", rounds=2, topics=hosts))["made"]
    await rooms.moderator.until(lambda: rooms.plan_state() == "ready")
    rooms.a, rooms.b = rooms.moderator.docs["desk"]["rooms"][rooms.plan]["order"]
    for name, room in (("Ann", rooms.a), ("Bo", rooms.b)):
        await rooms.tell("rooms.assign", person=rooms.members[name].person, room=room, round=1)
    rooms.hold()
    await rooms.tell("rooms.open")
    rooms.flush()
    return rooms


async def test_a_move_is_one_write_in_which_the_last_frame_alone_names_the_new_position(tmp_path: Path) -> None:
    async with open_hall(tmp_path) as hall:
        rooms = await open_rooms(hall)
        ann = rooms.peers["Ann"]
        a, b = f"room/{rooms.a}", f"room/{rooms.b}"
        before = ann.frames[-1]["at"]
        assert [(frame["doc"], "full" in frame) for frame in ann.writes[-1]] == [(a, 1), ("me", 0), ("stage", 0)]
        await rooms.tell("rooms.rotate")
        rooms.flush()
        moved = ann.writes[-1]
        assert [frame["doc"] for frame in moved] == [b, "me", a, "stage"]
        assert set(moved[0]["full"]["people"]) == {rooms.members[name].person for name in ("Ann", "Ben")}
        assert moved[1]["patch"]["room"] == rooms.b
        assert moved[2] == {"doc": a, "gone": True}
        early, after = f"{before}~{hall.live.state.seq}", hall.live._chain.token(hall.live.state.seq)
        assert [frame.get("at") for frame in moved] == [early, early, None, after]
        # The host stays: a patch is enough.
        stayed = rooms.peers["Al"].writes[-1]
        assert [(frame["doc"], "patch" in frame) for frame in stayed] == [("stage", True), (a, True)]
        for name in rooms.peers:
            compare(rooms.peers[name], hall.live.view(rooms.members[name].person).docs)


async def test_where_the_stage_does_not_change_the_move_itself_names_the_new_position(tmp_path: Path) -> None:
    async with open_hall(tmp_path) as hall:
        rooms = await open_rooms(hall)
        ann = rooms.peers["Ann"]
        # Ann goes and Bo comes in her place: the numbers on the stage are the same.
        await rooms.move("Ann", None)
        await rooms.move("Bo", rooms.a)
        await rooms.tell("rooms.assign", person=(await hall.live.join("Cy", None, "en")).person, room=rooms.b)
        rooms.flush()
        assert [frame["doc"] for frame in ann.writes[-1]] == [f"room/{rooms.a}", "me"]
        assert ann.at == rooms.peers["Bo"].at == hall.live._chain.token(hall.live.state.seq)
        assert [frame["doc"] for frame in rooms.peers["Bo"].writes[-1]] == [f"room/{rooms.a}", f"room/{rooms.b}", "me"]


async def test_a_moderator_who_sits_in_a_room_has_its_document_besides(tmp_path: Path) -> None:
    async with open_hall(tmp_path) as hall:
        rooms = await open_rooms(hall)
        person = rooms.members["Al"].person
        await rooms.tell("person.role", person=person, role="moderator")
        rooms.flush()
        assert set(rooms.peers["Al"].docs) == {"stage", "desk", "record", "me", f"room/{rooms.a}"}
        await rooms.tell("person.role", person=person, role="participant")
        await rooms.tell("rooms.close", grace=0)
        rooms.flush()
        assert set(rooms.peers["Al"].docs) == {"stage", "me"}


async def test_nobody_receives_a_byte_of_a_room_that_they_are_not_in(tmp_path: Path) -> None:
    async with open_hall(tmp_path) as hall:
        rooms = await open_rooms(hall)
        ann, bo = rooms.peers["Ann"], rooms.peers["Bo"]
        await rooms.write("Ann", rooms.a, "ALPHA canary")
        await rooms.tell("rooms.message", text="ALPHA message", room=rooms.a)
        rooms.flush()
        await rooms.write("Bo", rooms.b, "BETA canary")
        await rooms.tell("rooms.message", text="BETA message", room=rooms.b)
        assert "done" in await rooms.peers["Ben"].ask("room.handover", "h1", text="BETA handover")
        rooms.flush()
        assert text_of(ann).count("ALPHA") == 2
        assert text_of(bo).count("BETA") == 3
        assert "BETA" not in text_of(ann, rooms.peers["Al"])
        assert "ALPHA" not in text_of(bo, rooms.peers["Ben"])
        # A note and a move in one flush: who was moved out sees no more of the room, be it written before or after.
        await rooms.write("Al", rooms.a, "LATE canary")
        await rooms.move("Ann", None)
        await rooms.write("Al", rooms.a, "LATER canary")
        rooms.flush()
        assert "LATE" not in text_of(ann)
        assert text_of(rooms.peers["Al"]).count("LATE") == 2
        assert rooms.held("Ann") == set()
        await rooms.write("Al", rooms.a, "LAST canary")
        rooms.flush()
        assert "LAST" not in text_of(ann)


async def test_a_slow_reader_gets_the_room_they_are_in_when_they_have_caught_up_and_no_other(tmp_path: Path) -> None:
    async with open_hall(tmp_path) as hall:
        rooms = await open_rooms(hall)
        ann = rooms.peers["Ann"]
        ann.buffered = BEHIND_BYTES + 1
        count = len(ann.frames)
        await rooms.write("Al", rooms.a, "MISSED canary")
        rooms.flush()
        await rooms.move("Ann", rooms.b)
        rooms.flush()
        await rooms.write("Bo", rooms.b, "BETA canary")
        rooms.flush()
        await rooms.move("Ann", None)
        rooms.flush()
        assert ann.frames[count:] == []
        ann.buffered = 0
        hall.live.care(0.0)
        # What was missed of both rooms stays missed; that the room is over does not.
        assert [frame["doc"] for frame in ann.frames[count:]] == [f"room/{rooms.a}", "stage", "me"]
        assert rooms.held("Ann") == set()
        assert "canary" not in text_of(ann)
        ann.buffered = BEHIND_BYTES + 1
        count = len(ann.frames)
        await rooms.move("Ann", rooms.b)
        rooms.flush()
        ann.buffered = 0
        hall.live.care(0.0)
        assert [frame["doc"] for frame in ann.frames[count:]] == ["stage", f"room/{rooms.b}", "me"]
        compare(ann, hall.live.view(rooms.members["Ann"].person).docs)


async def test_a_slow_reader_moved_to_and_fro_keeps_the_room(tmp_path: Path) -> None:
    async with open_hall(tmp_path) as hall:
        rooms = await open_rooms(hall)
        ann = rooms.peers["Ann"]
        ann.buffered = BEHIND_BYTES + 1
        count = len(ann.frames)
        for room in (rooms.b, rooms.a):
            await rooms.move("Ann", room)
            rooms.flush()
        ann.buffered = 0
        hall.live.care(0.0)
        assert [frame["doc"] for frame in ann.frames[count:]] == ["stage", f"room/{rooms.a}", "me"]
        assert not any("gone" in frame for frame in ann.frames)


async def test_who_comes_back_to_another_room_starts_afresh_and_to_the_same_one_goes_on(tmp_path: Path) -> None:
    async with open_hall(tmp_path) as hall:
        rooms = await open_rooms(hall)
        ann = rooms.peers["Ann"]
        assert ann.attachment is not None
        ann.attachment.detach()
        rooms.back("Ann")
        welcome = last_welcome(ann)
        assert (welcome["resumed"], set(welcome["docs"])) == (True, set())
        ann.attachment.detach()
        await rooms.write("Al", rooms.a, "ALPHA canary")
        rooms.flush()
        rooms.back("Ann")
        welcome = last_welcome(ann)
        assert (welcome["resumed"], set(welcome["docs"])) == (True, set())
        assert [frame["doc"] for frame in ann.writes[-1][1:]] == ["stage", f"room/{rooms.a}"]
        ann.attachment.detach()
        await rooms.move("Ann", rooms.b)
        await rooms.write("Al", rooms.a, "LATE canary")
        # Not flushed yet: who comes now must get the room where they are.
        rooms.back("Ann")
        welcome = last_welcome(ann)
        assert (welcome["resumed"], set(welcome["docs"])) == (False, {"stage", "me", f"room/{rooms.b}"})
        assert welcome["at"] == hall.live._chain.token(hall.live.state.seq)
        assert "LATE" not in text_of(ann)
        # And back in the first room meanwhile: it may have said things that the client should not have missed.
        ann.attachment.detach()
        await rooms.move("Ann", rooms.a)
        await rooms.move("Ann", rooms.b)
        rooms.flush()
        rooms.back("Ann")
        assert last_welcome(ann)["resumed"] is False


async def test_who_comes_late_gets_the_room_as_it_is_for_them_not_as_it_was_last_sent(tmp_path: Path) -> None:
    async with open_hall(tmp_path) as hall:
        rooms = await open_rooms(hall)
        await rooms.tell("rooms.rotate")
        member, cy = await hall.join("Cy")
        room = cy.docs[f"room/{cy.docs['me']['room']}"]
        assert (room["room"]["round"], member.person in room["people"]) == (2, True)
        compare(cy, hall.live.view(member.person).docs)


async def test_rooms_that_nobody_reads_are_not_built(tmp_path: Path) -> None:
    async with open_hall(tmp_path) as hall:
        rooms = await open_rooms(hall)
        shelf = hall.live.delivery._shelf
        assert shelf.holds([f"room/{rooms.a}", f"room/{rooms.b}"])
        for name in ("Bo", "Ben"):
            attachment = rooms.peers[name].attachment
            assert attachment is not None
            attachment.detach()
        assert not shelf.holds([f"room/{rooms.b}"])
        await rooms.tell("rooms.close", grace=0)
        rooms.flush()
        assert not shelf.holds([f"room/{rooms.a}"])
        assert shelf.holds(["stage", "desk", "record"])
        await rooms.tell("rooms.open", plan=rooms.plan)
        rooms.flush()
        assert rooms.held("Ann") == {f"room/{rooms.a}"}
        rooms.peers["Bo"] = rooms.back("Bo", FakePeer())
        compare(rooms.peers["Bo"], hall.live.view(rooms.members["Bo"].person).docs)


async def test_when_a_hall_rotates_each_room_is_encoded_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    people, tables = 300, 30
    async with open_hall(tmp_path) as hall:
        moderator = await hall.link("moderator")
        joined = await asyncio.gather(*(hall.live.join(f"P{number}", None, "en") for number in range(people)))
        peers = [hall.attach(await hall.member(one.token)) for one in joined]
        plan = (await moderator.ask("rooms.plan", "1", rooms=tables, assign="random", rounds=2))["made"]
        await moderator.until(lambda: moderator.docs["desk"]["rooms"].get(plan, {}).get("state") == "ready")
        await moderator.ask("rooms.open", "2")
        hall.live.delivery.flush()
        first = [peer.docs["me"]["room"] for peer in peers]
        wholes: list[str] = []
        full = frames.full

        def counted(doc: str, stamp: Stamp, document: bytes) -> bytes:
            wholes.append(doc)
            return full(doc, stamp, document)

        monkeypatch.setattr(frames, "full", counted)
        hold(hall)
        await moderator.ask("rooms.rotate", "3")
        counts = [len(peer.writes) for peer in peers]
        hall.live.delivery.flush()
        assert sorted(wholes) == sorted(f"room/{room}" for room in set(first))
        assert [len(peer.writes) for peer in peers] == [count + 1 for count in counts]
        for peer, room in zip(peers, first, strict=True):
            own = peer.docs["me"]["room"]
            assert own != room
            assert set(peer.docs) == {"stage", "me", f"room/{own}"}
            assert peer.docs["me"]["person"] in peer.docs[f"room/{own}"]["people"]


@pytest.mark.parametrize("seed", range(6))
async def test_random_moves_end_in_the_right_room_and_no_write_shows_another(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, seed: int
) -> None:
    """People drop, return, stall and are moved; each write leaves a client with its own room's document alone."""
    rng = random.Random(seed)
    async with open_hall(tmp_path, rate=FREE) as hall:
        rooms = await open_rooms(hall)
        _watch_moves(hall, monkeypatch)
        hall.live.delivery.pace = Pace()
        names = list(rooms.peers)
        connected = set(names)
        for step in range(120):
            name = rng.choice(names)
            member, peer = rooms.members[name], rooms.peers[name]
            deed = rng.random()
            if name in connected and deed < 0.1:
                assert peer.attachment is not None
                peer.attachment.detach()
                connected.discard(name)
            elif name not in connected:
                hall.attach(member, peer.at if deed < 0.8 else None, peer)
                connected.add(name)
            elif deed < 0.2:
                peer.buffered = rng.choice([0, BEHIND_BYTES + 1])
                hall.live.delivery.care()
            else:
                by, do, fields = _deed(rng, rooms, member.person, step)
                (peer if by == "own" else rooms.moderator).say(do, f"k{step}", **fields)
            if rng.random() < 0.5:
                await rooms.moderator.ask("room.helped", f"w{step}", room=rooms.a)
        for name in names:
            rooms.peers[name].buffered = 0
            if name not in connected:
                rooms.back(name)
        hall.live.delivery.care()
        await rooms.moderator.ask("announce", "barrier", text="Barrier")
        rooms.flush()
        for name, peer in rooms.peers.items():
            compare(peer, hall.live.view(rooms.members[name].person).docs)
            _check_writes(peer, {rooms.a: "ALPHA", rooms.b: "BETA"})


def _deed(rng: random.Random, rooms: Rooms, person: str, step: int) -> tuple[str, str, dict[str, Any]]:
    room = rng.choice([rooms.a, rooms.b])
    canary = "ALPHA" if room == rooms.a else "BETA"
    choices: list[Callable[[], tuple[str, str, dict[str, Any]]]] = [
        lambda: ("moderator", "rooms.assign", {"person": person, "room": room}),
        lambda: ("moderator", "rooms.assign", {"person": person, "room": None}),
        lambda: ("moderator", "rooms.message", {"room": room, "text": f"{canary} {step}"}),
        lambda: ("moderator", "rooms.close", {"room": room, "grace": 0}),
        lambda: ("moderator", "rooms.open", {"room": room}),
        lambda: ("moderator", "person.role", {"person": person, "role": rng.choice(["participant", "rapporteur"])}),
        lambda: ("own", "note.write", {"kind": "works", "text": f"{canary} {step}", "room": room}),
        lambda: ("own", "room.leave", {}),
        lambda: ("own", "room.enter", {}),
        lambda: ("own", "room.help", {"on": rng.random() < 0.5}),
    ]
    return rng.choice(choices)()


def _watch_moves(hall: Hall, monkeypatch: pytest.MonkeyPatch) -> None:
    """Check that the core names everybody whose documents an entry changes: delivery relies on it."""
    delivery = hall.live.delivery
    before = {person: views.names(hall.live.state, person) for person in hall.live.state.people.items}
    touched = delivery.touched

    def watching(told: Touched, seq: int) -> None:
        for person in hall.live.state.people.items:
            names = views.names(hall.live.state, person)
            assert before.setdefault(person, names) == names or person in told.people
            before[person] = names
        touched(told, seq)

    monkeypatch.setattr(delivery, "touched", watching)


def _check_writes(peer: FakePeer, canaries: dict[str, str]) -> None:
    """Go through what a client got: after each write it holds its own room alone, and got frames of no other."""
    held: set[str] = set()
    own: str | None = None
    for write in peer.writes:
        shown: set[str] = set()
        for frame in write:
            if "welcome" in frame:
                welcome = frame["welcome"]
                held = (held if welcome["resumed"] else set()) | {doc for doc in welcome["docs"] if "/" in doc}
                shown |= {doc for doc in welcome["docs"] if "/" in doc}
                own = welcome["docs"].get("me", {"room": own})["room"]
            elif frame.get("doc") == "me":
                own = frame["full"]["room"] if "full" in frame else frame["patch"].get("room", own)
            elif "/" in frame.get("doc", ""):
                if frame.get("gone"):
                    held.discard(frame["doc"])
                    continue
                held.add(frame["doc"])
                shown.add(frame["doc"])
                foreign = [canary for room, canary in canaries.items() if frame["doc"] != f"room/{room}"]
                assert not any(canary in json.dumps(frame) for canary in foreign)
        assert held == (set() if own is None else {f"room/{own}"})
        assert shown <= held


def compare(peer: FakePeer, documents: dict[str, Any]) -> None:
    assert set(peer.docs) == set(documents)
    for name, document in documents.items():
        counts = {"presence": None, "reactions": None}
        assert same({**peer.docs[name], **counts}, json.loads(json.dumps({**document, **counts}))), name


def text_of(*peers: FakePeer) -> str:
    """Everything that ever came to these peers."""
    return json.dumps([peer.frames for peer in peers])


def last_welcome(peer: FakePeer) -> dict[str, Any]:
    """What a peer was last welcomed with."""
    welcome: dict[str, Any] = next(frame["welcome"] for frame in reversed(peer.frames) if "welcome" in frame)
    return welcome
