"""The log in one SQLite file: for one process, with nothing to install.

Two threads with one connection each: the writer, which alone changes and checkpoints the file, and the reader. (When
two connections checkpoint, versions before 3.51.3 can corrupt the file: "WAL-reset bug" in SQLite's release notes.)
Appends of all sessions that wait at the same moment share one transaction and one commit to disk.
"""

from __future__ import annotations

import asyncio
import sqlite3
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, TypeVar

import msgspec
import structlog

from server.log.ends import Ends, Written
from server.log.feed import Feed, Feeds
from server.log.folder import FolderLock, create_private
from server.log.group import Append, Group
from server.log.port import Draft, EntrySink, LogUnavailable, LostSink, Position, Stored, TellSink, unheeded
from server.log.tables import ForeignFile, prepare, probe, read, save

FILE = "log.sqlite3"

Result = TypeVar("Result")

_logger = structlog.get_logger(__name__)


def milliseconds() -> int:
    """Return the system clock: milliseconds since the epoch."""
    return time.time_ns() // 1_000_000


class SqliteLog:
    """The port's promises on one file in `folder`; `clock` gives milliseconds since the epoch and may step back."""

    def __init__(self, folder: Path, clock: Callable[[], int] = milliseconds) -> None:
        self.durability = f"SQLite {sqlite3.sqlite_version}, WAL, synchronous=FULL"
        self._folder = folder
        self._clock = clock
        self._lock: FolderLock | None = None
        self._writer: sqlite3.Connection | None = None
        self._reader: sqlite3.Connection | None = None
        self._writing = ThreadPoolExecutor(1, "baraza-log-writer")
        self._reading = ThreadPoolExecutor(1, "baraza-log-reader")
        self._group = Group(self._write)
        self._ends = Ends()
        self._feeds = Feeds(self.read, left=self._ends.forget)

    async def open(self) -> None:
        """Take the folder and the file; the errors say what is wrong with either and what would be right."""
        try:
            await self._in(self._writing, self._take_folder)
            await self._in(self._writing, self._connected_writer)
        except BaseException as error:
            await self.close()
            if isinstance(error, OSError):
                raise ValueError(f"The data folder cannot be used: {error}. Choose a writable one.") from error
            if isinstance(error, sqlite3.DatabaseError | ForeignFile):
                raise ValueError(f"The log {self._folder / FILE} cannot be opened: {error}.") from error
            raise
        _logger.info("log.opened", durability=self.durability, folder=str(self._folder))

    async def close(self) -> None:
        """Write what was accepted, then let go of the file and of the folder."""
        await self._group.idle()
        self._feeds.cancel()
        lock, self._lock = self._lock, None
        if lock is not None:
            # The reader first: the last connection to close does the checkpoint, and that is the writer's.
            await self._in(self._reading, self._close_reader)
            await self._in(self._writing, self._close_writer)
            lock.release()
        self._writing.shutdown(wait=False)
        self._reading.shutdown(wait=False)

    async def create(self, session: str, code: str, first: Draft) -> Position:
        """Start a session; the same call again finds the first. `ValueError` when the session has another code."""
        [position] = await self._add(Append(session, [first], code))
        return position

    async def find(self, code: str) -> str | None:
        """Return the session that a join code belongs to."""
        rows = await self._query("SELECT id FROM sessions WHERE code = ?", code)
        return str(rows[0][0]) if rows else None

    async def sessions(self) -> list[str]:
        """Return the ids of all sessions, oldest first."""
        return [str(row[0]) for row in await self._query("SELECT id FROM sessions ORDER BY number")]

    async def append(self, session: str, drafts: Sequence[Draft]) -> list[Position]:
        """Append in order, all or none, in one commit with whatever else waits."""
        return await self._add(Append(session, drafts)) if drafts else []

    async def read(self, session: str, after: int = 0, limit: int = 10_000) -> list[Stored]:
        """Return at most `limit` entries with `seq > after`, in order."""
        return await self._read(lambda reader: read(reader, session, after, limit))

    async def save(self, session: str, seq: int, body: bytes) -> None:
        """Keep a snapshot, unless a newer one is there; appends wait until it is on disk."""
        self._check_open()
        await self._in(self._writing, lambda: self._attempt(lambda writer: save(writer, session, seq, body)))

    async def saved(self, session: str) -> tuple[int, bytes] | None:
        """Return the snapshot and the number of its last entry."""
        rows = await self._query(
            "SELECT seq, body FROM snapshots WHERE session = (SELECT number FROM sessions WHERE id = ?)", session
        )
        return (int(rows[0][0]), bytes(rows[0][1])) if rows else None

    async def subscribe(
        self, session: str, after: int, entries: EntrySink, tells: TellSink, lost: LostSink = unheeded
    ) -> Feed:
        """Announce what stands after `after`, then what follows; returns when what stood there has been passed on."""
        return await self._feeds.start(session, after, entries, tells, lost)

    async def tell(self, session: str, message: bytes) -> None:
        """Do nothing: a tell is for the other workers, and this log has one."""

    async def ready(self) -> None:
        """Return when a row was committed to disk."""
        self._check_open()
        await self._in(self._writing, lambda: self._attempt(probe))

    async def _add(self, append: Append) -> list[Position]:
        self._check_open()
        return await self._group.add(append)

    async def _write(self, group: list[Append]) -> None:
        now = self._clock()
        try:
            results = await self._in(
                self._writing, lambda: self._attempt(lambda writer: self._ends.write(writer, group, now))
            )
        except LogUnavailable as error:
            _logger.error("log.write_failed", error=str(error), appends=len(group))
            for append in group:
                append.fail(error)
            return
        for append, result in zip(group, results, strict=True):
            if isinstance(result, Written):
                if not self._feeds.of(append.session):
                    # Made and never opened, or let go while this was written: nobody would say that it is over.
                    self._ends.forget(append.session)
                self._feeds.offer(append.session, result.entries)
                append.succeed(result.positions)
            else:
                append.fail(result)

    async def _query(self, statement: str, *values: str | int) -> list[tuple[Any, ...]]:
        return await self._read(lambda reader: reader.execute(statement, values).fetchall())

    async def _read(self, work: Callable[[sqlite3.Connection], Result]) -> Result:
        self._check_open()

        def run() -> Result:
            try:
                return work(self._connected_reader())
            except (sqlite3.Error, msgspec.DecodeError) as error:
                # A batch that is damaged is the store's fault as much as a page that is.
                raise LogUnavailable(f"SQLite: {error}") from error

        return await self._in(self._reading, run)

    def _check_open(self) -> None:
        if self._lock is None:
            raise LogUnavailable("The log is closed.")

    async def _in(self, thread: ThreadPoolExecutor, call: Callable[[], Result]) -> Result:
        return await asyncio.get_running_loop().run_in_executor(thread, call)

    # From here on in the writer's thread or the reader's.

    def _take_folder(self) -> None:
        self._lock = FolderLock(self._folder)
        create_private(self._folder / FILE)

    def _attempt(self, work: Callable[[sqlite3.Connection], Result]) -> Result:
        """Do the work; after a failure undo all of it, and if even that fails, begin with a new connection."""
        try:
            return work(self._connected_writer())
        except sqlite3.Error as error:
            try:
                if self._writer is not None:
                    self._writer.rollback()
            except sqlite3.Error:
                self._close_writer()
            raise LogUnavailable(f"SQLite: {error}") from error

    def _connected_writer(self) -> sqlite3.Connection:
        if self._writer is None:
            writer = self._connect()
            try:
                prepare(writer)
            except sqlite3.OperationalError as error:
                writer.close()
                raise LogUnavailable(f"SQLite: {error}") from error
            except Exception:
                writer.close()
                raise
            self._writer = writer
        return self._writer

    def _connected_reader(self) -> sqlite3.Connection:
        if self._reader is None:
            reader = self._connect()
            reader.execute("PRAGMA query_only = ON")
            reader.execute("PRAGMA wal_autocheckpoint = 0")
            self._reader = reader
        return self._reader

    def _connect(self) -> sqlite3.Connection:
        return sqlite3.connect(self._folder / FILE, isolation_level=None)

    def _close_writer(self) -> None:
        if self._writer is not None:
            self._writer.close()
            self._writer = None

    def _close_reader(self) -> None:
        if self._reader is not None:
            self._reader.close()
            self._reader = None
