"""Stakeholder groups: the usual five in every language of the catalogues, and ids for those that an agenda names."""

from __future__ import annotations

import re
import unicodedata

from server.core.setup import NO_GROUP, GroupSetup
from server.texts import Catalogues, resource

DEFAULT_GROUPS = ("diaspora", "public", "private", "academia", "youth")

GROUP_ID = re.compile(r"[a-z][a-z0-9_-]{0,31}")


def default_groups() -> tuple[GroupSetup, ...]:
    """The groups of a session whose agenda names none, with `group.<id>` of every catalogue as their names."""
    catalogues = Catalogues.load(resource("static") / "locales")
    return tuple(
        GroupSetup(id=group, name={lang: catalogues.t(lang, f"group.{group}") for lang in catalogues.languages})
        for group in DEFAULT_GROUPS
    )


def is_group_id(value: str) -> bool:
    """Whether `value` may name a group."""
    return GROUP_ID.fullmatch(value) is not None and value != NO_GROUP


def make_group_id(name: str, position: int, taken: set[str]) -> str:
    """A free id for the group called `name`: `Secteur privé` -> `secteur-prive`; `group-3` where no letter is Latin."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    slug = re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:28].rstrip("-")
    if not is_group_id(slug):
        slug = f"group-{position}"
    candidate, number = slug, 2
    while candidate in taken:
        candidate, number = f"{slug}-{number}", number + 1
    return candidate
