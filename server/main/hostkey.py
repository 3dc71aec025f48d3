"""The key of the host: what opens the creation of sessions."""

from __future__ import annotations

import os
import secrets
from pathlib import Path

from server.main.settings import HOST_KEY, SettingsError

NAME = "host.key"


def keep_host_key(data: Path) -> str:
    """Return the key kept in the folder `data`; the first call makes it, in a file that only the owner may read.

    Raises `OSError` where the folder cannot be written, `SettingsError` where the file in it holds no key. Two servers that start
    together agree on one key.
    """
    data.mkdir(mode=0o700, parents=True, exist_ok=True)
    path = data / NAME
    fresh = secrets.token_urlsafe(24)
    part = data / f".{NAME}.{os.getpid()}"
    descriptor = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    try:
        with os.fdopen(descriptor, "w") as file:
            file.write(fresh + "\n")
            file.flush()
            os.fsync(file.fileno())
        # A link fails where the name exists, so whoever comes second reads the key of whoever came first, and whole.
        try:
            path.hardlink_to(part)
        except FileExistsError:
            return _read(path)
        return fresh
    finally:
        part.unlink()


def _read(path: Path) -> str:
    """Return the key in a file. One that was emptied or cut short must not open the house to everybody."""
    key = path.read_text(errors="replace").strip()
    if not HOST_KEY.fullmatch(key):
        raise SettingsError(f"{path} holds no host key; remove it and a new one is made")
    return key
