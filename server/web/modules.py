"""Which modules a page loads: read from the import statements of our own modules, so that a page can ask for all at once.

A browser learns of an import only when the importing module has come; over a thin link each such step costs a round trip.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable

from server.web.strip import without_comments

_IMPORT = re.compile(r"""^(?:import|export)\b[^"'`;=(]*["'](\.{1,2}/[^"']+)["']""", re.MULTILINE)


def imports_of(path: str, source: str) -> list[str]:
    """Return the paths that the module at `path` imports statically, in its order."""
    folder = posixpath.dirname(path)
    return [posixpath.normpath(posixpath.join(folder, found)) for found in _IMPORT.findall(without_comments(source))]


def graph(entry: str, source_of: Callable[[str], str | None]) -> tuple[str, ...]:
    """Return `entry` and all that it imports, nearest first; nothing where `source_of(entry)` is None."""
    found: dict[str, None] = {}
    waiting = [entry]
    for path in waiting:
        if path in found or (source := source_of(path)) is None:
            continue
        found[path] = None
        waiting += imports_of(path, source)
    return tuple(found)
