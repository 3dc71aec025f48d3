"""Everything that one page was sent: bodies of answers, frames of its sockets, and the documents they add up to."""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import Callable
from typing import Any

from playwright.async_api import Error, Page, Response, WebSocket

from tests.support.member import merged

Documents = dict[str, Any]
Frame = dict[str, Any]

BOOT = re.compile(r'<script type="application/json" id="boot">(.*?)</script>', re.DOTALL)


class Wire:
    """Listens to `page` from now on. `docs` are the documents as the last page began with them and frames changed them.

    `welcomes` counts how often a socket of the page was let in.
    """

    def __init__(self, page: Page) -> None:
        self.docs: Documents = {}
        self.welcomes = 0
        self._boot: Documents = {}
        self._frames: list[Frame] = []
        self._since = 0
        self._bodies: list[str] = []
        self._coming: list[asyncio.Task[None]] = []
        self._changed = asyncio.Event()
        page.on("websocket", lambda socket: self._socket(socket))
        page.on("response", self._response)

    async def until(self, true: Callable[[Documents], Any], within: float = 15.0) -> Documents:
        """Wait until `true(docs)` and return the documents; `AssertionError` with the documents after `within` seconds."""
        try:
            async with asyncio.timeout(within):
                while not _holds(true, self.docs):
                    self._changed.clear()
                    await self._changed.wait()
        except TimeoutError:
            raise AssertionError(f"not so within {within} s; documents: {json.dumps(self.docs)[:4000]}") from None
        return self.docs

    async def everything(self) -> str:
        """All that came so far, as text: pages, data and frames."""
        await asyncio.gather(*self._coming)
        assert self._boot, "the page of the session was not read"
        return "\n".join([*self._bodies, *map(json.dumps, self._frames)])

    def brought(self, true: Callable[[Documents], Any]) -> Frame:
        """The frame with which `true(docs)` came to hold for the first time since the page was loaded."""
        docs = dict(self._boot)
        for frame in self._frames[self._since :]:
            _apply(docs, frame)
            if _holds(true, docs):
                return frame
        raise AssertionError("no frame brought that about")

    def _response(self, response: Response) -> None:
        path = "/" + response.url.split("/", 3)[-1]
        # Files are the same for everybody and hold nothing of a session; a redirection has no body.
        if not path.startswith("/static/") and not 300 <= response.status < 400:
            self._coming.append(asyncio.create_task(self._body(response, len(self._frames))))

    async def _body(self, response: Response, since: int) -> None:
        try:
            text = (await response.body()).decode()
        except Error:
            return  # the page was left at once, as the door of a role link is; the one that stays is read
        self._bodies.append(text)
        if found := BOOT.search(text):
            self._boot = json.loads(found[1])["docs"]
            self._since = since
            self.docs = dict(self._boot)
            for frame in self._frames[since:]:
                _apply(self.docs, frame)
            self._changed.set()

    def _socket(self, socket: WebSocket) -> None:
        socket.on("framereceived", self._frame)

    def _frame(self, payload: str | bytes) -> None:
        frame: Frame = json.loads(payload)
        self._frames.append(frame)
        self.welcomes += "welcome" in frame
        _apply(self.docs, frame)
        self._changed.set()


def _apply(docs: Documents, frame: Frame) -> None:
    if welcome := frame.get("welcome"):
        if not welcome["resumed"]:
            docs.clear()
        docs.update(welcome["docs"])
    elif (name := frame.get("doc")) is not None:
        if frame.get("gone"):
            docs.pop(name, None)
        else:
            docs[name] = frame["full"] if "full" in frame else merged(docs.get(name, {}), frame["patch"])


def _holds(true: Callable[[Documents], Any], docs: Documents) -> bool:
    try:
        return bool(true(docs))
    except (KeyError, TypeError):
        return False  # a part of a document that is not there yet
