"""A session without sockets: the state, the fold and what goes out, driven by hand, with connections that only count.

What this leaves out is the log, the parsing of what comes in and the system's call a socket; what it keeps is all that depends on how large
a session has grown.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Container, Sequence
from typing import Any

from server.core import views
from server.hub.attachment import Attachment
from server.hub.delivery import Delivery
from server.hub.peer import Batch, Broadcast
from server.hub.position import Chain
from server.hub.presence import Presence
from server.protocol.limits import Rate, TokenBucket
from server.protocol.machine import ConnectionMachine
from tests.support.world import World


class Silent:
    """A connection that takes everything; of a broadcast only the bytes are made."""

    buffered = 0

    @classmethod
    def together(cls, peers: Sequence[Any]) -> Broadcast:
        def broadcast(batch: Batch, but: Container[int]) -> Sequence[int]:
            assert batch.frames
            return ()

        return broadcast

    def send(self, batches: Sequence[Batch]) -> None:
        for batch in batches:
            assert batch.frames

    def close(self, code: int, reason: str = "") -> None:
        """Nothing is open."""

    def abort(self) -> None:
        """Nothing is open."""


class Inside:
    """See the module. `folding` and `flushing` are CPU seconds since the last `reset`; needs a running event loop."""

    def __init__(self) -> None:
        self.world = World(check=False)
        self._chain = Chain()
        state = self.world.state
        self._chain.begin(state.session.epoch, state.session.salt)
        self._seen = 0
        self._delivery = Delivery(
            state, self._chain, clock=lambda: self.world.now, presence=Presence("one"), counters=Counter()
        )
        self.folding = self.flushing = 0.0
        self.take()

    def join(self, number: int) -> str:
        """Let somebody in and connect them."""
        person = self.world.join(f"Person {number}", ("diaspora", "youth", None)[number % 3])
        self.take()
        self.connect(person)
        return person

    def connect(self, person: str) -> None:
        """Open a connection for somebody."""
        who = self.world.state.people.items[person]
        names = views.names(self.world.state, person)
        machine = ConnectionMachine(TokenBucket(1, 1, 0), Rate())
        attachment = Attachment(person, who.role, names, who.token, Silent(), machine, _ignore, _leave)
        self._delivery.attach(attachment, None)

    def do(self, by: str, command: str, /, *, flush: bool = True, **fields: Any) -> str | None:
        """Fold a command that must succeed, and flush; return what it made."""
        began = time.thread_time()
        outcome = self.world.do(by, command, **fields)
        self.take()
        self.folding += time.thread_time() - began
        assert outcome.code is None, (command, outcome)
        if flush:
            self.flush()
        return outcome.made

    def flush(self) -> None:
        """Send what changed to everybody."""
        began = time.thread_time()
        self._delivery.flush()
        self.flushing += time.thread_time() - began

    def take(self) -> None:
        """Take note of entries that were folded a moment ago."""
        fresh = self.world.log[self._seen :]
        self._chain.extend(fresh)
        self._seen += len(fresh)
        self._delivery.touched(self.world.touched, self._seen)

    def reset(self) -> None:
        """Begin to measure."""
        self.folding = self.flushing = 0.0

    def close(self) -> None:
        """Let timers go."""
        self._delivery.close()


def _ignore(attachment: Attachment, data: bytes) -> None:
    raise AssertionError("nobody sends anything here")


def _leave(attachment: Attachment) -> None:
    raise AssertionError("nobody leaves here")
