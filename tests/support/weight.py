"""What a page weighs on its first load: requests, and bytes as they came over the network, headers included.

`python -m tests.support.weight URL CODE` weighs the pages on a participant's way into a session that runs, on a phone.
"""

from __future__ import annotations

import asyncio
import sys
from collections import defaultdict
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Any
from urllib.parse import urlsplit

from playwright.async_api import Page

from tests.support.browser import running


@dataclass(frozen=True)
class Weight:
    """The answers that came over the network while a page was loaded: (path, bytes) in the order of the requests."""

    answers: tuple[tuple[str, int], ...]

    @property
    def requests(self) -> int:
        """How many there were."""
        return len(self.answers)

    @property
    def bytes(self) -> int:
        """What they weigh together."""
        return sum(size for _, size in self.answers)

    def kinds(self) -> dict[str, tuple[int, int]]:
        """Kind of file (`page` without an ending) -> requests, bytes."""
        found: defaultdict[str, list[int]] = defaultdict(list)
        for path, size in self.answers:
            found[PurePosixPath(path).suffix[1:] or "page"].append(size)
        return {kind: (len(sizes), sum(sizes)) for kind, sizes in found.items()}


async def weigh(page: Page, url: str, *, cold: bool) -> Weight:
    """Go to `url` and say what came over the network until it went quiet; `cold` forgets what the browser keeps first.

    What the browser had already, and the frames of sockets, count nothing.
    """
    session = await page.context.new_cdp_session(page)
    asked: dict[str, str] = {}
    sizes: dict[str, int] = {}

    def sent(event: dict[str, Any]) -> None:
        asked[event["requestId"]] = event["request"]["url"]

    def answered(event: dict[str, Any]) -> None:
        if event["response"].get("fromDiskCache"):
            asked.pop(event["requestId"], None)

    def kept(event: dict[str, Any]) -> None:
        asked.pop(event["requestId"], None)

    session.on("Network.requestWillBeSent", sent)
    session.on("Network.responseReceived", answered)
    session.on("Network.requestServedFromCache", kept)
    session.on("Network.loadingFinished", lambda event: sizes.update({event["requestId"]: event["encodedDataLength"]}))
    await session.send("Network.enable")
    if cold:
        await session.send("Network.clearBrowserCache")
        await page.goto("about:blank")  # what only this page remembers
        asked.clear()
    await page.goto(url, wait_until="networkidle")
    await session.detach()
    came = {key: found for key, found in asked.items() if found.startswith("http")}
    return Weight(tuple((urlsplit(found).path, sizes.get(key, 0)) for key, found in came.items()))


async def main(server: str, code: str) -> None:
    """Print requests, bytes and kinds of each page."""
    async with running() as chromium:
        context = await chromium.new_context(viewport={"width": 320, "height": 640})
        page = await context.new_page()
        for path in ("/", "/new", f"/j/{code}"):
            tell(f"{path}, cold", await weigh(page, server + path, cold=True))
        joined = await context.request.post(f"{server}/api/join", data={"code": code, "name": "Awa"})
        path = f"/s/{(await joined.json())['session']}"
        tell(f"{path}, cold", await weigh(page, server + path, cold=True))
        tell(f"{path}, again", await weigh(page, server + path, cold=False))


def tell(what: str, weight: Weight) -> None:
    """Print one line."""
    print(f"{what}: {weight.requests} requests, {weight.bytes} bytes; {weight.kinds()}")


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1].rstrip("/"), sys.argv[2]))
