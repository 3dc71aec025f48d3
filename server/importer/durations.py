"""Planned times: `(10 min)`, `[7']`, `(90 s)`, `(1 h 30)` in a pasted question, `10` or `10 min` in a field."""

from __future__ import annotations

import re

from server.core.setup import MAX_SECONDS

_NUMBER = r"\d{1,6}(?:[.,]\d{1,3})?"
_MINUTE = r"(?:minutes?|minutos?|minuten|mins?|mn|m|dakika|dk|دقيقة|دقائق|دقيقه|د|['′’])\.?"
_SECOND = r"(?:secondes?|seconds?|segundos?|sekunden|secs?|s|ثانية|ثوان|[\"″”]|''|’’)\.?"
_HOUR = r"(?:heures?|hours?|horas?|stunden?|hrs?|h|ساعة)\.?"
_LENGTH = (
    rf"(?:(?P<hours>{_NUMBER})\s*{_HOUR}(?:\s*(?P<rest>\d{{1,2}})\s*(?:{_MINUTE})?)?"
    rf"|(?P<seconds>{_NUMBER})\s*{_SECOND}"
    rf"|(?P<minutes>{_NUMBER})\s*{_MINUTE})"
)
_ABOUT = r"(?:~|≈|about|approx\.?|ca\.?|c\.|env\.?|environ|approximately|durée\s*:?|duration\s*:?|time\s*:?)?\s*"
_BRACKETED = re.compile(rf"\s*(?P<mark>[*_]{{0,2}})[(\[（]\s*{_ABOUT}{_LENGTH}\s*[)\]）](?P=mark)", re.IGNORECASE)
_TRAILING = re.compile(rf"(?<=[?？؟])\s*[-–—:,|]?\s*(?P<mark>[*_]{{0,2}}){_LENGTH}(?P=mark)$", re.IGNORECASE)
_FIELD = re.compile(_LENGTH, re.IGNORECASE)
_PLAIN = re.compile(_NUMBER)


def take_duration(text: str) -> tuple[str, list[float]]:
    """`text` without the times it names, and those times in seconds, in reading order.

    A time stands in round or square brackets, or bare behind the question mark: `… work? 10 min`.
    """
    found: list[float] = []

    def collect(match: re.Match[str]) -> str:
        found.append(_seconds(match))
        return " " if match.end() < len(text) and text[match.end()].isalnum() else ""

    bare = _TRAILING.search(text)
    if bare:
        text = text[: bare.start()]
    text = _BRACKETED.sub(collect, text)
    if bare:
        found.append(_seconds(bare))
    return text.strip(), found


def read_duration(value: str, unit: int) -> float | None:
    """The seconds that a field's text means; a bare number counts in `unit` seconds; None where it is no time."""
    value = value.strip()
    if _PLAIN.fullmatch(value):
        return _number(value) * unit
    match = _FIELD.fullmatch(value)
    return _seconds(match) if match else None


def allowed(seconds: float) -> bool:
    """Whether a guiding question may be planned for that long."""
    return 0 <= seconds <= MAX_SECONDS


def _seconds(match: re.Match[str]) -> float:
    if match["hours"]:
        return _number(match["hours"]) * 3600 + int(match["rest"] or 0) * 60
    return _number(match["seconds"]) if match["seconds"] else _number(match["minutes"]) * 60


def _number(digits: str) -> float:
    return float(digits.replace(",", "."))
