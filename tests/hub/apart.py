"""What the processes of planners do in tests: functions that a process of its own can import by name."""

from __future__ import annotations

import multiprocessing
import os
import signal
import stat

from server.core.seating import Request
from server.planner.work import Seating, compute

DIED = 3


def elsewhere() -> bool:
    """Say whether this is a process that another one started, and not that of the tests."""
    return multiprocessing.parent_process() is not None


def look_around(request: Request) -> Seating:
    """Be interrupted, then plan, and tell besides which process this is and how many sockets came along."""
    assert elsewhere()
    os.kill(os.getpid(), signal.SIGINT)
    inherited = 0
    for number in map(int, os.listdir("/dev/fd")):  # noqa: PTH208
        try:
            inherited += stat.S_ISSOCK(os.fstat(number).st_mode)
        except OSError:
            continue
    found = compute(request)
    return Seating(((os.getpid(), inherited), *found.seats), found.quality)


def die(request: Request) -> Seating:
    """Die, unless this is the process of the tests."""
    if elsewhere():
        os._exit(DIED)
    return compute(request)


def hang(request: Request) -> Seating:
    """Never end by oneself."""
    assert elsewhere()
    while True:
        signal.pause()
