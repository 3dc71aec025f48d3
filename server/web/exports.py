"""What a session leaves behind: the outcome document in its forms, and the log as it may be handed out."""

from __future__ import annotations

from collections.abc import AsyncIterator

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from server.core.base import MODERATOR, RAPPORTEUR
from server.hub.live import Live
from server.report.entries import entry_line
from server.report.report import FORMATS
from server.web.credentials import find_member, live_of, member_of
from server.web.headers import content_security_policy
from server.web.languages import language_of
from server.web.pages import live_page, no_entry
from server.web.site import Site, site_of

_BATCH = 1000
"""Entries that are read from the log at once."""


async def report(request: Request) -> Response:
    """`GET /api/sessions/{session}/report.{form}`: the outcome document, or its data, as a file."""
    form = request.path_params["form"]
    if form not in FORMATS:
        raise HTTPException(404)
    live = await live_of(request)
    member = await member_of(live, request, MODERATOR, RAPPORTEUR)
    site = site_of(request)
    lang = language_of(request, site.texts, person=member.language, session=live.state.session.languages)
    rendered = site.reports.render(form, live.state, lang)
    placing = "inline" if form == "html" else "attachment"
    headers = {"content-disposition": f'{placing}; filename="{live.id}.{form}"'}
    if rendered.style_source is not None:
        headers["content-security-policy"] = content_security_policy(style_source=rendered.style_source)
    return Response(rendered.body, headers=headers, media_type=rendered.media_type)


async def report_page(request: Request) -> Response:
    """`/s/{session}/report`."""
    live = await live_of(request)
    for role in (MODERATOR, RAPPORTEUR):
        member = await find_member(live, request, role)
        if member is not None and member.role in (MODERATOR, RAPPORTEUR):
            site = site_of(request)
            lang = language_of(request, site.texts, person=member.language, session=live.state.session.languages)
            fragment = site.reports.fragment(live.state, lang)
            return live_page(request, live, member, "report.html", {"report": fragment})
    return await no_entry(request, live, "report")


async def log(request: Request) -> Response:
    """`GET /api/sessions/{session}/log`: one JSON line an entry, in order, without what must stay here."""
    live = await live_of(request)
    member = await member_of(live, request, MODERATOR, RAPPORTEUR)
    headers = {"content-disposition": f'attachment; filename="{live.id}.ndjson"'}
    return StreamingResponse(
        _lines(site_of(request), live, member.role), headers=headers, media_type="application/x-ndjson"
    )


async def _lines(site: Site, live: Live, role: str) -> AsyncIterator[bytes]:
    """Give the entries that were folded when the asking began; what comes later is for the next asking."""
    last, after = live.state.seq, 0
    while after < last:
        stored = await site.log.read(live.id, after, min(_BATCH, last - after))
        if not stored:
            return
        yield b"".join(entry_line(live.state, entry, role) for entry in stored)
        after = stored[-1].seq
