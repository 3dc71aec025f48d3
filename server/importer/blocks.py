"""From lines to blocks: headings, list items with their wrapped lines joined, and prose.

A heading is marked (`##`, underlined, bold, `Segment 1: …`), or plain: a short line without a full stop that a list
follows, or that stands alone between blank lines. A plain one is the weaker sign.
"""

from __future__ import annotations

import re
from typing import Literal

import msgspec

from server.core.setup import MAX_GUIDING_QUESTION, Text
from server.importer.durations import take_duration
from server.importer.labels import (
    MAX_PLAIN_HEADING,
    asks,
    is_bare_label,
    is_credit,
    is_finished,
    is_hours,
    is_question_label,
    is_segment_label,
    plain_words,
)
from server.importer.lines import Line
from server.importer.texts import PLAIN

_BOLD = re.compile(r"(\*\*|__)(?P<text>.+)\1\s*:?")
BlockKind = Literal["heading", "item", "prose", "navigation"]

MAX_JOINED = 2 * MAX_GUIDING_QUESTION
"""Characters up to which the lines of an item are joined; what follows is prose."""

WRAPPED = 45
"""A line that was wrapped is at least this long: shorter list items are complete."""


class Block(msgspec.Struct):
    """A heading, a list item, a paragraph or a line of navigation."""

    kind: BlockKind
    line: int
    texts: Text
    more: list[str] = []
    """The further lines of a paragraph."""
    marked: bool = False
    """A heading by its marks, not by its place."""
    level: int = 0
    """1 to 6 for `#` marks and underlines, 0 for other headings."""
    indent: int = 0
    marker: str = ""
    times: list[float] = []
    """Planned times found in a list item, in seconds."""
    tail: list[Line] = []
    """Indented lines below a guiding question that are no part of it."""

    @property
    def words(self) -> str:
        """The words in whatever language comes first."""
        return next(iter(self.texts.values()), "")

    @property
    def asks(self) -> bool:
        """Whether the block ends as a question does."""
        return any(asks(words) for words in self.texts.values())

    @property
    def is_label(self) -> bool:
        """`Segment 1: …`, `SEGMENT ONE - …`, `Première partie`."""
        return is_segment_label(self.words)

    @property
    def is_question_label(self) -> bool:
        """`Guiding questions:`: it names what follows, not a segment."""
        return is_question_label(self.words)


def build_blocks(lines: list[Line], used: dict[int, str], language: str) -> list[Block]:
    """The blocks of a page; `used` lines told a fact and are left out here.

    `language` is the first one of the session as far as is known: a `[en] …` item opens a new question there, and does
    not translate the one above.
    """
    first = next((line for line in lines if line.kind == "bullet"), None)
    return _Builder(lines, used, (first.lang if first else "") or language).build()


class _Builder:
    def __init__(self, lines: list[Line], used: dict[int, str], language: str) -> None:
        self._lines = lines
        self._language = language
        self._used = used
        self._at = 0
        self._blocks: list[Block] = []

    def build(self) -> list[Block]:
        while self._at < len(self._lines):
            line = self._lines[self._at]
            self._at += 1
            if line.number in self._used or line.kind in ("blank", "rule"):
                continue
            if line.kind == "navigation":
                self._blocks.append(Block("navigation", line.number, {PLAIN: line.text}))
            elif line.kind == "bullet":
                self._item(line)
            elif not self._translation(line):
                self._heading_or_prose(line)
        return self._blocks

    def _peek(self, offset: int = 0) -> Line | None:
        position = self._at + offset
        line = self._lines[position] if position < len(self._lines) else None
        return None if line is None or line.number in self._used else line

    def _item(self, line: Line) -> None:
        parts = [line.text]
        tail: list[Line] = []
        finished = 0
        length = len(line.text)
        last = line
        while (more := self._peek()) is not None and more.kind == "words" and not more.lang:
            if not self._continues(" ".join(parts), last, more, line.indent):
                break
            length += len(more.text)
            if length > MAX_JOINED:
                break
            self._at += 1
            parts.append(more.text)
            last = more
            if not finished and asks(take_duration(" ".join(parts[:-1]))[0]):
                finished = len(parts) - 1
                tail = []
            if finished:
                tail.append(more)
        whole, times = _item_words(" ".join(parts))
        # `- What works?` with an indented remark below: the question ends at its mark, the remark is left out.
        if finished and not asks(whole):
            whole, times = _item_words(" ".join(parts[:finished]))
        else:
            tail = []
        block = Block(
            "item", line.number, {line.lang: whole}, indent=line.indent, marker=line.marker, times=times, tail=tail
        )
        if not self._merge(block):
            self._blocks.append(block)

    def _continues(self, said: str, last: Line, more: Line, indent: int) -> bool:
        if not asks(more.text) and is_segment_label(more.text):
            return False
        alone = take_duration(more.text)
        if alone[1] and not alone[0].strip(" ?؟？"):
            return True
        if more.indent > indent:
            return True
        if is_finished(take_duration(said)[0]) or _BOLD.fullmatch(more.text):
            return False
        following = self._peek(1)
        if following is not None and following.kind == "rule" and following.marker in "=-":
            return False
        return more.text[0].islower() or len(last.text) >= WRAPPED

    def _translation(self, line: Line) -> bool:
        """A `[fr] …` line gives the block above it in another language."""
        above = self._blocks[-1] if self._blocks else None
        if not line.lang or above is None or above.kind == "navigation" or line.lang in above.texts:
            return False
        if above.kind == "prose" and above.more:
            return False
        if above.kind != "item":
            above.texts[line.lang] = plain_words(line.text).rstrip(" :：") or line.text
            return True
        words, last = line.text, line
        while (more := self._peek()) is not None and more.kind == "words" and not more.lang:
            if len(words) > MAX_JOINED or not self._continues(words, last, more, line.indent):
                break
            self._at += 1
            words, last = f"{words} {more.text}", more
        above.texts[line.lang], times = _item_words(words)
        above.times = above.times or times
        return True

    def _merge(self, block: Block) -> bool:
        """A `- [fr] …` bullet below a question that lacks French is that question in French."""
        lang = next(iter(block.texts))
        above = self._blocks[-1] if self._blocks else None
        if (
            lang in (PLAIN, self._language)
            or above is None
            or above.kind != "item"
            or lang in above.texts
            or not above.asks
        ):
            return False
        above.texts[lang] = block.words
        above.times = above.times or block.times
        above.tail += block.tail
        return True

    def _heading_or_prose(self, line: Line) -> None:
        words = plain_words(line.text)
        following = self._peek()
        if line.kind == "heading":
            self._heading(line, words, level=len(line.marker))
        elif (
            following is not None and following.kind == "rule" and following.marker in "=-" and self._starts_paragraph()
        ):
            self._at += 1
            self._heading(line, words, level=1 if following.marker == "=" else 2)
        elif _BOLD.fullmatch(line.text) or (is_segment_label(words) and not words.endswith((".", "?", "؟", "？"))):
            self._heading(line, words)
        elif self._is_plain_heading(line):
            self._heading(line, words, marked=False)
        else:
            self._prose(line)

    def _heading(self, line: Line, words: str, level: int = 0, marked: bool = True) -> None:
        above = self._blocks[-1] if self._blocks else None
        words = words.rstrip(" :：") or words
        if above is not None and above.kind == "heading" and is_bare_label(above.words) and not level:
            # `SEGMENT ONE` with its title on the line below.
            above.texts = {lang: f"{text}: {words}" for lang, text in above.texts.items()}
            return
        self._blocks.append(Block("heading", line.number, {line.lang: words}, marked=marked, level=level))

    def _starts_paragraph(self) -> bool:
        """Whether the current line is the first of its paragraph, or the one above it was finished."""
        above = self._lines[self._at - 2] if self._at >= 2 else None
        return (
            above is None
            or above.kind != "words"
            or above.number in self._used
            or len(above.text) < WRAPPED
            or is_finished(above.text)
        )

    def _is_plain_heading(self, line: Line) -> bool:
        text = plain_words(line.text)
        if len(text) > MAX_PLAIN_HEADING or text.endswith((".", "!", ";", ",", "…", "،", "؛")) or line.lang:
            return False
        if (
            is_credit(text)
            or is_hours(text)
            or not any(char.isalpha() for char in text)
            or not self._starts_paragraph()
        ):
            return False
        following = self._peek()
        if following is not None and following.kind == "bullet":
            return True
        # Past the end, or past a line that told a fact: nothing that could belong to a heading.
        if following is None or following.kind != "blank":
            return False
        offset = 1
        while (below := self._peek(offset)) is not None and below.kind in ("blank", "rule"):
            offset += 1
        listed = below is not None and below.kind == "bullet"
        return listed or not asks(text)

    def _prose(self, line: Line) -> None:
        above = self._blocks[-1] if self._blocks else None
        before = self._lines[self._at - 2] if self._at >= 2 else None
        joined = before is not None and before.kind == "words" and before.number not in self._used
        if above is not None and above.kind == "prose" and joined and not above.asks and not asks(line.text):
            above.more.append(line.text)
        else:
            self._blocks.append(Block("prose", line.number, {line.lang: line.text}))


def _item_words(text: str) -> tuple[str, list[float]]:
    words, times = take_duration(plain_words(text))
    return plain_words(words), times
