"""Another process on a data folder: `python -m tests.log.writer append|fill|save FOLDER`. Speaks in lines on its output."""

from __future__ import annotations

import asyncio
import resource
import sys
from pathlib import Path

from server.log.port import LogUnavailable
from server.log.sqlite import FILE, SqliteLog
from tests.log.stores import draft


async def append(log: SqliteLog) -> None:
    """Append from five writers for ever, and print every key and number as soon as it is acknowledged."""

    async def write(name: str) -> None:
        number = 0
        while True:
            number += 1
            [position] = await log.append("s1", [draft(f"{name}{number}")])
            print("ack", f"{name}{number}", position.seq, flush=True)

    await asyncio.gather(*(write(name) for name in "abcde"))


async def fill(log: SqliteLog, folder: Path) -> None:
    """Append pairs until the file may not grow, then let it grow and send the refused pair again."""
    free = resource.getrlimit(resource.RLIMIT_FSIZE)
    size = (folder / f"{FILE}-wal").stat().st_size
    resource.setrlimit(resource.RLIMIT_FSIZE, (size + 200_000, free[1]))
    number = 0
    try:
        while True:
            number += 1
            await send(log, number)
    except LogUnavailable:
        print("refused", number, len(await log.read("s1")), flush=True)
    resource.setrlimit(resource.RLIMIT_FSIZE, free)
    await send(log, number)


async def save(log: SqliteLog) -> None:
    """Append an entry and save a large snapshot after it, for ever; print the key and number of the one, then that the other begins."""
    while True:
        number = len(await log.read("s1"))
        [position] = await log.append("s1", [draft(f"k{number}")])
        print("ack", f"k{number}", position.seq, flush=True)
        print("saving", position.seq, flush=True)
        await log.save("s1", position.seq, snapshot(position.seq))


def snapshot(seq: int) -> bytes:
    """Return what `save` saves after an entry: 4 MB."""
    return seq.to_bytes(8, "big") * 500_000


async def send(log: SqliteLog, number: int) -> None:
    """Append two large entries and print their numbers."""
    drafts = [draft(f"{name}{number}", body=b"x" * 20_000) for name in "ab"]
    for each, position in zip(drafts, await log.append("s1", drafts), strict=True):
        print("ack", each.key, position.seq, flush=True)


async def main(what: str, folder: str) -> None:
    """Open the log and do what is asked."""
    log = SqliteLog(Path(folder))
    try:
        await log.open()
    except ValueError as error:
        print("error", error, flush=True)
        return
    if not await log.sessions():
        await log.create("s1", "CODE11", draft("first"))
    if what == "fill":
        await fill(log, Path(folder))
    else:
        await (append(log) if what == "append" else save(log))
    await log.close()


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
