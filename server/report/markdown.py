"""The outcome document as Markdown: one that reads well as plain text too."""

from __future__ import annotations

import re
from collections.abc import Iterator

import msgspec

from server.core import polls
from server.report.outcome import Outcome, QuestionPart, Share
from server.report.polls import PollLine
from server.report.rooms import PlanPart, Sheet
from server.report.words import Words

_SPECIAL = re.compile(r"([\\`*_\[\]<>#|~&])")
_LINE_START = re.compile(r"^(\d*)([-+=.)])")


def escape(text: str) -> str:
    """Return `text` so that Markdown shows it as it is, on one line."""
    one_line = " ".join(text.split())
    return _LINE_START.sub(r"\1\\\2", _SPECIAL.sub(r"\\\1", one_line))


def markdown(outcome: Outcome, words: Words) -> str:
    """Return the whole document."""
    return "\n".join(_document(outcome, words)).rstrip() + "\n"


def _document(outcome: Outcome, words: Words) -> Iterator[str]:
    yield f"# {escape(words.text(outcome.title))}"
    yield ""
    for line in facts(outcome, words):
        yield f"- {escape(line)}"
    yield ""
    yield f"## {words.t('who.title')}"
    yield ""
    yield from _table(
        [
            words.t("group"),
            words.t("people"),
            words.t("questions"),
            words.t("turns"),
            words.t("time"),
            words.t("share"),
        ],
        [
            [
                words.group(row.group),
                str(row.people),
                str(row.questions),
                str(row.turns),
                words.duration(row.ms),
                words.percent(row.share),
            ]
            for row in outcome.who
        ],
    )
    yield ""
    for segment in outcome.segments:
        yield f"## {escape(words.text(segment.title))}"
        yield ""
        for part in segment.questions:
            yield f"### {escape(words.text(part.text))}"
            yield ""
            yield from _part(part, words)
    if not outcome.elsewhere.empty:
        yield f"## {words.t('elsewhere')}"
        yield ""
        yield from _part(outcome.elsewhere, words)
    if outcome.rooms:
        yield f"## {words.t('rooms.title')}"
        yield ""
        for plan in outcome.rooms:
            yield from _plan(plan, words)


def facts(outcome: Outcome, words: Words) -> Iterator[str]:
    """Give what is to be known of the session as a whole, a line each."""
    if outcome.starts is not None:
        yield words.t("planned", when=words.moment(outcome.starts))
    if outcome.opened is not None:
        yield words.t("opened", when=words.moment(outcome.opened))
    if outcome.closed is not None:
        yield words.t("closed", when=words.moment(outcome.closed))
    yield words.t("moderation", **msgspec.structs.asdict(outcome.moderation))
    yield words.t("as_of", entry=outcome.entry)


def _part(part: QuestionPart, words: Words) -> Iterator[str]:
    if part.empty:
        yield f"_{words.t('nothing')}_"
        yield ""
        return
    for group in part.notes:
        if not group.lines:
            continue
        yield f"**{words.t(f'kind.{group.kind}')}**"
        yield ""
        for line in group.lines:
            origin = f" ({escape(words.place(line.origin))})" if line.origin else ""
            yield f"- {escape(words.text(line.text))}{origin} {words.entries(*line.entries)}"
        yield ""
    if part.missing:
        yield f"_{words.t('nothing_of', kinds=words.kinds(part.missing))}_"
        yield ""
    for sheet in part.rooms:
        yield from _sheet(sheet, words)
    for poll in part.polls:
        yield from _poll(poll, words)
    if part.answers:
        yield f"**{words.t('answers')}**"
        yield ""
        for answer in part.answers:
            who = escape(words.name(answer.name)) + (f", {escape(words.group(answer.group))}" if answer.group else "")
            yield f"- {escape(words.text(answer.text))} ({who}) {words.entries(*answer.entries)}"
            if answer.answer:
                yield f"  - {words.t('answer')}: {escape(words.text(answer.answer))}"
        yield ""
    yield from _speaking(part.speaking, words)


def _poll(poll: PollLine, words: Words) -> Iterator[str]:
    yield f"**{words.t('poll')}: {escape(words.text(poll.prompt))}** {words.entries(*poll.entries)}"
    yield ""
    if poll.choices:
        yield from _table(
            [words.t("option"), words.t("count"), words.t("share")],
            [[words.choice(choice, poll), str(choice.count), words.percent(choice.share)] for choice in poll.choices],
        )
        yield ""
        yield words.base(poll)
    else:
        yield words.t("unpublished", n=poll.turnout)
    yield ""
    if poll.where == polls.ROOMS and poll.rooms:
        yield from _table(
            [words.t("rooms.poll"), *(words.mark(choice) for choice in poll.choices), words.t("count")],
            [
                [words.room(room), *(str(choice.count) for choice in room.choices), str(room.turnout)]
                for room in poll.rooms
            ],
        )
        yield ""
    elif poll.rooms:
        yield words.t("rooms.poll.only", room=escape(words.room(poll.rooms[0])))
        yield ""


def _sheet(sheet: Sheet, words: Words) -> Iterator[str]:
    yield f"**{escape(words.t('rooms.from', plan=words.plan(sheet.plan), n=sheet.round))}**"
    yield ""
    for note in sheet.notes:
        said = [words.t(f"kind.{note.kind}"), *([words.t("rooms.lifted")] if note.lifted else [])]
        where = f"{words.room(note.place)} ({', '.join(said)})"
        yield f"- {escape(where)}: {escape(words.text(note.text))} {words.entries(note.entry)}"
    yield ""


def _plan(plan: PlanPart, words: Words) -> Iterator[str]:
    yield f"### {escape(words.plan(plan.id))}"
    yield ""
    yield f"- {escape(words.t('rooms.made', when=words.moment(plan.made)))}"
    yield f"- {escape(words.about(plan))}"
    yield ""
    if plan.tables:
        yield from _table(*words.tables(plan))
        yield ""
    if plan.handovers:
        yield f"**{words.t('rooms.handovers')}**"
        yield ""
        for left in plan.handovers:
            yield f"- {escape(words.place(left.place))}: {escape(' / '.join(words.text(left.text).splitlines()))}"
        yield ""


def _speaking(shares: tuple[Share, ...], words: Words) -> Iterator[str]:
    if not shares:
        return
    yield f"**{words.t('speaking')}**"
    yield ""
    yield from _table(
        [words.t("group"), words.t("time"), words.t("share"), words.t("turns")],
        [
            [
                words.group(share.group),
                words.duration(share.ms),
                words.percent(share.share),
                f"{share.turns} {words.entries(*share.entries)}",
            ]
            for share in shares
        ],
    )
    yield ""


def _table(head: list[str], rows: list[list[str]]) -> Iterator[str]:
    yield "| " + " | ".join(head) + " |"
    yield "|" + " --- |" * len(head)
    for row in rows:
        yield "| " + " | ".join(escape(cell) for cell in row) + " |"
