"""The shelf: the shared documents of a session as they were last sent, built, compared and encoded once for everybody.

A document nobody reads is not kept. One that is read is rebuilt slice by slice, only where an entry touched it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from server.core import views
from server.core.base import Path, Slice, Touched
from server.core.patch import diff
from server.core.state import State
from server.protocol.frames import encode


class Shelved:
    """One document: as last sent, its encoding (made when first wanted), and the position of its last change."""

    __slots__ = ("_encoded", "changed", "document")

    def __init__(self, document: dict[str, Any], changed: int) -> None:
        self.document = document
        self.changed = changed
        self._encoded: bytes | None = None

    @property
    def encoded(self) -> bytes:
        if self._encoded is None:
            self._encoded = encode(self.document)
        return self._encoded

    def replace(self, part: str, value: Any) -> dict[str, Any]:
        """Set one slice and return the merge patch of this change, empty when nothing changed."""
        patch = diff({part: self.document.get(part)}, {part: value})
        if patch:
            self.document[part] = value
            self._encoded = None
        return patch

    def replace_items(self, place: Path, items: dict[str, Any]) -> dict[str, Any]:
        """Set single items of a collection, None for one that is not there, and return the merge patch of this change.

        The document is this shelf's own, built for it alone, so it is changed in place: what is not touched is not looked at.
        Where there is no such collection there is nothing to set.
        """
        held: Any = self.document
        for step in place:
            held = held.get(step)
            if held is None:
                return {}
        patch: dict[str, Any] = {}
        for item, value in items.items():
            before = held.get(item)
            if value is None:
                if before is not None:
                    del held[item]
                    patch[item] = None
            elif isinstance(value, dict) and isinstance(before, dict):
                if inner := diff(before, value):
                    held[item], patch[item] = value, inner
            elif before != value:
                held[item] = patch[item] = value
        if not patch:
            return {}
        self._encoded = None
        for step in reversed(place):
            patch = {step: patch}
        return patch


class Shelf:
    """All shared documents of one session that somebody reads."""

    def __init__(self) -> None:
        self._documents: dict[str, Shelved] = {}
        self._dirty: set[Slice] = set()
        self._items: dict[Path, set[str]] = {}

    def touch(self, touched: Touched) -> None:
        """Say which slices, and which items of collections, may have changed since the last flush."""
        self._dirty |= touched.slices
        for path, items in touched.items.items():
            self._items.setdefault(path, set()).update(items)

    def holds(self, names: Iterable[str]) -> bool:
        """Say whether all these documents are kept."""
        return all(name in self._documents for name in names)

    def get(self, name: str, state: State, extra: Callable[[], dict[str, Any]]) -> Shelved:
        """Return a document as last sent, or build it now; `extra` gives the slices that are not in the state."""
        shelved = self._documents.get(name)
        if shelved is None:
            document = views.shared(state, name)
            if name == views.STAGE:
                document |= extra()
            shelved = self._documents[name] = Shelved(document, state.seq)
        return shelved

    def put_back(self, name: str) -> None:
        """Nobody reads this document any more."""
        self._documents.pop(name, None)

    def flush(self, state: State) -> dict[str, dict[str, Any]]:
        """Rebuild what was touched and return the merge patches of the documents that changed."""
        patches: dict[str, dict[str, Any]] = {}
        for name, part in self._dirty:
            shelved = self._documents.get(name)
            if shelved is not None:
                self._note(patches, name, shelved.replace(part, views.build(state, name, part)), state.seq)
        for path, touched in self._items.items():
            shelved = self._documents.get(path[0])
            if shelved is not None and not self._built(path):
                found = views.collection(path)
                items = {item: found.build(state, item) for item in touched}
                self._note(patches, path[0], shelved.replace_items(found.place, items), state.seq)
        self._dirty.clear()
        self._items.clear()
        return patches

    def _built(self, path: Path) -> bool:
        """Say whether a collection is built anew with what it lies in: its slice, or an item of a collection around it."""
        return path[:2] in self._dirty or any(
            path[depth] in self._items.get(path[:depth], ()) for depth in range(2, len(path))
        )

    def _note(self, patches: dict[str, dict[str, Any]], name: str, patch: dict[str, Any], seq: int) -> None:
        if patch:
            self._documents[name].changed = seq
            _join(patches.setdefault(name, {}), patch)

    def refresh(self, part: str, value: Any) -> dict[str, Any]:
        """Set a slice of the stage that is not in the state (presence, reactions); return its patch."""
        shelved = self._documents.get(views.STAGE)
        return shelved.replace(part, value) if shelved else {}


def _join(patch: dict[str, Any], more: dict[str, Any]) -> None:
    """Add to a patch one of other places of the same document."""
    for key, value in more.items():
        if key in patch:
            _join(patch[key], value)
        else:
            patch[key] = value
