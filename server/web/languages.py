"""In which language a page speaks: `?lang=`, then the cookie, then the person's own, then what the browser asks for."""

from __future__ import annotations

from collections.abc import Sequence

from starlette.requests import HTTPConnection
from starlette.responses import Response

from server.texts import Catalogues, negotiate
from server.web.origins import is_secure

COOKIE = "baraza-language"
_YEAR = 365 * 24 * 3600


def language_of(
    conn: HTTPConnection, texts: Catalogues, *, person: str | None = None, session: Sequence[str] = ()
) -> str:
    """Return a language of the catalogues or of the session; `person` is the language that somebody chose in it."""
    offered = (*texts.languages, *(language for language in session if language not in texts.languages))
    for wish in (conn.query_params.get("lang"), conn.cookies.get(COOKIE), person):
        if wish in offered:
            return wish
    return negotiate(conn.headers.get("accept-language", ""), offered)


def keep_choice(conn: HTTPConnection, response: Response, lang: str) -> None:
    """Keep a language that was asked for by `?lang=`."""
    if conn.query_params.get("lang") == lang:
        response.set_cookie(
            COOKIE, lang, max_age=_YEAR, path="/", secure=is_secure(conn), httponly=True, samesite="lax"
        )
