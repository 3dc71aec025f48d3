"""The addresses of the protocol page are those that the application answers."""

from __future__ import annotations

import itertools
import re
from types import SimpleNamespace
from typing import cast

import pytest
from starlette.routing import Match, Route, WebSocketRoute

from server.web.app import routes
from server.web.site import Site
from tests.docs.pages import PROTOCOL, code_words

CALL = re.compile(r"(?:(GET|POST) )?(/[^ #]*)(?:#\S+)?")
ALTERNATIVES = re.compile(r"\{(\w+(?:,\w+)+)\}")
PARAMETER = re.compile(r"\{\w+\}")
UNDOCUMENTED = {"/static/{version}/{path:path}", "/favicon.ico"}
"""The pages name their own files, and browsers ask for an icon by themselves; nobody has to know where they are."""


def documented() -> list[tuple[str, str]]:
    """(method, path) for every address, alternatives in braces taken apart, a path alone counted as GET."""
    calls = [match for word in code_words(PROTOCOL) if (match := CALL.fullmatch(word))]
    return sorted({(match[1] or "GET", path) for match in calls for path in expanded(match[2])})


def expanded(path: str) -> list[str]:
    parts = [part.split(",") for part in ALTERNATIVES.split(path)]
    return ["".join(words) for words in itertools.product(*parts)]


def answering() -> list[Route | WebSocketRoute]:
    assets = SimpleNamespace(serve=lambda request: None)
    return routes(cast(Site, SimpleNamespace(assets=assets)))


def matches(route: Route | WebSocketRoute, method: str, path: str) -> bool:
    kind = "websocket" if isinstance(route, WebSocketRoute) else "http"
    scope = {"type": kind, "method": method, "path": PARAMETER.sub("x1", path), "root_path": ""}
    return route.matches(scope)[0] is Match.FULL


@pytest.mark.parametrize(("method", "path"), documented())
def test_a_documented_address_is_answered(method: str, path: str) -> None:
    assert any(matches(route, method, path) for route in answering())


@pytest.mark.parametrize("route", answering(), ids=lambda route: route.path)
def test_an_answered_address_is_documented(route: Route | WebSocketRoute) -> None:
    documented_here = any(matches(route, method, path) for method, path in documented())
    assert documented_here != (route.path in UNDOCUMENTED)
