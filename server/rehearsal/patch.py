"""JSON Merge Patch (RFC 7396) without touching the old document, and shared among many clients.

A merge patch cannot set a member to null, it removes it, so null and missing are the same to a reader. Here a document never
holds a null member: that makes equal documents equal, however they came.

A thousand simulated people receive the same patch of the stage. `SharedDocuments` computes the new document once for all
who hold the same old one. It only ever saves work on equal inputs: a client that holds something else gets something else.
"""

from __future__ import annotations

from typing import Any

import msgspec

Document = Any
"""A JSON value; never changed once made, because many clients may hold it."""

KEPT_MERGES = 512
KEPT_DOCUMENTS = 256


def merge(target: Document, patch: Document) -> Document:
    """Return `target` with `patch` applied (RFC 7396, section 2); parts that did not change are the same objects."""
    if not isinstance(patch, dict):
        return patch
    merged = dict(target) if isinstance(target, dict) else {}
    for name, value in patch.items():
        if value is None:
            merged.pop(name, None)
        else:
            merged[name] = merge(merged.get(name), value)
    return merged


def whole(raw: bytes) -> Document:
    """Return the document in `raw`, without its null members."""
    return merge({}, msgspec.json.decode(raw))


class SharedDocuments:
    """Decodes and merges documents once for all clients that hold the same one."""

    def __init__(self) -> None:
        self._merges: dict[tuple[int, int], tuple[Document, Document, Document]] = {}
        self._decoded: dict[bytes, Document] = {}
        self._latest: dict[tuple[str, int], Document] = {}

    def decode(self, name: str, seq: int, raw: bytes) -> Document:
        """Return the document in `raw`, which came whole."""
        known = self._decoded.get(raw)
        if known is None:
            known = self._same(name, seq, whole(raw))
            _keep(self._decoded, raw, known, KEPT_DOCUMENTS)
        return known

    def merge(self, name: str, seq: int, target: Document, patch: Document) -> Document:
        """Return `merge(target, patch)`; neither may be changed by anybody afterwards."""
        key = (id(target), id(patch))
        known = self._merges.get(key)
        if known is not None:
            return known[2]
        merged = self._same(name, seq, merge(target, patch))
        # The entry holds both inputs, so their ids cannot come to mean other objects while it is kept.
        _keep(self._merges, key, (target, patch, merged), KEPT_MERGES)
        return merged

    def _same(self, name: str, seq: int, document: Document) -> Document:
        """Return the equal document of somebody else at this position, so that their next merges are shared again."""
        other = self._latest.get((name, seq))
        if other is not None and other == document:
            return other
        _keep(self._latest, (name, seq), document, KEPT_DOCUMENTS)
        return document


def _keep(store: dict[Any, Any], key: Any, value: Any, limit: int) -> None:
    if len(store) >= limit and key not in store:
        del store[next(iter(store))]
    store[key] = value
