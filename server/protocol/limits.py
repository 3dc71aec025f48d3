"""Limits that are checked before anything is parsed."""

from __future__ import annotations

import msgspec

MAX_FRAME = 32 * 1024
"""Bytes of one frame or one command body."""

HELLO_SECONDS = 10.0
"""How long a fresh socket may be silent."""


class Rate(msgspec.Struct, frozen=True):
    """`per_second` commands on average and `burst` at once; after `patience` refused ones in debt the connection is closed."""

    per_second: float = 20.0
    burst: int = 60
    patience: int = 200


class TokenBucket:
    """A token bucket over a clock that the caller reads (seconds, any origin)."""

    __slots__ = ("_burst", "_level", "_per_second", "_then")

    def __init__(self, per_second: float, burst: float, now: float) -> None:
        self._per_second = per_second
        self._burst = burst
        self._level = burst
        self._then = now

    def left(self, now: float) -> float:
        """Return how many tokens there are."""
        self._level = min(self._burst, self._level + (now - self._then) * self._per_second)
        self._then = now
        return self._level

    def take(self, now: float) -> bool:
        """Take one token, or say that there is none."""
        # As `left`, in one step: this is asked of every frame.
        level = self._level + (now - self._then) * self._per_second
        if level > self._burst:
            level = self._burst
        self._then = now
        self._level = level - 1 if level >= 1 else level
        return level >= 1

    def is_full(self, now: float) -> bool:
        """Say whether nothing was taken for so long that all tokens are there."""
        return self.left(now) >= self._burst
