"""Secrecy: two logs that differ only in what an audience may not see give that audience byte-equal documents.

Each pair of worlds gets the same entries but for a secret. Where the secret is an entry of its own, one world gets another entry in its
place, and once none at all.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.support.world import World

Secret = Callable[[World, str, str], None]


def seen(world: World, *documents: str, person: str | None = None) -> bytes:
    """Return the bytes that an audience receives."""
    docs: dict[str, Any] = {name: world.doc(name) for name in documents}
    if person is not None:
        docs["me"] = world.doc("me", person)
    return json.dumps(docs).encode()


def pair(secret: Secret, other: Secret) -> tuple[tuple[World, str, str], tuple[World, str, str]]:
    """Return two worlds with the same two people, a live question and an open poll, that differ in the secret."""
    worlds = []
    for act in (secret, other):
        world = World(check=False)
        ann, bo = world.join("Ann", "youth"), world.join("Bo")
        world.done(world.moderator, "agenda.next", current=None)
        act(world, ann, bo)
        worlds.append((world, ann, bo))
    return worlds[0], worlds[1]


def asked(text: str, **more: Any) -> Secret:
    return lambda world, ann, bo: world.done(ann, "question.ask", key="ask", text=text, **more)


def declined(reason: str) -> Secret:
    def act(world: World, ann: str, bo: str) -> None:
        question = world.made(ann, "question.ask", key="ask", text="Why?")
        world.done(world.moderator, "question.decline", question=question, reason=reason)

    return act


def drafted(prompt: str) -> Secret:
    return lambda world, ann, bo: world.done(
        world.moderator, "poll.create", key="draft", kind="single", prompt=prompt, options=[prompt, "y"]
    )


def voted(option: str, *, then: str | None = None) -> Secret:
    def act(world: World, ann: str, bo: str) -> None:
        poll = world.made(world.moderator, "poll.create", key="poll", kind="single", prompt="?", options=["x", "y"])
        world.done(world.moderator, "poll.open", poll=poll)
        world.done(ann, "ballot.cast", poll=poll, answer=[option])
        for step in (
            ("poll.close", "poll.publish", "poll.hide") if then == "hide" else (("poll.close",) if then else ())
        ):
            world.done(world.moderator, step, poll=poll)

    return act


def raised(reason: str) -> Secret:
    return lambda world, ann, bo: world.done(ann, "hand.raise", reason=reason)


def noted(text: str, kind: str) -> Secret:
    return lambda world, ann, bo: world.done(world.rapporteur, "note.write", kind=kind, text=text)


def nothing(world: World, ann: str, bo: str) -> None:
    """No secret at all."""


EVERYBODY: list[tuple[str, Secret, Secret]] = [
    ("a pending question", asked("Why?"), asked("Who?")),
    ("that a question waits", asked("Why?"), nothing),
    ("a pending question's anonymity", asked("Why?"), asked("Why?", anonymous=True)),
    ("why a question was declined", declined("Rude"), declined("Asked before")),
    ("that a question was declined", declined("Rude"), nothing),
    ("a drafted poll", drafted("Is it so?"), drafted("Is it not?")),
    ("that a poll is drafted", drafted("Is it so?"), nothing),
    ("a ballot in an open poll", voted("a"), voted("b")),
    ("a ballot in a closed poll", voted("a", then="close"), voted("b", then="close")),
    ("a ballot in a hidden poll", voted("a", then="hide"), voted("b", then="hide")),
    ("the reason of a hand", raised("Visas"), raised("Money")),
    ("a note", noted("Trust", "works"), noted("Distrust", "fails")),
    ("that a note was written", noted("Trust", "works"), nothing),
]


@pytest.mark.parametrize(("secret", "other"), [row[1:] for row in EVERYBODY], ids=[row[0] for row in EVERYBODY])
def test_the_hall_cannot_tell(secret: Secret, other: Secret) -> None:
    (one, _, bo), (two, _, bo_again) = pair(secret, other)
    assert bo == bo_again
    assert seen(one, "stage", person=bo) == seen(two, "stage", person=bo)
    assert seen(one, "stage", person=one.screen) == seen(two, "stage", person=two.screen)


InRoom = Callable[[World, str, str, str], None]
"""Something that happens in a room: (world, a person there, their mate, the room)."""


def wrote(text: str) -> InRoom:
    return lambda world, ann, mate, room: world.done(ann, "note.write", key="note", room=room, kind="works", text=text)


def rewrote(text: str) -> InRoom:
    def act(world: World, ann: str, mate: str, room: str) -> None:
        note = world.made(ann, "note.write", key="note", room=room, kind="works", text="Trust")
        world.done(ann, "note.edit", note=note, text=text)

    return act


def asked_help(world: World, ann: str, mate: str, room: str) -> None:
    world.done(ann, "room.help")
    world.done(world.moderator, "room.coming", room=room)


def left_lines(text: str) -> InRoom:
    return lambda world, ann, mate, room: world.done(ann, "room.handover", text=text)


def told(text: str) -> InRoom:
    return lambda world, ann, mate, room: world.done(world.moderator, "rooms.message", text=text, room=room)


def polled(answer: str) -> InRoom:
    def act(world: World, ann: str, mate: str, room: str) -> None:
        poll = world.made(world.moderator, "poll.create", key="poll", kind="single", prompt="?", options=["x", "y"])
        world.done(world.moderator, "poll.open", poll=poll, where=room)
        for person in (ann, mate):
            world.done(person, "ballot.cast", poll=poll, answer=[answer])
        for step in ("poll.close", "poll.publish"):
            world.done(world.moderator, step, poll=poll)

    return act


def polled_everywhere(answer: str) -> InRoom:
    def act(world: World, ann: str, mate: str, room: str) -> None:
        poll = world.made(
            world.moderator, "poll.create", key="poll", kind="single", prompt="?", options=["x", "y"],
            settings={"visibility": "live"},
        )  # fmt: skip
        world.done(world.moderator, "poll.open", poll=poll, where="rooms")
        world.done(ann, "ballot.cast", poll=poll, answer=[answer])
        if answer == "b":
            world.done(mate, "ballot.cast", poll=poll, answer=[answer])

    return act


def nothing_there(world: World, ann: str, mate: str, room: str) -> None:
    """No secret at all."""


ROOMS: list[tuple[str, InRoom, InRoom]] = [
    ("a note", wrote("Trust"), wrote("Distrust")),
    ("that a note was written", wrote("Trust"), nothing_there),
    ("how a note was changed", rewrote("Trust"), rewrote("Distrust")),
    ("a call for help", asked_help, nothing_there),
    ("a handover", left_lines("Look here"), nothing_there),
    ("a message", told("Louder"), nothing_there),
    ("a poll of the room", polled("a"), polled("b")),
    ("that a poll ran in the room", polled("a"), nothing_there),
    ("who voted how side by side", polled_everywhere("a"), polled_everywhere("b")),
]


@pytest.mark.parametrize("rotated", [False, True])
@pytest.mark.parametrize(("secret", "other"), [row[1:] for row in ROOMS], ids=[row[0] for row in ROOMS])
def test_another_room_and_the_plenary_cannot_tell(secret: InRoom, other: InRoom, rotated: bool) -> None:
    """What happened in one room is the same to those in the other one, in its rounds to come too, and to who is in no room."""
    seen_by: list[list[bytes]] = []
    for act in (secret, other):
        world = World(check=False)
        people = [world.join(name) for name in ("Ann", "Bo", "Cy", "Di")]
        topics = [{"host": people[0]}, {}]
        _, rooms = world.rooms(key="plan", assign="mixed", rooms=2, rounds=2, topics=topics)
        world.done(world.moderator, "rooms.open")
        ann, *mates = [person for person in people if world.doc("me", person)["room"] == rooms[0]]
        outside = world.join("Eve")
        world.done(world.moderator, "rooms.assign", person=outside, room=None)
        act(world, ann, mates[0], rooms[0])
        if rotated:
            world.done(world.moderator, "rooms.rotate")
        others = [person for person in people if world.doc("me", person)["room"] == rooms[1]]
        assert others
        strangers = [person for person in others if person not in mates]
        seen_by.append(
            [seen(world, "stage", f"room/{rooms[1]}", person=person) for person in strangers]
            + [seen(world, "stage", person=person) for person in (outside, world.screen)]
        )
    assert seen_by[0] == seen_by[1]


RAPPORTEURS = [row for row in EVERYBODY if "note" not in row[0]]


@pytest.mark.parametrize(("secret", "other"), [row[1:] for row in RAPPORTEURS], ids=[row[0] for row in RAPPORTEURS])
def test_the_rapporteurs_cannot_tell(secret: Secret, other: Secret) -> None:
    """Feed keys are positions in the log, so for rapporteurs only logs of the same length are compared."""
    (one, *_), (two, *_) = pair(secret, other)
    if len(one.log) == len(two.log):
        assert seen(one, "stage", "record", person=one.rapporteur) == seen(
            two, "stage", "record", person=two.rapporteur
        )
    else:
        assert seen(one, "stage", person=one.rapporteur) == seen(two, "stage", person=two.rapporteur)


@pytest.mark.parametrize("state", ["pending", "live", "answered", "declined"])
def test_not_even_the_desk_can_tell_who_asked_anonymously(state: str) -> None:
    """The two worlds differ in who asked. Ids come from the asker and a secret salt, so they are compared by what they hold."""
    views = []
    for asker in (0, 1):
        world = World(check=False)
        people = (world.join("Ann", "youth"), world.join("Bo", "diaspora"))
        question = world.made(people[asker], "question.ask", key="ask", text="Why?", anonymous=True)
        if state in ("live", "answered"):
            world.done(world.moderator, "question.approve", question=question)
        if state == "answered":
            world.done(world.moderator, "question.answer", question=question, text="So.")
        if state == "declined":
            world.done(world.moderator, "question.decline", question=question, reason="Rude")
        views += [
            seen(world, "stage", "desk", "record", person=reader).replace(question.encode(), b"ID")
            for reader in (world.moderator, world.rapporteur)
        ]
    assert views[0] == views[2]
    assert views[1] == views[3]


def test_no_key_or_salt_stands_in_any_document() -> None:
    world = World(salt="very-secret-salt", check=False)
    ann = world.join("Ann")
    documents = seen(world, "stage", "desk", "record", person=ann) + seen(world, person=world.moderator)
    for secret in ("very-secret-salt", *world.state.people.holders):
        assert secret.encode() not in documents


def test_ids_are_drawn_from_the_salt_so_that_they_cannot_be_computed_from_outside() -> None:
    made = [World(salt=salt, check=False).join("Ann") for salt in ("one", "two")]
    assert made[0] != made[1]


@given(
    st.lists(st.tuples(st.integers(0, 2), st.sampled_from("ab"), st.sampled_from("ab"), st.booleans()), max_size=12),
    st.booleans(),
)
@settings(max_examples=60)
def test_no_sequence_of_ballots_shows_before_publishing(steps: list[tuple[int, str, str, bool]], closed: bool) -> None:
    """However often people vote and change their minds, the hall sees turnout and nothing else."""
    documents = []
    for choice in (1, 2):
        world = World(check=False)
        people = [world.join(name) for name in ("Ann", "Bo", "Cy")]
        watcher = world.join("Di")
        poll = world.made(world.moderator, "poll.create", kind="single", prompt="?", options=["x", "y"])
        world.done(world.moderator, "poll.open", poll=poll)
        for step in steps:
            world.done(people[step[0]], "ballot.cast", poll=poll, answer=[step[choice]])
            if step[3]:
                world.done(people[step[0]], "ballot.withdraw", poll=poll)
        if closed:
            world.done(world.moderator, "poll.close", poll=poll)
        documents.append(seen(world, "stage", person=watcher))
    assert documents[0] == documents[1]
