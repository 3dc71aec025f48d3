"""What all capabilities share: roles, the base of commands, and the context in which one entry is folded."""

from __future__ import annotations

import hashlib
import unicodedata
from base64 import b32encode
from collections.abc import Mapping
from typing import Annotated, Any, ClassVar, Protocol, dataclass_transform

import msgspec
from msgspec import Meta

from server.core.refusals import Refusal
from server.core.setup import Language, Text

PARTICIPANT = "participant"
MODERATOR = "moderator"
RAPPORTEUR = "rapporteur"
SCREEN = "screen"

ROLES = (PARTICIPANT, MODERATOR, RAPPORTEUR, SCREEN)

MODERATORS = frozenset({MODERATOR})
SCRIBES = frozenset({MODERATOR, RAPPORTEUR})
PEOPLE = frozenset({PARTICIPANT, MODERATOR, RAPPORTEUR})
SYSTEM: frozenset[str] = frozenset()
"""Nobody with a token: only the server itself writes such an entry."""

Id = Annotated[str, Meta(min_length=1, max_length=64)]
ShortText = Annotated[str, Meta(min_length=1, max_length=300)]
LongText = Annotated[str, Meta(min_length=1, max_length=2_000)]
TextIn = LongText | Annotated[dict[Language, LongText], Meta(min_length=1, max_length=10)]
"""A text as a sender gives it: a plain string in the sender's language, or one text per language."""
ShortTextIn = ShortText | Annotated[dict[Language, ShortText], Meta(min_length=1, max_length=10)]
MAX_NAME = 80
Name = Annotated[str, Meta(min_length=1, max_length=MAX_NAME)]
Seconds = Annotated[int, Meta(ge=0, le=86_400)]

Slice = tuple[str, str]
"""A document and one of its top-level fields, for example `("stage", "polls")`."""
Path = tuple[str, ...]
"""A document and the fields that lead down into it, for example `("record", "rooms", plan, "notes")`; a slice is one of two."""


@dataclass_transform(frozen_default=True, kw_only_default=True, field_specifiers=(msgspec.field,))
class _CommandMeta(msgspec.StructMeta):
    """Tells type checkers what every command inherits at run time: frozen, with keyword arguments."""


class Command(
    msgspec.Struct,
    metaclass=_CommandMeta,
    frozen=True,
    kw_only=True,
    omit_defaults=True,
    forbid_unknown_fields=True,
    tag_field="do",
):
    """One thing that somebody wants done. `id` is the sender's own and makes a repeat harmless."""

    roles: ClassVar[frozenset[str]] = MODERATORS
    after_end: ClassVar[bool] = False
    """Whether it may still be done when the session has ended."""

    id: Annotated[str, Meta(max_length=64)] = ""


class Who(Protocol):
    """What other capabilities need to know of a person."""

    @property
    def name(self) -> str: ...
    @property
    def group(self) -> str | None: ...
    @property
    def role(self) -> str: ...
    @property
    def removed(self) -> bool: ...
    @property
    def link(self) -> bool: ...
    @property
    def here(self) -> bool: ...


People = Mapping[str, Who]


class Place(msgspec.Struct, frozen=True):
    """Where in the breakout rooms something was: a plan's room in a round, counted from 1."""

    plan: str
    room: str
    round: int


Part = str | tuple[str, str]
"""A part of a person's own document (`views.ME_PARTS`), or one item of a part (`views.ME_ITEMS`)."""

WHEREABOUTS = frozenset({"who", "room"})
"""The parts of a person's own document that decide which shared documents they read."""


class Touched:
    """What entries may have changed: slices of documents, single items of collections, and people whose own document it may have changed.

    Items are for collections that grow with a session: what one vote costs does not depend on how many questions there are. A collection
    is named by where it stands, so it may be a slice or lie deeper; an object with fields is one too.
    """

    __slots__ = ("items", "people", "slices", "urgent", "whereabouts")

    def __init__(self) -> None:
        self.slices: set[Slice] = set()
        self.items: dict[Path, set[str]] = {}
        self.people: dict[str, set[Part]] = {}
        """The parts of their own document, by person."""
        self.whereabouts = False
        """Whether somebody may read other shared documents now."""
        self.urgent = False
        """Whether there is more in the shared documents than counts that go on: those may come a little later than words and turns."""

    def concerns(self, slice_: Slice) -> bool:
        """Say whether a slice, or an item of it, may have changed."""
        return slice_ in self.slices or slice_ in self.items


class Context(msgspec.Struct, gc=False):
    """Everything that one entry brings along while it is folded. What it may have changed is added to `touched`."""

    seq: int
    at: int
    by: str
    key: str
    salt: str
    language: str
    people: People
    touched: Touched
    written: dict[str, dict[str, Any]] = {}
    """Lines for the feed, by their key: the entry's number, and from the second line on a point and its own."""

    def touch(self, *slices: Slice) -> None:
        """Say that these slices of documents may have changed."""
        self.touched.slices.update(slices)
        self.touched.urgent = True

    def touch_item(self, collection: Path, *items: str) -> None:
        """Say that these items of a collection, known to `views.item_builder`, may have changed, come or gone, and nothing else of it."""
        self.touch_count(collection, *items)
        self.touched.urgent = True

    def touch_count(self, collection: Path, *items: str) -> None:
        """Say that a vote more or less was counted in these items, and nothing else of them has changed."""
        touched = self.touched.items.get(collection)
        if touched is None:
            self.touched.items[collection] = set(items)
        else:
            touched.update(items)

    def touch_person(self, person: str, *parts: Part) -> None:
        """Say which parts, or items of parts, of this person's own document may have changed."""
        if not WHEREABOUTS.isdisjoint(parts):
            self.touched.whereabouts = True
        touched = self.touched.people.get(person)
        if touched is None:
            self.touched.people[person] = set(parts)
        else:
            touched.update(parts)

    def new_id(self, kind: str) -> str:
        """Return the id of what this entry makes.

        It is drawn from the session's secret salt, the sender and the sender's key, never from a position or a count, so an id
        tells nobody how many things of its kind exist or in which order they came.
        """
        digest = hashlib.blake2b(
            f"{kind}\0{self.by}\0{self.key}".encode(), digest_size=10, key=self.salt.encode()[:64]
        ).digest()
        return kind + b32encode(digest).decode().lower()

    def text(self, value: str | Text, field: str = "text") -> Text:
        """Return a sender's text as `Text`, cleaned; `invalid` when nothing readable is left."""
        texts = {self.language: value} if isinstance(value, str) else value
        cleaned = {language: clean(text) for language, text in texts.items()}
        if not all(cleaned.values()):
            raise Refusal("invalid", **{field: "empty"})
        return cleaned

    def words(self, value: str | Text, field: str = "text") -> Text:
        """Return the text of somebody in the hall: in one language, for who moderates reads one and decides for all of them."""
        if not isinstance(value, str) and len(value) > 1 and self.people[self.by].role != MODERATOR:
            raise Refusal("invalid", **{field: "one language"})
        return self.text(value, field)

    def revised(self, old: Text, value: str | Text, field: str = "text") -> Text:
        """Return a text with a sender's change: a plain string changes the sender's language alone, a `Text` takes its place."""
        new = self.text(value, field)
        return {**old, **new} if isinstance(value, str) else new

    def write(self, what: str, **facts: Any) -> None:
        """Write a line into the feed of what happened."""
        key = str(self.seq) if not self.written else f"{self.seq}.{len(self.written)}"
        self.written[key] = {"at": self.at, "seq": self.seq, "what": what, **facts}
        self.touch_item(("record", "feed"), key)

    def member(self, person: str) -> Who:
        """Return somebody who is in the session and can act there, or refuse with `person.unknown`."""
        found = self.people.get(person)
        if found is None or found.removed or found.role == SCREEN:
            raise Refusal("person.unknown", person="unknown")
        return found


_KEPT_CONTROLS = {"\n", "\t"}
_INVISIBLE = {"Cc", "Cs", "Cn"}
# Bidirectional overrides reorder what stands around them; isolates and marks (needed in mixed Arabic and Latin text) stay.
_OVERRIDES = {"\u202a", "\u202b", "\u202c", "\u202d", "\u202e", "\ufeff"}
# Letters and symbols by their category that nobody can see: Hangul fillers and the empty Braille pattern.
_BLANKS = {"\u115f", "\u1160", "\u2800", "\u3164", "\uffa0"}


def clean(text: str) -> str:
    """Return `text` in NFC without control characters, byte order marks and overrides, and without outer space.

    A text of which nothing can be seen, such as one of zero-width spaces, is empty.
    """
    if text.isascii() and text.isprintable():
        return text.strip()
    kept = (
        c
        for c in unicodedata.normalize("NFC", text)
        if c not in _OVERRIDES and (c in _KEPT_CONTROLS or unicodedata.category(c) not in _INVISIBLE)
    )
    cleaned = "".join(kept).strip()
    return cleaned if any(c not in _BLANKS and unicodedata.category(c)[0] in "LNPS" for c in cleaned) else ""


def clean_name(name: str) -> str:
    """Return a person's name on one line, or refuse with `invalid` when nothing readable is left, or too much."""
    cleaned = " ".join(clean(name).split())
    if not cleaned:
        raise Refusal("invalid", name="empty")
    if len(cleaned) > MAX_NAME:
        raise Refusal("invalid", name="too long")
    return cleaned
