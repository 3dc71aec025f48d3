"""As a WebSocket peer the server does what RFC 6455 says: the cases of the Autobahn suite by its categories, and some of our own.

Not here: 9.x (throughput, with messages of megabytes that we refuse), 12.x and 13.x (compression, which we do not offer).
Each case is sent as the first thing on a socket and after the hello, in one piece and cut up.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Callable, Sequence
from typing import NamedTuple

import pytest
import pytest_asyncio

from server.protocol.limits import MAX_FRAME
from server.web import socket as endpoint
from server.web.transport import SocketProtocol
from tests.support.server import Session
from tests.web.running import Running, running
from tests.web.wire import (
    BINARY,
    CLOSE,
    CONT,
    PING,
    PONG,
    TEXT,
    Client,
    Frame,
    code,
    connected,
    frame,
    handshake,
    opened,
    server_side,
)

pytestmark = pytest.mark.asyncio(loop_scope="module")


class Case(NamedTuple):
    """What is sent, made of messages that the server answers, and what comes back."""

    name: str
    data: Callable[[Sequence[bytes]], bytes]
    """From the texts of messages to bytes."""
    answers: int = 0
    """How many of the messages are answered, in order."""
    pongs: tuple[bytes, ...] = ()
    closed: bytes | int | None = None
    """The close frame that the connection ends with: its payload, or the code alone; None where it stays open."""
    pieces: tuple[int, ...] = (0, 1)
    """In pieces of how many bytes: 0 for one."""
    first: bool = True
    """Whether it is sent as the first thing too, the first message being the hello."""


def long(text: bytes, size: int) -> bytes:
    return text + b" " * (size - len(text))


def parts(text: bytes, count: int, opcode: int = TEXT, between: bytes = b"") -> bytes:
    """A message in so many fragments, with something between them."""
    cuts = [len(text) * n // count for n in range(count + 1)]
    return between.join(
        frame(CONT if n else opcode, text[cuts[n] : cuts[n + 1]], fin=n == count - 1) for n in range(count)
    )


def sized(size: int, *, opcode: int = TEXT, wide: int = 0) -> Callable[[Sequence[bytes]], bytes]:
    return lambda m: frame(opcode, long(m[0], size), wide=wide)


def flagged(bits: int) -> Callable[[Sequence[bytes]], bytes]:
    return lambda m: frame(TEXT, m[0], reserved=bits)


def split(count: int, opcode: int = TEXT) -> Callable[[Sequence[bytes]], bytes]:
    return lambda m: parts(m[0], count, opcode)


def alone(data: bytes) -> Callable[[Sequence[bytes]], bytes]:
    return lambda m: data


def around(data: bytes) -> Callable[[Sequence[bytes]], bytes]:
    """A message, what is to be tried, and a ping that is not answered any more."""
    return lambda m: frame(TEXT, m[0]) + data + frame(PING)


CHOPPED = (0, 997)
KINDS = {"text": TEXT, "binary": BINARY}

FRAMING = [
    *(
        Case(f"1 {kind} of {size}", sized(size, opcode=opcode), 1, pieces=(0, 1) if size < 200 else CHOPPED)
        for kind, opcode in KINDS.items()
        for size in (125, 126, 127, 128, MAX_FRAME - 8, MAX_FRAME - 7, MAX_FRAME)
    ),
    *(
        Case(f"1 {kind} of {size}", sized(size, opcode=opcode), closed=1009, pieces=CHOPPED)
        for kind, opcode in KINDS.items()
        for size in (MAX_FRAME + 1, MAX_FRAME + 7, 65_535, 65_536)
    ),
    Case("1 two in one segment", lambda m: frame(TEXT, m[0]) + frame(TEXT, m[1]), 2),
    Case("1 twenty in one segment", lambda m: b"".join(frame(TEXT, text) for text in m), 20, pieces=(0, 7, 997)),
    Case("1 no mask bits set", lambda m: frame(TEXT, m[0], mask=bytes(4)), 1),
    Case("not masked text", lambda m: frame(TEXT, m[0], mask=None), closed=1002),
    Case("not masked long text", lambda m: frame(TEXT, long(m[0], 300), mask=None), closed=1002),
    Case("not masked ping", alone(frame(PING, mask=None)), closed=1002),
    Case("not masked behind a message", around(frame(TEXT, b'{"ping":1}', mask=None)), 1, closed=1002),
    Case("length of two bytes where one would do", sized(20, wide=2), 1),
    Case("length of eight bytes where one would do", sized(20, wide=8), 1),
    Case("length of eight bytes where two would do", sized(300, wide=8), 1),
    Case("length with the highest bit", alone(b"\x81\xff\x80" + bytes(7)), closed=1009),
    Case("too large by its header alone", alone(b"\x81\xff" + (2**40).to_bytes(8, "big")), closed=1009),
    Case("too large ping by its header alone", alone(b"\x89\xff" + (2**40).to_bytes(8, "big")), closed=1009),
    Case(
        "too large by the sum of its fragments",
        lambda m: (
            frame(TEXT, long(m[0], 20_000), fin=False)
            + frame(CONT, b" " * 10_000, fin=False)
            + frame(CONT, b" " * 10_000)
        ),
        closed=1009,
        pieces=CHOPPED,
    ),
]

PINGS = [
    Case("2.1 empty", alone(frame(PING)), pongs=(b"",)),
    Case("2.2 text", alone(frame(PING, b"Hello, world!")), pongs=(b"Hello, world!",)),
    Case("2.3 bytes", alone(frame(PING, b"\x00\xff\xfe\xfd")), pongs=(b"\x00\xff\xfe\xfd",)),
    Case("2.4 of 125", alone(frame(PING, b"\xfe" * 125)), pongs=(b"\xfe" * 125,)),
    Case("2.5 of 126", alone(frame(PING, b"\xfe" * 126)), closed=1002),
    Case("2.7 pong that nobody asked for", alone(frame(PONG))),
    Case("2.8 the same with a payload", alone(frame(PONG, b"unsolicited"))),
    Case("2.8 pong of 126", alone(frame(PONG, bytes(126))), closed=1002),
    Case("2.9 pong, ping", alone(frame(PONG, b"unsolicited") + frame(PING, b"ping")), pongs=(b"ping",)),
    Case(
        "2.10 ten",
        alone(b"".join(frame(PING, b"ping %d" % n) for n in range(10))),
        pongs=tuple(b"ping %d" % n for n in range(10)),
    ),
    Case(
        "2 between messages",
        lambda m: frame(PING, b"a") + frame(TEXT, m[0]) + frame(PING, b"b") + frame(TEXT, m[1]) + frame(PING, b"c"),
        2,
        pongs=(b"a", b"b", b"c"),
    ),
]

RESERVED = [
    *(Case(f"3 bits {bits:03b}", flagged(bits), closed=1002) for bits in range(1, 8)),
    *(
        Case(f"3 {name} with bits behind a message", around(data), 1, closed=1002)
        for name, data in {
            "text": frame(TEXT, b'{"ping":9}', reserved=2),
            "binary": frame(BINARY, b'{"ping":9}', reserved=5),
            "ping": frame(PING, reserved=6),
            "close": frame(CLOSE, reserved=7),
            "fragment": frame(TEXT, b'{"ping":', fin=False) + frame(CONT, b"9}", reserved=4),
        }.items()
    ),
]

OPCODES = [
    case
    for opcode in (3, 4, 5, 6, 7, 11, 12, 13, 14, 15)
    for case in (
        Case(f"4 opcode {opcode}", alone(frame(opcode)), closed=1002),
        Case(f"4 opcode {opcode} behind a message", around(frame(opcode, b"payload")), 1, closed=1002),
    )
]

FRAGMENTS = [
    Case("5.1 ping in fragments", alone(frame(PING, fin=False) + frame(CONT)), closed=1002),
    Case("5.2 pong in fragments", alone(frame(PONG, fin=False) + frame(CONT)), closed=1002),
    *(Case(f"5.3 text in {count}", split(count), 1) for count in (2, 3, 9)),
    Case("5.3 binary in 2", split(2, BINARY), 1),
    Case("5.6 ping between", lambda m: parts(m[0], 2, between=frame(PING, b"between")), 1, (b"between",)),
    Case("5.6 pong between", lambda m: parts(m[0], 2, between=frame(PONG, b"between")), 1),
    Case(
        "5.19 pings in the middle, a message behind",
        lambda m: parts(m[0], 5, between=frame(PING, b"1") + frame(PING, b"2")) + frame(TEXT, m[1]),
        2,
        (b"1", b"2") * 4,
    ),
    Case("5.9 continuation of nothing", alone(frame(CONT, b"x") + frame(PING)), closed=1002),
    Case("5.12 the same, open", alone(frame(CONT, b"x", fin=False) + frame(PING)), closed=1002),
    Case("5.11 continuation of nothing behind a message", around(frame(CONT, b"x")), 1, closed=1002),
    Case("5.15 continuation behind the end", lambda m: parts(m[0], 2) + frame(CONT, b"x", fin=False), 1, closed=1002),
    Case("5.18 text within a message", lambda m: frame(TEXT, m[0][:5], fin=False) + frame(TEXT, m[0]), closed=1002),
    Case("5.18 open text within a message", lambda m: frame(TEXT, m[0], fin=False) * 2, closed=1002),
    Case("5.18 binary within a message", lambda m: frame(TEXT, m[0], fin=False) + frame(BINARY, b""), closed=1002),
    Case("10.1 in fragments of 1300", lambda m: parts(long(m[0], MAX_FRAME), 26), 1, pieces=CHOPPED),
    Case("6.1 all but one empty", lambda m: frame(TEXT, fin=False) + frame(CONT, m[0], fin=False) + frame(CONT), 1),
]

BAD_TEXT = {
    "byte that is none": b"\xff",
    "continuation alone": b"\x80",
    "sequence cut short": b"\xce\xba\xe1\xbd",
    "overlong": b"\xc0\xaf",
    "overlong of three": b"\xe0\x80\xaf",
    "overlong of four": b"\xf0\x80\x80\xaf",
    "surrogate": b"\xed\xa0\x80",
    "beyond Unicode": b"\xf4\x90\x80\x80",
    "of five bytes": b"\xf8\x88\x80\x80\x80",
}

INVALID = [
    case
    for name, bad in BAD_TEXT.items()
    for text in (b'{"id":"' + bad + b'"}',)
    for case in (
        Case(f"6 {name}", alone(frame(TEXT, text) + frame(PING)), closed=1007),
        Case(f"6 {name}, in fragments", alone(parts(text, 3) + frame(PING)), closed=1007, pieces=(0,)),
    )
] + [
    Case("6 behind a message", around(frame(TEXT, b"\xff")), 1, closed=1007),
    Case("6 long", alone(frame(TEXT, b"x" * 20_000 + b"\xff")), closed=1007, pieces=CHOPPED),
]

CLOSES = [
    Case("7.1 behind a message", lambda m: frame(TEXT, m[0]) + frame(CLOSE, code(1000)), 1, closed=code(1000), first=False),
    Case("7.1 twice", alone(frame(CLOSE, code(1000)) * 2), closed=code(1000)),
    Case("7.1 ping behind it", alone(frame(CLOSE, code(1000)) + frame(PING)), closed=code(1000)),
    Case("7.1 message behind it", lambda m: frame(CLOSE, code(1000)) + frame(TEXT, m[0]), closed=code(1000)),
    Case("7.1 rubbish behind it", alone(frame(CLOSE, code(1000)) + b"\xff" * 50), closed=code(1000)),
    # Legal by the RFC; the library that we use takes it for an error.
    Case("7.1.5 within a message", lambda m: frame(TEXT, m[0], fin=False) + frame(CLOSE, code(1000)), closed=1002),
    Case("7.3.1 empty", alone(frame(CLOSE)), closed=b""),
    Case("7.3.2 of one byte", alone(frame(CLOSE, b"\x03")), closed=1002),
    Case("7.3.4 with a reason", alone(frame(CLOSE, code(1000, b"Hello"))), closed=code(1000, b"Hello")),
    Case("7.3.5 with the longest reason", alone(frame(CLOSE, code(1000, b"*" * 123))), closed=code(1000, b"*" * 123)),
    Case("7.3.6 with a reason too long", alone(frame(CLOSE, code(1000, b"*" * 124))), closed=1002),
    Case("7.5.1 with a reason that is no text", alone(frame(CLOSE, code(1000, b"\xce\xba\xe1\xbd"))), closed=1007),
    Case("7 in fragments", alone(frame(CLOSE, code(1000), fin=False)), closed=1002),
    *(
        Case(f"7.7 code {number}", alone(frame(CLOSE, code(number))), closed=code(number), pieces=(0,))
        for number in (1000, 1001, 1002, 1003, 1007, 1008, 1009, 1010, 1011, 1012, 1013, 1014, 3000, 3999, 4000, 4999)
    ),
    *(
        Case(f"7.9 code {number}", alone(frame(CLOSE, code(number))), closed=1002, pieces=(0,))
        for number in (0, 999, 1004, 1005, 1006, 1015, 1016, 1100, 2000, 2999, 5000, 65_535)
    ),
]  # fmt: skip


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def run(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Running]:
    """One server for all cases, without a limit of commands."""
    async with running(tmp_path_factory.mktemp("data"), BARAZA_COMMANDS="1000000") as run:
        yield run
        async with asyncio.timeout(5):
            while run.site.connections.total:  # whatever a case did, nothing is left of its socket
                await asyncio.sleep(0.01)


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def session(run: Running) -> Session:
    return await run.create()


@pytest.mark.parametrize(
    "case",
    [
        pytest.param(case, id=case.name)
        for case in (*FRAMING, *PINGS, *RESERVED, *OPCODES, *FRAGMENTS, *INVALID, *CLOSES)
    ],
)
async def test_a_peer_gets_what_the_protocol_says(run: Running, session: Session, case: Case) -> None:
    for pieces in case.pieces:
        # What is answered to a hello comes later than a close that is due at once.
        for first in (True, False) if case.first and not (case.closed and case.answers) else (False,):
            messages = [b'{"ping":%d}' % n for n in range(20)]
            if first:
                messages[0] = b'{"hello":{}}'
            async with opened(run, session, hello=not first) as client:
                await client.send(case.data(messages), pieces)
                frames = [] if case.closed is not None else await _goodbye(client, hello=first and not case.answers)
                frames += await client.rest()
            _check(case, frames, first=first)


async def _goodbye(client: Client, *, hello: bool) -> list[Frame]:
    """See that the socket still works, close it, and return what came before the last answer."""
    await client.send((frame(TEXT, b'{"hello":{}}') if hello else b"") + frame(TEXT, b'{"ping":-1}'))
    frames = []
    while b'"pong":-1' not in (one := await client.read()).payload:
        frames.append(one)
    await client.send(frame(CLOSE, code(1000)))
    return frames


def _check(case: Case, frames: list[Frame], *, first: bool) -> None:
    said = [json.loads(payload) for opcode, payload in frames if opcode == TEXT]
    answers = [message.get("pong", "welcome") for message in said if "doc" not in message]
    welcomed = first and (case.answers > 0 or case.closed is None)
    assert answers == [*(["welcome"] if welcomed else []), *range(1 if welcomed else 0, case.answers)]
    assert tuple(payload for opcode, payload in frames if opcode == PONG) == case.pongs
    assert {opcode for opcode, _ in frames[:-1]} <= {TEXT, PONG}
    end = case.closed if case.closed is not None else code(1000)
    assert frames[-1].opcode == CLOSE
    if isinstance(end, bytes):
        assert frames[-1].payload == end
    else:
        assert int.from_bytes(frames[-1].payload[:2], "big") == end, frames[-1]
        frames[-1].payload[2:].decode()


async def _echoed(client: Client) -> str:
    """Return the name that the server repeats when it refuses an unknown command."""
    answer = await client.answer()
    assert answer["code"] == "command.unknown", answer
    return str(answer["refused"])


TEXTS = ("κόσμε", "a¢€𐍈", "\ufeff", "\uffff\U0010ffff", "\ue000\ud7ff", "नमस्ते", "👩🏽‍🚀")


@pytest.mark.parametrize("pieces", [0, 1])
async def test_text_of_every_kind_arrives_as_it_was_however_it_is_cut(
    run: Running, session: Session, pieces: int
) -> None:
    for text in TEXTS:
        message = f'{{"do":"fly","id":"{text}"}}'.encode()
        async with opened(run, session) as client:
            for count in (1, 2, 3, len(message)):
                await client.send(parts(message, count), pieces)
                assert await _echoed(client) == text
    async with opened(run, session) as client:
        await client.send(frame(BINARY, b'{"do":"fly","id":"\xc3\xa9"}'), pieces)
        assert await _echoed(client) == "é"
        # What is no JSON is a matter of our protocol, not of the socket's.
        await client.send(frame(TEXT) + frame(BINARY) + parts(b"", 3) + frame(BINARY, b"\xff"), pieces)
        assert [(await client.answer())["code"] for _ in range(4)] == ["malformed"] * 4


async def test_pieces_arrive_as_pieces(run: Running, session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    """What these tests rely on."""
    seen: list[int] = []
    received = SocketProtocol.data_received

    def counted(protocol: SocketProtocol, data: bytes) -> None:
        seen.append(len(data))
        received(protocol, data)

    async with opened(run, session) as client:
        protocol = server_side(run, client)
        monkeypatch.setattr(SocketProtocol, "data_received", counted)
        # The loop holds the method as it was when the connection was made.
        protocol.transport.set_protocol(protocol)
        data = frame(TEXT, b'{"ping":1}')
        await client.send(data, 1)
        assert (await client.answer())["pong"] == 1
    assert seen == [1] * len(data)


async def test_too_large_a_frame_is_refused_before_it_has_come(run: Running, session: Session) -> None:
    async with opened(run, session) as client:
        await client.send(frame(TEXT, b" " * 65_000)[:8])
        frames = await client.rest()
    assert frames[-1].payload[:2] == code(1009)


@pytest.mark.parametrize("sent", [1, 3, 6, 10])
async def test_half_a_frame_and_the_end_is_the_end(run: Running, session: Session, sent: int) -> None:
    async with opened(run, session) as client:
        await client.send(frame(TEXT, b'{"ping":1}')[:sent])
        client.transport.write_eof()
        assert [opcode for opcode, payload in await client.rest() if b'"doc"' not in payload] == []


async def test_a_frame_before_the_handshake_is_answered_ends_the_connection(
    run: Running, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked, end = asyncio.Event(), asyncio.Event()

    async def wait(*_: object) -> None:
        asked.set()
        await end.wait()

    monkeypatch.setattr(endpoint, "_admit", wait)
    for data in (frame(PING), frame(TEXT, b"\xff"), b"\xff\xff", frame(CLOSE, code(1000))):
        async with connected(run) as client:
            asked.clear()
            await client.send(handshake(run.port, session))
            await asked.wait()
            await client.send(data)
            assert await client.rest() == []
    end.set()


WRONG = {
    "many": "X-Word: x\r\n" * 200,
    "long": "X-Word: " + "x" * 9_000 + "\r\n",
    "body": "Transfer-Encoding: chunked\r\n",
}


@pytest.mark.parametrize("headers", WRONG.values(), ids=WRONG)
async def test_a_handshake_that_the_parser_does_not_take_is_refused(
    run: Running, session: Session, headers: str
) -> None:
    async with connected(run) as client:
        await client.send(handshake(run.port, session, headers) + b"0\r\n\r\n")
        assert (await client.head()).startswith(b"HTTP/1.1 400 ")
        assert await client.rest() == []
