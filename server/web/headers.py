"""The security headers of every answer, whatever made it: pages, data, errors, refused handshakes."""

from __future__ import annotations

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send


def content_security_policy(*, style_source: str | None = None) -> str:
    """Return the policy: everything from here, nothing inline; `style_source` is the hash of a style that may be."""
    rules = [
        "default-src 'self'",
        "img-src 'self' data:",
        "object-src 'none'",
        "frame-ancestors 'none'",
        "base-uri 'none'",
        "form-action 'self'",
        "require-trusted-types-for 'script'",
    ]
    if style_source is not None:
        rules.append(f"style-src 'self' {style_source}")
    return "; ".join(rules)


ALWAYS = {
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "no-referrer",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), microphone=(), geolocation=()",
}

UNLESS_SET = {"cache-control": "no-store", "content-security-policy": content_security_policy()}

TRANSPORT_SECURITY = "max-age=31536000"
"""Sent under TLS only. Sub-domains are the operator's business."""


class SecurityHeaders:
    """Outermost of all, so that an answer made by the framework itself has the headers too."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] not in ("http", "websocket"):
            await self.app(scope, receive, send)
            return
        secure = scope["scheme"] in ("https", "wss")

        async def send_with_headers(message: Message) -> None:
            if message["type"] in ("http.response.start", "websocket.http.response.start"):
                headers = MutableHeaders(scope=message)
                headers.update(ALWAYS)
                for name, value in UNLESS_SET.items():
                    headers.setdefault(name, value)
                if secure:
                    headers["strict-transport-security"] = TRANSPORT_SECURITY
            await send(message)

        await self.app(scope, receive, send_with_headers)
