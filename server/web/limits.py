"""Budgets per address: wrong join codes, costly requests, open connections.

Only failures are counted against codes. A hall of 300 behind one address that types the right code is never limited,
even while somebody among them guesses: a code that was right from an address once stays open to that address.
Everything here is of one worker; with several workers a guesser has that many budgets.
"""

from __future__ import annotations

import ipaddress
from collections import OrderedDict
from collections.abc import Callable
from functools import lru_cache

from server.protocol.limits import TokenBucket

MAX_ADDRESSES = 50_000
"""Addresses that are remembered; the one not heard of for longest is forgotten first."""
PROVEN_PER_ADDRESS = 50
"""Right codes that are remembered per address."""


@lru_cache(maxsize=4096)
def address_key(host: str) -> str:
    """Return what counts as one address: an IPv4 address, or the /64 network that an IPv6 subscriber owns."""
    try:
        address = ipaddress.ip_address(host.partition("%")[0])
    except ValueError:
        return host[:64]
    if isinstance(address, ipaddress.IPv6Address):
        if address.ipv4_mapped is not None:
            return str(address.ipv4_mapped)
        return str(ipaddress.ip_network((address, 64), strict=False))
    return str(address)


class Budget:
    """One bucket per address; `spend` says whether there was something left."""

    def __init__(self, burst: float, rate: float, clock: Callable[[], float]) -> None:
        self._burst = burst
        self._rate = rate
        self._clock = clock
        self._buckets: OrderedDict[str, TokenBucket] = OrderedDict()

    def spend(self, key: str) -> bool:
        """Take one from the bucket of `key`; False when it was empty."""
        now = self._clock()
        return self.bucket(key, now).take(now)

    def bucket(self, key: str, now: float) -> TokenBucket:
        """Return the bucket of `key`, a full one for a new key."""
        bucket = self._buckets.get(key)
        if bucket is None:
            bucket = self._buckets[key] = TokenBucket(self._rate, self._burst, now)
            if len(self._buckets) > MAX_ADDRESSES:
                self._buckets.popitem(last=False)
        else:
            self._buckets.move_to_end(key)
        return bucket


class Guesses:
    """Limits the guessing of join codes.

    An address without failures left may only use codes that were right from there before. When failures from all
    addresses together are too many, only an address whose budget is untouched may try a new code.
    """

    def __init__(
        self,
        clock: Callable[[], float],
        *,
        burst: int = 60,
        rate: float = 1.0,
        all_burst: int = 3_000,
        all_rate: float = 20.0,
    ) -> None:
        self._clock = clock
        self._failures = Budget(burst, rate, clock)
        self._all = TokenBucket(all_rate, all_burst, clock())
        self._proven: OrderedDict[str, OrderedDict[str, None]] = OrderedDict()

    def may_try(self, key: str, code: str) -> bool:
        """Whether `code` from the address `key` may be looked up."""
        if code in self._proven.get(key, ()):
            return True
        now = self._clock()
        bucket = self._failures.bucket(key, now)
        if self._all.left(now) < 1:
            return bucket.is_full(now)
        return bucket.left(now) >= 1

    def was_wrong(self, key: str) -> None:
        """Count a failure."""
        now = self._clock()
        self._failures.bucket(key, now).take(now)
        self._all.take(now)

    def was_right(self, key: str, code: str) -> None:
        """Remember that `code` was right from the address `key`."""
        codes = self._proven.setdefault(key, OrderedDict())
        codes[code] = None
        codes.move_to_end(code)
        self._proven.move_to_end(key)
        if len(codes) > PROVEN_PER_ADDRESS:
            codes.popitem(last=False)
        if len(self._proven) > MAX_ADDRESSES:
            self._proven.popitem(last=False)


class Connections:
    """Counts open sockets and event streams, all and per address."""

    def __init__(self, limit: int, per_address: int) -> None:
        self._limit = limit
        self._per_address = per_address
        self._open: dict[str, int] = {}
        self.total = 0

    def enter(self, key: str) -> bool:
        """Count one more; False, and nothing counted, where that is too many."""
        mine = self._open.get(key, 0)
        if self.total >= self._limit or mine >= self._per_address:
            return False
        self._open[key] = mine + 1
        self.total += 1
        return True

    def leave(self, key: str) -> None:
        """Count one less; only after an `enter` that was granted."""
        self.total -= 1
        left = self._open[key] - 1
        if left:
            self._open[key] = left
        else:
            del self._open[key]
