"""The settings: every one an environment variable, read once, in one table that the README's table is tested against."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from pathlib import Path

import msgspec

from server.web.origins import normal_origin


class SettingsError(ValueError):
    """A setting that cannot be; says which and what would be right."""


class Setting(msgspec.Struct, frozen=True):
    """One row of the table: the variable, what holds without it, and what it means."""

    name: str
    default: str
    meaning: str


SETTINGS: tuple[Setting, ...] = (
    Setting("PORT", "8000", "Port to listen on; 0 takes a free one."),
    Setting("BARAZA_HOST", "127.0.0.1", "Address to listen on; `0.0.0.0` or `::` for all."),
    Setting("BARAZA_DATA", "data", "Folder of the SQLite log and of the host key."),
    Setting(
        "BARAZA_HOST_KEY",
        "made once, kept in the data folder",
        "Key that opens the creation of sessions.",
    ),
    Setting("BARAZA_HOST_KEY_FILE", "", "File to read that key from instead."),
    Setting("REDIS_URL", "", "Keeps the log in Redis instead of SQLite; needed for several workers."),
    Setting("WEB_CONCURRENCY", "1", "Worker processes."),
    Setting(
        "BARAZA_URL",
        "",
        "Public address, such as `https://baraza.example.org`; without it links lead to the address of the request.",
    ),
    Setting("BARAZA_ORIGINS", "", "Further origins, separated by commas, whose pages may open sockets with a cookie."),
    Setting(
        "FORWARDED_ALLOW_IPS",
        "127.0.0.1,::1",
        "Proxies that are believed about the browser's address and about TLS, separated by commas; `*` for all.",
    ),
    Setting("BARAZA_SOCKETS", "20000", "Open sockets and event streams of one worker."),
    Setting("BARAZA_SOCKETS_PER_ADDRESS", "10000", "The same from one address; a hall behind a router is one address."),
    Setting("BARAZA_JOINS_PER_ADDRESS", "2000", "People who may join from one address at once; 1 % more each second."),
    Setting("BARAZA_COMMANDS", "20", "Commands of one person in a second, on average; three times as many at once."),
    Setting("BARAZA_LOG_LEVEL", "info", "`debug`, `info`, `warning` or `error`."),
)

_BY_NAME = {setting.name: setting for setting in SETTINGS}
_LEVELS = ("debug", "info", "warning", "error")
HOST_KEY = re.compile(r"[!-~]{12,200}")


class Settings(msgspec.Struct, frozen=True):
    """All settings as values. `host_key` is empty where one has to be made or read from the data folder."""

    port: int
    host: str
    data: Path
    host_key: str
    redis_url: str
    workers: int
    url: str
    origins: tuple[str, ...]
    trusted_proxies: str
    sockets: int
    sockets_per_address: int
    joins_per_address: int
    commands: int
    log_level: str

    def __repr__(self) -> str:
        """Say nothing that is secret: the key, and the password in an address of Redis."""
        return f"Settings(host={self.host!r}, port={self.port}, data={str(self.data)!r}, workers={self.workers})"


def read_settings(environment: Mapping[str, str] = os.environ) -> Settings:
    """Return the settings that `environment` gives; raises `SettingsError` for the first that cannot be."""

    def text(name: str) -> str:
        return environment.get(name, "").strip() or _BY_NAME[name].default

    def number(name: str, lowest: int, highest: int) -> int:
        given = text(name)
        if not given.isdecimal() or not lowest <= int(given) <= highest:
            raise SettingsError(f"{name} is {given!r}; it must be a whole number from {lowest} to {highest}")
        return int(given)

    level = text("BARAZA_LOG_LEVEL").lower()
    if level not in _LEVELS:
        raise SettingsError(f"BARAZA_LOG_LEVEL is {level!r}; it must be one of {', '.join(_LEVELS)}")
    redis_url = text("REDIS_URL")
    if redis_url and not redis_url.startswith(("redis://", "rediss://", "unix://")):
        raise SettingsError("REDIS_URL must begin with redis://, rediss:// or unix://")
    return Settings(
        port=number("PORT", 0, 65_535),
        host=text("BARAZA_HOST"),
        data=Path(text("BARAZA_DATA")),
        host_key=_host_key(environment),
        redis_url=redis_url,
        workers=number("WEB_CONCURRENCY", 1, 256),
        url=_url(text("BARAZA_URL")),
        origins=tuple(_origin(origin) for origin in text("BARAZA_ORIGINS").split(",") if origin.strip()),
        trusted_proxies=text("FORWARDED_ALLOW_IPS"),
        sockets=number("BARAZA_SOCKETS", 1, 1_000_000),
        sockets_per_address=number("BARAZA_SOCKETS_PER_ADDRESS", 1, 1_000_000),
        joins_per_address=number("BARAZA_JOINS_PER_ADDRESS", 1, 1_000_000),
        commands=number("BARAZA_COMMANDS", 1, 1_000_000),
        log_level=level,
    )


def check_together(settings: Settings) -> None:
    """Refuse settings that cannot be true together; raises `SettingsError` with the reason."""
    if settings.workers > 1 and not settings.redis_url:
        raise SettingsError(
            f"{settings.workers} workers need a log that they share: set REDIS_URL (or --redis), or use one worker. "
            "The embedded SQLite log has one writer and announces entries inside one process only."
        )


def unknown_names(environment: Mapping[str, str] = os.environ) -> list[str]:
    """Return variables that begin like ours and are none: most likely misspelt."""
    return sorted(
        name
        for name in environment
        if name.startswith("BARAZA_") and name not in _BY_NAME and not name.startswith("BARAZA_TEST_")
    )


def _host_key(environment: Mapping[str, str]) -> str:
    key = environment.get("BARAZA_HOST_KEY", "").strip()
    file = environment.get("BARAZA_HOST_KEY_FILE", "").strip()
    if key and file:
        raise SettingsError("BARAZA_HOST_KEY and BARAZA_HOST_KEY_FILE are both set; leave one out")
    if file:
        try:
            key = Path(file).read_text().strip()
        except (OSError, UnicodeDecodeError) as error:
            raise SettingsError(f"BARAZA_HOST_KEY_FILE: {file} cannot be read ({type(error).__name__})") from None
    if (key or file) and not HOST_KEY.fullmatch(key):
        raise SettingsError("the host key must have 12 to 200 printable ASCII characters and no space")
    return key


def _origin(text: str) -> str:
    normal = normal_origin(text.strip())
    if normal is None:
        raise SettingsError(f"BARAZA_ORIGINS: {text.strip()!r} is no origin such as https://www.example.org")
    return normal


def _url(text: str) -> str:
    if text and normal_origin(text.rstrip("/")) is None:
        raise SettingsError(
            f"BARAZA_URL is {text!r}; it must be an address without a path, such as https://example.org"
        )
    return text.rstrip("/")
