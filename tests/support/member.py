"""One member's socket, written from the protocol page: it keeps the documents up to date and the fate of its commands."""

from __future__ import annotations

import asyncio
import itertools
import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

import msgspec
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed
from websockets.typing import Subprotocol

Documents = dict[str, Any]

_counter = itertools.count(1)


class Done(msgspec.Struct, frozen=True):
    """A command that is durable and applied at `seq`; `made` is the id of what it made."""

    id: str
    seq: int
    made: str | None = None


class Refused(Exception):
    """A command that was refused: its code, for people a message, and the fields it is about."""

    def __init__(self, code: str, message: str, fields: dict[str, Any] | None = None) -> None:
        super().__init__(f"{code}: {message}")
        self.code = code
        self.message = message
        self.fields = fields or {}


def merged(target: Any, patch: Any) -> Any:
    """`target` with the JSON Merge Patch (RFC 7396) applied; neither is changed."""
    if not isinstance(patch, dict):
        return patch
    old = target if isinstance(target, dict) else {}
    changed = {key: merged(old.get(key), value) for key, value in patch.items() if value is not None}
    return {key: value for key, value in old.items() if key not in patch} | changed


class Member:
    """A connected member. `docs` holds the newest documents, `frames` every frame that came, in order.

    `at` is the position that the last document frame named: that of a client which came back now.
    """

    def __init__(self, socket: ClientConnection, welcome: dict[str, Any], known: Documents) -> None:
        self.socket = socket
        self.welcome = welcome
        self.at: str = welcome["at"]
        self.docs: Documents = (known if welcome["resumed"] else {}) | welcome["docs"]
        self.frames: list[dict[str, Any]] = []
        self.close_code: int | None = None
        self._fates: dict[str, asyncio.Future[Done]] = {}
        self._changed = asyncio.Event()
        self._reader = asyncio.create_task(self._read())

    async def send(self, do: str, /, *, id: str | None = None, **fields: Any) -> Done:  # noqa: A002
        """Send a command and wait for its fate: `Done`, or `Refused` raised; `ConnectionError` when the socket ends first.

        `id` repeats an earlier command; without it the command gets one of its own.
        """
        ident = id or f"t{next(_counter)}"
        fate = self._fates.setdefault(ident, asyncio.get_running_loop().create_future())
        try:
            await self.socket.send(json.dumps({"id": ident, "do": do, **fields}))
        except ConnectionClosed as closed:
            self._fates.pop(ident, None)
            raise ConnectionError(f"the socket closed before {do} was sent") from closed
        return await fate

    async def until(self, true: Callable[[Documents], Any], within: float = 15.0) -> Documents:
        """Wait until `true(docs)`, and return the documents; `AssertionError` with the documents after `within` seconds."""
        try:
            async with asyncio.timeout(within):
                while not _holds(true, self.docs):
                    self._changed.clear()
                    if self.close_code is not None:
                        raise AssertionError(f"closed with {self.close_code} while waiting; documents: {self.docs}")
                    await self._changed.wait()
        except TimeoutError:
            raise AssertionError(f"not so within {within} s; documents: {json.dumps(self.docs)[:4000]}") from None
        return self.docs

    async def closed(self, within: float = 15.0) -> int:
        """Wait for the end of the socket and return its close code (1006 when it just broke)."""
        async with asyncio.timeout(within):
            await asyncio.shield(self._reader)
        assert self.close_code is not None
        return self.close_code

    async def leave(self) -> None:
        """Close the socket; harmless when it is closed."""
        await self.socket.close()
        await self._reader

    async def _read(self) -> None:
        try:
            async for payload in self.socket:
                self._take(json.loads(payload))
        except ConnectionClosed:
            pass  # a server that was killed sends no close frame; the code below says 1006
        self.close_code = self.socket.close_code or 1006
        for ident, fate in self._fates.items():
            fate.set_exception(ConnectionError(f"the socket closed ({self.close_code}) before the fate of {ident}"))
            fate.exception()  # nobody may be waiting for it any more
        self._fates.clear()
        self._changed.set()

    def _take(self, frame: dict[str, Any]) -> None:
        self.frames.append(frame)
        if (name := frame.get("doc")) is not None:
            if frame.get("gone"):
                self.docs.pop(name, None)
            else:
                self.docs[name] = frame["full"] if "full" in frame else merged(self.docs.get(name), frame["patch"])
                self.at = frame["at"]
            self._changed.set()
        elif "done" in frame:
            if fate := self._fates.pop(frame["done"], None):
                fate.set_result(Done(frame["done"], frame["seq"], frame.get("made")))
        elif "refused" in frame and (fate := self._fates.pop(frame["refused"], None)):
            fate.set_exception(Refused(frame["code"], frame["message"], frame.get("fields")))


def _holds(true: Callable[[Documents], Any], docs: Documents) -> bool:
    try:
        return bool(true(docs))
    except (KeyError, TypeError):
        return False  # a part of a document that is not there yet


@asynccontextmanager
async def connected(url: str, token: str, *, seen: Member | None = None, **options: Any) -> AsyncIterator[Member]:
    """Open a socket at `url` with a Bearer token, say hello, and give the member; close it at the end.

    `seen` is the member as it was before the cut: its position is offered and its documents are kept if the server
    says so. `options` are those of `websockets.asyncio.client.connect`.
    """
    headers = {"Authorization": f"Bearer {token}"}
    async with connect(
        url,
        subprotocols=[Subprotocol("baraza.v1")],
        additional_headers=headers,
        compression=None,
        proxy=None,
        max_size=None,
        **options,
    ) as socket:
        await socket.send(json.dumps({"hello": {"seen": seen.at} if seen else {}}))
        first = json.loads(await socket.recv())
        member = Member(socket, first["welcome"], dict(seen.docs) if seen else {})
        try:
            yield member
        finally:
            await member.leave()
