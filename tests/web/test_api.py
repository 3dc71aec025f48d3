"""The HTTP API as the protocol page has it, and the static files."""

from __future__ import annotations

import asyncio
import os
from pathlib import Path

import pytest

from server.log.port import LogUnavailable
from server.web.assets import Assets
from server.web.limits import Budget
from tests.web.running import HOST_KEY, Running, bearer, running

YAML = """\
title: Bridges
languages: [en, fr]
segments:
  - title: One
    questions:
      - text: Why not?
        seconds: 600
"""


async def test_a_session_is_made_from_yaml_json_and_outline(run: Running) -> None:
    for content_type, body in (
        ("application/yaml", YAML),
        ("application/json", '{"title": "Bridges", "segments": [{"title": "One", "questions": ["Why not?"]}]}'),
        ("text/plain; charset=utf-8", "Bridges\n\n# One\n- Why not? (10 min)\n"),
    ):
        headers = bearer(HOST_KEY) | {"Content-Type": content_type}
        answer = await run.http.post("/api/sessions", content=body, headers=headers)
        assert answer.status_code == 201, answer.text
        made = answer.json()
        assert made["links"]["participant"] == f"{run.url}/j/{made['code']}"
        assert made["links"].keys() == {"participant", "moderator", "rapporteur", "screen"}
        assert made["tokens"].keys() == {"moderator", "rapporteur", "screen"}
        assert len(set(made["tokens"].values())) == 3
        assert all(len(token) >= 32 for token in made["tokens"].values())


async def test_links_lead_to_the_public_address(tmp_path: Path) -> None:
    async with running(tmp_path, BARAZA_URL="https://baraza.example.org/") as run:
        session = await run.create()
        assert session.links["participant"] == f"https://baraza.example.org/j/{session.code}"
        # and pages of that address are our own, though the proxy that ends TLS is not trusted to say so
        headers = {
            "Origin": "https://baraza.example.org",
            "Cookie": f"baraza-{session.session}-moderator={session.tokens['moderator']}",
        }
        path = f"/api/sessions/{session.session}/commands"
        answer = await run.http.post(path, json={"id": "1", "do": "session.open"}, headers=headers)
        assert answer.status_code == 200


async def test_a_preview_says_what_was_understood_and_what_was_not(run: Running) -> None:
    outline = "Bridges\n\nSome prose about it.\n\n# One\n- Why not? (10 min)\n"
    answer = await run.http.post("/api/preview", content=outline, headers={"Content-Type": "text/plain"})
    assert answer.status_code == 200
    assert answer.json()["agenda"]["segments"][0]["questions"][0]["seconds"] == 600
    for warning in answer.json()["warnings"]:
        assert warning.keys() == {"line", "code", "message"}
    wrong = await run.http.post(
        "/api/preview", content="title: x\nsegmens: []\n", headers={"Content-Type": "application/yaml"}
    )
    assert (wrong.status_code, wrong.json()["code"]) == (422, "invalid")
    assert wrong.json()["fields"]


async def test_previews_are_limited_per_address(run: Running) -> None:
    run.site.previews = Budget(3, 1.0, lambda: 0.0)
    headers = {"Content-Type": "text/plain"}
    answers = [await run.http.post("/api/preview", content="# A\n- B?\n", headers=headers) for _ in range(4)]
    assert [answer.status_code for answer in answers] == [200, 200, 200, 429]


async def test_a_command_answers_with_its_outcome_and_a_repeat_with_the_same(run: Running) -> None:
    session = await run.create()
    path = f"/api/sessions/{session.session}/commands"
    headers = bearer(session.tokens["moderator"])
    poll = {"id": "p1", "do": "poll.create", "kind": "single", "prompt": "Yes?", "options": ["a", "b"]}
    first = await run.http.post(path, json=poll, headers=headers)
    again = await run.http.post(path, json=poll, headers=headers)
    assert first.status_code == 200
    assert first.json().keys() == {"done", "seq", "made"}
    assert first.json() == again.json()
    for command, status, code in (
        ({"id": "2", "do": "poll.close", "poll": first.json()["made"]}, 409, "poll.not_open"),
        ({"id": "3", "do": "poll.open", "poll": "nope"}, 404, "poll.unknown"),
        ({"id": "4", "do": "no.such"}, 422, "command.unknown"),
        ({"id": "5", "do": "announce"}, 422, "invalid"),
    ):
        answer = await run.http.post(path, json=command, headers=headers)
        assert (answer.status_code, answer.json()["code"]) == (status, code)
        assert answer.json()["message"]
    assert (await run.http.post(path, json=poll)).status_code == 401
    person = await run.join(session.code)
    answer = await run.http.post(path, json=poll, headers=bearer(person["token"]))
    assert (answer.status_code, answer.json()["code"]) == (403, "forbidden")


async def test_a_view_has_the_documents_of_the_one_who_asks(run: Running) -> None:
    session = await run.create()
    person = await run.join(session.code)
    path = f"/api/sessions/{session.session}/view"
    view = (await run.http.get(path, headers=bearer(person["token"]))).json()
    assert view.keys() == {"at", "seq", "now", "role", "person", "docs"}
    assert view["docs"].keys() == {"stage", "me"}
    assert view["person"] == person["person"]
    assert (await run.http.get(path)).json()["code"] == "unauthorised"
    assert (await run.http.get("/api/sessions/none/view")).json()["code"] == "session.unknown"


async def test_a_join_is_refused_with_the_field_to_blame(run: Running) -> None:
    session = await run.create()
    for body, code, field in (
        ({"name": " "}, "invalid", "name"),
        ({"name": "Awa", "group": "nobody"}, "group.unknown", "group"),
    ):
        answer = await run.http.post("/api/join", json={"code": session.code, **body})
        assert (answer.status_code, answer.json()["code"]) == (422, code)
        assert field in answer.json()["fields"]


async def test_readiness_follows_the_log_and_the_drain(run: Running, monkeypatch: pytest.MonkeyPatch) -> None:
    ready = await run.http.get("/readyz")
    assert ready.status_code == 200
    assert "SQLite" in ready.json()["durability"]

    async def broken() -> None:
        raise LogUnavailable("gone")

    with monkeypatch.context() as patched:
        patched.setattr(run.site.log, "ready", broken)
        assert (await run.http.get("/readyz")).json() == {"ready": False, "why": "log"}
    run.site.drain.begin()
    answer = await run.http.get("/readyz")
    assert (answer.status_code, answer.json()) == (503, {"ready": False, "why": "draining"})
    assert (await run.http.get("/healthz")).status_code == 200


async def test_many_who_ask_for_readiness_at_once_cost_one_commit(
    run: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = 0
    ready = asyncio.Event()

    async def slow() -> None:
        nonlocal asked
        asked += 1
        await ready.wait()

    monkeypatch.setattr(run.site.log, "ready", slow)
    asking = [asyncio.create_task(run.site.ready()) for _ in range(5)]
    await asyncio.sleep(0)
    ready.set()
    await asyncio.gather(*asking)
    assert asked == 1
    await run.site.ready()
    assert asked == 2


async def test_while_the_log_is_gone_the_answer_is_busy(run: Running, monkeypatch: pytest.MonkeyPatch) -> None:
    async def gone(code: str) -> str | None:
        raise LogUnavailable("gone")

    monkeypatch.setattr(run.site.hub, "find", gone)
    answer = await run.http.post("/api/join", json={"code": "ABCDEF", "name": "Awa"})
    assert (answer.status_code, answer.json()["code"]) == (503, "busy")
    assert "retry-after" in answer.headers
    page = await run.http.get("/j/ABCDEF")
    assert page.status_code == 503
    assert page.headers["content-type"].startswith("text/html")


async def test_metrics_name_the_worker_and_nobody(run: Running) -> None:
    session = await run.create()
    person = await run.join(session.code, "Wangari")
    await run.http.get("/nowhere/at/all")
    text = (await run.http.get("/metrics")).text
    for name in ("baraza_sessions", "baraza_connections", "baraza_entries_total", "baraza_http_answers_total"):
        assert f"# TYPE {name}" in text
    assert f'route="join",status="201",worker="{run.site.config.worker}"' in text
    assert 'route="none",status="404"' in text
    for secret in (session.session, session.code, person["person"], "Wangari", "127.0.0.1", "nowhere"):
        assert secret not in text


async def test_static_files_are_kept_for_ever_under_their_version(run: Running) -> None:
    url = run.site.assets.url("css/base.css")
    answer = await run.http.get(url, headers={"Accept-Encoding": "gzip"})
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "text/css; charset=utf-8"
    assert answer.headers["content-encoding"] == "gzip"
    assert "immutable" in answer.headers["cache-control"]
    plain = await run.http.get(url, headers={"Accept-Encoding": "identity"})
    assert "content-encoding" not in plain.headers
    assert plain.content == answer.content
    old = await run.http.get("/static/000000000000/css/base.css")
    assert (old.status_code, old.headers["cache-control"]) == (200, "no-cache")
    again = await run.http.get(url, headers={"If-None-Match": answer.headers["etag"]})
    assert again.status_code == 304
    for outside in (
        "..%2fpyproject.toml",
        "%2e%2e%2fpyproject.toml",
        "css",
        "js/live/types.d.ts",
        "css%2f..%2f..%2fREADME.md",
    ):
        assert (await run.http.get(f"/static/{run.site.assets.version}/{outside}")).status_code == 404, outside


def test_a_changed_file_changes_the_version(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("server.web.assets._CHECK_EVERY", 0.0)
    file = tmp_path / "a.js"
    file.write_text("1")
    (tmp_path / "secret.pem").write_text("key")
    assets = Assets(tmp_path)
    before = assets.version
    assert assets.version == before
    file.write_text("2")
    os.utime(file, ns=(1, 1))
    assert assets.version != before
    assert assets.url("a.js") == f"/static/{assets.version}/a.js"
    assert assets.get("secret.pem") is None
    file.unlink()
    assert assets.version
    assert assets.get("a.js") is None
