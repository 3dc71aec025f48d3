"""The real application on a real uvicorn, in the test's own loop: sockets and addresses are real, the site is at hand."""

from __future__ import annotations

import asyncio
import json
import socket
import ssl
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from http.cookiejar import DefaultCookiePolicy
from pathlib import Path
from typing import Any

import httpx2
from uvicorn import Config, Server
from websockets.asyncio.client import ClientConnection, connect
from websockets.typing import Origin, Subprotocol

from server.main.app import create_app
from server.main.serve import uvicorn_config
from server.main.settings import read_settings
from server.web.headers import SecurityHeaders
from server.web.site import Site
from tests.support.server import AGENDA, Session

HOST_KEY = "test-host-key-of-this-suite"


class Running:
    """A server that runs. `http` keeps no cookies: a test says which it sends."""

    def __init__(
        self, port: int, site: Site, server: Server, task: asyncio.Task[None], tls: ssl.SSLContext | None
    ) -> None:
        self.port = port
        self.site = site
        self.server = server
        self.tls = tls
        """What a client trusts, where the server speaks TLS as `localhost`."""
        self.url = f"https://localhost:{port}" if tls else f"http://127.0.0.1:{port}"
        self.http = httpx2.AsyncClient(base_url=self.url, trust_env=False, timeout=20, verify=tls or True)
        self.http.cookies.jar.set_policy(DefaultCookiePolicy(allowed_domains=[]))
        self._task = task

    async def create(self, agenda: str = AGENDA) -> Session:
        """Make a session."""
        headers = {"Authorization": f"Bearer {HOST_KEY}", "Content-Type": "text/plain"}
        answer = await self.http.post("/api/sessions", content=agenda, headers=headers)
        assert answer.status_code == 201, answer.text
        body = answer.json()
        return Session(body["session"], body["code"], body["links"], body["tokens"])

    async def join(self, code: str, name: str = "Awa") -> dict[str, str]:
        """Join a session; the answer of the API."""
        answer = await self.http.post("/api/join", json={"code": code, "name": name})
        assert answer.status_code == 201, answer.text
        body: dict[str, str] = answer.json()
        return body

    def socket(
        self,
        path: str,
        headers: Mapping[str, str] | None = None,
        *,
        origin: str | None = None,
        subprotocol: str | None = "baraza.v1",
    ) -> connect:
        """Open a WebSocket: `async with`, or `await`."""
        return connect(
            f"ws://127.0.0.1:{self.port}{path}",
            additional_headers=dict(headers or {}),
            origin=None if origin is None else Origin(origin),
            subprotocols=None if subprotocol is None else [Subprotocol(subprotocol)],
            compression=None,
            proxy=None,
            max_size=None,
        )

    async def stop(self) -> None:
        """Stop as a signal would, and wait for the end."""
        self.server.should_exit = True
        await self.http.aclose()
        await self._task


@asynccontextmanager
async def running(
    folder: Path, *, plain: bool = False, certificate: Path | None = None, **settings: str
) -> AsyncIterator[Running]:
    """Run the application with these settings; `plain` runs it on uvicorn's own protocol classes.

    With a `certificate` (a PEM file that holds the key too) it speaks TLS.
    """
    environment = {"BARAZA_DATA": str(folder / "data"), "BARAZA_HOST_KEY": HOST_KEY, "PORT": "0", **settings}
    parsed = read_settings(environment)
    app = create_app(parsed)
    assert isinstance(app, SecurityHeaders)
    config = uvicorn_config(parsed)
    config.app, config.factory = app, False
    if plain:
        config = Config(
            app, lifespan="on", log_config=None, access_log=False, timeout_graceful_shutdown=3, ws_ping_interval=None
        )
    config.ssl_certfile = certificate
    listener = socket.create_server(("127.0.0.1", 0))
    server = Server(config)
    task = asyncio.create_task(server.serve(sockets=[listener]))
    async with asyncio.timeout(10):
        while not server.started:
            assert not task.done(), "the server did not start"
            await asyncio.sleep(0.01)
    site = app.app.state.site  # type: ignore[attr-defined]
    tls = ssl.create_default_context(cafile=certificate) if certificate else None
    run = Running(listener.getsockname()[1], site, server, task, tls)
    try:
        yield run
    finally:
        await run.stop()


async def hello(socket: ClientConnection) -> dict[str, Any]:
    """Say hello and return the welcome."""
    await socket.send('{"hello":{}}')
    welcome: dict[str, Any] = json.loads(await socket.recv())["welcome"]
    return welcome


def bearer(token: str) -> dict[str, str]:
    """The header that carries a key."""
    return {"Authorization": f"Bearer {token}"}
