"""Everything that goes wrong becomes an answer: JSON with a stable code for programs, a page for people."""

from __future__ import annotations

import gzip
from collections.abc import Mapping
from typing import Any

import msgspec
from starlette.exceptions import HTTPException
from starlette.requests import HTTPConnection, Request
from starlette.responses import HTMLResponse, Response
from starlette.types import Receive, Scope, Send

from server.core.refusals import Refusal, status_of
from server.log.port import LogUnavailable
from server.web.languages import keep_choice, language_of
from server.web.site import site_of

_DATA_PATHS = ("/api/", "/ws/", "/static/", "/healthz", "/readyz", "/metrics")

_RETRY_AFTER = {"busy": "2", "slow": "5"}
"""Seconds after which the same request may succeed."""


class JsonResponse(Response):
    """A JSON body; cheaper than the framework's own, and it refuses what JSON cannot say."""

    media_type = "application/json"

    def render(self, content: Any) -> bytes:
        return msgspec.json.encode(content)


def refusal_body(conn: HTTPConnection, code: str, fields: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """Return `{"code", "message", "fields"?}`, the message in the reader's language."""
    texts = site_of(conn).texts
    message = texts.t(language_of(conn, texts), f"refusal.{code}", **(fields or {}))
    body: dict[str, Any] = {"code": code, "message": message}
    if fields:
        body["fields"] = fields
    return body


def refusal_response(conn: HTTPConnection, code: str, fields: Mapping[str, Any] | None = None) -> Response:
    """Return a refusal with the status of its code."""
    headers = {"retry-after": _RETRY_AFTER[code]} if code in _RETRY_AFTER else None
    return JsonResponse(refusal_body(conn, code, fields), status_code=status_of(code), headers=headers)


def page(
    conn: HTTPConnection,
    template: str,
    context: dict[str, Any],
    *,
    status: int = 200,
    lang: str | None = None,
    session_languages: tuple[str, ...] = (),
    public: bool = False,
) -> Response:
    """Return a rendered page in the reader's language.

    Only a `public` one is packed: a page of a session holds what is one person's beside what others wrote, and the length
    of both packed together would tell of the first (BREACH).
    """
    site = site_of(conn)
    lang = lang or language_of(conn, site.texts, session=session_languages)
    html = site.renderer.render(template, context, lang=lang, session_languages=session_languages)
    headers = {"vary": "accept-language, cookie"}
    body = html.encode()
    if public:
        headers["vary"] += ", accept-encoding"
        if "gzip" in conn.headers.get("accept-encoding", ""):
            headers["content-encoding"] = "gzip"
            body = gzip.compress(body, compresslevel=6, mtime=0)
    response = HTMLResponse(body, status_code=status, headers=headers)
    keep_choice(conn, response, lang)
    return response


def message_page(
    conn: HTTPConnection,
    key: str,
    *,
    status: int,
    body_key: str | None = None,
    variables: Mapping[str, Any] | None = None,
    action: tuple[str, str] | None = None,
) -> Response:
    """Return the page that says one thing: `page.<key>.title` and `.body`, and perhaps a way on (address, text key)."""
    url, text_key = action or ("/", "page.home")
    context = {
        "title_key": f"page.{key}.title",
        "body_key": body_key or f"page.{key}.body",
        "vars": dict(variables or {}),
        "action_url": url,
        "action_key": text_key,
    }
    return page(conn, "message.html", context, status=status)


def is_for_people(conn: HTTPConnection) -> bool:
    """Whether somebody looks at the answer, rather than a program."""
    return not conn.scope["path"].startswith(_DATA_PATHS)


async def on_refusal(conn: Request, refusal: Exception) -> Response:
    """Answer a `Refusal` that an endpoint raised."""
    assert isinstance(refusal, Refusal)  # noqa: S101  (the handler is registered for this class)
    if not is_for_people(conn):
        return refusal_response(conn, refusal.code, refusal.fields)
    if refusal.code == "session.unknown":
        return message_page(conn, "session_unknown", status=404)
    return message_page(conn, "refused", status=status_of(refusal.code), body_key=f"refusal.{refusal.code}")


async def on_unavailable(conn: Request, error: Exception) -> Response:
    """Answer while the log cannot be reached."""
    if is_for_people(conn):
        return message_page(conn, "busy", status=503, action=(conn.url.path, "page.again"))
    return refusal_response(conn, "busy")


async def on_http_error(conn: Request, error: Exception) -> Response:
    """Answer what the framework refuses: no such address, no such method."""
    assert isinstance(error, HTTPException)  # noqa: S101  (the handler is registered for this class)
    code = {404: "address.unknown", 405: "method.unknown"}.get(error.status_code, "malformed")
    if is_for_people(conn) and error.status_code == 404:
        return message_page(conn, "not_found", status=404)
    return JsonResponse(refusal_body(conn, code), status_code=error.status_code, headers=error.headers)


async def on_mistake(conn: Request, error: Exception) -> Response:
    """Answer a mistake of ours, without a word of what it was; the server logs it."""
    if is_for_people(conn):
        return message_page(conn, "mistake", status=500)
    return JsonResponse(refusal_body(conn, "mistake"), status_code=500)


async def refuse_forgery(scope: Scope, receive: Receive, send: Send) -> None:
    """Answer a request that another site may have made."""
    await refusal_response(HTTPConnection(scope), "forbidden")(scope, receive, send)


HANDLERS: Mapping[Any, Any] = {
    Refusal: on_refusal,
    LogUnavailable: on_unavailable,
    HTTPException: on_http_error,
    Exception: on_mistake,
}
