"""A live session: joining in one step, one order for everybody, repeats, roles, slow readers, time and presence."""

from __future__ import annotations

import asyncio
import json
import random
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest

from server.core.patch import same
from server.core.refusals import Refusal
from server.hub import passing, presence
from server.hub.attachment import BEHIND_BYTES, CEILING_BYTES
from server.hub.delivery import MOST_CONNECTIONS
from server.hub.hub import wall_clock
from server.log.feed import Feed
from server.log.port import Draft, EntrySink, Log, LogUnavailable, LostSink, Position, Stored, TellSink, unheeded
from server.log.sqlite import SqliteLog
from server.protocol.limits import Rate
from tests.hub.support import FakePeer, Hall, make_hub, open_hall
from tests.support.world import SETUP, START


async def test_everybody_sees_one_change_and_its_sender_hears_of_it(tmp_path: Path) -> None:
    async with open_hall(tmp_path) as hall:
        moderator = await hall.link("moderator")
        _, ann = await hall.join("Ann", "youth")
        done = await moderator.ask("agenda.next", "1", current=None)
        assert done["seq"] == hall.live.state.seq
        await ann.until(lambda: ann.docs["stage"]["agenda"].get("current") == "q1.1")
        assert set(ann.docs) == {"stage", "me"}
        assert set(moderator.docs) == {"stage", "desk", "record", "me"}


async def test_each_role_gets_its_documents_and_no_other(tmp_path: Path) -> None:
    async with open_hall(tmp_path) as hall:
        rapporteur, screen = await hall.link("rapporteur"), await hall.link("screen")
        assert set(rapporteur.docs) == {"stage", "record", "me"}
        assert set(screen.docs) == {"stage", "me"}
        refusal = await screen.ask("question.ask", "1", text="Why?")
        assert refusal["code"] == "forbidden"
        assert refusal["message"] == "Your role does not allow this."


async def test_a_repeat_gets_the_first_outcome_even_from_another_connection(tmp_path: Path) -> None:
    async with open_hall(tmp_path) as hall:
        member, ann = await hall.join("Ann")
        first = await ann.ask("question.ask", "mine", text="Why?")
        again = hall.attach(member)
        assert await again.ask("question.ask", "mine", text="Why?") == first
        ann.say("question.ask", "twice", text="How?")
        again.say("question.ask", "twice", text="How?")
        assert await ann.outcome("twice") == await again.outcome("twice")
        assert len(hall.live.state.questions.items) == 2


async def test_a_return_brings_only_what_changed(tmp_path: Path) -> None:
    async with open_hall(tmp_path) as hall:
        moderator = await hall.link("moderator")
        member, ann = await hall.join("Ann")
        await moderator.ask("agenda.next", "1", current=None)
        await ann.until(lambda: ann.docs["stage"]["agenda"].get("current") == "q1.1")
        assert ann.attachment is not None
        ann.attachment.detach()
        hall.attach(member, ann.at, ann)
        assert ann.frames[-2]["welcome"]["resumed"] is True
        assert ann.frames[-2]["welcome"]["docs"] == {}
        ann.attachment.detach()
        await moderator.ask("agenda.next", "2", current="q1.1")
        await moderator.until(lambda: moderator.docs["stage"]["agenda"]["current"] == "q1.2")
        hall.attach(member, ann.at, ann)
        welcome, patch = ann.writes[-1]
        assert (welcome["welcome"]["resumed"], welcome["welcome"]["docs"]) == (True, {})
        assert patch["patch"].keys() == {"agenda", "presence", "reactions"}
        assert ann.docs["stage"]["agenda"]["current"] == "q1.2"


@pytest.mark.parametrize("change", ["epoch", "digest", "seq", "junk", ""])
async def test_a_position_of_another_past_gets_whole_documents(tmp_path: Path, change: str) -> None:
    async with open_hall(tmp_path) as hall:
        member, ann = await hall.join("Ann")
        epoch, seq, digest = (ann.at or "").split(".")
        seen = {
            "epoch": f"00000000.{seq}.{digest}",
            "digest": f"{epoch}.{seq}.{'0' * len(digest)}",
            "seq": f"{epoch}.{int(seq) + 1000}.{digest}",
            "junk": "…",
            "": "",
        }[change]
        peer = hall.attach(member, seen)
        assert peer.frames[0]["welcome"]["resumed"] is False
        assert set(peer.docs) == {"stage", "me"}


async def test_a_person_who_is_removed_is_disconnected_and_cannot_come_back(tmp_path: Path) -> None:
    async with open_hall(tmp_path) as hall:
        moderator = await hall.link("moderator")
        member, ann = await hall.join("Ann")
        await moderator.ask("person.remove", "1", person=member.person)
        await ann.until(lambda: ann.closed is not None)
        assert ann.closed == 4001
        assert hall.attach(member).closed == 4001
        ann.say("hand.raise", "late")
        await moderator.ask("announce", "2", text="Barrier")
        assert not any("late" in frame.values() for frame in ann.frames)


async def test_the_oldest_of_too_many_connections_of_one_person_makes_room(tmp_path: Path) -> None:
    async with open_hall(tmp_path) as hall:
        member, ann = await hall.join("Ann")
        others = [hall.attach(member) for _ in range(MOST_CONNECTIONS)]
        assert ann.closed == 4004
        assert [peer.closed for peer in others] == [None] * MOST_CONNECTIONS
        assert (await others[-1].ask("hand.raise", "1"))["done"] == "1"


async def test_a_renewed_link_disconnects_whoever_came_by_the_old_one(tmp_path: Path) -> None:
    async with open_hall(tmp_path) as hall:
        screen = await hall.link("screen")
        token = await hall.live.renew("screen", await hall.member(hall.created.tokens["moderator"]))
        await screen.until(lambda: screen.closed is not None)
        assert screen.closed == 4000
        assert await hall.live.holder(hall.created.tokens["screen"]) is None
        assert (await hall.member(token)).role == "screen"


async def test_a_new_role_brings_its_documents_and_takes_the_others_away(tmp_path: Path) -> None:
    async with open_hall(tmp_path) as hall:
        moderator = await hall.link("moderator")
        member, ann = await hall.join("Ann")
        await moderator.ask("person.role", "1", person=member.person, role="moderator")
        await ann.until(lambda: "desk" in ann.docs)
        assert (await ann.ask("agenda.next", "mine", current=None))["done"] == "mine"
        await moderator.ask("person.role", "2", person=member.person, role="participant")
        await ann.until(lambda: "desk" not in ann.docs)
        assert set(ann.docs) == {"stage", "me"}
        count = len(ann.frames)
        await moderator.ask("note.write", "3", kind="works", text="Secret")
        await moderator.ask("announce", "4", text="Barrier")
        await ann.until(lambda: ann.docs["stage"].get("announcement") is not None)
        assert "Secret" not in json.dumps(ann.frames[count:])


async def test_a_slow_reader_misses_patches_and_gets_whole_documents_when_it_has_caught_up(tmp_path: Path) -> None:
    async with open_hall(tmp_path) as hall:
        moderator = await hall.link("moderator")
        _, ann = await hall.join("Ann")
        ann.buffered = BEHIND_BYTES + 1
        count = len(ann.frames)
        await moderator.ask("agenda.next", "1", current=None)
        await moderator.ask("agenda.next", "2", current="q1.1")
        await moderator.until(lambda: moderator.docs["stage"]["agenda"]["current"] == "q1.2")
        assert ann.frames[count:] == []
        ann.buffered = 0
        hall.live.delivery.care()
        assert [(frame["doc"], "full" in frame) for frame in ann.frames[count:]] == [("stage", True)]
        assert ann.docs["stage"]["agenda"]["current"] == "q1.2"


async def test_a_reader_with_too_much_waiting_is_dropped_and_the_others_go_on(tmp_path: Path) -> None:
    async with open_hall(tmp_path) as hall:
        moderator = await hall.link("moderator")
        _, ann = await hall.join("Ann")
        _, bo = await hall.join("Bo")
        ann.buffered = CEILING_BYTES + 1
        await moderator.ask("agenda.next", "1", current=None)
        await bo.until(lambda: bo.docs["stage"]["agenda"].get("current") == "q1.1")
        assert (ann.aborted, bo.aborted) == (True, False)


async def test_a_flood_hears_slow_and_is_then_cut(tmp_path: Path) -> None:
    async with open_hall(tmp_path, rate=Rate(per_second=0.001, burst=2, patience=3)) as hall:
        _, ann = await hall.join("Ann")
        for number in range(2):
            await ann.ask("question.ask", f"ok-{number}", text="Why?")
        assert (await ann.ask("question.ask", "fast", text="Why?"))["code"] == "slow"
        for number in range(3):
            ann.say("question.ask", f"flood-{number}", text="Why?")
        assert ann.closed == 4101


async def test_what_cannot_be_read_is_refused_and_loses_nothing(tmp_path: Path) -> None:
    async with open_hall(tmp_path) as hall:
        _, ann = await hall.join("Ann")
        assert ann.attachment is not None
        for data, code in (
            (b"{", "malformed"),
            (b'{"do":"hand.raise"}', "invalid"),
            (b'{"id":"1","do":"fly"}', "command.unknown"),
            (b'{"id":"2","do":"question.ask","text":""}', "invalid"),
            (b'{"id":"3","do":"react","kind":"shout"}', "invalid"),
        ):
            ann.attachment.receive(data)
            assert ann.frames[-1]["code"] == code
        ann.attachment.receive(b'{"ping":7}')
        assert ann.frames[-1]["pong"] == 7
        assert (await ann.ask("hand.raise", "4"))["done"] == "4"


async def test_time_that_is_up_brings_the_next_question_by_itself(tmp_path: Path) -> None:
    now = START

    def clock() -> int:
        return now

    async with open_hall(tmp_path, clock=clock) as hall:
        moderator = await hall.link("moderator")
        await moderator.ask("agenda.auto", "1", on=True)
        await moderator.ask("agenda.next", "2", current=None)
        await moderator.ask("clock.extend", "3", seconds=-599)
        now += 1_000
        await moderator.until(lambda: moderator.docs["stage"]["agenda"]["current"] == "q1.2")


async def test_a_log_whose_clock_is_behind_gets_no_storm_of_ticks(tmp_path: Path) -> None:
    def behind(_: Log) -> Log:
        return SqliteLog(tmp_path, clock=lambda: wall_clock() - 400)

    async with open_hall(tmp_path, wrap=behind) as hall:
        moderator = await hall.link("moderator")
        await moderator.ask("agenda.auto", "1", on=True)
        await moderator.ask("clock.start", "2", seconds=1)
        await moderator.until(lambda: moderator.docs["stage"]["agenda"].get("current") == "q1.1")
        # The session, two commands, one tick too early by the log's clock, and the one that counted.
        assert hall.live.state.seq <= 5


async def test_who_found_a_session_that_was_just_let_go_is_told_to_come_back(tmp_path: Path) -> None:
    async with open_hall(tmp_path) as hall:
        member = await hall.member(hall.created.tokens["moderator"])
        await hall.hub._let_go(hall.live)
        assert hall.attach(member).closed == 1012
        assert (await hall.live.command(member.person, b'{"do":"session.open"}')).code == "busy"
        with pytest.raises(Refusal, match="busy"):
            await hall.live.join("Ann", None, "en")
        fresh = await hall.hub.live(hall.created.session)
        assert fresh is not None
        # The old copy is let go once more, as happens when two notice the loss of a log; the fresh one stays.
        await hall.hub._let_go(hall.live)
        assert await hall.hub.live(hall.created.session) is fresh


async def test_a_session_that_cannot_be_loaded_leaves_nothing_running(tmp_path: Path) -> None:
    class Mute(SqliteLog):
        mute = False

        async def read(self, session: str, after: int = 0, limit: int = 10_000) -> list[Stored]:
            if self.mute:
                raise LogUnavailable("mute")
            return await super().read(session, after, limit)

    log = Mute(tmp_path)
    async with open_hall(tmp_path, wrap=lambda _: log) as hall:
        await hall.hub._let_go(hall.live)
        log.mute = True
        with pytest.raises(LogUnavailable):
            await hall.hub.live(hall.created.session)
        assert [task.get_name() for task in asyncio.all_tasks() if task.get_name().startswith("append")] == []


async def test_a_worker_that_falls_silent_is_counted_no_longer_though_nothing_else_happens(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(presence, "SILENCE", 1.0)
    monkeypatch.setattr(passing, "PAUSE", 0.05)
    monkeypatch.setattr(passing, "LINGER", 0.1)
    async with open_hall(tmp_path) as hall:
        screen = await hall.link("screen")
        elsewhere = presence.Presence("w2")
        elsewhere.enter((await hall.live.join("Bo", "youth", "en")).person)
        hall.live.delivery.passing.hear(elsewhere.report())
        await screen.until(lambda: screen.docs["stage"]["presence"]["online"] == 1)
        await screen.until(lambda: screen.docs["stage"]["presence"]["online"] == 0)


async def test_the_last_one_who_leaves_a_worker_is_told_to_the_others(tmp_path: Path) -> None:
    class Told(SqliteLog):
        messages: list[dict[str, Any]]

        async def tell(self, session: str, message: bytes) -> None:
            self.messages.append(json.loads(message))

    log = Told(tmp_path)
    log.messages = []
    async with open_hall(tmp_path, wrap=lambda _: log) as hall:
        member, ann = await hall.join("Ann", "youth")
        await hall.live.tell_presence()
        assert ann.attachment is not None
        ann.attachment.detach()
        for _ in range(3):
            await hall.live.tell_presence()
        assert [message["people"] for message in log.messages] == [[member.person], []]
        member, bo = await hall.join("Bo")
        await hall.live.tell_presence()
        assert bo.attachment is not None
        bo.attachment.detach()
    assert [message["people"] for message in log.messages[2:]] == [[member.person], []]


async def test_presence_counts_people_by_group_once_and_role_links_never(tmp_path: Path) -> None:
    async with open_hall(tmp_path) as hall:
        await hall.link("moderator")
        screen = await hall.link("screen")
        member, ann = await hall.join("Ann", "youth")
        hall.attach(member)
        await hall.join("Bo")
        await screen.until(lambda: screen.docs["stage"]["presence"]["online"] == 2)
        assert screen.docs["stage"]["presence"]["groups"] == {"diaspora": 0, "youth": 1, "none": 1}
        ann.say("react", "r", kind="heart")
        await screen.until(lambda: screen.docs["stage"]["reactions"]["heart"] == 1)
        assert (await ann.outcome("r"))["done"] == "r"


async def test_a_return_gets_the_counts_that_were_last_sent_because_the_next_patch_builds_on_them(
    tmp_path: Path,
) -> None:
    async with open_hall(tmp_path) as hall:
        screen = await hall.link("screen")
        member, ann = await hall.join("Ann")
        await ann.until(lambda: ann.docs["stage"]["presence"]["online"] == 1)
        bo_member, bo = await hall.join("Bo")
        assert ann.attachment is not None
        assert bo.attachment is not None
        ann.attachment.detach()
        hall.attach(member, ann.at, ann)
        bo.attachment.detach()
        # A moment ago two were here; what was last sent says one, and so does what comes next.
        assert ann.docs["stage"]["presence"]["online"] == screen.docs["stage"]["presence"]["online"] == 1
        hall.attach(bo_member)
        await ann.until(lambda: ann.docs["stage"]["presence"]["online"] == 2)


class Flaky:
    """A log whose appends fail, or succeed and say that they failed, as a cut connection does."""

    def __init__(self, log: Log) -> None:
        self._log = log
        self.fail_before = 0
        self.fail_after = 0

    def __getattr__(self, name: str) -> Any:
        return getattr(self._log, name)

    async def append(self, session: str, drafts: Sequence[Draft]) -> list[Position]:
        if self.fail_before:
            self.fail_before -= 1
            raise LogUnavailable("not reached")
        positions = await self._log.append(session, drafts)
        if self.fail_after:
            self.fail_after -= 1
            raise LogUnavailable("reply lost")
        return positions


async def test_an_append_of_unknown_outcome_is_sent_again_and_counts_once(tmp_path: Path) -> None:
    flaky: list[Flaky] = []

    def wrap(log: Log) -> Log:
        flaky.append(Flaky(log))
        return flaky[0]

    async with open_hall(tmp_path, wrap=wrap) as hall:
        _, ann = await hall.join("Ann")
        flaky[0].fail_after = 2
        first = await ann.ask("question.ask", "1", text="Why?")
        flaky[0].fail_before = 2
        second = await ann.ask("question.ask", "2", text="How?")
        assert flaky[0].fail_after == flaky[0].fail_before == 0
        assert len(hall.live.state.questions.items) == 2
        assert second["seq"] > first["seq"]


async def test_when_the_log_lost_what_was_folded_people_come_back_to_what_it_has_now(tmp_path: Path) -> None:
    class Losing(SqliteLog):
        losses: list[LostSink]

        async def subscribe(
            self, session: str, after: int, entries: EntrySink, tells: TellSink, lost: LostSink = unheeded
        ) -> Feed:
            self.losses.append(lost)
            return await super().subscribe(session, after, entries, tells, lost)

    log = Losing(tmp_path)
    log.losses = []
    async with open_hall(tmp_path, wrap=lambda _: log) as hall:
        screen = await hall.link("screen")
        log.losses[0]()
        assert screen.closed == 1012
        fresh = await hall.hub.live(hall.created.session)
        assert fresh is not None
        assert fresh is not hall.live
        assert fresh.state.seq == hall.live.state.seq


async def test_a_defect_of_the_log_costs_one_command_and_not_the_session(tmp_path: Path) -> None:
    class Defective(SqliteLog):
        defective = False

        async def append(self, session: str, drafts: Sequence[Draft]) -> list[Position]:
            if self.defective:
                self.defective = False
                raise RuntimeError("a defect")
            return await super().append(session, drafts)

    log = Defective(tmp_path)
    async with open_hall(tmp_path, wrap=lambda _: log) as hall:
        moderator = await hall.link("moderator")
        log.defective = True
        assert (await moderator.ask("session.open", "1"))["code"] == "busy"
        assert (await moderator.ask("session.open", "2"))["done"] == "2"


async def test_a_session_is_the_same_after_a_restart(tmp_path: Path) -> None:
    async with open_hall(tmp_path) as hall:
        moderator = await hall.link("moderator")
        member, ann = await hall.join("Ann", "youth")
        await moderator.ask("agenda.next", "1", current=None)
        await ann.ask("question.ask", "2", text="Why?")
        before = hall.live.view(member.person)
        session, code = hall.created.session, hall.created.code
    log = SqliteLog(tmp_path, clock=wall_clock)
    await log.open()
    hub = make_hub(log, "w2")
    await hub.start()
    assert await hub.find(f" {code[:3].lower()}-{code[3:].lower()} ") == session
    live = await hub.live(session)
    assert live is not None
    after = live.view(member.person)
    assert (after.at, after.docs["me"]) == (before.at, before.docs["me"])
    assert after.docs["stage"]["agenda"] == before.docs["stage"]["agenda"]
    assert await hub.live("0123456789ab") is None
    assert await hub.live("../etc") is None
    await hub.close()
    await log.close()


def compare(peer: FakePeer, documents: dict[str, Any]) -> None:
    assert set(peer.docs) == set(documents)
    for name, document in documents.items():
        counts = {"presence": None, "reactions": None}
        assert same({**peer.docs[name], **counts}, json.loads(json.dumps({**document, **counts}))), name


@pytest.mark.parametrize("seed", range(6))
async def test_random_clients_with_drops_and_returns_converge(tmp_path: Path, seed: int) -> None:
    """Clients send, drop, come back with the position they held, stall and recover; in the end all hold what the server holds."""
    rng = random.Random(seed)
    async with open_hall(tmp_path, rate=Rate(per_second=1e6, burst=10**6)) as hall:
        await _steer(hall, await hall.link("moderator"))
        people = [await hall.join(f"P{number}", rng.choice(["youth", None])) for number in range(8)]
        moderator = await hall.member(hall.created.tokens["moderator"])
        people += [(moderator, hall.attach(moderator)) for _ in range(2)]
        connected = set(range(len(people)))
        for step in range(150):
            number = rng.randrange(len(people))
            member, peer = people[number]
            deed = rng.random()
            if number in connected and deed < 0.1:
                assert peer.attachment is not None
                peer.attachment.detach()
                connected.discard(number)
            elif number not in connected:
                hall.attach(member, peer.at if deed < 0.8 else None, peer)
                connected.add(number)
            elif deed < 0.2:
                peer.buffered = rng.choice([0, BEHIND_BYTES + 1])
                hall.live.delivery.care()
            else:
                do, fields = _deed(rng, hall, step)
                peer.say(do, f"k{step}", **fields)
            if rng.random() < 0.4:
                await asyncio.sleep(0)
        for number, (member, peer) in enumerate(people):
            peer.buffered = 0
            if number not in connected:
                hall.attach(member, peer.at, peer)
        hall.live.delivery.care()
        barrier = people[-1][1]
        await barrier.ask("announce", "barrier", text="Barrier")
        hall.live.delivery.flush()
        for member, peer in people:
            compare(peer, hall.live.view(member.person).docs)


async def _steer(hall: Hall, moderator: FakePeer) -> None:
    await moderator.ask("questions.settings", "s1", moderated=False)
    poll = (await moderator.ask("poll.create", "s2", kind="single", prompt="?", options=["x", "y"]))["made"]
    await moderator.ask("poll.open", "s3", poll=poll)


def _deed(rng: random.Random, hall: Hall, step: int) -> tuple[str, dict[str, Any]]:
    state = hall.live.state
    poll = next(iter(state.polls.items))
    questions = list(state.questions.items) or ["none"]
    choices: list[Callable[[], tuple[str, dict[str, Any]]]] = [
        lambda: ("ballot.cast", {"poll": poll, "answer": [rng.choice("ab")]}),
        lambda: ("ballot.withdraw", {"poll": poll}),
        lambda: ("hand.raise", {}),
        lambda: ("hand.lower", {}),
        lambda: ("question.ask", {"text": f"Question {step}?"}),
        lambda: ("question.vote", {"question": rng.choice(questions), "on": rng.random() < 0.6}),
        lambda: ("agenda.next", {"current": state.agenda.current}),
        lambda: ("speaker.next", {"current": state.speakers.current.person if state.speakers.current else None}),
        lambda: ("note.write", {"kind": "works", "text": f"Note {step}"}),
    ]
    return rng.choice(choices)()


async def test_many_who_join_while_others_vote_all_hold_the_same(tmp_path: Path) -> None:
    async with open_hall(tmp_path, rate=Rate(per_second=1e6, burst=10**6)) as hall:
        await _steer(hall, await hall.link("moderator"))
        poll = next(iter(hall.live.state.polls.items))
        people = []
        for number in range(60):
            member, peer = await hall.join(f"P{number}")
            peer.say("ballot.cast", f"v{number}", poll=poll, answer=["a"])
            people.append((member, peer))
        for number, (_, peer) in enumerate(people):
            assert (await peer.outcome(f"v{number}"))["done"]
        hall.live.delivery.flush()
        for member, peer in people:
            compare(peer, hall.live.view(member.person).docs)
        assert people[0][1].docs["stage"]["polls"][poll]["turnout"] == 60


async def test_settings_of_the_sample_session_reach_the_stage(tmp_path: Path) -> None:
    async with open_hall(tmp_path) as hall:
        _, ann = await hall.join("Ann")
        session = ann.docs["stage"]["session"]
        assert session["title"] == SETUP.title
        assert session["code"] == hall.created.code
