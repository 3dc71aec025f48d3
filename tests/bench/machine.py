"""The machine as the kernel tells of it: CPU seconds and memory of processes, which CPU they run on, how many files they may open."""

from __future__ import annotations

import os
import platform
import resource
import time
from collections.abc import Iterable
from pathlib import Path

_ALL_THREADS = 2
"""The kind of CPU clock that the kernel's numbers for the clocks of processes name in their lowest bits (CPUCLOCK_SCHED)."""


def cpu_seconds(pids: Iterable[int]) -> float:
    """Return the CPU seconds that processes have used, all their threads, user and system, in nanoseconds' resolution (Linux)."""
    return sum(time.clock_gettime(~pid << 3 | _ALL_THREADS) for pid in pids)


def resident(pid: int) -> int:
    """Return the bytes of memory that a process holds; what the kernel holds for its sockets is not among them."""
    pages = int(Path(f"/proc/{pid}/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE")


def pin(pid: int, cpu: int) -> None:
    """Keep a process, and what it starts from now on, on one CPU where there are two."""
    if (os.cpu_count() or 1) > 1:
        for thread in os.listdir(f"/proc/{pid or 'self'}/task"):  # noqa: PTH208
            os.sched_setaffinity(int(thread), {cpu})


def allow_files() -> None:
    """Let this process and those that it starts open as many files as the system allows."""
    hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))


def microseconds() -> int:
    """Return the clock that the load client reads too."""
    return time.clock_gettime_ns(time.CLOCK_MONOTONIC) // 1000


def described() -> str:
    """Return the day and the machine in a few words, and how busy it is."""
    names = [line for line in Path("/proc/cpuinfo").read_text().splitlines() if line.startswith("model name")]
    name = names[0].partition(":")[2].strip() if names else platform.machine()
    load = os.getloadavg()[0]
    day = time.strftime("%d %B %Y")
    return f"{day}, {os.cpu_count()} CPUs ({name}), Python {platform.python_version()}, load {load:.1f} at the start"
