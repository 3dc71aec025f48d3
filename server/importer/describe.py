"""What `baraza check FILE` prints: the session as it was understood, and everything worth a remark."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from zoneinfo import ZoneInfo

from babel.dates import format_datetime

from server.core.setup import Setup, Text
from server.importer.labels import is_segment_label
from server.importer.remarks import AgendaError, Imported, Remark
from server.texts import Catalogues


def describe(imported: Imported, catalogues: Catalogues, lang: str) -> str:
    """The title, the start, the languages, groups, video rooms and segments, the whole time, and each warning with its line."""
    setup = imported.setup
    lines = [_pick(setup.title, setup, lang), "", _when(setup, catalogues, lang)]
    languages = ", ".join(f"{catalogues.own_name(tag)} ({tag})" for tag in setup.languages)
    lines.append(catalogues.t(lang, "agenda.describe.languages", languages=languages))
    groups = ", ".join(_pick(group.name, setup, lang) for group in setup.groups)
    lines.append(catalogues.t(lang, "agenda.describe.groups", groups=groups))
    if setup.link is not None:
        lines.append(catalogues.t(lang, "agenda.describe.link", link=setup.link))
    number = 0
    for position, segment in enumerate(setup.segments, 1):
        title = _pick(segment.title, setup, lang)
        if not is_segment_label(title):
            title = catalogues.t(lang, "agenda.describe.segment", number=position, title=title)
        lines += ["", title]
        for question in segment.questions:
            number += 1
            time = _time(question.seconds, catalogues, lang)
            lines.append(f"{number:>4}. {_pick(question.text, setup, lang)} [{time}]")
    total = sum(question.seconds for segment in setup.segments for question in segment.questions)
    time = _time(total, catalogues, lang) if total else catalogues.t(lang, "agenda.describe.minutes", n=0)
    lines += ["", catalogues.t(lang, "agenda.describe.total", n=number, time=time), ""]
    if imported.warnings:
        lines.append(catalogues.t(lang, "agenda.describe.warnings", n=len(imported.warnings)))
        lines += _remarks(imported.warnings, catalogues, lang)
    else:
        lines.append(catalogues.t(lang, "agenda.describe.no_warnings"))
    return "\n".join(lines) + "\n"


def describe_error(error: AgendaError, catalogues: Catalogues, lang: str) -> str:
    """Every problem with its place, one a line."""
    head = catalogues.t(lang, "agenda.describe.errors", n=len(error.problems))
    return "\n".join([head, *_remarks(error.problems, catalogues, lang)]) + "\n"


def _remarks(remarks: Iterable[Remark], catalogues: Catalogues, lang: str) -> list[str]:
    lines: list[str] = []
    for remark in remarks:
        place, message = remark.where(catalogues, lang), remark.message(catalogues, lang)
        if place:
            message = catalogues.t(lang, "agenda.describe.remark", place=place, message=message)
        lines.append(f"  {message}")
    return lines


def _pick(text: Text, setup: Setup, lang: str) -> str:
    return Catalogues.pick(text, lang, setup.languages)


def _when(setup: Setup, catalogues: Catalogues, lang: str) -> str:
    if setup.starts is None:
        return catalogues.t(lang, "agenda.describe.no_start", zone=setup.timezone)
    moment = dt.datetime(1970, 1, 1, tzinfo=dt.UTC) + dt.timedelta(milliseconds=setup.starts)
    local = moment.astimezone(ZoneInfo(setup.timezone))
    when = format_datetime(local, "EEEE d MMMM y, HH:mm", locale=lang.replace("-", "_"))
    return catalogues.t(lang, "agenda.describe.starts", when=when, zone=setup.timezone)


def _time(seconds: int, catalogues: Catalogues, lang: str) -> str:
    if seconds == 0:
        return catalogues.t(lang, "agenda.describe.no_time")
    minutes, rest = divmod(seconds, 60)
    parts = [catalogues.t(lang, "agenda.describe.minutes", n=minutes)] if minutes else []
    if rest:
        parts.append(catalogues.t(lang, "agenda.describe.seconds", n=rest))
    return " ".join(parts)
