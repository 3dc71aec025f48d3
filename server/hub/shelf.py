"""The shelf: the shared documents of a session as they were last sent, built, compared and encoded once for everybody.

A document that is read is rebuilt slice by slice, only where an entry touched it, and remembers what its last changes touched: who comes
back gets one patch for all of them, made once for everybody who held the same position.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from server.core import views
from server.core.base import Path, Slice, Touched
from server.core.patch import Trace, diff, renewal, trace
from server.core.state import State
from server.hub.history import History
from server.protocol.frames import encode


class Shelved:
    """One document as last sent, known from entry `seq` on, and its encoding, made when first wanted.

    `passing` are slices that are outside the log: no position says which of their values a client holds. So they are said anew, as they
    were last sent, for the next patch is the difference to that.
    """

    __slots__ = ("_encoded", "_history", "_passing", "_renewals", "_touched", "document")

    def __init__(self, document: dict[str, Any], seq: int, passing: Iterable[str] = ()) -> None:
        self.document = document
        self._passing = tuple(passing)
        self._history = History(seq)
        self._touched: list[Trace] = []
        self._encoded: bytes | None = None
        self._renewals: dict[int, bytes | None] = {}

    @property
    def encoded(self) -> bytes:
        """The whole document."""
        if self._encoded is None:
            self._encoded = encode(self.document)
        return self._encoded

    def renewal(self, seq: int) -> bytes | None:
        """Return the patch for somebody who holds this document of entry `seq`, empty where there is nothing to say.

        None where it is not known what the document was then, and where the whole is no longer than the patch.
        """
        if seq not in self._renewals:
            self._renewals[seq] = self._renewal(seq)
        return self._renewals[seq]

    def _renewal(self, seq: int) -> bytes | None:
        traces = self._history.since(seq)
        if traces is None:
            return None
        patch = renewal(self.document, traces) | {part: self.document[part] for part in self._passing}
        encoded = encode(patch) if patch else b""
        return encoded if len(encoded) < len(self.encoded) else None

    def replace(self, part: str, value: Any) -> dict[str, Any]:
        """Set one slice and return the merge patch of this change, empty when nothing changed."""
        before = {part: self.document.get(part)}
        patch = diff(before, {part: value})
        if patch:
            self._note(part, trace(before, patch))
            self.document[part] = value
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
        touched: Trace = {}
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
            if item in patch:
                touched |= trace({item: before}, {item: patch[item]})
        if not patch:
            return {}
        for step in reversed(place):
            patch, touched = {step: patch}, {step: touched}
        self._note(place[0], touched)
        return patch

    def looked_at(self, since: int, seq: int) -> None:
        """Say that what was changed since the last time happened between these two entries, and nothing else did."""
        self._history.add(since, seq, self._touched)
        self._touched = []

    def _note(self, part: str, touched: Trace) -> None:
        self._encoded = None
        self._renewals.clear()
        if part not in self._passing:
            self._touched.append(touched)


class Shelf:
    """All shared documents of one session that somebody reads, as they were at the last flush; `seq` is its entry."""

    def __init__(self, seq: int) -> None:
        self._flushed = seq
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
            passing = extra() if name == views.STAGE else {}
            shelved = self._documents[name] = Shelved(views.shared(state, name) | passing, state.seq, passing)
        return shelved

    def put_back(self, name: str) -> None:
        """Nobody reads this document any more."""
        self._documents.pop(name, None)

    def flush(self, state: State) -> dict[str, dict[str, Any]]:
        """Rebuild what was touched and return the merge patches of the documents that changed."""
        patches: dict[str, dict[str, Any]] = {}
        looked: set[Shelved] = set()
        for name, part in self._dirty:
            shelved = self._documents.get(name)
            if shelved is not None:
                looked.add(shelved)
                _add(patches, name, shelved.replace(part, views.build(state, name, part)))
        for path, touched in self._items.items():
            shelved = self._documents.get(path[0])
            if shelved is not None and not self._built(path):
                looked.add(shelved)
                found = views.collection(path)
                items = {item: found.build(state, item) for item in touched}
                _add(patches, path[0], shelved.replace_items(found.place, items))
        for shelved in looked:
            shelved.looked_at(self._flushed, state.seq)
        self._flushed = state.seq
        self._dirty.clear()
        self._items.clear()
        return patches

    def _built(self, path: Path) -> bool:
        """Say whether a collection is built anew with what it lies in: its slice, or an item of a collection around it."""
        return path[:2] in self._dirty or any(
            path[depth] in self._items.get(path[:depth], ()) for depth in range(2, len(path))
        )

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


def _add(patches: dict[str, dict[str, Any]], name: str, patch: dict[str, Any]) -> None:
    if patch:
        _join(patches.setdefault(name, {}), patch)
