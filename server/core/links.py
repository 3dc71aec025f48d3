"""Video links of breakout rooms: a template with `{room}` and perhaps `{session}` in it, such as `https://meet.example/{session}-{room}`.

What takes the place of `{room}` is the room's id, which cannot be guessed: who knows the link of one room does not know the next.
"""

from __future__ import annotations

from urllib.parse import urlsplit

MAX_LINK = 500

_HERE = ("localhost", "127.0.0.1", "::1")


def fault(template: str) -> str | None:
    """Return why this is no template of a link: `too long`, `room` (no `{room}` in it) or `address`; None when it is one."""
    if len(template) > MAX_LINK:
        return "too long"
    if "{room}" not in template:
        return "room"
    if not template.isprintable() or any(c.isspace() for c in template):
        return "address"
    try:
        parts = urlsplit(address(template, "s", "r"))
        host = parts.hostname
    except ValueError:
        return "address"
    secure = parts.scheme == "https" or (parts.scheme == "http" and host in _HERE)
    return None if secure and host and not set("{}<>\"'`\\") & set(parts.geturl()) else "address"


def address(template: str, session: str, room: str) -> str:
    """Return the link of one room."""
    return template.replace("{session}", session).replace("{room}", room)
