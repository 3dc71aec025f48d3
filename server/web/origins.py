"""Whose pages may use a cookie here: origins, and the guard against requests forged by other sites.

A browser says where a request comes from, in `Sec-Fetch-Site` and in `Origin`; a program says neither and carries a
Bearer token, which no other site can make a browser send without asking first.
"""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable

from starlette.datastructures import Headers
from starlette.requests import HTTPConnection
from starlette.types import ASGIApp, Receive, Scope, Send

_ORIGIN = re.compile(r"(https?)://([a-z0-9.-]+|\[[0-9a-f:.]+\])(?::([0-9]{1,5}))?", re.IGNORECASE)
_PORTS = {"http": "80", "https": "443"}
_SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS", "TRACE"})


def normal_origin(text: str) -> str | None:
    """Return `scheme://host:port` in lower case with the port always written; None for what is no web origin (`null`)."""
    match = _ORIGIN.fullmatch(text)
    if match is None:
        return None
    scheme, host, port = match[1].lower(), match[2].lower(), match[3]
    return f"{scheme}://{host}:{port or _PORTS[scheme]}"


def own_origin(conn: HTTPConnection) -> str | None:
    """Return the origin that this request was sent to; the scheme is the proxy's word only where the proxy is trusted."""
    scheme = "https" if is_secure(conn) else "http"
    return normal_origin(f"{scheme}://{conn.headers.get('host', '')}")


def is_secure(conn: HTTPConnection) -> bool:
    """Whether the browser reached us over TLS."""
    return conn.scope["scheme"] in ("https", "wss")


def is_allowed(conn: HTTPConnection, origin: str, allowed: frozenset[str]) -> bool:
    """Whether a page of `origin` is ours or one of `allowed` (normal origins)."""
    normal = normal_origin(origin)
    return normal is not None and (normal == own_origin(conn) or normal in allowed)


def is_forged(conn: HTTPConnection, allowed: frozenset[str]) -> bool:
    """Whether an unsafe request may come from another site's page.

    A program is recognised by its Bearer token, or by having no cookie and none of the browser's headers.
    """
    if conn.headers.get("authorization", "").lower().startswith("bearer "):
        return False
    site = conn.headers.get("sec-fetch-site")
    origin = conn.headers.get("origin")
    if site in ("same-origin", "none"):
        return False
    if origin is not None:
        # An allowed origin is another site to the browser, so `Sec-Fetch-Site` alone must not refuse it.
        own = site is None and is_allowed(conn, origin, allowed)
        return not (own or normal_origin(origin) in allowed)
    return site is not None or "cookie" in conn.headers


class ForgeryGuard:
    """Refuses unsafe HTTP requests that another site may have made the browser send (OWASP's Fetch Metadata check)."""

    def __init__(
        self, app: ASGIApp, allowed: frozenset[str], refuse: Callable[[Scope, Receive, Send], Awaitable[None]]
    ) -> None:
        self.app = app
        self._allowed = allowed
        self._refuse = refuse

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        unsafe = scope["type"] == "http" and scope["method"] not in _SAFE_METHODS
        if unsafe and is_forged(HTTPConnection(scope), self._allowed):
            await self._refuse(scope, receive, send)
        else:
            await self.app(scope, receive, send)


def bearer(headers: Headers) -> str | None:
    """Return the Bearer token of a request."""
    scheme, _, token = headers.get("authorization", "").partition(" ")
    return token.strip() or None if scheme.lower() == "bearer" else None
