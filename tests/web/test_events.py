"""Server-sent events carry the frames of the socket, and end when they must."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from server.hub.peer import Batch
from server.web import events
from server.web.peers import EventsPeer
from tests.web.running import Running, bearer, running


async def frames(lines: AsyncIterator[str]) -> AsyncIterator[tuple[str, dict[str, Any]]]:
    """Parse the lines of a stream into (id, data)."""
    ident = ""
    async for line in lines:
        if line.startswith("id: "):
            ident = line[4:]
        elif line.startswith("data: "):
            yield ident, json.loads(line[6:])


async def test_a_stream_begins_with_the_welcome_and_goes_on_with_patches(run: Running) -> None:
    session = await run.create()
    headers = bearer(session.tokens["moderator"])
    path = f"/api/sessions/{session.session}"
    async with run.http.stream("GET", f"{path}/events", headers=headers) as answer:
        assert answer.status_code == 200
        assert answer.headers["content-type"].startswith("text/event-stream")
        assert answer.headers["x-accel-buffering"] == "no"
        stream = frames(answer.aiter_lines())
        ident, first = await anext(stream)
        assert first["welcome"]["at"] == ident
        done = await run.http.post(f"{path}/commands", json={"id": "1", "do": "session.open"}, headers=headers)
        assert done.json() == {"done": "1", "seq": 2}
        async for ident, frame in stream:  # noqa: B007  (it is where the next stream begins)
            if frame.get("doc") == "stage" and "session" in frame["patch"]:
                assert frame["patch"]["session"]["state"] == "live"
                break
    await run.http.post(f"{path}/commands", json={"id": "2", "do": "announce", "text": "Hello"}, headers=headers)
    async with run.http.stream("GET", f"{path}/events", headers={**headers, "Last-Event-ID": ident}) as answer:
        stream = frames(answer.aiter_lines())
        at, again = await anext(stream)
        assert (again["welcome"]["resumed"], again["welcome"]["docs"], at) == (True, {}, ident)
        at, frame = await anext(stream)
        assert frame["patch"]["announcement"]["text"] == {"en": "Hello"}
        assert at == frame["at"] or frame["at"] == ""
    async with run.http.stream("GET", f"{path}/events?seen={'9' * 500}", headers=headers) as answer:
        _, again = await anext(frames(answer.aiter_lines()))
        assert again["welcome"]["resumed"] is False


async def test_a_reader_who_left_is_let_go(run: Running) -> None:
    session = await run.create()
    headers = bearer(session.tokens["screen"])
    async with run.http.stream("GET", f"/api/sessions/{session.session}/events", headers=headers) as answer:
        await anext(frames(answer.aiter_lines()))
        assert run.site.connections.total == 1
    async with asyncio.timeout(5):
        while run.site.connections.total or run.site.hub.stats().connections.get("screen"):
            await asyncio.sleep(0.01)


async def test_a_stream_is_for_members(run: Running) -> None:
    session = await run.create()
    answer = await run.http.get(f"/api/sessions/{session.session}/events")
    assert (answer.status_code, answer.json()["code"]) == (401, "unauthorised")
    answer = await run.http.head(f"/api/sessions/{session.session}/events", headers=bearer(session.tokens["screen"]))
    assert answer.status_code == 200


async def test_a_stop_ends_streams_at_once_and_says_when_to_come_back(tmp_path: Path) -> None:
    async with running(tmp_path) as run:
        session = await run.create()
        headers = bearer(session.tokens["screen"])
        async with run.http.stream("GET", f"/api/sessions/{session.session}/events", headers=headers) as answer:
            lines = answer.aiter_lines()
            await anext(frames(lines))
            began = asyncio.get_running_loop().time()
            run.server.should_exit = True
            rest = "\n".join([line async for line in lines])
        assert 'event: close\ndata: {"close":1012}' in rest
        assert "retry: " in rest
        assert run.site.drain.begun
        await run.stop()
        assert asyncio.get_running_loop().time() - began < 3


async def test_a_removed_person_hears_it(run: Running) -> None:
    session = await run.create()
    person = await run.join(session.code)
    path = f"/api/sessions/{session.session}"
    async with run.http.stream("GET", f"{path}/events", headers=bearer(person["token"])) as answer:
        lines = answer.aiter_lines()
        await anext(frames(lines))
        command = {"id": "1", "do": "person.remove", "person": person["person"]}
        await run.http.post(f"{path}/commands", json=command, headers=bearer(session.tokens["moderator"]))
        rest = "\n".join([line async for line in lines])
    assert 'data: {"close":4001}' in rest


async def test_silence_is_broken_by_a_comment(run: Running, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(events, "KEEP_ALIVE_SECONDS", 0.1)
    session = await run.create()
    headers = bearer(session.tokens["screen"])
    async with run.http.stream("GET", f"/api/sessions/{session.session}/events", headers=headers) as answer:
        async for line in answer.aiter_lines():
            if line.startswith(":"):
                break
        else:
            pytest.fail("the stream ended")


async def test_a_stream_whose_reader_stalls_is_cut_at_its_bound() -> None:
    peer = EventsPeer(None, limit=1000)
    for _ in range(10):
        peer.send([Batch([b"x" * 200])])
    assert peer.ended
    assert peer.buffered == 0
    assert await peer.next(1) is None
