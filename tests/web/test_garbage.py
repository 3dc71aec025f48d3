"""The collector's policy: what it walks through, when it looks at everything, and that it is given back as it was."""

from __future__ import annotations

import gc
from collections.abc import Iterator

import pytest

from server.web import garbage
from server.web.garbage import Garbage


class Clocks:
    """A clock and a processor that stand where the test puts them."""

    def __init__(self) -> None:
        self.now = 0.0
        self.used = 0.0


@pytest.fixture
def clocks() -> Clocks:
    return Clocks()


@pytest.fixture
def kept(clocks: Clocks) -> Iterator[Garbage]:
    """The policy in force."""
    policy = Garbage(lambda: clocks.now, lambda: clocks.used)
    policy.start()
    yield policy
    policy.stop()


class Knot:
    """Refers to itself, so that only the collector frees it."""

    def __init__(self) -> None:
        self.itself = self


def knots() -> int:
    """How many there are."""
    return sum(type(thing) is Knot for thing in gc.get_objects())


def test_what_a_collection_leaves_is_not_walked_through_again(kept: Garbage) -> None:
    made = [[number] for number in range(3 * garbage.NEW)]
    assert kept.collections >= 2
    assert kept.full == 0
    assert len(gc.get_objects()) < 2 * garbage.NEW < len(made), "only what is not frozen is listed"


def test_new_cycles_are_collected(kept: Garbage) -> None:
    before = kept.collections
    for _ in range(10):
        Knot()
    made = [[number] for number in range(2 * garbage.NEW)]
    assert kept.collections > before
    gc.unfreeze()
    assert made
    assert knots() == 0


def test_a_frozen_cycle_is_collected_when_nobody_is_connected(
    kept: Garbage, clocks: Clocks, monkeypatch: pytest.MonkeyPatch
) -> None:
    tied = [Knot() for _ in range(garbage.NEW)]
    gc.freeze()
    del tied
    monkeypatch.setattr(garbage, "GROWN_BLOCKS", garbage.NEW)
    clocks.now = 1.0
    kept.look(connected=1)
    assert kept.full == 0, "while somebody is connected they may lie there"
    clocks.now = 2.0
    kept.look(connected=0)
    assert kept.full == 1
    gc.unfreeze()
    assert knots() == 0


def test_nothing_is_done_twice(kept: Garbage, clocks: Clocks) -> None:
    for clocks.now in (1.0, 2.0, 3.0):
        kept.look(connected=0)
    assert kept.full == 0


def test_a_busy_worker_waits_and_a_leaking_one_collects_in_a_quiet_moment(
    kept: Garbage, clocks: Clocks, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(garbage, "LEAKING_BLOCKS", garbage.NEW)
    tied = [Knot() for _ in range(garbage.NEW)]
    clocks.now, clocks.used = 1.0, 0.5
    kept.look(connected=1)
    assert kept.full == 0, "half of a processor was used"
    clocks.now, clocks.used = 2.0, 0.55
    kept.look(connected=1)
    assert kept.full == 1
    assert tied


def test_the_collector_is_given_back_as_it_was() -> None:
    threshold, callbacks = gc.get_threshold(), list(gc.callbacks)
    policy = Garbage()
    policy.start()
    assert gc.get_threshold() != threshold
    policy.stop()
    assert gc.get_threshold() == threshold
    assert gc.callbacks == callbacks
    assert gc.get_freeze_count() == 0
