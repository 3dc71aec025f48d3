"""What the hub writes to: a `Peer`, and the `Batch` of messages that many peers share.

A batch is made once and written to many sockets. Each wire form (WebSocket frames, server-sent events) is encoded when
the first peer asks for it and kept, so that a broadcast to a thousand sockets costs one encoding and a thousand writes.
"""

from __future__ import annotations

from collections.abc import Container, Sequence
from typing import Any, Protocol

from server.protocol.framing import text_frame


class Batch:
    """Messages (JSON bytes) that leave together, with their wire forms; `at` is the position that the last one brings a client to."""

    __slots__ = ("_events", "_frames", "at", "messages")

    def __init__(self, messages: Sequence[bytes], at: str | None = None) -> None:
        self.messages = messages
        self.at = at
        self._frames: bytes | None = None
        self._events: bytes | None = None

    @property
    def frames(self) -> bytes:
        """All messages as WebSocket text frames, joined."""
        if self._frames is None:
            self._frames = b"".join(map(text_frame, self.messages))
        return self._frames

    @property
    def events(self) -> bytes:
        """All messages as server-sent events, joined; the last one carries the position, so that a client knows it has them all.

        The others carry an empty one, which makes a browser forget the one of before. JSON has no raw line break, so one `data:`
        line each is enough.
        """
        if self._events is None:
            self._events = self._make_events()
        return self._events

    def _make_events(self) -> bytes:
        events = [b"data: " + message + b"\n\n" for message in self.messages]
        if self.at is not None:
            events = [b"id\n" + event for event in events[:-1]] + [b"id: " + self.at.encode() + b"\n" + events[-1]]
        return b"".join(events)


class Broadcast(Protocol):
    """Writes to many peers: the way of nearly every write, for each peer little more than the system's call."""

    def __call__(self, batch: Batch, but: Container[int], /) -> Sequence[int]:
        """Write to all but those at these places, where nothing waits to leave; return the places where something does."""


class Peer(Protocol):
    """One connection as the hub sees it. Every method is synchronous, does not block and does not raise."""

    @classmethod
    def together(cls, peers: Sequence[Any]) -> Broadcast:
        """Return what writes to all these peers of this class at once."""

    def send(self, batches: Sequence[Batch]) -> None:
        """Write the batches in order, in one piece if the transport can."""

    @property
    def buffered(self) -> int:
        """Bytes that were written and have not left for the kernel yet."""

    def close(self, code: int, reason: str = "") -> None:
        """Close politely: what was written goes out first."""

    def abort(self) -> None:
        """Drop the connection and its buffer at once (a reader that stopped reading never takes a close frame)."""


class OneByOne:
    """For peers that have no faster way to write to many than to each."""

    @classmethod
    def together(cls, peers: Sequence[Any]) -> Broadcast:
        """Return what sends to each peer that has nothing waiting."""

        def broadcast(batch: Batch, but: Container[int]) -> Sequence[int]:
            late = []
            for place, peer in enumerate(peers):
                if place in but:
                    continue
                if peer.buffered:
                    late.append(place)
                else:
                    peer.send((batch,))
            return late

        return broadcast
