"""The findings say what is right and what is not."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest

from server.rehearsal.measure import spread
from server.rehearsal.report import Findings, duration, lines
from server.rehearsal.rotation import Move
from server.rehearsal.verify import Counted


def findings(**changes: Any) -> Findings:
    """Findings of a rehearsal that went well, but for `changes`."""
    well = Findings(
        target="http://127.0.0.1:8000",
        session="s1",
        people=20,
        pace=1.0,
        seed=7,
        seconds=60.0,
        joining_seconds=0.1,
        sent=3,
        sent_by_kind={"ballot.cast": 3},
        done=2,
        repeated=1,
        unanswered=0,
        refused={"poll.closed": 1},
        examples={"poll.closed": "ballot.cast: too late", "forbidden": "poll.open: not yours"},
        unintended=0,
        to_done=spread([0.01]),
        to_screen=spread([]),
        to_people=spread([0.02, 0.03]),
        observers=5,
        bytes_per_person_minute=2048,
        away=1,
        lost=0,
        gone={},
        resumed=1,
        returns=1,
        faults={},
        compared=23,
        divergences=[],
        ballots=Counted(1, 2, 2, []),
        own_ballots=[],
        moves=[Move("rooms.rotate", 2, 18, 3.1, 8.0, 21.5, 22.4)],
        misplaced=[],
        cpu_seconds=1.0,
        cpu_share=0.02,
        loop_lag=spread([0.001]),
    )
    return msgspec.structs.replace(well, **changes)


def test_what_people_cause_is_no_problem() -> None:
    assert findings().problems == []
    told = lines(findings())
    assert told[-1] == "All is as it should be."
    assert "1 as among people (poll.closed 1)" in "\n".join(told)
    assert "nothing measured" in "\n".join(told)
    assert any(
        line.endswith(
            "rotation  round 2: 18 people had their new room after 3.1 ms (first), p50 8.0 ms, p99 21.5 ms, 22.4 ms (last)"
        )
        for line in told
    )


@pytest.mark.parametrize(
    ("changes", "problem"),
    [
        ({"refused": {"forbidden": 2}}, "refused 2 × forbidden"),
        ({"faults": {"reply to nothing": 1}}, "1 × reply to nothing"),
        ({"gone": {"4001": 3}}, "3 sent away with 4001"),
        ({"unanswered": 4}, "4 commands were never answered"),
        ({"divergences": ["screen: a: 1 here, 2 there"]}, "1 clients do not hold what the server holds"),
        ({"ballots": Counted(1, 2, 1, ["poll v: 2 people, turnout 1"])}, "poll v: 2 people, turnout 1"),
        ({"misplaced": ["participant p1: holds ['r2']"]}, "1 people hold another room's document than their own"),
        ({"own_ballots": ["p1 in poll v: …"]}, "1 ballots are not shown to those who cast them"),
    ],
)
def test_everything_else_is_a_problem_and_is_said(changes: dict[str, Any], problem: str) -> None:
    found = findings(**changes)
    assert found.problems == [problem]
    assert lines(found)[-1] == f"NOT RIGHT: {problem}"


def test_an_unintended_refusal_comes_with_an_example() -> None:
    assert any("forbidden: poll.open: not yours" in line for line in lines(findings(refused={"forbidden": 1})))


def test_time_is_told_in_minutes() -> None:
    assert [duration(seconds) for seconds in (0, 9.9, 61, 3600)] == ["0:00", "0:09", "1:01", "60:00"]
