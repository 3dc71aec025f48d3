"""Positions: what a client is told about where it stands, and how a worker knows whether that is still true.

A position is `epoch.seq.digest`. The epoch marks one log, the digest is chained over all entries up to `seq`: after a failover that
lost entries, "same number, other content" has another digest, and the client gets whole documents. Everybody sees digests, also of
entries that are kept from them, so they are keyed with the session's salt: nobody can try out which ballot gives the digest they saw.
"""

from __future__ import annotations

import hashlib
from base64 import urlsafe_b64encode
from collections.abc import Iterable

from server.log.port import Stored

_WIDTH = 8
_OWN = "~"
_DIGITS = 15
_TOLD = 6
"""Bytes of a digest that clients are told, which are eight characters: every patch to everybody carries them."""


class Chain:
    """The digests of a session's entries, 8 bytes each."""

    __slots__ = ("_digests", "_epoch", "_key")

    def __init__(self) -> None:
        self._epoch = ""
        self._key = b""
        self._digests = bytearray(_WIDTH)

    def begin(self, epoch: str, salt: str) -> None:
        """Name the log, and the secret that its first entry holds: digests from the second entry on depend on it."""
        self._epoch = epoch
        self._key = salt.encode()[:64]

    @property
    def digests(self) -> bytes:
        """The digests of all entries, from that of none on."""
        return bytes(self._digests)

    def resume(self, digests: bytes, last: Stored, epoch: str, salt: str) -> bool:
        """Take up the digests of a new chain's entries where those before `last` lead to it; say whether they do, else change nothing."""
        chain = Chain()
        chain._digests[:] = digests[:-_WIDTH]
        chain.begin(epoch, salt)
        if len(digests) != (last.seq + 1) * _WIDTH:
            return False
        chain.extend([last])
        if chain._digests != digests:
            return False
        self._digests = chain._digests
        self.begin(epoch, salt)
        return True

    def extend(self, entries: Iterable[Stored]) -> None:
        """Add the next entries; after `begin`."""
        digest = bytes(self._digests[-_WIDTH:])
        for entry in entries:
            key = self._key if entry.seq > 1 else b""
            said = f"{entry.seq}\0{entry.at}\0{entry.by}\0{entry.key}\0".encode()
            digest = hashlib.blake2b(digest + said + entry.body, digest_size=_WIDTH, key=key).digest()
            self._digests += digest

    def token(self, seq: int) -> str:
        """Return the position of an entry that is in the chain."""
        start = seq * _WIDTH
        return f"{self._epoch}.{seq}.{urlsafe_b64encode(self._digests[start : start + _TOLD]).decode()}"

    def token_with_own(self, seq: int, own: int) -> str:
        """Return the position of who holds the shared documents of entry `seq`, and their own of a later one."""
        return f"{self.token(seq)}{_OWN}{own}"

    @staticmethod
    def own(token: str) -> int:
        """Return the entry that a client's own document is of by what it says, 0 where it says none later than the others'."""
        number = token.partition(_OWN)[2]
        return int(number) if number.isascii() and number.isdigit() and len(number) <= _DIGITS else 0

    def locate(self, token: str) -> int | None:
        """Return the number of a position that lies on this chain, or None for one of another log or another past."""
        token = token.partition(_OWN)[0]
        _, _, rest = token.partition(".")
        number, _, _ = rest.partition(".")
        if not number.isascii() or not number.isdigit() or len(number) > _DIGITS:
            return None
        seq = int(number)
        return seq if (seq + 1) * _WIDTH <= len(self._digests) and token == self.token(seq) else None
