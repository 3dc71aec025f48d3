"""Polls: states, the rules of a ballot, and who sees which results when."""

from __future__ import annotations

from typing import Any

import pytest

from tests.support.world import World


@pytest.fixture
def world() -> World:
    return World()


def opened(world: World, **fields: Any) -> str:
    poll = world.made(
        world.moderator, "poll.create", **{"kind": "single", "prompt": "?", "options": ["x", "y"], **fields}
    )
    world.done(world.moderator, "poll.open", poll=poll)
    return poll


def test_a_poll_goes_from_draft_to_published_and_results_come_last(world: World) -> None:
    ann = world.join("Ann")
    world.done(world.moderator, "agenda.go", question="q1.2")
    poll = world.made(world.moderator, "poll.create", kind="single", prompt="?", options=["x", "y"])
    assert world.doc("stage")["polls"] == {}
    assert world.refused(ann, "ballot.cast", poll=poll, answer=["a"]) == "poll.unknown"
    world.done(world.moderator, "poll.open", poll=poll)
    world.done(ann, "ballot.cast", poll=poll, answer=["a"])
    shown = world.doc("stage")["polls"][poll]
    assert (shown["state"], shown["turnout"], shown["question"], "results" in shown) == ("open", 1, "q1.2", False)
    assert world.doc("desk")["polls"][poll]["results"]["counts"] == {"a": 1, "b": 0}
    assert world.refused(world.moderator, "poll.publish", poll=poll) == "poll.not_closed"
    world.done(world.moderator, "poll.close", poll=poll)
    assert world.refused(ann, "ballot.cast", poll=poll, answer=["b"]) == "poll.closed"
    assert "results" not in world.doc("stage")["polls"][poll]
    world.done(world.moderator, "poll.publish", poll=poll)
    assert world.doc("stage")["polls"][poll]["results"] == {
        "counts": {"a": 1, "b": 0}, "ballots": 1, "mean": None, "median": None,
    }  # fmt: skip
    world.done(world.moderator, "poll.hide", poll=poll)
    assert "results" not in world.doc("stage")["polls"][poll]
    assert world.refused(world.moderator, "poll.hide", poll=poll) == "poll.not_published"
    world.done(world.moderator, "poll.open", poll=poll)
    world.done(ann, "ballot.cast", poll=poll, answer=["b"])
    assert world.doc("desk")["polls"][poll]["results"]["counts"] == {"a": 0, "b": 1}


def test_a_ballot_is_changed_or_taken_back_until_the_close_and_counts_once(world: World) -> None:
    ann, bo = world.join("Ann"), world.join("Bo")
    poll = opened(world)
    world.done(ann, "ballot.cast", poll=poll, answer=["a"])
    world.done(ann, "ballot.cast", poll=poll, answer=["b"])
    assert world.doc("me", ann)["ballots"] == {poll: ["b"]}
    world.done(bo, "ballot.cast", poll=poll, answer=["a"])
    world.done(bo, "ballot.withdraw", poll=poll)
    assert world.refused(bo, "ballot.withdraw", poll=poll) == "poll.no_ballot"
    assert world.doc("stage")["polls"][poll]["turnout"] == 1
    assert world.doc("desk")["polls"][poll]["results"]["counts"] == {"a": 0, "b": 1}


@pytest.mark.parametrize(
    ("fields", "answer", "code"),
    [
        ({}, ["a", "b"], "ballot.count"),
        ({}, [], "ballot.count"),
        ({}, ["c"], "ballot.option"),
        ({}, [1], "ballot.option"),
        ({"kind": "multiple"}, ["a", "a"], "ballot.option"),
        ({"kind": "multiple", "settings": {"min": 2}}, ["a"], "ballot.count"),
        ({"kind": "multiple", "settings": {"max": 1}}, ["a", "b"], "ballot.count"),
        ({"kind": "scale", "options": None}, ["1"], "ballot.option"),
        ({"kind": "scale", "options": None}, [0], "ballot.option"),
        ({"kind": "scale", "options": None}, [6], "ballot.option"),
        ({"kind": "scale", "options": None}, [1, 2], "ballot.count"),
        ({"kind": "scale", "options": None}, [True], "invalid"),
    ],
)
def test_a_ballot_against_the_rules_is_refused_and_counts_nowhere(
    world: World, fields: dict[str, Any], answer: list[Any], code: str
) -> None:
    ann = world.join("Ann")
    poll = opened(world, **fields)
    if code == "invalid":
        code = "command.unknown"  # true is no number, so the entry itself cannot be read
    assert world.refused(ann, "ballot.cast", poll=poll, answer=answer) == code
    assert world.doc("stage")["polls"][poll]["turnout"] == 0


def test_a_scale_gives_mean_and_median(world: World) -> None:
    poll = opened(world, kind="scale", options=None, settings={"from": 0, "to": 10, "low": "never", "high": "always"})
    for number in (0, 3, 4, 10):
        world.done(world.join(f"P{number}"), "ballot.cast", poll=poll, answer=[number])
    results = world.doc("desk")["polls"][poll]["results"]
    assert (results["mean"], results["median"], results["ballots"]) == (4.25, 3.5, 4)
    shown = world.doc("stage")["polls"][poll]
    assert (shown["order"][0], shown["order"][-1], shown["options"], shown["low"]) == ("0", "10", {}, {"en": "never"})


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"kind": "single", "options": ["x"]}, "poll.options"),
        ({"kind": "single"}, "poll.options"),
        ({"kind": "scale", "options": ["x", "y"]}, "poll.options"),
        ({"kind": "multiple", "options": ["x", "y"], "settings": {"min": 2, "max": 1}}, "poll.range"),
        ({"kind": "multiple", "options": ["x", "y"], "settings": {"max": 3}}, "poll.range"),
        ({"kind": "single", "options": ["x", "  "]}, "invalid"),
    ],
)
def test_a_poll_that_makes_no_sense_is_refused(world: World, fields: dict[str, Any], code: str) -> None:
    assert world.refused(world.moderator, "poll.create", prompt="?", **fields) == code


def test_live_results_are_seen_while_people_vote(world: World) -> None:
    poll = opened(world, settings={"visibility": "live"})
    world.done(world.join("Ann"), "ballot.cast", poll=poll, answer=["a"])
    assert world.doc("stage")["polls"][poll]["results"]["counts"] == {"a": 1, "b": 0}
    world.done(world.moderator, "poll.close", poll=poll)
    assert world.doc("stage")["polls"][poll]["state"] == "published"
    assert [line["what"] for line in world.doc("record")["feed"].values()][-2:] == ["poll.closed", "poll.published"]


def test_hiding_takes_live_results_back_too(world: World) -> None:
    poll = opened(world, settings={"visibility": "live"})
    for step in ("poll.close", "poll.hide"):
        world.done(world.moderator, step, poll=poll)
    assert "results" not in world.doc("stage")["polls"][poll]
    assert world.doc("desk")["polls"][poll]["visibility"] == "published"


def test_drafts_can_be_edited_and_polls_that_were_seen_are_run_again(world: World) -> None:
    poll = world.made(world.moderator, "poll.create", kind="multiple", prompt="?", options=["x", "y"])
    world.done(world.moderator, "poll.edit", poll=poll, options=["x", "y", "z"])
    assert world.doc("desk")["polls"][poll]["max"] == 3
    world.done(world.moderator, "poll.edit", poll=poll, prompt="Really?", settings={"max": 2})
    world.done(world.moderator, "poll.open", poll=poll)
    assert world.refused(world.moderator, "poll.edit", poll=poll, prompt="Late") == "poll.not_draft"
    again = world.made(world.moderator, "poll.rerun", poll=poll)
    view = world.doc("desk")["polls"][again]
    assert (view["run"], view["state"], view["max"], view["prompt"]) == (2, "draft", 2, {"en": "Really?"})


def test_dropping_takes_ballots_along_but_never_under_the_voters(world: World) -> None:
    ann = world.join("Ann")
    poll = opened(world)
    world.done(ann, "ballot.cast", poll=poll, answer=["a"])
    assert world.refused(world.moderator, "poll.drop", poll=poll) == "poll.not_closed"
    world.done(world.moderator, "poll.close", poll=poll)
    world.done(world.moderator, "poll.drop", poll=poll)
    assert world.doc("me", ann)["ballots"] == {}
    assert world.doc("stage")["polls"] == {}


def test_the_end_of_the_session_closes_open_polls_and_publishing_goes_on(world: World) -> None:
    world.done(world.moderator, "session.open")
    poll = opened(world)
    world.done(world.moderator, "session.close")
    assert world.doc("stage")["polls"][poll]["state"] == "closed"
    assert world.refused(world.moderator, "poll.open", poll=poll) == "session.ended"
    world.done(world.moderator, "poll.publish", poll=poll)
