"""Which languages an agenda speaks: names that people write, and a careful guess where nothing is said."""

from __future__ import annotations

import re
import unicodedata
from functools import cache

from babel import Locale, UnknownLocaleError

TAG = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})*")
MAX_TAG = 20

_COMMON_WORDS = {
    "en": "the and of to in for what how is are with that which do does can from on we our their should",
    "fr": "le la les des et du de en une est pour quelles quels quel comment avec dans que qui sont nous au aux",
    "es": "el la los las de y en que qué cómo para con una es son del por cuáles se nuestro",
    "pt": "o os as de e em que como para com uma é são do da dos das por quais não",
    "de": "der die das und in von zu mit für was wie ist sind den dem ein eine welche wir",
}
_SCRIPTS = {"ARABIC": "ar", "CYRILLIC": "ru", "GREEK": "el", "HEBREW": "he", "ETHIOPIC": "am", "HANGUL": "ko"}
_LONG_TAGS = frozenset({"bem", "ber", "ckb", "fil", "kab", "kmr", "luo", "nso", "prs", "yue", "zgh"})
_ENOUGH = 6
"""Telling words (or letters times ten) below which a guess would be noise."""


def is_tag(value: str) -> bool:
    """Whether `value` has the form of a BCP 47 language tag as a session stores it."""
    return len(value) <= MAX_TAG and TAG.fullmatch(value) is not None


def known_tag(value: str) -> bool:
    """Whether `value` is a tag of a language that CLDR knows: `[fr]` is one, `[tbc]` and `[new]` are none.

    Of the tags with three letters, which are words in some language, only common ones count.
    """
    primary = value.partition("-")[0]
    return is_tag(value) and (primary in _LONG_TAGS or (len(primary) == 2 and primary in _english().languages))


def by_name(name: str) -> str | None:
    """The tag of a language called `name` in itself, English or French: `Français`, `French`, `fr` -> `fr`."""
    lower = name.strip().lower()
    return lower if known_tag(lower) else _by_name().get(lower)


def guess(text: str) -> str | None:
    """The language of `text` where its script or its common words leave no doubt, else None."""
    script = _by_script(text)
    if script:
        return script
    words = re.findall(r"[^\W\d_]+", text.lower()[:20_000])
    counts = {lang: sum(words.count(word) for word in common.split()) for lang, common in _COMMON_WORDS.items()}
    best, second = sorted(counts, key=lambda lang: -counts[lang])[:2]
    return best if counts[best] >= _ENOUGH and counts[best] * 2 >= counts[second] * 3 else None


def _by_script(text: str) -> str | None:
    letters = [char for char in text[:5_000] if char.isalpha()]
    counts: dict[str, int] = {}
    for char in letters:
        script = unicodedata.name(char, "").partition(" ")[0]
        if script in _SCRIPTS:
            counts[script] = counts.get(script, 0) + 1
    best = max(counts, key=lambda script: counts[script], default=None)
    if best is None or counts[best] < 10 * _ENOUGH or counts[best] * 2 < len(letters):
        return None
    return _SCRIPTS[best]


@cache
def _english() -> Locale:
    return Locale("en")


@cache
def _by_name() -> dict[str, str]:
    names: dict[str, str] = {}
    for tag in map(str, _english().languages):
        if re.fullmatch(r"[a-z]{2}", tag) is None:
            continue
        for name in (_english().languages[tag], Locale("fr").languages.get(tag), _own_name(tag)):
            if name:
                names.setdefault(str(name).lower(), tag)
    return names


def _own_name(tag: str) -> str | None:
    try:
        return Locale(tag).get_display_name(tag)
    except UnknownLocaleError:
        return None
