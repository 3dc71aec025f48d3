"""Who is asking: the Bearer token, or one of the cookies that a browser holds per session and role.

A key opens one person in one session; the role is what the session says of that person now, never what the name of the
cookie says. One browser may hold several, for example of a moderator and of a participant to try things out.
"""

from __future__ import annotations

from starlette.requests import HTTPConnection
from starlette.responses import Response

from server.core.base import MODERATOR, PARTICIPANT, RAPPORTEUR, SCREEN
from server.core.refusals import Refusal
from server.hub.live import Live, Member
from server.web.origins import bearer, is_secure
from server.web.site import site_of

SLOTS = (MODERATOR, RAPPORTEUR, PARTICIPANT, SCREEN)
"""The roles whose cookies a browser may hold, in the order in which they are tried."""

KEPT = 14 * 24 * 3600
"""Seconds for which a browser keeps a key."""


async def live_of(conn: HTTPConnection) -> Live:
    """Return the session that the path names; `session.unknown` when there is none."""
    live = await site_of(conn).hub.live(conn.path_params["session"])
    if live is None:
        raise Refusal("session.unknown")
    return live


async def find_member(live: Live, conn: HTTPConnection, wanted: str | None) -> Member | None:
    """Return who is asking; `wanted` chooses among the cookies of one browser, its own cookie first.

    The participant's cookie opens the participant's page for whoever joined with it, even when made a moderator since.
    Nothing happens in the event loop between the judgement and the return, so the answer is true when it arrives.
    """
    token = bearer(conn.headers)
    if token is not None:
        return await live.holder(token)
    secure = is_secure(conn)
    for slot in sorted(SLOTS, key=lambda slot: slot != wanted):
        token = conn.cookies.get(cookie_name(live.id, slot, secure=secure))
        member = await live.holder(token) if token else None
        if member is None:
            continue
        if wanted in (None, member.role) or wanted == slot == PARTICIPANT:
            return member
    return None


async def member_of(live: Live, conn: HTTPConnection, *roles: str) -> Member:
    """Return who is asking; refused as `unauthorised`, or `forbidden` when `roles` are given and it is none of them."""
    member = await find_member(live, conn, wanted_role(conn))
    if member is None:
        raise Refusal("unauthorised")
    if roles and member.role not in roles:
        raise Refusal("forbidden")
    return member


def wanted_role(conn: HTTPConnection) -> str | None:
    """Return the role that `?as=` asks for, if it is one."""
    wanted = conn.query_params.get("as") if conn.scope["query_string"] else None
    return wanted if wanted in SLOTS else None


def give_cookie(conn: HTTPConnection, response: Response, session: str, role: str, token: str) -> None:
    """Let the browser keep a key, out of reach of scripts and of other sites."""
    secure = is_secure(conn)
    response.set_cookie(
        cookie_name(session, role, secure=secure),
        token,
        max_age=KEPT,
        path="/",
        secure=secure,
        httponly=True,
        samesite="lax",
    )


def cookie_name(session: str, role: str, *, secure: bool) -> str:
    """Return `baraza-{session}-{role}`; under TLS with `__Host-`, which no sub-domain and no plain connection can set."""
    return f"{'__Host-' if secure else ''}baraza-{session}-{role}"
