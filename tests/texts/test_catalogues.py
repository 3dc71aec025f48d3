"""The catalogues speak the reader's language, and no reader meets a gap."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.texts import Catalogues, negotiate, resource
from server.texts.catalogues import Message, Messages, needed_forms, placeholders, plural_category

ROOT = Path(__file__).resolve().parents[2]
SHIPPED = Catalogues.load(resource("static") / "locales", strict=True)
OTHERS = [lang for lang in SHIPPED.languages if lang != "en"]

SAMPLE: dict[str, Messages] = {
    "en": {"hello": "Hello {name}", "hands": {"one": "{n} hand", "other": "{n} hands"}, "only": "English only"},
    "fr": {"hello": "Bonjour {name}", "hands": {"one": "{n} main", "other": "{n} mains"}},
    "ar": {"hands": {"zero": "0", "one": "1", "two": "2", "few": "few {n}", "many": "many {n}", "other": "other {n}"}},
}


@pytest.fixture
def texts() -> Catalogues:
    return Catalogues(SAMPLE, strict=True)


def test_a_message_is_filled_from_its_values(texts: Catalogues) -> None:
    assert texts.t("fr", "hello", name="Awa {n}") == "Bonjour Awa {n}"


@pytest.mark.parametrize(
    ("lang", "n", "said"),
    [
        ("en", 0, "0 hands"),
        ("en", 1, "1 hand"),
        ("fr", 0, "0 main"),
        ("fr", 2, "2 mains"),
        ("fr", 1_000_000, "1000000 mains"),
        ("ar", 0, "0"),
        ("ar", 2, "2"),
        ("ar", 5, "few 5"),
        ("ar", 11, "many 11"),
        ("ar", 100, "other 100"),
    ],
)
def test_the_plural_form_follows_the_rule_of_the_language(texts: Catalogues, lang: str, n: int, said: str) -> None:
    assert texts.t(lang, "hands", n=n) == said


def test_a_gap_is_said_in_english_with_the_english_plural_rule(texts: Catalogues) -> None:
    assert texts.t("fr", "only") == "English only"
    assert texts.t("sw", "hands", n=0) == "0 hands"
    assert texts.messages("fr")["only"] == "English only"


def test_a_regional_reader_gets_the_wider_language(texts: Catalogues) -> None:
    assert texts.t("fr-CA", "hello", name="Léa") == "Bonjour Léa"


def test_an_unknown_key_is_an_error_in_strict_mode_and_itself_otherwise(texts: Catalogues) -> None:
    with pytest.raises(KeyError, match=r"no\.such"):
        texts.t("en", "no.such")
    with pytest.raises(KeyError, match="name"):
        texts.t("en", "hello")
    lenient = Catalogues(SAMPLE)
    assert lenient.t("en", "no.such") == "no.such"
    assert lenient.t("en", "hello") == "Hello {name}"
    assert "hello" in lenient
    assert "no.such" not in lenient


def test_english_is_required() -> None:
    with pytest.raises(ValueError, match="en"):
        Catalogues({"fr": {}})


def test_languages_list_english_first(texts: Catalogues) -> None:
    assert texts.languages == ("en", "ar", "fr")


def test_directions_and_own_names() -> None:
    assert [Catalogues.direction(lang) for lang in ("en", "ar", "fa", "xx", "")] == ["ltr", "rtl", "rtl", "ltr", "ltr"]
    assert [Catalogues.own_name(lang) for lang in ("en", "fr", "ar", "xx")] == ["English", "Français", "العربية", "xx"]


@pytest.mark.parametrize(
    ("text", "lang", "fallback", "words"),
    [
        ({"en": "Hello", "fr": "Bonjour"}, "fr", ["en"], "Bonjour"),
        ({"en": "Hello", "fr": "Bonjour"}, "fr-CA", ["en"], "Bonjour"),
        ({"en": "Hello", "fr": "Bonjour"}, "ar", ["fr", "en"], "Bonjour"),
        ({"sw": "Jambo"}, "ar", ["en"], "Jambo"),
        ({"en": "", "fr": "Bonjour"}, "en", [], "Bonjour"),
        ({}, "en", ["fr"], ""),
    ],
)
def test_pick_takes_the_nearest_language(text: dict[str, str], lang: str, fallback: list[str], words: str) -> None:
    assert Catalogues.pick(text, lang, fallback) == words


@pytest.mark.parametrize(
    ("header", "language"),
    [
        ("", "en"),
        ("fr", "fr"),
        ("fr-CH, fr;q=0.9, en;q=0.8", "fr"),
        ("de, fr;q=0.5, en;q=0.7", "en"),
        ("PT", "pt-BR"),
        ("de;q=1, *;q=0.1", "en"),
        ("en;q=0, *", "fr"),
        ("en;q=0, fr;q=0, pt-br;q=0", "en"),
        ("fr;q=nan", "fr"),
        ("fr;level=1", "fr"),
        (",;q=,;;", "en"),
    ],
)
def test_negotiate_follows_the_header(header: str, language: str) -> None:
    assert negotiate(header, ["en", "fr", "pt-BR"]) == language


@given(st.text())
def test_negotiate_answers_any_header(header: str) -> None:
    assert negotiate(header, ["en", "fr"]) in {"en", "fr"}


@given(st.text(max_size=30))
def test_any_language_tag_has_a_direction_a_name_and_a_plural(lang: str) -> None:
    assert Catalogues.direction(lang) in {"ltr", "rtl"}
    assert isinstance(Catalogues.own_name(lang), str)
    assert plural_category(lang, 3) in {"zero", "one", "two", "few", "many", "other"}


def test_resources_are_found() -> None:
    assert (resource("static") / "locales" / "en.json").is_file()
    assert resource("templates").name in {"templates", "_templates"}


def test_english_and_french_are_shipped() -> None:
    assert {"en", "fr"} <= set(SHIPPED.languages)


def _forms(message: Message) -> dict[str, str]:
    return message if isinstance(message, dict) else {"": message}


@pytest.mark.parametrize("lang", OTHERS)
def test_every_catalogue_has_the_keys_of_english_and_no_others(lang: str) -> None:
    catalogue = Catalogues.load(resource("static") / "locales")
    english, other = catalogue.own_messages("en"), catalogue.own_messages(lang)
    assert other.keys() == english.keys()


@pytest.mark.parametrize("lang", OTHERS)
def test_every_translation_has_the_placeholders_of_english(lang: str) -> None:
    for key, message in SHIPPED.own_messages(lang).items():
        wanted = frozenset().union(*map(placeholders, _forms(SHIPPED.own_messages("en")[key]).values()))
        said = frozenset().union(*map(placeholders, _forms(message).values()))
        assert said == wanted, f"{lang}: {key}"


@pytest.mark.parametrize("lang", SHIPPED.languages)
def test_every_plural_has_the_forms_its_language_needs(lang: str) -> None:
    for key, message in SHIPPED.own_messages(lang).items():
        if isinstance(message, dict):
            missing = needed_forms(lang) - message.keys()
            assert not missing, f"{lang}: {key} lacks {sorted(missing)}"
        assert all(words.strip() for words in _forms(message).values()), f"{lang}: {key} is empty"


AREAS = "agenda|cli|close|common|group|home|join|moderator|new|participant|rapporteur|refusal|report|results|screen"
CALL = re.compile(r"""\bt\(\s*(?:lang\w*\s*,\s*)?["']([a-z][\w-]*(?:\.[\w-]+)+)["']""")
LITERAL = re.compile(rf"""["'`]((?:{AREAS})\.[a-z_]\w*(?:\.\w+)*)["'`]""")
FILE = re.compile(r"\.(css|csv|docx|html|js|json|md|pdf|py|svg)$")


def test_every_key_that_the_code_names_exists() -> None:
    folders = [(ROOT / "server", "*.py"), (ROOT / "templates", "*.html"), (ROOT / "static" / "js", "*.js")]
    unknown = {
        f"{file.relative_to(ROOT)}: {key}"
        for folder, pattern in folders
        for file in folder.rglob(pattern)
        for source in [file.read_text("utf-8")]
        for key in {*CALL.findall(source), *LITERAL.findall(source)}
        if not _is_known(key) and not FILE.search(key) and not _is_command(key)
    }
    assert unknown == set()


def _is_known(key: str) -> bool:
    """A key, the code of a refusal, a key of the report (whose words take it without its area), or the start of keys."""
    if any(whole in SHIPPED for whole in (key, f"refusal.{key}", f"report.{key}")):
        return True
    return any(known.startswith(f"{key}.") for known in SHIPPED.own_messages("en"))


def _is_command(key: str) -> bool:
    """Commands such as `agenda.next` share the prefix of a catalogue area; protocol.md lists them."""
    return f"`{key}`" in (ROOT / "docs" / "protocol.md").read_text("utf-8")
