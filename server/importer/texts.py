"""Texts of an agenda per language: which languages there are, what a plain text belongs to, what lacks a translation."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from server.core.setup import MAX_TITLE, Text
from server.importer.languages import guess
from server.importer.remarks import Place, Remarks

PLAIN = ""
"""The language of a text of which none is said; replaced by the session's first language at the end."""


def choose_languages(texts: Sequence[Text], said: Sequence[str], default: str, remarks: Remarks) -> tuple[str, ...]:
    """The languages of a session, the first of which plain texts are in.

    What the agenda says comes first; else the languages that its texts are marked with, in order of appearance, the
    language of plain texts before them; else what can be guessed, else `default`.
    """
    if said:
        return tuple(dict.fromkeys(said))
    marked = list(dict.fromkeys(lang for text in texts for lang in text if lang != PLAIN))
    plain = "\n".join(text[PLAIN] for text in texts if PLAIN in text)
    if marked and not any(PLAIN in text and len(text) == 1 for text in texts):
        spoken = guess(plain)
        first = [spoken] if spoken and spoken not in marked else []
        return tuple([*first, *marked] if any(PLAIN in text for text in texts) else marked)
    guessed = guess(plain)
    first_language = guessed or (marked[0] if marked else default)
    if guessed and not marked and guessed != default:
        remarks.warn("language_guessed", Place(), language=guessed)
    return tuple(dict.fromkeys([first_language, *marked]))


def settle(text: Text, languages: Sequence[str]) -> Text:
    """`text` with its plain words under the first language, unless that has words of its own."""
    return {languages[0] if lang == PLAIN else lang: words for lang, words in sorted_plain_first(text)}


def sorted_plain_first(text: Text) -> list[tuple[str, str]]:
    """Plain words before marked ones, so that marked words of the same language win."""
    return sorted(text.items(), key=lambda item: item[0] != PLAIN)


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
        remarks.warn("untranslated", places[0], language=lang, n=len(places), first=languages[0])
    for lang, places in extra.items():
        remarks.warn("extra_language", places[0], language=lang, languages=", ".join(languages))


def too_long(text: Text, limit: int = MAX_TITLE) -> int | None:
    """The length of the longest words of `text` where it is above `limit` characters, else None."""
    longest = max(map(len, text.values()), default=0)
    return longest if longest > limit else None
