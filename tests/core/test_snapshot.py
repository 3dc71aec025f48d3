"""Snapshots: law three over the golden log, and what is no snapshot of this version is none."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.core import snapshot
from server.core.base import Touched
from server.core.fold import fold
from server.core.snapshot import freeze, sources, thaw
from server.core.state import State
from tests.core import golden
from tests.support.world import World

LOG = golden.entries((golden.FOLDER / f"{golden.VERSION}.jsonl").read_text("utf-8"))


def replay(start: int = 0, state: State | None = None) -> State:
    """Fold the golden log from an entry on."""
    state = state or State()
    for entry in LOG[start:]:
        fold(state, entry, Touched())
    return state


def test_frozen_at_any_entry_the_rest_leads_to_what_the_whole_log_leads_to() -> None:
    whole = replay()
    documents = msgspec.json.encode(golden.documents(whole))
    state = State()
    for number, entry in enumerate(LOG, 1):
        fold(state, entry, Touched())
        thawed = thaw(freeze(state))
        assert thawed == state, number
        # From where most was shared between slices of the state, all the way; law one of every world thaws before every entry.
        if number % 10 == 1:
            again = replay(number, thawed)
            assert again == whole, number
            assert msgspec.json.encode(golden.documents(again)) == documents, number


def test_what_another_version_froze_is_not_thawed(monkeypatch: pytest.MonkeyPatch) -> None:
    frozen = freeze(World(check=False).state)
    assert thaw(frozen) is not None
    monkeypatch.setattr(snapshot, "version", lambda: b"another version.")
    assert thaw(frozen) is None


def test_the_version_is_that_of_all_modules_which_the_fold_uses() -> None:
    modules = dict(sources(files("server.core")))
    assert {"fold.py", "polls.py", "breakouts/seats.py", "seating/measure.py"} <= modules.keys()
    assert modules["fold.py"] == (Path(snapshot.__file__).parent / "fold.py").read_bytes()


def test_the_version_changes_with_any_module(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(snapshot, "sources", lambda folder: [("a.py", b"x = 1"), ("b.py", b"")])
    one = snapshot.version.__wrapped__()
    assert len(one) == 16
    monkeypatch.setattr(snapshot, "sources", lambda folder: [("a.py", b"x = 2"), ("b.py", b"")])
    assert snapshot.version.__wrapped__() != one
    monkeypatch.setattr(snapshot, "sources", lambda folder: [("b.py", b""), ("a.py", b"x = 1")])
    assert snapshot.version.__wrapped__() == one


FROZEN = freeze(replay())


@given(st.binary(max_size=40), st.integers(0, len(FROZEN)), st.integers(0, 8))
def test_no_bytes_make_thawing_raise(noise: bytes, place: int, less: int) -> None:
    for damaged in (noise, FROZEN[:19] + noise, FROZEN[:place], FROZEN[:place] + noise + FROZEN[place + less :]):
        found = thaw(damaged)
        assert found is None or isinstance(found, State)
    assert thaw(FROZEN[: min(place, len(FROZEN) - 1)]) is None
