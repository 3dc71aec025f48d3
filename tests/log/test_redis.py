"""What only the Redis log has: several workers on one server, and the server's own state."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest
from redis import Redis
from structlog.testing import capture_logs

from server.log.port import LogUnavailable
from server.log.redis import RedisLog
from tests.log.conftest import Opened
from tests.log.stores import Recorder, RedisStore, draft, up_to
from tests.support.redis import RedisServer

pytestmark = pytest.mark.redis


@pytest.fixture
def shared(redis_url: str) -> RedisStore:
    """A store for several workers."""
    return RedisStore(redis_url)


async def test_two_workers_see_each_others_entries_in_one_order(shared: RedisStore, opened: Opened) -> None:
    workers = [await opened(shared.log()) for _ in range(2)]
    await workers[0].create("s1", "CODE11", draft("first"))
    assert await workers[1].find("CODE11") == "s1"
    recorders = [Recorder(), Recorder()]
    for worker, recorder in zip(workers, recorders, strict=True):
        await worker.subscribe("s1", 0, recorder.take, recorder.hear)

    async def write(number: int, name: str) -> None:
        for i in range(25):
            await workers[number].append("s1", [draft(f"{number}{name}{i}")])

    await asyncio.gather(*(write(number, name) for number in (0, 1) for name in "abcd"))
    for recorder in recorders:
        await recorder.reach(201)
        assert recorder.seqs == up_to(201)
    assert recorders[0].entries == recorders[1].entries == await workers[0].read("s1")


async def test_the_same_draft_through_two_workers_is_stored_once(shared: RedisStore, opened: Opened) -> None:
    workers = [await opened(shared.log()) for _ in range(2)]
    await workers[0].create("s1", "CODE11", draft("first"))
    results = await asyncio.gather(*(workers[i % 2].append("s1", [draft("vote")]) for i in range(40)))
    assert {position.seq for [position] in results} == {2}
    assert sum(not position.repeated for [position] in results) == 1


async def test_of_two_workers_snapshots_the_newer_stays(shared: RedisStore, opened: Opened) -> None:
    workers = [await opened(shared.log()) for _ in range(2)]
    await workers[0].create("s1", "CODE11", draft("first"))
    await workers[0].append("s1", [draft("second")])
    await asyncio.gather(workers[0].save("s1", 2, b"newer"), workers[1].save("s1", 1, b"older"))
    assert [await worker.saved("s1") for worker in workers] == [(2, b"newer")] * 2


async def test_a_snapshot_of_entries_that_were_lost_stands_in_nobodys_way(shared: RedisStore, opened: Opened) -> None:
    log = await opened(shared.log())
    await log.create("s1", "CODE11", draft("first"))
    await log.append("s1", [draft("second")])
    await log.save("s1", 2, b"of two")
    with Redis.from_url(shared.url, protocol=2) as client:
        client.xdel(f"{shared.prefix}:s1:log", "2-0")
    await log.save("s1", 1, b"of one")
    assert await log.saved("s1") == (1, b"of one")


async def test_two_workers_that_create_the_same_session_agree(shared: RedisStore, opened: Opened) -> None:
    workers = [await opened(shared.log()) for _ in range(2)]
    positions = await asyncio.gather(*(worker.create("s1", "CODE11", draft("first")) for worker in workers))
    assert sorted(position.repeated for position in positions) == [False, True]
    assert await workers[0].sessions() == ["s1"]


async def test_a_tell_reaches_the_other_workers_and_not_its_sender(shared: RedisStore, opened: Opened) -> None:
    workers = [await opened(shared.log()) for _ in range(3)]
    await workers[0].create("s1", "CODE11", draft("first"))
    recorders = [Recorder() for _ in workers]
    for worker, recorder in zip(workers, recorders, strict=True):
        await worker.subscribe("s1", 0, recorder.take, recorder.hear)
    # An entry that came by pub/sub shows that the channels are open; both were asked for in one command.
    for seq, worker in enumerate(workers, 2):
        await worker.append("s1", [draft(str(seq))])
    for recorder in recorders:
        await recorder.reach(4)

    await workers[0].tell("s1", b"online \x00\xff 3")
    await workers[1].tell("s1", b"from the second")
    await recorders[2].reach(0, tells=2)
    await recorders[1].reach(0, tells=1)
    await recorders[0].reach(0, tells=1)
    assert recorders[0].tells == [b"from the second"]
    assert recorders[1].tells == [b"online \x00\xff 3"]
    assert sorted(recorders[2].tells) == [b"from the second", b"online \x00\xff 3"]


async def test_prefixes_keep_deployments_apart(redis_url: str, opened: Opened) -> None:
    one, other = await opened(RedisStore(redis_url).log()), await opened(RedisStore(redis_url).log())
    await one.create("s1", "CODE11", draft("first"))
    assert await other.find("CODE11") is None
    await other.create("s9", "CODE11", draft("first"))
    assert await one.sessions() == ["s1"]


async def test_an_announcement_that_is_none_does_no_harm(shared: RedisStore, opened: Opened) -> None:
    log, other = await opened(shared.log()), await opened(shared.log())
    await log.create("s1", "CODE11", draft("first"))
    recorder = Recorder()
    await log.subscribe("s1", 0, recorder.take, recorder.hear)
    await other.append("s1", [draft("2")])
    await recorder.reach(2)
    with Redis.from_url(shared.url, protocol=2) as client, capture_logs() as lines:
        assert client.publish(f"{shared.prefix}:s1:entries", "nonsense") == 1
        await other.append("s1", [draft("3")])
        await recorder.reach(3)
    assert recorder.seqs == [1, 2, 3]
    assert "log.message_failed" in [line["event"] for line in lines]


async def test_the_script_is_loaded_again_when_the_server_forgot_it(redis_server: RedisServer, opened: Opened) -> None:
    log = await opened(RedisLog(redis_server.url))
    await log.create("s1", "CODE11", draft("first"))
    with redis_server.client() as client:
        client.script_flush()
        assert [position.seq for position in await log.append("s1", [draft("2")])] == [2]


async def test_a_server_that_evicts_is_refused(tmp_path: Path) -> None:
    server = RedisServer(tmp_path / "redis", maxmemory_policy="volatile-lru")
    server.start()
    try:
        with pytest.raises(ValueError, match=r"volatile-lru.*maxmemory-policy noeviction"):
            await RedisLog(server.url).open()
    finally:
        server.kill()


async def test_a_replica_is_refused(redis_server: RedisServer) -> None:
    with redis_server.client() as client:
        client.replicaof("127.0.0.1", "1")
    with pytest.raises(ValueError, match="primary"):
        await RedisLog(redis_server.url).open()


async def test_a_server_that_hides_its_configuration_is_used_with_a_warning(
    redis_server: RedisServer, opened: Opened
) -> None:
    with redis_server.client() as client:
        client.execute_command("ACL", "SETUSER", "guest", "on", ">word", "~*", "&*", "+@all", "-config")
    with capture_logs() as lines:
        log = await opened(RedisLog(redis_server.url.replace("redis://", "redis://guest:word@")))
    assert "log.fsync_unknown" in [line["event"] for line in lines if line["log_level"] == "warning"]
    assert "appendfsync=unknown" in log.durability
    await log.create("s1", "CODE11", draft("first"))


@pytest.mark.parametrize(
    ("options", "told"),
    [
        ({"appendonly": "no"}, "appendonly=no"),
        ({"appendfsync": "everysec"}, "everysec (power loss may take the last second)"),
        ({"appendfsync": "always"}, "appendfsync=always"),
    ],
)
async def test_the_durability_is_what_the_server_is_set_to(tmp_path: Path, options: dict[str, str], told: str) -> None:
    server = RedisServer(tmp_path / "redis", **options)
    server.start()
    try:
        log = RedisLog(server.url)
        await log.open()
        assert told in log.durability
        await log.close()
    finally:
        server.kill()


async def test_a_server_that_is_not_there_is_unavailable(redis_server: RedisServer) -> None:
    redis_server.kill()
    with pytest.raises(LogUnavailable):
        await RedisLog(redis_server.url).open()


async def test_a_flushed_session_is_reported_and_takes_no_entries(redis_server: RedisServer, opened: Opened) -> None:
    log = await opened(RedisLog(redis_server.url, check_every=0.05))
    await log.create("s1", "CODE11", draft("first"))
    recorder, lost = Recorder(), asyncio.Event()
    await log.subscribe("s1", 0, recorder.take, recorder.hear, lost.set)
    with redis_server.client() as client, capture_logs() as lines:
        client.flushall()
        await asyncio.wait_for(lost.wait(), 10)
    assert [line["event"] for line in lines] == ["log.shrunk"]
    with pytest.raises(KeyError):
        await log.append("s1", [draft("2")])
    assert await log.read("s1") == []


async def test_an_older_copy_takes_no_entries_from_those_who_saw_more(
    redis_server: RedisServer, opened: Opened
) -> None:
    log = await opened(RedisLog(redis_server.url))
    await log.create("s1", "CODE11", draft("first"))
    with redis_server.client() as client:
        older = client.dump("baraza:s1:log")
        recorder = Recorder()
        await log.subscribe("s1", 0, recorder.take, recorder.hear)
        await log.append("s1", [draft("2"), draft("3")])
        client.restore("baraza:s1:log", 0, older, replace=True)
        with pytest.raises(KeyError):
            await log.append("s1", [draft("4")])
        assert client.xlen("baraza:s1:log") == 1


async def test_a_worker_that_only_listens_learns_that_a_failover_put_others_in_the_place_of_what_it_saw(
    redis_server: RedisServer, opened: Opened
) -> None:
    listening, fresh = [await opened(RedisLog(redis_server.url, check_every=600)) for _ in range(2)]
    await listening.create("s1", "CODE11", draft("first"))
    recorder, lost = Recorder(), asyncio.Event()
    with redis_server.client() as client:
        older = client.dump("baraza:s1:log")
        await listening.subscribe("s1", 0, recorder.take, recorder.hear, lost.set)
        await listening.append("s1", [draft("2"), draft("3")])
        client.restore("baraza:s1:log", 0, older, replace=True)
        client.delete("baraza:s1:firsts")
    # The log is as long as before, so neither its length nor its numbers say anything.
    await fresh.append("s1", [draft("other 2")])
    await fresh.append("s1", [draft("other 3")])
    await asyncio.wait_for(lost.wait(), 10)
    await fresh.append("s1", [draft("other 4")])
    assert [entry.key for entry in recorder.entries] == ["first", "2", "3"]


async def test_a_trimmed_stream_takes_no_entries(redis_server: RedisServer, opened: Opened) -> None:
    log = await opened(RedisLog(redis_server.url))
    await log.create("s1", "CODE11", draft("first"))
    await log.append("s1", [draft(str(i)) for i in range(10)])
    with redis_server.client() as client:
        assert client.xtrim("baraza:s1:log", maxlen=5, approximate=False) == 6
    with pytest.raises(KeyError):
        await log.append("s1", [draft("next")])
