"""Snapshots of a live session: when they are written, and what they hold beside the state.

While a session grows, one is written each time that it has grown by a quarter, so that all of them together cost as much as its log is
long. Encoding has the event loop to itself, 0.3 microseconds an entry; it waits for a second in which nothing is about to be sent, and
once that was too long, sends it first. All else happens beside the loop. Of several workers each writes; the log keeps the newest.
A snapshot that cannot be written is forgotten: the next one will do.
"""

from __future__ import annotations

import asyncio
import hashlib

import msgspec
import structlog

from server.core.snapshot import freeze
from server.core.state import State
from server.hub.delivery import Delivery
from server.hub.position import Chain
from server.log.port import Log

EVERY = 5_000
"""Entries between two snapshots at least, while the session lives."""

WORTHWHILE = 500
"""Entries since the last snapshot for which a session that is let go gets another one; fewer are folded in no time."""

_SEAL = 16
_SIZE = 8

_logger = structlog.get_logger(__name__)


class Body(msgspec.Struct, frozen=True):
    """What a snapshot holds: the digests of the positions up to its last entry, and the frozen state."""

    digests: bytes
    state: bytes


def sealed(body: Body) -> bytes:
    """Return a body as bytes that show whether they come back as they were. For any thread."""
    size = len(body.digests).to_bytes(_SIZE, "big")
    return b"".join((_seal(size, body.digests, body.state), size, body.digests, body.state))


def unsealed(data: bytes) -> Body | None:
    """Return what was sealed; None when it is not what it was. For any thread."""
    if _seal(memoryview(data)[_SEAL:]) != data[:_SEAL]:
        return None
    start = _SEAL + _SIZE
    end = start + int.from_bytes(data[_SEAL:start], "big")
    return Body(data[start:end], data[end:])


def _seal(*parts: bytes | memoryview) -> bytes:
    digest = hashlib.blake2b(digest_size=_SEAL)
    for part in parts:
        digest.update(part)
    return digest.digest()


class Snapshots:
    """See the module. `saved` is the entry at which the last one was taken. One at a time is written."""

    def __init__(self, log: Log, session: str, state: State, chain: Chain, delivery: Delivery, saved: int) -> None:
        self._log = log
        self._session = session
        self._state = state
        self._chain = chain
        self._delivery = delivery
        self._saved = saved
        self._task: asyncio.Task[None] | None = None

    def care(self) -> None:
        """Write one if it is time; called every second."""
        grown, enough = self._state.seq - self._saved, max(EVERY, self._state.seq // 4)
        if grown >= enough and (grown >= 2 * enough or not self._delivery.pending):
            self._write()

    def put_by(self) -> bool:
        """Write one if that is worthwhile for a session that is let go; say whether all is done."""
        if self._task is None and self._state.seq - self._saved >= WORTHWHILE:
            self._write()
        return self._task is None

    async def finish(self) -> None:
        """Return when none is being written."""
        while self._task is not None:
            await asyncio.wait([self._task])

    def _write(self) -> None:
        if self._task is not None:
            return
        if self._delivery.pending:
            self._delivery.flush()
        self._saved = self._state.seq
        try:
            body = Body(self._chain.digests, freeze(self._state))
        except Exception:
            # A defect; the session goes on without snapshots.
            _logger.exception("snapshot not made", session=self._session, seq=self._saved)
            return
        self._task = asyncio.create_task(self._save(self._saved, body), name=f"save {self._session}")

    async def _save(self, seq: int, body: Body) -> None:
        try:
            await self._log.save(self._session, seq, await asyncio.to_thread(sealed, body))
        except Exception as error:
            _logger.warning("snapshot not saved", session=self._session, seq=seq, error=str(error))
        finally:
            self._task = None
