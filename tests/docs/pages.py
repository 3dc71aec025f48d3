"""The documentation as data: its pages, and the tables, code blocks, headings and links in them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from markdown_it import MarkdownIt
from markdown_it.token import Token

ROOT = Path(__file__).resolve().parents[2]
README = ROOT / "README.md"
PROTOCOL = ROOT / "docs" / "protocol.md"
ALL = (README, ROOT / "CHANGELOG.md", *sorted((ROOT / "docs").rglob("*.md")))

Row = dict[str, str]

_CODE = re.compile(r"`([^`]+)`")


@cache
def tokens(page: Path) -> tuple[Token, ...]:
    """The page, parsed as CommonMark with tables."""
    return tuple(MarkdownIt().enable("table").parse(page.read_text("utf-8")))


def table(page: Path, first_heading: str) -> list[Row]:
    """The rows of the one table whose first column has this heading: heading -> Markdown of the cell."""
    found = [rows for rows in _tables(page) if rows and rows[0][0] == first_heading]
    assert len(found) == 1, f"{page.name} has {len(found)} tables that begin with {first_heading!r}"
    [(headings, *rows)] = found
    return [dict(zip(headings, row, strict=True)) for row in rows]


def code(markdown: str) -> list[str]:
    """What stands between backticks."""
    return _CODE.findall(markdown)


def code_words(page: Path) -> list[str]:
    """Everything that stands between backticks in the page's text."""
    inline = [child for token in tokens(page) for child in token.children or ()]
    return [child.content for child in inline if child.type == "code_inline"]


def fences(page: Path, kind: str) -> list[str]:
    """The contents of the page's code blocks of this kind."""
    return [token.content for token in tokens(page) if token.type == "fence" and token.info.strip() == kind]


def shell_lines(page: Path) -> list[str]:
    """The lines of the page's `sh` blocks: continuations joined, comments left out."""
    lines = "".join(fences(page, "sh")).replace("\\\n", " ").splitlines()
    return [line.partition(" # ")[0].strip() for line in lines if line.strip() and not line.startswith("#")]


def links(page: Path) -> list[str]:
    """The targets of all links and images."""
    inline = [child for token in tokens(page) for child in token.children or ()]
    return [str(child.attrs.get("href") or child.attrs.get("src")) for child in inline if child.type in _LINKS]


def anchors(page: Path) -> set[str]:
    """The anchors that the page's headings have where it is shown."""
    parsed = tokens(page)
    titles = [parsed[index + 1].content for index, token in enumerate(parsed) if token.type == "heading_open"]
    return {re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-") for title in titles}


def _tables(page: Path) -> Iterator[list[list[str]]]:
    rows: list[list[str]] = []
    for token in tokens(page):
        if token.type == "table_open":
            rows = []
        elif token.type == "tr_open":
            rows.append([])
        elif token.type == "inline" and rows and token.level > 3:
            rows[-1].append(token.content)
        elif token.type == "table_close":
            yield rows


_LINKS = {"link_open", "image"}
