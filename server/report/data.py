"""The data behind the outcome document: JSON, and one CSV table of lines."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator

import msgspec

from server.report.outcome import Outcome, QuestionPart
from server.report.words import Words

COLUMNS = ("section", "segment", "guiding_question", "kind", "text", "name", "group", "value", "share", "entries")

_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def as_json(outcome: Outcome) -> bytes:
    """Return the outcome as JSON, with every text in all its languages."""
    return msgspec.json.format(msgspec.json.encode(outcome), indent=1)


def as_csv(outcome: Outcome, words: Words) -> str:
    """Return one line a row, with a byte order mark so that spreadsheets read it as UTF-8.

    `value` is a count, or milliseconds for speaking time. A cell that a spreadsheet would take for a formula gets a leading quote.
    """
    out = io.StringIO(newline="")
    out.write("\ufeff")
    writer = csv.writer(out)
    writer.writerow(COLUMNS)
    for row in _rows(outcome, words):
        writer.writerow([_safe(cell) for cell in row])
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


def _part_rows(part: QuestionPart, segment: str, words: Words) -> Iterator[tuple[str, ...]]:
    place = (segment, words.text(part.text))
    for group in part.notes:
        for note in group.lines:
            yield ("note", *place, group.kind, words.text(note.text), note.name, "", "", "", str(note.entry))
    for poll in part.polls:
        entries = _numbers(poll.entries)
        yield ("poll", *place, poll.kind, words.text(poll.prompt), "", "", str(poll.turnout), "", entries)
        for choice in poll.choices:
            label = words.choice(choice, poll)
            yield ("poll_option", *place, poll.kind, label, "", "", str(choice.count), f"{choice.share:.4f}", entries)
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


def _numbers(entries: tuple[int, ...]) -> str:
    return " ".join(str(entry) for entry in entries)
