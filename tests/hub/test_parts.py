"""The parts of the hub by themselves: frames and events that many share, the pace, positions, presence."""

from __future__ import annotations

import json
from collections.abc import Generator

import pytest
from hypothesis import given
from hypothesis import strategies as st
from websockets.frames import Frame, Opcode
from websockets.streams import StreamReader

from server.core.people import Person
from server.hub.pace import CEILING, COUNTS, FLOOR, SHARE, Pace
from server.hub.peer import Batch
from server.hub.position import Chain
from server.hub.presence import REACTION_SECONDS, SILENCE, Presence
from server.log.port import Stored
from server.protocol.framing import text_frame


def parsed(data: bytes) -> list[bytes]:
    """Read WebSocket text frames as a client does."""
    reader = StreamReader()
    reader.feed_data(data)
    reader.feed_eof()
    payloads: list[bytes] = []
    while reader.buffer:
        frame = _finish(Frame.parse(reader.read_exact, mask=False))
        assert (frame.opcode, frame.fin) == (Opcode.TEXT, True)
        payloads.append(bytes(frame.data))
    return payloads


def _finish(parser: Generator[None, None, Frame]) -> Frame:
    """Run a parser that has all the bytes it needs."""
    while True:
        try:
            next(parser)
        except StopIteration as stop:
            frame: Frame = stop.value
            return frame


@given(st.sampled_from([0, 1, 125, 126, 127, 65_535, 65_536, 70_000]))
def test_a_frame_made_here_reads_back_in_a_peer(size: int) -> None:
    payload = b"x" * size
    assert parsed(text_frame(payload)) == [payload]


def test_a_batch_is_many_frames_in_one_piece_and_many_events_with_one_position() -> None:
    batch = Batch([b'{"a":1}', b'{"b":2}'], "e.7.d")
    assert parsed(batch.frames) == [b'{"a":1}', b'{"b":2}']
    assert batch.events == b'id\ndata: {"a":1}\n\nid: e.7.d\ndata: {"b":2}\n\n'
    assert Batch([b"{}"]).events == b"data: {}\n\n"


def test_the_first_change_after_quiet_waits_for_nothing() -> None:
    for urgent, least in ((True, FLOOR), (False, COUNTS)):
        pace = Pace()
        assert pace.delay(0.0, urgent=urgent) == 0.0
        pace.flushed(5.0, 0.001)
        assert abs(pace.delay(5.0, urgent=urgent) - least) < 1e-9
        assert pace.delay(5.001 + least, urgent=urgent) == 0.0


def test_the_pause_follows_the_cost_so_that_fan_out_takes_its_share_and_no_more() -> None:
    pace = Pace()
    now = 0.0
    for _ in range(100):
        now += pace.interval + 0.06
        pace.flushed(now, 0.06)
    assert abs(0.06 / (0.06 + pace.interval) - SHARE) < 0.01
    for _ in range(100):
        now += 10
        pace.flushed(now, 3.0)
    assert pace.interval == CEILING


def entry(seq: int, body: bytes) -> Stored:
    return Stored(seq, 1_000, "p", f"k{seq}", body)


def test_a_position_is_found_on_its_own_chain_and_on_no_other() -> None:
    ours, theirs = Chain(), Chain()
    for chain, last in ((ours, b"x"), (theirs, b"y")):
        chain.begin("e", "salt")
        chain.extend([entry(1, b"same")])
        chain.extend([entry(2, last)])
    assert ours.locate(ours.token(1)) == theirs.locate(ours.token(1)) == 1
    assert ours.locate(ours.token(2)) == 2
    assert theirs.locate(ours.token(2)) is None


def test_a_digest_cannot_be_tried_out_without_the_salt() -> None:
    chains = [Chain(), Chain()]
    for chain, salt in zip(chains, ("secret", "guessed"), strict=True):
        chain.extend([entry(1, b"same")])
        chain.begin("e", salt)
        chain.extend([entry(2, b"ballot")])
    assert chains[0].token(1) == chains[1].token(1)
    assert chains[0].token(2) != chains[1].token(2)


@given(st.text(max_size=40))
def test_no_text_makes_locating_raise(token: str) -> None:
    chain = Chain()
    chain.extend([entry(1, b"x")])
    assert chain.locate(token) is None or token == chain.token(int(token.split(".")[1]))


def person(group: str | None, *, removed: bool = False) -> Person:
    return Person("Name", group, "participant", "en", "hash", 0, removed=removed)


def test_presence_counts_everybody_once_over_all_workers_and_forgets_the_silent() -> None:
    here, there = Presence("a"), Presence("b")
    people = {"ann": person("youth"), "bo": person(None), "cy": person("youth", removed=True)}
    for one in ("ann", "ann", "cy"):
        here.enter(one)
    for one in ("ann", "bo", "nobody known here yet"):
        there.enter(one)
    here.hear(there.report(), 0.0)
    here.hear(here.report(), 0.0)
    assert here.online(["youth"], people, 1.0) == {"online": 2, "groups": {"youth": 1, "none": 1}}
    assert here.online(["youth"], people, SILENCE + 1) == {"online": 1, "groups": {"youth": 1, "none": 0}}
    here.leave("ann")
    assert set(here.here) == {"ann", "cy"}
    here.leave("ann")
    assert here.online(["youth"], people, SILENCE + 1)["online"] == 0


@pytest.mark.parametrize(
    "message",
    [
        b"rubbish",
        b"\xff",
        b'{"worker":"b","online":{"youth":1},"reactions":{}}',
        b'{"version":1,"worker":"b","people":["ann"],"reactions":{}}',
        b'{"version":3,"worker":"b","people":["ann"],"reactions":{}}',
    ],
)
def test_what_a_worker_of_another_version_says_is_dropped(message: bytes) -> None:
    here = Presence("a")
    here.hear(message, 0.0)
    assert here.everywhere(0.0) == set()
    assert not here.restless


def test_reactions_are_counted_for_ten_seconds_and_told_once() -> None:
    here, there = Presence("a"), Presence("b")
    there.react("clap", 0.0)
    here.hear(there.report(), 0.0)
    here.hear(there.report(), 0.0)
    here.react("heart", 5.0)
    counts = here.reactions(6.0)
    assert (counts["clap"], counts["heart"], here.restless) == (1, 1, True)
    assert here.reactions(REACTION_SECONDS + 1)["clap"] == 0
    assert json.loads(here.report())["reactions"] == {"heart": 1}
    assert here.reactions(100.0)["heart"] == 0
    assert here.restless, "the other worker may fall silent"
    here.everywhere(100.0)
    assert not here.restless
