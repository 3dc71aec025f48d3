"""The data behind the outcome document: JSON, and one CSV table of lines."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator

import msgspec

from server.report.outcome import Outcome, QuestionPart
from server.report.polls import PollLine
from server.report.rooms import Place, PlanPart
from server.report.words import Words

COLUMNS = (
    "section",
    "segment",
    "guiding_question",
    "kind",
    "text",
    "name",
    "group",
    "value",
    "share",
    "entries",
    "plan",
    "room",
    "round",
)

_NOWHERE = ("", "", "")
"""Plan, room and round of what was not in a room."""

_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def as_json(outcome: Outcome) -> bytes:
    """Return the outcome as JSON, with every text in all its languages."""
    return msgspec.json.format(msgspec.json.encode(outcome), indent=1)


def as_csv(outcome: Outcome, words: Words) -> str:
    """Return one line a row, with a byte order mark so that spreadsheets read it as UTF-8.

    `value` is a count, or milliseconds for speaking time. A note that was lifted out of a room is a `note` and a `room_note`, both with
    their plan, room and round. A cell that a spreadsheet would take for a formula gets a leading quote.
    """
    out = io.StringIO(newline="")
    out.write("\ufeff")
    writer = csv.writer(out)
    writer.writerow(COLUMNS)
    for row in _rows(outcome, words):
        writer.writerow([_safe(cell) for cell in (*row, *_NOWHERE)[: len(COLUMNS)]])
    return out.getvalue()


def _safe(cell: str) -> str:
    return f"'{cell}" if cell.startswith(_FORMULA) else cell


def _rows(outcome: Outcome, words: Words) -> Iterator[tuple[str, ...]]:
    for row in outcome.who:
        group = words.group(row.group)
        yield ("people", "", "", "", "", "", group, str(row.people), "", "")
        yield ("speaking_total", "", "", "", "", "", group, str(row.ms), f"{row.share:.4f}", "")
    for segment in outcome.segments:
        for part in segment.questions:
            yield from _part_rows(part, words.text(segment.title), words)
    yield from _part_rows(outcome.elsewhere, "", words)
    for plan in outcome.rooms:
        yield from _plan_rows(plan, words)


def _plan_rows(plan: PlanPart, words: Words) -> Iterator[tuple[str, ...]]:
    for table in plan.tables:
        task, where = words.text(table.task), _where(table.place, words)
        yield ("room", "", "", "", task, "", "", str(table.people), "", "", *where)
        for group, count in table.groups.items():
            yield ("room_people", "", "", "", "", "", words.group(group), str(count), "", "", *where)
    for left in plan.handovers:
        yield ("handover", "", "", "", words.text(left.text), left.name, "", "", "", "", *_where(left.place, words))


def _where(place: Place, words: Words) -> tuple[str, str, str]:
    return (words.plan(place.plan), words.room(place), str(place.round))


def _part_rows(part: QuestionPart, segment: str, words: Words) -> Iterator[tuple[str, ...]]:
    place = (segment, words.text(part.text))
    for group in part.notes:
        for note in group.lines:
            where = _where(note.origin, words) if note.origin else _NOWHERE
            text, entries = words.text(note.text), _numbers(note.entries)
            yield ("note", *place, group.kind, text, note.name, "", "", "", entries, *where)
    for sheet in part.rooms:
        for line in sheet.notes:
            text, where = words.text(line.text), _where(line.place, words)
            group_name = words.group(line.group) if line.group else ""
            yield ("room_note", *place, line.kind, text, line.name, group_name, "", "", str(line.entry), *where)
    for poll in part.polls:
        yield from _poll_rows(poll, place, words)
    for answer in part.answers:
        group_name = words.group(answer.group) if answer.group else ""
        entries = _numbers(answer.entries)
        yield (
            "question",
            *place,
            "",
            words.text(answer.text),
            words.name(answer.name),
            group_name,
            str(answer.votes),
            "",
            entries,
        )
        if answer.answer:
            yield ("answer", *place, "", words.text(answer.answer), "", "", "", "", entries)
    for share in part.speaking:
        group_name = words.group(share.group)
        yield ("speaking", *place, "", "", "", group_name, str(share.ms), f"{share.share:.4f}", _numbers(share.entries))


def _poll_rows(poll: PollLine, place: tuple[str, str], words: Words) -> Iterator[tuple[str, ...]]:
    entries = _numbers(poll.entries)
    yield ("poll", *place, poll.kind, words.text(poll.prompt), "", "", str(poll.turnout), "", entries)
    for choice in poll.choices:
        label = words.choice(choice, poll)
        yield ("poll_option", *place, poll.kind, label, "", "", str(choice.count), f"{choice.share:.4f}", entries)
    for room in poll.rooms:
        where = (words.plan(room.plan), words.room(room), "")
        yield ("poll_room", *place, poll.kind, words.text(poll.prompt), "", "", str(room.turnout), "", entries, *where)
        for choice in room.choices:
            label, share = words.choice(choice, poll), f"{choice.share:.4f}"
            yield ("poll_room_option", *place, poll.kind, label, "", "", str(choice.count), share, entries, *where)


def _numbers(entries: tuple[int, ...]) -> str:
    return " ".join(str(entry) for entry in entries)
