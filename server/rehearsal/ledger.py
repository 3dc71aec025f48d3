"""What was sent, what came of it, and which ballots the server has promised to count."""

from __future__ import annotations

from array import array
from collections import Counter
from typing import Any

from server.rehearsal.client import Settled
from server.rehearsal.rotation import Sent

INTENDED = frozenset(
    {
        "agenda.last",
        "hand.down",
        "hand.up",
        "note.unknown",
        "poll.closed",
        "poll.no_ballot",
        "poll.unknown",
        "question.limit",
        "question.own",
        "question.state",
        "question.unknown",
        "questions.closed",
        "room.closed",
        "room.full",
        "room.no_help",
        "room.none",
        "rooms.not_open",
        "session.ended",
        "speaker.none",
        "speakers.closed",
        "speakers.empty",
        "stale",
    }
)
"""Refusals that people cause who act on what they see while it changes; any other is the server's or the rehearsal's fault."""

VISIBLE = frozenset(
    {
        "agenda.next",
        "hand.lower",
        "hand.raise",
        "poll.close",
        "poll.open",
        "poll.publish",
        "question.answer",
        "question.approve",
        "question.vote",
        "rooms.close",
        "rooms.open",
        "rooms.rotate",
        "session.open",
        "speaker.call",
        "speaker.finish",
        "speaker.next",
    }
)
"""Commands that change the stage whenever they are done; a first ballot does too. Polls of rooms are on no stage while they run."""
MOVES = ("rooms.open", "rooms.rotate")
"""Commands that bring everybody into another room at once."""


class Ledger:
    """Counts of commands by fate, times to `done`, and the last acknowledged ballot of each person in each poll."""

    def __init__(self) -> None:
        self.sent: Counter[str] = Counter()
        self.done: Counter[str] = Counter()
        self.refused: Counter[str] = Counter()
        self.examples: dict[str, str] = {}
        """For each refusal code, one command that met it and the server's words."""
        self.waits = array("d")
        """Seconds from sending to `done`, of commands sent once on an open connection."""
        self.repeated = 0
        """Commands settled after they had been sent again."""
        self.changes: list[tuple[int, float]] = []
        """(seq, when sent) of what changed the stage for everybody."""
        self.ballots: dict[str, dict[str, tuple[int, list[Any] | None]]] = {}
        """{poll: {person: (seq, answer, or None once taken back)}}."""

        self.moves: list[Sent] = []
        """What brought everybody into another room."""
        self.room_polls: set[str] = set()
        """Polls that were seen in a breakout room."""

    def settle(self, person: str, settled: Settled) -> None:
        """Enter the fate of a command of `person`."""
        sent = settled.sent
        if settled.code is not None:
            self.refused[settled.code] += 1
            self.examples.setdefault(settled.code, f"{sent.do}: {settled.message or 'no message'}")
            return
        self.done[sent.do] += 1
        visible = sent.do in VISIBLE
        if sent.do in ("ballot.cast", "ballot.withdraw"):
            visible = self._ballot(person, settled) or visible
        if "where" in sent.fields or (sent.do != "poll.publish" and sent.fields.get("poll") in self.room_polls):
            visible = False
        if sent.do in MOVES:
            self.moves.append(Sent(sent.do, settled.seq, sent.at))
        if not sent.clean:
            self.repeated += 1
            return
        self.waits.append(settled.at - sent.at)
        if visible:
            self.changes.append((settled.seq, sent.at))

    def answers(self, poll: str) -> dict[str, list[Any]]:
        """Return {person: answer} of the ballots that the server acknowledged in a poll."""
        return {person: answer for person, (_, answer) in self.ballots.get(poll, {}).items() if answer is not None}

    @property
    def unintended(self) -> int:
        """How many refusals no human would have caused."""
        return sum(count for code, count in self.refused.items() if code not in INTENDED)

    def _ballot(self, person: str, settled: Settled) -> bool:
        """Keep the ballot that the log has last; return whether it changes the turnout."""
        fields = settled.sent.fields
        ballots = self.ballots.setdefault(fields["poll"], {})
        seq, before = ballots.get(person, (0, None))
        after = fields.get("answer")
        if settled.seq >= seq:
            ballots[person] = (settled.seq, after)
        return (before is None) != (after is None)
