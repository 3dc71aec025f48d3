"""Dates and hours in prose, in the languages whose month names we know; and local time to the instant it means.

`Tuesday, 14 October 2025, 3:00-5:00 PM`, `mardi 14 octobre 2025, 15h00 – 17h00`, `October 14, 2025 at 3 pm`,
`2027-03-10 14:00`, `14.10.2025, 15:00 Uhr`.
"""

from __future__ import annotations

import datetime as dt
import re
from functools import cache
from zoneinfo import ZoneInfo

import msgspec
from babel import Locale

SPOKEN = ("en", "fr", "es", "pt", "de", "it", "nl", "ar", "sw", "tr", "ru", "uk", "pl")
"""Languages whose month and weekday names are read."""

FIRST_YEAR, LAST_YEAR = 1970, 2999

Span = tuple[int, int]

_WORD = r"[^\W\d_]{3,12}"
_DAY = r"(?P<day>\d{1,2})(?:st|nd|rd|th|er|\.|º|ª)?(?:\s?[-–—]\s?\d{1,2}\.?)?"
_YEAR = r"(?P<year>\d{4})(?!\d)"
_SHAPES = (
    re.compile(rf"(?<!\d){_DAY}\s*(?:of\s+|de\s+|-|/)?\s*(?P<month>{_WORD})\.?,?\s*(?:de\s+|del\s+|-|/)?\s*{_YEAR}"),
    re.compile(rf"(?<!\w)(?P<month>{_WORD})\.?\s+{_DAY},?\s+{_YEAR}"),
    re.compile(r"(?<!\d)(?P<year>\d{4})[-/.](?P<number>\d{1,2})[-/.](?P<day>\d{1,2})(?!\d)"),
    re.compile(r"(?<!\d)(?P<day>\d{1,2})[/.-](?P<number>\d{1,2})[/.-](?P<year>\d{4})(?!\d)"),
)
_MERIDIEM = r"(?:(?P<{0}>[ap])\.?\s?m\b\.?)?"
_TIME = re.compile(
    r"(?<![\d:.,/-])(?P<hour>\d{1,2})(?:\s?(?P<mark>[:.hH])\s?(?P<minute>[0-5]\d))?(?::[0-5]\d(?:\.\d+)?)?(?!\d)\s?"
    + _MERIDIEM.format("half")
    + r"(?P<unit>\s?(?:h\b|hrs?\b|heures?\b|uhr\b|o'clock\b))?"
    r"(?:\s?(?:[-–—−]|to|until|till|à|a|au|bis|até|hasta|إلى)\s?"
    r"(?P<until>\d{1,2})(?:\s?(?P<mark2>[:.hH])\s?[0-5]\d)?(?!\d)\s?"
    + _MERIDIEM.format("half2")
    + r"(?P<unit2>\s?(?:h\b|hrs?\b|heures?\b|uhr\b))?)?",
    re.IGNORECASE,
)


class FoundDate(msgspec.Struct, frozen=True):
    """A date in a line; `ambiguous` where day and month could be the other way round."""

    date: dt.date
    span: Span
    ambiguous: bool = False


class FoundTime(msgspec.Struct, frozen=True):
    """The hour at which something begins, and where it and its end stand in the line."""

    time: dt.time
    span: Span


def find_date(line: str) -> FoundDate | None:
    """The first date with a year in `line`."""
    found = [date for shape in _SHAPES for date in [_first_valid(shape, line)] if date is not None]
    return min(found, key=lambda date: date.span[0], default=None)


def find_time(line: str) -> FoundTime | None:
    """The first hour in `line`; a bare number is none: it takes minutes, am/pm or a word for hour."""
    for match in _TIME.finditer(line):
        half = match["half"] or match["half2"]
        # `15.00` is an hour only with its minutes; `3.5` never gets here because two digits are asked for.
        if not (match["mark"] or match["unit"] or half or match["mark2"] or match["unit2"]):
            continue
        hour = _hour(int(match["hour"]), match["half"])
        if match["half2"] and not match["half"] and int(match["hour"]) <= 12:
            end = _hour(int(match["until"]), match["half2"])
            hour = _hour(int(match["hour"]), match["half2"])
            if hour > end:
                hour = _hour(int(match["hour"]), "a")
        if hour <= 23:
            return FoundTime(dt.time(hour, int(match["minute"] or 0)), match.span())
    return None


def instant(local: dt.datetime, zone: str) -> tuple[int, bool]:
    """Milliseconds since the epoch of the naive `local` in `zone`, and whether a clock change makes it unsure.

    Unsure: the hour does not exist that day, or exists twice (then the first is meant).
    """
    here = local.replace(tzinfo=ZoneInfo(zone))
    utc = here.astimezone(dt.UTC)
    unsure = (
        utc.astimezone(ZoneInfo(zone)).replace(tzinfo=None) != local
        or here.utcoffset() != here.replace(fold=1).utcoffset()
    )
    return to_ms(utc), unsure


def to_ms(moment: dt.datetime) -> int:
    """An aware `moment` as milliseconds since the epoch."""
    return (moment - dt.datetime(1970, 1, 1, tzinfo=dt.UTC)) // dt.timedelta(milliseconds=1)


@cache
def weekday_names() -> frozenset[str]:
    """The names and abbreviations of weekdays in the `SPOKEN` languages, lower case, without full stops."""
    return frozenset(
        name.strip(".").lower()
        for lang in SPOKEN
        for context in ("format", "stand-alone")
        for width in ("wide", "abbreviated")
        for name in Locale(lang).days[context][width].values()
    )


@cache
def _months() -> dict[str, int]:
    months = {"sept": 9}
    for lang in SPOKEN:
        for context in ("format", "stand-alone"):
            for width in ("wide", "abbreviated"):
                for number, name in Locale(lang).months[context][width].items():
                    months.setdefault(name.strip(".").lower(), number)
    return months


def _first_valid(shape: re.Pattern[str], line: str) -> FoundDate | None:
    for match in shape.finditer(line):
        groups = match.groupdict()
        year, day = int(groups["year"]), int(groups["day"])
        word = groups.get("month")
        month = _months().get(word.lower(), 0) if word else int(groups["number"])
        day_first = not word and match.group().find(groups["day"]) == 0 and len(groups["day"]) <= 2
        ambiguous = day_first and day <= 12 and month <= 12 and day != month and "." not in match.group()
        if day_first and month > 12:
            day, month = month, day
        if not FIRST_YEAR <= year <= LAST_YEAR:
            continue
        try:
            return FoundDate(dt.date(year, month, day), match.span(), ambiguous)
        except ValueError:
            continue
    return None


def _hour(hour: int, half: str | None) -> int:
    if half is None:
        return hour
    if hour > 12:
        return hour
    return hour % 12 + (12 if half.lower() == "p" else 0)
