"""An attachment: one connection of one person to a live session, and what it is owed.

A connection whose buffer is full gets no more document frames: it is marked as behind, with the names of the documents it missed, and
when it has caught up it gets those whole that are still the person's, and the end of those that are not any more. One that stays behind,
or whose buffer passes the ceiling, is dropped and comes back with whole documents.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from server.core import views
from server.hub.peer import Batch, Peer
from server.protocol.machine import ConnectionMachine

BEHIND_BYTES = 128 * 1024
CEILING_BYTES = 1024 * 1024
STALL_SECONDS = 10.0

_OWN = (views.ME,)

Names = tuple[str, ...]
"""The shared documents that somebody reads, by name."""


class Attachment:
    """See the module. `token` is the hash of the key that the person had when the connection was made.

    `names` are the shared documents of the person as of the last flush, `held` those that the client was sent.
    """

    __slots__ = (
        "_detached",
        "_received",
        "behind_since",
        "held",
        "machine",
        "missed",
        "names",
        "owed",
        "peer",
        "person",
        "role",
        "token",
    )

    def __init__(
        self,
        person: str,
        role: str,
        names: Names,
        token: str,
        peer: Peer,
        machine: ConnectionMachine,
        received: Callable[[Attachment, bytes], None],
        detached: Callable[[Attachment], None],
    ) -> None:
        self.person = person
        self.role = role
        self.names = names
        self.held = names
        self.token = token
        self.peer = peer
        self.machine = machine
        self.owed: list[bytes] = []
        self.missed: set[str] = set()
        self.behind_since: float | None = None
        self._received = received
        self._detached = detached

    def receive(self, data: bytes) -> None:
        """Take in one frame that came after the hello. Never blocks; a frame after the end is ignored."""
        self._received(self, data)

    def detach(self) -> None:
        """The connection is gone; harmless when it was before."""
        self._detached(self)

    def write(self, batches: Sequence[Batch], documents: Iterable[str], now: float) -> None:
        """Send what is owed and these batches, which change `documents`; what a full buffer makes it miss is remembered."""
        if not self._keeps_up(documents, now):
            batches = ()
        if self.owed:
            # Outcomes are small, asked for, and never repeated: they go out even when documents have to wait.
            batches = (Batch(self.owed), *batches)
            self.owed = []
        if batches:
            self.peer.send(batches)

    def write_own(self, message: bytes, at: str, now: float) -> None:
        """As `write`, of a change of the person's own document alone, which brings the client to the position `at`."""
        messages, self.owed = self.owed, []
        if self._keeps_up(_OWN, now):
            self.peer.send((Batch([*messages, message], at),))
        elif messages:
            self.peer.send((Batch(messages),))

    def _keeps_up(self, documents: Iterable[str], now: float) -> bool:
        """Say whether documents can be sent now; if not, these are missed from here on, and who is too far behind is dropped."""
        buffered = self.peer.buffered
        if buffered > CEILING_BYTES:
            self.peer.abort()
            return False
        if buffered > BEHIND_BYTES or self.missed:
            self.missed.update(documents)
            if self.behind_since is None:
                self.behind_since = now
            return False
        self.held = self.names
        return True

    def caught_up(self, now: float) -> bool:
        """Say whether missed documents can be sent now; one that stalled too long is dropped."""
        if self.behind_since is None:
            return False
        if self.peer.buffered <= BEHIND_BYTES // 2:
            self.behind_since = None
            return True
        if now - self.behind_since > STALL_SECONDS:
            self.peer.abort()
        return False
