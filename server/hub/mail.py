"""Mail: the frames of one flush, each encoded once, however many connections they go to.

A client may lose the connection between two frames of one write. So a frame says that the client holds the new position only when it is
the last one. A person's own document may be ahead of the others: frames that come before these still name the old position, and say so
of their own document (`early`).
Between two shared documents the client is nowhere, for what it holds then no other worker may ever have shown together.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from server.core import views
from server.hub.attachment import Names
from server.hub.audiences import Moved
from server.hub.peer import Batch
from server.protocol import frames
from server.protocol.frames import Stamp

Patch = Mapping[str, Any]


class Mail:
    """See the module.

    `patches` are those of the shared documents, `personal` those of the people's own, and `encoded` gives a shared document as it is now.
    """

    def __init__(
        self,
        patches: Mapping[str, Patch],
        personal: Mapping[str, Patch],
        encoded: Callable[[str], bytes],
        *,
        early: Stamp,
        stamp: Stamp,
    ) -> None:
        self.personal = personal
        self._patches = patches
        self._encoded = encoded
        self._early = early
        self._stamp = stamp
        self._frames: dict[tuple[str, bool], bytes] = {}
        self._shared: dict[Names, Batch] = {}
        self._own: dict[tuple[str, bool], Batch] = {}
        self._others: dict[tuple[str, Names], Batch] = {}

    def changed(self, names: Names) -> Names:
        """Return which of these documents have a patch."""
        return tuple(name for name in names if name in self._patches)

    def shared(self, names: Names) -> Batch | None:
        """Return the patches of these documents, which all have one; the last brings the client to the new position."""
        if not names:
            return None
        batch = self._shared.get(names)
        if batch is None:
            last = names[-1]
            batch = Batch([self._frame(name, last=name == last) for name in names], self._stamp.at)
            self._shared[names] = batch
        return batch

    def own(self, person: str, *, last: bool) -> Batch | None:
        """Return the patch of a person's own document, if it changed."""
        patch = self.personal.get(person)
        if patch is None:
            return None
        batch = self._own.get((person, last))
        if batch is None:
            stamp = self._stamp if last else self._early
            batch = self._own[person, last] = Batch([frames.patch(views.ME, stamp, patch)], stamp.at if last else None)
        return batch

    def usual(self, person: str, shared: Batch | None) -> list[Batch]:
        """Return all that somebody gets who reads the same documents as before."""
        return _there(self.own(person, last=shared is None), shared)

    def move(self, person: str, change: Moved, shared: Batch | None) -> list[Batch]:
        """Return all that somebody gets whose documents are others now.

        The new ones come first, and the old ones go when `me` has said where one is, so that a page need not stand without either.
        Only where nothing follows, `me` is the last.
        """
        new = self._once("full", change.new)
        gone = self._once("gone", change.gone)
        if shared is None:
            return _there(new, gone, self.own(person, last=True))
        return _there(new, self.own(person, last=False), gone, shared)

    def _once(self, kind: str, names: Names) -> Batch | None:
        """Return whole documents, or the end of documents, for all who come to them or leave them in this flush."""
        if not names:
            return None
        batch = self._others.get((kind, names))
        if batch is None:
            if kind == "full":
                messages = [frames.full(name, self._early, self._encoded(name)) for name in names]
            else:
                messages = [frames.gone(name) for name in names]
            batch = self._others[kind, names] = Batch(messages)
        return batch

    def _frame(self, name: str, *, last: bool) -> bytes:
        frame = self._frames.get((name, last))
        if frame is None:
            stamp = self._stamp if last else self._stamp.nowhere
            frame = self._frames[name, last] = frames.patch(name, stamp, self._patches[name])
        return frame


def _there(*batches: Batch | None) -> list[Batch]:
    return [batch for batch in batches if batch is not None]
