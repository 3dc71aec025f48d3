"""Merge patches are applied as RFC 7396 says, and clients share the work without sharing mistakes."""

from __future__ import annotations

import copy
import json
from pathlib import Path
from typing import Any

import msgspec
import pytest

from server.rehearsal.patch import KEPT_DOCUMENTS, SharedDocuments, merge, whole

SAMPLES = json.loads((Path(__file__).parents[1] / "samples" / "patches.json").read_text())


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda sample: sample["why"])
def test_a_patch_gives_the_new_document_and_leaves_the_old_one(sample: dict[str, Any]) -> None:
    before = copy.deepcopy(sample["old"])
    assert merge(sample["old"], sample["patch"]) == sample["new"]
    assert sample["old"] == before


def test_a_whole_document_has_no_null_members_like_a_patched_one() -> None:
    assert whole(b'{"a":null,"b":{"c":null,"d":[null,{"e":null}]}}') == {"b": {"d": [None, {"e": None}]}}


def test_clients_that_hold_the_same_document_get_the_same_new_one() -> None:
    shared = SharedDocuments()
    old, patch = {"a": 1}, {"b": 2}
    assert shared.merge("stage", 2, old, patch) is shared.merge("stage", 2, old, patch)


def test_a_client_that_holds_something_else_gets_something_else() -> None:
    shared = SharedDocuments()
    patch = {"b": 2}
    assert shared.merge("stage", 2, {"a": 1}, patch) == {"a": 1, "b": 2}
    assert shared.merge("stage", 2, {"a": 9}, patch) == {"a": 9, "b": 2}


def test_a_whole_document_that_equals_the_patched_one_of_others_becomes_theirs() -> None:
    shared = SharedDocuments()
    patched = shared.merge("stage", 5, {"a": 1}, {"b": 2})
    whole = shared.decode("stage", 5, msgspec.json.encode({"a": 1, "b": 2}))
    assert whole is patched


def test_equal_documents_under_other_names_or_positions_are_not_mixed() -> None:
    shared = SharedDocuments()
    stage = shared.merge("stage", 5, {"a": 1}, {"b": 2})
    assert shared.merge("stage", 6, {"a": 1}, {"b": 3}) != stage
    assert shared.decode("stage", 5, b'{"a":1,"b":4}') == {"a": 1, "b": 4}


def test_what_is_forgotten_is_worked_out_again() -> None:
    shared = SharedDocuments()
    for number in range(KEPT_DOCUMENTS * 3):
        assert shared.decode("stage", number, b'{"n":%d}' % number) == {"n": number}
    assert shared.decode("stage", 0, b'{"n":0}') == {"n": 0}
