"""Whatever comes in: a session within the limits, or an AgendaError whose every message can be said."""

from __future__ import annotations

import time
from pathlib import Path
from typing import get_args

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from server.core.setup import Setup
from server.importer import AgendaError, Imported, Kind, describe, describe_error, read_agenda
from server.importer.remarks import ErrorCode, WarningCode
from server.importer.structured import FIELDS, GROUP_FIELDS, QUESTION_FIELDS, SEGMENT_FIELDS
from server.importer.words import clean, tidy
from server.texts import Catalogues, resource

CATALOGUES = Catalogues.load(resource("static") / "locales", strict=True)
PAGES = [page.read_text("utf-8") for page in sorted((Path(__file__).parent / "pages").glob("*.txt"))]
KINDS = st.sampled_from([None, "json", "yaml", "outline"])

PIECES = st.sampled_from(
    [
        "\n", "\n\n", "  ", "\t", "- ", "* ", "1. ", "•", "## ", "# ", "---\n", "===\n", "[fr] ", "**", "?", " ?", "؟", ".", ":",
        "(10 min)", "[7']", "(99999 h)", "14 October 2025", "3:00-5:00 PM CET", "Europe/Paris", "Segment 1: ", "SEGMENT ONE",
        "Guiding questions:", "Home | About | Contact", "Languages: en, fr", "Groups: a, b", "Title: ", "Time zone: X",
        "title: ", "segments:\n", "questions:\n", "  - ", "{", "}", "[", "]", '"', "'", "&a ", "*a", "!!x ", "| ", "%",
        "What works", "the city and the", "word", "\u200b", "\u202f", "\x00", "\ud800", "\ufeff", "\uffff", "٣", "²", "İ",
    ]
)  # fmt: skip
FIELD_NAMES = [*FIELDS, *SEGMENT_FIELDS, *QUESTION_FIELDS, *GROUP_FIELDS, "en", "fr"]
SOUP = st.lists(PIECES | st.text(max_size=8), max_size=60).map("".join)


@st.composite
def broken_pages(draw: st.DrawFn) -> str:
    page = draw(st.sampled_from(PAGES))
    for _ in range(draw(st.integers(1, 4))):
        start = draw(st.integers(0, len(page)))
        page = page[:start] + draw(SOUP) + page[start + draw(st.integers(0, 40)) :]
    return page


def read(source: bytes | str, kind: Kind | None) -> Imported | AgendaError:
    try:
        return read_agenda(source, kind)
    except AgendaError as error:
        return error


def holds(source: bytes | str, kind: Kind | None) -> None:
    outcome = read(source, kind)
    if isinstance(outcome, AgendaError):
        assert outcome.problems
        for lang in ("en", "fr"):
            assert describe_error(outcome, CATALOGUES, lang).encode()
            assert msgspec.json.encode(outcome.fields(CATALOGUES, lang))
        return
    imported = outcome
    setup = imported.setup
    assert msgspec.convert(msgspec.to_builtins(setup), Setup, strict=False) == setup
    texts = [setup.title, *(group.name for group in setup.groups)]
    for segment in setup.segments:
        texts += [segment.title, *(question.text for question in segment.questions)]
    for text in texts:
        assert text
        assert all(words and words == tidy(words) for words in text.values())
    assert all(describe(imported, CATALOGUES, lang).encode() for lang in ("en", "fr"))


@given(SOUP, KINDS)
@settings(max_examples=400)
def test_any_soup_of_signs_is_read_or_refused(text: str, kind: Kind | None) -> None:
    holds(text, kind)


@given(broken_pages(), KINDS)
@settings(max_examples=300)
def test_any_broken_page_is_read_or_refused(text: str, kind: Kind | None) -> None:
    holds(text, kind)


@given(st.binary(max_size=400) | SOUP.map(lambda text: text.encode("utf-16", "surrogatepass")), KINDS)
def test_any_bytes_are_read_or_refused(source: bytes, kind: Kind | None) -> None:
    holds(source, kind)


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(max_size=8),
        lambda inner: st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(FIELD_NAMES)
            | st.text(max_size=4),
            inner,
            max_size=5,
        ),
        max_leaves=20,
    )
)  # fmt: skip
@settings(max_examples=400)
def test_any_json_is_read_or_refused(value: object) -> None:
    holds(msgspec.json.encode(value), None)


@given(st.text())
def test_tidying_twice_is_tidying_once(text: str) -> None:
    assert tidy(tidy(text)) == tidy(text)
    assert clean(clean(text)) == clean(text)


SIZE = 256 * 1024


@pytest.mark.parametrize(
    "unit",
    [
        "- a\n", "- a?\n", "b\n", "B\n", "a ", "a\n\n", "-\n", "- \n", "## a\n", "**", "(1 min) ", "? ", "1.", "[fr] a\n", "- [fr] a?\n",
        "| a ", "14 October 2025 15:00 CET\n", "14 October 2025 ", "15:00 ", "Europe/Paris ", "SEGMENT ONE\n", "a\t", " ", "\t-",
        "- aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\n", "> ", "[", "{", "- - ", "a: ", "&a ", "'", '"\\', "#\n", "a:\n- b\n",
    ],
)  # fmt: skip
@pytest.mark.parametrize("kind", ["outline", "yaml", "json"])
def test_the_largest_agenda_of_any_kind_is_soon_done(unit: str, kind: Kind) -> None:
    text = ("# Title\n- " if kind == "outline" else "") + unit * ((SIZE - 20) // len(unit))
    began = time.process_time()
    holds(text, kind)
    assert time.process_time() - began < 10


@pytest.mark.parametrize("lang", CATALOGUES.languages)
def test_every_remark_has_a_message_in_every_language(lang: str) -> None:
    keys = CATALOGUES.own_messages(lang)
    assert {f"agenda.warning.{code}" for code in get_args(WarningCode)} == {
        key for key in keys if key.startswith("agenda.warning.")
    }
    assert {f"agenda.error.{code}" for code in get_args(ErrorCode)} == {
        key for key in keys if key.startswith("agenda.error.")
    }
