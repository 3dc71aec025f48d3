"""Persons: for each one the own document as last sent, which shared documents they read, and when either last changed.

What a person may see changes with entries; what their connections get changes with the next flush. Between the two this keeps both.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from server.core import views
from server.core.base import WHEREABOUTS, Part
from server.core.patch import diff
from server.core.state import State
from server.hub.attachment import Names
from server.hub.mail import Patch


class Persons:
    """See the module. Of `me` those are kept that somebody is connected for; positions are numbers of entries.

    What changed before the session was opened here is not known, so all of it counts as changed by the last entry of then.
    """

    def __init__(self, state: State) -> None:
        self._state = state
        self._opened = state.seq
        self._own: dict[str, dict[str, Any]] = {}
        self._own_changed: dict[str, int] = {}
        self._names: dict[str, Names] = {}
        self._names_changed: dict[str, int] = {}
        self._touched: dict[str, set[Part]] = {}
        self._suspects: set[str] = set()

    def touch(self, people: Mapping[str, Iterable[Part]], seq: int) -> None:
        """Say whose documents the entries up to `seq`, folded a moment ago, may have changed, and which parts of them.

        An entry after which somebody reads other documents must be the last of them.
        """
        for person, parts in people.items():
            self._own_changed[person] = seq
            self._touched.setdefault(person, set()).update(parts)
            if not WHEREABOUTS.isdisjoint(parts):
                self._suspects.add(person)
                self._look(person, seq)

    def _look(self, person: str, seq: int) -> None:
        names, before = views.names(self._state, person), self._names.get(person)
        if names != before:
            # What somebody read before who was not connected here is not known: that counts as a move too.
            self._names[person] = names
            self._names_changed[person] = seq

    def come(self, person: str, names: Names) -> None:
        """Somebody connects, and reads these shared documents as the state has it now."""
        self._names[person] = names

    @property
    def suspects(self) -> Iterable[str]:
        """Who may read other documents than at the last flush, or none any more."""
        return self._suspects

    def names(self, person: str) -> Names:
        """Return the shared documents of somebody who was touched, as the state has it now."""
        return self._names[person]

    def moved(self, person: str) -> int:
        """Return the position at which a person last got another role or another room."""
        return self._names_changed.get(person, self._opened)

    def changed(self, person: str) -> int:
        """Return the position at which a person's own document may last have changed."""
        return self._own_changed.get(person, self._opened)

    def own(self, person: str) -> dict[str, Any]:
        """Return a person's own document as last sent, or build it now."""
        if person not in self._own:
            self._own[person] = views.me(self._state, person)
        return self._own[person]

    def put_back(self, person: str) -> None:
        """Nobody is connected for this person any more."""
        self._own.pop(person, None)

    def flush(self, *, all_of_them: bool = True) -> dict[str, Patch]:
        """Rebuild what was touched of own documents and return the merge patches of those that changed.

        With `all_of_them` false those are left who may read other documents now: theirs go out together with these.
        """
        patches: dict[str, Patch] = {}
        left = {} if all_of_them else {person: self._touched.pop(person) for person in self._suspects}
        for person, parts in self._touched.items():
            own = self._own.get(person)
            if own is not None and (patch := self._rebuild(person, own, parts)):
                patches[person] = patch
        self._touched = left
        if all_of_them:
            self._suspects.clear()
        return patches

    def _rebuild(self, person: str, own: dict[str, Any], parts: Iterable[Part]) -> dict[str, Any]:
        new: dict[str, Any] = {}
        items: list[tuple[str, str]] = []
        for part in parts:
            if isinstance(part, str):
                new |= views.ME_PARTS[part](self._state, person)
            else:
                items.append(part)
        patch = diff({key: own[key] for key in new}, new) if new else {}
        own |= new
        for part, item in items:
            held = own[part]
            value, before = views.ME_ITEMS[part](self._state, person, item), held.get(item)
            if value == before:
                continue
            if value is None:
                del held[item]
            else:
                held[item] = value
            nested = isinstance(value, dict) and isinstance(before, dict)
            patch.setdefault(part, {})[item] = diff(before, value) if nested else value
        return patch
