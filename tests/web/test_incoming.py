"""However frames are cut on their way, the server takes the messages from them that the full parser alone takes."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from typing import Any, cast

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from uvicorn import Config
from uvicorn.server import ServerState
from websockets.frames import Frame, Opcode
from websockets.protocol import Protocol, Side

from server.protocol.framing import frame_size, is_text, plain_text, text_frame
from server.web.transport import HttpProtocol, SocketProtocol
from tests.web.wire import BINARY, CLOSE, CONT, PING, PONG, TEXT, code, frame

LIMIT = 300
"""Bytes of a message: little, so that small examples come over it."""

REQUEST = (
    b"GET / HTTP/1.1\r\nHost: h\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
    b"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n"
)

payloads = st.one_of(
    st.text(max_size=8).map(str.encode),
    st.binary(max_size=8),
    st.sampled_from((0, 124, 125, 126, 127, LIMIT - 8, LIMIT - 6, LIMIT, LIMIT + 1, LIMIT + 7)).map(lambda n: b"x" * n),
    st.sampled_from(("é", "€", "👩🏽‍🚀")).map(lambda text: (text * 20).encode()),
)
masks = st.one_of(st.binary(min_size=4, max_size=4), st.just(bytes(4)))
wides = st.sampled_from((0, 0, 2, 8))
plain = st.builds(frame, st.just(TEXT), payloads, mask=masks, wide=wides)
any_frame = st.builds(
    frame,
    st.sampled_from((TEXT, BINARY, CONT, CONT, PING, PONG)),
    payloads,
    fin=st.booleans(),
    mask=masks,
    wide=wides,
)
broken = st.one_of(
    st.builds(frame, st.integers(0, 15), payloads, reserved=st.integers(0, 7), mask=st.none() | masks),
    st.binary(min_size=1, max_size=20),
    st.just(b"\x81\xff" + (2**63).to_bytes(8, "big")),
    st.builds(lambda number, reason: frame(CLOSE, code(number, reason)), st.integers(990, 1020), st.binary(max_size=3)),
)


@st.composite
def fragments(draw: Callable[[st.SearchStrategy[Any]], Any]) -> bytes:
    """A message in fragments, with control frames between them."""
    message, count = draw(payloads), draw(st.integers(1, 4))
    cuts = [0, *sorted(draw(st.integers(0, len(message))) for _ in range(count - 1)), len(message)]
    train = b""
    for n in range(count):
        train += frame(CONT if n else TEXT, message[cuts[n] : cuts[n + 1]], fin=n == count - 1, mask=draw(masks))
        train += draw(st.sampled_from((b"", frame(PING, b"between"), frame(PONG))))
    return train


def whole(stream: bytes) -> bytes:
    """Without the beginning of a frame at the end: the parser alone may refuse it sooner, we when it is there."""
    start = 0
    while (size := frame_size(stream, start)) and (start + size <= len(stream) or size > LIMIT + 14):
        start += size
    return stream[:start]


streams = st.lists(st.one_of(plain, plain, fragments(), any_frame, broken), max_size=8).map(b"".join).map(whole)


class Wire:
    """A transport that keeps what was written."""

    def __init__(self) -> None:
        self.written = b""
        self.closing = False
        self.protocol: SocketProtocol | None = None

    def set_protocol(self, protocol: SocketProtocol) -> None:
        self.protocol = protocol

    def get_extra_info(self, name: str) -> None:
        return None

    def get_write_buffer_size(self) -> int:
        return 0

    def write(self, data: bytes) -> None:
        self.written += data

    def is_closing(self) -> bool:
        return self.closing

    def close(self) -> None:
        self.closing = True

    abort = close

    def pause_reading(self) -> None: ...

    def resume_reading(self) -> None: ...


def replies(data: bytes) -> list[tuple[int, bytes]]:
    """The frames that a server wrote, of a close its code alone."""
    frames = []
    while data:
        size = frame_size(data, 0)
        head = size - (data[1] if data[1] < 126 else int.from_bytes(data[2:4], "big"))
        opcode = data[0] & 0x0F
        frames.append((opcode, data[head:size][: 2 if opcode == CLOSE else None]))
        data = data[size:]
    return frames


Talk = Callable[[SocketProtocol], None]


def taken(runner: asyncio.Runner, talk: Talk) -> tuple[list[bytes], list[tuple[int, bytes]]]:
    """The messages that a server takes from what `talk` gives to its open socket, and its replies."""
    messages: list[bytes] = []
    wire = Wire()

    async def app(scope: Any, receive: Any, send: Any) -> None:
        await send({"type": "websocket.accept"})
        while (await receive())["type"] != "websocket.disconnect":
            pass

    async def run() -> None:
        config = Config(app, log_config=None, ws_max_size=LIMIT, ws_per_message_deflate=False, ws_ping_interval=None)
        http = HttpProtocol(config, ServerState(), {})
        http.connection_made(cast(asyncio.Transport, wire))
        http.data_received(REQUEST)
        while (protocol := wire.protocol) is None or not protocol.handshake_complete:
            await asyncio.sleep(0)
        wire.written = b""
        protocol.open_for_frames()
        protocol.feed(messages.append)
        talk(protocol)
        protocol.connection_lost(None)
        await asyncio.gather(*protocol.tasks)

    runner.run(run())
    return messages, replies(wire.written)


def in_pieces(data: bytes, cuts: list[int]) -> Talk:
    """Give `data` cut at `cuts`, while the connection is not closing."""

    def talk(protocol: SocketProtocol) -> None:
        for start, end in zip([0, *cuts], [*cuts, len(data)], strict=True):
            if not protocol.transport.is_closing():
                protocol.data_received(data[start:end])

    return talk


def theirs(data: bytes) -> tuple[list[bytes], list[tuple[int, bytes]]]:
    """The same of the library's parser, which gets everything at once, and of a check of texts."""
    parser = Protocol(Side.SERVER, max_size=LIMIT)
    parser.receive_data(data)
    messages: list[bytes] = []
    answers: list[tuple[int, bytes]] = []
    kind, parts = Opcode.TEXT, b""
    for event in parser.events_received():
        assert isinstance(event, Frame)
        if event.opcode is Opcode.PING:
            answers.append((PONG, bytes(event.data)))
        elif event.opcode in (Opcode.TEXT, Opcode.BINARY, Opcode.CONT):
            if event.opcode is not Opcode.CONT:
                kind, parts = event.opcode, b""
            parts += event.data
            if event.fin and kind is Opcode.TEXT and not is_text(parts):
                return messages, [*answers, (CLOSE, code(1007))]
            if event.fin:
                messages.append(parts)
    if parser.close_sent is not None:
        number = parser.close_sent.code
        answers.append((CLOSE, b"" if number == 1005 else code(number)))
    return messages, answers


@pytest.fixture(scope="module")
def runner() -> Iterator[asyncio.Runner]:
    with asyncio.Runner() as runner:
        yield runner


@given(data=st.data(), stream=streams)
def test_frames_cut_anywhere_say_what_they_say_in_one_piece(
    runner: asyncio.Runner, data: st.DataObject, stream: bytes
) -> None:
    anywhere = st.lists(st.integers(0, len(stream)), max_size=6).map(sorted)
    cuts = data.draw(st.one_of(anywhere, st.just(list(range(1, len(stream))) if len(stream) < 500 else [])))
    assert taken(runner, in_pieces(stream, cuts)) == theirs(stream)


@given(st.one_of(plain, any_frame, broken), st.integers(0, 3))
@example(frame(TEXT, b"x" * 65_535), 0)
@example(frame(TEXT, b"x" * 65_536), 1)
@example(frame(TEXT, b"", wide=2), 2)
def test_a_frame_is_measured_and_read_as_the_full_parser_does(data: bytes, before: int) -> None:
    reader = Protocol(Side.SERVER, max_size=None)
    reader.receive_data(data)
    events = reader.events_received()
    shifted = b"\xff" * before + data
    size = frame_size(shifted, before)
    if not events:
        return  # no whole frame, or none that is right: the parser gets it from us as it is
    (first, *_) = events
    assert isinstance(first, Frame)
    rest = Protocol(Side.SERVER, max_size=None)
    rest.receive_data(data[: size - 1])
    assert not rest.events_received()
    rest.receive_data(data[size - 1 : size])
    assert len(rest.events_received()) == 1
    text = plain_text(shifted, before, size)
    is_plain = first.opcode is Opcode.TEXT and first.fin and len(data) < 65_536 + 8 and data[1] != 0xFF
    assert text == (bytes(first.data) if is_plain and is_text(bytes(first.data)) else None)
    for there in range(len(data[: size - len(first.data) - 4])):
        assert frame_size(shifted[: before + there], before) == 0


@given(payloads | st.sampled_from((65_535, 65_536)).map(lambda n: b"x" * n))
def test_the_frames_we_make_are_those_of_the_library(payload: bytes) -> None:
    assert text_frame(payload) == Frame(Opcode.TEXT, payload).serialize(mask=False)


def test_nothing_is_taken_after_we_closed(runner: asyncio.Runner) -> None:
    def talk(protocol: SocketProtocol) -> None:
        protocol.data_received(frame(TEXT, b"1"))
        protocol.close_with(4001)
        protocol.data_received(frame(TEXT, b"2") + frame(PING) + frame(BINARY, b"3"))
        protocol.data_received(frame(CLOSE, code(4001)) + frame(TEXT, b"4"))
        assert protocol.transport.is_closing()

    messages, answers = taken(runner, talk)
    assert messages == [b"1"]
    assert answers == [(CLOSE, code(4001)), (PONG, b"")]
