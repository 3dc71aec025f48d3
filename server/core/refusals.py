"""Every reason to refuse a command: a stable code, and the HTTP status that goes with it.

The words people read are in the message catalogues under `refusal.<code>`.
"""

from __future__ import annotations

from collections.abc import Mapping

STATUS: Mapping[str, int] = {
    # the frame or the body
    "malformed": 422,
    "invalid": 422,
    "command.unknown": 422,
    "too_large": 413,
    "slow": 429,
    "busy": 503,
    "mistake": 500,
    "unauthorised": 401,
    "host.key": 401,
    "link.ended": 401,
    # who and when
    "forbidden": 403,
    "stale": 409,
    "session.unknown": 404,
    "session.ended": 409,
    "session.already_live": 409,
    "session.full": 409,
    "code.unknown": 404,
    # people
    "person.unknown": 404,
    "person.self": 409,
    "person.link": 409,
    "group.unknown": 422,
    "language.unknown": 422,
    # agenda and clock
    "agenda.unknown": 404,
    "agenda.last": 409,
    "agenda.first": 409,
    "agenda.on_stage": 409,
    "agenda.full": 409,
    "clock.no_time": 409,
    "clock.not_running": 409,
    "clock.not_paused": 409,
    # speakers
    "speakers.closed": 409,
    "speakers.empty": 409,
    "speaker.none": 409,
    "speaker.speaking": 409,
    "hand.up": 409,
    "hand.down": 409,
    # questions
    "questions.closed": 409,
    "question.unknown": 404,
    "question.own": 409,
    "question.state": 409,
    "question.limit": 409,
    "questions.full": 409,
    # polls
    "poll.unknown": 404,
    "poll.closed": 409,
    "poll.not_draft": 409,
    "poll.not_open": 409,
    "poll.not_closed": 409,
    "poll.not_published": 409,
    "poll.options": 422,
    "poll.range": 422,
    "poll.no_ballot": 409,
    "polls.full": 409,
    "ballot.option": 422,
    "ballot.count": 422,
    # breakout rooms
    "rooms.unknown": 404,
    "rooms.full": 409,
    "rooms.open": 409,
    "rooms.not_open": 409,
    "rooms.not_ready": 409,
    "rooms.not_chosen": 409,
    "rooms.last": 409,
    "rooms.past": 409,
    "room.unknown": 404,
    "room.none": 409,
    "room.full": 409,
    "room.closed": 409,
    "room.not_closed": 409,
    "room.no_help": 409,
    # notes
    "note.unknown": 404,
    "note.not_room": 409,
    "note.lifted": 409,
    "notes.full": 409,
    "feed.unknown": 404,
}


class Refusal(Exception):
    """A command that is not carried out, with its code and, where one field is to blame, `fields`: {field: what is wrong}."""

    def __init__(self, code: str, /, **fields: str) -> None:
        # By position alone: a field that somebody sent may be called `code` or `self`.
        super().__init__(code)
        self.code = code
        self.fields: dict[str, str] = fields


def status_of(code: str) -> int:
    """Return the HTTP status of a refusal code; a code that is not in the table is a mistake here, hence `KeyError`."""
    return STATUS[code]
