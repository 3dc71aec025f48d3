"""Which log a deployment gets: Redis where there is one, else SQLite in the data folder."""

from __future__ import annotations

from pathlib import Path

from server.log.port import Log
from server.log.sqlite import SqliteLog


def open_log(data: Path, redis_url: str | None, workers: int) -> Log:
    """Return the log for these settings; the caller awaits its `open` in the event loop that will use it.

    Args:
        data: the data folder, for SQLite.
        redis_url: where Redis is, or none (an empty string counts as none).
        workers: processes that serve together.

    Raises:
        ValueError: several workers without Redis, or an address that is none.
    """
    if redis_url:
        # Imported here, since a server on SQLite has no use for it and it takes a while.
        from server.log.redis import RedisLog

        return RedisLog(redis_url)
    if workers > 1:
        raise ValueError(
            f"{workers} workers need REDIS_URL: the SQLite log has one writer, and workers could not see each other's "
            "entries. Set REDIS_URL, or start one worker."
        )
    return SqliteLog(data)
