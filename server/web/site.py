"""What every route shares: made once per worker by the composition root, found through the application."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from pathlib import Path
from typing import cast

from starlette.requests import HTTPConnection

from server.hub.hub import Hub
from server.log.port import Log
from server.report.report import Reports
from server.texts import Catalogues
from server.web.assets import Assets
from server.web.config import WebConfig
from server.web.drain import Drain
from server.web.garbage import Garbage
from server.web.limits import Budget, Connections, Guesses, address_key
from server.web.metrics import Metrics
from server.web.origins import normal_origin
from server.web.render import Renderer

AGENDAS_AT_ONCE = 2
"""Agendas that are read at the same time: it is slow work in a thread, and the hall must not feel it."""


class Site:
    """The hub, and what stands between it and the browsers."""

    def __init__(
        self,
        *,
        hub: Hub,
        log: Log,
        config: WebConfig,
        texts: Catalogues,
        static: Path,
        templates: Path,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """Of `log` only its check and its entries are wanted here; `clock` counts seconds for the limits."""
        self.hub = hub
        self.log = log
        self.config = config
        self.texts = texts
        self.assets = Assets(static)
        self.reports = Reports(texts)
        self.renderer = Renderer(templates, texts, self.assets)
        self.drain = Drain()
        self.garbage = Garbage()
        self.metrics = Metrics(config.worker, hub.stats, self.garbage)
        self.connections = Connections(config.sockets, config.sockets_per_address)
        self.guesses = Guesses(clock)
        self.joins = Budget(config.joins_per_address, config.joins_per_address / 100, clock)
        self.previews = Budget(30, 1.0, clock)
        self.host_keys = Budget(30, 0.2, clock)
        self.reading = asyncio.Semaphore(AGENDAS_AT_ONCE)
        self._asking: asyncio.Task[None] | None = None
        origins = (normal_origin(origin) for origin in (*config.origins, config.url) if origin)
        self.allowed_origins = frozenset(origin for origin in origins if origin is not None)

    async def ready(self) -> None:
        """Return when the log answers and can write; raise `LogUnavailable` otherwise.

        It costs a commit to disk and anybody may ask, so those who ask meanwhile share one answer.
        """
        if self._asking is None or self._asking.done():
            self._asking = asyncio.get_running_loop().create_task(self.log.ready())
        await asyncio.shield(self._asking)

    def base_url(self, conn: HTTPConnection) -> str:
        """Return the public address of this server without a slash at the end."""
        if self.config.url:
            return self.config.url.rstrip("/")
        scheme = "https" if conn.scope["scheme"] in ("https", "wss") else "http"
        return f"{scheme}://{conn.headers.get('host', 'localhost')}"


def site_of(conn: HTTPConnection) -> Site:
    """Return the site that a request or a socket came to."""
    return cast(Site, conn.app.state.site)


def address_of(conn: HTTPConnection) -> str:
    """Return what the limits count as the sender's address; behind a proxy that is not trusted, the proxy's."""
    return address_key(conn.client.host) if conn.client is not None else "local"
