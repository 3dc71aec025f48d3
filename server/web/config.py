"""What the web layer is told at start."""

from __future__ import annotations

import msgspec


class WebConfig(msgspec.Struct, frozen=True):
    """The settings of the web layer; `server.main` fills them in."""

    host_key: str
    """Opens the creation of sessions."""
    worker: str = "1"
    """The label of this process in the metrics."""
    url: str = ""
    """The public address, without a path, for links and as an own origin; empty means what the request was sent to."""
    origins: frozenset[str] = frozenset()
    """Further origins whose pages may use the cookies of this server."""
    sockets: int = 20_000
    """Open sockets and event streams of this worker."""
    sockets_per_address: int = 10_000
    """The same from one address: a hall behind one router is one address."""
    joins_per_address: int = 2_000
    """People who may join from one address at once; a hundredth of that each second besides."""

    def __repr__(self) -> str:
        return f"WebConfig(worker={self.worker!r})"
