"""The log: one ordered, durable sequence of entries per session.

A log stores bytes and knows nothing of commands. What every adapter promises:

- **Order.** Within a session `seq` is 1, 2, 3, … without gaps; `at` never decreases.
- **Durability.** `append` returns after the entries are durable at the level that `durability` names.
- **Once.** A draft whose (`by`, `key`) was appended before is not stored again: `append` returns the first position,
  marked `repeated`. So a writer that does not know the fate of an append sends it again.
- **Announcement.** Every entry reaches every sink of every worker, in order and without gaps or repeats, whichever
  worker appended it, the appending one included. A sink is called in the event loop, with at least one entry, and must
  not block; what it raises is logged and stays its own. An entry appended by this worker reaches this worker's sink
  before `append` returns, or, while that sink is still catching up, shortly after.
- `tell` is at most once, unordered with regard to entries, and never stored.
- **Snapshots.** A session has at most one, which the log keeps beside the entries, as secret as they are and for as long. It is
  a cache: nothing but time is lost with it, and whoever reads it has to find out what it is worth.

Only the hub calls a log. All methods are for one event loop.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Protocol

import msgspec


class LogUnavailable(Exception):
    """The log cannot be reached or cannot write now; the fate of the append is unknown and it may be sent again."""


class CodeTaken(Exception):
    """The join code belongs to another session."""


class Draft(msgspec.Struct, frozen=True, array_like=True):
    """An entry before it has a place: who sends it, the sender's own key for it, and the command as JSON bytes."""

    by: str
    key: str
    body: bytes


class Stored(msgspec.Struct, frozen=True, array_like=True):
    """An entry at its place. `at` is milliseconds since the epoch, stamped by the log, never decreasing."""

    seq: int
    at: int
    by: str
    key: str
    body: bytes


class Position(msgspec.Struct, frozen=True):
    """Where a draft came to stand; `repeated` when it stood there before this append."""

    seq: int
    at: int
    repeated: bool


EntrySink = Callable[[Sequence[Stored]], None]
TellSink = Callable[[bytes], None]
LostSink = Callable[[], None]


def unheeded() -> None:
    """Be the sink of a loss that does not matter to the subscriber."""


class Subscription(Protocol):
    """A sink's place in the announcements of one session."""

    def cancel(self) -> None:
        """End the announcements at once; harmless when ended before."""


class Log(Protocol):
    durability: str
    """What "durable" means here, in words for the operator: for example `SQLite, WAL, synchronous=FULL`."""

    async def open(self) -> None:
        """Connect and check; raise `LogUnavailable` or `ValueError` with what is wrong and what would be right."""

    async def close(self) -> None:
        """Finish what was accepted, then let go of everything."""

    async def create(self, session: str, code: str, first: Draft) -> Position:
        """Start a session with its first entry and bind its join code.

        The same call again, after an unknown outcome, returns the first position, `repeated`. Raises `CodeTaken` when
        the code belongs to another session, `ValueError` when the session has another code, `LogUnavailable`.
        """

    async def find(self, code: str) -> str | None:
        """Return the session that a join code belongs to."""

    async def sessions(self) -> list[str]:
        """Return the ids of all sessions, oldest first."""

    async def append(self, session: str, drafts: Sequence[Draft]) -> list[Position]:
        """Append drafts in order, all of them or none, and return their positions; one durable write for all.

        Raises `LogUnavailable` when the outcome is unknown or the log refuses writes. Raises `KeyError` when the
        session does not exist, or when the log holds less of it than was announced here (a flush, a restore, a failover
        to an older copy): then what was folded is void, and the session must be read anew from its beginning.
        """

    async def read(self, session: str, after: int = 0, limit: int = 10_000) -> list[Stored]:
        """Return at most `limit` entries with `seq > after`, in order; none when there is no such session."""

    async def save(self, session: str, seq: int, body: bytes) -> None:
        """Keep `body` as the session's snapshot after entry `seq`, in place of one that is not newer.

        Nothing is kept where a newer one is, where the log does not hold entry `seq`, or where there is no such session. Raises
        `LogUnavailable`; then the one before is there, or this one.
        """

    async def saved(self, session: str) -> tuple[int, bytes] | None:
        """Return the session's snapshot and the number of the last entry in it; None where there is none. Raises `LogUnavailable`."""

    async def subscribe(
        self, session: str, after: int, entries: EntrySink, tells: TellSink, lost: LostSink = unheeded
    ) -> Subscription:
        """Announce every entry with `seq > after` to `entries`, and tells to `tells`.

        The entries that are stored already have been passed on when this returns. Raises `LogUnavailable`. `lost` is called
        once when the log is found to hold less than was announced, or something else in its place: what was folded is void.
        """

    async def tell(self, session: str, message: bytes) -> None:
        """Pass a passing message to all other workers' sinks (and not this one's); it may get lost."""

    async def ready(self) -> None:
        """Return when the log answers and can write; raise `LogUnavailable` otherwise."""
