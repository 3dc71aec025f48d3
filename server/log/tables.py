"""The tables of the SQLite log, what is read from them, and snapshots.

The entries of one append stand together in one row, packed: a row an entry, with an index over the senders' keys, cost five times as much
CPU, most of it for the index, whose pages are touched at random.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence

import msgspec

from server.log.port import Draft, Stored

FORMAT = 2
"""Version of the tables, kept in `PRAGMA user_version`."""

_TABLES = """
BEGIN IMMEDIATE;
CREATE TABLE sessions (number INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, code TEXT NOT NULL UNIQUE);
CREATE TABLE batches (
    session INTEGER NOT NULL REFERENCES sessions, last INTEGER NOT NULL, at INTEGER NOT NULL, drafts BLOB NOT NULL,
    PRIMARY KEY (session, last)
) WITHOUT ROWID;
CREATE TABLE probe (one INTEGER PRIMARY KEY, times INTEGER NOT NULL);
PRAGMA user_version = 2;
COMMIT;
"""
"""A batch is what one append added: `last` is the number of its last entry, `at` the time of all of them, and `drafts` a MessagePack
array of `[by, key, body]`."""

_SNAPSHOTS = """
CREATE TABLE IF NOT EXISTS snapshots (
    session INTEGER PRIMARY KEY REFERENCES sessions ON DELETE CASCADE, seq INTEGER NOT NULL, body BLOB NOT NULL
)
"""
"""A cache, so no part of the format: a file without it gets it, and a version that does not know it leaves it alone."""

_SAVE = """
INSERT INTO snapshots SELECT number, :seq, :body FROM sessions
WHERE id = :session AND EXISTS (SELECT 1 FROM batches WHERE session = number AND last >= :seq)
ON CONFLICT DO UPDATE SET seq = excluded.seq, body = excluded.body WHERE excluded.seq >= snapshots.seq
"""

_AFTER = """
SELECT last, at, drafts FROM batches
WHERE session = (SELECT number FROM sessions WHERE id = ?) AND last > ? ORDER BY last
"""

_pack = msgspec.msgpack.Encoder().encode
_unpack = msgspec.msgpack.Decoder(list[Draft]).decode


class ForeignFile(Exception):
    """The file cannot serve as this version's log; the message says why and what to do."""


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
        other = "newer" if found > FORMAT else "older"
        raise ForeignFile(
            f"it has format {found}, this version of Baraza reads format {FORMAT}; use the {other} Baraza that wrote it"
        )
    connection.execute(_SNAPSHOTS)


def packed(drafts: Sequence[Draft]) -> bytes:
    """Return the drafts of a batch as they are stored; `UnicodeEncodeError` for text that is none."""
    return _pack(drafts)


def unpacked(last: int, at: int, drafts: bytes) -> list[Stored]:
    """Return the entries of a stored batch."""
    batch = _unpack(drafts)
    return [Stored(seq, at, one.by, one.key, one.body) for seq, one in enumerate(batch, last - len(batch) + 1)]


def read(connection: sqlite3.Connection, session: str, after: int, limit: int) -> list[Stored]:
    """Return at most `limit` entries of a session with `seq > after`, in order."""
    found: list[Stored] = []
    for row in connection.execute(_AFTER, (session, after)):
        found += [entry for entry in unpacked(*row) if entry.seq > after]
        if len(found) >= limit:
            break
    return found[:limit]


def probe(connection: sqlite3.Connection) -> None:
    """Commit a row to disk."""
    connection.execute("INSERT INTO probe VALUES (1, 1) ON CONFLICT DO UPDATE SET times = times + 1")


def save(connection: sqlite3.Connection, session: str, seq: int, body: bytes) -> None:
    """Keep a snapshot and commit it, if the log reaches so far and has no newer one."""
    connection.execute(_SAVE, {"session": session, "seq": seq, "body": body})
