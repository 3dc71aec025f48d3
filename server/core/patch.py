"""JSON Merge Patch (RFC 7396): the difference between two documents, its application, and one patch for many versions.

Merge patches do not compose: deleted and made anew, an object keeps members of before in whoever holds the first version, and there is
no patch that says "replace". So instead of patches their traces are put together: what they touched, and which members were there.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

_MISSING = object()


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


Trace = dict[str, "Trace | None"]
"""What a patch touched: under each name a trace where an object was, with its members if they went with it; None for anything else."""


def trace(document: dict[str, Any], patch: dict[str, Any]) -> Trace:
    """Return what `patch` touches of the document that it is about to be applied to."""
    touched: Trace = {}
    for key, value in patch.items():
        before = document.get(key)
        if isinstance(before, dict):
            touched[key] = trace(before, value if isinstance(value, dict) else dict.fromkeys(before))
        else:
            touched[key] = None
    return touched


def renewal(document: dict[str, Any], traces: Iterable[Trace]) -> dict[str, Any]:
    """Return the merge patch that turns an earlier version into `document`, where `traces` are of all patches since.

    It says of all that was touched what it is now, also where it is again what it was. So it suits every version in between as well.
    """
    patch: dict[str, Any] = {}
    for touched in traces:
        _renew(patch, document, touched)
    return patch


def _renew(patch: dict[str, Any], document: dict[str, Any], touched: Trace) -> None:
    for key, before in touched.items():
        value = document.get(key)
        if not isinstance(value, dict):
            patch[key] = value
        elif before is None:
            _set(patch.setdefault(key, {}), value)
        else:
            _renew(patch.setdefault(key, {}), value, before)


def _set(patch: dict[str, Any], value: dict[str, Any]) -> None:
    """Set all members, and keep those that the patch removes; `value` is copied, for the patch grows."""
    for key, inner in value.items():
        if isinstance(inner, dict):
            _set(patch.setdefault(key, {}), inner)
        else:
            patch[key] = inner


def same(left: Any, right: Any) -> bool:
    """Say whether two documents are equal where a null member and a missing one are the same."""
    if isinstance(left, dict) and isinstance(right, dict):
        return all(same(left.get(key), right.get(key)) for key in left.keys() | right.keys())
    return bool(left == right)
