"""A session that starts from its snapshot is the one that its whole log makes, and one that cannot be trusted is not used."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import msgspec
import pytest
from structlog.testing import capture_logs

from server.core import views
from server.core.session import Tick
from server.core.state import State
from server.hub import Created, snapshots
from server.hub.position import Chain
from server.hub.snapshots import Body, sealed, unsealed
from server.log.port import LogUnavailable, Stored
from server.log.sqlite import FILE, SqliteLog
from tests.hub.support import FakePeer, Hall, make_hub, open_hall


class Watched(SqliteLog):
    """A log that counts how many entries were read, remembers the snapshots, and can refuse them."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self.read_entries = 0
        self.kept: list[int] = []
        self.broken = False

    async def read(self, session: str, after: int = 0, limit: int = 10_000) -> list[Stored]:
        found = await super().read(session, after, limit)
        self.read_entries += len(found)
        return found

    async def save(self, session: str, seq: int, body: bytes) -> None:
        self.kept.append(seq)
        if self.broken:
            raise LogUnavailable("no room")
        await super().save(session, seq, body)


@pytest.fixture(autouse=True)
def _always_worthwhile(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(snapshots, "WORTHWHILE", 1)


class Held:
    """What somebody has when the server goes away: the key, the documents, and the position."""

    def __init__(self, token: str, peer: FakePeer) -> None:
        self.token, self.peer, self.at = token, peer, peer.at


@asynccontextmanager
async def again(folder: Path, created: Created) -> AsyncIterator[tuple[Watched, Hall]]:
    """Open a session by another server on the folder."""
    log = Watched(folder)
    await log.open()
    hub = make_hub(log, "w2")
    try:
        live = await hub.live(created.session)
        assert live is not None
        yield log, Hall(hub, live, created)
    finally:
        await hub.close()
        await log.close()


def change(folder: Path, *statements: str) -> None:
    """Change the file behind the log's back, as a disk or a failover might."""
    connection = sqlite3.connect(folder / FILE)
    for statement in statements:
        connection.execute(statement)
    connection.commit()
    connection.close()


def positions(hall: Hall) -> list[str]:
    """Return the position of every entry."""
    return [hall.live._chain.token(seq) for seq in range(hall.live.state.seq + 1)]


def documents(state: State) -> bytes:
    """Return everybody's documents to the byte."""
    return msgspec.json.encode([views.documents(state, person) for person in state.people.items])


async def busy(folder: Path) -> tuple[Created, dict[str, Held], list[str], list[str]]:
    """Hold a session with two rooms until the server stops: the session, who was there, all positions, and the rooms."""
    held: dict[str, Held] = {}
    async with open_hall(folder) as hall:
        moderator = await hall.link("moderator")
        for name in ("Ann", "Bo", "Cy"):
            token = (await hall.live.join(name, None, "en")).token
            held[name] = Held(token, hall.attach(await hall.member(token)))
        await moderator.ask("rooms.plan", "plan", assign="manual", rooms=2)
        rooms = list(hall.live.state.breakouts.rooms)
        for name, room in zip(("Ann", "Bo"), rooms, strict=True):
            person = (await hall.member(held[name].token)).person
            await moderator.ask("rooms.assign", f"seat {name}", person=person, room=room)
        await moderator.ask("rooms.open", "open")
        await held["Ann"].peer.ask("note.write", "note", room=rooms[0], kind="works", text="Trust")
        await moderator.ask("agenda.next", "next", current=None)
        end = hall.live._chain.token(hall.live.state.seq)
        for name in ("Ann", "Bo"):
            # Cy heard of nothing after coming in.
            await held[name].peer.until(lambda name=name: held[name].peer.at == end)  # type: ignore[misc]
            held[name].at = end
        return hall.created, held, positions(hall), rooms


async def test_it_starts_from_its_snapshot_as_from_the_whole_log(tmp_path: Path) -> None:
    created, _, before, _ = await busy(tmp_path)
    async with again(tmp_path, created) as (log, hall):
        # The entry at which it was taken, and nothing else.
        assert log.read_entries == 1
        assert positions(hall) == before
        fast = hall.live.state
    assert log.kept == []
    change(tmp_path, "DELETE FROM snapshots")
    async with again(tmp_path, created) as (log, hall):
        assert log.read_entries == len(before) - 1
        assert positions(hall) == before
        assert hall.live.state == fast
        assert documents(hall.live.state) == documents(fast)
    assert log.kept == [len(before) - 1]


@pytest.mark.parametrize("kept", [True, False], ids=["snapshot", "replay"])
async def test_who_comes_back_after_a_start_gets_what_changed_and_the_room_of_now(tmp_path: Path, kept: bool) -> None:
    created, held, _, (red, blue) = await busy(tmp_path)
    if not kept:
        change(tmp_path, "DELETE FROM snapshots")
    async with again(tmp_path, created) as (_, hall):
        peers: dict[str, FakePeer] = {}

        async def back(name: str) -> dict[str, object]:
            member, peer = await hall.member(held[name].token), held[name].peer
            before = len(peer.frames)
            peers[name] = hall.attach(member, held[name].at, peer)
            for document in peer.docs:
                whole = views.documents(hall.live.state, member.person)
                assert views.documents(hall.live.state, member.person).keys() == peer.docs.keys(), document
                assert peer.docs["me"] == msgspec.json.decode(msgspec.json.encode(whole["me"]))
            welcome: dict[str, object] = peer.frames[before]["welcome"]
            return welcome

        welcome = await back("Ann")
        assert (welcome["resumed"], welcome["docs"]) == (True, {})
        welcome = await back("Cy")
        assert welcome["resumed"] is False
        # Bo is moved before he is back, and never was connected here.
        moderator = await hall.link("moderator")
        for name, room in (("Bo", red), ("Ann", blue)):
            person = (await hall.member(held[name].token)).person
            await moderator.ask("rooms.assign", f"move {name}", person=person, room=room)
        await peers["Ann"].until(lambda: f"room/{blue}" in peers["Ann"].docs)
        assert f"room/{red}" not in peers["Ann"].docs
        welcome = await back("Bo")
        assert welcome["resumed"] is False
        assert set(peers["Bo"].docs) == {"stage", f"room/{red}", "me"}


async def test_a_change_after_the_start_reaches_whoever_was_back_before_it(tmp_path: Path) -> None:
    created, held, _, _ = await busy(tmp_path)
    async with again(tmp_path, created) as (_, hall):
        ann = hall.attach(await hall.member(held["Ann"].token), held["Ann"].at, held["Ann"].peer)
        await ann.ask("person.rename", "rename", name="Anna")
        await ann.until(lambda: ann.docs["me"]["name"] == "Anna")
        at = ann.at
        assert ann.attachment is not None
        ann.attachment.detach()
        hall.attach(await hall.member(held["Ann"].token), at, ann)
        welcome = [frame["welcome"] for frame in ann.frames if "welcome" in frame][-1]
        assert (welcome["resumed"], welcome["docs"]) == (True, {})
    # What came after the snapshot is folded on top of the next one.
    async with again(tmp_path, created) as (log, hall):
        assert log.read_entries == 1
        assert "Anna" in {who.name for who in hall.live.state.people.items.values()}


OTHER_PASTS = {
    "another last entry": ["UPDATE batches SET at = at + 1 WHERE last = (SELECT max(last) FROM batches)"],
    "a log that is shorter": ["DELETE FROM batches WHERE last = (SELECT max(last) FROM batches)"],
    "no bytes": ["UPDATE snapshots SET body = x''"],
    "half of the bytes": ["UPDATE snapshots SET body = substr(body, 1, length(body) / 2)"],
    "one byte": ["UPDATE snapshots SET body = CAST(substr(body, 1, 3000) || x'00' || substr(body, 3002) AS BLOB)"],
    "another number": ["UPDATE snapshots SET seq = seq - 1"],
}


@pytest.mark.parametrize("statements", OTHER_PASTS.values(), ids=OTHER_PASTS)
async def test_a_snapshot_that_is_damaged_or_of_another_past_is_not_used(tmp_path: Path, statements: list[str]) -> None:
    created, _, _, _ = await busy(tmp_path)
    change(tmp_path, *statements)
    async with again(tmp_path, created) as (log, hall):
        assert log.read_entries >= hall.live.state.seq
        state, tokens = hall.live.state, positions(hall)
    change(tmp_path, "DELETE FROM snapshots")
    async with again(tmp_path, created) as (_, hall):
        assert hall.live.state == state
        assert positions(hall) == tokens


async def test_a_snapshot_of_another_version_is_not_used_and_the_next_takes_its_place(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    created, _, before, _ = await busy(tmp_path)
    monkeypatch.setattr("server.core.snapshot.version", lambda: b"the next version")
    async with again(tmp_path, created) as (log, _):
        assert log.read_entries == len(before)
    assert log.kept == [len(before) - 1]
    async with again(tmp_path, created) as (log, _):
        assert log.read_entries == 1


async def test_while_a_session_lives_one_is_written_each_time_that_it_has_grown_enough(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(snapshots, "EVERY", 10)
    log = Watched(tmp_path)
    async with open_hall(tmp_path, wrap=lambda _: log) as hall:
        live = hall.live
        while live.state.seq < 100:
            await live._inbox.by_server(Tick())
            live.delivery.flush()
            live.care(0.0)
            await live._snapshots.finish()
    # At 10, 20, …, and from 40 on with a quarter more each time.
    steps = [after - before for before, after in zip(log.kept, log.kept[1:], strict=False)]
    assert len(log.kept) < 20
    assert all(step >= max(10, seq // 4) for step, seq in zip(steps[:-1], log.kept[1:-1], strict=True))
    assert all(step <= max(10, seq // 4) + 2 for step, seq in zip(steps[:-1], log.kept[1:-1], strict=True))
    found = sqlite3.connect(tmp_path / FILE).execute("SELECT seq FROM snapshots").fetchall()
    assert found == [(log.kept[-1],)]


async def test_a_snapshot_waits_while_something_is_about_to_be_sent_but_not_for_ever(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(snapshots, "EVERY", 10)
    log = Watched(tmp_path)
    async with open_hall(tmp_path, wrap=lambda _: log) as hall:
        moderator, live = await hall.link("moderator"), hall.live
        while live.state.seq < 18:
            await live._inbox.by_server(Tick())
        # As if a flush of long ago had taken hours: the next one is a while away.
        live.delivery.pace._last = asyncio.get_running_loop().time() + 600.0
        await moderator.ask("announce", "1", text="Hello")
        assert live.delivery.pending
        live.care(0.0)
        assert log.kept == []
        assert not moderator.docs["stage"]["announcement"]
        await live._inbox.by_server(Tick())
        live.care(0.0)
        assert moderator.docs["stage"]["announcement"]
        await live._snapshots.finish()
        assert log.kept == [live.state.seq]


async def test_one_that_cannot_be_written_is_forgotten_and_the_session_goes_on(tmp_path: Path) -> None:
    log = Watched(tmp_path)
    log.broken = True
    with capture_logs() as lines:
        async with open_hall(tmp_path, wrap=lambda _: log) as hall:
            await hall.join("Ann")
            assert hall.live.put_by() is False
            await hall.live._snapshots.finish()
            assert hall.live.put_by() is True
            _, bo = await hall.join("Bo")
            assert (await bo.ask("hand.raise", "1"))["done"] == "1"
    assert [line["seq"] for line in lines if line["event"] == "snapshot not saved"] == log.kept
    assert len(log.kept) == 2


async def test_a_session_that_was_lost_leaves_no_snapshot(tmp_path: Path) -> None:
    log = Watched(tmp_path)
    async with open_hall(tmp_path, wrap=lambda _: log) as hall:
        await hall.join("Ann")
        hall.live._log_lost()
    assert log.kept == []


def test_digests_are_taken_up_where_they_lead_to_the_entry() -> None:
    whole = Chain()
    entries = [Stored(seq, 5, "p", f"k{seq}", b"{}") for seq in range(1, 5)]
    whole.begin("e", "salt")
    whole.extend(entries)
    digests = whole.digests
    chain = Chain()
    assert chain.resume(digests, entries[-1], "e", "salt")
    assert [chain.token(seq) for seq in range(5)] == [whole.token(seq) for seq in range(5)]
    first = Chain()
    assert first.resume(digests[:16], entries[0], "e", "salt")
    first.extend(entries[1:])
    assert first.digests == digests
    for wrong in (digests[8:], digests + digests[-8:], digests[:-8], digests[:-1], b"", b"x" * len(digests)):
        assert not Chain().resume(wrong, entries[-1], "e", "salt")
    assert not Chain().resume(digests, entries[-1], "e", "another salt")
    assert not Chain().resume(digests, entries[-2], "e", "salt")


def test_what_was_sealed_comes_back_and_what_was_changed_does_not() -> None:
    data = sealed(Body(b"digests", b"state"))
    assert unsealed(data) == Body(b"digests", b"state")
    for place in range(len(data)):
        assert unsealed(data[:place] + bytes([data[place] ^ 1]) + data[place + 1 :]) is None
        assert unsealed(data[:place]) is None
