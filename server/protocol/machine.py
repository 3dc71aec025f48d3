"""One connection after its hello, as a machine without a socket: bytes in, what to do about them out.

Rates are checked before anything is parsed. A person who sends too fast hears `slow` a while, then the connection is closed.
"""

from __future__ import annotations

import msgspec

from server.core.refusals import Refusal
from server.protocol.closes import CloseCode
from server.protocol.frames import ClientFrame, Hello, Sent, Wrong, parse, read_id
from server.protocol.limits import MAX_FRAME, Rate, TokenBucket

MALFORMED_PATIENCE = 20
"""How many unreadable frames a connection may send before it is closed."""


class Close(msgspec.Struct, frozen=True):
    """The connection has to end."""

    code: CloseCode


class ConnectionMachine:
    """Judges the frames of one connection. `bucket` is shared by all connections of a person."""

    __slots__ = ("_bucket", "_debt", "_malformed", "_rate")

    def __init__(self, bucket: TokenBucket, rate: Rate) -> None:
        self._bucket = bucket
        self._rate = rate
        self._debt = 0
        self._malformed = 0

    def receive(self, data: bytes, now: float) -> ClientFrame | Close:
        """Return what a frame says, a refusal of it, or the order to close; `now` in seconds."""
        if len(data) > MAX_FRAME:
            return Close(CloseCode.TOO_FAST)
        if not self._bucket.take(now):
            self._debt += 1
            if self._debt > self._rate.patience:
                return Close(CloseCode.TOO_FAST)
            return Wrong(read_id(data), Refusal("slow"))
        if self._debt:
            self._debt -= 1
        frame = parse(data)
        if isinstance(frame, Sent):
            return frame
        if isinstance(frame, Hello):
            frame = Wrong("", Refusal("malformed"))
        if isinstance(frame, Wrong) and frame.refusal.code == "malformed":
            self._malformed += 1
            if self._malformed > MALFORMED_PATIENCE:
                return Close(CloseCode.TOO_FAST)
        return frame


def parse_hello(data: bytes) -> Hello | None:
    """Return the hello of a first frame, or None when it is something else."""
    frame = parse(data) if len(data) <= MAX_FRAME else None
    return frame if isinstance(frame, Hello) else None
