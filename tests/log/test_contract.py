"""What every log promises, held on both adapters; Redis is a real one."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

import pytest

from server.log.feed import CHUNK
from server.log.port import CodeTaken, Draft, Log, LogUnavailable, Position, Stored
from tests.log.conftest import Opened
from tests.log.stores import Recorder, Store, draft, up_to


def _ignore(message: bytes) -> None:
    pass


async def test_a_session_begins_with_its_first_entry(log: Log) -> None:
    position = await log.create("s1", "CODE11", draft("k", body=b'{"a":1}'))
    assert (position.seq, position.repeated) == (1, False)
    assert await log.read("s1") == [Stored(1, position.at, "p1", "k", b'{"a":1}')]
    assert await log.find("CODE11") == "s1"
    assert await log.find("OTHER1") is None


async def test_sessions_are_listed_oldest_first(log: Log) -> None:
    for name in ("m", "z", "a"):
        await log.create(name, f"CODE-{name}", draft("k"))
    assert await log.sessions() == ["m", "z", "a"]


async def test_creating_twice_gives_the_first_position(log: Log) -> None:
    first = await log.create("s1", "CODE11", draft("k"))
    assert await log.create("s1", "CODE11", draft("k")) == Position(1, first.at, repeated=True)
    assert await log.sessions() == ["s1"]


async def test_a_code_belongs_to_one_session(log: Log) -> None:
    await log.create("s1", "CODE11", draft("k"))
    with pytest.raises(CodeTaken):
        await log.create("s2", "CODE11", draft("k"))
    assert await log.sessions() == ["s1"]
    assert await log.read("s2") == []
    assert await log.find("CODE11") == "s1"


async def test_a_session_has_one_code(log: Log) -> None:
    await log.create("s1", "CODE11", draft("k"))
    with pytest.raises(ValueError, match="another join code"):
        await log.create("s1", "CODE22", draft("k"))
    assert await log.find("CODE22") is None


async def test_entries_of_many_writers_are_numbered_without_gaps(log: Log) -> None:
    for name in ("s1", "s2"):
        await log.create(name, f"CODE-{name}", draft("first"))
    results = await asyncio.gather(
        *(log.append(name, [draft(f"{i}a"), draft(f"{i}b")]) for i in range(100) for name in ("s1", "s2"))
    )
    for name in ("s1", "s2"):
        entries = await log.read(name)
        assert [entry.seq for entry in entries] == up_to(201)
        assert [entry.at for entry in entries] == sorted(entry.at for entry in entries)
    assert all(not position.repeated for positions in results for position in positions)


async def test_drafts_of_one_append_stand_together_in_their_order(log: Log) -> None:
    await log.create("s1", "CODE11", draft("first"))
    appends = [[draft(f"{i}-{part}") for part in range(5)] for i in range(20)]
    results = await asyncio.gather(*(log.append("s1", drafts) for drafts in appends))
    stored = {entry.key: entry.seq for entry in await log.read("s1")}
    for drafts, positions in zip(appends, results, strict=True):
        seqs = [position.seq for position in positions]
        assert seqs == list(range(seqs[0], seqs[0] + 5))
        assert seqs == [stored[each.key] for each in drafts]


async def test_bytes_and_names_come_back_as_they_were(log: Log) -> None:
    await log.create("s1", "CODE11", draft("first"))
    drafts = [
        Draft("p1", "all bytes", bytes(range(256))),
        Draft("أمينة", "ключ", "«Ça va ?» 🎙".encode()),
        Draft("p1", "with\0nul and\nline", b""),
        Draft("p1", "large", b"x" * 200_000),
    ]
    await log.append("s1", drafts)
    assert [Draft(entry.by, entry.key, entry.body) for entry in await log.read("s1", 1)] == drafts


async def test_an_append_of_nothing_is_nothing(log: Log) -> None:
    await log.create("s1", "CODE11", draft("first"))
    assert await log.append("s1", []) == []
    assert len(await log.read("s1")) == 1


async def test_an_unknown_session_fails_alone(log: Log) -> None:
    await log.create("s1", "CODE11", draft("first"))
    good, bad, also_good = await asyncio.gather(
        log.append("s1", [draft("a")]),
        log.append("nowhere", [draft("b")]),
        log.append("s1", [draft("c")]),
        return_exceptions=True,
    )
    assert isinstance(bad, KeyError)
    assert not isinstance(good, BaseException)
    assert not isinstance(also_good, BaseException)
    assert [entry.key for entry in await log.read("s1")] == ["first", "a", "c"]
    assert await log.read("nowhere") == []
    assert await log.sessions() == ["s1"]


async def test_the_same_draft_is_stored_once(log: Log) -> None:
    await log.create("s1", "CODE11", draft("first"))
    [first] = await log.append("s1", [draft("vote", body=b"1")])
    [again] = await log.append("s1", [draft("vote", body=b"2")])
    assert again == Position(first.seq, first.at, repeated=True)
    assert [entry.body for entry in await log.read("s1", 1)] == [b"1"]


async def test_the_same_draft_twice_in_one_append_is_stored_once(log: Log) -> None:
    await log.create("s1", "CODE11", draft("first"))
    positions = await log.append("s1", [draft("a"), draft("b"), draft("a")])
    assert [(position.seq, position.repeated) for position in positions] == [(2, False), (3, False), (2, True)]


async def test_the_same_draft_from_many_at_once_is_stored_once(log: Log) -> None:
    await log.create("s1", "CODE11", draft("first"))
    results = await asyncio.gather(*(log.append("s1", [draft("vote")]) for _ in range(50)))
    assert {position.seq for [position] in results} == {2}
    assert sum(not position.repeated for [position] in results) == 1
    assert len(await log.read("s1")) == 2


async def test_keys_belong_to_their_sender(log: Log) -> None:
    await log.create("s1", "CODE11", draft("first"))
    await log.create("s2", "CODE22", draft("first"))
    drafts = [Draft("a", "bc", b""), Draft("ab", "c", b""), Draft("b", "bc", b"")]
    assert [position.seq for position in await log.append("s1", drafts)] == [2, 3, 4]
    assert [position.seq for position in await log.append("s2", drafts)] == [2, 3, 4]


async def test_a_repeat_is_known_after_a_restart(store: Store, opened: Opened) -> None:
    before = store.log()
    await before.open()
    await before.create("s1", "CODE11", draft("first"))
    [first] = await before.append("s1", [draft("vote")])
    await before.close()

    after = await opened(store.log())
    assert await after.append("s1", [draft("vote")]) == [Position(first.seq, first.at, repeated=True)]
    assert await after.find("CODE11") == "s1"
    assert [position.seq for position in await after.append("s1", [draft("next")])] == [3]


async def test_stamps_do_not_decrease_when_the_clock_is_set_back(store: Store, log: Log) -> None:
    await log.create("s1", "CODE11", draft("first"))
    await log.append("s1", [draft("before")])
    store.set_clock_back("s1")
    positions = await log.append("s1", [draft("after"), draft("and after")])
    stamps = [entry.at for entry in await log.read("s1")]
    assert stamps == sorted(stamps)
    # The clock stands still until real time has caught up.
    assert [position.at for position in positions] == [stamps[-3]] * 2


async def test_reading_begins_after_a_position_and_ends_at_a_limit(log: Log) -> None:
    await log.create("s1", "CODE11", draft("1"))
    await log.append("s1", [draft(str(i)) for i in range(2, 11)])
    assert [entry.seq for entry in await log.read("s1", after=4, limit=3)] == [5, 6, 7]
    assert [entry.seq for entry in await log.read("s1", after=8)] == [9, 10]
    assert await log.read("s1", after=10) == []
    assert await log.read("nowhere") == []


async def test_a_snapshot_comes_back_as_it_was_and_is_its_sessions_own(log: Log) -> None:
    for name in ("s1", "s2"):
        await log.create(name, f"CODE-{name}", draft("1"))
    assert await log.saved("s1") is None
    await log.save("s1", 1, bytes(range(256)) * 1000)
    assert await log.saved("s1") == (1, bytes(range(256)) * 1000)
    assert await log.saved("s2") is None
    assert [entry.key for entry in await log.read("s1")] == ["1"]
    assert await log.sessions() == ["s1", "s2"]


async def test_an_older_snapshot_never_takes_the_place_of_a_newer_one(log: Log) -> None:
    await log.create("s1", "CODE11", draft("1"))
    await log.append("s1", [draft(str(i)) for i in range(2, 6)])
    for seq, body in ((3, b"three"), (2, b"two")):
        await log.save("s1", seq, body)
        assert await log.saved("s1") == (3, b"three")
    # The same entries again, perhaps by another version, and then more of them.
    for seq, body in ((3, b"another"), (5, b"")):
        await log.save("s1", seq, body)
        assert await log.saved("s1") == (seq, body)


async def test_a_snapshot_that_the_log_does_not_reach_is_not_kept(log: Log) -> None:
    await log.save("nowhere", 0, b"x")
    await log.save("nowhere", 1, b"x")
    assert await log.saved("nowhere") is None
    await log.create("s1", "CODE11", draft("1"))
    await log.save("s1", 2, b"x")
    assert await log.saved("s1") is None
    assert await log.sessions() == ["s1"]


async def test_a_snapshot_is_there_after_a_restart(store: Store, opened: Opened) -> None:
    before = store.log()
    await before.open()
    await before.create("s1", "CODE11", draft("1"))
    await before.save("s1", 1, b"state")
    await before.close()
    after = await opened(store.log())
    assert await after.saved("s1") == (1, b"state")


async def test_a_subscriber_gets_what_stood_before_and_what_follows(log: Log) -> None:
    await log.create("s1", "CODE11", draft("1"))
    await log.append("s1", [draft(f"old{i}") for i in range(2 * CHUNK)])
    recorder = Recorder()
    await log.subscribe("s1", 0, recorder.take, _ignore)
    assert recorder.seqs == up_to(2 * CHUNK + 1)
    await log.append("s1", [draft("new")])
    await recorder.reach(2 * CHUNK + 2)
    assert recorder.entries == await log.read("s1")


async def test_a_subscriber_may_begin_in_the_middle(log: Log) -> None:
    await log.create("s1", "CODE11", draft("1"))
    await log.append("s1", [draft(str(i)) for i in range(2, 6)])
    recorder = Recorder()
    await log.subscribe("s1", 3, recorder.take, _ignore)
    assert recorder.seqs == [4, 5]


async def test_entries_appended_while_subscribing_are_neither_lost_nor_doubled(log: Log) -> None:
    await log.create("s1", "CODE11", draft("1"))
    recorders = [Recorder() for _ in range(10)]

    async def write(name: str) -> None:
        for i in range(40):
            await log.append("s1", [draft(f"{name}{i}")])

    await asyncio.gather(
        *(write(name) for name in "abc"),
        *(log.subscribe("s1", 0, recorder.take, _ignore) for recorder in recorders),
    )
    for recorder in recorders:
        await recorder.reach(121)
        assert recorder.seqs == up_to(121)


async def test_the_own_entry_is_announced_before_the_append_returns(log: Log) -> None:
    await log.create("s1", "CODE11", draft("1"))
    recorder = Recorder()
    await log.subscribe("s1", 0, recorder.take, _ignore)
    for i in range(2, 12):
        await log.append("s1", [draft(str(i))])
        assert recorder.seqs == up_to(i)


async def test_a_cancelled_subscription_hears_nothing_more(log: Log) -> None:
    await log.create("s1", "CODE11", draft("1"))
    left, stays = Recorder(), Recorder()
    subscription = await log.subscribe("s1", 0, left.take, _ignore)
    await log.subscribe("s1", 0, stays.take, _ignore)
    subscription.cancel()
    subscription.cancel()
    await log.append("s1", [draft("2")])
    await stays.reach(2)
    assert left.seqs == [1]

    back = Recorder()
    await log.subscribe("s1", 1, back.take, _ignore)
    await log.append("s1", [draft("3")])
    await back.reach(3)
    assert back.seqs == [2, 3]


async def test_a_sink_that_fails_keeps_nobody_from_the_entries(log: Log) -> None:
    await log.create("s1", "CODE11", draft("1"))
    called: list[int] = []

    def fail(entries: Sequence[Stored]) -> None:
        called.append(len(entries))
        raise RuntimeError("the sink's own trouble")

    recorder = Recorder()
    await log.subscribe("s1", 0, fail, _ignore)
    await log.subscribe("s1", 0, recorder.take, _ignore)
    assert [position.seq for position in await log.append("s1", [draft("2")])] == [2]
    assert recorder.seqs == [1, 2]
    assert called == [1, 1]


async def test_a_repeat_is_not_announced_again(log: Log) -> None:
    await log.create("s1", "CODE11", draft("1"))
    recorder = Recorder()
    await log.subscribe("s1", 0, recorder.take, _ignore)
    await log.append("s1", [draft("2")])
    await log.append("s1", [draft("2"), draft("3")])
    assert recorder.seqs == [1, 2, 3]


async def test_the_teller_does_not_hear_itself(log: Log) -> None:
    await log.create("s1", "CODE11", draft("1"))
    recorder = Recorder()
    await log.subscribe("s1", 0, recorder.take, recorder.hear)
    await log.tell("s1", b"online 3")
    await log.append("s1", [draft("2")])
    await recorder.reach(2)
    assert recorder.tells == []


async def test_a_caller_that_stops_waiting_does_not_stop_the_append(log: Log) -> None:
    await log.create("s1", "CODE11", draft("1"))
    impatient = asyncio.create_task(log.append("s1", [draft("2")]))
    patient = asyncio.create_task(log.append("s1", [draft("3")]))
    await asyncio.sleep(0)
    impatient.cancel()
    assert [position.seq for position in await patient] == [3]
    assert [entry.key for entry in await log.read("s1")] == ["1", "2", "3"]


async def test_closing_finishes_what_was_accepted(store: Store, opened: Opened) -> None:
    closing = store.log()
    await closing.open()
    await closing.create("s1", "CODE11", draft("1"))
    appends = [asyncio.create_task(closing.append("s1", [draft(f"k{i}")])) for i in range(100)]
    await asyncio.sleep(0)
    await closing.close()
    results = await asyncio.gather(*appends)
    log = await opened(store.log())
    assert sorted(position.seq for [position] in results) == [entry.seq for entry in await log.read("s1", 1)]
    assert len(results) == 100


async def test_a_closed_log_is_unavailable(store: Store) -> None:
    log = store.log()
    await log.open()
    await log.create("s1", "CODE11", draft("1"))
    await log.ready()
    await log.close()
    await log.close()
    calls = (log.append("s1", [draft("2")]), log.read("s1"), log.find("CODE11"), log.sessions(), log.ready())
    for call in (*calls, log.save("s1", 1, b"x"), log.saved("s1")):
        with pytest.raises(LogUnavailable):
            await call
    with pytest.raises(LogUnavailable):
        await log.create("s2", "CODE22", draft("1"))


async def test_the_durability_is_told_in_words(log: Log) -> None:
    assert "synchronous=FULL" in log.durability or "appendfsync=always" in log.durability
