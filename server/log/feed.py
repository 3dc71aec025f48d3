"""One subscriber's ordered view of one session, whatever road the entries arrive on.

Entries come by announcement (fast, may be lost, doubled or late) and by reading (slow, always right). A feed lets
them through to its sink in order: what it has seen is ignored, what follows is passed on, and what would leave a gap
makes it read from its own position. So the announcement never has to be trusted.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterator, Sequence
from typing import TypeVar

import structlog

from server.log.port import EntrySink, LogUnavailable, LostSink, Stored, TellSink, unheeded

CHUNK = 1000
"""Entries in one read while catching up: large enough to be fast, small enough not to hold the loop."""

Read = Callable[[str, int, int], Awaitable[list[Stored]]]
"""`read(session, after, limit)` as in the port."""

Value = TypeVar("Value")

_logger = structlog.get_logger(__name__)


class Feed:
    """A subscription: the last `seq` it passed on, and the ways to move it forward. For one event loop."""

    def __init__(
        self,
        session: str,
        after: int,
        entries: EntrySink,
        tells: TellSink,
        lost: LostSink,
        read: Read,
        leave: Callable[[Feed], None],
    ) -> None:
        self.session = session
        self.last = after
        self._entries = entries
        self._tells = tells
        self._lost = lost
        self._tail: Stored | None = None
        self._read = read
        self._leave = leave
        self._behind = False
        self._void = False
        self._reading: asyncio.Task[None] | None = None
        self._cancelled = False

    def cancel(self) -> None:
        """End the announcements at once; harmless when ended before."""
        if self._cancelled:
            return
        self._cancelled = True
        self._leave(self)
        if self._reading is not None:
            self._reading.cancel()

    def offer(self, entries: Sequence[Stored]) -> None:
        """Take announced entries, ascending by `seq`: pass on those that follow, and read when some are missing."""
        if self._is_other_past(entries):
            self._report_loss(entries[-1].seq)
        if not entries or entries[-1].seq <= self.last:
            return
        if entries[0].seq > self.last + 1:
            self.wake()
        else:
            self._pass_on(entries)

    def hear(self, message: bytes) -> None:
        """Pass a tell on."""
        if not self._cancelled:
            _call(self._tells, message)

    def wake(self) -> None:
        """Read the log from here on; when a read is under way, once more after it."""
        self._behind = True
        if self._reading is None and not self._cancelled:
            self._reading = asyncio.create_task(self._read_in_background())

    def compare(self, length: int, last: int) -> None:
        """Take the log's length, measured after the feed stood at `last`: read what is missing, report what is gone."""
        if length > self.last:
            self.wake()
        elif length < last:
            self._report_loss(length)

    async def start(self) -> None:
        """Pass on what is stored already; raise `LogUnavailable` when the log cannot be read."""
        self._behind = True
        self._reading = asyncio.create_task(self._read_until_level())
        await self._reading

    async def _read_in_background(self) -> None:
        try:
            await self._read_until_level()
        except LogUnavailable as error:
            # Whoever woke the feed wakes it again: a reconnect, the position check or the next announcement.
            _logger.warning("log.catch_up_failed", session=self.session, after=self.last, error=str(error))

    async def _read_until_level(self) -> None:
        try:
            while self._behind and not self._cancelled:
                self._behind = False
                entries = await self._read(self.session, self.last, CHUNK)
                if entries and entries[0].seq > self.last + 1:
                    _logger.error("log.entries_missing", session=self.session, after=self.last, found=entries[0].seq)
                    return
                self._pass_on(entries)
                self._behind = self._behind or len(entries) == CHUNK
        finally:
            # In the same turn as the last look at `_behind`, so that no wake-up falls between the two.
            self._reading = None

    def _pass_on(self, entries: Sequence[Stored]) -> None:
        known = bool(entries) and entries[0].seq <= self.last
        fresh = [entry for entry in entries if entry.seq > self.last] if known else entries
        if fresh and not self._cancelled and not self._void:
            self._tail = fresh[-1]
            self.last = self._tail.seq
            _call(self._entries, fresh)

    def _is_other_past(self, entries: Sequence[Stored]) -> bool:
        """Say whether another entry stands where the last one stood: a failover lost that one, and the log grew again."""
        tail = self._tail
        if tail is None or not entries or entries[0].seq > tail.seq:
            return False
        return any(entry.seq == tail.seq and entry != tail for entry in entries)

    def _report_loss(self, stored: int) -> None:
        if not self._void and not self._cancelled:
            self._void = True
            _logger.error("log.shrunk", session=self.session, seen=self.last, stored=stored)
            self._lost()


class Feeds:
    """All feeds of one worker. `joined` and `left` hear of a session's first feed and of its last."""

    def __init__(
        self,
        read: Read,
        joined: Callable[[str], None] = lambda session: None,
        left: Callable[[str], None] = lambda session: None,
    ) -> None:
        self._read = read
        self._joined = joined
        self._left = left
        self._feeds: dict[str, list[Feed]] = {}

    async def start(
        self, session: str, after: int, entries: EntrySink, tells: TellSink, lost: LostSink = unheeded
    ) -> Feed:
        """Return a feed that has passed on what was stored and gets what follows; raise `LogUnavailable`."""
        feed = Feed(session, after, entries, tells, lost, self._read, self._leave)
        feeds = self._feeds.setdefault(session, [])
        feeds.append(feed)
        if len(feeds) == 1:
            self._joined(session)
        try:
            await feed.start()
        except BaseException:
            feed.cancel()
            raise
        return feed

    def __iter__(self) -> Iterator[Feed]:
        return iter([feed for feeds in self._feeds.values() for feed in feeds])

    def of(self, session: str) -> tuple[Feed, ...]:
        """Return the feeds of one session; a sink may cancel any of them meanwhile."""
        return tuple(self._feeds.get(session, ()))

    def offer(self, session: str, entries: Sequence[Stored]) -> None:
        """Offer entries to every feed of their session."""
        for feed in self.of(session):
            feed.offer(entries)

    def cancel(self) -> None:
        """End all feeds."""
        for feed in self:
            feed.cancel()

    def _leave(self, feed: Feed) -> None:
        feeds = self._feeds[feed.session]
        feeds.remove(feed)
        if not feeds:
            del self._feeds[feed.session]
            self._left(feed.session)


def _call(sink: Callable[[Value], None], value: Value) -> None:
    """Call a sink; its failure is its own and must not keep others from their entries."""
    try:
        sink(value)
    except Exception:
        _logger.exception("log.sink_failed")
