"""Delivery: everybody who is connected to a session on this worker, and what goes out to them.

A view is built, compared and encoded once an audience, never once a socket. Shared documents go out at the pace of the hall, in one write
a connection; outcomes, and what they changed of their senders' own documents, need not wait for it: many writes to few. Joining is one
synchronous step: the documents as last sent, then everything after.
Which documents somebody reads is decided anew in each flush, before anything is sent: an entry that moves a person out of a room takes
effect for them before the notes that other entries of the same flush wrote there.
"""

from __future__ import annotations

import asyncio
import time
from collections import Counter
from collections.abc import Callable, Sequence
from typing import Any

from msgspec import Raw

from server.core import views
from server.core.base import Touched
from server.core.state import State
from server.hub.attachment import Attachment, Names
from server.hub.audiences import Audiences, Moved
from server.hub.mail import Mail
from server.hub.pace import Pace
from server.hub.passing import Passing
from server.hub.peer import Batch
from server.hub.persons import Persons
from server.hub.position import Chain
from server.hub.presence import Presence
from server.hub.shelf import Shelf
from server.protocol import frames
from server.protocol.closes import CloseCode
from server.protocol.frames import Stamp

MOST_CONNECTIONS = 20
MOST_CONNECTIONS_OF_A_LINK = 200
"""Connections of one person at once, and of everybody who came by one role link; the oldest makes room for a new one."""


class Delivery:
    """See the module. `state` and `chain` belong to the live session, which folds; this only reads them, from where they are now on."""

    def __init__(
        self, state: State, chain: Chain, *, clock: Callable[[], int], presence: Presence, counters: Counter[str]
    ) -> None:
        self.pace = Pace()
        self._state = state
        self._chain = chain
        self._clock = clock
        self._counters = counters
        self._loop = asyncio.get_running_loop()
        self._shelf = Shelf(state.seq)
        self.passing = Passing(state, presence, self.flush, lambda: self.attended)
        self._audiences = Audiences(self._shelf.put_back)
        # In order of coming: a dict, because a set has none.
        self._by_person: dict[str, dict[Attachment, None]] = {}
        self._persons = Persons(state)
        self._owing: set[Attachment] = set()
        self._behind: set[Attachment] = set()
        self._flushed = state.seq
        self._urgent = False
        self._flush_timer: asyncio.TimerHandle | None = None

    def close(self) -> None:
        """Send nothing any more."""
        self.passing.close()
        self._stop_timer()

    @property
    def connections(self) -> dict[str, int]:
        """How many connections there are, by role."""
        return self._audiences.roles

    @property
    def attended(self) -> bool:
        """Whether anybody is connected."""
        return bool(self._by_person)

    @property
    def pending(self) -> bool:
        """Whether something is about to be sent."""
        return self._flush_timer is not None

    # Coming and going

    def attach(self, attachment: Attachment, seen: str | None) -> None:
        """Connect somebody: the welcome goes out at once, and every later change follows it."""
        person, names = attachment.person, attachment.names
        self._persons.come(person, names)
        located = None if seen is None else self._chain.locate(seen)
        moved = self._persons.moved(person)
        if located is not None and moved > located:
            # The client held the documents of another role or another room.
            located = None
        ahead = max(located or 0, moved, self._persons.changed(person)) > self._flushed
        if self._flushed < self._state.seq and (ahead or not self._shelf.holds(names)):
            # A client that has seen more than was sent here, or a document that is newer, would be ahead of the position it is told.
            self.flush()
        greeting = self._greeting(attachment, None if located is None else seen, located or 0)
        who = self._state.people.items[person]
        most = MOST_CONNECTIONS_OF_A_LINK if who.link else MOST_CONNECTIONS
        if len(self._by_person.get(person, ())) >= most:
            self._dismiss(next(iter(self._by_person[person])), CloseCode.REPLACED)
        self._audiences.enter(attachment)
        self._by_person.setdefault(person, {})[attachment] = None
        if not who.link:
            self.passing.enter(person)
        attachment.peer.send(greeting)

    def detach(self, attachment: Attachment) -> None:
        """Forget a connection; harmless when it was forgotten before."""
        own = self._by_person.get(attachment.person)
        if own is None or attachment not in own:
            return
        del own[attachment]
        self._audiences.leave(attachment)
        self._owing.discard(attachment)
        self._behind.discard(attachment)
        if not self._state.people.items[attachment.person].link:
            self.passing.leave(attachment.person)
        if not own:
            del self._by_person[attachment.person]
            self._persons.put_back(attachment.person)

    def close_all(self, code: CloseCode) -> None:
        """Close every connection."""
        for group in list(self._by_person.values()):
            for attachment in list(group):
                self._dismiss(attachment, code)

    # What changed

    def touched(self, touched: Touched, seq: int) -> None:
        """Take note of what entries up to `seq` may have changed; `changed` sends it. See `Persons.touch`."""
        self._urgent = self._urgent or touched.urgent or touched.whereabouts
        self._shelf.touch(touched)
        self._persons.touch(touched.people, seq)

    def changed(self) -> None:
        """Entries were folded: send at once after quiet, else outcomes now and the rest with the next flush."""
        now = self._loop.time()
        delay = self.pace.delay(now, urgent=self._urgent)
        if delay == 0:
            self.flush()
            return
        if self._flush_timer is None or now + delay < self._flush_timer.when():
            self._stop_timer()
            self._flush_timer = self._loop.call_at(now + delay, self.flush)
        self.pay()

    def flush(self) -> None:
        """Send everybody what changed since the last flush."""
        self._stop_timer()
        self._urgent = False
        started = time.thread_time()
        early = self._own_stamp()
        self._flushed = self._state.seq
        stamp = self._stamp()
        moved = self._follow_people()
        personal = self._persons.flush()
        patches = self._patches()
        mail = Mail(patches, personal, self._encoded, early=early, stamp=stamp)
        self._write(mail, moved)
        if patches or personal:
            cost = time.thread_time() - started
            self.pace.flushed(self._loop.time(), cost)
            self._counters["flushes"] += 1
            self._counters["flushing"] += int(cost * 1e6)

    def owe(self, attachment: Attachment, message: bytes) -> None:
        """Promise a message to one connection; `pay` or the next flush sends it."""
        if attachment in self._by_person.get(attachment.person, ()):
            attachment.owed.append(message)
            self._owing.add(attachment)

    def pay(self) -> None:
        """Send what is owed, and what changed of people's own documents, without waiting for the next flush."""
        now = self._loop.time()
        personal = self._persons.flush(all_of_them=False)
        if personal:
            stamp = self._own_stamp()
            head = frames.patch_head(views.ME, stamp)
            for person, patch in personal.items():
                message = frames.patch_behind(head, patch)
                for attachment in self._by_person.get(person, ()):
                    self._owing.discard(attachment)
                    attachment.write_own(message, stamp.at, now)
                    if attachment.missed:
                        self._behind.add(attachment)
        for attachment in self._owing:
            attachment.write((), (), now)
        self._owing.clear()

    def care(self) -> None:
        """Send what slow readers missed once they have caught up, and drop those that stalled."""
        if self._behind and self._flushed < self._state.seq:
            # Their own documents may be ahead already, and nothing that is sent goes back.
            self.flush()
        now = self._loop.time()
        for group in list(self._by_person.values()):
            for attachment in list(group):
                if attachment.caught_up(now):
                    self._send_missed(attachment)

    # Inside

    def _stop_timer(self) -> None:
        if self._flush_timer is not None:
            self._flush_timer.cancel()
            self._flush_timer = None

    def _greeting(self, attachment: Attachment, seen: str | None, located: int) -> list[Batch]:
        """Return what brings somebody who holds the documents of `seen`, or none, to what was last sent."""
        person = attachment.person
        docs: dict[str, bytes] = {}
        renewals: dict[str, bytes] = {}
        for name in attachment.names:
            shelved = self._shelf.get(name, self._state, self.passing.slices)
            renewal = None if seen is None else shelved.renewal(located)
            if renewal is None:
                docs[name] = shelved.encoded
            elif renewal:
                renewals[name] = renewal
        # Where some documents come whole and others are still to follow, the client is nowhere until they have.
        held = "" if seen is None or docs else seen
        own = self._persons.own(person)
        # A client that was elsewhere may be ahead of what was folded here; what it holds has to be what the next patch starts from.
        if seen is None or self._persons.changed(person) > located or self._chain.own(seen) > self._state.seq:
            docs[views.ME] = frames.encode(own)
        stamp = self._stamp()
        first = Stamp(held, stamp.seq, stamp.now) if renewals else stamp
        batches = [Batch([frames.welcome(first, person, attachment.role, seen is not None, docs)], first.at)]
        if renewals:
            stamps = [stamp.nowhere] * (len(renewals) - 1) + [stamp]
            rows = zip(renewals.items(), stamps, strict=True)
            batches.append(Batch([frames.patch(name, at, Raw(patch)) for (name, patch), at in rows], stamp.at))
        return batches

    def _stamp(self) -> Stamp:
        return Stamp(self._chain.token(self._flushed), self._flushed, self._clock())

    def _own_stamp(self) -> Stamp:
        """Return the stamp of who has their own document as it is now, and holds the position that the shared ones are at."""
        return Stamp(self._chain.token_with_own(self._flushed, self._state.seq), self._state.seq, self._clock())

    def _patches(self) -> dict[str, dict[str, Any]]:
        patches = self._shelf.flush(self._state)
        for part, value in self.passing.due().items():
            if counts := self._shelf.refresh(part, value):
                patches.setdefault(views.STAGE, {}).update(counts)
        return patches

    def _follow_people(self) -> list[tuple[Attachment, Moved]]:
        """Let connections follow what happened to their person: removed, renewed, another role, another room.

        Return those whose documents are others now; they stand in no audience until they were written to.
        """
        moved: list[tuple[Attachment, Moved]] = []
        for person in self._persons.suspects:
            group = self._by_person.get(person)
            if group is None:
                continue
            who = self._state.people.items[person]
            names = self._persons.names(person)
            for attachment in list(group):
                if who.removed or who.token != attachment.token:
                    self._dismiss(attachment, CloseCode.REMOVED if who.removed else CloseCode.UNAUTHORISED)
                elif who.role != attachment.role or names != attachment.names:
                    moved.append((attachment, self._audiences.move(attachment, who.role, names)))
        return moved

    def _dismiss(self, attachment: Attachment, code: CloseCode) -> None:
        attachment.write((), (), self._loop.time())
        attachment.peer.close(code)
        self.detach(attachment)

    def _write(self, mail: Mail, moved: list[tuple[Attachment, Moved]]) -> None:
        now, personal = self._loop.time(), mail.personal
        # Who gets more than everybody does, or cannot take it now, is written to one by one; all others at once.
        apart = self._owing | self._behind
        for person in personal:
            apart.update(self._by_person.get(person, ()))
        for audience, group in self._audiences.groups:
            names = mail.changed(audience)
            shared = mail.shared(names)
            alone = apart & group.members
            if shared is not None:
                alone.update(group.broadcast(shared, alone))
            for attachment in alone:
                batches = mail.usual(attachment.person, shared)
                self._post(attachment, batches, (*names, views.ME) if attachment.person in personal else names, now)
        for attachment, change in moved:
            names = mail.changed(change.kept)
            batches = mail.move(attachment.person, change, mail.shared(names))
            # `me` always, so that somebody who is behind is known to have missed something even where documents only go.
            self._post(attachment, batches, (*change.new, *names, views.ME), now)
            if attachment in self._by_person.get(attachment.person, ()):
                self._audiences.place(attachment)
        self._owing.clear()

    def _post(self, attachment: Attachment, batches: Sequence[Batch], documents: Names, now: float) -> None:
        attachment.write(batches, documents, now)
        if attachment.missed:
            self._behind.add(attachment)

    def _send_missed(self, attachment: Attachment) -> None:
        self._behind.discard(attachment)
        stamp = self._stamp()
        missed, attachment.missed = attachment.missed, set()
        held, attachment.held = attachment.held, attachment.names
        names = [name for name in (*attachment.names, views.ME) if name in missed]
        # Until the last document has come, the client is nowhere.
        messages = [frames.gone(name) for name in held if name not in attachment.names]
        messages += [
            frames.full(name, stamp if name == names[-1] else stamp.nowhere, self._encoded(name, attachment.person))
            for name in names
        ]
        if messages:
            attachment.peer.send([Batch(messages, stamp.at)])

    def _encoded(self, name: str, person: str = "") -> bytes:
        if name == views.ME:
            return frames.encode(self._persons.own(person))
        return self._shelf.get(name, self._state, self.passing.slices).encoded
