"""What the server writes arrives whole, once and in order, whether it went straight to the kernel or waited in the transport."""

from __future__ import annotations

import asyncio
import contextlib
import os
import random
import shutil
import socket
import struct
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AsyncExitStack
from pathlib import Path

import pytest

from server.hub.peer import Batch
from server.web.peers import SocketPeer
from server.web.transport import SocketProtocol
from tests.support.server import Session
from tests.web.running import Running, running
from tests.web.wire import CLOSE, PING, PONG, TEXT, Client, Frame, code, frame, opened, server_side

SMALL_ROOM = 4_096
"""Bytes of a kernel's buffers with which even a middling document does not fit."""


@pytest.fixture
async def run(tmp_path: Path) -> AsyncIterator[Running]:
    async with running(tmp_path, BARAZA_COMMANDS="1000000") as run:
        yield run


@pytest.fixture
async def session(run: Running) -> Session:
    return await run.create()


def document(number: int, size: int) -> bytes:
    return b'{"test":%d,"x":"%s"}' % (number, b"x" * size)


def is_ours(one: Frame) -> bool:
    """Whether a frame is of a test, and no news that the session has."""
    return one.opcode != TEXT or one.payload.startswith((b'{"test"', b'{"pong"'))


async def frames(client: Client, count: int) -> list[Frame]:
    """Read so many frames of the test."""
    read: list[Frame] = []
    while len(read) < count:
        one = await client.read()
        if is_ours(one):
            read.append(one)
    return read


def give(peer: SocketPeer, batch: Batch) -> None:
    """Write as the hub does."""
    if SocketPeer.together([peer])(batch, ()):
        peer.send([batch])


def narrow(protocol: SocketProtocol) -> None:
    """Make the kernel take little."""
    protocol.transport.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, SMALL_ROOM)


class Writer:
    """Writes to one socket in every way there is, and keeps in order what has to arrive."""

    def __init__(self, protocol: SocketProtocol, chance: random.Random) -> None:
        self.protocol = protocol
        self.peer = SocketPeer(protocol)
        self.written: list[Frame] = []
        self.ways: set[str] = set()
        self.sizes: Sequence[int] = ()
        self._chance = chance
        self._rest = protocol.write_rest
        protocol.write_rest = self.write_rest  # type: ignore[method-assign]

    def write_rest(self, frames: bytes, sent: int) -> None:
        self.ways.add("part" if sent else "full" if self.protocol.direct else "behind")
        self._rest(frames, sent)

    def batch(self) -> Batch:
        messages = [
            document(len(self.written) + n, self._chance.choice(self.sizes))
            for n in range(self._chance.choice((1, 1, 3)))
        ]
        self.written += [Frame(TEXT, message) for message in messages]
        return Batch(messages)

    def act(self) -> None:
        """Write, unless so much waits that the hub would end the connection."""
        if self.protocol.buffered < 300_000:
            self._chance.choice((self.offer, self.offer, self.send, self.ping))()

    def offer(self) -> None:
        self.ways.add("straight" if self.protocol.direct else "offered behind")
        batch, waits = self.batch(), self.peer.buffered > 0
        assert not (waits and self.protocol.direct)
        late = SocketPeer.together([self.peer])(batch, ())
        assert list(late) == [0] * waits
        if late:
            self.peer.send([batch])

    def send(self) -> None:
        self.peer.send([self.batch(), self.batch()])

    def ping(self) -> None:
        self.protocol.send_keepalive_ping()
        assert self.protocol.pending_ping_payload is not None
        self.written.append(Frame(PING, self.protocol.pending_ping_payload))
        self.protocol.stop_keepalive()


@pytest.mark.parametrize("seed", range(3))
async def test_every_byte_arrives_once_and_in_order(run: Running, session: Session, seed: int) -> None:
    chance = random.Random(seed)
    loop = asyncio.get_running_loop()
    whens: list[Callable[[Callable[[], None]], object]] = [
        lambda act: act(),
        loop.call_soon,
        lambda act: loop.call_later(0, act),
        lambda act: loop.call_later(0.001, act),
    ]
    asked = 0
    async with opened(run, session, room=SMALL_ROOM) as client:
        protocol = server_side(run, client)
        narrow(protocol)
        writer = Writer(protocol, chance)
        for sizes, reading, turns in [((1, 2_000, 20_000, 70_000), 0.5, 20), ((1, 100), 1, 20), ((1, 100), 0, 80)] * 4:
            writer.sizes = sizes
            for _ in range(turns):
                client.transport.pause_reading()
                if chance.random() < reading:
                    client.transport.resume_reading()
                for _ in range(chance.randrange(4)):
                    chance.choice(whens)(writer.act)
                if chance.random() < 0.2:  # what is written out of data_received: a pong, and an answer of the hub
                    client.transport.write(frame(PING, b"%d" % asked) + frame(TEXT, b'{"ping":%d}' % asked))
                    asked += 1
                await asyncio.sleep(0)
            client.transport.resume_reading()
            while protocol.buffered:
                await asyncio.sleep(0)
        await client.send(frame(TEXT, b'{"ping":-1}'))
        read: list[Frame] = []
        while not (read and read[-1].payload.startswith(b'{"pong":-1')):
            read += await frames(client, 1)
        read += await frames(client, len(writer.written) + 2 * asked + 1 - len(read))
    pongs = [one.payload for one in read if one.opcode == PONG]
    answers = [one.payload.split(b",")[0] for one in read if one.payload.startswith(b'{"pong"')]
    assert pongs == [b"%d" % n for n in range(asked)]
    assert answers == [*(b'{"pong":%d' % n for n in range(asked)), b'{"pong":-1']
    assert [one for one in read if one.opcode == PING or one.payload.startswith(b'{"test"')] == writer.written
    # The test is worth something only if it went every way.
    assert writer.ways == {"straight", "offered behind", "part", "full", "behind"}


@pytest.mark.parametrize("own", [True, False], ids=["ping", "pong"])
async def test_what_waits_behind_a_ping_that_did_not_fit_does_not_overtake_it(
    run: Running, session: Session, own: bool
) -> None:
    tiny, batch = frame(TEXT, b"", mask=None), Batch([document(0, 10)])
    async with opened(run, session, room=SMALL_ROOM) as client:
        protocol = server_side(run, client)
        narrow(protocol)
        peer = SocketPeer(protocol)
        client.transport.pause_reading()
        with contextlib.suppress(BlockingIOError):
            while True:  # to the brim, so that nothing waits and nothing fits
                assert os.write(protocol.descriptor, tiny) == len(tiny)
        assert protocol.direct
        if own:
            protocol.send_keepalive_ping()
        else:
            protocol.data_received(frame(PING))  # at once: the kernels of both ends make room meanwhile
        assert (protocol.buffered > 0, protocol.direct) == (True, False)
        assert SocketPeer.together([peer])(batch, ()) == [0]
        peer.send([batch])
        client.transport.resume_reading()
        while not (one := await client.read()).payload.startswith(b'{"test"'):
            last = one
        assert last.opcode == (PING if own else PONG)


async def test_a_stalled_reader_costs_the_others_nothing(run: Running, session: Session) -> None:
    batches = [Batch([document(n, 20_000)]) for n in range(60)]
    async with AsyncExitStack() as stack:
        stalled = await stack.enter_async_context(opened(run, session, room=SMALL_ROOM))
        protocol = server_side(run, stalled)
        others = [await stack.enter_async_context(opened(run, session)) for _ in range(3)]
        peers = [SocketPeer(server_side(run, one)) for one in (stalled, *others)]
        peer, everybody = peers[0], SocketPeer.together(peers)
        narrow(protocol)
        stalled.transport.pause_reading()
        for batch in batches[:50]:
            for place in everybody(batch, ()):
                peers[place].send([batch])
            for client in others:  # each has it before the next is written
                assert (await frames(client, 1))[0].payload == batch.messages[0]
        assert peer.buffered > 500_000
        peer.abort()
        for batch in batches[50:]:
            for place in everybody(batch, ()):
                peers[place].send([batch])
            for client in others:
                assert (await frames(client, 1))[0].payload == batch.messages[0]
        assert not protocol.usable
        assert not peer.buffered


@pytest.mark.parametrize("waiting", [False, True])
async def test_a_peer_that_resets_while_we_write_is_gone(run: Running, session: Session, waiting: bool) -> None:
    batch = Batch([document(0, 50_000)])
    async with opened(run, session, room=SMALL_ROOM) as client, opened(run, session) as other:
        protocol, its = server_side(run, client), server_side(run, other)
        peer = SocketPeer(protocol)
        client.transport.pause_reading()
        while waiting and not peer.buffered:
            give(peer, batch)
        client.transport.get_extra_info("socket").setsockopt(
            socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0)
        )
        client.transport.abort()
        while protocol.usable:
            give(peer, batch)
            peer.send([batch])
            await asyncio.sleep(0)
        assert (protocol.direct, protocol.usable, protocol.descriptor) == (False, False, -1)
        give(SocketPeer(its), batch)
        assert (await frames(other, 1))[0].payload == batch.messages[0]


@pytest.mark.parametrize("ours", [True, False], ids=["peer", "transport"])
async def test_nothing_is_written_to_whom_gets_the_number_of_a_closed_socket(
    run: Running, session: Session, ours: bool
) -> None:
    batch = Batch([document(0, 10)])
    async with opened(run, session) as client:
        protocol = server_side(run, client)
        peer = SocketPeer(protocol)
        everybody = SocketPeer.together([peer])  # made, and used, while the socket was open
        assert not everybody(batch, ())
        await frames(client, 1)
        number = protocol.descriptor
        assert number == protocol.transport.get_extra_info("socket").fileno()
        assert protocol.direct
        if ours:
            peer.abort()
            everybody(batch, ())
            peer.send([batch])
        else:
            protocol.transport.abort()
        assert not any(map(is_ours, await client.rest()))
        heirs: list[tuple[socket.socket, socket.socket]] = []
        while number not in [one.fileno() for pair in heirs for one in pair]:
            heirs.append(socket.socketpair())
        everybody(batch, ())
        peer.send([batch, batch])
        protocol.write_frames(batch.frames)
        peer.close(4001)
        for one in [one for pair in heirs for one in pair]:
            one.setblocking(False)
            with pytest.raises(BlockingIOError):
                one.recv(1)
        for pair in heirs:
            pair[0].close()
            pair[1].close()


@pytest.mark.parametrize("waiting", [False, True])
@pytest.mark.parametrize("ending", ["close", "drain", "violation", "goodbye"])
async def test_a_close_is_the_last_thing_and_comes_behind_what_waited(
    run: Running, session: Session, monkeypatch: pytest.MonkeyPatch, ending: str, waiting: bool
) -> None:
    monkeypatch.setattr(SocketProtocol, "drain_spread", 0.0)
    batch = Batch([document(0, 20_000)])
    async with opened(run, session, room=SMALL_ROOM) as client:
        protocol = server_side(run, client)
        peer = SocketPeer(protocol)
        client.transport.pause_reading()
        written = 1
        peer.send([batch])
        while waiting and peer.buffered < 500_000:
            peer.send([batch])
            written += 1
        if not waiting:
            client.transport.resume_reading()
            await frames(client, 1)
            give(peer, batch)
        if ending == "close":
            peer.close(4001, "removed")
        elif ending == "drain":
            protocol.shutdown()
        elif ending == "violation":
            client.transport.write(frame(TEXT, b"\xff"))
        else:
            client.transport.write(frame(CLOSE, code(4001)))
        while protocol.usable:
            await asyncio.sleep(0)
        for _ in range(3):
            give(peer, batch)
            peer.send([batch])
            protocol.send_keepalive_ping()
            await asyncio.sleep(0)
        client.transport.resume_reading()
        *before, last = await frames(client, written + 1)
        assert {one.payload for one in before} == {batch.messages[0]}
        assert (last.opcode, last.payload[:2]) == (
            CLOSE,
            code({"close": 4001, "drain": 1012, "violation": 1007, "goodbye": 4001}[ending]),
        )
        client.transport.write(frame(CLOSE, last.payload[:2]))
        assert await client.rest() == []


async def test_over_tls_frames_take_the_way_through_the_transport(tmp_path: Path) -> None:
    if (openssl := shutil.which("openssl")) is None:
        pytest.skip("no openssl to make a certificate with")
    certificate = tmp_path / "localhost.pem"
    made = await asyncio.create_subprocess_exec(
        openssl, "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2",
        "-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost", "-keyout", certificate, "-out", tmp_path / "c.pem",
        stderr=asyncio.subprocess.DEVNULL,
    )  # fmt: skip
    assert await made.wait() == 0
    certificate.write_bytes(certificate.read_bytes() + (tmp_path / "c.pem").read_bytes())
    async with running(tmp_path, certificate=certificate) as run:
        session = await run.create()
        async with opened(run, session) as one, opened(run, session) as other:
            protocols = server_side(run, one), server_side(run, other)
            assert [protocol.scheme for protocol in protocols] == ["wss", "wss"]
            batches = [Batch([document(n, 60_000), document(n, 5)]) for n in range(20)]
            for batch in batches:
                for protocol in protocols:
                    give(SocketPeer(protocol), batch)
                    assert (protocol.direct, protocol.descriptor) == (False, -1)
                    protocol.send_keepalive_ping()
                    protocol.stop_keepalive()
            expected = [message for batch in batches for message in (*batch.messages, b"ping")]
            for client in (one, other):
                seen = await frames(client, len(expected))
                assert [b"ping" if it.opcode == PING else it.payload for it in seen] == expected
                await client.send(frame(PING, b"x") + frame(TEXT, b'{"ping":1}'), 1)
                pong, answer = await frames(client, 2)
                assert (pong, answer.payload[:9]) == (Frame(PONG, b"x"), b'{"pong":1')
            await one.send(frame(CLOSE, code(1000)))
            SocketPeer(protocols[1]).close(4001)
            assert [it for it in await one.rest() if is_ours(it)][-1].opcode == CLOSE
            assert (await frames(other, 1))[0].payload == code(4001)
