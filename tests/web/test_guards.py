"""Other sites, headers, cookies, sizes and types: what stands before every endpoint."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from starlette.requests import HTTPConnection

from server.web.headers import ALWAYS, content_security_policy
from server.web.limits import Budget, Guesses
from server.web.origins import is_forged, normal_origin
from tests.web.running import HOST_KEY, Running, bearer, running

OWN = "http://hall.example:8000"
ALLOWED = frozenset({"https://www.example.org:443"})


def connection(scheme: str = "http", **headers: str) -> HTTPConnection:
    """A request to `hall.example:8000` with these headers."""
    raw = [(b"host", b"hall.example:8000")]
    raw += [(name.replace("_", "-").encode(), value.encode()) for name, value in headers.items()]
    return HTTPConnection({"type": "http", "scheme": scheme, "path": "/", "headers": raw})


@pytest.mark.parametrize(
    ("headers", "forged"),
    [
        ({}, False),
        ({"cookie": "a=b"}, True),
        ({"cookie": "a=b", "sec_fetch_site": "same-origin"}, False),
        ({"cookie": "a=b", "sec_fetch_site": "none"}, False),
        ({"cookie": "a=b", "sec_fetch_site": "same-site"}, True),
        ({"cookie": "a=b", "sec_fetch_site": "cross-site"}, True),
        ({"sec_fetch_site": "cross-site"}, True),
        ({"sec_fetch_site": "cross-site", "origin": OWN}, True),
        ({"cookie": "a=b", "sec_fetch_site": "cross-site", "origin": "https://www.example.org"}, False),
        ({"cookie": "a=b", "origin": OWN}, False),
        ({"cookie": "a=b", "origin": "https://hall.example:8000"}, True),
        ({"cookie": "a=b", "origin": "http://hall.example"}, True),
        ({"cookie": "a=b", "origin": "http://evil.example"}, True),
        ({"cookie": "a=b", "origin": "null"}, True),
        ({"origin": "http://evil.example"}, True),
        ({"cookie": "a=b", "authorization": "Bearer x", "origin": "http://evil.example"}, False),
        ({"cookie": "a=b", "authorization": "Basic x", "sec_fetch_site": "cross-site"}, True),
    ],
)
def test_who_may_be_another_sites_page(headers: dict[str, str], forged: bool) -> None:
    assert is_forged(connection(**headers), ALLOWED) is forged


@pytest.mark.parametrize(
    ("text", "origin"),
    [
        ("https://Example.org", "https://example.org:443"),
        ("http://[::1]:8000", "http://[::1]:8000"),
        ("http://a.example:80", "http://a.example:80"),
        ("null", None),
        ("", None),
        ("https://example.org/", None),
        ("https://example.org/path", None),
        ("https://user@example.org", None),
        ("ftp://example.org", None),
        ("https://example.org:", None),
        ("https://exa mple.org", None),
        ("https://example.org\n", None),
    ],
)
def test_what_is_a_web_origin(text: str, origin: str | None) -> None:
    assert normal_origin(text) == origin


async def test_another_sites_page_changes_nothing(run: Running) -> None:
    session = await run.create()
    cookie = f"baraza-{session.session}-moderator={session.tokens['moderator']}"
    path = f"/api/sessions/{session.session}/commands"
    command = {"id": "1", "do": "session.open"}
    for headers in ({"Sec-Fetch-Site": "cross-site"}, {"Origin": "http://evil.example"}, {"Origin": "null"}, {}):
        answer = await run.http.post(path, json=command, headers={"Cookie": cookie, **headers})
        assert (answer.status_code, answer.json()["code"]) == (403, "forbidden"), headers
    view = await run.http.get(f"/api/sessions/{session.session}/view", headers=bearer(session.tokens["moderator"]))
    assert view.json()["docs"]["stage"]["session"]["state"] == "lobby"
    answer = await run.http.post(path, json=command, headers={"Cookie": cookie, "Sec-Fetch-Site": "same-origin"})
    assert answer.status_code == 200


async def test_every_answer_has_the_security_headers(run: Running) -> None:
    session = await run.create()
    paths = [
        "/", "/new", f"/j/{session.code}", "/j/XXXXXX", f"/j/{session.code}/qr.svg", f"/s/{session.session}",
        f"/s/{session.session}/moderator", "/s/none", "/nowhere", "/api/nowhere", "/healthz", "/readyz", "/metrics",
        f"/api/sessions/{session.session}/view", run.site.assets.url("css/base.css"), "/static/x/../../pyproject.toml",
    ]  # fmt: skip
    answers = [await run.http.get(path) for path in paths]
    answers.append(await run.http.post("/api/join", content="{", headers={"Content-Type": "application/json"}))
    answers.append(await run.http.post("/api/join", content="x" * 300_000, headers={"Content-Type": "text/plain"}))
    answers.append(await run.http.put("/api/join"))
    answers.append(await run.http.head("/"))
    for answer in answers:
        assert answer.status_code < 500, answer.url
        for name, value in ALWAYS.items():
            assert answer.headers[name] == value, (answer.url, name)
        assert answer.headers["content-security-policy"] == content_security_policy()
        if not answer.url.path.startswith("/static/") or answer.status_code != 200:
            assert answer.headers["cache-control"] == "no-store", answer.url
        assert "strict-transport-security" not in answer.headers
        assert "server" not in answer.headers


async def test_a_mistake_of_ours_has_the_headers_too_and_says_nothing(
    run: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def fail(code: str) -> str | None:
        raise ValueError("secret words")

    monkeypatch.setattr(run.site.hub, "find", fail)
    answer = await run.http.post("/api/join", json={"code": "ABCDEF", "name": "Awa"})
    assert answer.status_code == 500
    assert answer.json()["code"] == "mistake"
    assert "secret words" not in answer.text
    assert answer.headers["content-security-policy"] == content_security_policy()


async def test_under_tls_cookies_are_bound_to_the_host_and_stay_off_plain_connections(run: Running) -> None:
    """A trusted proxy (the loopback here) says that the browser used TLS."""
    session = await run.create()
    tls = {"X-Forwarded-Proto": "https", "Sec-Fetch-Site": "same-origin"}
    answer = await run.http.post("/api/join", json={"code": session.code, "name": "Awa"}, headers=tls)
    cookie = answer.headers["set-cookie"]
    assert cookie.startswith(f"__Host-baraza-{session.session}-participant=")
    for part in ("HttpOnly", "Secure", "SameSite=lax", "Path=/"):
        assert part in cookie
    assert "Domain" not in cookie
    assert answer.headers["strict-transport-security"].startswith("max-age=")
    # A plain cookie of that name may have been set by anybody on the way: under TLS it opens nothing.
    token = answer.json()["token"]
    name = f"baraza-{session.session}-participant"
    path = f"/api/sessions/{session.session}/view"
    for forged, status in ((f"{name}={token}", 401), (f"__Host-{name}={token}", 200)):
        answer = await run.http.get(path, headers={"X-Forwarded-Proto": "https", "Cookie": forged})
        assert answer.status_code == status


async def test_an_untrusted_proxy_is_not_believed(tmp_path: Path) -> None:
    async with running(tmp_path, FORWARDED_ALLOW_IPS="192.0.2.1") as run:
        session = await run.create()
        headers = {"X-Forwarded-Proto": "https", "X-Forwarded-For": "198.51.100.7"}
        answer = await run.http.post("/api/join", json={"code": session.code, "name": "Awa"}, headers=headers)
        assert answer.headers["set-cookie"].startswith("baraza-")
        assert "strict-transport-security" not in answer.headers
        run.site.guesses = Guesses(lambda: 0.0, burst=5)
        for n in range(6):  # the limiter counts the connection's own address, whatever the header says
            headers["X-Forwarded-For"] = f"198.51.100.{n}"
            answer = await run.http.post("/api/join", json={"code": "XXXXXX", "name": "Awa"}, headers=headers)
        assert answer.status_code == 429


async def test_the_cookies_of_one_browser_are_told_apart_by_role(run: Running) -> None:
    session = await run.create()
    person = await run.join(session.code)
    cookies = f"baraza-{session.session}-participant={person['token']}"
    cookies += f"; baraza-{session.session}-moderator={session.tokens['moderator']}"
    path = f"/api/sessions/{session.session}/view"
    for wish, role in (("", "moderator"), ("?as=moderator", "moderator"), ("?as=participant", "participant")):
        answer = await run.http.get(path + wish, headers={"Cookie": cookies})
        assert answer.json()["role"] == role, wish
    assert (await run.http.get(path + "?as=screen", headers={"Cookie": cookies})).status_code == 401


async def test_the_name_of_a_cookie_gives_no_role(run: Running) -> None:
    session = await run.create()
    person = await run.join(session.code)
    forged = {"Cookie": f"baraza-{session.session}-moderator={person['token']}"}
    answer = await run.http.get(f"/api/sessions/{session.session}/view?as=moderator", headers=forged)
    assert answer.status_code == 401
    assert (await run.http.get(f"/s/{session.session}/moderator", headers=forged)).status_code == 403
    answer = await run.http.post(
        f"/api/sessions/{session.session}/links", json={"role": "moderator"}, headers=bearer(person["token"])
    )
    assert answer.status_code == 403


@pytest.mark.parametrize(
    ("path", "content_type", "size", "status", "code"),
    [
        ("/api/join", "application/json", 32 * 1024 + 1, 413, "too_large"),
        ("/api/join", "application/json", 300 * 1024, 413, "too_large"),
        ("/api/join", "text/plain", 20, 422, "malformed"),
        ("/api/join", "application/x-www-form-urlencoded", 20, 422, "malformed"),
        ("/api/preview", "text/plain", 256 * 1024 + 1, 413, "too_large"),
        ("/api/preview", "text/html", 20, 422, "malformed"),
        ("/api/preview", "", 20, 422, "malformed"),
    ],
)
async def test_bodies_are_refused_by_type_and_size_before_they_are_read(
    run: Running, path: str, content_type: str, size: int, status: int, code: str
) -> None:
    for content in (b"x" * size, _chunks(size)):  # announced, and not announced
        answer = await run.http.post(path, content=content, headers={"Content-Type": content_type})
        assert (answer.status_code, answer.json()["code"]) == (status, code)


async def _chunks(size: int) -> AsyncIterator[bytes]:
    for start in range(0, size, 10_000):
        yield b"x" * min(10_000, size - start)


@pytest.mark.parametrize(
    "body",
    [
        b"", b"{", b"[]", b"null", b"\xff\xfe", b"[" * 30_000, b'{"code":1,"name":"a"}', b'{"code":"ABCDEF"}',
        b'{"code":"ABCDEF","name":"a","role":"moderator"}', b'{"code":"\xed\xa0\x80","name":"a"}', b'{"code":NaN}',
    ],
)  # fmt: skip
async def test_a_malformed_body_is_refused(run: Running, body: bytes) -> None:
    answer = await run.http.post("/api/join", content=body, headers={"Content-Type": "application/json"})
    assert (answer.status_code, answer.json()["code"]) == (422, "malformed")
    assert answer.json()["message"]


async def test_only_the_key_of_the_host_makes_sessions(run: Running) -> None:
    for key in ("wrong", HOST_KEY + "x", HOST_KEY[:-1], "Ω"):
        headers = {b"Authorization": f"Bearer {key}".encode(), b"Content-Type": b"text/plain"}
        answer = await run.http.post("/api/sessions", content="# A\n- B?\n", headers=headers)
        assert (answer.status_code, answer.json()["code"]) == (401, "host.key"), key
    run.site.host_keys = Budget(3, 1.0, lambda: 0.0)
    for _ in range(4):
        answer = await run.http.post("/api/sessions", content="x", headers=bearer("guess"))
    assert answer.status_code == 429
    await run.create()  # whoever has the key is not held up by guesses from the same address


async def test_refusals_are_said_in_the_readers_language(run: Running) -> None:
    body = {"code": "XXXXXX", "name": "Awa"}
    english = await run.http.post("/api/join", json=body, headers={"Accept-Language": "en"})
    french = await run.http.post("/api/join", json=body, headers={"Accept-Language": "fr-CA, en;q=0.5"})
    assert english.json()["code"] == french.json()["code"] == "code.unknown"
    assert english.json()["message"] != french.json()["message"]
