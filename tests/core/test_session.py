"""The session, its people and notes, announcements, permissions, and repeats."""

from __future__ import annotations

import pytest

from server.core.base import ROLES
from server.core.commands import CLIENT_COMMANDS, SYSTEM_COMMANDS, parse_command
from server.core.fold import next_deadline, permit
from server.core.people import Join, RenewRole
from server.core.refusals import STATUS, Refusal
from tests.support.world import World


@pytest.fixture
def world() -> World:
    return World()


def test_a_repeat_gets_the_first_outcome_and_has_no_second_effect(world: World) -> None:
    ann = world.join("Ann")
    first = world.do(ann, "question.ask", key="mine", text="Why?")
    second = world.do(ann, "question.ask", key="mine", text="Something else?")
    assert second == first
    assert len(world.state.questions.items) == 1
    refused = world.do(ann, "agenda.next", key="no", current=None)
    assert world.do(ann, "agenda.next", key="no", current=None) == refused


def test_the_same_key_of_another_person_is_another_command(world: World) -> None:
    ann, bo = world.join("Ann"), world.join("Bo")
    assert (
        world.do(ann, "question.ask", key="k", text="A?").made != world.do(bo, "question.ask", key="k", text="B?").made
    )


def test_what_a_session_ended_with_stays_and_notes_go_on(world: World) -> None:
    ann = world.join("Ann")
    world.done(world.moderator, "agenda.next", current=None)
    world.done(world.moderator, "speaker.call", person=ann)
    world.done(world.moderator, "session.close")
    stage = world.doc("stage")
    assert (stage["session"]["state"], stage["speakers"]["current"], stage["agenda"]["clock"]["state"]) == (
        "ended",
        None,
        "idle",
    )
    assert world.refused(ann, "hand.raise") == "session.ended"
    world.made(world.rapporteur, "note.write", kind="lesson", text="Later thought")
    world.done(world.moderator, "session.open")
    assert world.doc("stage")["session"]["state"] == "live"
    assert world.refused(world.moderator, "session.open") == "session.already_live"


def test_an_announcement_goes_away_by_itself(world: World) -> None:
    world.done(world.moderator, "announce", text={"en": "Soup", "fr": "Soupe"}, seconds=60)
    assert world.doc("stage")["announcement"] == {
        "text": {"en": "Soup", "fr": "Soupe"},
        "at": world.now,
        "until": world.now + 60_000,
    }
    world.tick(59)
    assert world.doc("stage")["announcement"] is not None
    world.tick(1)
    assert world.doc("stage")["announcement"] is None
    world.done(world.moderator, "announce", text="Stay")
    world.done(world.moderator, "announce.clear")
    assert world.doc("stage")["announcement"] is None


def test_an_announcement_goes_away_after_the_end_too(world: World) -> None:
    world.done(world.moderator, "session.open")
    world.done(world.moderator, "announce", text="Soup", seconds=60)
    world.done(world.moderator, "session.close")
    assert next_deadline(world.state) == world.now + 60_000
    world.tick(60)
    assert world.doc("stage")["announcement"] is None
    world.done(world.moderator, "session.open")
    world.done(world.moderator, "announce", text="Stay")
    world.done(world.moderator, "session.close")
    world.done(world.moderator, "announce.clear")
    assert world.doc("stage")["announcement"] is None


def test_people_rename_regroup_and_choose_their_language(world: World) -> None:
    ann = world.join("Ann\u202e\n  Lee", "youth", "fr")
    assert world.doc("me", ann)["name"] == "Ann Lee"
    world.done(ann, "person.rename", name="Anna")
    world.done(ann, "person.group", group="diaspora")
    world.done(ann, "person.language", language="en")
    me = world.doc("me", ann)
    assert (me["name"], me["group"], me["language"]) == ("Anna", "diaspora", "en")
    assert world.refused(ann, "person.group", group="cats") == "group.unknown"
    assert world.refused(ann, "person.language", language="de") == "language.unknown"
    assert world.refused(ann, "person.rename", name="X", person=world.rapporteur) == "forbidden"
    world.done(world.moderator, "person.rename", name="Ann", person=ann)
    assert world.doc("desk")["people"][ann]["name"] == "Ann"


@pytest.mark.parametrize("name", ["\u200b", "\u2800 \u3164", "\u2060\u200d", "x" * 81, "é" * 81])
def test_a_name_that_nobody_can_see_or_that_is_too_long_is_refused(world: World, name: str) -> None:
    joining = world.system(Join(name=name, token="t"))
    assert (joining.code, list(joining.fields)) == ("invalid", ["name"])
    for good in ("🙂", "سارة", "x" * 80):
        world.join(good)


def test_a_removed_person_has_no_key_and_no_say(world: World) -> None:
    ann = world.join("Ann")
    token = world.state.people.items[ann].token
    assert world.state.people.holders[token] == ann
    world.done(world.moderator, "person.remove", person=ann)
    assert token not in world.state.people.holders
    assert world.refused(ann, "hand.raise") == "forbidden"
    assert world.refused(world.moderator, "person.remove", person=ann) == "person.unknown"
    assert world.refused(world.moderator, "person.remove", person=world.moderator) == "person.self"


def test_roles_are_given_to_people_but_links_keep_theirs(world: World) -> None:
    ann = world.join("Ann")
    world.done(world.moderator, "person.role", person=ann, role="moderator")
    world.done(ann, "agenda.next", current=None)
    assert world.refused(world.moderator, "person.role", person=world.rapporteur, role="participant") == "person.link"
    world.done(world.moderator, "person.role", person=ann, role="participant")
    assert world.refused(ann, "agenda.next", current="q1.1") == "forbidden"


def test_a_renewed_link_ends_the_old_key(world: World) -> None:
    assert world.system(RenewRole(role="moderator", token="new-hash", asked_with="hash-m")).code is None
    assert "hash-m" not in world.state.people.holders
    assert world.state.people.holders["new-hash"] == world.moderator


@pytest.mark.parametrize("asked_with", ["hash-m", "hash-r", "nobody's"])
def test_a_key_that_has_ended_or_is_no_moderators_renews_nothing(world: World, asked_with: str) -> None:
    world.system(RenewRole(role="moderator", token="new-hash", asked_with="hash-m"))
    assert world.system(RenewRole(role="moderator", token="stolen", asked_with=asked_with)).code == "forbidden"
    assert "stolen" not in world.state.people.holders


def test_nobody_with_a_key_writes_what_only_the_server_may(world: World) -> None:
    for person in (world.moderator, world.join("Ann")):
        assert world.refused(person, "tick") == "forbidden"
        assert world.refused(person, "person.join", name="X", token="t") == "forbidden"
        assert world.refused(person, "role.renew", role="moderator", token="t", asked_with="hash-m") == "forbidden"
    for tag in SYSTEM_COMMANDS:
        with pytest.raises(Refusal, match=r"command\.unknown"):
            parse_command(b'{"do":"%s","id":"1"}' % tag.encode())


@pytest.mark.parametrize("tag", sorted(CLIENT_COMMANDS))
def test_every_command_is_refused_to_every_role_that_it_does_not_name(world: World, tag: str) -> None:
    """Permission comes before everything else: the body does not even have to make sense for the role to be judged."""
    holders = {
        "participant": world.join("Ann"),
        "moderator": world.moderator,
        "rapporteur": world.rapporteur,
        "screen": world.screen,
    }
    command_type = CLIENT_COMMANDS[tag]
    for role in ROLES:
        if role in command_type.roles:
            permit(world.state, holders[role], command_type)
        else:
            with pytest.raises(Refusal, match="forbidden"):
                permit(world.state, holders[role], command_type)


def test_notes_carry_the_question_on_stage_and_can_be_edited_and_dropped(world: World) -> None:
    world.done(world.moderator, "agenda.go", question="q1.2")
    feed = next(iter(world.doc("record")["feed"]))
    note = world.made(world.rapporteur, "note.write", kind="works", text="Trust first", about=feed)
    view = world.doc("record")["notes"][note]
    assert (view["question"], view["about"], view["kind"], view["edited"]) == ("q1.2", feed, "works", False)
    world.done(world.rapporteur, "note.edit", note=note, kind="lesson", text="Trust comes first", question="q1.1")
    view = world.doc("record")["notes"][note]
    assert (view["question"], view["kind"], view["text"], view["edited"]) == (
        "q1.1",
        "lesson",
        {"en": "Trust comes first"},
        True,
    )
    world.done(world.rapporteur, "note.edit", note=note, question=None)
    assert world.doc("record")["notes"][note]["question"] is None
    loose = world.made(world.rapporteur, "note.write", kind="open", text="By the way", question=None)
    assert world.doc("record")["notes"][loose]["question"] is None
    world.done(world.rapporteur, "note.drop", note=loose)
    assert world.refused(world.rapporteur, "note.write", kind="works", text="x", question="q9") == "agenda.unknown"
    assert world.refused(world.rapporteur, "note.write", kind="works", text="x", about="999") == "feed.unknown"
    assert world.refused(world.join("Ann"), "note.write", kind="works", text="x") == "forbidden"
    world.done(world.rapporteur, "note.drop", note=note)
    assert world.doc("record")["notes"] == {}
    assert world.refused(world.rapporteur, "note.drop", note=note) == "note.unknown"


def test_settings_change_one_language_of_the_title(world: World) -> None:
    world.done(world.moderator, "session.settings", title="Dialogue", starts=5, limit=120)
    stage = world.doc("stage")
    assert stage["session"]["title"] == {"en": "Dialogue", "fr": "Échange"}
    assert (stage["session"]["starts"], stage["speakers"]["limit"]) == (5, 120)


@pytest.mark.parametrize(
    ("body", "code", "field"),
    [
        (b"", "malformed", None),
        (b"[" * 100_000, "malformed", None),
        (b'{"do":"announce","text":"\xff"}', "malformed", None),
        (b'{"do":"announce","text":"\\ud800"}', "malformed", None),
        (b"[]", "malformed", None),
        (b'{"text":"x"}', "command.unknown", "do"),
        (b'{"do":"fly"}', "command.unknown", "do"),
        (b'{"do":"announce"}', "invalid", "text"),
        (b'{"do":"announce","text":7}', "invalid", "text"),
        (b'{"do":"announce","text":{"":"x"}}', "invalid", "text"),
        (b'{"do":"announce","text":{"en\\n":"x"}}', "invalid", "text"),
        (b'{"do":"announce","text":{"__proto__":"x","en":"y"}}', "invalid", "text"),
        (b'{"do":"announce","text":"x","colour":1}', "invalid", "colour"),
        (b'{"do":"clock.start","seconds":1e400}', "invalid", "seconds"),
        (b'{"do":"clock.start","seconds":NaN}', "malformed", None),
        (b'{"do":"session.settings","starts":253402300800000}', "invalid", "starts"),
        (b'{"do":"poll.create","kind":"single","prompt":"?","settings":{"min":0}}', "invalid", "settings.min"),
    ],
)
def test_unreadable_commands_are_refused_with_the_field_that_is_wrong(
    body: bytes, code: str, field: str | None
) -> None:
    with pytest.raises(Refusal) as caught:
        parse_command(body)
    assert caught.value.code == code
    assert list(caught.value.fields) == ([] if field is None else [field])


def test_every_refusal_has_a_status_of_the_contract() -> None:
    assert set(STATUS.values()) <= {401, 403, 404, 409, 413, 422, 429, 500, 503}
