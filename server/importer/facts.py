"""What a pasted page says about the session as a whole: when, in which zone, languages, groups, video rooms, its title.

Each fact is found in the prose around the programme. The words that told it are used up; what remains of their lines
is reported as left out.
"""

from __future__ import annotations

import datetime as dt
import re

import msgspec

from server.importer.clock import FoundDate, Span, find_date, find_time, weekday_names
from server.importer.languages import by_name
from server.importer.lines import MAX_LOOK, Line
from server.importer.links import find_link, read_link
from server.importer.remarks import Place, Remarks
from server.importer.starts import FoundZone, find_zone, place_in_zone, read_zone
from server.importer.zones import find_name

_LABELS = {
    "title": r"title|titre|título|titel|العنوان",
    "languages": r"(?:working |event )?languages?|langues?(?: de travail)?|idiomas?|sprachen?|اللغات|اللغة|لغات العمل",
    "groups": r"(?:stakeholder )?groups?|groupes?(?: d['’]acteurs)?|grupos?|المجموعات",
    "zone": r"time ?zone|fuseau horaire|zona horaria|fuso horário|zeitzone|المنطقة الزمنية",
}
_LABELLED = {name: re.compile(rf"(?:{label})\s*[:：]\s*(\S.*)", re.IGNORECASE) for name, label in _LABELS.items()}
_OTHER_DATE = re.compile(
    r"publi|posted|updated|mis à jour|mise à jour|deadline|date limite|register (?:by|before|until)|avant le|"
    r"inscri|registration|archive|last modified|©|نشر",
    re.IGNORECASE,
)
_LITTLE_WORDS = (
    "date dates time times hour hours heure heures when quand hora fecha data uhrzeit wann datum at from to on the "
    "of le la les de du des à au a el del um am bis von der den until till timezone zone fuseau horaire zona horaria "
    "online en ligne virtual local and et y und التاريخ الوقت الساعة من إلى في يوم بتوقيت توقيت"
)
_FILLERS = frozenset(_LITTLE_WORDS.split())
_WORDS = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")
_BESIDE = 3
"""Lines below a date in which its hour is looked for."""


class Facts(msgspec.Struct):
    """What was found; `used` tells which lines gave it, and what of each is left (empty: nothing worth a word)."""

    used: dict[int, str]
    title: str = ""
    title_line: int = 0
    languages: list[str] = []
    groups: list[str] = []
    groups_line: int = 0
    starts: int | None = None
    timezone: str | None = None
    link: str | None = None
    """The template of the video rooms' addresses."""


def find_facts(lines: list[Line], remarks: Remarks) -> Facts:
    """Everything that the page says about the session as a whole; questions among `lines` are not looked at."""
    facts = Facts(used={})
    found = find_link(lines)
    if found is not None:
        facts.link = read_link(found, remarks)
        facts.used[found.line] = ""
        # An address may hold a question mark, or digits that look like a date.
        lines = [line for line in lines if line.number != found.line]
    prose = [line for line in lines if line.kind in ("words", "bullet", "heading") and not _asks(line.text)]
    for line in prose:
        _read_label(line, facts, remarks)
    _find_when(prose, facts, remarks)
    return facts


def _asks(text: str) -> bool:
    return any(mark in text for mark in "?？؟")


def _read_label(line: Line, facts: Facts, remarks: Remarks) -> None:
    if line.kind == "heading" or len(line.text) > MAX_LOOK:
        return
    for name, pattern in _LABELLED.items():
        match = pattern.fullmatch(line.text.replace("**", ""))
        if match is None:
            continue
        place = Place(line=line.number)
        if name == "title" and not facts.title:
            facts.title, facts.title_line = match[1], line.number
        elif name == "languages" and not facts.languages:
            names = [
                part.strip(" .")
                for part in re.split(r"[,;/&]|\s(?:and|et|y|und|e)\s|،|\sو", match[1])
                if part.strip(" .")
            ]
            known = [tag for part in names for tag in [by_name(part)] if tag]
            unknown = [part for part in names if not by_name(part)]
            if not known:
                return
            facts.languages = list(dict.fromkeys(known))
            if unknown:
                remarks.warn("unknown_languages", place, languages=", ".join(unknown))
        elif name == "groups" and not facts.groups:
            facts.groups = [part.strip(" .") for part in re.split(r"[,;،]", match[1]) if part.strip(" .")]
            facts.groups_line = line.number
        elif name == "zone" and not facts.timezone:
            found = find_name(match[1])
            facts.timezone = found[0] if found else read_zone(match[1].strip(" ."), place, remarks)
        else:
            return
        facts.used[line.number] = ""


class _When(msgspec.Struct):
    """A date with the line of its hour, which may be the line of the date."""

    day: FoundDate
    date_line: Line
    time: dt.time | None = None
    time_line: Line | None = None
    time_span: Span = (0, 0)
    suspect: bool = False


def _find_when(prose: list[Line], facts: Facts, remarks: Remarks) -> None:
    found = [_when(prose, position, day) for position, line in enumerate(prose) for day in [_date(line)] if day]
    if not found:
        _find_zone_alone(prose, facts)
        return
    # The date with an hour is the session's; a deadline or a date of publication only where there is no other.
    when = min(found, key=lambda one: (one.suspect, one.time is None))
    place = Place(line=when.date_line.number)
    spans: dict[int, list[Span]] = {when.date_line.number: [when.day.span]}
    used = {line.number: line for line in (when.date_line, when.time_line) if line}
    if when.time_line:
        spans.setdefault(when.time_line.number, []).append(when.time_span)
    if facts.timezone is None:
        _find_zone_alone([*used.values(), *prose], facts)
    for line in used.values():
        zone = find_zone(_without(line.text, spans[line.number]))
        if zone:
            spans[line.number].append(zone.span)
            _settle_zone(zone, facts, Place(line=line.number), remarks)
    for line in used.values():
        facts.used[line.number] = _rest(line.text, spans[line.number])
    if when.day.ambiguous:
        remarks.warn(
            "date_ambiguous", place, date=when.date_line.text[slice(*when.day.span)], taken=when.day.date.isoformat()
        )
    if when.time is None:
        remarks.warn("date_without_time", place, date=when.day.date.isoformat())
        return
    local = dt.datetime.combine(when.day.date, when.time)
    facts.starts, facts.timezone = place_in_zone(local, facts.timezone, place, remarks)


def _date(line: Line) -> FoundDate | None:
    return find_date(line.text) if len(line.text) <= MAX_LOOK else None


def _when(prose: list[Line], position: int, day: FoundDate) -> _When:
    line = prose[position]
    when = _When(day, line, suspect=_OTHER_DATE.search(line.text) is not None)
    beside = [near for near in prose[position + 1 : position + 1 + _BESIDE] if near.kind != "heading"]
    for near in [line, *beside, *prose[max(position - 1, 0) : position]]:
        if near is not line and (len(near.text) > 80 or near.kind == "heading" or _date(near)):
            continue
        time = find_time(_without(near.text, [day.span]) if near is line else near.text)
        if time:
            when.time, when.time_line, when.time_span = time.time, near, time.span
            break
    return when


def _find_zone_alone(prose: list[Line], facts: Facts) -> None:
    """An IANA zone name anywhere on the page."""
    if facts.timezone is not None:
        return
    for line in prose:
        found = find_name(line.text[:MAX_LOOK])
        if found:
            facts.timezone = found[0]
            if line.kind != "heading":
                facts.used.setdefault(line.number, _rest(line.text, [found[1]]))
            return


def _settle_zone(zone: FoundZone, facts: Facts, place: Place, remarks: Remarks) -> None:
    facts.timezone = facts.timezone or zone.zone
    zone.warn(facts.timezone, place, remarks)


def _without(text: str, spans: list[Span]) -> str:
    for start, end in spans:
        text = text[:start] + " " * (end - start) + text[end:]
    return text


def _rest(text: str, spans: list[Span]) -> str:
    """What a line says beside the facts in it; empty where only weekdays and little words remain."""
    rest = _without(text, spans)
    telling = [word for word in _WORDS.findall(rest) if word.lower() not in _FILLERS | weekday_names()]
    return " ".join(rest.split()).strip(" ,;:|()-–—") if telling else ""
