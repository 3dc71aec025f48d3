"""The shelf: the shared documents of a session as they were last sent, built, compared and encoded once for everybody.

A document that is read is rebuilt slice by slice, only where an entry touched it. One that nobody reads is not: what was touched is noted
down, and looked at in one step when somebody comes, who may be the one moderator that lost the network for a minute. Rooms are forgotten.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable
from typing import Any

from server.core import views
from server.core.base import Path, Touched
from server.core.state import State
from server.hub.shelved import Shelved


class Shelf:
    """All shared documents of one session that somebody reads, as they were at the last flush; `seq` is its entry."""

    def __init__(self, seq: int) -> None:
        self._flushed = seq
        self._documents: dict[str, Shelved] = {}
        self._unread: dict[str, int] = {}
        """The entry up to which a document is rebuilt that nobody reads."""
        self._touched: defaultdict[str, Touched] = defaultdict(Touched)

    def touch(self, touched: Touched) -> None:
        """Say which slices, and which items of collections, may have changed since the last flush."""
        for slice_ in touched.slices:
            self._touched[slice_[0]].slices.add(slice_)
        for path, items in touched.items.items():
            self._touched[path[0]].items.setdefault(path, set()).update(items)

    def holds(self, names: Iterable[str]) -> bool:
        """Say whether all these documents are kept as they were last sent."""
        return all(name in self._documents and name not in self._unread for name in names)

    def get(self, name: str, state: State, extra: Callable[[], dict[str, Any]]) -> Shelved:
        """Return a document as last sent, or build it now; `extra` gives the slices that are not in the state."""
        shelved = self._documents.get(name)
        if shelved is not None and name not in self._unread:
            return shelved
        passing = extra() if name == views.STAGE else {}
        if shelved is None:
            shelved = self._documents[name] = Shelved(views.shared(state, name) | passing, state.seq, passing)
        else:
            self._rebuild(name, shelved, state, self._unread.pop(name))
            for part, value in passing.items():
                shelved.replace(part, value)
        return shelved

    def put_back(self, name: str) -> None:
        """Nobody reads this document any more."""
        if views.is_room(name):
            self._documents.pop(name, None)
        elif name in self._documents:
            self._unread[name] = self._flushed

    def flush(self, state: State) -> dict[str, dict[str, Any]]:
        """Rebuild what was touched and return the merge patches of the documents that changed."""
        patches: dict[str, dict[str, Any]] = {}
        for name in list(self._touched):
            shelved = self._documents.get(name)
            if shelved is None:
                del self._touched[name]
            elif name not in self._unread and (patch := self._rebuild(name, shelved, state, self._flushed)):
                patches[name] = patch
        self._flushed = state.seq
        return patches

    def _rebuild(self, name: str, shelved: Shelved, state: State, since: int) -> dict[str, Any]:
        """Look at what was touched of a document that is as it was at entry `since`, and return the patch of what changed."""
        touched = self._touched.pop(name, None)
        patch: dict[str, Any] = {}
        if touched is None:
            return patch
        for _, part in touched.slices:
            _join(patch, shelved.replace(part, views.build(state, name, part)))
        for path, items in touched.items.items():
            if not _built(path, touched):
                build = views.item_builder(path)
                _join(patch, shelved.replace_items(path[1:], {item: build(state, item) for item in items}))
        shelved.looked_at(since, state.seq)
        return patch

    def refresh(self, part: str, value: Any) -> dict[str, Any]:
        """Set a slice of the stage that is not in the state (presence, reactions); return its patch."""
        return self._documents[views.STAGE].replace(part, value) if self.holds((views.STAGE,)) else {}


def _built(path: Path, touched: Touched) -> bool:
    """Say whether a collection is built anew with what it lies in: its slice, or an item of a collection around it."""
    return path[:2] in touched.slices or any(
        path[depth] in touched.items.get(path[:depth], ()) for depth in range(2, len(path))
    )


def _join(patch: dict[str, Any], more: dict[str, Any]) -> None:
    """Add to a patch one of other places of the same document."""
    for key, value in more.items():
        if key in patch:
            _join(patch[key], value)
        else:
            patch[key] = value
