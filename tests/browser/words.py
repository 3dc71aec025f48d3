"""The words of the interface, so that tests name what they look for as a reader would, and stay true when a text is put better."""

from __future__ import annotations

from server.texts import Catalogues, resource

TEXTS = Catalogues.load(resource("static") / "locales", strict=True)


def en(key: str, /, **values: object) -> str:
    """The English message under `key`; KeyError where there is none."""
    return TEXTS.t("en", key, **values)


def fr(key: str, /, **values: object) -> str:
    """The French message under `key`; KeyError where there is none."""
    return TEXTS.t("fr", key, **values)
