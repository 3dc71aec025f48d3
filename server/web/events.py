"""Server-sent events: the frames of the socket for networks that let no WebSocket through.

`id:` is the position, so a browser that comes back sends it as `Last-Event-ID` and is brought up to date by patches.
"""

from __future__ import annotations

import asyncio

from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from server.core.refusals import Refusal
from server.hub.live import Live, Member
from server.protocol import CloseCode
from server.web.credentials import live_of, member_of
from server.web.peers import EventsPeer
from server.web.site import Site, address_of, site_of
from server.web.transport import EXTENSION, HttpProtocol

KEEP_ALIVE_SECONDS = 15.0
"""A comment goes out after so much silence, so that proxies keep the stream and a vanished reader is noticed."""

MEDIA_TYPE = "text/event-stream"
_MAX_POSITION = 100


async def session_events(request: Request) -> Response:
    """`GET /api/sessions/{session}/events`: an endless answer, so a HEAD gets only its beginning."""
    site = site_of(request)
    if site.drain.begun:
        raise Refusal("busy")
    live = await live_of(request)
    member = await member_of(live, request)
    if request.method == "HEAD":
        return Response(media_type=MEDIA_TYPE)
    seen = request.headers.get("last-event-id") or request.query_params.get("seen")
    address = address_of(request)
    if not site.connections.enter(address):
        raise Refusal("busy")
    return EventStream(site, live, member, seen if seen and len(seen) <= _MAX_POSITION else None, address)


class EventStream(Response):
    """An endless response, attached to the session like a socket. It ends when the hub closes it or the worker leaves."""

    def __init__(self, site: Site, live: Live, member: Member, seen: str | None, address: str) -> None:
        headers = {"cache-control": "no-store", "x-accel-buffering": "no"}
        super().__init__(headers=headers, media_type=MEDIA_TYPE)
        del self.headers["content-length"]
        self._site = site
        self._live = live
        self._member = member
        self._seen = seen
        self._address = address

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        protocol = scope.get("extensions", {}).get(EXTENSION)
        peer = EventsPeer(protocol if isinstance(protocol, HttpProtocol) else None)
        attachment = self._live.attach(self._member, peer, self._seen)
        unlisten = self._site.drain.listen(lambda: peer.close(CloseCode.RESTART))
        gone = asyncio.create_task(_until_gone(receive, peer))
        try:
            await send({"type": "http.response.start", "status": 200, "headers": self.raw_headers})
            while (chunk := await peer.next(KEEP_ALIVE_SECONDS)) is not None:
                await send({"type": "http.response.body", "body": chunk, "more_body": True})
            await send({"type": "http.response.body", "body": b"", "more_body": False})
        finally:
            gone.cancel()
            unlisten()
            attachment.detach()
            self._site.connections.leave(self._address)


async def _until_gone(receive: Receive, peer: EventsPeer) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass
    peer.end()
