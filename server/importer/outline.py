"""A pasted page to a `Setup`: which headings are segments, which list items guiding questions, and what was left out.

Nothing is dropped in silence: whatever is neither title, fact, segment nor guiding question becomes a warning with its
line.
"""

from __future__ import annotations

import msgspec

from server.core.setup import (
    MAX_GROUPS,
    MAX_GUIDING_QUESTION,
    MAX_GUIDING_QUESTIONS,
    MAX_SECONDS,
    MAX_SEGMENTS,
    MAX_TITLE,
    GroupSetup,
    GuidingQuestionSetup,
    SegmentSetup,
    Setup,
    Text,
)
from server.importer.blocks import Block, build_blocks
from server.importer.durations import allowed
from server.importer.facts import Facts, find_facts
from server.importer.groups import default_groups, make_group_id
from server.importer.lines import Line, split_lines
from server.importer.remarks import AgendaError, Imported, Place, Remarks
from server.importer.texts import MAX_LANGUAGES, PLAIN, choose_languages, report_gaps, settle, too_long
from server.importer.words import tidy


class _Segment(msgspec.Struct):
    heading: Block
    questions: list[Block] = []


def read_outline(text: str, remarks: Remarks, default_language: str) -> Imported:
    """The session that a pasted page announces; raises AgendaError where no guiding question is found."""
    lines = split_lines(text)
    facts = find_facts(lines, remarks)
    _keep_title(lines, facts)
    language = facts.languages[0] if facts.languages else default_language
    return _Outline(build_blocks(lines, facts.used, language), facts, remarks).read(default_language)


def _keep_title(lines: list[Line], facts: Facts) -> None:
    """A heading, or the first line, that holds the date beside other words is not used up: it may be the title."""
    told = [line for line in lines if line.kind in ("words", "heading")]
    for line in told:
        if line.kind == "heading" or (line is told[0] and facts.used.get(line.number)):
            facts.used.pop(line.number, None)


class _Outline:
    def __init__(self, blocks: list[Block], facts: Facts, remarks: Remarks) -> None:
        self._blocks = blocks
        self._facts = facts
        self._remarks = remarks
        self._promote_items()
        self._title = self._find_title()
        self._segments: list[_Segment] = []

    def read(self, default_language: str) -> Imported:
        questions = [block for block in self._blocks if block.kind == "item" and block.asks]
        if not questions:
            raise self._no_questions()
        self._assign()
        self._check(questions)
        self._report_leftovers()
        self._remarks.raise_problems()
        return self._build(default_language)

    def _promote_items(self) -> None:
        """A list item above a list of questions of its own is the heading of these: `1. Money` over `- Who pays?`."""
        for above, below in zip(self._blocks, self._blocks[1:], strict=False):
            if above.kind != "item" or above.asks or below.kind != "item" or not below.asks:
                continue
            if below.indent > above.indent or (above.marker in ("1", "a") and below.marker != above.marker):
                above.kind = "heading"

    def _find_title(self) -> Block | None:
        """The block that names the session.

        The one heading above all others, else the first heading or line that is neither menu nor fact.
        """
        if self._facts.title:
            return Block("heading", self._facts.title_line, {PLAIN: self._facts.title}, marked=True, level=1)
        first_question = next((n for n, block in enumerate(self._blocks) if block.kind == "item" and block.asks), 0)
        marked = [block for block in self._blocks if block.kind == "heading" and block.level]
        level = min((block.level for block in marked), default=1)
        top = [block for block in marked if block.level == level]
        early = [block for block in self._blocks[:first_question] if block in top and not block.is_label]
        if early and (len(top) == 1 or level == 1) and not self._has_questions(early[0]):
            return early[0]
        for block in self._blocks[:first_question]:
            if block.kind == "heading" and not block.is_question_label:
                return block
            if block.kind == "prose" and not block.words.endswith(".") and len(block.words) <= MAX_TITLE // 2:
                return block
        return None

    def _has_questions(self, heading: Block) -> bool:
        for block in self._blocks[self._blocks.index(heading) + 1 :]:
            if block.kind == "heading":
                return False
            if block.kind == "item" and block.asks:
                return True
        return False

    def _assign(self) -> None:
        """Give every question its segment: the nearest heading above it that can name one."""
        fresh: list[Block] = []
        listed: set[int] = set()
        for block in self._blocks:
            if block.kind == "heading" and block is not self._title:
                fresh.append(block)
            elif block.kind == "item" and not block.asks and fresh:
                listed.add(fresh[-1].line)
            elif block.kind == "item" and block.asks:
                if fresh or not self._segments:
                    heading = self._heading_for(fresh, listed, block)
                    if not self._segments or self._segments[-1].heading is not heading:
                        self._segments.append(_Segment(heading, []))
                    fresh = []
                self._segments[-1].questions.append(block)

    def _heading_for(self, fresh: list[Block], listed: set[int], question: Block) -> Block:
        named = [block for block in fresh if not block.is_question_label]
        if named and fresh[-1] is named[-1]:
            return named[-1]
        # `Guiding questions:` stands between: the segment is named further up, not by a heading with its own list.
        open_ones = [block for block in named if block.line not in listed]
        if open_ones:
            return next((block for block in reversed(open_ones) if block.marked), open_ones[-1])
        if self._segments:
            return self._segments[-1].heading
        if self._title is None:
            raise self._remarks.fail("missing_title", Place(line=question.line))
        self._remarks.warn("questions_without_segment", Place(line=question.line), title=self._title.words)
        return self._title

    def _no_questions(self) -> AgendaError:
        bare = [block for block in self._blocks if block.asks]
        if bare:
            place = Place(line=bare[0].line)
            return self._remarks.fail("no_bulleted_questions", place, n=len(bare), text=bare[0].words)
        return self._remarks.fail("no_questions", Place())

    def _check(self, questions: list[Block]) -> None:
        if len(self._segments) > MAX_SEGMENTS:
            place = Place(line=self._segments[MAX_SEGMENTS].heading.line)
            self._remarks.problem("too_many_segments", place, found=len(self._segments), max=MAX_SEGMENTS)
        if len(questions) > MAX_GUIDING_QUESTIONS:
            place = Place(line=questions[MAX_GUIDING_QUESTIONS].line)
            self._remarks.problem("too_many_questions", place, found=len(questions), max=MAX_GUIDING_QUESTIONS)
        title = [] if self._title is None else [self._title]
        named = [(block, MAX_TITLE) for block in [*title, *(part.heading for part in self._segments)]]
        for block, limit in [*named, *((question, MAX_GUIDING_QUESTION) for question in questions)]:
            length = too_long(block.texts, limit)
            if length is not None:
                self._remarks.problem("too_long", Place(line=block.line), length=length, max=limit)
        for question in questions:
            self._check_times(question)

    def _check_times(self, question: Block) -> None:
        place = Place(line=question.line)
        times = list(dict.fromkeys(question.times))
        if times and not allowed(times[-1]):
            value = f"{times[-1] / 60:g} min"
            self._remarks.problem("bad_duration", place, value=value, max=MAX_SECONDS // 60)
        elif len(times) > 1:
            self._remarks.warn("several_durations", place, text=question.words, taken=f"{times[-1] / 60:g}")

    def _report_leftovers(self) -> None:
        headings = {part.heading.line for part in self._segments}
        for block in self._blocks:
            place = Place(line=block.line)
            if block is self._title or (block.kind == "heading" and block.line in headings):
                if block.more:
                    self._remarks.warn("prose", Place(line=block.line + 1), text=block.more[0], n=len(block.more))
            elif block.kind == "navigation":
                self._remarks.warn("navigation", place, text=block.words)
            elif block.kind == "heading":
                self._remarks.warn("heading", place, text=block.words)
            elif block.kind == "item" and not block.asks:
                self._remarks.warn("list_item", place, text=block.words)
            elif block.kind == "prose" and block.asks:
                self._remarks.warn("question_without_bullet", place, text=block.words)
            elif block.kind == "prose":
                self._remarks.warn("prose", place, text=block.words, n=1 + len(block.more))
            if block.tail:
                tail = " ".join(line.text for line in block.tail)
                self._remarks.warn("prose", Place(line=block.tail[0].number), text=tail, n=len(block.tail))
        for number, rest in self._facts.used.items():
            if rest:
                self._remarks.warn("prose", Place(line=number), text=rest, n=1)

    def _build(self, default_language: str) -> Imported:
        title = self._title or self._segments[0].heading
        placed: list[tuple[Text, Place]] = [(title.texts, Place(line=title.line))]
        for part in self._segments:
            placed += [(block.texts, Place(line=block.line)) for block in (part.heading, *part.questions)]
        said = self._facts.languages
        languages = choose_languages([text for text, _ in placed], said, default_language, self._remarks)
        if len(languages) > MAX_LANGUAGES:
            raise self._remarks.fail("too_many_languages", Place(), found=len(languages), max=MAX_LANGUAGES)

        def tidied(text: Text) -> Text:
            return settle({lang: tidy(words) for lang, words in text.items()}, languages)

        setup = Setup(
            title=tidied(title.texts),
            segments=tuple(
                SegmentSetup(
                    title=tidied(part.heading.texts),
                    questions=tuple(
                        GuidingQuestionSetup(
                            text=tidied(question.texts),
                            seconds=round(question.times[-1]) if question.times else 0,
                        )
                        for question in part.questions
                    ),
                )
                for part in self._segments
            ),
            languages=languages,
            groups=self._groups(languages[0]),
            starts=self._facts.starts,
            timezone=self._facts.timezone or "UTC",
            link=self._facts.link,
        )
        report_gaps([(tidied(text), place) for text, place in placed], languages, self._remarks)
        return Imported(setup, self._remarks.warnings())

    def _groups(self, language: str) -> tuple[GroupSetup, ...]:
        names = [tidy(name) for name in self._facts.groups]
        place = Place(line=self._facts.groups_line)
        if len(names) > MAX_GROUPS:
            raise self._remarks.fail("too_many_groups", place, found=len(names), max=MAX_GROUPS)
        taken: set[str] = set()
        groups: list[GroupSetup] = []
        for position, name in enumerate(filter(None, names), 1):
            group = make_group_id(name, position, taken)
            taken.add(group)
            groups.append(GroupSetup(id=group, name={language: name}))
            if len(name) > MAX_TITLE:
                raise self._remarks.fail("too_long", place, length=len(name), max=MAX_TITLE)
        return tuple(groups) or default_groups()
