"""The judgement at the end: do all clients hold what the server holds, and is every acknowledged ballot counted once?

The judge asks the server (`GET …/view`) and compares; it believes neither the server's frames nor its own patches.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import msgspec

from server.rehearsal.client import ROOM
from server.rehearsal.http import Http, Refused
from server.rehearsal.ledger import Ledger
from server.rehearsal.member import Member
from server.rehearsal.patch import merge
from server.rehearsal.wire import View

PAUSE = 0.5
"""Seconds between two comparisons of what differed; counts of reactions fade for ten seconds."""


class Counted(msgspec.Struct, frozen=True):
    """Ballots as acknowledged and as counted, over all polls that can be seen; `wrong` says where they differ."""

    polls: int
    acknowledged: int
    turnout: int
    wrong: list[str]


def difference(mine: Any, theirs: Any, path: str = "") -> str | None:
    """Return where two documents differ first, None where they do not."""
    if isinstance(mine, dict) and isinstance(theirs, dict):
        for name in [*mine, *(name for name in theirs if name not in mine)]:
            place = f"{path}.{name}" if path else name
            if name not in mine or name not in theirs:
                return f"{place} is only {'here' if name in mine else 'at the server'}"
            if found := difference(mine[name], theirs[name], place):
                return found
        return None
    if mine == theirs and type(mine) is type(theirs):
        return None
    return f"{path}: {_short(mine)} here, {_short(theirs)} there"


async def converge(http: Http, session: str, members: Iterable[Member], seconds: float) -> list[str]:
    """Compare every member's documents with the server's until they agree; return who still differs after `seconds`, and where.

    Nobody may be acting meanwhile, or what is on its way counts as a difference.
    """
    left = [member for member in members if member.gone is None]
    loop = asyncio.get_running_loop()
    deadline = loop.time() + seconds
    while True:
        found = await asyncio.gather(*(_compare(http, session, member) for member in left))
        wrong = [(member, problem) for member, problem in zip(left, found, strict=True) if problem]
        if not wrong or loop.time() > deadline:
            return [f"{member.role} {member.client.person}: {problem}" for member, problem in wrong]
        left = [member for member, _ in wrong]
        await asyncio.sleep(PAUSE)


async def _compare(http: Http, session: str, member: Member) -> str | None:
    try:
        view = await http.get(f"/api/sessions/{session}/view", View, member.token)
    except (Refused, OSError) as problem:
        return str(problem) or type(problem).__name__
    return difference(member.client.docs, merge({}, view.docs))


def count_ballots(ledger: Ledger, polls: Mapping[str, Any], *, alone: bool) -> Counted:
    """Compare the acknowledged ballots with turnout and results; `alone` says that nobody else can have voted."""
    wrong: list[str] = []
    acknowledged = turnout = 0
    seen = [ident for ident in ledger.ballots if ident in polls]
    for ident in seen:
        poll, answers = polls[ident], ledger.answers(ident)
        acknowledged += len(answers)
        turnout += poll["turnout"]
        if poll["turnout"] < len(answers) or (alone and poll["turnout"] != len(answers)):
            wrong.append(f"poll {ident}: {len(answers)} people were told that they voted, turnout {poll['turnout']}")
        results = poll.get("results")
        if alone and results is not None:
            expected = Counter(str(option) for answer in answers.values() for option in answer)
            counts = {option: count for option, count in results["counts"].items() if count}
            if counts != dict(expected):
                wrong.append(f"poll {ident}: acknowledged {dict(sorted(expected.items()))}, counted {counts}")
    return Counted(len(seen), acknowledged, turnout, wrong)


def own_ballots(ledger: Ledger, members: Sequence[Member]) -> list[str]:
    """Return whose own document does not show the ballot that the server acknowledged last."""
    wrong: list[str] = []
    held = {member.client.person: (member.client.docs.get("me") or {}).get("ballots", {}) for member in members}
    for poll, ballots in ledger.ballots.items():
        for person, (_, answer) in ballots.items():
            if person in held and held[person].get(poll) != answer:
                wrong.append(f"{person} in poll {poll}: acknowledged {answer}, shown {held[person].get(poll)}")
    return wrong


def misplaced(desk: Mapping[str, Any], members: Iterable[Member]) -> list[str]:
    """Return who holds a document of a room in which the moderators' desk does not seat them, and who lacks that of their own room."""
    wrong: list[str] = []
    plan = next((plan for plan in desk.get("rooms", {}).values() if plan["state"] in ("open", "closing")), None)
    seats: Mapping[str, Sequence[str]] = {} if plan is None else plan["seats"][str(plan["round"])]
    seated = {
        person: room
        for room, people in seats.items()
        for person in people
        if plan is not None and person not in plan["away"] and not plan["rooms"][room]["closed"]
    }
    for member in members:
        person = member.client.person or ""
        held = [name.removeprefix(ROOM) for name in member.client.docs if name.startswith(ROOM)]
        mine = [seated[person]] if person in seated else []
        if member.gone is None and held != mine:
            wrong.append(f"{member.role} {person}: holds {held}, is seated in {mine}")
    return wrong


def _short(value: Any) -> str:
    text = msgspec.json.encode(value).decode()
    return text if len(text) <= 60 else f"{text[:57]}…"
