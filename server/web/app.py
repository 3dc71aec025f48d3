"""The application: routes, and the order of what stands before them."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from typing import Any

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.routing import Match, Route, WebSocketRoute
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from starlette.websockets import WebSocket

from server.web import api, events, exports, operate, pages, socket
from server.web.headers import SecurityHeaders
from server.web.origins import ForgeryGuard
from server.web.problems import HANDLERS, refuse_forgery
from server.web.site import Site

Lifespan = Callable[[Starlette], AbstractAsyncContextManager[dict[str, Any]]]


SOCKET = WebSocketRoute("/ws/{session}", socket.session_socket)


def routes(site: Site) -> list[Route | WebSocketRoute]:
    """Return every address there is."""
    return [
        Route("/", pages.home),
        Route("/new", pages.new),
        Route("/j/{code}", pages.join_page, methods=["GET", "POST"]),
        Route("/j/{code}/qr.svg", pages.join_qr),
        Route("/s/{session}", pages.participant),
        Route("/s/{session}/moderator", pages.moderator),
        Route("/s/{session}/rapporteur", pages.rapporteur),
        Route("/s/{session}/screen", pages.screen),
        Route("/s/{session}/report", exports.report_page),
        Route("/api/sessions", api.create_session, methods=["POST"]),
        Route("/api/preview", api.preview, methods=["POST"]),
        Route("/api/join", api.join, methods=["POST"]),
        Route("/api/sessions/{session}/enter", api.enter, methods=["POST"]),
        Route("/api/sessions/{session}/links", api.renew_link, methods=["POST"]),
        Route("/api/sessions/{session}/view", api.view),
        Route("/api/sessions/{session}/commands", api.command, methods=["POST"]),
        Route("/api/sessions/{session}/events", events.session_events),
        Route("/api/sessions/{session}/log", exports.log),
        Route("/api/sessions/{session}/report.{form}", exports.report),
        Route("/static/{version}/{path:path}", site.assets.serve),
        Route("/favicon.ico", pages.icon),
        Route("/healthz", operate.healthz),
        Route("/readyz", operate.readyz),
        Route("/metrics", operate.metrics),
        SOCKET,
    ]


def build_app(site: Site, lifespan: Lifespan) -> ASGIApp:
    """Return the ASGI application. `lifespan` opens and closes what the site stands on."""
    app = Starlette(
        routes=routes(site),
        middleware=[
            Middleware(SocketsFirst),
            Middleware(RequestCount, site=site),
            Middleware(ForgeryGuard, allowed=site.allowed_origins, refuse=refuse_forgery),
        ],
        exception_handlers=HANDLERS,
        lifespan=lifespan,
    )
    app.state.site = site
    return SecurityHeaders(app)


class SocketsFirst:
    """Takes sockets past what is for requests, the table of routes too: when everybody comes at once it would be a tenth of the work."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "websocket":
            match, found = SOCKET.matches(scope)
            if match is Match.FULL:
                scope.update(found)
                await socket.session_socket(WebSocket(scope, receive, send))
                return
        await self.app(scope, receive, send)


class RequestCount:
    """Counts answers by the endpoint that gave them; an address that does not exist counts as `none`."""

    def __init__(self, app: ASGIApp, site: Site) -> None:
        self.app = app
        self._metrics = site.metrics

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return

        async def counting_send(message: Message) -> None:
            if message["type"] == "http.response.start":
                endpoint = scope.get("endpoint")
                self._metrics.answered(getattr(endpoint, "__name__", "none"), message["status"])
            await send(message)

        await self.app(scope, receive, counting_send)
