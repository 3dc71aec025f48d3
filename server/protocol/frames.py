"""Frames: what travels over a socket, as values and as JSON bytes. No sockets here."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, Literal

import msgspec
from msgspec import UNSET, Meta, Raw, UnsetType

from server.core.base import Command
from server.core.commands import parse_command
from server.core.refusals import Refusal

SUBPROTOCOL = "baraza.v1"

REACTIONS = ("agree", "clap", "heart", "idea", "slow")


class Hello(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The first frame; `seen` is the position (`at`) that the client last held."""

    seen: Annotated[str, Meta(max_length=100)] | None = None


class React(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A reaction: a command to the sender, a passing count to everybody else, and no entry."""

    id: Annotated[str, Meta(max_length=64)]
    do: Literal["react"]
    kind: Literal["agree", "clap", "heart", "idea", "slow"]


class _Client(msgspec.Struct, frozen=True):
    hello: Hello | UnsetType = UNSET
    ping: Annotated[int, Meta(ge=-(2**53), le=2**53)] | UnsetType = UNSET
    id: Annotated[str, Meta(max_length=64)] = ""
    do: str = ""


_client_decoder = msgspec.json.Decoder(_Client)
_react_decoder = msgspec.json.Decoder(React)
_encode = msgspec.json.Encoder().encode


class Ping(msgspec.Struct, frozen=True):
    """A sign of life that wants an answer."""

    n: int


class Sent(msgspec.Struct, frozen=True):
    """A command as it came: its id, what it says, and the bytes that go into the log."""

    id: str
    command: Command
    body: bytes


class Wrong(msgspec.Struct, frozen=True):
    """A frame that is refused; `id` is empty where none could be read."""

    id: str
    refusal: Refusal


ClientFrame = Hello | Ping | React | Sent | Wrong


def parse(data: bytes) -> ClientFrame:
    """Return what a client's frame says. Total: what cannot be read becomes `Wrong`."""
    # A command is what nearly every frame is: decode it straight, and look closer only when that fails.
    try:
        command = parse_command(data)
    except Refusal as refusal:
        return _look_closer(data, refusal)
    if not command.id:
        return Wrong("", Refusal("invalid", id="missing"))
    return Sent(command.id, command, data)


def parse_alone(data: bytes, key: str) -> ClientFrame:
    """Return what a command says that came without a connection; one without an id gets `key`, since its reply is its own."""
    frame = parse(data)
    if isinstance(frame, Wrong) and frame.refusal.fields.get("id") == "missing":
        return parse(b'{"id":"' + key.encode() + b'",' + data.lstrip()[1:])
    return frame


def read_id(data: bytes) -> str:
    """Return the id of a command that is not going to be read further, or an empty string."""
    try:
        return _client_decoder.decode(data).id
    except (msgspec.DecodeError, RecursionError, UnicodeDecodeError):
        return ""


def _look_closer(data: bytes, refusal: Refusal) -> ClientFrame:
    try:
        seen = _client_decoder.decode(data)
        if seen.do == "react":
            return _react_decoder.decode(data)
    except msgspec.ValidationError as error:
        known = refusal.code == "malformed"
        return Wrong(read_id(data), refusal if known else Refusal("invalid", frame=str(error)))
    except (msgspec.DecodeError, RecursionError, UnicodeDecodeError):
        return Wrong("", Refusal("malformed"))
    if seen.hello is not UNSET:
        return seen.hello
    if seen.ping is not UNSET:
        return Ping(seen.ping)
    return Wrong(seen.id, refusal)


class Stamp(msgspec.Struct, frozen=True):
    """Where and when a document stands: the opaque position, its number, and the server's time in milliseconds."""

    at: str
    seq: int
    now: int

    @property
    def nowhere(self) -> Stamp:
        """The stamp of a frame after which the client holds documents of several positions: whoever comes back then starts afresh."""
        return Stamp("", self.seq, self.now)


def welcome(stamp: Stamp, person: str, role: str, resumed: bool, docs: Mapping[str, bytes]) -> bytes:
    """Return the first frame of the server; `docs` are JSON bytes that were encoded once for many people."""
    body = {
        "person": person,
        "role": role,
        "at": stamp.at,
        "seq": stamp.seq,
        "now": stamp.now,
        "resumed": resumed,
        "docs": {name: Raw(document) for name, document in docs.items()},
    }
    return _encode({"welcome": body})


def patch(doc: str, stamp: Stamp, difference: Mapping[str, Any] | Raw) -> bytes:
    """Return a frame that changes a document by a merge patch; `Raw` is one that was encoded once for many people."""
    return patch_behind(patch_head(doc, stamp), difference)


def patch_head(doc: str, stamp: Stamp) -> bytes:
    """Return what many frames of one document at one position begin with."""
    return _encode({"doc": doc, "at": stamp.at, "seq": stamp.seq, "now": stamp.now})[:-1] + b',"patch":'


def patch_behind(head: bytes, difference: Mapping[str, Any] | Raw) -> bytes:
    """Return the frame that begins so."""
    return b"%b%b}" % (head, _encode(difference))


def full(doc: str, stamp: Stamp, document: bytes) -> bytes:
    """Return a frame that replaces a document."""
    return _encode({"doc": doc, "at": stamp.at, "seq": stamp.seq, "now": stamp.now, "full": Raw(document)})


def gone(doc: str) -> bytes:
    """Return a frame that takes a document away."""
    return _encode({"doc": doc, "gone": True})


class _Done(msgspec.Struct, omit_defaults=True, gc=False):
    done: str
    seq: int
    made: str | None = None


def done(command: str, seq: int, made: str | None) -> bytes:
    """Return the good news for the sender of a command."""
    return _encode(_Done(command, seq, made))


def refused(command: str, code: str, message: str, fields: Mapping[str, str]) -> bytes:
    """Return the refusal for the sender of a command; `message` is for people, in their language."""
    body: dict[str, Any] = {"refused": command, "code": code, "message": message}
    if fields:
        body["fields"] = fields
    return _encode(body)


def pong(n: int, now: int) -> bytes:
    """Return the answer to a ping."""
    return _encode({"pong": n, "now": now})


def encode(document: Any) -> bytes:
    """Return a document as JSON bytes."""
    return _encode(document)
