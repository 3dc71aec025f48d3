"""JSON Merge Patch (RFC 7396): the difference between two documents, and its application."""

from __future__ import annotations

from typing import Any

_MISSING = object()

NOTHING: dict[str, Any] = {}
"""The patch between equal documents."""


def diff(old: dict[str, Any], new: dict[str, Any]) -> dict[str, Any]:
    """Return the merge patch that turns `old` into `new`.

    A merge patch cannot set a member to null, it removes it; documents hold null where something is absent, and a reader takes a
    missing member and null for the same. `same` is equality in that sense, and `apply(old, diff(old, new))` is the same as `new`.
    """
    patch: dict[str, Any] = {}
    for key, value in new.items():
        before = old.get(key, _MISSING)
        if before is value:
            continue
        if isinstance(value, dict) and isinstance(before, dict):
            inner = diff(before, value)
            if inner:
                patch[key] = inner
        elif before is _MISSING:
            if value is not None:
                patch[key] = value
        elif before != value:
            patch[key] = value
    for key, value in old.items():
        if key not in new and value is not None:
            patch[key] = None
    return patch


def apply(document: dict[str, Any], patch: dict[str, Any]) -> dict[str, Any]:
    """Return `document` with `patch` applied; neither argument is changed."""
    result = dict(document)
    for key, value in patch.items():
        if value is None:
            result.pop(key, None)
        elif isinstance(value, dict):
            inner = result.get(key)
            result[key] = apply(inner if isinstance(inner, dict) else {}, value)
        else:
            result[key] = value
    return result


def same(left: Any, right: Any) -> bool:
    """Say whether two documents are equal where a null member and a missing one are the same."""
    if isinstance(left, dict) and isinstance(right, dict):
        return all(same(left.get(key), right.get(key)) for key in left.keys() | right.keys())
    return bool(left == right)
