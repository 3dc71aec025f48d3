"""What only the SQLite log has: its folder, its file, its commits, and the disk that fails."""

from __future__ import annotations

import asyncio
import sqlite3
import stat
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

import pytest

from server.log.port import LogUnavailable
from server.log.sqlite import FILE, SqliteLog
from tests.log.conftest import Opened
from tests.log.stores import Recorder, draft, up_to
from tests.log.writer import snapshot

ROOT = Path(__file__).parents[2]


async def on_writer(log: SqliteLog, statement: str) -> object:
    """Run a statement on the log's own writing connection, in its thread, and return the first value."""

    def run() -> object:
        assert log._writer is not None
        row = log._writer.execute(statement).fetchone()
        return None if row is None else row[0]

    return await asyncio.wrap_future(log._writing.submit(run))


def other_process(what: str, folder: Path) -> subprocess.Popen[str]:
    """Start another process on the folder."""
    command = [sys.executable, "-m", "tests.log.writer", what, str(folder)]
    return subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)


async def test_entries_are_on_disk_before_they_are_acknowledged(tmp_path: Path, opened: Opened) -> None:
    log = SqliteLog(tmp_path / "data")
    await opened(log)
    assert await on_writer(log, "PRAGMA journal_mode") == "wal"
    assert await on_writer(log, "PRAGMA synchronous") == 2
    assert sqlite3.sqlite_version in log.durability


async def test_waiting_appends_of_all_sessions_share_a_commit(tmp_path: Path, opened: Opened) -> None:
    log = SqliteLog(tmp_path / "data")
    await opened(log)
    for i in range(10):
        await log.create(f"s{i}", f"CODE{i}", draft("first"))
    statements: list[str] = []
    writer = log._writer
    assert writer is not None
    writer_thread = log._writing
    await asyncio.wrap_future(writer_thread.submit(writer.set_trace_callback, statements.append))
    await asyncio.gather(*(log.append(f"s{i % 10}", [draft(f"k{i}")]) for i in range(200)))
    await asyncio.wrap_future(writer_thread.submit(writer.set_trace_callback, None))
    assert statements.count("COMMIT") == 1
    assert sum(statement.startswith("INSERT INTO batches") for statement in statements) == 200


async def test_the_folder_and_its_files_are_the_owners_alone(tmp_path: Path, opened: Opened) -> None:
    folder = tmp_path / "new" / "data"
    await opened(SqliteLog(folder))
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    modes = {path.name: stat.S_IMODE(path.stat().st_mode) for path in folder.iterdir()}
    assert modes == dict.fromkeys([FILE, f"{FILE}-wal", f"{FILE}-shm", "lock"], 0o600)


async def test_a_second_process_on_the_folder_is_refused_with_the_reason(tmp_path: Path, opened: Opened) -> None:
    folder = tmp_path / "data"
    await opened(SqliteLog(folder))
    with other_process("append", folder) as process:
        assert process.stdout is not None
        answer = process.stdout.read()
    assert answer.startswith("error")
    assert "in use by another process" in answer
    assert "REDIS_URL" in answer


async def test_a_second_log_in_the_process_is_refused_and_the_first_goes_on(tmp_path: Path, opened: Opened) -> None:
    log = await opened(SqliteLog(tmp_path / "data"))
    with pytest.raises(ValueError, match="REDIS_URL"):
        await SqliteLog(tmp_path / "data").open()
    await log.create("s1", "CODE11", draft("first"))


async def test_nothing_acknowledged_is_lost_when_the_process_is_killed(tmp_path: Path, opened: Opened) -> None:
    folder = tmp_path / "data"
    acknowledged: dict[str, int] = {}
    for round_ in range(2):
        process = other_process("append", folder)
        assert process.stdout is not None
        with process:
            lines = [process.stdout.readline() for _ in range(300)]
            process.kill()
            lines += process.stdout.readlines()
        assert process.returncode == -9, f"round {round_}"
        for line in lines:
            # The last line may have been cut by the kill.
            if line.startswith("ack ") and line.endswith("\n"):
                _, key, seq = line.split()
                acknowledged[key] = int(seq)
    assert len(acknowledged) >= 300

    log = await opened(SqliteLog(folder))
    entries = await log.read("s1")
    assert [entry.seq for entry in entries] == up_to(len(entries))
    stored = {entry.key: entry.seq for entry in entries}
    assert len(stored) == len(entries)
    assert {key: stored.get(key) for key in acknowledged} == acknowledged


async def test_a_kill_in_the_middle_of_saving_a_snapshot_loses_nothing(tmp_path: Path, opened: Opened) -> None:
    folder = tmp_path / "data"
    acknowledged: dict[str, int] = {}
    for rounds in (1, 2):
        saving = 0
        with other_process("save", folder) as process:
            assert process.stdout is not None
            for line in process.stdout:
                what, *rest = line.split()
                if what == "ack":
                    acknowledged[rest[0]] = int(rest[1])
                elif what == "saving":
                    saving += 1
                    if saving == rounds:
                        process.kill()
                        break
        assert process.returncode == -9
        log = SqliteLog(folder)
        await log.open()
        assert {entry.key: entry.seq for entry in await log.read("s1", 1)} == acknowledged
        found = await log.saved("s1")
        # The last one whole, or the one before, and where there was none before, perhaps none.
        last = max(acknowledged.values())
        assert found in [(seq, snapshot(seq)) for seq in (last, last - 1)] or (rounds == 1 and found is None)
        await log.save("s1", len(acknowledged) + 1, b"after it")
        await log.close()
    again = await opened(SqliteLog(folder))
    assert await again.saved("s1") == (len(acknowledged) + 1, b"after it")


async def test_a_file_of_before_snapshots_opens_and_takes_one(tmp_path: Path, opened: Opened) -> None:
    before = SqliteLog(tmp_path / "data")
    await before.open()
    await before.create("s1", "CODE11", draft("first"))
    await on_writer(before, "DROP TABLE snapshots")
    await before.close()
    log = await opened(SqliteLog(tmp_path / "data"))
    assert await log.saved("s1") is None
    await log.save("s1", 1, b"state")
    assert await log.saved("s1") == (1, b"state")


async def test_a_snapshot_that_cannot_be_kept_costs_nothing_else(tmp_path: Path, opened: Opened) -> None:
    log = SqliteLog(tmp_path / "data")
    await opened(log)
    await log.create("s1", "CODE11", draft("first"))
    pages = await on_writer(log, "PRAGMA page_count")
    await on_writer(log, f"PRAGMA max_page_count = {pages}")
    with pytest.raises(LogUnavailable, match="full"):
        await log.save("s1", 1, b"x" * 50_000)
    assert await log.saved("s1") is None
    assert [position.seq for position in await log.append("s1", [draft("small")])] == [2]


async def test_a_disk_without_room_refuses_whole_appends_and_recovers(tmp_path: Path, opened: Opened) -> None:
    folder = tmp_path / "data"
    with other_process("fill", folder) as process:
        assert process.stdout is not None
        lines = [line.split() for line in process.stdout]
    assert process.returncode == 0
    [(_, refused, readable)] = [line for line in lines if line[0] == "refused"]
    acknowledged = {line[1]: int(line[2]) for line in lines if line[0] == "ack"}
    # The refusal came in the middle, it took both entries back, and reading went on.
    assert int(refused) >= 2
    assert int(readable) == 1 + 2 * (int(refused) - 1)
    assert list(acknowledged.values()) == list(range(2, 2 + 2 * int(refused)))

    log = await opened(SqliteLog(folder))
    assert {entry.key: entry.seq for entry in await log.read("s1", 1)} == acknowledged


async def test_a_full_database_refuses_and_recovers(tmp_path: Path, opened: Opened) -> None:
    log = SqliteLog(tmp_path / "data")
    await opened(log)
    for name in ("s1", "s2"):
        await log.create(name, f"CODE-{name}", draft("first"))
    recorder = Recorder()
    await log.subscribe("s1", 0, recorder.take, recorder.hear)
    pages = await on_writer(log, "PRAGMA page_count")
    await on_writer(log, f"PRAGMA max_page_count = {pages}")
    results = await asyncio.gather(
        log.append("s2", [draft("small")]),
        log.append("s1", [draft("large", body=b"x" * 50_000)]),
        return_exceptions=True,
    )
    assert ["full" in str(result) for result in results] == [True, True]
    assert all(isinstance(result, LogUnavailable) for result in results)
    assert [len(await log.read(name)) for name in ("s1", "s2")] == [1, 1]

    await on_writer(log, "PRAGMA max_page_count = 1000000")
    [position] = await log.append("s1", [draft("large", body=b"x" * 50_000)])
    assert (position.seq, position.repeated) == (2, False)
    assert recorder.seqs == [1, 2]


async def test_a_database_that_may_not_be_written_refuses_and_recovers(tmp_path: Path, opened: Opened) -> None:
    log = SqliteLog(tmp_path / "data")
    await opened(log)
    await log.create("s1", "CODE11", draft("first"))
    await on_writer(log, "PRAGMA query_only = ON")
    with pytest.raises(LogUnavailable, match="readonly"):
        await log.append("s1", [draft("2")])
    with pytest.raises(LogUnavailable, match="readonly"):
        await log.ready()
    await on_writer(log, "PRAGMA query_only = OFF")
    await log.ready()
    assert [position.seq for position in await log.append("s1", [draft("2")])] == [2]


@pytest.mark.parametrize(
    "trouble",
    [
        # Unlike a full disk, this error leaves the transaction open.
        "CREATE TRIGGER trouble BEFORE INSERT ON batches WHEN new.last = 3 BEGIN SELECT RAISE(ABORT, ''); END",
        # Of this one the commit finds out.
        "CREATE TRIGGER trouble AFTER INSERT ON batches BEGIN INSERT INTO troubles VALUES (999); END",
    ],
    ids=("insert", "commit"),
)
async def test_a_failure_takes_the_whole_group_back_and_sessions_go_on_where_they_were(
    tmp_path: Path, opened: Opened, trouble: str
) -> None:
    log = SqliteLog(tmp_path / "data")
    await opened(log)
    recorders = {name: Recorder() for name in ("s1", "s2")}
    for name, recorder in recorders.items():
        await log.create(name, f"CODE-{name}", draft("first"))
        await log.subscribe(name, 0, recorder.take, recorder.hear)
    await on_writer(log, "CREATE TABLE troubles (one REFERENCES sessions DEFERRABLE INITIALLY DEFERRED)")
    await on_writer(log, trouble)
    appends = [("s1", ["a"]), ("s2", ["b"]), ("s2", ["c"])]
    results = await asyncio.gather(
        *(log.append(name, [draft(key) for key in keys]) for name, keys in appends), return_exceptions=True
    )
    assert all(isinstance(result, LogUnavailable) for result in results), results
    await on_writer(log, "DROP TRIGGER trouble")
    for name, keys in appends[::-1]:
        [position] = await log.append(name, [draft(key) for key in keys])
        assert not position.repeated
    for name, expected in (("s1", ["first", "a"]), ("s2", ["first", "c", "b"])):
        assert [entry.key for entry in await log.read(name)] == expected
        assert [(entry.seq, entry.key) for entry in recorders[name].entries] == list(enumerate(expected, 1))


async def test_a_log_cut_off_anywhere_opens_up_to_a_whole_append(tmp_path: Path, opened: Opened) -> None:
    log = await opened(SqliteLog(tmp_path / "data"))
    await log.create("s1", "CODE11", draft("first"))
    for i in range(12):
        await log.append("s1", [draft(f"{i}a"), draft(f"{i}b")])
    whole = {name: (tmp_path / "data" / name).read_bytes() for name in (FILE, f"{FILE}-wal")}
    size = len(whole[f"{FILE}-wal"])
    found: set[int] = set()
    for number, cut in enumerate(range(size, 0, -1999)):
        folder = tmp_path / f"cut{number}"
        folder.mkdir()
        (folder / FILE).write_bytes(whole[FILE])
        (folder / f"{FILE}-wal").write_bytes(whole[f"{FILE}-wal"][:cut])
        survivor = SqliteLog(folder)
        await survivor.open()
        entries = await survivor.read("s1")
        assert [entry.seq for entry in entries] == up_to(len(entries))
        assert len(entries) in {0, *range(1, 26, 2)}
        found.add(len(entries))
        await survivor.close()
    assert max(found) == 25
    assert len(found) > 5


async def test_what_cannot_be_stored_fails_alone(tmp_path: Path, opened: Opened) -> None:
    log = await opened(SqliteLog(tmp_path / "data"))
    await log.create("s1", "CODE11", draft("first"))
    good, bad, also_good = await asyncio.gather(
        log.append("s1", [draft("a")]),
        log.append("s1", [draft("stored first"), draft("lone surrogate \ud800")]),
        log.append("s1", [draft("b")]),
        return_exceptions=True,
    )
    assert isinstance(bad, UnicodeEncodeError)
    assert not isinstance(good, BaseException)
    assert not isinstance(also_good, BaseException)
    assert [entry.key for entry in await log.read("s1")] == ["first", "a", "b"]


async def test_a_damaged_batch_harms_its_own_session_alone(tmp_path: Path, opened: Opened) -> None:
    log = SqliteLog(tmp_path / "data")
    await opened(log)
    await log.create("s1", "CODE11", draft("first"))
    await log.create("s2", "CODE22", draft("first"))
    await on_writer(log, "UPDATE batches SET drafts = x'92' WHERE session = 1")
    with pytest.raises(LogUnavailable):
        await log.read("s1")
    bad, good = await asyncio.gather(
        log.append("s1", [draft("a")]), log.append("s2", [draft("a")]), return_exceptions=True
    )
    assert isinstance(bad, Exception)
    assert not isinstance(good, BaseException)
    assert [entry.key for entry in await log.read("s2")] == ["first", "a"]


async def test_keys_whose_hashes_are_equal_are_told_apart(
    tmp_path: Path, opened: Opened, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("server.log.ends.hash", lambda _: 1, raising=False)
    for round_ in range(2):
        # Known from the appends of this process, then read from the file.
        log = SqliteLog(tmp_path / "data")
        await log.open()
        if not round_:
            await log.create("s1", "CODE11", draft("first"))
            assert [position.seq for position in await log.append("s1", [draft("a"), draft("b"), draft("a")])] == [
                2,
                3,
                2,
            ]
        positions = await log.append("s1", [draft("b"), draft(f"new {round_}"), draft("a")])
        assert [(position.seq, position.repeated) for position in positions] == [
            (3, True),
            (4 + round_, False),
            (2, True),
        ]
        await log.close()


async def test_what_is_known_of_a_session_is_let_go_with_its_last_subscriber(tmp_path: Path, opened: Opened) -> None:
    log = SqliteLog(tmp_path / "data")
    await opened(log)
    await log.create("s1", "CODE11", draft("first"))
    assert not log._ends._known
    recorder = Recorder()
    subscription = await log.subscribe("s1", 0, recorder.take, recorder.hear)
    await log.append("s1", [draft("a")])
    assert set(log._ends._known) == {"s1"}
    subscription.cancel()
    assert not log._ends._known
    [position] = await log.append("s1", [draft("a")])
    assert (position.seq, position.repeated) == (2, True)
    assert not log._ends._known


async def test_a_session_that_is_let_go_while_it_is_written_is_not_kept(tmp_path: Path, opened: Opened) -> None:
    log = SqliteLog(tmp_path / "data")
    await opened(log)
    await log.create("s1", "CODE11", draft("first"))
    recorder = Recorder()
    subscription = await log.subscribe("s1", 0, recorder.take, recorder.hear)
    write, go = log._ends.write, threading.Event()

    def wait_and_write(*arguments: Any) -> Any:
        go.wait(10)
        return write(*arguments)

    log._ends.write = wait_and_write  # type: ignore[method-assign, assignment]
    written = asyncio.create_task(log.append("s1", [draft("a")]))
    await asyncio.sleep(0.05)
    subscription.cancel()
    go.set()
    await written
    assert not log._ends._known


async def test_a_file_that_is_no_log_is_refused_and_left_alone(tmp_path: Path) -> None:
    folder = tmp_path / "data"
    folder.mkdir()
    (folder / FILE).write_bytes(b"somebody's notes" * 100)
    for _ in range(2):
        with pytest.raises(ValueError, match=r"cannot be opened.*not a database"):
            await SqliteLog(folder).open()
    assert (folder / FILE).read_bytes() == b"somebody's notes" * 100


async def test_a_log_of_a_newer_version_is_refused(tmp_path: Path) -> None:
    log = SqliteLog(tmp_path / "data")
    await log.open()
    await on_writer(log, "PRAGMA user_version = 9")
    await log.close()
    with pytest.raises(ValueError, match="has format 9, this version of Baraza reads format 2"):
        await SqliteLog(tmp_path / "data").open()


async def test_a_folder_that_cannot_be_made_is_refused(tmp_path: Path) -> None:
    (tmp_path / "data").write_text("a file")
    with pytest.raises(ValueError, match="data folder cannot be used"):
        await SqliteLog(tmp_path / "data").open()
