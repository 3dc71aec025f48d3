"""What the importer says about an agenda: what it understood, what it left out, what is wrong and where.

A remark is data: a stable code, a place, and values for the message `agenda.warning.<code>` or `agenda.error.<code>`
of the catalogues, so that the sentence is spoken in the reader's language.
"""

from __future__ import annotations

from typing import Literal

import msgspec

from server.core.setup import Setup
from server.importer.words import tidy
from server.texts import Catalogues

WarningCode = Literal[
    "clock_change",
    "date_ambiguous",
    "date_without_time",
    "encoding",
    "extra_language",
    "heading",
    "language_guessed",
    "link_address",
    "link_field",
    "link_long",
    "link_room",
    "list_item",
    "more",
    "navigation",
    "no_segments",
    "no_timezone",
    "prose",
    "question_without_bullet",
    "questions_without_segment",
    "segment_without_questions",
    "several_durations",
    "unknown_languages",
    "untranslated",
    "zone_abbreviation",
    "zone_city",
    "zone_offset",
]
"""What is worth a look, though the agenda could be read."""

ErrorCode = Literal[
    "bad_date",
    "bad_duration",
    "bad_group_id",
    "bad_key",
    "bad_language",
    "bad_start",
    "bad_time",
    "duplicate_group",
    "duplicate_key",
    "empty",
    "empty_text",
    "expected_list",
    "expected_mapping",
    "expected_text",
    "json_syntax",
    "link_address",
    "link_field",
    "link_long",
    "link_room",
    "misspelt_field",
    "missing_segments",
    "missing_text",
    "missing_title",
    "no_bulleted_questions",
    "no_questions",
    "too_large",
    "too_long",
    "too_many_groups",
    "too_many_languages",
    "too_many_questions",
    "too_many_segments",
    "too_many_values",
    "too_nested",
    "two_durations",
    "two_starts",
    "unknown_field",
    "unknown_zone",
    "unquoted_colon",
    "yaml_alias",
    "yaml_syntax",
    "yaml_tag",
]
"""What keeps an agenda from being read."""

MAX_REMARKS = 200
"""Remarks that are listed; how many more there are is a remark of its own."""

MAX_QUOTE = 80
"""Characters of the agenda that a remark quotes."""


class Place(msgspec.Struct, frozen=True):
    """Where in an agenda: line and column count from 1; `path` is like `segments[1].questions[0].seconds`."""

    line: int | None = None
    column: int | None = None
    path: str = ""


class Remark(msgspec.Struct, frozen=True):
    """A warning or a problem with its place and the values of its message."""

    kind: Literal["warning", "error"]
    code: str
    place: Place
    params: dict[str, str | int]

    @property
    def line(self) -> int | None:
        """The line, counted from 1, or None where the source has no lines worth naming (JSON, the whole)."""
        return self.place.line

    @property
    def key(self) -> str:
        """The key of the message in the catalogues."""
        return f"agenda.{self.kind}.{self.code}"

    def message(self, catalogues: Catalogues, lang: str) -> str:
        """The sentence for a reader of `lang`, without the place."""
        return catalogues.t(lang, self.key, **self.params)

    def where(self, catalogues: Catalogues, lang: str) -> str:
        """The place in words (`line 3, column 5, segments[0].title`); empty where the whole agenda is meant."""
        line, column, path = self.place.line, self.place.column, self.place.path
        parts = [] if line is None else [catalogues.t(lang, "agenda.place.line", line=line)]
        if column is not None:
            parts.append(catalogues.t(lang, "agenda.place.column", column=column))
        return ", ".join([*parts, path] if path else parts)


class AgendaError(Exception):
    """The agenda cannot be read; `problems` (never empty) says everything that is wrong, in reading order."""

    def __init__(self, problems: tuple[Remark, ...]) -> None:
        super().__init__(", ".join(problem.code for problem in problems[:5]))
        self.problems = problems

    def fields(self, catalogues: Catalogues, lang: str) -> dict[str, str]:
        """Place -> message, the `fields` of an error body; the place is a path, `line 3`, or `agenda`."""
        fields: dict[str, str] = {}
        for problem in self.problems:
            line = f"line {problem.line}" if problem.line is not None else "agenda"
            fields.setdefault(problem.place.path or line, problem.message(catalogues, lang))
        return fields


class Imported(msgspec.Struct, frozen=True):
    """A session as it was understood, and what the reader should know about the understanding."""

    setup: Setup
    warnings: tuple[Remark, ...] = ()


class Remarks:
    """The remarks of one reading, in the order in which they were made."""

    def __init__(self) -> None:
        self._warnings: list[Remark] = []
        self._problems: list[Remark] = []

    def warn(self, code: WarningCode, place: Place, **params: str | int) -> None:
        """Note what the reader should know; the agenda is still read."""
        self._warnings.append(Remark("warning", code, place, _quoted(params)))

    def problem(self, code: ErrorCode, place: Place, **params: str | int) -> None:
        """Note what is wrong; the reading goes on so that all problems are named at once."""
        self._problems.append(Remark("error", code, place, _quoted(params)))

    def fail(self, code: ErrorCode, place: Place, **params: str | int) -> AgendaError:
        """Note what is wrong and give the error to raise, where going on makes no sense."""
        self.problem(code, place, **params)
        return AgendaError(tuple(self._problems))

    @property
    def full(self) -> bool:
        """Whether more problems were noted than anybody is told."""
        return len(self._problems) > MAX_REMARKS

    def raise_problems(self) -> None:
        """Raise AgendaError where a problem was noted."""
        if self._problems:
            in_order = sorted(self._problems, key=lambda problem: problem.line or 0)
            raise AgendaError(tuple(in_order[:MAX_REMARKS]))

    def warnings(self) -> tuple[Remark, ...]:
        """The warnings by line, at most `MAX_REMARKS`, the last of which then says how many more there are."""
        ordered = sorted(self._warnings, key=lambda remark: remark.line or 0)
        if len(ordered) > MAX_REMARKS:
            kept = ordered[: MAX_REMARKS - 1]
            rest = ordered[MAX_REMARKS - 1 :]
            ordered = [*kept, Remark("warning", "more", rest[0].place, {"n": len(rest)})]
        return tuple(ordered)


WHOLE = frozenset({"known", "candidates"})
"""Values of the importer's own that are never cut."""


def _quoted(params: dict[str, str | int]) -> dict[str, str | int]:
    return {name: _quote(name, value) if isinstance(value, str) else value for name, value in params.items()}


def _quote(name: str, value: str) -> str:
    words = tidy(value)
    return words if len(words) <= MAX_QUOTE or name in WHOLE else words[: MAX_QUOTE - 1] + "…"
