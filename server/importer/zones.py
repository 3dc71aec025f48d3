"""Time zones: IANA names, and what people write instead of them (abbreviations, offsets, cities)."""

from __future__ import annotations

import difflib
import re
import zoneinfo
from functools import cache

ABBREVIATIONS: dict[str, tuple[str, ...]] = {
    "CET": ("Europe/Paris", "Europe/Berlin", "Europe/Brussels", "Africa/Algiers"),
    "CEST": ("Europe/Paris", "Europe/Berlin", "Europe/Brussels"),
    "MEZ": ("Europe/Berlin", "Europe/Vienna", "Europe/Zurich"),
    "MESZ": ("Europe/Berlin", "Europe/Vienna", "Europe/Zurich"),
    "WET": ("Europe/Lisbon", "Atlantic/Canary"),
    "WEST": ("Europe/Lisbon", "Atlantic/Canary"),
    "EET": ("Europe/Athens", "Europe/Bucharest", "Africa/Cairo"),
    "EEST": ("Europe/Athens", "Europe/Bucharest", "Africa/Cairo"),
    "BST": ("Europe/London", "Asia/Dhaka"),
    "MSK": ("Europe/Moscow",),
    "TRT": ("Europe/Istanbul",),
    "EAT": ("Africa/Nairobi", "Africa/Addis_Ababa", "Africa/Kampala"),
    "CAT": ("Africa/Maputo", "Africa/Harare", "Africa/Kigali"),
    "WAT": ("Africa/Lagos", "Africa/Kinshasa", "Africa/Douala"),
    "SAST": ("Africa/Johannesburg",),
    "AST": ("America/Halifax", "America/Puerto_Rico", "Asia/Riyadh"),
    "GST": ("Asia/Dubai",),
    "PKT": ("Asia/Karachi",),
    "IST": ("Asia/Kolkata", "Asia/Jerusalem", "Europe/Dublin"),
    "ICT": ("Asia/Bangkok", "Asia/Ho_Chi_Minh"),
    "WIB": ("Asia/Jakarta",),
    "SGT": ("Asia/Singapore",),
    "HKT": ("Asia/Hong_Kong",),
    "PHT": ("Asia/Manila",),
    "CST": ("America/Chicago", "America/Mexico_City", "Asia/Shanghai"),
    "JST": ("Asia/Tokyo",),
    "KST": ("Asia/Seoul",),
    "AEST": ("Australia/Sydney", "Australia/Brisbane"),
    "AEDT": ("Australia/Sydney", "Australia/Melbourne"),
    "NZST": ("Pacific/Auckland",),
    "NZDT": ("Pacific/Auckland",),
    "EST": ("America/New_York", "America/Toronto", "America/Panama"),
    "EDT": ("America/New_York", "America/Toronto"),
    "ET": ("America/New_York", "America/Toronto"),
    "CDT": ("America/Chicago",),
    "CT": ("America/Chicago",),
    "MST": ("America/Denver", "America/Phoenix"),
    "MDT": ("America/Denver",),
    "MT": ("America/Denver",),
    "PST": ("America/Los_Angeles", "America/Vancouver"),
    "PDT": ("America/Los_Angeles", "America/Vancouver"),
    "PT": ("America/Los_Angeles", "America/Vancouver"),
    "BRT": ("America/Sao_Paulo",),
    "ART": ("America/Argentina/Buenos_Aires",),
}
"""Abbreviation -> zones that use it, the likeliest first. `CET` and `EST` are in the IANA data for old programs only
and do not say where people are, so they are answered like the others."""

UNIVERSAL = {"utc": "UTC", "gmt": "UTC", "z": "UTC", "etc/utc": "UTC", "etc/gmt": "UTC", "tu": "UTC"}

_NAME = re.compile(
    r"(?<![\w/])[A-Za-z]{2,12}(?:/[A-Za-z][A-Za-z_.'’-]{1,20}(?: [A-Z][a-z]{1,15})?){1,2}(?:[+-]\d{1,2})?"
)
_OFFSET = re.compile(r"(?:UTC|GMT)\s?(?P<sign>[+\-−–])\s?(?P<hours>\d{1,2})(?::?(?P<minutes>[0-5]\d))?(?![\d:])")


@cache
def _names() -> dict[str, str]:
    return {
        name.lower(): name
        for name in zoneinfo.available_timezones()
        if "/" in name and not name.startswith(("posix/", "right/", "SystemV/"))
    }


@cache
def _cities() -> dict[str, str]:
    # Areas that are real places come before links such as `US/Pacific`; the sort makes the choice repeatable.
    by_city: dict[str, str] = {}
    for name in sorted(_names().values()):
        by_city.setdefault(name.rpartition("/")[2].replace("_", " ").lower(), name)
    return by_city


def iana(name: str) -> str | None:
    """The IANA name that `name` is, whatever its case and with spaces for underscores, else None."""
    wanted = name.strip().lower()
    return UNIVERSAL.get(wanted) or _names().get(wanted.replace(" ", "_"))


def by_city(city: str) -> str | None:
    """The zone whose city is `city`: `paris` -> `Europe/Paris`."""
    return _cities().get(" ".join(city.split()).lower())


def candidates(name: str) -> list[str]:
    """Zone names that somebody who wrote `name` may have meant, the likeliest first, never empty."""
    known = ABBREVIATIONS.get(name.strip().upper())
    if known:
        return list(known)
    city = by_city(name.rpartition("/")[2].replace("_", " "))
    near = difflib.get_close_matches(name.strip().lower()[:40], _names(), n=3, cutoff=0.7)
    near_city = difflib.get_close_matches(name.strip().lower()[:40], _cities(), n=2, cutoff=0.8)
    found = [city] if city else [*(_names()[match] for match in near), *(_cities()[match] for match in near_city)]
    return list(dict.fromkeys(found))[:3] or ["Europe/Paris", "Africa/Nairobi", "America/New_York"]


def find_name(line: str) -> tuple[str, tuple[int, int]] | None:
    """The first IANA zone name within a line, and where it stands."""
    for match in _NAME.finditer(line):
        words = match.group()
        # `Europe/Paris Online` and `Europe/Paris.` end before the zone does.
        for end in (len(words), words.rfind(" "), len(words.rstrip(".'’-"))):
            name = _names().get(words[:end].replace(" ", "_").lower()) if end > 0 else None
            if name:
                return name, (match.start(), match.start() + end)
    return None


def find_offset(text: str) -> tuple[int, str, tuple[int, int]] | None:
    """`UTC+3` -> (180 minutes east, the zone that stands for it, where it stands)."""
    match = _OFFSET.search(text)
    if match is None:
        return None
    minutes = int(match["hours"]) * 60 + int(match["minutes"] or 0)
    east = minutes if match["sign"] == "+" else -minutes
    if not -12 * 60 <= east <= 14 * 60:
        return None
    # POSIX counts westward: `Etc/GMT-3` is three hours east of Greenwich.
    zone = "UTC" if east % 60 or not east else f"Etc/GMT{-east // 60:+d}"
    return east, zone, match.span()
