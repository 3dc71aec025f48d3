"""The message catalogues: every text that people read in the interface, per language.

One flat JSON object per language (`en.json`), shared with the browser: a key leads to a string with
`{name}` placeholders, or to an object of plural forms chosen by the CLDR plural category of the variable
`n`. English is the reference: what another language lacks is said in English.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path

import msgspec
from babel import Locale, UnknownLocaleError

from server.core.setup import Text

REFERENCE = "en"
"""The language that has every key."""

Message = str | dict[str, str]
Messages = dict[str, Message]

_PLACEHOLDER = re.compile(r"\{(\w+)\}")


class Catalogues:
    """The messages of all languages; read once at start, never changed after."""

    def __init__(self, messages: dict[str, Messages], *, strict: bool = False) -> None:
        """Hold `messages` (language -> key -> message), which must contain English.

        `strict` turns an unknown key or a missing placeholder value into a KeyError, as tests want it;
        otherwise the key or the placeholder itself is shown: a page with one odd word is better than none.
        """
        if REFERENCE not in messages:
            raise ValueError(f"the catalogues lack the reference language {REFERENCE!r}")
        self._messages = messages
        self._strict = strict

    @classmethod
    def load(cls, folder: Path, *, strict: bool = False) -> Catalogues:
        """Read every `<language>.json` of `folder`; raises msgspec.DecodeError where a file is malformed."""
        return cls(
            {file.stem: msgspec.json.decode(file.read_bytes(), type=Messages) for file in folder.glob("*.json")},
            strict=strict,
        )

    @property
    def languages(self) -> tuple[str, ...]:
        """The language tags that are offered: English first, the others in alphabetical order."""
        return (REFERENCE, *sorted(self._messages.keys() - {REFERENCE}))

    def __contains__(self, key: object) -> bool:
        """Whether English, and so every reader, has a message under `key`."""
        return key in self._messages[REFERENCE]

    def own_messages(self, lang: str) -> Messages:
        """The catalogue of `lang` as its file has it, gaps and all."""
        return self._messages.get(lang, {})

    def messages(self, lang: str) -> Messages:
        """The catalogue of `lang` with its gaps filled from English: what a browser is given."""
        return self._messages[REFERENCE] | self._messages.get(lang, {})

    def t(self, lang: str, key: str, /, **values: object) -> str:
        """The message `key` in `lang` (else in English) with its placeholders filled from `values`.

        `n` among the values chooses the plural form. Raises KeyError for an unknown key in strict mode.
        """
        spoken, message = self._find(lang, key)
        if isinstance(message, dict):
            message = message.get(plural_category(spoken, values.get("n", 0))) or message.get("other", key)
        return _PLACEHOLDER.sub(lambda match: self._fill(match, values), message)

    def _find(self, lang: str, key: str) -> tuple[str, Message]:
        for spoken in (*_widening(lang), REFERENCE):
            message = self._messages.get(spoken, {}).get(key)
            if message is not None:
                return spoken, message
        if self._strict:
            raise KeyError(key)
        return REFERENCE, key

    def _fill(self, match: re.Match[str], values: dict[str, object]) -> str:
        name = match.group(1)
        if name in values:
            return str(values[name])
        if self._strict:
            raise KeyError(name)
        return match.group(0)

    @staticmethod
    def direction(lang: str) -> str:
        """`ltr` or `rtl`, for the `dir` attribute."""
        locale = _locale(lang)
        return locale.text_direction if locale else "ltr"

    @staticmethod
    def own_name(lang: str) -> str:
        """How the language calls itself, as a menu shows it: `Français`; where it is unknown, its tag."""
        locale = _locale(lang)
        name = locale.get_display_name(lang.replace("-", "_")) if locale else None
        return name[0].upper() + name[1:] if name else lang

    @staticmethod
    def pick(text: Text, lang: str, fallback: Sequence[str]) -> str:
        """The words of `text` for a reader of `lang`.

        That language, a wider one (`fr` for `fr-CA`), then those of `fallback` in order, then any; the empty
        string where `text` has no words at all.
        """
        for wanted in (lang, *fallback):
            for tag in _widening(wanted):
                if text.get(tag):
                    return text[tag]
        return next((words for words in text.values() if words), "")


def plural_category(lang: str, n: object) -> str:
    """The CLDR plural category of the number `n` in `lang`; `other` for what is no number."""
    locale = _locale(lang)
    if locale is None or isinstance(n, bool) or not isinstance(n, int | float):
        return "other"
    return locale.plural_form(n)


def needed_forms(lang: str) -> frozenset[str]:
    """The plural categories that whole numbers below a hundred thousand reach in `lang`, and `other`.

    French has `many` for whole millions only: no count of people or minutes gets there.
    """
    return frozenset({plural_category(lang, n) for n in (*range(200), 1_000, 10_000)} | {"other"})


def placeholders(message: str) -> frozenset[str]:
    """The names between braces in `message`."""
    return frozenset(_PLACEHOLDER.findall(message))


def _widening(lang: str) -> list[str]:
    """`fr-CA` -> `["fr-CA", "fr"]`, the lookup of RFC 4647, section 3.4."""
    parts = lang.split("-")
    return ["-".join(parts[:end]) for end in range(len(parts), 0, -1)]


@lru_cache(maxsize=256)
def _locale(lang: str) -> Locale | None:
    try:
        return Locale.parse(lang, sep="-")
    except (UnknownLocaleError, ValueError, TypeError):
        return None
