"""What a session is made from: its title, time, languages, groups and agenda, before it exists.

The importer makes a `Setup` from a pasted text or a file; `session.create` carries it into the log.
"""

from __future__ import annotations

from typing import Annotated

import msgspec
from msgspec import Meta

Text = dict[str, str]
"""A text that people read, per language: `{"en": "Hello", "fr": "Bonjour"}`."""

Language = Annotated[str, Meta(pattern=r"^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*\Z", max_length=20)]
"""A BCP 47 language tag."""

MAX_SEGMENTS = 30
MAX_GUIDING_QUESTIONS = 200
MAX_SECONDS = 24 * 3600
MAX_TITLE = 300
MAX_GUIDING_QUESTION = 1_000
MAX_GROUPS = 30
NO_GROUP = "none"
"""Stands for those who declared no stakeholder group, wherever figures are given by group; no group may be called so."""
MAX_STARTS = 32_472_144_000_000
"""The year 2999 in milliseconds since the epoch: later starts are slips of the pen, and soon no calendar can say them."""


class GuidingQuestionSetup(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A guiding question and its planned time; 0 seconds means no clock."""

    text: Text
    seconds: Annotated[int, Meta(ge=0, le=MAX_SECONDS)] = 0


class SegmentSetup(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A part of the session with its guiding questions, in order."""

    title: Text
    questions: tuple[GuidingQuestionSetup, ...] = ()


class GroupSetup(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A stakeholder group; `id` is a short slug such as `diaspora` or `public`."""

    id: Annotated[str, Meta(pattern=r"^[a-z][a-z0-9_-]{0,31}\Z")]
    name: Text


class Setup(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """All that is known of a session before it starts; the first language is the fallback for every text."""

    title: Text
    segments: tuple[SegmentSetup, ...]
    languages: Annotated[tuple[Language, ...], Meta(min_length=1, max_length=10)] = ("en",)
    groups: tuple[GroupSetup, ...] = ()
    starts: Annotated[int, Meta(ge=0, le=MAX_STARTS)] | None = None
    """Milliseconds since the epoch, or None where no date was given."""
    timezone: str = "UTC"
    """An IANA time zone name."""
    link: str | None = None
    """Where the video of a breakout room is, with `{room}` and perhaps `{session}` in it; `links.fault` says what may stand here."""
