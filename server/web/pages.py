"""The pages: the first view of each is rendered here, complete without script; then it goes on live."""

from __future__ import annotations

from typing import Any

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from server.core import session as core_session
from server.core.base import MODERATOR, PARTICIPANT, RAPPORTEUR, SCREEN
from server.core.refusals import Refusal, status_of
from server.hub.hub import normal_code
from server.hub.live import Live, Member
from server.web.bodies import read_form
from server.web.codes import find_session, join_session
from server.web.credentials import find_member, give_cookie, live_of
from server.web.languages import language_of
from server.web.problems import message_page, page
from server.web.render import qr_markup, qr_svg
from server.web.site import site_of

_TEMPLATES = {
    PARTICIPANT: "participant.html",
    MODERATOR: "moderator.html",
    RAPPORTEUR: "rapporteur.html",
    SCREEN: "screen.html",
}
_PATHS = {PARTICIPANT: "", MODERATOR: "/moderator", RAPPORTEUR: "/rapporteur", SCREEN: "/screen"}


async def home(request: Request) -> Response:
    """`/`: enter a code, or go and make a session."""
    code = normal_code(request.query_params.get("code", ""))
    if code:
        return RedirectResponse(f"/j/{code}", status_code=303)
    return home_page(request)


def home_page(request: Request, *, error: str | None = None, code: str = "", status: int = 200) -> Response:
    """Return the page with the field for a code, perhaps with the text key of what was wrong."""
    return page(request, "home.html", {"error": error, "code": code}, status=status, public=True)


async def icon(request: Request) -> Response:
    """`/favicon.ico`: what browsers ask for where no page tells them better, as beside a file of the report."""
    return RedirectResponse(site_of(request).assets.url("icon.svg"), status_code=302)


async def new(request: Request) -> Response:
    """`/new`: make a session from an agenda."""
    return page(request, "new.html", {}, public=True)


async def join_page(request: Request) -> Response:
    """`/j/{code}`: who one is, before coming in; who is in already goes on to the session."""
    code = request.path_params["code"]
    try:
        live = await find_session(request, code)
    except Refusal as refusal:
        return _wrong_code(request, refusal, code)
    if request.method == "POST":
        return await _join(request, live)
    member = await find_member(live, request, PARTICIPANT)
    if member is not None:
        return RedirectResponse(session_path(live, PARTICIPANT), status_code=303)
    return _join_form(request, live, {})


async def _join(request: Request, live: Live) -> Response:
    """Take the form of the join page, for browsers without script."""
    form = await read_form(request)
    values = {name: form.get(name, "") for name in ("name", "group", "language")}
    site = site_of(request)
    lang = values["language"] or language_of(request, site.texts, session=live.state.session.languages)
    try:
        joined = await join_session(request, live, values["name"], values["group"] or None, lang)
    except Refusal as refusal:
        return _join_form(request, live, values, refusal)
    response = RedirectResponse(session_path(live, PARTICIPANT), status_code=303)
    give_cookie(request, response, live.id, PARTICIPANT, joined.token)
    return response


def _join_form(request: Request, live: Live, values: dict[str, str], refusal: Refusal | None = None) -> Response:
    error, status = (None, 200) if refusal is None else (f"refusal.{refusal.code}", status_of(refusal.code))
    if refusal is not None and "name" in refusal.fields:
        error = "page.join.name"
    context = {
        "code": live.code,
        "session": core_session.stage(live.state.session),
        "error": error,
        "values": {"name": "", "group": "", "language": "", **values},
    }
    languages = live.state.session.languages
    return page(request, "join.html", context, status=status, session_languages=languages, public=True)


async def join_qr(request: Request) -> Response:
    """`/j/{code}/qr.svg`: the join link as a QR code. It is made for any code, so it tells nobody which are right."""
    url = f"{site_of(request).base_url(request)}/j/{normal_code(request.path_params['code'])}"
    return Response(qr_svg(url), media_type="image/svg+xml")


async def participant(request: Request) -> Response:
    """`/s/{session}`."""
    return await _session_page(request, PARTICIPANT)


async def moderator(request: Request) -> Response:
    """`/s/{session}/moderator`."""
    return await _session_page(request, MODERATOR)


async def rapporteur(request: Request) -> Response:
    """`/s/{session}/rapporteur`."""
    return await _session_page(request, RAPPORTEUR)


async def screen(request: Request) -> Response:
    """`/s/{session}/screen`."""
    return await _session_page(request, SCREEN)


async def _session_page(request: Request, role: str) -> Response:
    live = await live_of(request)
    member = await find_member(live, request, role)
    if member is None:
        return await no_entry(request, live, role)
    return live_page(request, live, member, _TEMPLATES[role])


def live_page(
    request: Request, live: Live, member: Member, template: str, extra: dict[str, Any] | None = None
) -> Response:
    """Return a page of a session with the documents of the one who looks at it."""
    site = site_of(request)
    languages = live.state.session.languages
    lang = language_of(request, site.texts, person=member.language, session=languages)
    view = live.view(member.person)
    join_url = f"{site.base_url(request)}/j/{live.code}"
    boot = {
        "session": live.id,
        "role": view.role,
        "person": view.person,
        "at": view.at,
        "seq": view.seq,
        "now": view.now,
        "language": lang,
        "code": live.code,
        "join_url": join_url,
        "docs": view.docs,
    }
    context = {"boot": boot, "docs": view.docs, "join_url": join_url, "qr": qr_markup(join_url), **(extra or {})}
    return page(request, template, context, lang=lang, session_languages=languages)


async def no_entry(request: Request, live: Live, role: str) -> Response:
    """Say which way is right for somebody without the key of a page; every page tries the key of its link by itself."""
    if role == PARTICIPANT:
        return home_page(request, error="page.need_code", status=401)
    other = await find_member(live, request, None)
    if other is None:
        return message_page(request, f"need_key_{role}", status=401)
    way = (session_path(live, other.role), f"page.go_{other.role}")
    return message_page(request, f"need_key_{role}", status=403, action=way)


def session_path(live: Live, role: str) -> str:
    """Return the page of a role."""
    return f"/s/{live.id}{_PATHS[role]}"


def _wrong_code(request: Request, refusal: Refusal, code: str) -> Response:
    error = f"refusal.{refusal.code}"
    return home_page(request, error=error, code=normal_code(code), status=status_of(refusal.code))
