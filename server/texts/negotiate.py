"""Which of the offered languages a browser's `Accept-Language` asks for (RFC 9110, section 12.5.4)."""

from __future__ import annotations

import math
from collections.abc import Sequence

MAX_HEADER = 1_000
"""Characters of the header that are looked at; real ones stay under 200."""


def negotiate(accept_language: str, offered: Sequence[str]) -> str:
    """The offered language (never empty) that fits best, else the first offered one.

    A range matches a language that is equal, wider (`fr-CA` takes `fr`) or narrower (`pt` takes `pt-BR`), in
    that order, case ignored; `q=0` refuses a language. Never raises, whatever the header says.
    """
    wishes: list[tuple[float, str]] = []
    refused: set[str] = set()
    for part in accept_language[:MAX_HEADER].lower().split(","):
        tag, _, parameters = part.strip().partition(";")
        quality = _quality(parameters)
        if quality > 0:
            wishes.append((quality, tag.strip()))
        else:
            refused.add(tag.strip())
    allowed = [lang for lang in offered if lang.lower() not in refused] or list(offered)
    for _, tag in sorted(wishes, key=lambda wish: -wish[0]):
        found = _match(tag, allowed)
        if found is not None:
            return found
    return allowed[0]


def _quality(parameters: str) -> float:
    name, _, value = parameters.strip().partition("=")
    if name.strip() != "q":
        return 1.0
    try:
        quality = float(value)
    except ValueError:
        return 1.0
    return quality if math.isfinite(quality) else 1.0


def _match(tag: str, offered: Sequence[str]) -> str | None:
    if tag == "*":
        return offered[0]
    by_tag = {lang.lower(): lang for lang in offered}
    parts = tag.split("-")
    for end in range(len(parts), 0, -1):
        wider = "-".join(parts[:end])
        if wider in by_tag:
            return by_tag[wider]
    return next((lang for lower, lang in by_tag.items() if tag and lower.startswith(tag + "-")), None)
