"""Which log a deployment gets, and which it is refused."""

from __future__ import annotations

from pathlib import Path

import pytest

from server.log.choose import open_log
from server.log.redis import RedisLog
from server.log.sqlite import SqliteLog


def test_without_redis_it_is_sqlite_in_the_data_folder(tmp_path: Path) -> None:
    assert isinstance(open_log(tmp_path, None, 1), SqliteLog)
    assert isinstance(open_log(tmp_path, "", 1), SqliteLog)


def test_with_redis_there_may_be_several_workers(tmp_path: Path) -> None:
    assert isinstance(open_log(tmp_path, "redis://localhost:6379/0", 4), RedisLog)


def test_several_workers_without_redis_are_refused_with_the_reason(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match=r"2 workers need REDIS_URL.*one writer"):
        open_log(tmp_path, None, 2)


def test_an_address_that_is_none_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="redis://"):
        open_log(tmp_path, "localhost:6379", 1)
