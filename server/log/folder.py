"""The data folder: made for its owner alone, and held by one process at a time."""

from __future__ import annotations

import os
import sys
from pathlib import Path

LOCK = "lock"


class FolderInUse(ValueError):
    """Another process holds the data folder."""


class FolderLock:
    """Holds a data folder until it is released or the process ends, however it ends.

    Raises `FolderInUse` when another process, or another log in this one, holds it; `OSError` when it cannot be used.
    """

    def __init__(self, folder: Path) -> None:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._file = os.open(folder / LOCK, os.O_RDWR | os.O_CREAT, 0o600)
        try:
            _lock(self._file)
        except OSError:
            os.close(self._file)
            raise FolderInUse(
                f"The data folder {folder} is in use by another process. The SQLite log has one writer: "
                "several workers or servers on one log need Redis; set REDIS_URL."
            ) from None

    def release(self) -> None:
        """Let the folder go."""
        os.close(self._file)


def create_private(path: Path) -> None:
    """Create an empty file with mode 600 unless it exists, and make its name durable."""
    os.close(os.open(path, os.O_RDWR | os.O_CREAT, 0o600))
    if sys.platform != "win32":
        folder = os.open(path.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)


if sys.platform == "win32":
    import msvcrt

    def _lock(file: int) -> None:
        msvcrt.locking(file, msvcrt.LK_NBLCK, 1)

else:
    import fcntl

    def _lock(file: int) -> None:
        # flock and not lockf: a lock of lockf would be lost when any other descriptor of the file is closed.
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
