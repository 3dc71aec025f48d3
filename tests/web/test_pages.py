"""The pages: who gets which, in which language, and what somebody reads who came by the wrong way."""

from __future__ import annotations

import asyncio
import json
import re

import pytest

from server.texts import Catalogues, resource
from server.web.pages import _TEMPLATES
from tests.web.running import Running, bearer

TEXTS = Catalogues.load(resource("static") / "locales", strict=True)


def boot_of(html: str) -> dict[str, object]:
    """Return what a page gives its script."""
    found = re.search(r'<script type="application/json" id="boot">(.*?)</script>', html, re.DOTALL)
    assert found is not None
    boot: dict[str, object] = json.loads(found[1])
    return boot


def cookie(session: str, role: str, token: str) -> dict[str, str]:
    return {"Cookie": f"baraza-{session}-{role}={token}"}


@pytest.mark.parametrize("role", ["moderator", "rapporteur", "screen"])
async def test_a_role_page_opens_with_the_cookie_of_its_role(run: Running, role: str) -> None:
    session = await run.create()
    page = f"/s/{session.session}/{role}"
    answer = await run.http.get(page, headers=cookie(session.session, role, session.tokens[role]))
    assert answer.status_code == 200, answer.text
    boot = boot_of(answer.text)
    assert boot["role"] == role
    assert boot["code"] == session.code
    assert boot["join_url"] == session.links["participant"]
    assert session.tokens[role] not in answer.text


async def test_the_key_of_a_link_becomes_a_cookie_that_opens_the_page(run: Running) -> None:
    session = await run.create()
    link = session.links["rapporteur"]
    path, _, key = link.removeprefix(run.url).partition("#key=")
    assert (await run.http.get(path)).status_code == 401
    answer = await run.http.post(
        f"/api/sessions/{session.session}/enter", json={"token": key}, headers={"Origin": run.url}
    )
    assert answer.json()["role"] == "rapporteur"
    given = answer.headers["set-cookie"].partition(";")[0]
    assert (await run.http.get(path, headers={"Cookie": given})).status_code == 200
    refused = await run.http.post(f"/api/sessions/{session.session}/enter", json={"token": "x" * 32})
    assert (refused.status_code, refused.json()["code"]) == (401, "link.ended")


async def test_a_renewed_link_ends_the_old_one(run: Running) -> None:
    session = await run.create()
    path = f"/api/sessions/{session.session}"
    old = bearer(session.tokens["screen"])
    answer = await run.http.post(f"{path}/links", json={"role": "screen"}, headers=bearer(session.tokens["moderator"]))
    new = answer.json()["token"]
    assert answer.json()["link"] == f"{run.url}/s/{session.session}/screen#key={new}"
    assert (await run.http.get(f"{path}/view", headers=old)).status_code == 401
    assert (await run.http.get(f"{path}/view", headers=bearer(new))).status_code == 200
    for role in ("participant", "host", ""):
        answer = await run.http.post(f"{path}/links", json={"role": role}, headers=bearer(session.tokens["moderator"]))
        assert answer.status_code == 422


@pytest.mark.parametrize(
    ("path", "body"), [("links", b'{"role":"moderator"}'), ("commands", b'{"id":"1","do":"session.open"}')]
)
async def test_a_key_that_ends_while_a_slow_body_arrives_does_nothing_more(
    run: Running, path: str, body: bytes
) -> None:
    session = await run.create()
    old = session.tokens["moderator"]
    reader, writer = await asyncio.open_connection("127.0.0.1", run.port)
    head = f"POST /api/sessions/{session.session}/{path} HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer {old}\r\n"
    head += f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\nConnection: close\r\n\r\n"
    writer.write(head.encode() + body[:5])
    await writer.drain()
    answer = await run.http.post(
        f"/api/sessions/{session.session}/links", json={"role": "moderator"}, headers=bearer(old)
    )
    assert answer.status_code == 200
    writer.write(body[5:])
    assert (await reader.read()).startswith(b"HTTP/1.1 401")
    writer.close()
    await writer.wait_closed()


async def test_a_moderator_in_a_browser_who_renews_the_own_link_stays_in(run: Running) -> None:
    session = await run.create()
    headers = cookie(session.session, "moderator", session.tokens["moderator"]) | {"Sec-Fetch-Site": "same-origin"}
    answer = await run.http.post(f"/api/sessions/{session.session}/links", json={"role": "moderator"}, headers=headers)
    given = answer.headers["set-cookie"].partition(";")[0]
    page = await run.http.get(f"/s/{session.session}/moderator", headers={"Cookie": given})
    assert page.status_code == 200


async def test_joining_works_without_script(run: Running) -> None:
    session = await run.create()
    form = await run.http.get(f"/j/{session.code}")
    assert form.status_code == 200
    assert f'action="/j/{session.code}"' in form.text
    headers = {"Origin": run.url}
    answer = await run.http.post(f"/j/{session.code}", data={"name": "Awa <b>", "language": "en"}, headers=headers)
    assert (answer.status_code, answer.headers["location"]) == (303, f"/s/{session.session}")
    given = answer.headers["set-cookie"].partition(";")[0]
    page = await run.http.get(f"/s/{session.session}", headers={"Cookie": given})
    assert page.status_code == 200
    assert boot_of(page.text)["role"] == "participant"
    assert "Awa <b>" not in page.text
    again = await run.http.get(f"/j/{session.code}", headers={"Cookie": given})
    assert (again.status_code, again.headers["location"]) == (303, f"/s/{session.session}")


async def test_a_join_that_is_refused_shows_the_form_again_with_what_was_typed(run: Running) -> None:
    session = await run.create()
    headers = {"Origin": run.url, "Accept-Language": "en"}
    answer = await run.http.post(f"/j/{session.code}", data={"name": "  "}, headers=headers)
    assert answer.status_code == 422
    assert TEXTS.t("en", "page.join.name") in answer.text
    answer = await run.http.post(f"/j/{session.code}", data={"name": "Zawadi", "group": "nobody"}, headers=headers)
    assert answer.status_code == 422
    assert 'value="Zawadi"' in answer.text


async def test_home_takes_a_code_and_leads_on(run: Running) -> None:
    session = await run.create()
    answer = await run.http.get("/", params={"code": f" {session.code.lower()} "})
    assert (answer.status_code, answer.headers["location"]) == (303, f"/j/{session.code}")
    assert (await run.http.get("/")).status_code == 200


async def test_a_wrong_code_shows_the_field_again(run: Running) -> None:
    answer = await run.http.get("/j/XXXXXX", headers={"Accept-Language": "en"})
    assert answer.status_code == 404
    assert 'value="XXXXXX"' in answer.text


async def test_the_qr_code_is_made_for_any_code_and_tells_nothing(run: Running) -> None:
    session = await run.create()
    right = await run.http.get(f"/j/{session.code}/qr.svg")
    wrong = await run.http.get("/j/XXXXXX/qr.svg")
    assert right.status_code == wrong.status_code == 200
    assert right.headers["content-type"] == wrong.headers["content-type"] == "image/svg+xml"
    assert right.text.startswith("<svg")


async def test_without_a_key_each_page_says_which_way_is_right(run: Running) -> None:
    session = await run.create()
    english = {"Accept-Language": "en"}
    answer = await run.http.get(f"/s/{session.session}", headers=english)
    assert answer.status_code == 401
    assert TEXTS.t("en", "page.need_code") in answer.text
    for role in ("moderator", "rapporteur", "screen"):
        answer = await run.http.get(f"/s/{session.session}/{role}", headers=english)
        assert answer.status_code == 401
        assert TEXTS.t("en", f"page.need_key_{role}.title") in answer.text
        assert "boot" not in answer.text
    person = await run.join(session.code)
    headers = english | cookie(session.session, "participant", person["token"])
    answer = await run.http.get(f"/s/{session.session}/moderator", headers=headers)
    assert answer.status_code == 403
    assert f'href="/s/{session.session}"' in answer.text


async def test_who_is_made_a_moderator_gets_the_moderators_page_and_keeps_the_own(run: Running) -> None:
    session = await run.create()
    person = await run.join(session.code)
    command = {"id": "1", "do": "person.role", "person": person["person"], "role": "moderator"}
    path = f"/api/sessions/{session.session}/commands"
    done = await run.http.post(path, json=command, headers=bearer(session.tokens["moderator"]))
    assert done.status_code == 200, done.text
    headers = cookie(session.session, "participant", person["token"])
    assert (await run.http.get(f"/s/{session.session}/moderator", headers=headers)).status_code == 200
    own = await run.http.get(f"/s/{session.session}", headers=headers)
    assert own.status_code == 200
    assert boot_of(own.text)["role"] == "moderator"


async def test_unknown_sessions_and_addresses_have_a_page(run: Running) -> None:
    for path in ("/s/0123456789ab", "/s/x.y", "/s/0123456789ab/moderator", "/nowhere"):
        answer = await run.http.get(path, headers={"Accept-Language": "en"})
        assert answer.status_code == 404
        assert answer.headers["content-type"].startswith("text/html")


async def test_the_language_is_the_wish_then_the_cookie_then_the_browsers(run: Running) -> None:
    for url, headers, lang in (
        ("/", {"Accept-Language": "fr"}, "fr"),
        ("/", {"Accept-Language": "de"}, "en"),
        ("/?lang=en", {"Accept-Language": "fr"}, "en"),
        ("/?lang=xx", {"Accept-Language": "fr"}, "fr"),
        ("/", {"Accept-Language": "en", "Cookie": "baraza-language=fr"}, "fr"),
        ("/?lang=en", {"Cookie": "baraza-language=fr"}, "en"),
    ):
        answer = await run.http.get(url, headers=headers)
        assert f'<html lang="{lang}"' in answer.text, (url, headers)
    assert answer.headers["set-cookie"].startswith("baraza-language=en;")


async def test_public_pages_are_packed_and_pages_with_a_secret_never(run: Running) -> None:
    session = await run.create()
    packed = {"Accept-Encoding": "gzip"}
    for path in ("/", "/new", f"/j/{session.code}", "/j/XXXXXX"):
        answer = await run.http.get(path, headers=packed)
        assert answer.headers["content-encoding"] == "gzip", path
        assert "accept-encoding" in answer.headers["vary"]
        plain = await run.http.get(path, headers={"Accept-Encoding": "identity"})
        assert "content-encoding" not in plain.headers
        assert answer.text == plain.text
    for role in ("moderator", "rapporteur", "screen"):
        headers = packed | cookie(session.session, role, session.tokens[role])
        answer = await run.http.get(f"/s/{session.session}/{role}", headers=headers)
        assert "content-encoding" not in answer.headers
    person = await run.join(session.code)
    own = await run.http.get(
        f"/s/{session.session}", headers=packed | cookie(session.session, "participant", person["token"])
    )
    assert own.status_code == 200
    assert "content-encoding" not in own.headers


def test_every_page_has_its_words() -> None:
    for role in _TEMPLATES:
        assert f"page.go_{role}" in TEXTS
    for key in (
        "session_unknown",
        "not_found",
        "busy",
        "mistake",
        *(f"need_key_{role}" for role in list(_TEMPLATES)[1:]),
    ):
        assert f"page.{key}.title" in TEXTS
        assert f"page.{key}.body" in TEXTS
