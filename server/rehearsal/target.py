"""Which server a rehearsal is for, read from what people copy: a base address or a join link."""

from __future__ import annotations

import ssl
from ipaddress import ip_address
from urllib.parse import unquote, urlsplit

import msgspec


class Target(msgspec.Struct, frozen=True):
    """A server, and the join code where the address was a join link."""

    host: str
    port: int
    secure: bool
    code: str | None = None

    @property
    def authority(self) -> str:
        """Host and port as in a `Host` header; the port is left out where it is the scheme's own."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == (443 if self.secure else 80) else f"{host}:{self.port}"

    @property
    def base(self) -> str:
        """The address of the server, without a path."""
        return f"{'https' if self.secure else 'http'}://{self.authority}"

    @property
    def local(self) -> bool:
        """Whether this is the machine itself."""
        if self.host == "localhost":
            return True
        try:
            return ip_address(self.host).is_loopback
        except ValueError:
            return False

    def tls(self) -> ssl.SSLContext | None:
        """Return the TLS settings for `https`, None for plain `http`."""
        return ssl.create_default_context() if self.secure else None


def read_target(url: str) -> Target:
    """Return the target of `http(s)://host[:port]` or `…/j/CODE`; raises `ValueError` that says what is wrong."""
    parts = urlsplit(url if "://" in url else f"http://{url}")
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise ValueError(f"{url} is no address of a server; http://127.0.0.1:8000 or a join link would be one")
    path = [unquote(part) for part in parts.path.split("/") if part]
    if path and (len(path) != 2 or path[0] != "j"):
        raise ValueError(f"{url} is neither the address of a server nor a join link (https://host/j/CODE)")
    secure = parts.scheme == "https"
    return Target(parts.hostname, parts.port or (443 if secure else 80), secure, path[1] if path else None)
