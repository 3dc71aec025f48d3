"""JSON and YAML as one kind of tree in which every value knows its place.

YAML is read from its events and never turned into objects: no aliases (they can multiply a small text without end), no
tags, no guessing of types beyond null, and a cap on size and depth. A plain `NO`, `12:30` or `2027-03-10` stays text.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any, NoReturn

import msgspec
from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, StringMark, YAMLError
from ruamel.yaml.events import (
    AliasEvent,
    DocumentEndEvent,
    DocumentStartEvent,
    Event,
    MappingEndEvent,
    MappingStartEvent,
    NodeEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
)

from server.importer.remarks import AgendaError, Place, Remarks
from server.importer.words import clean

MAX_VALUES = 20_000
"""Values in a JSON or YAML agenda: 200 guiding questions in ten languages are about 5,000."""

MAX_DEPTH = 12
"""Nested lists and mappings; an agenda needs six."""

_NULL = re.compile(r"~|null|Null|NULL|")


class Node(msgspec.Struct, frozen=True):
    """A value with its place: None, text, number, truth value, list of nodes, or mapping of text to node."""

    value: str | int | float | bool | list[Node] | dict[str, Node] | None
    place: Place

    def entry(self, key: str) -> Node | None:
        """The value under `key` of a mapping; None where it is missing or null."""
        found = self.value.get(key) if isinstance(self.value, dict) else None
        return None if found is None or found.value is None else found


def read_json(text: str, remarks: Remarks) -> Node:
    """The tree of a JSON text; raises AgendaError with line and column where it is malformed."""
    try:
        value = json.loads(text, object_pairs_hook=_Pairs, parse_constant=_no_number)
    except json.JSONDecodeError as error:
        place = Place(line=error.lineno, column=error.colno)
        raise remarks.fail("json_syntax", place, detail=error.msg) from None
    except ValueError as error:
        raise remarks.fail("json_syntax", Place(), detail=str(error)) from None
    except RecursionError:
        raise remarks.fail("too_nested", Place(), max=MAX_DEPTH) from None
    return _Builder(remarks).from_json(value, Place(), 0)


def read_yaml(text: str, remarks: Remarks) -> Node:
    """The tree of a YAML 1.2 text of one document; raises AgendaError with line and column where it is malformed."""
    try:
        events: Iterator[Event] = (
            event
            for event in YAML(typ="safe", pure=True).parse(text)
            if isinstance(event, NodeEvent | MappingEndEvent | SequenceEndEvent | DocumentStartEvent | DocumentEndEvent)
        )
        return _Builder(remarks).from_yaml(events)
    except AgendaError:
        raise
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        detail = error.problem or error.context or ""
        raise remarks.fail("yaml_syntax", _place(mark), detail=detail) from None
    except YAMLError as error:
        raise remarks.fail("yaml_syntax", Place(), detail=str(error).splitlines()[0]) from None
    except (ValueError, LookupError, RecursionError, TypeError, AttributeError) as error:
        # The scanner meets some malformed escapes and directives with a plain exception.
        raise remarks.fail("yaml_syntax", Place(), detail=str(error)) from None


def _no_number(constant: str) -> NoReturn:
    raise ValueError(f"{constant} is not a number")


class _Pairs(list[tuple[str, Any]]):
    """A JSON object with its keys as they stand, doubled ones too."""


class _Builder:
    """Builds a tree, counts its values, and refuses what is too large or said twice."""

    def __init__(self, remarks: Remarks) -> None:
        self._remarks = remarks
        self._values = 0

    def from_json(self, value: Any, place: Place, depth: int) -> Node:
        self._count(place, depth)
        if isinstance(value, _Pairs):
            entries: dict[str, Node] = {}
            for key, item in value:
                inner = Place(path=_join(place.path, key))
                if key in entries:
                    raise self._remarks.fail("duplicate_key", inner, key=key)
                entries[key] = self.from_json(item, inner, depth + 1)
            return Node(entries, place)
        if isinstance(value, list):
            items = [self.from_json(item, Place(path=f"{place.path}[{n}]"), depth + 1) for n, item in enumerate(value)]
            return Node(items, place)
        return Node(value, place)

    def from_yaml(self, events: Iterator[Event]) -> Node:
        root: Node | None = None
        for event in events:
            if isinstance(event, DocumentStartEvent):
                if root is not None:
                    detail = "a second document"
                    raise self._remarks.fail("yaml_syntax", _place(event.start_mark), detail=detail)
                root = self._yaml_node(next(events), events, "", 0)
        return root if root is not None else Node(None, Place(line=1, column=1))

    def _yaml_node(self, event: Event, events: Iterator[Event], path: str, depth: int) -> Node:
        place = _place(event.start_mark, path)
        self._count(place, depth)
        if isinstance(event, AliasEvent) or getattr(event, "anchor", None):
            raise self._remarks.fail("yaml_alias", place)
        tag = getattr(event, "tag", None)
        if tag is not None:
            raise self._remarks.fail("yaml_tag", place, tag=str(tag))
        if isinstance(event, ScalarEvent):
            plain = bool(event.implicit[0])
            return Node(None if plain and _NULL.fullmatch(event.value) else event.value, place)
        if isinstance(event, SequenceStartEvent):
            items: list[Node] = []
            while not isinstance(inner := next(events), SequenceEndEvent):
                items.append(self._yaml_node(inner, events, f"{path}[{len(items)}]", depth + 1))
            return Node(items, place)
        if not isinstance(event, MappingStartEvent):
            raise self._remarks.fail("yaml_syntax", place, detail=type(event).__name__)
        entries: dict[str, Node] = {}
        while not isinstance(inner := next(events), MappingEndEvent):
            key_place = _place(inner.start_mark, path)
            if not isinstance(inner, ScalarEvent):
                raise self._remarks.fail("bad_key", key_place)
            key = str(inner.value)
            if key in entries:
                raise self._remarks.fail("duplicate_key", _place(inner.start_mark, _join(path, key)), key=key)
            value = self._yaml_node(next(events), events, _join(path, key), depth + 1)
            entries[key] = Node(value.value, Place(key_place.line, key_place.column, value.place.path))
        return Node(entries, place)

    def _count(self, place: Place, depth: int) -> None:
        self._values += 1
        if depth > MAX_DEPTH:
            raise self._remarks.fail("too_nested", place, max=MAX_DEPTH)
        if self._values > MAX_VALUES:
            raise self._remarks.fail("too_many_values", place, max=MAX_VALUES)


def _join(path: str, key: str) -> str:
    key = clean(key)
    key = key if len(key) <= 40 else key[:39] + "…"
    return f"{path}.{key}" if path else key


def _place(mark: StringMark | None, path: str = "") -> Place:
    return Place(path=path) if mark is None else Place(mark.line + 1, mark.column + 1, path)
