"""A client keeps its documents by patches, its commands until they are answered, and an eye on the server."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest

from server.rehearsal.client import PATIENCE, Client, Settled
from server.rehearsal.patch import SharedDocuments
from server.rehearsal.wire import FrameReader

STAGE = {"session": {"state": "live"}, "presence": {"online": 1}}


class Desk:
    """A client, what it settled, and what it was told of."""

    def __init__(self) -> None:
        self.settled: list[Settled] = []
        self.changes: list[tuple[str, int, float]] = []
        self.client = Client(
            FrameReader(),
            SharedDocuments(),
            "c-",
            self.settled.append,
            lambda name, seq, now: self.changes.append((name, seq, now)),
        )

    def get(self, at_time: float = 1.0, /, **frame: Any) -> list[Any]:
        return [msgspec.json.decode(answer) for answer in self.client.receive(msgspec.json.encode(frame), at_time)]

    def welcome(self, *, seq: int = 4, resumed: bool = False, **docs: Any) -> list[Any]:
        content = {"person": "p1", "role": "participant", "at": f"e.{seq}", "seq": seq, "now": 1000}
        return self.get(welcome={**content, "resumed": resumed, "docs": docs})

    def send(self, do: str = "hand.raise", now: float = 1.0, *, lose_reply: bool = False, **fields: Any) -> list[Any]:
        return [msgspec.json.decode(frame) for frame in self.client.command(do, fields, now, lose_reply=lose_reply)]


@pytest.fixture
def desk() -> Desk:
    """A client that has been welcomed."""
    made = Desk()
    made.client.opened()
    made.welcome(stage=STAGE, me={"person": "p1", "ballots": {}})
    return made


def test_the_first_hello_has_seen_nothing_and_the_next_one_the_last_position(desk: Desk) -> None:
    assert [msgspec.json.decode(frame) for frame in Desk().client.opened()] == [{"hello": {}}]
    desk.get(doc="me", at="e.5", seq=5, now=1, patch={"hand": None})
    desk.client.closed()
    assert [msgspec.json.decode(frame) for frame in desk.client.opened()] == [{"hello": {"seen": "e.5"}}]


def test_patches_and_whole_documents_are_applied_and_told(desk: Desk) -> None:
    desk.get(2.0, doc="stage", at="e.5", seq=5, now=1, patch={"presence": {"online": 7}, "announcement": None})
    desk.get(3.0, doc="me", at="e.6", seq=6, now=1, full={"person": "p1", "ballots": {"v": ["a"]}})
    assert desk.client.docs == {
        "stage": {"session": {"state": "live"}, "presence": {"online": 7}},
        "me": {"person": "p1", "ballots": {"v": ["a"]}},
    }
    assert desk.changes[-2:] == [("stage", 5, 2.0), ("me", 6, 3.0)]
    assert desk.client.at == "e.6"


def test_a_document_that_is_gone_is_forgotten(desk: Desk) -> None:
    desk.get(doc="room/r1", at="e.5", seq=5, now=1, full={"people": []})
    desk.get(doc="room/r1", gone=True)
    assert set(desk.client.docs) == {"stage", "me"}


def test_a_resumed_welcome_keeps_what_it_leaves_out(desk: Desk) -> None:
    desk.client.closed()
    desk.client.opened()
    desk.welcome(seq=9, resumed=True, me={"person": "p1", "ballots": {"v": ["b"]}})
    assert desk.client.docs == {"stage": STAGE, "me": {"person": "p1", "ballots": {"v": ["b"]}}}
    assert (desk.client.welcomes, desk.client.resumed) == (2, 1)


def test_a_welcome_without_continuity_replaces_everything(desk: Desk) -> None:
    desk.get(doc="room/r1", at="e.5", seq=5, now=1, full={"people": []})
    desk.client.closed()
    desk.client.opened()
    desk.welcome(seq=2, stage={"session": {"state": "ended"}})
    assert desk.client.docs == {"stage": {"session": {"state": "ended"}}}
    assert (desk.client.seq, desk.client.at) == (2, "e.2")


def test_a_command_is_settled_by_done(desk: Desk) -> None:
    assert desk.send(now=1.0, kind="speak") == [{"id": "c-1", "do": "hand.raise", "kind": "speak"}]
    desk.get(1.25, done="c-1", seq=8, made="x9")
    (settled,) = desk.settled
    assert (settled.seq, settled.made, settled.code, settled.at - settled.sent.at) == (8, "x9", None, 0.25)
    assert settled.sent.clean
    assert not desk.client.waiting


def test_a_command_is_settled_by_a_refusal(desk: Desk) -> None:
    desk.send()
    desk.get(refused="c-1", code="hand.up", message="Your hand is up.")
    assert [(settled.code, settled.message) for settled in desk.settled] == [("hand.up", "Your hand is up.")]


def test_what_was_not_acknowledged_is_sent_again_after_the_welcome_and_does_not_count_as_clean(desk: Desk) -> None:
    first = desk.send("ballot.cast", poll="v1", answer=["a"])
    desk.client.closed()
    assert desk.send("react", kind="clap") == []
    desk.client.opened()
    again = desk.welcome(seq=6, resumed=True)
    assert again == [*first, {"id": "c-2", "do": "react", "kind": "clap"}]
    desk.get(done="c-1", seq=5)
    desk.get(done="c-2", seq=7)
    assert [settled.sent.clean for settled in desk.settled] == [False, False]


def test_a_lost_reply_makes_the_client_send_the_same_command_again(desk: Desk) -> None:
    first = desk.send(lose_reply=True)
    assert desk.get(done="c-1", seq=8) == first
    assert not desk.settled
    assert desk.get(done="c-1", seq=8) == []
    assert [(settled.seq, settled.sent.clean) for settled in desk.settled] == [(8, False)]
    assert not desk.client.faults


def test_a_repeat_with_another_outcome_is_a_fault(desk: Desk) -> None:
    desk.send(lose_reply=True)
    desk.get(done="c-1", seq=8)
    desk.get(done="c-1", seq=9)
    assert desk.client.faults == {"hand.raise repeated, with another outcome": 1}


def test_a_repeated_reaction_has_no_first_outcome(desk: Desk) -> None:
    desk.send("react", lose_reply=True, kind="clap")
    desk.get(done="c-1", seq=8)
    desk.get(done="c-1", seq=9)
    assert not desk.client.faults


def test_a_lost_refusal_may_become_an_acceptance(desk: Desk) -> None:
    desk.send(lose_reply=True)
    desk.get(refused="c-1", code="speakers.closed", message="")
    desk.get(done="c-1", seq=9)
    assert [settled.seq for settled in desk.settled] == [9]
    assert not desk.client.faults


@pytest.mark.parametrize(
    ("frame", "fault"),
    [
        (b"{", "frame not understood"),
        (b"\xff", "frame not understood"),
        (b'{"doc":"stage","seq":"five","patch":{}}', "frame not understood"),
        (b"{}", "frame not understood"),
        (b'{"doc":"stage","at":"e.5","seq":5,"now":1}', "document frame without patch or full"),
        (b'{"doc":"desk","at":"e.5","seq":5,"now":1,"patch":{"a":1}}', "patch to a document never given"),
        (b'{"doc":"me","at":"e.1","seq":1,"now":1,"patch":{"a":1}}', "document older than what was held"),
        (b'{"done":"c-77","seq":5}', "reply to nothing"),
    ],
)
def test_what_breaks_the_protocol_is_a_fault_by_name(desk: Desk, frame: bytes, fault: str) -> None:
    desk.client.receive(frame, 1.0)
    assert desk.client.faults == {fault: 1}


def test_a_patch_of_null_is_a_patch(desk: Desk) -> None:
    desk.get(doc="me", at="e.5", seq=5, now=1, patch=None)
    assert desk.client.docs["me"] is None
    assert not desk.client.faults


def test_an_unanswered_ping_means_a_dead_connection(desk: Desk) -> None:
    assert desk.client.beat(20.0) is not None
    desk.get(20.1, pong=20000, now=5)
    assert desk.client.beat(40.0) is not None
    assert desk.client.beat(40.0 + PATIENCE + 1) is None


def test_a_new_connection_forgets_the_old_ping(desk: Desk) -> None:
    desk.client.beat(20.0)
    desk.client.closed()
    desk.client.opened()
    assert desk.client.beat(90.0) is not None


def test_the_document_of_the_own_room_comes_and_goes_with_the_person(desk: Desk) -> None:
    desk.get(doc="room/r1", at="e.3", seq=5, now=1, full={"room": {"round": 1}})
    desk.get(doc="me", at="e.5", seq=5, now=1, patch={"room": "r1"})
    desk.get(doc="room/r1", at="e.6", seq=6, now=1, patch={"help": {"since": 1}})
    # What came before names another position than the one that was held: others were told of changes meanwhile.
    desk.get(doc="room/r2", at="e.8", seq=9, now=1, full={"room": {"round": 2}})
    desk.get(doc="me", at="e.8", seq=9, now=1, patch={"room": "r2"})
    desk.get(doc="room/r1", gone=True)
    desk.get(doc="stage", at="e.9", seq=9, now=1, patch={})
    desk.get(doc="me", at="e.10", seq=10, now=1, patch={"room": None})
    desk.get(doc="room/r2", gone=True)
    desk.get(doc="stage", at="e.11", seq=11, now=1, patch={})
    assert not desk.client.faults
    assert set(desk.client.docs) == {"stage", "me"}


@pytest.mark.parametrize(
    ("frames", "fault"),
    [
        # Another room's document, even where it is taken back at once.
        ([{"doc": "room/r9", "full": {}}, {"doc": "room/r9", "gone": True}], "document of a room that is not theirs"),
        ([{"doc": "room/r1", "full": {}}, {"doc": "room/r9", "full": {}}], "document of a room that is not theirs"),
        ([{"doc": "room/r1", "full": {}}, {"doc": "room/r9", "patch": {}}], "patch to a document never given"),
        ([], "no document of the own room"),
    ],
)
def test_a_document_of_another_room_is_a_fault(desk: Desk, frames: list[dict[str, Any]], fault: str) -> None:
    for frame in frames:
        desk.get(at="e.4", seq=5, now=1, **frame)
    desk.get(doc="me", at="e.5", seq=5, now=1, patch={"room": "r1"})
    desk.get(doc="stage", at="e.6", seq=6, now=1, patch={})
    assert desk.client.faults[fault] == 1


def test_a_document_that_stays_after_one_has_left_the_room_is_a_fault(desk: Desk) -> None:
    desk.get(doc="room/r1", at="e.4", seq=5, now=1, full={})
    desk.get(doc="me", at="e.5", seq=5, now=1, patch={"room": "r1"})
    desk.get(doc="me", at="e.6", seq=6, now=1, patch={"room": None})
    desk.get(doc="stage", at="e.7", seq=7, now=1, patch={})
    assert desk.client.faults == {"document of a room kept after leaving it": 1}
