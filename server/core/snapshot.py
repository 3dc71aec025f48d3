"""Snapshots: a state as bytes and back, so that a long log need not be folded again from its beginning.

A snapshot is worth what replaying the log is worth, or nothing. So it names the fold that made it: a digest over the source of the core and
over the versions of what judges entries besides. Any change there makes another version, and no version reads another's snapshots.
The order of dicts is kept, because documents show it. Which objects are shared is not: the fold never relies on that.

The source is read once a process; nothing else in the core reads anything.
"""

from __future__ import annotations

import hashlib
import unicodedata
from collections.abc import Iterator
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable

import msgspec

from server.core.state import State

_WIDTH = 16

_encoder = msgspec.msgpack.Encoder()
_decoder = msgspec.msgpack.Decoder(tuple[bytes, State])


def freeze(state: State) -> bytes:
    """Return a state that a fold made as bytes for `thaw`; they hold all that the log holds, and are as secret."""
    return _encoder.encode((version(), state))


def thaw(frozen: bytes) -> State | None:
    """Return the state that was frozen, or None for another version's and for what cannot be read. Never raises."""
    if not frozen.startswith(_encoder.encode((version(), None))[:-1]):
        return None
    try:
        return _decoder.decode(frozen)[1]
    except (ValueError, TypeError, RecursionError):
        # msgspec's errors are ValueErrors, as is bad UTF-8; a key that cannot be hashed is a TypeError.
        return None


@cache
def version() -> bytes:
    """Return what names this fold, 16 bytes."""
    digest = hashlib.blake2b(f"{msgspec.__version__}\0{unicodedata.unidata_version}".encode(), digest_size=_WIDTH)
    for name, source in sorted(sources(files(__package__))):
        digest.update(f"\0{name}\0{len(source)}\0".encode() + source)
    return digest.digest()


def sources(folder: Traversable, prefix: str = "") -> Iterator[tuple[str, bytes]]:
    """Yield path and content of every module in a package and in those within it."""
    for item in folder.iterdir():
        if item.is_dir():
            yield from sources(item, f"{prefix}{item.name}/")
        elif item.name.endswith(".py"):
            yield prefix + item.name, item.read_bytes()
