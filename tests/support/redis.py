"""A real Redis or Valkey for tests: started from PATH on a free port, killed and restarted on the same data.

`redis_server` gives a test its own server, which it may kill. `redis_url` gives the address of a server shared by the
tests of one process (`BARAZA_TEST_REDIS_URL` where that is set): use an own prefix there, and do no harm. A machine
without a server fails these tests; it never skips them.
"""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from redis import Redis
from redis.backoff import NoBackoff
from redis.exceptions import RedisError
from redis.retry import Retry

BINARIES = ("redis-server", "valkey-server")
MISSING = (
    "No redis-server or valkey-server on PATH. Install one (Debian: apt install redis-server; macOS: brew install "
    "valkey), or for the tests that share a server set BARAZA_TEST_REDIS_URL."
)


def find_binary() -> str:
    """Return the server's path; fail the test when there is none."""
    for name in BINARIES:
        if path := shutil.which(name):
            return path
    pytest.fail(MISSING, pytrace=False)


class RedisServer:
    """A server process with append-only file, `appendfsync always`, and `folder` as its memory.

    `options` are further lines of its configuration, by name; changes count from the next start on.
    """

    def __init__(self, folder: Path, **options: str) -> None:
        self.folder = folder
        self.port = 0
        self.options = options
        self._binary = find_binary()
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        """The address, the same after a restart."""
        return f"redis://127.0.0.1:{self.port}/0"

    @property
    def running(self) -> bool:
        """Whether the process lives."""
        return self._process is not None and self._process.poll() is None

    def start(self) -> None:
        """Start and return when the server answers; the first start chooses a port that is free."""
        self.folder.mkdir(parents=True, exist_ok=True)
        for _ in range(5):
            port = self.port or _free_port()
            if self._start_on(port):
                self.port = port
                return
        pytest.fail(f"{self._binary} did not start; see {self.folder / 'log'}", pytrace=False)

    def kill(self) -> None:
        """End the server with SIGKILL, as a crash would."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()

    def client(self) -> Redis:
        """Return a synchronous client that does not retry, to look and to do harm with. The caller closes it."""
        return Redis.from_url(self.url, protocol=2, retry=Retry(NoBackoff(), 0), decode_responses=True)

    def _start_on(self, port: int) -> bool:
        options = {
            "bind": "127.0.0.1",
            "port": str(port),
            "dir": str(self.folder),
            "appendonly": "yes",
            "appendfsync": "always",
            "save": "",
            "logfile": "log",
        } | self.options
        words = [word for name, value in options.items() for word in (f"--{name.replace('_', '-')}", value)]
        self._process = subprocess.Popen([self._binary, *words], stdin=subprocess.DEVNULL)
        probe = Redis(host="127.0.0.1", port=port, protocol=2, retry=Retry(NoBackoff(), 0))
        deadline = time.monotonic() + 20
        try:
            while self.running and time.monotonic() < deadline:
                try:
                    # Another program may have taken the port meanwhile: only our own process counts.
                    return bool(probe.info("server")["process_id"] == self._process.pid)
                except RedisError:
                    time.sleep(0.01)
        finally:
            probe.close()
        self.kill()
        return False


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture
def redis_server(tmp_path: Path) -> Iterator[RedisServer]:
    """A started server of the test's own."""
    server = RedisServer(tmp_path / "redis")
    server.start()
    yield server
    server.kill()


@pytest.fixture(scope="session")
def redis_url() -> Iterator[str]:
    """The address of a server that the tests of this process share."""
    given = os.environ.get("BARAZA_TEST_REDIS_URL")
    if given:
        yield given
        return
    with tempfile.TemporaryDirectory(prefix="baraza-redis-") as folder:
        server = RedisServer(Path(folder))
        server.start()
        yield server.url
        server.kill()
