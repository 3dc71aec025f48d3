"""When a session starts: from fields (`starts`, `date`, `time`, `timezone`) to an instant and an IANA zone."""

from __future__ import annotations

import datetime as dt
import re

import msgspec

from server.core.setup import MAX_STARTS
from server.importer.clock import FIRST_YEAR, LAST_YEAR, Span, find_date, find_time, instant, to_ms
from server.importer.remarks import Place, Remarks, WarningCode
from server.importer.zones import ABBREVIATIONS, by_city, candidates, find_name, find_offset, iana

_ISO = re.compile(r"\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}(:\d{2}(\.\d{1,6})?)?\s?(Z|[+-]\d{2}:?\d{2})?", re.IGNORECASE)
_ABBREVIATION = re.compile(r"(?<![^\W\d_])[A-Z]{2,5}(?![^\W\d_])")
_PLACE = r"(?P<city>[^\W\d_]+(?:[ -][A-Z][^\W\d_]+)?)"
_CITY = (
    re.compile(rf"(?:heure d[e'’]\s?|hora d[eo] |horário d[eo] |بتوقيت ){_PLACE}"),
    re.compile(rf"{_PLACE} time\b"),
    re.compile(rf"\({_PLACE}\)"),
)


class FoundZone(msgspec.Struct, frozen=True):
    """A zone as a line names it: what was written, the zone taken for it, and how sure that is."""

    written: str
    zone: str
    span: Span
    sure: WarningCode | None = None
    """The warning that tells of the choice; None for an IANA name, which needs none."""

    def warn(self, taken: str, place: Place, remarks: Remarks) -> None:
        """Tell that `written` is no zone name, and that `taken` was understood."""
        if self.sure is not None:
            meant = ", ".join(candidates(self.written))
            remarks.warn(self.sure, place, zone=self.written, taken=taken, candidates=meant)


def find_zone(text: str) -> FoundZone | None:
    """The zone that the words around a date and an hour name: IANA, an offset, an abbreviation or a city."""
    name = find_name(text)
    if name:
        return FoundZone(text[slice(*name[1])], name[0], name[1])
    offset = find_offset(text)
    if offset:
        return FoundZone(text[slice(*offset[2])], offset[1], offset[2], "zone_offset")
    for match in _ABBREVIATION.finditer(text):
        word = match.group()
        if word in ABBREVIATIONS:
            return FoundZone(word, ABBREVIATIONS[word][0], match.span(), "zone_abbreviation")
        if word in ("UTC", "GMT"):
            return FoundZone(word, "UTC", match.span())
    for shape in _CITY:
        for match in shape.finditer(text):
            zone = by_city(match["city"])
            if zone:
                return FoundZone(match["city"], zone, match.span(), "zone_city")
    return None


def read_zone(name: str, place: Place, remarks: Remarks) -> str | None:
    """The IANA zone that a `timezone` field means; None, with a problem noted, where it means none.

    An abbreviation is taken for the likeliest zone that uses it, with a warning that names the others.
    """
    zone = iana(name)
    if zone:
        return zone
    meant = candidates(name)
    if name.strip().upper() in ABBREVIATIONS:
        remarks.warn("zone_abbreviation", place, zone=name.strip(), taken=meant[0], candidates=", ".join(meant))
        return meant[0]
    offset = find_offset(name)
    if offset and offset[2] == (0, len(name.strip())) and not offset[0] % 60:
        remarks.warn("zone_offset", place, zone=name.strip(), taken=offset[1])
        return offset[1]
    remarks.problem("unknown_zone", place, value=name, candidates=", ".join(meant))
    return None


def read_starts(
    value: str | int, time: str | None, zone: str | None, place: Place, time_place: Place, remarks: Remarks
) -> tuple[int | None, str | None]:
    """The instant in milliseconds since the epoch, and the zone, of a `starts` or `date` field with a `time` field.

    `value` is an instant already, ISO 8601 with or without an offset, or a date in words. What cannot be read is
    noted as a problem and gives None.
    """
    if isinstance(value, int):
        if not 0 <= value <= MAX_STARTS:
            remarks.problem("bad_start", place, value=value)
            return None, zone
        return value, zone
    text = value.strip()
    if _ISO.fullmatch(text):
        if time is not None:
            remarks.problem("two_starts", time_place, value=text)
            return None, zone
        try:
            moment: dt.datetime | None = dt.datetime.fromisoformat(text.replace("z", "Z"))
        except ValueError:
            moment = None
        if moment is None or not FIRST_YEAR <= moment.year <= LAST_YEAR:
            remarks.problem("bad_start", place, value=text)
            return None, zone
        return _place_in_zone(moment, zone, place, remarks)
    date = find_date(text)
    if date is None:
        remarks.problem("bad_date" if time is not None else "bad_start", place, value=text)
        return None, zone
    rest = text[: date.span[0]] + " " * (date.span[1] - date.span[0]) + text[date.span[1] :]
    hour = find_time(rest if time is None else time)
    if hour is None and (time is not None or _is_more(rest)):
        remarks.problem("bad_time" if time is not None else "bad_start", time_place, value=time or text)
        return None, zone
    if date.ambiguous:
        remarks.warn("date_ambiguous", place, date=text, taken=date.date.isoformat())
    named = find_zone(rest)
    if named:
        zone = zone or named.zone
        named.warn(zone, place, remarks)
    if hour is None:
        remarks.warn("date_without_time", place, date=text)
        return None, zone
    return _place_in_zone(dt.datetime.combine(date.date, hour.time), zone, place, remarks)


def place_in_zone(local: dt.datetime, zone: str | None, place: Place, remarks: Remarks) -> tuple[int, str]:
    """The instant of the naive `local` time; UTC, with a warning, where no zone is known."""
    if zone is None:
        remarks.warn("no_timezone", place)
    ms, unsure = instant(local, zone or "UTC")
    if unsure:
        remarks.warn("clock_change", place, time=local.isoformat(" ", "minutes"), zone=zone or "UTC")
    return ms, zone or "UTC"


def _place_in_zone(moment: dt.datetime, zone: str | None, place: Place, remarks: Remarks) -> tuple[int, str]:
    if moment.tzinfo is None:
        return place_in_zone(moment, zone, place, remarks)
    if zone is None and moment.utcoffset():
        remarks.warn("no_timezone", place)
    return to_ms(moment), zone or "UTC"


def _is_more(rest: str) -> bool:
    """Whether something beside the date and a weekday was written, which then ought to have been a time."""
    return any(char.isdigit() for char in rest)
