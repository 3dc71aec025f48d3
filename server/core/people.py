"""People: who is in the session, in which role and stakeholder group, and which key opens it for them.

Only the SHA-256 of a key is kept. A role link (moderator, rapporteur, screen) is a person made with the session; renewing the link
replaces the hash, so the old link ends.
"""

from __future__ import annotations

from typing import Any, ClassVar, Literal

import msgspec

from server.core.base import (
    MODERATOR,
    PEOPLE,
    SCREEN,
    SYSTEM,
    Command,
    Context,
    Id,
    Name,
    clean_name,
)
from server.core.refusals import Refusal

MAX_PEOPLE = 20_000

DESK = ("desk", "people")


class Person(msgspec.Struct):
    """Somebody in the session. `joined` is in milliseconds; `group` is None where the person declared none."""

    name: str
    group: str | None
    role: str
    language: str
    token: str
    joined: int
    link: bool = False
    """Whether this is a role link of the session rather than somebody who joined with the code."""
    removed: bool = False
    here: bool = True
    """Whether they are connected, or were a moment ago; `person.gone` and `person.back` say so for those who joined with the code."""
    visits: int = 1
    """How often they came: with the id it names the entry that says they left, whichever worker writes it."""


class People(msgspec.Struct):
    """The people of a session, by id, and the hashes of the keys that are valid now."""

    items: dict[str, Person] = {}
    holders: dict[str, str] = {}
    groups: dict[str, dict[str, str]] = {}
    languages: tuple[str, ...] = ("en",)


class Join(Command, tag="person.join"):
    """Somebody comes in with the join code; `token` is the SHA-256 of the key that they were given."""

    roles: ClassVar[frozenset[str]] = SYSTEM
    after_end: ClassVar[bool] = True
    name: str
    token: str
    group: str | None = None
    language: str = "en"


class Gone(Command, tag="person.gone"):
    """Somebody who joined with the code has not been connected for a while."""

    roles: ClassVar[frozenset[str]] = SYSTEM
    after_end: ClassVar[bool] = True
    person: str


class Back(Command, tag="person.back"):
    """Somebody who was gone is connected again."""

    roles: ClassVar[frozenset[str]] = SYSTEM
    after_end: ClassVar[bool] = True
    person: str


class RenewRole(Command, tag="role.renew"):
    """A role link gets a new key; the old one ends. `asked_with` is the SHA-256 of the key of the moderator who wants it."""

    roles: ClassVar[frozenset[str]] = SYSTEM
    after_end: ClassVar[bool] = True
    role: str
    token: str
    asked_with: str


class Rename(Command, tag="person.rename"):
    roles: ClassVar[frozenset[str]] = PEOPLE
    name: Name
    person: Id | None = None


class ChangeGroup(Command, tag="person.group"):
    roles: ClassVar[frozenset[str]] = PEOPLE
    group: str | None
    person: Id | None = None


class ChangeLanguage(Command, tag="person.language"):
    roles: ClassVar[frozenset[str]] = PEOPLE
    after_end: ClassVar[bool] = True
    language: str


class Remove(Command, tag="person.remove"):
    after_end: ClassVar[bool] = True
    person: Id


class ChangeRole(Command, tag="person.role"):
    after_end: ClassVar[bool] = True
    person: Id
    role: Literal["participant", "moderator", "rapporteur"]


def join(people: People, ctx: Context, command: Join) -> str:
    """Add a person and return the new id."""
    name = clean_name(command.name)
    _known_group(people, command.group)
    if len(people.holders) >= MAX_PEOPLE:
        raise Refusal("session.full")
    person = ctx.new_id("p")
    add(people, ctx, person, name, command.group, "participant", command.language, command.token)
    return person


def add(
    people: People,
    ctx: Context,
    person: str,
    name: str,
    group: str | None,
    role: str,
    language: str,
    token: str,
    *,
    link: bool = False,
) -> None:
    """Put a person in, with a valid key. A language that the session does not offer becomes its first one."""
    if language not in people.languages:
        language = people.languages[0]
    people.items[person] = Person(name, group, role, language, token, ctx.at, link)
    people.holders[token] = person
    ctx.touch_item(DESK, person)
    ctx.touch_person(person, "who")


def renew_role(people: People, ctx: Context, command: RenewRole) -> str:
    """Give the link of a role a new key, if the key that asked for it still is a moderator's; return whose it is."""
    asker = people.holders.get(command.asked_with)
    if asker is None or people.items[asker].role != MODERATOR:
        raise Refusal("forbidden")
    for ident, person in people.items.items():
        if person.link and person.role == command.role:
            people.holders.pop(person.token, None)
            person.token = command.token
            person.removed = False
            people.holders[command.token] = ident
            ctx.touch_item(DESK, ident)
            ctx.touch_person(ident, "who")
            return ident
    raise Refusal("person.unknown")


def gone(people: People, ctx: Context, command: Gone) -> None:
    """Note that somebody left; they keep their place in the session."""
    _present(people, ctx, command.person, here=False)


def back(people: People, ctx: Context, command: Back) -> None:
    """Note that somebody who had left is here again."""
    _present(people, ctx, command.person, here=True)
    people.items[command.person].visits += 1


def rename(people: People, ctx: Context, command: Rename) -> str:
    """Change a name; return whose."""
    ident, person = _target(people, ctx, command.person)
    person.name = clean_name(command.name)
    _shown_everywhere(ctx, ident)
    return ident


def change_group(people: People, ctx: Context, command: ChangeGroup) -> str:
    """Change a stakeholder group; return whose."""
    ident, person = _target(people, ctx, command.person)
    _known_group(people, command.group)
    person.group = command.group
    _shown_everywhere(ctx, ident)
    return ident


def change_language(people: People, ctx: Context, command: ChangeLanguage) -> None:
    """Choose the language in which the session speaks to oneself."""
    if command.language not in people.languages:
        raise Refusal("language.unknown", language="unknown")
    ident, person = _target(people, ctx, None)
    person.language = command.language
    ctx.touch_item(DESK, ident)
    ctx.touch_person(ident, "who")


def remove(people: People, ctx: Context, command: Remove) -> None:
    """Take a person out: the key ends at once."""
    if command.person == ctx.by:
        raise Refusal("person.self")
    ident, person = _target(people, ctx, command.person)
    person.removed = True
    people.holders.pop(person.token, None)
    ctx.touch_item(DESK, ident)
    ctx.touch_person(ident, "who")


def change_role(people: People, ctx: Context, command: ChangeRole) -> None:
    """Give a person another role; the role of a link is fixed."""
    if command.person == ctx.by:
        raise Refusal("person.self")
    ident, person = _target(people, ctx, command.person)
    if person.link:
        raise Refusal("person.link")
    person.role = command.role
    ctx.touch_item(DESK, ident)
    ctx.touch_person(ident, "who")


def desk(people: People, spoken: dict[str, tuple[int, int]]) -> dict[str, Any]:
    """Return `desk.people`; `spoken` is {person: (milliseconds, turns)}. The screen is no person to look after."""
    items = ((ident, desk_item(people, spoken, ident)) for ident in people.items)
    return {ident: item for ident, item in items if item is not None}


def desk_item(people: People, spoken: dict[str, tuple[int, int]], ident: str) -> dict[str, Any] | None:
    """Return one person as `desk.people` shows them."""
    person = people.items.get(ident)
    if person is None or person.role == SCREEN:
        return None
    ms, turns = spoken.get(ident, (0, 0))
    return {
        "name": person.name,
        "group": person.group,
        "role": person.role,
        "language": person.language,
        "joined": person.joined,
        "link": person.link,
        "removed": person.removed,
        "here": person.here and not person.removed,
        "spoken": ms,
        "turns": turns,
    }


def _target(people: People, ctx: Context, person: str | None) -> tuple[str, Person]:
    """Return whom a command is about: oneself, or for a moderator anybody."""
    ident = person or ctx.by
    if ident != ctx.by and people.items[ctx.by].role != MODERATOR:
        raise Refusal("forbidden")
    found = people.items.get(ident)
    if found is None or found.removed:
        raise Refusal("person.unknown", person="unknown")
    return ident, found


def _present(people: People, ctx: Context, ident: str, *, here: bool) -> None:
    person = people.items.get(ident)
    if person is None or person.removed or person.link or person.here is here:
        raise Refusal("person.unknown", person="unknown")
    person.here = here
    ctx.touch_item(DESK, ident)


def _known_group(people: People, group: str | None) -> None:
    if group is not None and group not in people.groups:
        raise Refusal("group.unknown", group="unknown")


def _shown_everywhere(ctx: Context, person: str) -> None:
    """A name or group stands on the stage beside hands and questions, on the desk and in the record."""
    ctx.touch_item(DESK, person)
    ctx.touch(("stage", "speakers"), ("stage", "questions"), ("desk", "questions"), ("record", "speaking"))
    ctx.touch_person(person, "who")
