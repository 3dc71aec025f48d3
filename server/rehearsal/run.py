"""A whole rehearsal: people come in, act for a while, stop, and are compared with the server."""

from __future__ import annotations

import asyncio
import time
from collections import Counter
from collections.abc import Callable, Mapping
from contextlib import suppress
from random import Random
from typing import Any

import msgspec

from server.importer import sample_setup
from server.rehearsal.breakouts import RoomsDirector
from server.rehearsal.crowd import Crowd
from server.rehearsal.director import Director, NoteTaker
from server.rehearsal.habits import Habits
from server.rehearsal.http import Http
from server.rehearsal.measure import LoopLag, Spread, reach, spread
from server.rehearsal.member import Member
from server.rehearsal.people import Person, invite
from server.rehearsal.report import Findings
from server.rehearsal.rotation import moves
from server.rehearsal.target import Target
from server.rehearsal.tempo import Tempo
from server.rehearsal.verify import converge, count_ballots, misplaced, own_ballots
from server.rehearsal.wills import Participant, Steered
from server.rehearsal.wire import Created, View

WATCHERS = 50
"""At most this many people are observed for the time that a change takes to reach them; observers never drop out."""
FEWEST_PEOPLE = 6
"""Below this nobody is sent into rooms unless that is asked for."""
PEOPLE_IN_A_ROOM = 10
MOST_ROOMS = 30
SETTLING = 30.0
CONVERGING = 20.0


class Options(msgspec.Struct, frozen=True):
    """What to rehearse. Without a `code`, a session is made with the `host_key`, which then also steers it."""

    target: Target
    people: int
    seed: int
    seconds: float = 60.0
    pace: float = 1.0
    rooms: int | None = None
    """In how many breakout rooms people meet, 0 for none; None: one for ten people, at most `MOST_ROOMS`."""
    rounds: int = 3
    """How often they change tables, and how many guiding questions come to a table."""
    code: str | None = None
    moderator: str | None = None
    host_key: str | None = None
    habits: Habits = Habits()
    lose_reply: float = 0.02
    """The share of commands whose reply gets lost, so that the same command is sent again."""

    def breakout_rooms(self) -> int:
        """Return how many rooms there are."""
        if self.rooms is not None:
            return self.rooms
        return 0 if self.people < FEWEST_PEOPLE else min(MOST_ROOMS, max(2, self.people // PEOPLE_IN_A_ROOM))


class Progress(msgspec.Struct, frozen=True):
    """Where a rehearsal stands: how many commands of each kind were done, and the times to `done` since the last word (`recent`)."""

    phase: str
    elapsed: float
    here: int
    people: int
    sent: int
    refused: int
    done: Mapping[str, int]
    recent: Spread


async def rehearse(options: Options, say: Callable[[Progress], None], stop: asyncio.Event) -> Findings:
    """Run a rehearsal until its time is over or `stop` is set, and return what it saw; `say` hears once a second.

    Raises `Refused` or `OSError` where the server cannot be reached or lets nobody in, and `ValueError` where neither a code nor a
    host key is given.
    """
    http = Http(options.target)
    try:
        return await _Rehearsal(options, http, say, stop).run()
    finally:
        await http.close()


class _Rehearsal:
    def __init__(self, options: Options, http: Http, say: Callable[[Progress], None], stop: asyncio.Event) -> None:
        self.options = options
        self.http = http
        self.say = say
        self.stop = stop
        self.chance = Random(options.seed)  # noqa: S311 - chance that can be repeated, not secrecy
        self.crowd = Crowd(options.target, http, self.chance, options.lose_reply)
        self.tokens: dict[str, str] = {} if options.moderator is None else {"moderator": options.moderator}
        self.phase = "joining"
        self.started = time.monotonic()
        self.told = 0

    async def run(self) -> Findings:
        options, crowd = self.options, self.crowd
        code = options.code or await self._create()
        lag = LoopLag(crowd.scheduler)
        crowd.scheduler.after(1.0, self._tell)
        await self._come_in(code)
        joining = time.monotonic() - self.started
        self.phase, received, cpu, began = "acting", crowd.received, time.process_time(), time.monotonic()
        lag.forget()
        with suppress(TimeoutError):
            await asyncio.wait_for(self.stop.wait(), options.seconds)
        seconds = time.monotonic() - began
        cpu = time.process_time() - cpu
        received = crowd.received - received
        lags = spread(lag.lags)
        self.phase = "settling"
        await crowd.settle(SETTLING)
        self.phase = "comparing"
        divergences = await converge(self.http, crowd.session, crowd.members, CONVERGING)
        judge = self.tokens.get("moderator") or crowd.members[0].token
        view = await self.http.get(f"/api/sessions/{crowd.session}/view", View, judge)
        await crowd.leave()
        return self._findings(
            seconds=seconds,
            joining=joining,
            cpu=cpu,
            received=received,
            lags=lags,
            divergences=divergences,
            polls={**view.docs["stage"]["polls"], **view.docs.get("desk", {}).get("polls", {})},
            misplaced=misplaced(view.docs["desk"], crowd.members) if "desk" in view.docs else [],
        )

    async def _create(self) -> str:
        """Make a session from the sample and return its code."""
        if self.options.host_key is None:
            raise ValueError("a join link or a code says which session; a host key lets the rehearsal make its own")
        created = await self.http.post("/api/sessions", sample_setup(), Created, self.options.host_key)
        self.crowd.session = created.session
        self.tokens = created.tokens
        return created.code

    async def _come_in(self, code: str) -> None:
        """Let one person in first, who sees which groups there are; then the moderator's side and everybody else."""
        options, crowd, chance = self.options, self.crowd, self.chance
        habits = options.habits.in_hall(options.people)
        watchers = min(WATCHERS, max(1, options.people // 4))

        def will(person: Person) -> Participant:
            return Participant(person, habits, options.pace, chance)

        await crowd.join(code, invite(1, (), chance), watchers, will)
        first = await self.http.get(f"/api/sessions/{crowd.session}/view", View, crowd.members[0].token)
        tempo = Tempo().faster(options.pace)
        number = options.breakout_rooms()
        rooms = RoomsDirector(number, options.rounds, tempo, chance) if number else None
        steered = {
            "moderator": Steered(Director(tempo, chance, rooms), 0.5 / options.pace),
            "rapporteur": Steered(NoteTaker(tempo, chance), 2.0 / options.pace),
        }
        for role, token in self.tokens.items():
            crowd.add(role, token, steered.get(role), watches=role == "screen")
        groups = first.docs["stage"]["session"]["group_order"]
        await crowd.join(code, invite(options.people - 1, groups, chance), watchers - 1, will)

    def _tell(self) -> None:
        crowd = self.crowd
        recent = crowd.ledger.waits[self.told :]
        self.told += len(recent)
        here = sum(member.client.live for member in crowd.members if member.role == "participant")
        refused = sum(crowd.ledger.refused.values())
        sent = sum(crowd.ledger.sent.values())
        elapsed = time.monotonic() - self.started
        done = dict(crowd.ledger.done)
        self.say(Progress(self.phase, elapsed, here, self.options.people, sent, refused, done, spread(recent)))
        crowd.scheduler.after(1.0, self._tell)

    def _findings(
        self,
        *,
        seconds: float,
        joining: float,
        cpu: float,
        received: int,
        lags: Spread,
        divergences: list[str],
        polls: dict[str, Any],
        misplaced: list[str],
    ) -> Findings:
        options, crowd, ledger = self.options, self.crowd, self.crowd.ledger
        members = crowd.members
        faults: Counter[str] = Counter()
        for member in members:
            faults.update(member.client.faults)
        return Findings(
            target=options.target.base,
            session=crowd.session,
            people=options.people,
            pace=options.pace,
            seed=options.seed,
            seconds=round(seconds, 3),
            joining_seconds=round(joining, 3),
            sent=sum(ledger.sent.values()),
            sent_by_kind=dict(ledger.sent),
            done=sum(ledger.done.values()),
            repeated=ledger.repeated,
            unanswered=sum(len(member.client.waiting) for member in members),
            refused=dict(ledger.refused),
            examples=ledger.examples,
            unintended=ledger.unintended,
            to_done=spread(ledger.waits),
            to_screen=spread(self._reach(members, "screen")),
            to_people=spread(self._reach(members, "participant")),
            observers=sum(member.role == "participant" and member.sightings is not None for member in members),
            bytes_per_person_minute=round(received / len(members) / seconds * 60),
            away=sum(member.drops for member in members),
            lost=sum(member.lost for member in members),
            gone=dict(Counter(str(member.gone) for member in members if member.gone is not None)),
            resumed=sum(member.client.resumed for member in members),
            returns=sum(max(0, member.client.welcomes - 1) for member in members),
            faults=dict(faults),
            compared=sum(member.gone is None for member in members),
            divergences=divergences,
            ballots=count_ballots(ledger, polls, alone=options.code is None),
            own_ballots=own_ballots(ledger, members),
            moves=moves(ledger.moves, [member.arrivals for member in members if member.role == "participant"]),
            misplaced=misplaced,
            cpu_seconds=round(cpu, 2),
            cpu_share=round(cpu / seconds, 3),
            loop_lag=lags,
        )

    def _reach(self, members: list[Member], role: str) -> list[float]:
        observers = [member.sightings for member in members if member.role == role and member.sightings is not None]
        return reach(self.crowd.ledger.changes, observers)
