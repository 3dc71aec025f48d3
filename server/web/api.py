"""The HTTP API: making a session, coming in, seeing and doing (docs/protocol.md)."""

from __future__ import annotations

import asyncio
import hmac
from collections.abc import Mapping
from typing import Annotated, Any

import msgspec
from msgspec import Meta
from starlette.requests import Request
from starlette.responses import Response

from server.core.base import MODERATOR, PARTICIPANT
from server.core.refusals import Refusal
from server.hub.hub import LINK_ROLES
from server.importer.read import Kind, read_agenda
from server.importer.remarks import AgendaError, Imported
from server.protocol.frames import read_id
from server.web.bodies import AGENDA_LIMIT, media_type, read_body, read_json, read_json_body
from server.web.codes import find_session, join_session
from server.web.credentials import give_cookie, live_of, member_of
from server.web.languages import language_of
from server.web.origins import bearer
from server.web.problems import JsonResponse, refusal_response
from server.web.site import Site, address_of, site_of

_KINDS: Mapping[str, Kind] = {
    "application/json": "json",
    "application/yaml": "yaml",
    "text/yaml": "yaml",
    "text/plain": "outline",
}


class JoinBody(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What `POST /api/join` takes."""

    code: Annotated[str, Meta(max_length=40)]
    name: Annotated[str, Meta(max_length=200)]
    group: Annotated[str, Meta(max_length=64)] | None = None
    language: Annotated[str, Meta(max_length=20)] | None = None


class EnterBody(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a role link's key is exchanged with."""

    token: Annotated[str, Meta(min_length=1, max_length=200)]


class RoleBody(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Which link gets a new key."""

    role: Annotated[str, Meta(max_length=20)]


async def create_session(request: Request) -> Response:
    """`POST /api/sessions`: the key of the host opens it, the body is an agenda."""
    site = site_of(request)
    _check_host_key(site, request)
    imported = await _read_agenda(request)
    created = await site.hub.create(imported.setup)
    base = site.base_url(request)
    lang = language_of(request, site.texts)
    links = {PARTICIPANT: f"{base}/j/{created.code}"}
    links |= {role: role_link(base, created.session, role, token) for role, token in created.tokens.items()}
    return JsonResponse(
        {
            "session": created.session,
            "code": created.code,
            "links": links,
            "tokens": created.tokens,
            "warnings": _warnings(site, imported, lang),
        },
        status_code=201,
    )


async def preview(request: Request) -> Response:
    """`POST /api/preview`: what an agenda would become; anybody may ask, not too often."""
    site = site_of(request)
    if not site.previews.spend(address_of(request)):
        raise Refusal("slow")
    imported = await _read_agenda(request)
    lang = language_of(request, site.texts)
    return JsonResponse({"agenda": imported.setup, "warnings": _warnings(site, imported, lang)})


async def join(request: Request) -> Response:
    """`POST /api/join`: a person comes in with the join code."""
    body = await read_json(request, JoinBody)
    live = await find_session(request, body.code)
    lang = body.language or language_of(request, site_of(request).texts)
    joined = await join_session(request, live, body.name, body.group, lang)
    response = JsonResponse({"session": live.id, "person": joined.person, "token": joined.token}, status_code=201)
    give_cookie(request, response, live.id, PARTICIPANT, joined.token)
    return response


async def enter(request: Request) -> Response:
    """`POST /api/sessions/{session}/enter`: the key of a role link becomes a cookie."""
    live = await live_of(request)
    body = await read_json(request, EnterBody)
    member = await live.holder(body.token)
    if member is None:
        raise Refusal("link.ended")
    response = JsonResponse({"role": member.role, "person": member.person})
    give_cookie(request, response, live.id, member.role, body.token)
    return response


async def renew_link(request: Request) -> Response:
    """`POST /api/sessions/{session}/links`: a role link gets a new key; the old one ends."""
    live = await live_of(request)
    # The body first: while a slow one arrives, the key may end.
    body = await read_json(request, RoleBody)
    member = await member_of(live, request, MODERATOR)
    if body.role not in LINK_ROLES:
        raise Refusal("invalid", role="unknown")
    token = await live.renew(body.role, member)
    link = role_link(site_of(request).base_url(request), live.id, body.role, token)
    response = JsonResponse({"role": body.role, "link": link, "token": token})
    if body.role == member.role and bearer(request.headers) is None:
        give_cookie(request, response, live.id, body.role, token)  # who renews the own link stays in
    return response


async def view(request: Request) -> Response:
    """`GET /api/sessions/{session}/view`: all documents of the one who asks."""
    live = await live_of(request)
    member = await member_of(live, request)
    return JsonResponse(live.view(member.person))


async def command(request: Request) -> Response:
    """`POST /api/sessions/{session}/commands`: one command, answered when it is durable and applied."""
    live = await live_of(request)
    # The body first: while a slow one arrives, the key may end.
    body = await read_json_body(request)
    member = await member_of(live, request)
    outcome = await live.command(member.person, body)
    if outcome.code is not None:
        return refusal_response(request, outcome.code, outcome.fields)
    done: dict[str, Any] = {"done": read_id(body), "seq": outcome.seq}
    if outcome.made is not None:
        done["made"] = outcome.made
    return JsonResponse(done)


def role_link(base: str, session: str, role: str, token: str) -> str:
    """Return the link that opens a role; the part after `#` is never sent to a server."""
    return f"{base}/s/{session}/{role}#key={token}"


def _check_host_key(site: Site, request: Request) -> None:
    """Refuse who has not the key of the host, and slow down who tries many."""
    address = address_of(request)
    given = bearer(request.headers) or ""
    if not given or not hmac.compare_digest(given.encode(), site.config.host_key.encode()):
        if given and not site.host_keys.spend(address):
            raise Refusal("slow")
        raise Refusal("host.key")


async def _read_agenda(request: Request) -> Imported:
    kind = _KINDS.get(media_type(request))
    if kind is None:
        raise Refusal("malformed", **{"content-type": ", ".join(sorted(_KINDS))})
    body = await read_body(request, AGENDA_LIMIT)
    site = site_of(request)
    texts = site.texts
    lang = language_of(request, texts)
    async with site.reading:
        try:
            return await asyncio.to_thread(read_agenda, body, kind, language=lang)
        except AgendaError as error:
            raise Refusal("invalid", **error.fields(texts, lang)) from None


def _warnings(site: Site, imported: Imported, lang: str) -> list[dict[str, Any]]:
    return [
        {"line": warning.line, "code": warning.code, "message": warning.message(site.texts, lang)}
        for warning in imported.warnings
    ]
