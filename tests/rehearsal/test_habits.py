"""People do what they can do: their choices follow from what they see, and the seed repeats them."""

from __future__ import annotations

import copy
import json
from pathlib import Path
from random import Random
from typing import Any

import pytest

from server.rehearsal.acts import Act, Away
from server.rehearsal.habits import Habits, answer, next_act
from server.rehearsal.people import Person, invite, sample, within

DOCS = json.loads((Path(__file__).parents[1] / "samples" / "documents.json").read_text())
SOMEBODY = Person("Amina Diallo", "fr", "diaspora")
QUIET = Habits(0, 0, 0, 0, 0, 0, 0, 0, 0, 0)


def poll(kind: str = "single", state: str = "open", **changes: Any) -> dict[str, Any]:
    return {"kind": kind, "order": ["a", "b", "c"], "min": 1, "max": 1, "state": state, "turnout": 0} | changes


def docs(*, polls: dict[str, Any] | None = None, me: dict[str, Any] | None = None, **stage: Any) -> dict[str, Any]:
    made = copy.deepcopy(DOCS)
    made["stage"]["polls"] = polls or {}
    made["stage"].update(stage)
    made["me"].pop("hand", None)
    made["me"].update({"person": "p1", "ballots": {}, "voted": {}, "asked": {}, "language": "fr"}, **(me or {}))
    return {"stage": made["stage"], "me": made["me"]}


def wants(habits: Habits, seen: dict[str, Any], seed: int = 1) -> Act | Away | None:
    return next_act(seen, SOMEBODY, habits, Random(seed))


def test_somebody_votes_in_an_open_poll() -> None:
    act = wants(Habits(away=0, ballot=1), docs(polls={"v1": poll()}))
    assert isinstance(act, Act)
    assert act.do == "ballot.cast"
    assert act.fields["poll"] == "v1"
    assert act.fields["answer"][0] in "abc"


@pytest.mark.parametrize("state", ["closed", "published"])
def test_nobody_votes_when_a_poll_is_over(state: str) -> None:
    seen = docs(polls={"v1": poll(state=state)})
    habits = Habits(0, 1, 1, 1, 0, 0, 0, 0, 0, 0)
    assert all(wants(habits, seen, seed) is None for seed in range(50))


def test_a_ballot_is_changed_or_taken_back_now_and_then() -> None:
    seen = docs(polls={"v1": poll()}, me={"ballots": {"v1": ["a"]}})
    acts = [
        wants(Habits(away=0, change=0.3, take_back=0.3, ask=0, support=0, react=0), seen, seed) for seed in range(80)
    ]
    assert {act.do for act in acts if isinstance(act, Act)} >= {"ballot.cast", "ballot.withdraw"}


@pytest.mark.parametrize("seed", range(20))
@pytest.mark.parametrize(
    ("asked", "low", "high"),
    [(poll(), 1, 1), (poll("multiple", min=2, max=3), 2, 3), (poll("scale", order=["0", "1", "2"]), 1, 1)],
)
def test_answers_are_valid(asked: dict[str, Any], low: int, high: int, seed: int) -> None:
    given = answer(asked, Random(seed))
    assert low <= len(given) <= high
    assert len(set(given)) == len(given)
    assert {str(option) for option in given} <= set(asked["order"])
    assert all(isinstance(option, int) for option in given) == (asked["kind"] == "scale")


@pytest.mark.parametrize("state", ["lobby", "ended"])
def test_nothing_is_done_before_and_after_the_session(state: str) -> None:
    seen = docs(polls={"v1": poll()})
    seen["stage"]["session"]["state"] = state
    assert all(wants(Habits(away=1), seen, seed) is None for seed in range(20))


def test_nothing_is_done_without_documents() -> None:
    assert wants(Habits(away=1), {}) is None


def test_a_second_hand_is_never_raised_and_no_hand_in_a_closed_queue() -> None:
    eager = Habits(0, 0, 0, 0, 0, 0, 1, 0, 0, 0)
    empty: dict[str, Any] = {"open": True, "waiting": [], "hands": {}, "more": 0}
    raised = wants(eager, docs(speakers=empty))
    assert isinstance(raised, Act)
    assert raised.do == "hand.raise"
    assert wants(eager, docs(speakers=empty, me={"hand": {"kind": "speak", "at": 1}})) is None
    assert wants(eager, docs(speakers={**empty, "open": False})) is None
    assert wants(eager, docs(speakers={**empty, "current": {"person": "p1"}})) is None


def test_nobody_votes_for_their_own_question() -> None:
    item = {"text": {"en": "Who pays?"}, "votes": 0, "state": "live"}
    supporting = Habits(0, 0, 0, 0, 0, 1, 0, 0, 0, 0)
    questions = {"open": True, "items": {"k1": item}}
    assert wants(supporting, docs(questions=questions)) == Act("question.vote", {"question": "k1", "on": True})
    own = {"k1": {"text": {"en": "Who pays?"}, "state": "live"}}
    assert wants(supporting, docs(questions=questions, me={"asked": own})) is None


def test_a_question_says_its_language_where_the_session_has_another() -> None:
    asking = Habits(0, 0, 0, 0, 1, 0, 0, 0, 0, 0)
    questions = {"open": True, "items": {}}
    french = wants(asking, docs(questions=questions))
    assert isinstance(french, Act)
    assert french.fields["text"] in sample().questions["fr"]
    elsewhere = wants(asking, docs(questions=questions, me={"language": "en"}))
    assert isinstance(elsewhere, Act)
    assert set(elsewhere.fields["text"]) == {"fr"}


def test_nobody_asks_the_same_again() -> None:
    asking = Habits(0, 0, 0, 0, 1, 0, 0, 0, 0, 0)
    items = {f"k{n}": {"text": {"fr": text}, "state": "answered"} for n, text in enumerate(sample().questions["fr"])}
    assert all(wants(asking, docs(questions={"open": True, "items": items}), seed) is None for seed in range(200))


def test_the_same_seed_repeats_the_same_people_and_choices() -> None:
    first, again = (invite(30, ["diaspora", "public"], Random(7)) for _ in range(2))
    assert first == again
    assert {person.group for person in first} == {None, "diaspora", "public"}
    seen = docs(polls={"v1": poll()})
    assert [wants(Habits(), seen, seed) for seed in range(30)] == [wants(Habits(), seen, seed) for seed in range(30)]


def test_a_large_hall_asks_less() -> None:
    habits = Habits()
    assert habits.in_hall(20) == habits
    assert habits.in_hall(1000).ask < habits.ask / 20
    assert habits.in_hall(1000).ballot == habits.ballot


def test_sample_texts_are_complete() -> None:
    texts = sample()
    assert sum(texts.weights.values()) == 100
    assert set(texts.weights) == set(texts.given) == set(texts.family) == set(texts.questions) == set(texts.reasons)
    spoken = [texts.declined, texts.answered, *(note.text for note in texts.notes)]
    for asked in texts.polls:
        spoken += [asked.prompt, *asked.options]
    for table in texts.tables:
        spoken += [table.name, table.task]
    spoken += [texts.rooms.name, texts.rooms.message]
    assert all(set(text) == {"en", "fr"} for text in spoken)
    assert set(texts.rooms.notes) == set(texts.rooms.handovers) == set(texts.weights)
    assert all(line.count("\n") <= 2 for lines in texts.rooms.handovers.values() for line in lines)


def test_texts_are_given_in_the_languages_of_the_session() -> None:
    text = {"en": "Yes", "fr": "Oui"}
    assert within(text, ["fr"]) == {"fr": "Oui"}
    assert within(text, ["ar"]) == {"ar": "Yes"}
