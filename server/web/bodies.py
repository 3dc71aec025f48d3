"""Reading request bodies: the type first, then the size, then the content, each refused by its own code."""

from __future__ import annotations

from typing import TypeVar
from urllib.parse import parse_qsl

import msgspec
from starlette.requests import Request

from server.core.refusals import Refusal

AGENDA_LIMIT = 256 * 1024
BODY_LIMIT = 32 * 1024
"""Bytes of any other body; also the limit of a socket's frames."""

T = TypeVar("T")


def media_type(request: Request) -> str:
    """Return the content type without its parameters."""
    return request.headers.get("content-type", "").partition(";")[0].strip().lower()


async def read_body(request: Request, limit: int = BODY_LIMIT) -> bytes:
    """Return the whole body; `too_large` as soon as it is known to be longer than `limit` bytes."""
    announced = request.headers.get("content-length", "")
    if announced.isdecimal() and int(announced) > limit:
        raise Refusal("too_large")
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > limit:
            raise Refusal("too_large")
    return bytes(body)


async def read_json_body(request: Request) -> bytes:
    """Return a body that claims to be JSON; a form of another site cannot claim that without asking first."""
    if media_type(request) != "application/json":
        raise Refusal("malformed", **{"content-type": "application/json"})
    return await read_body(request)


async def read_json(request: Request, shape: type[T]) -> T:
    """Return the body as `shape`; `malformed` where it is not."""
    body = await read_json_body(request)
    try:
        return msgspec.json.decode(body, type=shape)
    # Deep nesting and broken UTF-8 are no DecodeError to msgspec.
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        raise Refusal("malformed") from None


async def read_form(request: Request) -> dict[str, str]:
    """Return the fields of a page's form, the last of each name."""
    if media_type(request) != "application/x-www-form-urlencoded":
        raise Refusal("malformed", **{"content-type": "application/x-www-form-urlencoded"})
    body = await read_body(request)
    try:
        return dict(parse_qsl(body.decode("ascii"), keep_blank_values=True, max_num_fields=50, errors="strict"))
    except ValueError:
        raise Refusal("malformed") from None
