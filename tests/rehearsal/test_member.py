"""A member comes back unless the server says that it is over, and repeats what was not acknowledged."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from random import Random
from typing import Any

import msgspec
import pytest

from server.rehearsal.acts import Act, Away
from server.rehearsal.client import PATIENCE, Client, Settled
from server.rehearsal.ledger import Ledger
from server.rehearsal.member import BACKOFF_MOST, BEAT, Member
from server.rehearsal.patch import SharedDocuments
from server.rehearsal.scheduler import Scheduler
from server.rehearsal.socket import Listener, Socket
from server.rehearsal.wire import FrameReader
from tests.rehearsal.test_scheduler import Clock


class Wire(Socket):
    """A socket that goes nowhere: it keeps what is sent, and the test says what happens to it."""

    def __init__(self, listener: Listener) -> None:
        self.listener = listener
        self.sent: list[dict[str, Any]] = []
        self.ended: str | None = None

    def send(self, payloads: Any) -> None:
        self.sent += [msgspec.json.decode(payload) for payload in payloads]

    def close(self) -> None:
        self.end("closed")

    def abort(self) -> None:
        self.end("aborted")

    def end(self, how: str, code: int = 1006) -> None:
        if self.ended is None:
            self.ended = how
            self.listener.closed(code)


class Hall:
    """A hall with a clock that the test moves and sockets that it holds."""

    def __init__(self) -> None:
        self.clock = Clock()
        self.scheduler = Scheduler(self.clock.time, self.clock.call_later)
        self.ledger = Ledger()
        self.chance = Random(1)
        self.acting = True
        self.lose_reply = 0.0
        self.wires: list[Wire] = []
        self.reachable = True

    def new_client(self, settled: Callable[[Settled], None], changed: Callable[[str, int, float], None]) -> Client:
        return Client(FrameReader(), SharedDocuments(), "c-", settled, changed)

    def socket(self, token: str, listener: Listener) -> Wire:
        self.wires.append(Wire(listener))
        return self.wires[-1]

    async def dial(self, socket: Socket) -> None:
        if not self.reachable:
            raise ConnectionRefusedError

    def start(self, work: Coroutine[None, None, None]) -> None:
        asyncio.run(work)

    @property
    def wire(self) -> Wire:
        return self.wires[-1]

    def welcome(self, seq: int = 3, *, resumed: bool = False) -> None:
        """Accept the newest socket and welcome its member."""
        self.wire.listener.opened()
        docs = {"stage": {"session": {"state": "live"}}, "me": {"person": "p1"}}
        content = {"person": "p1", "role": "participant", "at": f"e.{seq}", "seq": seq, "now": 1}
        self.get(welcome={**content, "resumed": resumed, "docs": docs})

    def get(self, **frame: Any) -> None:
        self.wire.listener.received(msgspec.json.encode(frame))


class Wants:
    """A will that does what the test says, once, when it looks after a second."""

    def __init__(self) -> None:
        self.next: Act | Away | None = None

    def next_act(self, docs: dict[str, Any], now: float) -> Act | Away | None:
        act, self.next = self.next, None
        return act

    def gap(self) -> float:
        return 1.0


HAND = Act("hand.raise", {})


@pytest.fixture
def hall() -> Hall:
    return Hall()


@pytest.fixture
def will() -> Wants:
    return Wants()


@pytest.fixture
def member(hall: Hall, will: Wants) -> Member:
    """A member who has been welcomed."""
    made = Member(hall, "participant", "key", will)
    made.enter()
    hall.welcome()
    return made


def test_a_member_says_hello_and_acts(hall: Hall, member: Member, will: Wants) -> None:
    will.next = HAND
    hall.clock.move(1)
    commands = [frame for frame in hall.wire.sent if "do" in frame]
    assert hall.wire.sent[0] == {"hello": {}}
    assert commands == [{"id": "c-1", "do": "hand.raise"}]
    hall.get(done="c-1", seq=4)
    assert hall.ledger.done == {"hand.raise": 1}
    assert member.settled


def test_nothing_new_is_done_before_the_last_answer_came(hall: Hall, member: Member, will: Wants) -> None:
    will.next = HAND
    hall.clock.move(1)
    will.next = Act("react", {"kind": "clap"})
    hall.clock.move(5)
    assert [frame["do"] for frame in hall.wire.sent if "do" in frame] == ["hand.raise"]
    assert not member.settled


@pytest.mark.parametrize("code", [4000, 4001, 4002, 4003, 401, 403, 404])
def test_some_codes_say_do_not_come_back(hall: Hall, member: Member, code: int) -> None:
    hall.wire.end("closed", code)
    hall.clock.move(60)
    assert member.gone == code
    assert member.settled
    assert len(hall.wires) == 1


@pytest.mark.parametrize("code", [1006, 1012, 4100, 4101, 4102, 429, 503])
def test_all_others_say_come_back_where_one_was(hall: Hall, member: Member, code: int) -> None:
    hall.wire.end("closed", code)
    hall.clock.move(BACKOFF_MOST)
    assert len(hall.wires) == 2
    hall.welcome(seq=5, resumed=True)
    assert hall.wire.sent[0] == {"hello": {"seen": "e.3"}}
    assert (member.lost, member.drops, member.client.resumed) == (1, 0, 1)


def test_a_server_that_is_not_there_is_asked_again_and_again_but_ever_more_seldom(hall: Hall, member: Member) -> None:
    hall.reachable = False
    hall.wire.end("aborted")
    hall.clock.move(10)
    early = len(hall.wires)
    hall.clock.move(190)
    late = len(hall.wires) - early
    assert early > 3
    assert 190 / BACKOFF_MOST < late < 19 * early
    hall.reachable = True
    hall.clock.move(BACKOFF_MOST)
    assert member.connected


@pytest.mark.parametrize(("clean", "how"), [(True, "closed"), (False, "aborted")])
def test_who_goes_away_is_back_after_that_time(hall: Hall, member: Member, will: Wants, clean: bool, how: str) -> None:
    will.next = Away(7.0, clean)
    hall.clock.move(1)
    assert hall.wire.ended == how
    hall.clock.move(6.5)
    assert len(hall.wires) == 1
    hall.clock.move(1)
    assert len(hall.wires) == 2
    assert member.connected
    assert (member.drops, member.lost) == (1, 0)


def test_an_observer_never_goes_away(hall: Hall, will: Wants) -> None:
    Member(hall, "participant", "key", will, watches=True).enter()
    hall.welcome()
    will.next = Away(7.0, clean=False)
    hall.clock.move(2)
    assert hall.wire.ended is None


def test_what_is_decided_offline_is_sent_on_return(hall: Hall, member: Member, will: Wants) -> None:
    will.next = Away(3.0, clean=False)
    hall.clock.move(1)
    will.next = HAND
    hall.clock.move(1)
    assert len(hall.wires) == 1
    hall.clock.move(3)
    hall.welcome(seq=5, resumed=True)
    assert hall.wire.sent == [{"hello": {"seen": "e.3"}}, {"id": "c-1", "do": "hand.raise"}]


def test_a_reply_may_be_lost_with_the_connection_or_without(hall: Hall, member: Member, will: Wants) -> None:
    hall.lose_reply = 1.0
    ways = set()
    for number in range(1, 20):
        will.next = HAND
        wire = hall.wire
        hall.clock.move(1)
        if wire.ended is None:
            hall.get(done=f"c-{number}", seq=3)
        else:
            hall.clock.move(4)
            hall.welcome(resumed=True)
        ways.add(wire.ended)
        again = [frame for frame in hall.wire.sent if frame.get("id") == f"c-{number}"]
        assert again[-1] == {"id": f"c-{number}", "do": "hand.raise"}
        assert len(again) == (2 if wire.ended is None else 1)
        hall.get(done=f"c-{number}", seq=3)
        assert member.settled
    assert ways == {None, "aborted"}
    assert hall.ledger.repeated == 19


def test_a_silent_server_is_given_up(hall: Hall, member: Member) -> None:
    hall.clock.move(2 * BEAT + PATIENCE + BEAT)
    assert hall.wires[0].ended == "aborted"
    assert any("ping" in frame for frame in hall.wires[0].sent)


def test_who_leaves_does_not_come_back(hall: Hall, member: Member) -> None:
    member.leave()
    hall.clock.move(60)
    assert hall.wire.ended == "closed"
    assert len(hall.wires) == 1
    assert not member.connected


def test_nobody_acts_when_acting_is_over(hall: Hall, member: Member, will: Wants) -> None:
    hall.acting = False
    will.next = HAND
    hall.clock.move(3)
    assert will.next is HAND


def in_room(round_: int) -> dict[str, Any]:
    return {"room": {"plan": "b1", "round": round_}, "polls": {"v1": {}}}


def test_a_member_notes_when_a_new_round_arrives_but_not_where_they_went_for_themselves(
    hall: Hall, member: Member, will: Wants
) -> None:
    hall.get(doc="room/r1", at="e.5", seq=5, now=1, full=in_room(1))
    hall.get(doc="room/r1", at="e.6", seq=6, now=1, patch={"notes": {}})
    hall.get(doc="room/r2", at="e.7", seq=7, now=1, full=in_room(2))
    will.next = Act("room.enter", {})
    hall.clock.move(1)
    hall.get(doc="room/r3", at="e.9", seq=9, now=1, full=in_room(3))
    assert [(arrival.seq, arrival.round) for arrival in member.arrivals] == [(5, 1), (7, 2)]
    assert hall.ledger.room_polls == {"v1"}
