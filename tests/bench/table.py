"""Tables in Markdown, and numbers with their spread."""

from __future__ import annotations

import statistics
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Return a table, with a line break at its end."""
    lines = [head, ["---"] * len(head), *rows]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)


def spread(values: Sequence[float], form: str) -> str:
    """Return the median and, of several values, the least and the most."""
    middle = f"{statistics.median(values):{form}}"
    return middle if len(values) == 1 else f"{middle} [{min(values):{form}}, {max(values):{form}}]"


def middle(values: Iterable[float], form: str) -> str:
    """Return the median."""
    return f"{statistics.median(values):{form}}"


def publish(text: str, out: Path | None, pictures: Mapping[str, str] | None = None, folder: Path | None = None) -> None:
    """Print what was measured, and keep it in a file and the pictures in a folder, where these are given."""
    print(text)
    if out:
        out.write_text(text)
    if folder:
        for name, picture in (pictures or {}).items():
            (folder / f"{name}.svg").write_text(picture)
