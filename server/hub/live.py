"""A live session: this worker's copy of it, folded from the log, and the way in for commands.

Entries come in through `_entries`, in order, whoever appended them; the sender of a command hears its outcome from the same entry as
everybody else sees it.
"""

from __future__ import annotations

import asyncio
import hashlib
import secrets
from collections import Counter
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

import msgspec

from server.core import breakouts, views
from server.core.base import SCREEN, Touched
from server.core.fold import next_deadline
from server.core.people import Join, RenewRole
from server.core.refusals import Refusal
from server.core.session import Tick
from server.core.state import Outcome
from server.hub.attachment import Attachment
from server.hub.attendance import Attendance
from server.hub.delivery import Delivery
from server.hub.inbox import Inbox
from server.hub.opening import Past, take_in
from server.hub.peer import Peer
from server.hub.planning import Planning
from server.hub.presence import Presence
from server.hub.snapshots import Snapshots
from server.log.port import Log, LogUnavailable, Stored, Subscription
from server.planner.process import Planner
from server.protocol import frames
from server.protocol.closes import CloseCode
from server.protocol.frames import Ping, React, Sent, Wrong
from server.protocol.limits import Rate, TokenBucket
from server.protocol.machine import Close, ConnectionMachine
from server.texts.catalogues import Catalogues

TICK_SLACK = 0.005
TICK_AGAIN = 1.0
CATCH_UP_SECONDS = 2.0


class Member(msgspec.Struct, frozen=True):
    """Who holds a key; `token` is its hash. `language` is None for a role that several people share through one link."""

    person: str
    role: str
    name: str
    language: str | None
    token: str


class Joined(msgspec.Struct, frozen=True):
    """Somebody who came in, and the key they were given; only its hash is kept."""

    person: str
    token: str


class View(msgspec.Struct, frozen=True):
    """All documents of one person at one position."""

    at: str
    seq: int
    now: int
    role: str
    person: str
    docs: dict[str, Any]


def new_token() -> str:
    """Return a fresh key of 192 bits."""
    return secrets.token_urlsafe(24)


def token_hash(token: str) -> str:
    """Return the form in which a key is kept. Random keys of 192 bits need no slow hash."""
    return hashlib.sha256(token.encode()).hexdigest()


class Live:
    """One session on this worker. Made and started by the hub; all methods belong to its event loop."""

    def __init__(
        self,
        session: str,
        log: Log,
        past: Past,
        *,
        clock: Callable[[], int],
        texts: Catalogues,
        worker: str,
        rate: Rate,
        counters: Counter[str],
        planner: Planner,
        away: float,
    ) -> None:
        self.id = session
        self.state = past.state
        self.lost = False
        """Whether the log does not know this session any more."""
        self._log = log
        self._clock = clock
        self._texts = texts
        self._rate = rate
        self._counters = counters
        self._loop = asyncio.get_running_loop()
        self._chain = past.chain
        self._presence = Presence(worker)
        self.delivery = Delivery(self.state, self._chain, clock=clock, presence=self._presence, counters=counters)
        self._snapshots = Snapshots(log, session, self.state, self._chain, self.delivery, past.saved)
        self._inbox = Inbox(log, session, self.state, settled=self.delivery.pay, lost=self._log_lost, counters=counters)
        self._attendance = Attendance(self.state, self._presence, self._inbox.put, away=away)
        self._planning = Planning(session, self.state, planner, self._inbox.by_server, counters)
        self._subscription: Subscription | None = None
        self._buckets: dict[str, TokenBucket] = {}
        self._tick_timer: asyncio.TimerHandle | None = None
        self._told = False
        self._grown = asyncio.Event()
        self._closed = False
        self._ticked: int | None = None
        self.idle_since = self._loop.time()

    # Life

    async def start(self) -> None:
        """Listen to what comes after the past that this session was made from; `LogUnavailable`."""
        try:
            self._subscription = await self._log.subscribe(
                self.id, self.state.seq, self._entries, self.delivery.passing.hear, self._log_lost
            )
        except BaseException:
            await self.close()
            raise
        self._planning.look()
        self._arm_tick()

    async def close(self) -> None:
        """Finish what was accepted, then stop listening; connections are the transport's to close.

        Whoever found the session a moment before is told to come back, and gets a fresh copy.
        """
        self._closed = True
        await self._planning.close()
        await self._inbox.close()
        self.delivery.close()
        if self._tick_timer is not None:
            self._tick_timer.cancel()
        if self._subscription is not None:
            self._subscription.cancel()
            self.put_by()
        await self._snapshots.finish()

    def put_by(self) -> bool:
        """Before the session is let go: write a snapshot if that is worthwhile; say whether all is done."""
        return self.lost or self._snapshots.put_by()

    @property
    def code(self) -> str:
        """The join code."""
        return self.state.session.code

    @property
    def busy(self) -> bool:
        """Whether somebody is connected or waits for an outcome, or something is still going to happen by itself."""
        waiting = self._inbox.waiting or self._planning.busy
        return self.delivery.attended or waiting or next_deadline(self.state) is not None

    # People and commands

    async def holder(self, token: str) -> Member | None:
        """Return who holds a key that is valid now. Somebody who came in a moment ago through another worker is waited for."""
        hashed = token_hash(token)
        person = self.state.people.holders.get(hashed)
        if person is None and await self._behind():
            person = self.state.people.holders.get(hashed)
        if person is None:
            return None
        who = self.state.people.items[person]
        language = None if who.link and who.role != SCREEN else who.language
        return Member(person, who.role, who.name, language, hashed)

    async def join(self, name: str, group: str | None, language: str) -> Joined:
        """Let somebody in and return their key; `Refusal` when that cannot be."""
        token = new_token()
        outcome = await self._inbox.by_server(Join(name=name, token=token_hash(token), group=group, language=language))
        if outcome.made is None:
            raise Refusal(outcome.code or "busy", **outcome.fields)
        return Joined(outcome.made, token)

    async def renew(self, role: str, asker: Member) -> str:
        """Give the link of a role a new key and return it; whoever came with the old one is disconnected."""
        token = new_token()
        outcome = await self._inbox.by_server(RenewRole(role=role, token=token_hash(token), asked_with=asker.token))
        if outcome.code is not None:
            raise Refusal(outcome.code, **outcome.fields)
        return token

    async def command(self, person: str, body: bytes) -> Outcome:
        """Carry out one command and return its outcome. A command without an id gets one, and cannot be repeated."""
        now = self._loop.time()
        if not self._bucket(person, now).take(now):
            return Outcome(self.state.seq, code="slow")
        frame = frames.parse_alone(body, secrets.token_hex(8))
        if isinstance(frame, React):
            return self._react(person, frame)
        if isinstance(frame, Wrong):
            return Outcome(self.state.seq, code=frame.refusal.code, fields=frame.refusal.fields)
        if not isinstance(frame, Sent):
            return Outcome(self.state.seq, code="command.unknown")
        return await self._inbox.ask(person, frame)

    def view(self, person: str) -> View:
        """Return all documents of a person as they are now."""
        docs = views.documents(self.state, person)
        docs[views.STAGE] |= self.delivery.passing.slices()
        role = self.state.people.items[person].role
        return View(self._chain.token(self.state.seq), self.state.seq, self._clock(), role, person, docs)

    # Connections

    def attach(self, member: Member, peer: Peer, seen: str | None) -> Attachment:
        """Connect a person: one synchronous step that sends the documents at N, so that everything after N follows.

        A key that ended since it was looked at opens nothing: the peer is closed.
        """
        now = self._loop.time()
        machine = ConnectionMachine(self._bucket(member.person, now), self._rate)
        who = self.state.people.items[member.person]
        names = views.names(self.state, member.person)
        attachment = Attachment(
            member.person, who.role, names, member.token, peer, machine, self._received, self._detached
        )
        if who.removed or who.token != member.token:
            peer.close(CloseCode.REMOVED if who.removed else CloseCode.UNAUTHORISED)
        elif self._closed:
            peer.close(CloseCode.RESTART)
        else:
            self.delivery.attach(attachment, seen)
            self._attendance.entered(member.person)
        return attachment

    def _detached(self, attachment: Attachment) -> None:
        self.delivery.detach(attachment)
        self.idle_since = self._loop.time()

    def _received(self, attachment: Attachment, data: bytes) -> None:
        frame = attachment.machine.receive(data, self._loop.time())
        if isinstance(frame, Sent):
            self._inbox.submit(attachment.person, frame, partial(self._owe_outcome, attachment, frame.id))
            return
        if isinstance(frame, Close):
            self._counters["closed"] += 1
            attachment.peer.close(frame.code)
            self._detached(attachment)
            return
        if isinstance(frame, Ping):
            self.delivery.owe(attachment, frames.pong(frame.n, self._clock()))
        elif isinstance(frame, React):
            self._owe_outcome(attachment, frame.id, self._react(attachment.person, frame))
        elif isinstance(frame, Wrong):
            refusal = frame.refusal
            outcome = Outcome(self.state.seq, code=refusal.code, fields=refusal.fields)
            self._counters[f"refused:{refusal.code}"] += 1
            self._owe_outcome(attachment, frame.id, outcome)
        self.delivery.pay()

    def _react(self, person: str, frame: React) -> Outcome:
        if self.state.people.items[person].role == SCREEN:
            return Outcome(self.state.seq, code="forbidden")
        self.delivery.passing.react(frame.kind)
        return Outcome(self.state.seq)

    def _owe_outcome(self, attachment: Attachment, command: str, outcome: Outcome) -> None:
        """Write down what the sender of a command is told."""
        if outcome.code is None:
            self.delivery.owe(attachment, frames.done(command, outcome.seq, outcome.made))
            return
        who = self.state.people.items[attachment.person]
        message = self._texts.t(who.language, f"refusal.{outcome.code}", **outcome.fields)
        self.delivery.owe(attachment, frames.refused(command, outcome.code, message, outcome.fields))

    def _log_lost(self) -> None:
        """The log does not know this session, or went back behind it: people come back to what it knows now, if anything."""
        if not self.lost:
            self.lost = True
            self.delivery.close_all(CloseCode.RESTART)

    # Entries

    def _entries(self, stored: Sequence[Stored]) -> None:
        """Fold entries that the log announces, tell their senders, and see that everybody gets the new documents."""
        fresh = [entry for entry in stored if entry.seq > self.state.seq]
        touched = Touched()
        rooms = False
        settled = []
        for entry in fresh:
            awaited = self._inbox.collect(entry.by, entry.key)
            # Another worker may have stored another command under the same key.
            command = awaited.command if awaited is not None and awaited.body == entry.body else None
            outcome = take_in(self.id, self.state, entry, touched, command)
            if awaited is not None:
                settled.append((awaited, outcome))
            if touched.whereabouts or entry is fresh[-1]:
                rooms = rooms or touched.concerns(breakouts.DESK)
                self._attendance.touched(touched)
                self.delivery.touched(touched, entry.seq)
                touched = Touched()
        self._chain.extend(fresh)
        # Only now, when state and positions agree, is it anybody else's turn.
        for awaited, outcome in settled:
            self._inbox.settle(awaited, outcome)
        self._counters["entries"] += len(fresh)
        self._grown.set()
        self._arm_tick()
        self.delivery.changed()
        if rooms:
            self._planning.look({outcome.made for _, outcome in settled if outcome.made is not None})

    async def _behind(self) -> bool:
        """Say whether the log held more than was folded here; if so, return when that is folded, or after a while."""
        try:
            ahead = await self._log.read(self.id, self.state.seq, 1)
        except LogUnavailable:
            return False
        if not ahead:
            return False
        try:
            async with asyncio.timeout(CATCH_UP_SECONDS):
                while self.state.seq < ahead[0].seq:
                    self._grown.clear()
                    await self._grown.wait()
        except TimeoutError:
            return False
        return True

    # Time

    def care(self, now: float) -> None:
        """Look after slow readers, people who left, and the snapshot; the hub calls this every second. `now` is the loop's time."""
        self.delivery.care()
        self._attendance.care(now)
        if not self.lost:
            self._snapshots.care()

    def _arm_tick(self) -> None:
        """See that the next deadline gets its tick. Every worker does; the log stores one, because all give it the same key."""
        if self._tick_timer is not None:
            self._tick_timer.cancel()
            self._tick_timer = None
        deadline = next_deadline(self.state)
        if deadline is not None:
            left = deadline - self._clock()
            if deadline == self._ticked:
                # The log stamped our tick before the deadline: its clock is behind this worker's, and it alone counts.
                left = max(left, deadline - self.state.at)
            self._tick_timer = self._loop.call_later(max(0, left) / 1000 + TICK_SLACK, self._tick, deadline)

    def _tick(self, deadline: int) -> None:
        self._ticked = deadline
        self._inbox.put(f"tick.{deadline}.{self.state.seq}", Tick())
        # Should the log not take it now, another one follows; the same key makes it harmless.
        self._tick_timer = self._loop.call_later(TICK_AGAIN, self._tick, deadline)

    async def tell_presence(self) -> None:
        """Tell the other workers who is here, and once that nobody is any more; the hub calls this now and then."""
        attended = self.delivery.attended
        if attended or self._told:
            self._told = attended
            await self._log.tell(self.id, self._presence.report())

    def _bucket(self, person: str, now: float) -> TokenBucket:
        bucket = self._buckets.get(person)
        if bucket is None:
            bucket = self._buckets[person] = TokenBucket(self._rate.per_second, self._rate.burst, now)
        return bucket
