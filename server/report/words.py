"""Words of the report in the reader's language: texts, dates, durations, shares."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from babel import Locale, UnknownLocaleError
from babel.dates import format_datetime
from babel.numbers import format_decimal, format_percent

from server.core.setup import NO_GROUP, Text
from server.report.outcome import Outcome
from server.report.polls import Choice, PollLine, RoomFigures
from server.report.rooms import Place, PlanPart
from server.texts.catalogues import Catalogues


class Words:
    """How to say things to one reader of one outcome."""

    def __init__(self, texts: Catalogues, lang: str, outcome: Outcome) -> None:
        self.lang = lang
        self._texts = texts
        self._outcome = outcome
        try:
            self._locale = Locale.parse(lang, sep="-")
        except (ValueError, UnknownLocaleError):
            self._locale = Locale("en")
        try:
            self._zone = ZoneInfo(outcome.timezone)
        except (ZoneInfoNotFoundError, ValueError):
            self._zone = ZoneInfo("UTC")

    @property
    def direction(self) -> str:
        """`ltr` or `rtl`."""
        return self._texts.direction(self.lang)

    def t(self, key: str, **values: object) -> str:
        """Return a message of the report; `key` without its `report.`."""
        return self._texts.t(self.lang, f"report.{key}", **values)

    def text(self, text: Text | None) -> str:
        """Return a text in the reader's language, else in the session's."""
        return self._texts.pick(text, self.lang, self._outcome.languages) if text else ""

    def group(self, group: str) -> str:
        """Return the name of a stakeholder group."""
        return self.t("no_group") if group == NO_GROUP else self.text(self._outcome.groups.get(group)) or group

    def name(self, name: str | None) -> str:
        """Return a name, or that there is none to tell."""
        return self.t("anonymous") if name is None else name

    def moment(self, at: int) -> str:
        """Return a date and time in the session's own zone, as the pages write it."""
        there = datetime.fromtimestamp(at / 1000, UTC).astimezone(self._zone)
        date = format_datetime(there, "d MMMM y", locale=self._locale)
        return self.t("moment", date=date, time=f"{there:%H:%M}", zone=there.tzname())

    def kinds(self, kinds: Iterable[str]) -> str:
        """Return the names of kinds of notes, in a row."""
        return ", ".join(self.t(f"kind.{kind}") for kind in kinds)

    def duration(self, ms: int) -> str:
        """Return minutes and seconds, counting seconds that are over, as the pages do."""
        minutes, seconds = divmod(ms // 1000, 60)
        return self.t("duration", minutes=minutes, seconds=f"{seconds:02d}")

    def percent(self, share: float) -> str:
        """Return a share of 1 in percent."""
        return format_percent(share, format="#,##0%", locale=self._locale)

    def number(self, value: float) -> str:
        """Return a number with at most two decimals."""
        return format_decimal(value, format="#,##0.##", locale=self._locale)

    def choice(self, choice: Choice, poll: PollLine) -> str:
        """Return the label of an option: a letter and its text, or a step of a scale with the words of its end."""
        if poll.kind != "scale":
            return f"{choice.id.upper()}. {self.text(choice.text)}"
        end = poll.low if choice.id == poll.choices[0].id else poll.high if choice.id == poll.choices[-1].id else None
        return f"{choice.id} ({self.text(end)})" if end else choice.id

    def mark(self, choice: Choice) -> str:
        """Return what stands for an option where its text would not fit: its letter, or the number of a step."""
        return choice.id.upper()

    def base(self, poll: PollLine) -> str:
        """Return how many took part and, for a scale, where the middle lies."""
        said = [self.t("ballots", n=poll.turnout)]
        if poll.mean is not None and poll.median is not None:
            said.append(self.t("middle", mean=self.number(poll.mean), median=self.number(poll.median)))
        if poll.run > 1:
            said.append(self.t("run", n=poll.run))
        return ", ".join(said)

    def room(self, room: Place | RoomFigures) -> str:
        """Return what a room is called: `Table 3`, or `Table 3: Banks` where it has a name."""
        number = self._texts.t(self.lang, "rooms.number", n=room.number)
        return self.t("rooms.named", room=number, name=self.text(room.name)) if room.name else number

    def place(self, place: Place) -> str:
        """Return a room and its round: `Table 3, round 2`."""
        return self._texts.t(self.lang, "rooms.origin", room=self.room(place), n=place.round)

    def round(self, number: int) -> str:
        """Return a round: `Round 2`."""
        return self._texts.t(self.lang, "rooms.round", n=number)

    def plan(self, ident: str) -> str:
        """Return what a plan of rooms is called: its name, else its number."""
        plan = next(plan for plan in self._outcome.rooms if plan.id == ident)
        return self.text(plan.name) or self.t("rooms.plan", n=plan.number)

    def about(self, plan: PlanPart) -> str:
        """Return how people came into the rooms of a plan, and how many rounds took place."""
        said = [self.t(f"rooms.assign.{plan.assign}")]
        if plan.rotate == "questions" and plan.rounds > 1:
            said.append(self.t("rooms.questions_rotate"))
        said.append(self.t("rooms.rounds", n=plan.round, count=plan.rounds) if plan.round else self.t("rooms.never"))
        if plan.dropped:
            said.append(self.t("rooms.dropped"))
        return ", ".join(said)

    def tables(self, plan: PlanPart) -> tuple[list[str], list[list[str]]]:
        """Return the rooms of a plan, round by round, as the head and the rows of a table; without tasks where there were none."""
        names = ["room", "round", *(["task"] if plan.tasks else []), "people", "groups", "notes"]
        rows = [
            [
                self.room(table.place),
                str(table.place.round),
                *([self.text(table.task)] if plan.tasks else []),
                str(table.people),
                self.groups(table.groups),
                str(table.notes),
            ]
            for table in plan.tables
        ]
        return [self.t(f"rooms.{name}") for name in names], rows

    def groups(self, groups: Mapping[str, int]) -> str:
        """Return how many of each stakeholder group: `Diaspora 3, Youth 2`."""
        return ", ".join(f"{self.group(group)} {count}" for group, count in groups.items())

    def entries(self, *entries: int) -> str:
        """Return where a line comes from: `[#12, #15]`."""
        return "[" + ", ".join(f"#{entry}" for entry in entries) + "]"
