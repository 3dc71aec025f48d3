"""Which words each page's script may need: a page fetches these alone, not the catalogue of the whole interface."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import msgspec

_SESSION = ("common.", "refusal.")

PREFIXES: Mapping[str, tuple[str, ...]] = {
    "join": ("participant.lobby.starts",),
    "moderator": (*_SESSION, "moderator.", "results.", "rooms."),
    "moderator-harvest": (
        "rapporteur.kind.",
        "rapporteur.no_question",
        "rapporteur.note.edited",
        "rapporteur.person_of_group",
        "rapporteur.question",
        "rapporteur.rooms.",
    ),
    "new": (*_SESSION, "new."),
    "participant": (*_SESSION, "participant.", "results."),
    "participant-rooms": ("participant.room.", "rapporteur.kind.", "rooms."),
    "rapporteur": (*_SESSION, "rapporteur.", "rooms."),
    "report": ("common.",),
    "screen": ("common.", "rapporteur.kind.", "results.", "rooms.", "screen."),
}
"""Page (its template and its module are called so) -> how the keys begin that its script may ask for.

A test collects the keys in the modules of each page and holds them to this table.
"""

LATER: Mapping[str, str] = {"moderator-harvest": "moderator", "participant-rooms": "participant"}
"""Part of a page that is loaded when it is first needed -> the page, whose own words are then without those of the part."""


def words_path(page: str, language: str) -> str:
    """Return where the words of a page lie among the static files."""
    return f"locales/{page}/{language}.json"


def words_of(page: str, catalogue: bytes) -> bytes:
    """Return the part of a catalogue (a JSON object by key) that the script of `page` may ask for."""
    messages: dict[str, Any] = msgspec.json.decode(catalogue)
    later = tuple(prefix for part, whole in LATER.items() if whole == page for prefix in PREFIXES[part])
    own = PREFIXES[page]
    return msgspec.json.encode(
        {key: said for key, said in messages.items() if key.startswith(own) and not key.startswith(later)}
    )
