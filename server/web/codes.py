"""From a join code to its session and into it, with the guessing of codes and the number of joins limited."""

from __future__ import annotations

from starlette.requests import HTTPConnection

from server.core.refusals import Refusal
from server.hub.hub import normal_code
from server.hub.live import Joined, Live
from server.web.site import address_of, site_of


async def find_session(conn: HTTPConnection, text: str) -> Live:
    """Return the session that a join code opens; `code.unknown` for every wrong one alike, `slow` for who guesses."""
    site = site_of(conn)
    address = address_of(conn)
    code = normal_code(text)
    if not site.guesses.may_try(address, code):
        site.metrics.code_blocked()
        raise Refusal("slow")
    session = await site.hub.find(code)
    live = await site.hub.live(session) if session is not None else None
    if live is None:
        site.guesses.was_wrong(address)
        site.metrics.code_wrong()
        raise Refusal("code.unknown")
    site.guesses.was_right(address, code)
    return live


async def join_session(conn: HTTPConnection, live: Live, name: str, group: str | None, language: str) -> Joined:
    """Let somebody in; `slow` when too many came from the same address, for each is a voter and a line in the log."""
    if not site_of(conn).joins.spend(address_of(conn)):
        raise Refusal("slow")
    return await live.join(name, group, language)
