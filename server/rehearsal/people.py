"""Who comes to a rehearsal, and what they say: names, languages, groups and texts from `sample.json`.

Everything is drawn from a `random.Random` that the caller seeds, so that a rehearsal can be repeated.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from importlib.resources import files
from random import Random
from typing import Any

import msgspec

Text = dict[str, str]


class SamplePoll(msgspec.Struct, frozen=True):
    """A poll as `poll.create` takes it."""

    kind: str
    prompt: Text
    options: list[Text]
    settings: dict[str, Any]


class SampleNote(msgspec.Struct, frozen=True):
    """A rapporteur's note as `note.write` takes it."""

    kind: str
    text: Text


class SampleTable(msgspec.Struct, frozen=True):
    """A room's name and task as `rooms.plan` takes them."""

    name: Text
    task: Text


class SampleRooms(msgspec.Struct, frozen=True):
    """What is written in breakout rooms: the name of a plan, a moderator's message, and by language the notes and the handovers."""

    name: Text
    message: Text
    notes: dict[str, list[str]]
    handovers: dict[str, list[str]]


class Sample(msgspec.Struct, frozen=True):
    """The texts of `sample.json`; `weights` says how many of a hundred people speak a language."""

    weights: dict[str, int]
    given: dict[str, list[str]]
    family: dict[str, list[str]]
    questions: dict[str, list[str]]
    reasons: dict[str, list[str]]
    polls: list[SamplePoll]
    declined: Text
    answered: Text
    notes: list[SampleNote]
    tables: list[SampleTable]
    rooms: SampleRooms


class Person(msgspec.Struct, frozen=True):
    """One who takes part: what they give when they join."""

    name: str
    language: str
    group: str | None


@cache
def sample() -> Sample:
    """Return the texts that simulated people use."""
    return msgspec.json.decode(files(__package__).joinpath("sample.json").read_bytes(), type=Sample)


def invite(count: int, groups: Sequence[str], rng: Random) -> list[Person]:
    """Return `count` people; about one in ten belongs to no group, and all do where `groups` is empty."""
    texts = sample()
    languages = rng.choices(list(texts.weights), weights=list(texts.weights.values()), k=count)
    return [
        Person(
            name=f"{rng.choice(texts.given[language])} {rng.choice(texts.family[language])}",
            language=language,
            group=rng.choice(groups) if groups and rng.random() > 0.1 else None,
        )
        for language in languages
    ]


def within(text: Text, languages: Sequence[str]) -> Text:
    """Keep of `text` what is in the languages of a session; its English where nothing is left."""
    return {lang: words for lang, words in text.items() if lang in languages} or {languages[0]: text["en"]}


def spoken_in(person: Person, texts: Mapping[str, list[str]], chance: Random) -> dict[str, str]:
    """Return one of the texts in this person's language, named, because the session may not have it."""
    return {person.language: chance.choice(texts[person.language])}
