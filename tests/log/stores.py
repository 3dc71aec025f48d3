"""Where the logs of the contract suite keep their entries, and a sink that remembers."""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import Sequence
from pathlib import Path
from typing import Protocol

from redis import Redis

from server.log.port import Draft, Log, Stored
from server.log.redis import RedisLog
from server.log.sqlite import SqliteLog, milliseconds

HOUR = 3_600_000
PATIENCE = 15.0
"""Seconds after which what did not happen will not; far above what anything here takes."""


class Store(Protocol):
    """One place; every log made on it sees the same entries."""

    several: bool
    """Whether several logs can be open on it at once."""

    def log(self) -> Log:
        """Return a log that is not open yet."""

    def set_clock_back(self, session: str) -> None:
        """Set the clock that stamps entries back by an hour, as far as `session` can tell."""


class SqliteStore:
    """A data folder."""

    several = False

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._back = 0

    def log(self) -> SqliteLog:
        """Return a log on the folder."""
        return SqliteLog(self.folder, lambda: milliseconds() - self._back)

    def set_clock_back(self, session: str) -> None:
        """Set the log's clock back."""
        self._back += HOUR


class RedisStore:
    """A prefix on a server."""

    several = True

    def __init__(self, url: str) -> None:
        self.url = url
        self.prefix = f"test-{uuid.uuid4()}"

    def log(self) -> RedisLog:
        """Return a log that hears what it hears through pub/sub: the position check comes too late to help."""
        return RedisLog(self.url, self.prefix, check_every=600)

    def set_clock_back(self, session: str) -> None:
        """Store an entry of the next hour: the server's clock cannot be set, but it looks the same from there."""
        with Redis.from_url(self.url, protocol=2) as client:
            stream = f"{self.prefix}:{session}:log"
            ahead = milliseconds() + HOUR
            client.xadd(stream, {"at": ahead, "by": "x", "key": "x", "body": "{}"}, id=f"{client.xlen(stream) + 1}-0")


class Recorder:
    """Remembers what its sinks got; `await` it to a length."""

    def __init__(self) -> None:
        self.entries: list[Stored] = []
        self.tells: list[bytes] = []
        self._news = asyncio.Event()

    @property
    def seqs(self) -> list[int]:
        """The numbers in the order of their arrival."""
        return [entry.seq for entry in self.entries]

    def take(self, entries: Sequence[Stored]) -> None:
        """Be an entry sink."""
        self.entries.extend(entries)
        self._news.set()

    def hear(self, message: bytes) -> None:
        """Be a tell sink."""
        self.tells.append(message)
        self._news.set()

    async def reach(self, seq: int, tells: int = 0) -> None:
        """Return when the entry `seq` and so many tells have arrived; fail when they do not come."""
        try:
            async with asyncio.timeout(PATIENCE):
                while not ((not seq or (self.entries and self.entries[-1].seq >= seq)) and len(self.tells) >= tells):
                    self._news.clear()
                    await self._news.wait()
        except TimeoutError:
            raise AssertionError(f"got {self.seqs[-3:]} and {len(self.tells)} tells, not {seq} and {tells}") from None


def draft(key: str, by: str = "p1", body: bytes = b"{}") -> Draft:
    """Return a draft of which only the key matters."""
    return Draft(by, key, body)


def up_to(seq: int) -> list[int]:
    """Return 1, 2, ... seq: what a gap-free log from its beginning looks like."""
    return list(range(1, seq + 1))
