"""A shared document as last sent: changed in place, encoded once for everybody, and with the patch for whoever holds an earlier one.

The patch is made once for all who held the same position: when a network breaks, a hall comes back together.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from server.core.base import Path
from server.core.patch import Trace, diff, renewal, trace
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
        """The patches over the last so many steps, as far as they were asked for."""

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
        many = self._history.later(seq)
        if many is None:
            return None
        if many not in self._renewals:
            self._renewals[many] = self._renewal(many)
        return self._renewals[many]

    def _renewal(self, steps: int) -> bytes | None:
        patch = renewal(self.document, self._history.traces(steps))
        patch |= {part: self.document[part] for part in self._passing}
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
        self._renewals.clear()

    def _note(self, part: str, touched: Trace) -> None:
        self._encoded = None
        self._renewals.clear()
        if part not in self._passing:
            self._touched.append(touched)
