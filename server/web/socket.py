"""The socket endpoint: admit, wait for the hello, then carry bytes between the transport and the hub. No decisions.

Everything is judged before the handshake is accepted. A program learns of a refusal by its HTTP status. A browser's script
never sees that status, only a failed connection that it would try again, so where a page of an allowed origin asks with
a key that opens nothing (or none, or for no session), the handshake is accepted and closed at once with the code that
says to stop. A handshake from a foreign origin is never accepted.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from functools import partial

from starlette.types import Message
from starlette.websockets import WebSocket

from server.core.refusals import Refusal
from server.hub.attachment import Attachment
from server.hub.live import Live, Member
from server.log.port import LogUnavailable
from server.protocol import CloseCode, parse_hello
from server.protocol.frames import SUBPROTOCOL, Hello
from server.protocol.limits import HELLO_SECONDS
from server.web.credentials import find_member, live_of, wanted_role
from server.web.origins import bearer, is_allowed
from server.web.peers import AsgiPeer, SocketPeer
from server.web.problems import refusal_response
from server.web.site import address_of, site_of
from server.web.transport import EXTENSION, SocketProtocol

GOODBYE_SECONDS = 5.0
"""How long a socket on plain ASGI may take to answer our close."""


async def session_socket(websocket: WebSocket) -> None:
    """`/ws/{session}`: the whole life of one socket."""
    site = site_of(websocket)
    origin = websocket.headers.get("origin")
    try:
        _check_origin(websocket, origin)
        if site.drain.begun:
            raise Refusal("busy")
        live, member = await _admit(websocket)
    except LogUnavailable:
        await _deny(websocket, Refusal("busy"))
        return
    except Refusal as refusal:
        code = _STOP_CODES.get(refusal.code)
        if origin is not None and code is not None:
            await websocket.accept(subprotocol=_subprotocol(websocket))
            await websocket.close(code)
        else:
            await _deny(websocket, refusal)
        return
    address = address_of(websocket)
    if not site.connections.enter(address):
        await _deny(websocket, Refusal("busy"))
        return
    leave = partial(site.connections.leave, address)
    taken = False
    try:
        taken = await _serve(websocket, live, member, leave)
    finally:
        if not taken:
            leave()


_STOP_CODES = {"unauthorised": CloseCode.UNAUTHORISED, "session.unknown": CloseCode.UNKNOWN_SESSION}


def _check_origin(websocket: WebSocket, origin: str | None) -> None:
    """Refuse pages of other sites; without an Origin it is no browser, and then only a Bearer token counts."""
    if origin is None:
        if bearer(websocket.headers) is None:
            raise Refusal("forbidden")
    elif not is_allowed(websocket, origin, site_of(websocket).allowed_origins):
        raise Refusal("forbidden")


async def _admit(websocket: WebSocket) -> tuple[Live, Member]:
    """Return the session and who asks for it."""
    live = await live_of(websocket)
    member = await find_member(live, websocket, wanted_role(websocket))
    if member is None:
        raise Refusal("unauthorised")
    return live, member


def _subprotocol(websocket: WebSocket) -> str | None:
    return SUBPROTOCOL if SUBPROTOCOL in websocket.scope["subprotocols"] else None


async def _deny(websocket: WebSocket, refusal: Refusal) -> None:
    if "websocket.http.response" in websocket.scope.get("extensions", {}):
        await websocket.send_denial_response(refusal_response(websocket, refusal.code, refusal.fields))
    else:
        await websocket.close()


async def _serve(websocket: WebSocket, live: Live, member: Member, leave: Callable[[], None]) -> bool:
    """Accept, wait for the hello, and carry bytes; say whether the connection lives on without this call, and ends with `leave`."""
    subprotocol = _subprotocol(websocket)
    await websocket.accept(subprotocol=subprotocol)
    hello = await _hello(websocket) if subprotocol is not None else CloseCode.PROTOCOL
    if hello is None:
        return False
    if isinstance(hello, CloseCode):
        await websocket.close(hello)
        return False
    if live.lost:
        # The log went back while the hello was on its way: whoever comes back meets what it has now.
        await websocket.close(CloseCode.RESTART)
        return False
    protocol = websocket.scope.get("extensions", {}).get(EXTENSION)
    if isinstance(protocol, SocketProtocol):
        attachment = live.attach(member, SocketPeer(protocol), hello.seen)
        protocol.take_over(attachment.receive, partial(_end, attachment, leave))
        return True
    await _run_plain(websocket, live, member, hello)
    return False


def _end(attachment: Attachment, leave: Callable[[], None]) -> None:
    attachment.detach()
    leave()


async def _hello(websocket: WebSocket) -> Hello | CloseCode | None:
    """Return the hello, the code to close with instead, or None when the client has gone."""
    try:
        async with asyncio.timeout(HELLO_SECONDS):
            message = await websocket.receive()
    except TimeoutError:
        return CloseCode.NO_HELLO
    if message["type"] == "websocket.disconnect":
        return None
    return parse_hello(_payload(message)) or CloseCode.PROTOCOL


def _payload(message: Message) -> bytes:
    data = message.get("bytes")
    return data if isinstance(data, bytes) else str(message["text"]).encode()


async def _run_plain(websocket: WebSocket, live: Live, member: Member, hello: Hello) -> None:
    """On any ASGI server: one task sends, one receives; the end of either is the end of both."""
    peer = AsgiPeer(websocket)
    attachment = live.attach(member, peer, hello.seen)
    sender = asyncio.create_task(peer.run())
    receiver = asyncio.create_task(_receive(websocket, attachment))
    peer.on_abort(sender.cancel)
    try:
        await asyncio.wait((sender, receiver), return_when=asyncio.FIRST_COMPLETED)
        if not receiver.done() and not sender.cancelled():
            await asyncio.wait((receiver,), timeout=GOODBYE_SECONDS)
    finally:
        attachment.detach()
        sender.cancel()
        receiver.cancel()
        await asyncio.gather(sender, receiver, return_exceptions=True)


async def _receive(websocket: WebSocket, attachment: Attachment) -> None:
    while (message := await websocket.receive())["type"] != "websocket.disconnect":
        attachment.receive(_payload(message))
