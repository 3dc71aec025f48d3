"""What a rehearsal saw: the figures, and how they are told in a terminal."""

from __future__ import annotations

from collections.abc import Mapping

import msgspec

from server.rehearsal.ledger import INTENDED
from server.rehearsal.measure import Spread
from server.rehearsal.rotation import Move
from server.rehearsal.verify import Counted

MOVED = {"rooms.open": "rooms opened", "rooms.rotate": "rotation"}
"""How a move of the whole hall is called."""


class Findings(msgspec.Struct, frozen=True):
    """All figures of a rehearsal. Times are milliseconds unless the name says seconds."""

    target: str
    session: str
    people: int
    pace: float
    seed: int
    seconds: float
    """How long people acted after everybody had come in."""
    joining_seconds: float
    sent: int
    sent_by_kind: dict[str, int]
    done: int
    repeated: int
    unanswered: int
    refused: dict[str, int]
    examples: dict[str, str]
    unintended: int
    to_done: Spread
    to_screen: Spread
    to_people: Spread
    observers: int
    bytes_per_person_minute: int
    away: int
    lost: int
    gone: dict[str, int]
    resumed: int
    returns: int
    faults: dict[str, int]
    compared: int
    divergences: list[str]
    ballots: Counted
    own_ballots: list[str]
    moves: list[Move]
    misplaced: list[str]
    cpu_seconds: float
    cpu_share: float
    """The part of one core that this process used."""
    loop_lag: Spread

    @property
    def problems(self) -> list[str]:
        """Return what must not happen, in words; empty when the rehearsal went well."""
        found = [f"refused {count} × {code}" for code, count in self.refused.items() if code not in INTENDED]
        found += [f"{count} × {fault}" for fault, count in self.faults.items()]
        found += [f"{count} sent away with {code}" for code, count in self.gone.items()]
        if self.unanswered:
            found.append(f"{self.unanswered} commands were never answered")
        if self.divergences:
            found.append(f"{len(self.divergences)} clients do not hold what the server holds")
        found += self.ballots.wrong
        if self.own_ballots:
            found.append(f"{len(self.own_ballots)} ballots are not shown to those who cast them")
        if self.misplaced:
            found.append(f"{len(self.misplaced)} people hold another room's document than their own")
        return found


def lines(findings: Findings) -> list[str]:
    """Return the findings as lines of text."""
    f = findings
    intended = {code: count for code, count in f.refused.items() if code in INTENDED}
    unintended = {code: count for code, count in f.refused.items() if code not in INTENDED}
    rows = [
        ("joined", f"{f.people} people in {f.joining_seconds:.1f} s; acted for {f.seconds:.0f} s at pace {f.pace:g}"),
        ("commands", f"{f.sent} sent ({_counts(f.sent_by_kind)})"),
        ("", f"{f.done} done, {f.repeated} of them after being sent again, {f.unanswered} unanswered"),
        ("refused", f"{sum(intended.values())} as among people ({_counts(intended)})"),
        ("", f"{sum(unintended.values())} otherwise ({_counts(unintended)})"),
        ("to done", _spread(f.to_done)),
        ("to the screen", _spread(f.to_screen)),
        ("to other people", f"{_spread(f.to_people)} ({f.observers} observed)"),
        *((MOVED[move.do], _move(move)) for move in f.moves),
        ("received", f"{f.bytes_per_person_minute / 1024:.1f} KiB a person and minute"),
        ("reconnects", f"{f.away} on purpose, {f.lost} otherwise; {f.resumed} of {f.returns} returns resumed"),
        ("documents", f"{f.compared} clients compared with the server, {len(f.divergences)} differ"),
        ("ballots", f"{f.ballots.acknowledged} acknowledged, {f.ballots.turnout} counted in {f.ballots.polls} polls"),
        ("this client", f"{f.cpu_seconds:.1f} s CPU ({f.cpu_share:.0%} of a core); timers late {_spread(f.loop_lag)}"),
        ("seed", str(f.seed)),
    ]
    text = [f"{name:>16}  {value}" for name, value in rows]
    text += [f"{'differs':>16}  {where}" for where in (*f.divergences[:5], *f.own_ballots[:5], *f.misplaced[:5])]
    text += [f"{'for example':>16}  {code}: {f.examples.get(code, '')}" for code in unintended]
    text += ["", *(f"NOT RIGHT: {problem}" for problem in f.problems)]
    return text if f.problems else [*text, "All is as it should be."]


def duration(seconds: float) -> str:
    """Return seconds as `m:ss`."""
    whole = int(seconds)
    return f"{whole // 60}:{whole % 60:02}"


def _counts(counts: Mapping[str, int]) -> str:
    ordered = sorted(counts.items(), key=lambda item: -item[1])
    return ", ".join(f"{name} {count}" for name, count in ordered) or "none"


def _spread(spread: Spread) -> str:
    if not spread.count:
        return "nothing measured"
    return f"p50 {spread.p50} ms, p95 {spread.p95} ms, p99 {spread.p99} ms, most {spread.max} ms, of {spread.count}"


def _move(move: Move) -> str:
    return (
        f"round {move.round}: {move.people} people had their new room after {move.first} ms (first), p50 {move.p50} ms, "
        f"p99 {move.p99} ms, {move.last} ms (last)"
    )
