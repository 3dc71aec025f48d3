"""The simulated moderator reads what to do next from the desk."""

from __future__ import annotations

import json
from pathlib import Path
from random import Random
from typing import Any

import pytest

from server.rehearsal.acts import Act
from server.rehearsal.director import SHOWN_WITHIN, Director, NoteTaker
from server.rehearsal.tempo import Tempo

DOCS = json.loads((Path(__file__).parents[1] / "samples" / "documents.json").read_text())


def session(**stage: Any) -> dict[str, Any]:
    """A live session with two guiding questions and nothing that waits."""
    agenda = {
        "order": ["g1"],
        "segments": {"g1": {"title": {"en": "One"}, "order": ["q1", "q2"], "questions": {}}},
        "current": "q1",
    }
    return {
        "stage": {
            "session": {"state": "live", "languages": ["en", "fr"]},
            "agenda": agenda,
            "speakers": {"open": True, "waiting": [], "more": 0},
            "questions": {"open": True, "items": {}},
        }
        | stage,
        "desk": {"polls": {}, "questions": {}},
    }


@pytest.fixture
def director() -> Director:
    return Director(Tempo(), Random(3))


def test_the_samples_of_the_protocol_are_understood(director: Director) -> None:
    assert director.next_act(DOCS, 0.0) is not None


def test_without_the_desk_nothing_is_decided(director: Director) -> None:
    assert director.next_act({"stage": session()["stage"]}, 0.0) is None


def test_a_session_in_its_lobby_is_opened_and_an_ended_one_left_alone(director: Director) -> None:
    lobby = session(session={"state": "lobby", "languages": ["en"]})
    assert director.next_act(lobby, 0.0) == Act("session.open", {})
    assert director.next_act(session(session={"state": "ended", "languages": ["en"]}), 0.0) is None


def test_a_poll_runs_from_draft_to_published_and_then_the_next_question_comes(director: Director) -> None:
    docs = session()
    polls = docs["desk"]["polls"]
    created = director.next_act(docs, 0.0)
    assert created is not None
    assert created.do == "poll.create"
    polls["v1"] = {"state": "draft"}
    assert director.next_act(docs, 1.0) == Act("poll.open", {"poll": "v1"})
    polls["v1"] = {"state": "open", "question": "q1"}
    assert director.next_act(docs, 2.0) is None
    assert director.next_act(docs, 2.0 + Tempo().ballots) == Act("poll.close", {"poll": "v1"})
    polls["v1"]["state"] = "closed"
    assert director.next_act(docs, 20.0) == Act("poll.publish", {"poll": "v1"})
    polls["v1"]["state"] = "published"
    assert director.next_act(docs, 21.0) is None
    assert director.next_act(docs, 21.0 + Tempo().results) == Act("agenda.next", {"current": "q1"})


def test_an_act_that_does_not_show_yet_is_not_repeated_at_once(director: Director) -> None:
    docs = session(session={"state": "lobby", "languages": ["en"]})
    acts = [director.next_act(docs, now) for now in (0.0, 0.5, 1.0, SHOWN_WITHIN)]
    assert acts == [Act("session.open", {}), None, None, Act("session.open", {})]


def test_after_the_last_question_the_agenda_stays(director: Director) -> None:
    docs = session()
    docs["stage"]["agenda"]["current"] = "q2"
    docs["desk"]["polls"]["v1"] = {"state": "published", "question": "q2"}
    acts = [director.next_act(docs, float(now)) for now in range(60)]
    assert {act.do for act in acts if act is not None} <= {"poll.create"}


def test_drafts_of_somebody_else_are_left_alone(director: Director) -> None:
    docs = session()
    docs["desk"]["polls"]["theirs"] = {"state": "draft"}
    acts = [director.next_act(docs, float(now)) for now in range(60)]
    assert all(act is None or act.fields.get("poll") != "theirs" for act in acts)


def test_waiting_speakers_get_the_floor_in_turn(director: Director) -> None:
    docs = session()
    docs["desk"]["polls"]["v1"] = {"state": "open", "question": "q1"}
    docs["stage"]["speakers"]["waiting"] = ["p1", "p2"]
    assert director.next_act(docs, 1.0) in (
        Act("speaker.next", {"current": None}),
        Act("speaker.call", {"person": "p1"}),
        Act("speaker.call", {"person": "p2"}),
    )
    docs["stage"]["speakers"].update(current={"person": "p1"}, waiting=[])
    assert director.next_act(docs, 2.0) is None
    assert director.next_act(docs, 1.0 + Tempo().turn) == Act("speaker.finish", {})


def test_pending_questions_are_approved_and_now_and_then_declined() -> None:
    docs = session()
    docs["desk"]["polls"]["v1"] = {"state": "open", "question": "q1"}
    docs["desk"]["questions"]["k1"] = {"state": "pending"}
    acts = [Director(Tempo(), Random(seed)).next_act(docs, 1.0) for seed in range(60)]
    assert {act.do for act in acts if act is not None} == {"question.approve", "question.decline"}
    assert all(act is None or act.do != "question.decline" or act.fields["reason"]["fr"] for act in acts)


def test_a_long_list_is_answered_from_the_top(director: Director) -> None:
    docs = session()
    docs["desk"]["polls"]["v1"] = {"state": "open", "question": "q1"}
    docs["stage"]["questions"]["items"] = {f"k{n}": {"state": "live"} for n in range(9)}
    act = director.next_act(docs, 1.0)
    assert act is not None
    assert (act.do, act.fields["question"]) == ("question.answer", "k0")


def test_the_rapporteur_writes_at_intervals() -> None:
    notes = NoteTaker(Tempo(), Random(1))
    first = notes.next_act(session(), 0.0)
    assert first is not None
    assert first.do == "note.write"
    assert set(first.fields["text"]) == {"en", "fr"}
    assert notes.next_act(session(), 1.0) is None
    assert notes.next_act(session(), Tempo().note) is not None


def test_a_faster_pace_shortens_every_wait() -> None:
    assert Tempo().faster(5) == Tempo(3.0, 1.0, 2.4, 0.2, 1.6, 1.6, 0.6)
