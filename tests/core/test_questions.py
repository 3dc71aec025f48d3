"""Questions from participants: moderation, votes, answers, and what an asker and the others learn."""

from __future__ import annotations

import pytest

from server.core.questions import MAX_A_PERSON
from tests.support.world import World


@pytest.fixture
def world() -> World:
    return World()


def test_a_question_waits_for_approval_and_its_asker_sees_that(world: World) -> None:
    ann = world.join("Ann", "youth")
    asked = world.made(ann, "question.ask", text="Why?")
    assert world.doc("stage")["questions"]["items"] == {}
    assert world.doc("desk")["questions"][asked]["name"] == "Ann"
    assert world.doc("me", ann)["asked"][asked]["state"] == "pending"
    world.done(world.moderator, "question.approve", question=asked)
    assert world.doc("stage")["questions"]["items"][asked]["group"] == "youth"
    assert world.doc("desk")["questions"] == {}
    assert world.doc("me", ann)["asked"][asked]["state"] == "live"


def test_a_declined_question_tells_its_asker_why_and_can_be_restored(world: World) -> None:
    ann = world.join("Ann")
    asked = world.made(ann, "question.ask", text="Why?")
    world.done(world.moderator, "question.decline", question=asked, reason="Asked before")
    assert world.doc("me", ann)["asked"][asked]["reason"] == {"en": "Asked before"}
    assert world.refused(world.moderator, "question.approve", question=asked) == "question.state"
    world.done(world.moderator, "question.restore", question=asked)
    assert world.doc("me", ann)["asked"][asked]["state"] == "pending"
    assert world.doc("me", ann)["asked"][asked]["reason"] is None


def test_nobody_but_the_author_sees_who_asked_anonymously(world: World) -> None:
    ann = world.join("Ann", "youth")
    asked = world.made(ann, "question.ask", text="Why?", anonymous=True)
    for doc in ("desk", "stage"):
        if doc == "stage":
            world.done(world.moderator, "question.approve", question=asked)
        items = world.doc("desk")["questions"] if doc == "desk" else world.doc("stage")["questions"]["items"]
        assert (items[asked]["person"], items[asked]["name"], items[asked]["group"]) == (None, None, None)
    assert ann not in str(world.doc("record")["feed"])


def test_votes_count_once_can_be_taken_back_and_never_for_ones_own(world: World) -> None:
    ann, bo = world.join("Ann"), world.join("Bo")
    asked = world.made(ann, "question.ask", text="Why?")
    assert world.refused(bo, "question.vote", question=asked, on=True) == "question.unknown"
    world.done(world.moderator, "question.approve", question=asked)
    world.done(bo, "question.vote", question=asked, on=True)
    world.done(bo, "question.vote", question=asked, on=True)
    assert world.doc("stage")["questions"]["items"][asked]["votes"] == 1
    assert world.doc("me", bo)["voted"] == {asked: True}
    assert world.refused(ann, "question.vote", question=asked, on=True) == "question.own"
    world.done(bo, "question.vote", question=asked, on=False)
    world.done(bo, "question.vote", question=asked, on=False)
    assert world.doc("stage")["questions"]["items"][asked]["votes"] == 0
    assert world.doc("me", bo)["voted"] == {}


def test_an_edit_keeps_the_askers_words_for_the_desk(world: World) -> None:
    ann, bo = world.join("Ann"), world.join("Bo")
    asked = world.made(ann, "question.ask", text="Wy?")
    world.done(ann, "question.edit", question=asked, text="Whi?")
    world.done(world.moderator, "question.edit", question=asked, text="Why?")
    assert world.doc("desk")["questions"][asked]["original"] == {"en": "Whi?"}
    assert world.refused(bo, "question.edit", question=asked, text="Mine") == "forbidden"
    world.done(world.moderator, "question.approve", question=asked)
    assert world.refused(ann, "question.edit", question=asked, text="Late") == "question.state"
    assert world.doc("stage")["questions"]["items"][asked]["text"] == {"en": "Why?"}


def test_withdrawing_takes_the_question_from_everybody_but_its_asker(world: World) -> None:
    ann, bo = world.join("Ann"), world.join("Bo")
    asked = world.made(ann, "question.ask", text="Why?")
    world.done(world.moderator, "question.approve", question=asked)
    world.done(world.moderator, "question.pin", question=asked)
    assert world.refused(bo, "question.withdraw", question=asked) == "forbidden"
    world.done(ann, "question.withdraw", question=asked)
    assert world.doc("stage")["questions"]["items"] == {}
    assert world.doc("stage")["questions"]["pinned"] is None
    assert world.doc("me", ann)["asked"][asked]["state"] == "withdrawn"


def test_merging_adds_distinct_supporters_and_the_other_author(world: World) -> None:
    ann, bo, cy, di = (world.join(name) for name in ("Ann", "Bo", "Cy", "Di"))
    one = world.made(ann, "question.ask", text="Why?")
    two = world.made(bo, "question.ask", text="Why so?")
    for question in (one, two):
        world.done(world.moderator, "question.approve", question=question)
    for person, question in ((cy, one), (cy, two), (di, two), (ann, two)):
        world.done(person, "question.vote", question=question, on=True)
    world.done(world.moderator, "question.merge", question=two, into=one)
    items = world.doc("stage")["questions"]["items"]
    assert list(items) == [one]
    assert items[one]["votes"] == 3
    assert world.doc("me", bo)["asked"][two]["into"] == one
    assert world.doc("me", cy)["voted"] == {one: True}
    assert world.doc("me", ann)["voted"] == {}
    assert world.refused(world.moderator, "question.merge", question=one, into=one) == "invalid"


def test_answers_can_be_given_in_words_and_undone(world: World) -> None:
    ann = world.join("Ann")
    asked = world.made(ann, "question.ask", text="Why?")
    assert world.refused(world.moderator, "question.answer", question=asked) == "question.state"
    world.done(world.moderator, "question.approve", question=asked)
    world.done(world.moderator, "question.answer", question=asked, text="Because.")
    item = world.doc("stage")["questions"]["items"][asked]
    assert (item["state"], item["answer"]) == ("answered", {"en": "Because."})
    assert world.refused(world.moderator, "question.pin", question=asked) == "question.state"
    world.done(world.moderator, "question.restore", question=asked)
    item = world.doc("stage")["questions"]["items"][asked]
    assert (item["state"], item["answer"]) == ("live", None)


def test_settings_close_asking_switch_moderation_and_limit_a_person(world: World) -> None:
    ann = world.join("Ann")
    world.done(world.moderator, "questions.settings", moderated=False, limit=1)
    first = world.made(ann, "question.ask", text="One?")
    assert world.doc("stage")["questions"]["items"][first]["state"] == "live"
    assert world.refused(ann, "question.ask", text="Two?") == "question.limit"
    world.done(world.moderator, "question.answer", question=first)
    world.made(ann, "question.ask", text="Two?")
    world.done(world.moderator, "questions.settings", open=False)
    assert world.refused(ann, "question.ask", text="Three?") == "questions.closed"


def test_what_the_hall_says_comes_in_one_language_for_the_desk_reads_one(world: World) -> None:
    ann = world.join("Ann")
    both = {"en": "A fair question?", "fr": "Une injure !"}
    assert world.refused(ann, "question.ask", text=both) == "invalid"
    assert world.refused(ann, "hand.raise", reason=both) == "invalid"
    asked = world.made(ann, "question.ask", text={"fr": "Pourquoi ?"})
    assert world.refused(ann, "question.edit", question=asked, text=both) == "invalid"
    world.done(world.moderator, "question.edit", question=asked, text={"en": "Why?", "fr": "Pourquoi ?"})


def test_nobody_alone_fills_the_queue_by_asking_and_taking_back() -> None:
    world = World(check=False)
    ann = world.join("Ann")
    for number in range(MAX_A_PERSON):
        world.done(ann, "question.withdraw", question=world.made(ann, "question.ask", text=f"{number}?"))
    assert world.refused(ann, "question.ask", text="One more?") == "questions.full"
    world.made(world.join("Bo"), "question.ask", text="May I?")


def test_a_correction_leaves_the_answer_where_it_was_given(world: World) -> None:
    world.done(world.moderator, "questions.settings", moderated=False)
    asked = world.made(world.join("Ann"), "question.ask", text="Why?")
    world.done(world.moderator, "agenda.go", question="q1.1")
    world.done(world.moderator, "question.answer", question=asked, text="Becuase.")
    world.done(world.moderator, "agenda.go", question="q1.2")
    world.done(world.moderator, "question.answer", question=asked, text="Because.")
    question = world.state.questions.items[asked]
    assert (question.answered_under, question.answered_seq) == ("q1.1", world.state.seq)


def test_unpinning_needs_the_question_that_is_pinned(world: World) -> None:
    ann = world.join("Ann")
    world.done(world.moderator, "questions.settings", moderated=False)
    one, two = (world.made(ann, "question.ask", text=text) for text in ("One?", "Two?"))
    world.done(world.moderator, "question.pin", question=one)
    world.done(world.moderator, "question.pin", question=two, on=False)
    assert world.doc("stage")["questions"]["pinned"] == one
    world.done(world.moderator, "question.pin", question=one, on=False)
    assert world.doc("stage")["questions"]["pinned"] is None
