"""A tree (of JSON or YAML) to a `Setup`: friendly to people, exact about what is wrong.

Every problem is noted with its place and the reading goes on, so that an author mends an agenda in one round.
"""

from __future__ import annotations

import difflib
from collections.abc import Callable, Iterable
from typing import TypeVar

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
from server.importer.durations import allowed, read_duration, take_duration
from server.importer.groups import default_groups, is_group_id, make_group_id
from server.importer.languages import is_tag, known_tag
from server.importer.links import link_fault
from server.importer.remarks import ErrorCode, Imported, Place, Remarks
from server.importer.starts import read_starts, read_zone
from server.importer.texts import MAX_LANGUAGES, PLAIN, choose_languages, report_gaps, settle
from server.importer.tree import Node
from server.importer.words import tidy

FIELDS = ("title", "starts", "date", "time", "timezone", "languages", "groups", "link", "segments")
SEGMENT_FIELDS = ("title", "questions")
QUESTION_FIELDS = ("text", "minutes", "seconds")
GROUP_FIELDS = ("id", "name")

_Item = TypeVar("_Item")


class _Question(msgspec.Struct):
    text: Text
    seconds: int
    place: Place


class _Segment(msgspec.Struct):
    title: Text
    questions: list[_Question]
    place: Place


def read_tree(root: Node, remarks: Remarks, default_language: str) -> Imported:
    """The session that a tree describes; raises AgendaError with every problem found."""
    return _Reader(remarks, default_language).read(root)


class _Reader:
    def __init__(self, remarks: Remarks, default_language: str) -> None:
        self._remarks = remarks
        self._default = default_language
        self._misspelt: set[str] = set()
        """Fields that are there under a wrong name, and so not missing."""

    def read(self, root: Node) -> Imported:
        if not isinstance(root.value, dict):
            raise self._remarks.fail("expected_mapping", root.place, known=", ".join(FIELDS))
        self._check_fields(root, FIELDS)
        title = self._title(root, "missing_title")
        said = self._languages(root.entry("languages"))
        starts, zone = self._when(root)
        segments = self._segments(root)
        named = self._groups(root.entry("groups"))
        link = self._link(root.entry("link"))
        self._remarks.raise_problems()
        texts = [title, *(text for part in segments for text in (part.title, *(one.text for one in part.questions)))]
        languages = choose_languages(texts, said, self._default, self._remarks)
        if len(languages) > MAX_LANGUAGES:
            raise self._remarks.fail("too_many_languages", root.place, found=len(languages), max=MAX_LANGUAGES)
        setup = Setup(
            title=settle(title, languages),
            segments=tuple(
                SegmentSetup(
                    title=settle(part.title, languages),
                    questions=tuple(
                        GuidingQuestionSetup(text=settle(one.text, languages), seconds=one.seconds)
                        for one in part.questions
                    ),
                )
                for part in segments
            ),
            languages=languages,
            groups=tuple(GroupSetup(id=one.id, name=settle(one.name, languages)) for one in named) or default_groups(),
            starts=starts,
            timezone=zone or "UTC",
            link=link,
        )
        report_gaps(self._placed_texts(root, setup, segments), languages, self._remarks)
        return Imported(setup, self._remarks.warnings())

    @staticmethod
    def _placed_texts(root: Node, setup: Setup, segments: list[_Segment]) -> Iterable[tuple[Text, Place]]:
        title = root.entry("title")
        yield setup.title, title.place if title else root.place
        for read, made in zip(segments, setup.segments, strict=True):
            yield made.title, read.place
            for question, text in zip(read.questions, made.questions, strict=True):
                yield text.text, question.place

    def _check_fields(self, node: Node, known: tuple[str, ...]) -> None:
        assert isinstance(node.value, dict)  # noqa: S101 - for the type checker
        for name, value in node.value.items():
            if name in known or self._remarks.full:
                continue
            near = difflib.get_close_matches(name.lower()[:40], known, n=1, cutoff=0.6)
            names = ", ".join(known)
            if near:
                self._misspelt.add(f"{node.place.path}.{near[0]}")
                self._remarks.problem("misspelt_field", value.place, field=name, meant=near[0], known=names)
            else:
                self._remarks.problem("unknown_field", value.place, field=name, known=names)

    def _missing(self, code: ErrorCode, name: str, node: Node, **params: str) -> None:
        if f"{node.place.path}.{name}" not in self._misspelt:
            self._remarks.problem(code, node.place, **params)

    def _words(self, node: Node) -> str | None:
        """The tidy words of a scalar; None, with a problem, where it is no text or has no words."""
        if not isinstance(node.value, str | int | float) or isinstance(node.value, bool):
            self._remarks.problem("expected_text", node.place)
            return None
        words = tidy(str(node.value))
        if not words:
            self._remarks.problem("empty_text", node.place)
            return None
        return words

    def _text(self, node: Node, limit: int) -> Text:
        """A text, plain or per language; empty, with problems noted, where it cannot be read."""
        if not isinstance(node.value, dict):
            entries = {PLAIN: node}
        else:
            entries = node.value
            if not entries:
                self._remarks.problem("empty_text", node.place)
        text: Text = {}
        for lang, inner in entries.items():
            if lang != PLAIN and not is_tag(lang):
                self._remarks.problem("bad_language", inner.place, value=lang)
                continue
            if lang == PLAIN and isinstance(node.value, dict):
                self._remarks.problem("bad_language", inner.place, value=lang)
                continue
            words = self._words(inner)
            if words is not None:
                text[lang] = words
                if len(words) > limit:
                    self._remarks.problem("too_long", inner.place, length=len(words), max=limit)
        return text

    def _title(self, node: Node, missing: ErrorCode) -> Text:
        title = node.entry("title")
        if title is None:
            self._missing(missing, "title", node)
            return {}
        return self._text(title, MAX_TITLE)

    def _list(self, node: Node | None, limit: int, too_many: ErrorCode, read: Callable[[Node], _Item]) -> list[_Item]:
        if node is None:
            return []
        if not isinstance(node.value, list):
            self._remarks.problem("expected_list", node.place)
            return []
        if len(node.value) > limit:
            self._remarks.problem(too_many, node.place, found=len(node.value), max=limit)
            return []
        return [read(item) for item in node.value]

    def _languages(self, node: Node | None) -> list[str]:
        if node is not None and isinstance(node.value, str):
            node = Node([Node(part.strip(), node.place) for part in node.value.split(",")], node.place)

        def read(item: Node) -> str:
            if not isinstance(item.value, str) or not is_tag(item.value):
                self._remarks.problem("bad_language", item.place, value=str(item.value)[:40])
                return self._default
            return item.value

        return self._list(node, MAX_LANGUAGES, "too_many_languages", read)

    def _when(self, root: Node) -> tuple[int | None, str | None]:
        zone_node, starts, time = root.entry("timezone"), root.entry("starts"), root.entry("time")
        date = root.entry("date")
        zone: str | None = None
        if zone_node is not None:
            name = self._words(zone_node)
            zone = read_zone(name, zone_node.place, self._remarks) if name else None
        if starts is not None and date is not None:
            self._remarks.problem("two_starts", date.place, value=str(starts.value)[:40])
            return None, zone
        node = starts or date
        if node is None:
            if time is not None:
                self._remarks.problem("bad_date", time.place, value="")
            return None, zone
        value = node.value if isinstance(node.value, int) and node is starts else self._words(node)
        # YAML knows no number here: `starts: 1760000000000` arrives as text.
        if isinstance(value, str) and value.isdecimal() and len(value) > 8 and node is starts:
            value = int(value[:20])
        if value is None or isinstance(value, bool):
            return None, zone
        hour = self._words(time) if time is not None else None
        return read_starts(value, hour, zone, node.place, (time or node).place, self._remarks)

    def _link(self, node: Node | None) -> str | None:
        link = None if node is None else self._words(node)
        if node is None or link is None:
            return None
        fault = link_fault(link)
        if fault is not None:
            self._remarks.problem(fault[0], node.place, **fault[1])
        return link

    def _groups(self, node: Node | None) -> list[GroupSetup]:
        taken: set[str] = set()

        def read(item: Node) -> GroupSetup:
            wanted: str | None = None
            name_node: Node | None = item
            if isinstance(item.value, dict) and (item.value.keys() & set(GROUP_FIELDS) or not item.value):
                self._check_fields(item, GROUP_FIELDS)
                id_node, name_node = item.entry("id"), item.entry("name")
                wanted = self._words(id_node) if id_node is not None else None
                if wanted is not None and not is_group_id(wanted):
                    self._remarks.problem("bad_group_id", (id_node or item).place, value=wanted)
            if name_node is None:
                self._missing("missing_text", "name", item, field="name")
                return GroupSetup(id="group", name={})
            name = self._text(name_node, MAX_TITLE)
            if wanted in taken:
                self._remarks.problem("duplicate_group", item.place, id=str(wanted))
            group = wanted or make_group_id(next(iter(name.values()), ""), len(taken) + 1, taken)
            taken.add(group)
            return GroupSetup(id=group, name=name)

        return self._list(node, MAX_GROUPS, "too_many_groups", read)

    def _segments(self, root: Node) -> list[_Segment]:
        node = root.entry("segments")
        if node is None:
            self._missing("missing_segments", "segments", root)
            return []
        segments = self._list(node, MAX_SEGMENTS, "too_many_segments", self._segment)
        count = sum(len(segment.questions) for segment in segments)
        if count > MAX_GUIDING_QUESTIONS:
            self._remarks.problem("too_many_questions", node.place, found=count, max=MAX_GUIDING_QUESTIONS)
        if not segments:
            self._remarks.warn("no_segments", node.place)
        return segments

    def _segment(self, node: Node) -> _Segment:
        if not isinstance(node.value, dict):
            self._remarks.problem("expected_mapping", node.place, known=", ".join(SEGMENT_FIELDS))
            return _Segment({}, [], node.place)
        self._check_fields(node, SEGMENT_FIELDS)
        title = self._title(node, "missing_title")
        questions = self._list(node.entry("questions"), MAX_GUIDING_QUESTIONS, "too_many_questions", self._question)
        if not questions:
            self._remarks.warn("segment_without_questions", node.place, title=next(iter(title.values()), ""))
        return _Segment(title, questions, node.place)

    def _question(self, node: Node) -> _Question:
        if not isinstance(node.value, dict):
            words = self._words(node)
            text, times = take_duration(words or "")
            if times and allowed(times[-1]) and text:
                words = text
            else:
                times = []
            question = _Question({PLAIN: words or ""}, round(times[-1]) if times else 0, node.place)
            if words and len(words) > MAX_GUIDING_QUESTION:
                self._remarks.problem("too_long", node.place, length=len(words), max=MAX_GUIDING_QUESTION)
            return question
        names = list(node.value)
        if len(names) == 1 and " " in names[0]:
            self._remarks.problem("unquoted_colon", node.place, text=names[0])
            return _Question({}, 0, node.place)
        if names and all(known_tag(name) for name in names):
            return _Question(self._text(node, MAX_GUIDING_QUESTION), 0, node.place)
        self._check_fields(node, QUESTION_FIELDS)
        words_node = node.entry("text")
        if words_node is None:
            self._missing("missing_text", "text", node, field="text")
            return _Question({}, 0, node.place)
        return _Question(self._text(words_node, MAX_GUIDING_QUESTION), self._seconds(node), node.place)

    def _seconds(self, node: Node) -> int:
        minutes, seconds = node.entry("minutes"), node.entry("seconds")
        if minutes is not None and seconds is not None:
            self._remarks.problem("two_durations", seconds.place)
            return 0
        given, unit = (minutes, 60) if minutes is not None else (seconds, 1)
        if given is None:
            return 0
        value = given.value
        if isinstance(value, str):
            read = read_duration(value, unit)
        else:
            read = value * unit if isinstance(value, int | float) and not isinstance(value, bool) else None
        if read is None or not allowed(read):
            shown = str(value)[:40] if not isinstance(value, list | dict) else "…"
            self._remarks.problem("bad_duration", given.place, value=shown, max=MAX_SECONDS // 60)
            return 0
        return round(read)
