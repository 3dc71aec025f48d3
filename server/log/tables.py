"""The tables of the SQLite log, the one transaction that writes a group of appends, and snapshots. Runs in the writer's thread."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass

from server.log.group import Append
from server.log.port import CodeTaken, Draft, Position, Stored

FORMAT = 1
"""Version of the tables, kept in `PRAGMA user_version`."""

_TABLES = """
BEGIN IMMEDIATE;
CREATE TABLE sessions (number INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, code TEXT NOT NULL UNIQUE);
CREATE TABLE entries (
    session INTEGER NOT NULL REFERENCES sessions, seq INTEGER NOT NULL, at INTEGER NOT NULL,
    "by" TEXT NOT NULL, "key" TEXT NOT NULL, body BLOB NOT NULL,
    PRIMARY KEY (session, seq), UNIQUE (session, "by", "key")
) WITHOUT ROWID;
CREATE TABLE probe (one INTEGER PRIMARY KEY, times INTEGER NOT NULL);
PRAGMA user_version = 1;
COMMIT;
"""

_SNAPSHOTS = """
CREATE TABLE IF NOT EXISTS snapshots (
    session INTEGER PRIMARY KEY REFERENCES sessions ON DELETE CASCADE, seq INTEGER NOT NULL, body BLOB NOT NULL
)
"""
"""A cache, so no part of the format: a file without it gets it, and a version that does not know it leaves it alone."""

_SAVE = """
INSERT INTO snapshots SELECT number, :seq, :body FROM sessions
WHERE id = :session AND EXISTS (SELECT 1 FROM entries WHERE session = number AND seq = :seq)
ON CONFLICT DO UPDATE SET seq = excluded.seq, body = excluded.body WHERE excluded.seq >= snapshots.seq
"""


class ForeignFile(Exception):
    """The file cannot serve as this version's log; the message says why and what to do."""


@dataclass(frozen=True)
class Written:
    """What became of one append: a position for each draft, and the entries that are new."""

    positions: list[Position]
    entries: list[Stored]


@dataclass
class _Head:
    """The end of a session's log, as this transaction sees it."""

    number: int
    seq: int
    at: int


def prepare(connection: sqlite3.Connection) -> None:
    """Set the promises of the connection and make the tables; `ForeignFile` when that is not to be."""
    mode = connection.execute("PRAGMA journal_mode = WAL").fetchone()[0]
    if mode != "wal":
        raise ForeignFile(f"its file system offers no write-ahead log (journal mode {mode}); use a local disk")
    connection.execute("PRAGMA synchronous = FULL")
    connection.execute("PRAGMA foreign_keys = ON")
    found = connection.execute("PRAGMA user_version").fetchone()[0]
    if found == 0:
        connection.executescript(_TABLES)
    elif found != FORMAT:
        raise ForeignFile(f"it has format {found}, this version of Baraza reads format {FORMAT}; use the newer Baraza")
    connection.execute(_SNAPSHOTS)


def write(connection: sqlite3.Connection, group: Sequence[Append], now: int) -> list[Written | Exception]:
    """Write a group in one transaction and commit it; what is wrong with one append becomes its result alone.

    Raises `sqlite3.Error` when the store fails: then nothing of the group is stored.
    """
    results: list[Written | Exception] = []
    connection.execute("BEGIN IMMEDIATE")
    for append in group:
        connection.execute("SAVEPOINT one")
        try:
            results.append(_append(connection, append, now))
        except sqlite3.Error:
            raise
        except Exception as error:
            connection.execute("ROLLBACK TO one")
            results.append(error)
        connection.execute("RELEASE one")
    connection.execute("COMMIT")
    return results


def probe(connection: sqlite3.Connection) -> None:
    """Commit a row to disk."""
    connection.execute("INSERT INTO probe VALUES (1, 1) ON CONFLICT DO UPDATE SET times = times + 1")


def save(connection: sqlite3.Connection, session: str, seq: int, body: bytes) -> None:
    """Keep a snapshot and commit it, if the log reaches so far and has no newer one."""
    connection.execute(_SAVE, {"session": session, "seq": seq, "body": body})


def _append(connection: sqlite3.Connection, append: Append, now: int) -> Written:
    if append.code is not None:
        _start(connection, append.session, append.code)
    head = _head(connection, append.session)
    now = max(now, head.at)
    positions: list[Position] = []
    entries: list[Stored] = []
    for draft in append.drafts:
        first = _first(connection, head.number, draft)
        if first is not None:
            positions.append(first)
            continue
        entry = Stored(head.seq + len(entries) + 1, now, draft.by, draft.key, draft.body)
        connection.execute(
            "INSERT INTO entries VALUES (?, ?, ?, ?, ?, ?)",
            (head.number, entry.seq, entry.at, entry.by, entry.key, entry.body),
        )
        positions.append(Position(entry.seq, entry.at, repeated=False))
        entries.append(entry)
    return Written(positions, entries)


def _start(connection: sqlite3.Connection, session: str, code: str) -> None:
    for held, by in connection.execute("SELECT code, id FROM sessions WHERE code = ? OR id = ?", (code, session)):
        if by != session:
            raise CodeTaken(code)
        if held != code:
            raise ValueError(f"The session {session} exists with another join code.")
        return
    connection.execute("INSERT INTO sessions (id, code) VALUES (?, ?)", (session, code))


def _head(connection: sqlite3.Connection, session: str) -> _Head:
    row = connection.execute("SELECT number FROM sessions WHERE id = ?", (session,)).fetchone()
    if row is None:
        raise KeyError(session)
    last = connection.execute("SELECT seq, at FROM entries WHERE session = ? ORDER BY seq DESC LIMIT 1", row).fetchone()
    return _Head(row[0], *(last or (0, 0)))


def _first(connection: sqlite3.Connection, number: int, draft: Draft) -> Position | None:
    row = connection.execute(
        'SELECT seq, at FROM entries WHERE session = ? AND "by" = ? AND "key" = ?', (number, draft.by, draft.key)
    ).fetchone()
    return None if row is None else Position(row[0], row[1], repeated=True)
