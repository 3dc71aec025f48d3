"""The ends of sessions' logs in SQLite, and the one transaction that writes a group of appends to them. Runs in the writer's thread.

Only this process writes the file, so where a log ends, and which senders' keys stand in it, is read once and then known, as long as
somebody listens to the session. Of a key its hash is kept, 64 bits; where one is met again, the log itself says whether it is the same key.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass

from server.log.group import Append
from server.log.port import CodeTaken, Draft, Position, Stored
from server.log.tables import packed, unpacked


@dataclass(frozen=True)
class Written:
    """What became of one append: a position for each draft, and the entries that are new."""

    positions: list[Position]
    entries: list[Stored]


@dataclass(slots=True)
class _End:
    """Where a session's log ends: its number in the file, its last entry's number and time, and the hashes of all keys."""

    number: int
    seq: int
    at: int
    keys: set[int]


class Ends:
    """See the module."""

    def __init__(self) -> None:
        self._known: dict[str, _End] = {}

    def forget(self, session: str) -> None:
        """Let go of what is known of a session; for any thread, at any time."""
        self._known.pop(session, None)

    def write(self, connection: sqlite3.Connection, group: Sequence[Append], now: int) -> list[Written | Exception]:
        """Write a group in one transaction and commit it; what is wrong with one append becomes its result alone.

        Raises `sqlite3.Error` when the store fails: then nothing of the group is stored.
        """
        results: list[Written | Exception] = []
        try:
            connection.execute("BEGIN IMMEDIATE")
            for append in group:
                try:
                    results.append(self._append(connection, append, now))
                except sqlite3.Error:
                    raise
                except Exception as error:
                    # It wrote nothing: in an append, writing comes last.
                    results.append(error)
            connection.execute("COMMIT")
        except BaseException:
            for append in group:
                self.forget(append.session)
            raise
        return results

    def _append(self, connection: sqlite3.Connection, append: Append, now: int) -> Written:
        session = append.session
        end = self._known.get(session) or _read_end(connection, session)
        if end is None and append.code is None:
            raise KeyError(session)
        if append.code is not None:
            _check_code(connection, session, append.code)
        seq, at = (end.seq, max(now, end.at)) if end else (0, now)
        positions: list[Position] = []
        entries: list[Stored] = []
        fresh: list[Draft] = []
        keys: set[int] = set()
        known = end.keys if end else keys
        for draft in append.drafts:
            key = hash((draft.by, draft.key))
            if key in known or key in keys:
                first = _first(connection, end, entries, draft)
                if first is not None:
                    positions.append(Position(first.seq, first.at, repeated=True))
                    continue
            seq += 1
            keys.add(key)
            fresh.append(draft)
            entries.append(Stored(seq, at, draft.by, draft.key, draft.body))
            positions.append(Position(seq, at, repeated=False))
        drafts = packed(fresh)
        if end is None:
            row = connection.execute("INSERT INTO sessions (id, code) VALUES (?, ?)", (session, append.code))
            end = _End(row.lastrowid or 0, 0, 0, set())
        if fresh:
            connection.execute("INSERT INTO batches VALUES (?, ?, ?, ?)", (end.number, seq, at, drafts))
            end.seq, end.at = seq, at
            end.keys |= keys
        self._known[session] = end
        return Written(positions, entries)


def _read_end(connection: sqlite3.Connection, session: str) -> _End | None:
    row = connection.execute("SELECT number FROM sessions WHERE id = ?", (session,)).fetchone()
    if row is None:
        return None
    end = _End(row[0], 0, 0, set())
    for batch in connection.execute("SELECT last, at, drafts FROM batches WHERE session = ? ORDER BY last", row):
        entries = unpacked(*batch)
        end.seq, end.at = entries[-1].seq, entries[-1].at
        end.keys.update(hash((entry.by, entry.key)) for entry in entries)
    return end


def _check_code(connection: sqlite3.Connection, session: str, code: str) -> None:
    for held, by in connection.execute("SELECT code, id FROM sessions WHERE code = ? OR id = ?", (code, session)):
        if by != session:
            raise CodeTaken(code)
        if held != code:
            raise ValueError(f"The session {session} exists with another join code.")


def _first(connection: sqlite3.Connection, end: _End | None, entries: Sequence[Stored], draft: Draft) -> Stored | None:
    """Return the entry of a draft's key, in this append or in the log, newest first: a repeat mostly comes soon."""
    there = _of_key(entries, draft)
    if there is not None or end is None:
        return there
    for batch in connection.execute(
        "SELECT last, at, drafts FROM batches WHERE session = ? ORDER BY last DESC", (end.number,)
    ):
        there = _of_key(unpacked(*batch), draft)
        if there is not None:
            return there
    return None


def _of_key(entries: Sequence[Stored], draft: Draft) -> Stored | None:
    return next((entry for entry in entries if entry.key == draft.key and entry.by == draft.by), None)
