"""Frames: everything a client can send has a meaning or a refusal, and what the server sends is what the protocol page says."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.core.polls import Cast
from server.protocol import frames, parse_hello
from server.protocol.closes import CloseCode
from server.protocol.frames import Hello, Ping, React, Sent, Stamp, Wrong, parse
from server.protocol.limits import MAX_FRAME, Rate, TokenBucket
from server.protocol.machine import MALFORMED_PATIENCE, Close, ConnectionMachine

STAMP = Stamp("e.7.d", 7, 1_000)


def test_each_kind_of_frame_is_told_from_the_others() -> None:
    assert parse(b'{"hello":{}}') == Hello()
    assert parse(b'{"hello":{"seen":"e.7.d"}}') == Hello("e.7.d")
    assert parse(b'{"ping":3}') == Ping(3)
    assert parse(b'{"id":"r","do":"react","kind":"clap"}') == React("r", "react", "clap")
    body = b'{"id":"c","do":"ballot.cast","poll":"v1","answer":["a"]}'
    assert parse(body) == Sent("c", Cast(id="c", poll="v1", answer=("a",)), body)


@pytest.mark.parametrize(
    ("data", "ident", "code"),
    [
        (b"", "", "malformed"),
        (b"\xff", "", "malformed"),
        (b"[" * 50_000, "", "malformed"),
        (b"7", "", "malformed"),
        (b"{}", "", "command.unknown"),
        (b'{"id":"1","do":"fly"}', "1", "command.unknown"),
        (b'{"id":"1","do":"tick"}', "1", "command.unknown"),
        (b'{"id":"1","do":"ballot.cast"}', "1", "invalid"),
        (b'{"id":"1","do":"session.open","code":"x"}', "1", "invalid"),
        (b'{"id":"1","do":"session.open","self":"x"}', "1", "invalid"),
        (b'{"id":"' + b"x" * 65 + b'","do":"hand.raise"}', "", "invalid"),
        (b'{"do":"hand.raise"}', "", "invalid"),
        (b'{"id":"1","do":"react","kind":"shout"}', "1", "invalid"),
        (b'{"hello":{"seen":7}}', "", "invalid"),
        (b'{"hello":{"token":"x"}}', "", "invalid"),
        (b'{"ping":1e400}', "", "invalid"),
    ],
)
def test_what_is_wrong_is_refused_under_the_id_it_came_with(data: bytes, ident: str, code: str) -> None:
    frame = parse(data)
    assert isinstance(frame, Wrong)
    assert (frame.id, frame.refusal.code) == (ident, code)


@given(
    st.one_of(
        st.binary(max_size=200),
        st.text(max_size=200).map(str.encode),
        st.dictionaries(st.one_of(st.text(max_size=5), st.sampled_from(["code", "self", "fields"])), st.none()).map(
            lambda more: json.dumps({"id": "1", "do": "hand.raise", **more}).encode()
        ),
    )
)
def test_no_bytes_make_the_parser_raise(data: bytes) -> None:
    assert isinstance(parse(data), Hello | Ping | React | Sent | Wrong)
    assert parse_hello(data) is None or isinstance(parse(data), Hello)


def test_a_command_without_an_id_gets_the_one_of_its_request() -> None:
    frame = frames.parse_alone(b' {"do":"hand.raise"}', "key")
    assert isinstance(frame, Sent)
    assert (frame.id, json.loads(frame.body)) == ("key", {"id": "key", "do": "hand.raise"})
    own = frames.parse_alone(b'{"id":"mine","do":"hand.raise"}', "key")
    assert isinstance(own, Sent)
    assert own.id == "mine"


def test_what_the_server_says_has_the_shapes_of_the_protocol_page() -> None:
    document = frames.encode({"a": 1})
    assert json.loads(frames.welcome(STAMP, "p1", "participant", False, {"stage": document})) == {
        "welcome": {
            "person": "p1", "role": "participant", "at": "e.7.d", "seq": 7, "now": 1_000, "resumed": False,
            "docs": {"stage": {"a": 1}},
        }
    }  # fmt: skip
    where = {"at": "e.7.d", "seq": 7, "now": 1_000}
    assert json.loads(frames.patch("stage", STAMP, {"a": None})) == {"doc": "stage", **where, "patch": {"a": None}}
    assert json.loads(frames.full("stage", STAMP, document)) == {"doc": "stage", **where, "full": {"a": 1}}
    assert json.loads(frames.gone("desk")) == {"doc": "desk", "gone": True}
    assert json.loads(frames.done("c", 7, None)) == {"done": "c", "seq": 7}
    assert json.loads(frames.done("c", 7, "k1")) == {"done": "c", "seq": 7, "made": "k1"}
    assert json.loads(frames.refused("c", "stale", "Too late.", {})) == {
        "refused": "c",
        "code": "stale",
        "message": "Too late.",
    }
    assert json.loads(frames.pong(3, 1_000)) == {"pong": 3, "now": 1_000}


def machine(rate: Rate) -> ConnectionMachine:
    return ConnectionMachine(TokenBucket(rate.per_second, rate.burst, 0.0), rate)


def test_a_bucket_gives_its_burst_at_once_and_then_its_rate() -> None:
    bucket = TokenBucket(2.0, 3, 0.0)
    assert [bucket.take(0.0) for _ in range(4)] == [True, True, True, False]
    assert [bucket.take(0.5), bucket.take(0.5)] == [True, False]
    assert [bucket.take(100.0) for _ in range(4)] == [True, True, True, False]


def test_too_fast_is_refused_unread_and_goes_on_until_patience_ends() -> None:
    judge = machine(Rate(per_second=1.0, burst=1, patience=2))
    command = b'{"id":"1","do":"hand.raise"}'
    assert isinstance(judge.receive(command, 0.0), Sent)
    slow = judge.receive(command, 0.0)
    assert isinstance(slow, Wrong)
    assert (slow.id, slow.refusal.code) == ("1", "slow")
    assert isinstance(judge.receive(command, 1.0), Sent)
    assert isinstance(judge.receive(command, 1.0), Wrong)
    assert isinstance(judge.receive(command, 1.0), Wrong)
    assert judge.receive(command, 1.0) == Close(CloseCode.TOO_FAST)


def test_rubbish_and_oversize_end_the_connection() -> None:
    judge = machine(Rate(per_second=1e9, burst=10**9))
    for number in range(MALFORMED_PATIENCE):
        assert isinstance(judge.receive(b"{", float(number)), Wrong)
    assert judge.receive(b"{", 1e6) == Close(CloseCode.TOO_FAST)
    assert machine(Rate()).receive(b" " * (MAX_FRAME + 1), 0.0) == Close(CloseCode.TOO_FAST)


def test_a_second_hello_is_no_command() -> None:
    frame = machine(Rate()).receive(b'{"hello":{}}', 0.0)
    assert isinstance(frame, Wrong)
    assert parse_hello(b" " * (MAX_FRAME + 1)) is None
