"""The shelf: whoever comes back with a position gets to what was last sent, or the whole document."""

from __future__ import annotations

import json
import random
from collections.abc import Callable
from typing import Any

import pytest

from server.core import breakouts, views
from server.core.patch import Trace, apply, same
from server.core.state import Outcome
from server.hub import history
from server.hub.history import History
from server.hub.shelf import Shelf
from server.hub.shelved import Shelved
from tests.support.world import World

NAMES = (views.STAGE, views.DESK, views.RECORD)
LONG = 40
"""How many entries people are away at most."""


def plain(document: dict[str, Any]) -> dict[str, Any]:
    """Return a document as a client holds it, without counts that are outside the log."""
    copy: dict[str, Any] = json.loads(json.dumps(document))
    copy.pop("counts", None)
    return copy


class Watched(World):
    """A session of which every document is known as it was after each of the last entries."""

    def __init__(self) -> None:
        self.versions: dict[str, dict[int, dict[str, Any]]] = {}
        self.workers: list[Worker] = []
        super().__init__(check=False)

    def entry(self, by: str, key: str, body: bytes) -> Outcome:
        outcome = super().entry(by, key, body)
        for worker in self.workers:
            worker.shelf.touch(self.touched)
        for name in (*NAMES, *map(breakouts.document, self.state.breakouts.rooms)):
            versions = self.versions.setdefault(name, {})
            versions[self.state.seq] = self.doc(name)
            versions.pop(self.state.seq - LONG, None)
        return outcome


class Worker:
    """One worker's shelf: what it sent at which of its flushes, and who reads what."""

    def __init__(self, world: Watched) -> None:
        self.world = world
        world.workers.append(self)
        self.shelf = Shelf(world.state.seq)
        self.read: set[str] = set()
        self.sent: dict[str, dict[int, dict[str, Any]]] = {}
        self.renewed = 0

    def reads(self, name: str) -> Shelved:
        shelved = self.shelf.get(name, self.world.state, lambda: {"counts": {"online": self.world.state.seq}})
        self.read.add(name)
        self.sent.setdefault(name, {})[self.world.state.seq] = plain(shelved.document)
        return shelved

    def put_back(self, name: str) -> None:
        self.read.discard(name)
        self.shelf.put_back(name)

    def flush(self) -> None:
        self.shelf.flush(self.world.state)
        for name in self.read:
            self.reads(name)

    def check(self, name: str) -> None:
        """Whoever holds a document of any position, or one that was sent here since, holds the right one with the patch."""
        shelved, versions = self.reads(name), self.world.versions[name]
        now = plain(shelved.document)
        assert same(now, versions[self.world.state.seq])
        for seq in versions:
            encoded = shelved.renewal(seq)
            if encoded is None:
                continue
            patch = json.loads(encoded or b"{}")
            assert len(encoded) < len(shelved.encoded)
            if name == views.STAGE:
                assert patch.pop("counts") == shelved.document["counts"]
            self.renewed += bool(patch)
            # Whoever was cut off between two frames of a write, or names an older position than the one held, is ahead of it.
            later = [document for at, document in self.sent[name].items() if at > seq][:2]
            for held in (versions[seq], *later):
                assert same(apply(held, patch), now), (name, seq, patch)


def deed(world: World, rng: random.Random, people: list[str]) -> None:
    """Let somebody do something that comes, goes, or goes to and fro."""
    state, moderator, person = world.state, world.moderator, rng.choice(people)
    polls, questions, plans = list(state.polls.items), list(state.questions.items), list(state.breakouts.plans)
    current = state.speakers.current.person if state.speakers.current else None
    note = rng.choice([*state.notes.items, "none"])
    deeds: list[Callable[[], object]] = [
        lambda: world.do(person, "hand.raise"),
        lambda: world.do(person, "hand.lower"),
        lambda: world.do(moderator, "speaker.next", current=current),
        lambda: world.do(moderator, "speaker.finish"),
        lambda: world.do(moderator, "speaker.return"),
        lambda: world.do(person, "question.ask", text="Why?"),
        lambda: world.do(person, "question.vote", question=rng.choice([*questions, "none"]), on=rng.random() < 0.5),
        lambda: world.do(moderator, "question.approve", question=rng.choice([*questions, "none"])),
        lambda: world.do(person, "question.withdraw", question=rng.choice([*questions, "none"])),
        lambda: world.do(moderator, "poll.create", kind="single", prompt="?", options=["x", "y"]),
        lambda: world.do(moderator, rng.choice(["poll.open", "poll.close", "poll.publish", "poll.hide", "poll.drop"]),
                         poll=rng.choice([*polls, "none"])),
        lambda: world.do(person, "ballot.cast", poll=rng.choice([*polls, "none"]), answer=[rng.choice("ab")]),
        lambda: world.do(person, "ballot.withdraw", poll=rng.choice([*polls, "none"])),
        lambda: world.do(moderator, rng.choice(["agenda.next", "agenda.back"]), current=state.agenda.current),
        lambda: world.do(moderator, rng.choice(["announce", "announce.clear"]), text=rng.choice(["One", "Two"])),
        lambda: world.do(world.rapporteur, "note.write", kind="works", text="Trust"),
        lambda: world.do(world.rapporteur, "note.drop", note=note),
        lambda: world.rooms(assign="random", rooms=2, rounds=2) if len(plans) < 3 else None,
        lambda: world.do(moderator, rng.choice(["rooms.open", "rooms.rotate"])),
        lambda: world.do(moderator, "rooms.close", grace=0),
        lambda: world.do(moderator, "rooms.drop", plan=rng.choice([*plans, "none"])),
        lambda: world.do(person, "note.write", room=state.breakouts.room_of(person), kind="works", text="In a room"),
    ]  # fmt: skip
    rng.choice(deeds)()


@pytest.mark.parametrize(("seed", "most"), [(1, 64_000), (2, 64_000), (3, 64_000), (4, 1_500)])
def test_any_position_leads_to_what_was_last_sent(seed: int, most: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Two workers flush at different moments; documents are left by their readers and taken up again."""
    monkeypatch.setattr(history, "MOST_BYTES", most)
    rng = random.Random(seed)
    world = Watched()
    people = [world.join(f"P{number}", rng.choice(["youth", None])) for number in range(5)]
    world.done(world.moderator, "questions.settings", moderated=False)
    workers = [Worker(world), Worker(world)]
    for worker in workers:
        for name in NAMES:
            worker.reads(name)
    for _ in range(120):
        deed(world, rng, people)
        for worker, often in zip(workers, (0.6, 0.2), strict=True):
            if rng.random() < 0.15:
                worker.put_back(rng.choice([*worker.read, "none"]))
            if rng.random() < often:
                worker.flush()
                for name in rng.sample(list(world.versions), 2):
                    worker.check(name)
    assert all(worker.renewed for worker in workers)


def test_a_value_that_was_gone_again_may_be_held_by_who_was_elsewhere() -> None:
    world = Watched()
    worker = Worker(world)
    shelved = worker.reads(views.STAGE)
    first = world.state.seq
    for text in ("One", None):
        world.done(world.moderator, "announce" if text else "announce.clear", **({"text": text} if text else {}))
    assert worker.shelf.flush(world.state) == {}
    # Nothing was sent here. Another worker may have sent the announcement, and never more.
    assert shelved.renewal(first) is not None
    assert shelved.renewal(first + 1) is None
    assert shelved.renewal(first + 2) is not None


def test_a_document_that_was_not_touched_is_known_also_within_a_step() -> None:
    world = Watched()
    worker = Worker(world)
    record = worker.reads(views.RECORD)
    ann = world.join("Ann")
    middle = world.state.seq
    world.done(ann, "hand.raise")
    worker.flush()
    assert record.renewal(middle) == b""


def test_who_left_alone_comes_back_to_what_is_new() -> None:
    world = Watched()
    worker = Worker(world)
    worker.reads(views.DESK)
    left = world.state.seq
    worker.put_back(views.DESK)
    for name in ("Ann", "Bo"):
        world.join(name)
        assert worker.shelf.flush(world.state) == {}
        assert not worker.shelf.holds((views.DESK,))
    desk = worker.reads(views.DESK)
    assert desk.document == views.shared(world.state, views.DESK)
    patch = json.loads(desk.renewal(left) or b"{}")
    assert len(patch["people"]) == 2
    assert desk.renewal(left + 1) is None


def test_a_patch_is_made_once_for_all_who_held_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[int] = []
    traces = History.traces

    def count(kept: History, many: int) -> list[Trace]:
        asked.append(many)
        return traces(kept, many)

    monkeypatch.setattr(History, "traces", count)
    world = Watched()
    worker = Worker(world)
    stage = worker.reads(views.STAGE)
    first = world.state.seq
    for expected in ([1], [1, 2]):
        world.done(world.moderator, "announce", text=f"Look {expected}")
        worker.flush()
        assert stage.renewal(first) is stage.renewal(first)
        assert asked == expected


def test_a_whole_document_is_sent_where_the_patch_is_no_shorter() -> None:
    shelved = Shelved({"items": {f"k{number}": {"text": "Why?"} for number in range(20)}}, 1)
    shelved.replace("items", {})
    shelved.looked_at(1, 2)
    assert shelved.renewal(1) is None
    shelved.replace("items", {"k1": {"text": "Why not? " * 100}})
    shelved.looked_at(2, 3)
    assert shelved.renewal(2) is None
    shelved.replace_items(("items",), {"k2": {"text": "So"}})
    shelved.looked_at(3, 4)
    assert json.loads(shelved.renewal(3) or b"") == {"items": {"k2": {"text": "So"}}}


def test_old_steps_are_dropped_and_what_was_before_them_is_not_known(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(history, "MOST_BYTES", 300)
    kept = History(0)
    for seq in range(1, 21):
        kept.add(seq - 1, seq, [{f"k{seq}": None}])
    known = [seq for seq in range(21) if kept.later(seq) is not None]
    assert known == list(range(known[0], 21))
    assert 0 < known[0] < 20
    assert kept.later(18) == 2
    assert kept.traces(2) == [{"k20": None}, {"k19": None}]
