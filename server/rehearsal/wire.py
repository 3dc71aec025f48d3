"""The frames of `baraza.v1` as a client sees them, decoded cheaply.

Written from the protocol page and not from the server's own types: a rehearsal is a second reading of the contract.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import msgspec

KEPT_FRAMES = 1024
NOTHING = msgspec.Raw(b"")
"""What `full` is in a frame without it: msgspec knows no optional `Raw`."""


class Welcome(msgspec.Struct, frozen=True):
    """The answer to `hello`; `docs` are left undecoded because most of them are known already."""

    person: str | None
    role: str
    at: str
    seq: int
    now: int
    resumed: bool
    docs: dict[str, msgspec.Raw]


class Frame(msgspec.Struct, frozen=True):
    """Any frame from the server; which one it is shows by the field that is set."""

    welcome: Welcome | None = None
    doc: str | None = None
    patch: Any = msgspec.UNSET
    full: msgspec.Raw = NOTHING
    gone: bool = False
    at: str | None = None
    seq: int = 0
    now: int = 0
    done: str | None = None
    made: str | None = None
    refused: str | None = None
    code: str | None = None
    message: str | None = None
    pong: int | None = None


class Joined(msgspec.Struct, frozen=True):
    """The answer to `POST /api/join`."""

    session: str
    person: str
    token: str


class View(msgspec.Struct, frozen=True):
    """The answer to `GET /api/sessions/{session}/view`."""

    at: str
    seq: int
    role: str
    docs: dict[str, Any]


class Created(msgspec.Struct, frozen=True):
    """The answer to `POST /api/sessions`."""

    session: str
    code: str
    links: dict[str, str]
    tokens: dict[str, str]


class Done(msgspec.Struct, frozen=True):
    """The answer to `POST /api/sessions/{session}/commands`."""

    done: str
    seq: int
    made: str | None = None


class Problem(msgspec.Struct, frozen=True):
    """An error body."""

    code: str = "unknown"
    message: str = ""


class FrameReader:
    """Decodes frames; a frame that everybody receives is decoded once."""

    def __init__(self) -> None:
        self._decoder = msgspec.json.Decoder(Frame)
        self._known: dict[bytes, Frame] = {}

    def read(self, payload: bytes) -> Frame:
        """Return the frame in `payload`; raises `msgspec.DecodeError` where it is none of the protocol's."""
        if not payload.startswith(b'{"doc"'):
            return self._decoder.decode(payload)
        known = self._known.get(payload)
        if known is None:
            known = self._decoder.decode(payload)
            if len(self._known) >= KEPT_FRAMES:
                del self._known[next(iter(self._known))]
            self._known[payload] = known
        return known


def hello(seen: str | None) -> bytes:
    """Return the first frame of a connection."""
    return msgspec.json.encode({"hello": {} if seen is None else {"seen": seen}})


def ping(number: int) -> bytes:
    """Return a ping."""
    return msgspec.json.encode({"ping": number})


def command(ident: str, do: str, fields: Mapping[str, Any]) -> bytes:
    """Return a command frame."""
    return msgspec.json.encode({"id": ident, "do": do, **fields})
