"""The Redis log when the network and the server fail. Each test also shows that its fault really happened."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from server.log.port import Draft, Log, LogUnavailable, Position
from server.log.redis import RedisLog
from tests.log.conftest import Opened
from tests.log.stores import Recorder, draft, up_to
from tests.support.proxy import Proxy
from tests.support.redis import RedisServer

pytestmark = pytest.mark.redis

NEVER = 600.0
"""A position check that comes too late to help."""

LISTENER = b"SUBSCRIBE"
MESSAGE = b"$7\r\nmessage\r\n"
"""How the listener's connection is known, and a pub/sub message on it."""


@pytest_asyncio.fixture
async def proxy(redis_server: RedisServer) -> AsyncIterator[Proxy]:
    """A proxy before the test's own server."""
    async with Proxy(redis_server.port) as proxy:
        yield proxy


@pytest_asyncio.fixture
async def far(redis_server: RedisServer, opened: Opened) -> Log:
    """A worker with an undisturbed way to the server, and a session `s1` with its first entry."""
    log = await opened(RedisLog(redis_server.url, check_every=NEVER))
    await log.create("s1", "CODE11", draft("first"))
    return log


async def listen(log: Log, far: Log) -> Recorder:
    """Subscribe, and return when an entry of the other worker has come by pub/sub."""
    recorder = Recorder()
    await log.subscribe("s1", 0, recorder.take, recorder.hear)
    await far.append("s1", [draft("heard")])
    await recorder.reach(2)
    return recorder


async def insist(log: Log, drafts: list[Draft]) -> tuple[list[Position], list[str]]:
    """Append until it is acknowledged, as the hub does; return the positions and the reasons of all refusals."""
    refusals: list[str] = []
    while True:
        try:
            return await log.append("s1", drafts), refusals
        except LogUnavailable as error:
            refusals.append(str(error))
            await asyncio.sleep(0.02)


async def test_an_append_whose_reply_was_cut_is_stored_once(proxy: Proxy, far: Log, opened: Opened) -> None:
    log = await opened(RedisLog(proxy.url, check_every=NEVER))
    recorder = await listen(log, far)
    proxy.cut_reply(b"EVALSHA")
    drafts = [draft("vote"), draft("second vote")]
    with pytest.raises(LogUnavailable):
        await log.append("s1", drafts)
    assert proxy.cut == 1
    # It was stored although nobody was told: this is what sending it again must not double.
    assert [entry.key for entry in await far.read("s1", 2)] == ["vote", "second vote"]

    positions = await log.append("s1", drafts)
    assert [(position.seq, position.repeated) for position in positions] == [(3, True), (4, True)]
    assert [entry.key for entry in await far.read("s1", 2)] == ["vote", "second vote"]
    await recorder.reach(4)
    assert recorder.seqs == up_to(4)


async def test_a_creation_whose_reply_was_cut_is_done_once(proxy: Proxy, far: Log, opened: Opened) -> None:
    log = await opened(RedisLog(proxy.url, check_every=NEVER))
    await log.append("s1", [draft("load the script")])
    proxy.cut_reply(b"EVALSHA")
    with pytest.raises(LogUnavailable):
        await log.create("s2", "CODE22", draft("first"))
    assert proxy.cut == 1
    assert (await log.create("s2", "CODE22", draft("first"))).repeated
    assert await far.sessions() == ["s1", "s2"]


async def test_an_append_that_gets_no_answer_is_given_up_and_stored_once(
    proxy: Proxy, far: Log, opened: Opened
) -> None:
    log = await opened(RedisLog(proxy.url, timeout=0.3, check_every=NEVER))
    await log.append("s1", [draft("before")])
    assert proxy.freeze() >= 1
    with pytest.raises(LogUnavailable):
        await log.append("s1", [draft("vote")])
    with pytest.raises(LogUnavailable):
        await log.ready()
    proxy.thaw()
    await insist(log, [draft("vote")])
    assert [entry.key for entry in await far.read("s1", 2)] == ["vote"]


async def test_a_listener_killed_between_appends_loses_nothing(
    redis_server: RedisServer, far: Log, opened: Opened
) -> None:
    log = await opened(RedisLog(redis_server.url, check_every=NEVER))
    recorder = await listen(log, far)
    with redis_server.client() as client:
        for round_ in range(5):
            assert client.client_kill_filter(_type="pubsub") >= 1
            # Nobody listens now: this entry is published into the void.
            await far.append("s1", [draft(f"unheard {round_}")])
            await recorder.reach(3 + round_)
    assert recorder.seqs == up_to(7)


async def test_a_message_lost_before_another_is_read_from_the_stream(proxy: Proxy, far: Log, opened: Opened) -> None:
    log = await opened(RedisLog(proxy.url, check_every=NEVER))
    recorder = await listen(log, far)
    proxy.lose(MESSAGE)
    await far.append("s1", [draft("lost")])
    await proxy.wait_for_lost()
    proxy.lose(None)
    assert recorder.seqs == [1, 2]
    await far.append("s1", [draft("next")])
    await recorder.reach(4)
    assert recorder.seqs == up_to(4)
    assert proxy.lost == 1


async def test_a_message_lost_after_which_nothing_comes_is_found_by_the_position_check(
    proxy: Proxy, far: Log, opened: Opened
) -> None:
    log = await opened(RedisLog(proxy.url, check_every=0.1))
    recorder = await listen(log, far)
    proxy.lose(MESSAGE)
    await far.append("s1", [draft("lost")])
    await proxy.wait_for_lost()
    await recorder.reach(3)
    assert recorder.seqs == up_to(3)
    assert proxy.lost == 1


async def test_a_listener_whose_connection_was_dropped_catches_up(proxy: Proxy, far: Log, opened: Opened) -> None:
    log = await opened(RedisLog(proxy.url, check_every=NEVER))
    recorder = await listen(log, far)
    assert proxy.drop(having=LISTENER) == 1
    await far.append("s1", [draft("meanwhile")])
    await recorder.reach(3)
    await far.append("s1", [draft("after")])
    await recorder.reach(4)
    assert recorder.seqs == up_to(4)


async def test_a_frozen_listener_is_replaced(proxy: Proxy, far: Log, opened: Opened) -> None:
    log = await opened(RedisLog(proxy.url, timeout=0.5, check_every=NEVER))
    recorder = await listen(log, far)
    assert proxy.freeze(having=LISTENER) == 1
    await far.append("s1", [draft("into the ice")])
    await recorder.reach(3)
    assert recorder.seqs == up_to(3)


async def test_a_frozen_listener_does_not_delay_entries_beyond_the_position_check(
    proxy: Proxy, far: Log, opened: Opened
) -> None:
    log = await opened(RedisLog(proxy.url, timeout=NEVER, check_every=0.1))
    recorder = await listen(log, far)
    assert proxy.freeze(having=LISTENER) == 1
    for i in range(3, 6):
        await far.append("s1", [draft(str(i))])
        await recorder.reach(i)
    assert recorder.seqs == up_to(5)


async def test_a_listener_that_hears_nothing_for_long_stays_by_asking(
    redis_server: RedisServer, far: Log, opened: Opened
) -> None:
    log = await opened(RedisLog(redis_server.url, timeout=0.3, check_every=NEVER))
    await listen(log, far)
    with redis_server.client() as client:

        def listener() -> dict[str, str]:
            connections: list[dict[str, str]] = client.client_list(_type="pubsub")
            return max(connections, key=lambda each: int(each["id"]))

        first = listener()["id"]
        async with asyncio.timeout(10):
            while listener()["cmd"] != "ping":
                await asyncio.sleep(0.01)
        assert listener()["id"] == first


async def test_a_server_without_memory_refuses_and_recovers(
    redis_server: RedisServer, far: Log, opened: Opened
) -> None:
    with redis_server.client() as client:
        client.config_set("maxmemory", "1")
        with pytest.raises(LogUnavailable, match=r"OOM|maxmemory"):
            await far.append("s1", [draft("2")])
        with pytest.raises(LogUnavailable):
            await far.ready()
        assert [entry.key for entry in await far.read("s1")] == ["first"]
        client.config_set("maxmemory", "0")
    [position] = await far.append("s1", [draft("2")])
    assert (position.seq, position.repeated) == (2, False)


async def test_nothing_acknowledged_is_lost_when_the_server_is_killed(
    redis_server: RedisServer, far: Log, opened: Opened
) -> None:
    other = await opened(RedisLog(redis_server.url, check_every=0.2))
    recorders = [Recorder(), Recorder()]
    for log, recorder in zip((far, other), recorders, strict=True):
        await log.subscribe("s1", 0, recorder.take, recorder.hear)
    acknowledged: dict[str, int] = {}
    refused = 0
    some = asyncio.Event()

    async def write(log: Log, name: str) -> None:
        nonlocal refused
        for i in range(60):
            [position], refusals = await insist(log, [draft(f"{name}{i}")])
            acknowledged[f"{name}{i}"] = position.seq
            refused += len(refusals)
            if len(acknowledged) >= 50:
                some.set()

    writers = asyncio.gather(*(write(log, f"{i}{name}") for i, log in enumerate((far, other)) for name in "abc"))
    await some.wait()
    redis_server.kill()
    before = len(acknowledged)
    assert not redis_server.running
    assert before < 360
    redis_server.start()
    await writers
    assert refused > 0

    entries = await far.read("s1")
    assert [entry.seq for entry in entries] == up_to(361)
    assert {entry.key: entry.seq for entry in entries[1:]} == acknowledged
    for recorder in recorders:
        await recorder.reach(361)
        assert recorder.entries == entries


async def test_a_server_that_is_still_loading_is_unavailable_and_then_serves(tmp_path: Path) -> None:
    server = RedisServer(tmp_path / "redis")
    server.start()
    try:
        log = RedisLog(server.url, timeout=2, check_every=NEVER)
        await log.open()
        await log.create("s1", "CODE11", draft("first"))
        await log.append("s1", [draft(str(i)) for i in range(2, 3_001)])
        server.kill()
        # So many microseconds a command; every thousand commands it looks at its clients.
        server.options["key_load_delay"] = "200"
        server.start()
        reason = "closed"
        while "closed" in reason:
            # The connection from before the restart may be found first.
            with pytest.raises(LogUnavailable) as refusal:
                await log.append("s1", [draft("early")])
            reason = str(refusal.value)
        assert "loading" in reason
        [position], _ = await insist(log, [draft("early")])
        assert (position.seq, position.repeated) == (3_001, False)
        await log.close()
    finally:
        server.kill()
