"""Opening: from the log to a session's state, by its snapshot if that can be trusted, and by folding what came after it.

A snapshot is believed when it is whole, when this version of the fold made it, and when its digests lead to the very entry of the log
at which it was taken: after a failover the log may have another past. Otherwise the log is folded from its beginning.
"""

from __future__ import annotations

import asyncio
import gc
from collections.abc import Iterator
from contextlib import contextmanager

import msgspec
import structlog

from server.core.base import Command, Touched
from server.core.fold import fold
from server.core.snapshot import thaw
from server.core.state import Outcome, State
from server.hub.position import Chain
from server.hub.snapshots import unsealed
from server.log.port import Log, LogUnavailable, Stored

AT_ONCE = 1_000
"""Entries that are folded before others have their turn."""

_logger = structlog.get_logger(__name__)


class Past(msgspec.Struct, frozen=True):
    """A session up to where its log was read; `saved` is the entry at which the snapshot was taken that it came from, 0 for none."""

    state: State
    chain: Chain
    saved: int


async def read_past(log: Log, session: str) -> Past:
    """Return a session as its log has it now; `KeyError` when there is none, `LogUnavailable`."""
    past = await _from_snapshot(log, session) or Past(State(), Chain(), 0)
    while stored := await log.read(session, past.state.seq, AT_ONCE):
        for entry in stored:
            take_in(session, past.state, entry, Touched())
        past.chain.begin(past.state.session.epoch, past.state.session.salt)
        past.chain.extend(stored)
    if not past.state.seq:
        raise KeyError(session)
    return past


def take_in(session: str, state: State, stored: Stored, touched: Touched, command: Command | None = None) -> Outcome:
    """Fold the next entry; see `fold`."""
    outcome = fold(state, stored, touched, command)
    if outcome.code == "mistake" and outcome.seq == stored.seq:
        _logger.error("command.mistake", session=session, seq=stored.seq)
    return outcome


async def _from_snapshot(log: Log, session: str) -> Past | None:
    try:
        saved = await log.saved(session)
    except LogUnavailable as error:
        # If it is not the snapshot alone that cannot be read, reading the entries will say so.
        _logger.warning("snapshot not read", session=session, error=str(error))
        return None
    if saved is None:
        return None
    seq, sealed = saved
    body = await asyncio.to_thread(unsealed, sealed)
    last = await log.read(session, seq - 1, 1)
    with _nothing_collected():
        state = None if body is None else thaw(body.state)
    chain = Chain()
    if body is None:
        code = "damaged"
    elif state is None:
        code = "another version"
    elif (
        not last
        or last[0].seq != state.seq
        or not chain.resume(body.digests, last[0], state.session.epoch, state.session.salt)
    ):
        code = "another past"
    else:
        return Past(state, chain, seq)
    # After an update that is as it should be. The next snapshot takes this one's place.
    _logger.info("snapshot not used", session=session, seq=seq, code=code)
    return None


@contextmanager
def _nothing_collected() -> Iterator[None]:
    """Look for no garbage meanwhile: what is made here stays, and looking through all of it again and again takes as long as making it."""
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            gc.enable()
