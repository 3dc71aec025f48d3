"""Running the server: the listening socket, uvicorn with our protocol classes, one process or several."""

from __future__ import annotations

import asyncio
import contextlib
import resource
import socket
from functools import partial

import click
from uvicorn import Config, Server
from uvicorn.supervisors import Multiprocess

from server.log.choose import open_log
from server.log.port import LogUnavailable
from server.main.app import create_app
from server.main.hostkey import NAME as HOST_KEY_FILE
from server.main.hostkey import keep_host_key
from server.main.logs import configure_logging
from server.main.settings import Settings, SettingsError
from server.protocol.limits import MAX_FRAME
from server.web.transport import HttpProtocol, SocketProtocol

PING_SECONDS = 15.0
"""Between two pings of a socket, and until an unanswered one ends it. Some routers cut what is silent for 55 seconds."""
GRACEFUL_SECONDS = 20
"""For the drain. Platforms that send SIGTERM kill 30 seconds later."""
KEEP_ALIVE_SECONDS = 65
"""For an idle HTTP connection: longer than the minute that proxies commonly keep theirs."""
OPEN_FILES = 65_536
BACKLOG = 65_535
"""Connections that the kernel may hold for us, `net.core.somaxconn` at most. Who finds no room tries again a second later."""


def run_server(settings: Settings) -> None:
    """Serve until a signal ends it. Raises `SettingsError` when the address cannot be listened on."""
    kept = not settings.host_key
    if kept:
        settings = _with_kept_key(settings)
    listener = _listen(settings.host, settings.port)
    configure_logging("warning")
    asyncio.run(_check_log(settings))
    _allow_many_files()
    _announce(settings, listener, kept=kept)
    config = uvicorn_config(settings)
    if settings.workers > 1:
        Multiprocess(config, sockets=[listener]).run()
        return
    with contextlib.suppress(KeyboardInterrupt):
        Server(config).run(sockets=[listener])


def uvicorn_config(settings: Settings) -> Config:
    """Return how uvicorn has to run the application."""
    return Config(
        partial(create_app, settings, alone=True),
        factory=True,
        host=settings.host,
        port=settings.port,
        backlog=BACKLOG,
        workers=settings.workers,
        loop="auto",  # uvloop where it is installed
        http=HttpProtocol,
        ws=SocketProtocol,
        ws_max_size=MAX_FRAME,
        ws_per_message_deflate=False,
        ws_ping_interval=PING_SECONDS,
        ws_ping_timeout=PING_SECONDS,
        lifespan="on",
        log_config=None,
        access_log=False,
        server_header=False,
        proxy_headers=True,
        forwarded_allow_ips=settings.trusted_proxies,
        timeout_keep_alive=KEEP_ALIVE_SECONDS,
        timeout_graceful_shutdown=GRACEFUL_SECONDS,
    )


async def _check_log(settings: Settings) -> None:
    """Open the log once before anything is promised, so that what is wrong with it is said in one line."""
    log = open_log(settings.data, settings.redis_url, settings.workers)
    try:
        await log.open()
    except (LogUnavailable, ValueError, OSError) as error:
        raise SettingsError(f"the log cannot be opened: {error}") from None
    await log.close()


def _with_kept_key(settings: Settings) -> Settings:
    try:
        key = keep_host_key(settings.data)
    except OSError as error:
        raise SettingsError(f"the data folder {settings.data} cannot be written: {error.strerror}") from None
    return Settings(**{name: getattr(settings, name) for name in settings.__struct_fields__} | {"host_key": key})


def _listen(host: str, port: int) -> socket.socket:
    listener = socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((host, port))
    except OSError as error:
        listener.close()
        raise SettingsError(
            f"cannot listen on {host} port {port}: {error.strerror}. Choose another port with --port or PORT."
        ) from None
    listener.set_inheritable(True)
    return listener


def _announce(settings: Settings, listener: socket.socket, *, kept: bool) -> None:
    """Print where it is, and the key where it is one that the operator did not choose."""
    host = {"0.0.0.0": "127.0.0.1", "::": "[::1]"}.get(settings.host, settings.host)  # noqa: S104
    url = settings.url or f"http://{host}:{listener.getsockname()[1]}"
    click.echo(f"Baraza: {url}")
    click.echo(f"Create a session: {url}/new")
    if kept:
        click.echo(f"Host key: {settings.host_key}  (kept in {settings.data / HOST_KEY_FILE})")
    if not settings.redis_url:
        click.echo(f"Log: SQLite in {settings.data}; on a platform whose disk does not last, set REDIS_URL")


def _allow_many_files() -> None:
    """Every socket is an open file; take as many as the system lets us."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = OPEN_FILES if hard == resource.RLIM_INFINITY else min(OPEN_FILES, hard)
    if soft != resource.RLIM_INFINITY and soft < wanted:
        with contextlib.suppress(ValueError, OSError):
            resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))
