"""Texts of an agenda per language: which languages there are, what a plain text belongs to, what lacks a translation."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from server.core.setup import MAX_TITLE, Text
from server.importer.languages import guess
from server.importer.remarks import Place, Remarks

MAX_LANGUAGES = 10
"""Languages of a session, as `Setup` has it."""

PLAIN = ""
"""The language of a text of which none is said; replaced by the session's first language at the end."""


def choose_languages(texts: Sequence[Text], said: Sequence[str], default: str, remarks: Remarks) -> tuple[str, ...]:
    """The languages of a session, the first of which plain texts are in.

    What the agenda says comes first. Else the language of its plain texts (guessed where their words leave no doubt,
    else `default`), then the languages with which texts are marked, in order of appearance.
    """
    if said:
        return tuple(dict.fromkeys(said))
    marked = list(dict.fromkeys(lang for text in texts for lang in text if lang != PLAIN))
    plain = [text for text in texts if PLAIN in text]
    if marked and not plain:
        return tuple(marked)
    # A text that is plain and French at once has its plain words in another language than French.
    other = {lang for text in plain for lang in text if lang != PLAIN}
    guessed = guess("\n".join(text[PLAIN] for text in plain))
    first = guessed if guessed and guessed not in other else _plain_language(marked, other, default)
    if first == guessed and first not in {default, *marked}:
        remarks.warn("language_guessed", Place(), language=first)
    return tuple(dict.fromkeys([first, *marked]))


def _plain_language(marked: Sequence[str], other: set[str], default: str) -> str:
    likely = [default] if other or not marked or default in marked else [*marked, default]
    return next(lang for lang in (*likely, "en", "und") if lang not in other)


def settle(text: Text, languages: Sequence[str]) -> Text:
    """`text` with its plain words under the first language, unless that has words of its own."""
    settled = {languages[0]: text[PLAIN]} if PLAIN in text else {}
    return settled | {lang: words for lang, words in text.items() if lang != PLAIN}


def report_gaps(texts: Iterable[tuple[Text, Place]], languages: Sequence[str], remarks: Remarks) -> None:
    """Warn of each language that some texts lack, and of each that texts have though the session does not offer it."""
    missing: dict[str, list[Place]] = {}
    extra: dict[str, list[Place]] = {}
    for text, place in texts:
        for lang in languages:
            if lang not in text:
                missing.setdefault(lang, []).append(place)
        for lang in text:
            if lang not in languages:
                extra.setdefault(lang, []).append(place)
    for lang, places in missing.items():
        remarks.warn("untranslated", places[0], language=lang, n=len(places))
    for lang, places in extra.items():
        remarks.warn("extra_language", places[0], language=lang, languages=", ".join(languages))


def too_long(text: Text, limit: int = MAX_TITLE) -> int | None:
    """The length of the longest words of `text` where it is above `limit` characters, else None."""
    longest = max(map(len, text.values()), default=0)
    return longest if longest > limit else None
