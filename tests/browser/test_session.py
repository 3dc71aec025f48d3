"""A whole session through the real pages, on either log; with two workers, people who meet are served by different ones."""

from __future__ import annotations

from pathlib import Path

import httpx2
import pytest
from prometheus_client.parser import text_string_to_metric_families

from tests.browser import outcome, story
from tests.support.browser import Pages
from tests.support.redis import RedisServer
from tests.support.server import Server, serving

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]


async def play(cast: story.Cast) -> None:
    """The session from its opening to its report."""
    await story.run(cast)
    await story.speak(cast)
    await outcome.ask(cast)
    await outcome.poll(cast)
    await outcome.write(cast)
    await outcome.close(cast)
    await outcome.report(cast)


async def test_a_session_on_the_embedded_log(server: Server, browser: Pages) -> None:
    expect_closed_doors(browser)
    await play(await story.gather(browser, server.url, server.host_key))


@pytest.mark.redis
async def test_a_session_on_redis_with_two_workers(tmp_path: Path, redis_server: RedisServer, browser: Pages) -> None:
    async with serving(tmp_path) as serve:
        server = await serve(redis=redis_server.url, workers=2)
        expect_closed_doors(browser)
        cast = await story.gather(browser, server.url, server.host_key)
        await spread(server, cast)
        await play(cast)
        await browser.close()


def expect_closed_doors(browser: Pages) -> None:
    """Chromium reports every 401: the host mistypes the key once, and a role link knocks before its key is exchanged."""
    browser.expect(r"status of 401 .*/(api/sessions|s/\w+/(moderator|rapporteur|screen)#key=[\w-]+)\)$")


async def spread(server: Server, cast: story.Cast) -> None:
    """Load pages again until either worker serves some of the roles: the kernel chooses who takes a connection."""
    for _ in range(20):
        served = await served_roles(server)
        if all(served.values()):
            return
        for seat in (cast.screen, cast.bruno):
            await seat.page.reload()
            await seat.live()
    raise AssertionError(f"one worker takes all connections: {served}")


async def served_roles(server: Server) -> dict[str, set[str]]:
    """Which roles each of the two workers serves now, by its own account."""
    found: dict[str, set[str]] = {}
    while len(found) < server.workers:
        # A connection of its own for each look, so that it may meet the other worker.
        async with httpx2.AsyncClient(trust_env=False) as client:
            answer = await client.get(f"{server.url}/metrics")
        samples = [sample for family in text_string_to_metric_families(answer.text) for sample in family.samples]
        open_now = {sample.labels["role"]: sample for sample in samples if sample.name == "baraza_connections"}
        worker = samples[0].labels["worker"]
        found[worker] = {role for role, sample in open_now.items() if sample.value}
    return found
