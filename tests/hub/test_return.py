"""Coming back: from any frame on that was the last to arrive, to this worker or to another one, to what everybody holds."""

from __future__ import annotations

import asyncio
import json
import random
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from server.hub import Member
from server.hub.attachment import BEHIND_BYTES
from server.hub.peer import Batch
from server.log.port import Log
from server.protocol.limits import Rate
from tests.hub.support import FakePeer, Hall, hold, make_hub, open_hall
from tests.hub.test_live import compare

FAST = Rate(per_second=1e6, burst=10**6)


@asynccontextmanager
async def two_workers(folder: Path) -> AsyncIterator[tuple[Hall, Hall]]:
    """Open one session on two workers, which flush at different moments."""
    logs: list[Log] = []

    def keep(log: Log) -> Log:
        logs.append(log)
        return log

    async with open_hall(folder, rate=FAST, wrap=keep) as here:
        hub = make_hub(logs[0], "w2", rate=FAST)
        await hub.start()
        try:
            live = await hub.live(here.created.session)
            assert live is not None
            yield here, Hall(hub, live, here.created)
        finally:
            await hub.close()


async def open_poll(hall: Hall) -> str:
    """Open a session with a poll in it."""
    moderator = await hall.link("moderator")
    await moderator.ask("session.open", "o")
    poll = (await moderator.ask("poll.create", "c", kind="single", prompt="?", options=["x", "y"]))["made"]
    await moderator.ask("poll.open", "p", poll=poll)
    return str(poll)


def deed(rng: random.Random, hall: Hall, step: int) -> tuple[str, dict[str, Any]]:
    """Return a command of the moderator that makes something come, go, or go to and fro."""
    state = hall.live.state
    polls, questions = list(state.polls.items) or ["none"], list(state.questions.items) or ["none"]
    current = state.speakers.current.person if state.speakers.current else None
    deeds: list[tuple[str, dict[str, Any]]] = [
        ("hand.raise", {}),
        ("hand.lower", {}),
        ("speaker.next", {"current": current}),
        ("speaker.finish", {}),
        ("question.ask", {"text": f"Question {step}?"}),
        (rng.choice(["question.withdraw", "question.approve", "question.answer"]), {"question": rng.choice(questions)}),
        ("poll.create", {"kind": "single", "prompt": "?", "options": ["x", "y"]}),
        (rng.choice(["poll.open", "poll.close", "poll.drop"]), {"poll": rng.choice(polls)}),
        ("ballot.cast", {"poll": rng.choice(polls), "answer": ["a"]}),
        ("agenda.next", {"current": state.agenda.current}),
        (rng.choice(["announce", "announce.clear"]), {"text": rng.choice(["One", "Two"])}),
        ("note.write", {"kind": "works", "text": f"Note {step}"}),
    ]
    return rng.choice(deeds)


async def until_equal(*halls: Hall) -> None:
    """Return when all workers have folded the same, and sent it."""
    async with asyncio.timeout(10):
        while len({hall.live.state.seq for hall in halls}) > 1:
            await asyncio.sleep(0.001)
    for hall in halls:
        hall.live.delivery.flush()


def cut_off(peer: FakePeer, many: int) -> FakePeer:
    """Return a client that got so many of these frames, and no more."""
    client = FakePeer()
    for frame in peer.frames[:many]:
        client._take(json.loads(json.dumps(frame)))
    return client


@pytest.mark.parametrize("seed", range(3))
async def test_from_any_frame_on_people_come_back_to_what_all_hold(tmp_path: Path, seed: int) -> None:
    rng = random.Random(seed)
    async with two_workers(tmp_path) as halls:
        roles = ("moderator", "rapporteur", "screen")
        members: list[tuple[Member, FakePeer]] = []
        for hall in halls:
            for role in roles:
                member = await hall.member(hall.created.tokens[role])
                members.append((member, hall.attach(member)))
        members.append(await halls[0].join("Ann"))
        moderator = members[0][1]
        for step in range(60):
            do, fields = deed(rng, halls[0], step)
            moderator.say(do, f"k{step}", **fields)
            if rng.random() < 0.5:
                await moderator.outcome(f"k{step}")
            if rng.random() < 0.3:
                rng.choice(halls).live.delivery.flush()
        await moderator.outcome("k59")
        await until_equal(*halls)
        resumed, patched = 0, 0
        for member, peer in members:
            for many in range(1, len(peer.frames) + 1):
                for hall in halls:
                    client = cut_off(peer, many)
                    hall.attach(member, client.at, client)
                    compare(client, hall.live.view(member.person).docs)
                    assert client.at == hall.live._chain.token(hall.live.state.seq)
                    welcome = client.writes[0][0]["welcome"]
                    resumed += welcome["resumed"]
                    patched += welcome["resumed"] and welcome["docs"].keys() <= {"me"} and len(client.writes[0]) > 1
                    assert client.attachment is not None
                    client.attachment.detach()
        assert patched > resumed / 3, (patched, resumed)


async def test_a_return_that_is_cut_off_again_goes_on_from_where_it_was(tmp_path: Path) -> None:
    async with open_hall(tmp_path) as hall:
        member = await hall.member(hall.created.tokens["moderator"])
        moderator = hall.attach(member)
        other = await hall.link("moderator")
        await other.ask("question.ask", "0", text="First?")
        hall.live.delivery.flush()
        assert moderator.attachment is not None
        moderator.attachment.detach()
        held = moderator.at
        await other.ask("agenda.next", "1", current=None)
        await other.ask("note.write", "2", kind="works", text="Trust")
        hall.live.delivery.flush()
        count = len(moderator.frames)
        hall.attach(member, held, moderator)
        welcome, *patches = moderator.frames[count:]
        assert (welcome["welcome"]["at"], welcome["welcome"]["docs"]) == (held, {})
        assert [(frame["doc"], frame["at"]) for frame in patches] == [
            ("stage", ""),
            ("record", hall.live._chain.token(hall.live.state.seq)),
        ]
        for many in range(count + 1, len(moderator.frames) + 1):
            client = cut_off(moderator, many)
            hall.attach(member, client.at, client)
            compare(client, hall.live.view(member.person).docs)
            assert client.writes[0][0]["welcome"]["resumed"] is (client.at != "" and many != count + 2)


async def test_of_several_frames_only_the_last_event_carries_a_position(tmp_path: Path) -> None:
    class Stream(FakePeer):
        def __init__(self) -> None:
            super().__init__()
            self.text = b""

        def send(self, batches: Any) -> None:
            super().send(batches)
            self.text += b"".join(batch.events for batch in batches if isinstance(batch, Batch))

    async with open_hall(tmp_path) as hall:
        member = await hall.member(hall.created.tokens["moderator"])
        stream = Stream()
        hall.attach(member, None, stream)
        await hall.link("rapporteur")
        await stream.ask("note.write", "1", kind="works", text="Trust")
        await stream.ask("agenda.next", "2", current=None)
        await stream.ask("question.ask", "3", text="First?")
        own = [frame["at"] for frame in stream.frames if "~" in frame.get("at", "")]
        assert own
        assert f"id: {own[-1]}\n" in stream.text.decode()
        hall.live.delivery.flush()
        idents = {"": ""}
        for event in stream.text.split(b"\n\n")[:-1]:
            lines = dict(line.partition(": ")[::2] for line in event.decode().split("\n"))
            frame = json.loads(lines["data"])
            if "id" in lines:
                idents[""] = lines["id"]
                assert lines["id"] == (frame.get("welcome") or frame).get("at", "")
        assert idents[""] == hall.live._chain.token(hall.live.state.seq)


async def test_who_fell_behind_and_comes_back_gets_what_was_missed(tmp_path: Path) -> None:
    async with open_hall(tmp_path) as hall:
        moderator = await hall.link("moderator")
        member, ann = await hall.join("Ann")
        await moderator.ask("agenda.next", "1", current=None)
        hall.live.delivery.flush()
        ann.buffered = BEHIND_BYTES + 1
        await moderator.ask("agenda.next", "2", current="q1.1")
        hall.live.delivery.flush()
        assert ann.docs["stage"]["agenda"]["current"] == "q1.1"
        assert ann.attachment is not None
        ann.attachment.detach()
        ann.buffered = 0
        hall.attach(member, ann.at, ann)
        assert [frame.get("doc") for frame in ann.writes[-1]] == [None, "stage"]
        compare(ann, hall.live.view(member.person).docs)


async def test_after_a_restart_nobody_is_told_differences(tmp_path: Path) -> None:
    async with two_workers(tmp_path) as (here, _):
        member, ann = await here.join("Ann")
        moderator = await here.link("moderator")
        await moderator.ask("agenda.next", "1", current=None)
        here.live.delivery.flush()
        held = ann.at
        await moderator.ask("agenda.next", "2", current="q1.1")
        here.live.delivery.flush()
        hub = make_hub(here.live._log, "w3")
        live = await hub.live(here.created.session)
        assert live is not None
        try:
            anew = Hall(hub, live, here.created)
            for seen, resumed in ((held, False), (ann.at, True)):
                client = anew.attach(member, seen, cut_off(ann, len(ann.frames)))
                welcome = client.writes[0][0]["welcome"]
                assert (welcome["resumed"], welcome["docs"] == {}) == (resumed, resumed)
        finally:
            await hub.close()


async def test_outcome_and_own_document_do_not_wait_for_the_hall(tmp_path: Path) -> None:
    async with open_hall(tmp_path, rate=FAST) as hall:
        poll = await open_poll(hall)
        ann, client = await hall.join("Ann")
        live = hall.live
        hold(hall)
        held, shared = client.at, live.state.seq
        client.writes.clear()
        await client.ask("ballot.cast", "b", poll=poll, answer=["a"])
        # One write, and the hall has not heard of it yet.
        [[done, mine]] = client.writes
        assert (done["done"], mine["patch"]) == ("b", {"ballots": {poll: ["a"]}})
        assert mine["seq"] == done["seq"] == live.state.seq == shared + 1
        assert client.at == f"{held}~{live.state.seq}"
        assert client.docs["stage"]["polls"][poll]["turnout"] == 0
        live.delivery.flush()
        assert client.docs["stage"]["polls"][poll]["turnout"] == 1
        assert client.at == live._chain.token(live.state.seq)
        compare(client, live.view(ann.person).docs)


async def test_an_own_document_that_is_ahead_of_this_worker_is_said_anew(tmp_path: Path) -> None:
    async with open_hall(tmp_path, rate=FAST) as hall:
        ann, client = await hall.join("Ann")
        hall.live.delivery.flush()
        here, seq = hall.live._chain.token(hall.live.state.seq), hall.live.state.seq
        for mark, said in (("", set()), (f"~{seq}", set()), (f"~{seq + 1}", {"me"}), ("~", set()), ("~x~1", set())):
            hall.attach(ann, here + mark, client)
            welcome = client.writes[-1][0]["welcome"]
            assert welcome["resumed"]
            assert welcome["docs"].keys() == said


async def test_who_comes_back_between_two_flushes_is_told_where_the_own_document_is(tmp_path: Path) -> None:
    async with open_hall(tmp_path, rate=FAST) as hall:
        poll = await open_poll(hall)
        ann, client = await hall.join("Ann")
        for seen in (True, False):
            hold(hall)
            await client.ask("ballot.cast", f"b{seen}", poll=poll, answer=["a"])
            own = client.frames[-1]["seq"]
            assert own == hall.live.state.seq > hall.live.delivery._flushed
            client = hall.attach(ann, client.at if seen else None, client)
            assert client.writes[-1][0]["welcome"]["seq"] >= own
            assert client.at == hall.live._chain.token(own)
            compare(client, hall.live.view(ann.person).docs)


async def test_frames_that_come_before_the_new_position_say_that_the_own_document_is_ahead(tmp_path: Path) -> None:
    async with open_hall(tmp_path, rate=FAST) as hall:
        _, client = await hall.join("Ann")
        hall.live.delivery.flush()
        held = client.at
        await client.ask("hand.raise", "h")
        await client.ask("person.rename", "r", name="Anna")
        hall.live.delivery.flush()
        frames = [frame for frame in client.frames if frame.get("doc") == "me" and frame["at"] != held]
        assert frames
        for frame in frames:
            position, _, own = frame["at"].partition("~")
            assert own == str(frame["seq"]) or position == hall.live._chain.token(frame["seq"]), frame
