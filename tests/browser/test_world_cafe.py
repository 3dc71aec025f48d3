"""A world café of four tables and three rounds through the real pages, with a server that dies in the middle of it."""

from __future__ import annotations

from contextlib import AsyncExitStack
from pathlib import Path

import pytest

from tests.browser import gleanings, planning, rounds
from tests.browser.cafe import Cafe
from tests.support.browser import Pages
from tests.support.server import serving

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]


async def test_a_world_cafe_from_the_plan_to_the_report(tmp_path: Path, browser: Pages) -> None:
    # A role link knocks before its key is exchanged; a server that died is an error to Chromium, and the pages go on.
    browser.expect(r"status of 401 .*/s/\w+/(moderator|rapporteur|screen)#key=[\w-]+\)$")
    browser.expect(r"net::ERR_|WebSocket connection to .* failed")
    async with AsyncExitStack() as stack:
        serve = await stack.enter_async_context(serving(tmp_path))
        cafe = await Cafe.gathered(await serve(), browser, stack)
        await planning.plan(cafe)
        await planning.move(cafe)
        await rounds.begin(cafe)
        await rounds.write(cafe, 1)
        await rounds.rotate(cafe, 2)
        await rounds.come_late(cafe, browser)
        await rounds.write(cafe, 2)
        await rounds.crash(cafe)
        await rounds.rotate(cafe, 3)
        await rounds.write(cafe, 3)
        await rounds.recall(cafe)
        await gleanings.harvest(cafe)
        await gleanings.show(cafe)
        await gleanings.report(cafe)
        await browser.close()
