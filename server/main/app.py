"""The composition root: settings become a log, a hub on it, and the application before it."""

from __future__ import annotations

import os
import secrets
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, nullcontext
from typing import Any

import structlog
from starlette.applications import Starlette
from starlette.types import ASGIApp

from server.hub.hub import Hub
from server.log.choose import open_log
from server.log.port import LogUnavailable
from server.main.hostkey import keep_host_key
from server.main.logs import configure_logging
from server.main.settings import Settings, check_together, read_settings
from server.planner.process import ProcessPlanner
from server.protocol.limits import Rate
from server.texts import Catalogues, resource
from server.web.app import build_app
from server.web.config import WebConfig
from server.web.site import Site
from server.web.turns import Turns

_logger = structlog.get_logger(__name__)


def create_app(settings: Settings | None = None, *, alone: bool = False) -> ASGIApp:
    """Return the application of one worker; without `settings` those of the environment hold.

    `alone` says that this process serves and does nothing else, so that the collection of its garbage may be arranged for that.

    `uvicorn --factory server.main.app:create_app` works too, slower and without staged drain: see `server.web.transport`.
    """
    if settings is None:
        settings = read_settings()
        check_together(settings)
    configure_logging(settings.log_level)
    static = resource("static")
    texts = Catalogues.load(static / "locales")
    log = open_log(settings.data, settings.redis_url, settings.workers)
    worker = f"{socket.gethostname()}-{os.getpid()}"
    # A container's host name and process id may both repeat, and the hub must tell itself from others.
    rate = Rate(per_second=settings.commands, burst=3 * settings.commands)
    hub = Hub(log, texts=texts, worker=f"{worker}-{secrets.token_hex(4)}", planner=ProcessPlanner(), rate=rate)
    site = Site(
        hub=hub,
        log=log,
        config=WebConfig(
            host_key=settings.host_key or keep_host_key(settings.data),
            worker=worker,
            url=settings.url,
            origins=frozenset(settings.origins),
            sockets=settings.sockets,
            sockets_per_address=settings.sockets_per_address,
            joins_per_address=settings.joins_per_address,
        ),
        texts=texts,
        static=static,
        templates=resource("templates"),
    )

    @asynccontextmanager
    async def lifespan(app: Starlette) -> AsyncIterator[dict[str, Any]]:
        try:
            await log.open()
        except (LogUnavailable, ValueError, OSError) as error:
            _logger.error("cannot start", error=str(error))
            raise
        try:
            await hub.start()
            async with site.garbage.kept(lambda: site.connections.total) if alone else nullcontext():
                _logger.info("serving", worker=worker, durability=log.durability)
                yield {"drain": site.drain, "turns": Turns()}
            site.drain.begin()
            await hub.close()
        finally:
            await log.close()

    return build_app(site, lifespan)
