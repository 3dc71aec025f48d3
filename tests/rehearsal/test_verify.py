"""The judge finds what differs, and counts the ballots that were promised."""

from __future__ import annotations

from typing import Any

import pytest

from server.rehearsal.client import Sent, Settled
from server.rehearsal.ledger import Ledger
from server.rehearsal.verify import count_ballots, difference


@pytest.mark.parametrize(
    ("mine", "theirs", "where"),
    [
        ({"a": {"b": 1}}, {"a": {"b": 1}}, None),
        ({"a": {"b": 1}}, {"a": {"b": 2}}, "a.b: 1 here, 2 there"),
        ({"a": {}}, {"a": {"b": 2}}, "a.b is only at the server"),
        ({"a": {"c": 1}}, {"a": {}}, "a.c is only here"),
        ({"a": True}, {"a": 1}, "a: true here, 1 there"),
        ({"a": [1, 2]}, {"a": [2, 1]}, "a: [1,2] here, [2,1] there"),
    ],
)
def test_the_first_difference_is_named(mine: Any, theirs: Any, where: str | None) -> None:
    assert difference(mine, theirs) == where


def settle(ledger: Ledger, person: str, do: str, seq: int, *, code: str | None = None, **fields: Any) -> None:
    sent = Sent("1", do, fields, b"", 1.0)
    ledger.settle(person, Settled(sent, 1.5, 0 if code else seq, code=code))


@pytest.fixture
def ledger() -> Ledger:
    """Ann changed her ballot, Ben's came too late, Cem took his back, Dan voted once."""
    made = Ledger()
    settle(made, "ann", "ballot.cast", 5, poll="v", answer=["a"])
    settle(made, "cem", "ballot.cast", 6, poll="v", answer=["a"])
    settle(made, "ann", "ballot.cast", 7, poll="v", answer=["b", "c"])
    settle(made, "cem", "ballot.withdraw", 8, poll="v")
    settle(made, "dan", "ballot.cast", 9, poll="v", answer=["c"])
    settle(made, "ben", "ballot.cast", 0, code="poll.closed", poll="v", answer=["a"])
    return made


def poll(turnout: int, **counts: int) -> dict[str, Any]:
    return {"turnout": turnout, "results": {"counts": {"a": 0, "b": 0, "c": 0} | counts}}


def test_each_voter_counts_once_with_the_last_answer(ledger: Ledger) -> None:
    assert ledger.answers("v") == {"ann": ["b", "c"], "dan": ["c"]}
    counted = count_ballots(ledger, {"v": poll(2, b=1, c=2)}, alone=True)
    assert (counted.polls, counted.acknowledged, counted.turnout, counted.wrong) == (1, 2, 2, [])


@pytest.mark.parametrize(
    ("seen", "alone", "right"),
    [
        (poll(1, c=1), True, False),
        (poll(1, c=1), False, False),
        (poll(3, b=1, c=3), True, False),
        (poll(3, b=1, c=3), False, True),
        (poll(2, a=1, c=2), True, False),
    ],
)
def test_a_lost_or_doubled_ballot_is_found(ledger: Ledger, seen: dict[str, Any], alone: bool, right: bool) -> None:
    assert (count_ballots(ledger, {"v": seen}, alone=alone).wrong == []) is right


def test_an_older_acknowledgement_that_comes_late_does_not_win(ledger: Ledger) -> None:
    settle(ledger, "dan", "ballot.cast", 4, poll="v", answer=["a"])
    assert ledger.answers("v")["dan"] == ["c"]


def test_scale_answers_are_counted_under_their_numbers() -> None:
    made = Ledger()
    settle(made, "ann", "ballot.cast", 5, poll="v", answer=[4])
    assert count_ballots(made, {"v": {"turnout": 1, "results": {"counts": {"4": 1}}}}, alone=True).wrong == []


def test_only_ballots_that_change_the_turnout_count_as_visible_changes(ledger: Ledger) -> None:
    assert [seq for seq, _ in ledger.changes] == [5, 6, 8, 9]


def test_refusals_that_people_cause_are_told_from_the_others(ledger: Ledger) -> None:
    assert ledger.unintended == 0
    settle(ledger, "eve", "ballot.cast", 0, code="forbidden", poll="v", answer=["a"])
    assert ledger.unintended == 1
    assert ledger.examples["forbidden"].startswith("ballot.cast")
