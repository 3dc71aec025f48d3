"""Pages from templates: one environment that escapes everything, and what every template finds in it."""

from __future__ import annotations

import io
import re
from collections.abc import Sequence
from datetime import UTC, datetime
from functools import lru_cache, partial
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import segno
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from jinja2.ext import Extension
from markupsafe import Markup

from server.core.setup import Text
from server.texts import Catalogues
from server.web.assets import Assets
from server.web.words import LATER, PREFIXES, words_path


class _Dedent(Extension):
    """Takes the indentation out of templates, never out of what is put into them: pages with secrets go out unpacked."""

    def preprocess(self, source: str, name: str | None, filename: str | None = None) -> str:
        """Return the source of a template as it is compiled; its lines keep their numbers."""
        return re.sub(r"^[ \t]+", "", source, flags=re.MULTILINE)


class Renderer:
    """Renders templates by name; every value is escaped, whatever the template is called."""

    def __init__(self, folder: Path, texts: Catalogues, assets: Assets) -> None:
        self._texts = texts
        self._assets = assets
        self._environment = Environment(
            loader=FileSystemLoader(folder),
            autoescape=True,
            undefined=StrictUndefined,
            extensions=[_Dedent],
            trim_blocks=True,
            lstrip_blocks=True,
        )
        self._environment.policies["json.dumps_kwargs"] = {
            "sort_keys": False,
            "ensure_ascii": False,
            "separators": (",", ":"),
        }
        self._environment.globals["static"] = assets.url
        self._environment.globals["words_path"] = words_path
        self._environment.filters["time"] = time_of_day
        self._environment.filters["iso"] = iso_time

    def render(
        self, template: str, context: dict[str, Any], *, lang: str, session_languages: Sequence[str] = ()
    ) -> str:
        """Return the page in `lang`; the languages of the session are the fallback for its texts, and offered too."""
        texts = self._texts
        offered = dict.fromkeys((*session_languages, *texts.languages) if session_languages else texts.languages)

        def text(value: Text | None) -> str:
            return texts.pick(value or {}, lang, session_languages)

        page = template.removesuffix(".html")
        modules = self._assets.modules(f"js/pages/{page}.js")
        parts = [self._assets.modules(f"js/pages/{part}.js") for part, whole in LATER.items() if whole == page]
        return self._environment.get_template(template).render(
            modules=modules,
            later=[path for part in parts for path in part if path not in modules],
            words=page if page in PREFIXES else None,
            t=partial(texts.t, lang),
            text=text,
            lang=lang,
            dir=texts.direction(lang),
            languages=[(language, texts.own_name(language)) for language in offered],
            catalogues=texts.languages,
            **context,
        )


def time_of_day(ms: int, timezone: str) -> str:
    """Return a time in milliseconds as the clock on a wall in `timezone` shows it: `14:05`."""
    return f"{datetime.fromtimestamp(ms / 1000, ZoneInfo(timezone)):%H:%M}"


def iso_time(ms: int) -> str:
    """Return a time in milliseconds for the attribute of a `time` element: `2026-06-06T12:05:00.000Z`."""
    return datetime.fromtimestamp(ms / 1000, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


@lru_cache(maxsize=256)
def qr_svg(url: str) -> str:
    """Return a QR code of `url` as SVG for a page: dark on light in every colour scheme, sized by the style sheet."""
    out = io.BytesIO()
    segno.make(url, error="m", micro=False).save(
        out,
        kind="svg",
        dark="#000",
        light="#fff",
        border=4,
        omitsize=True,
        xmldecl=False,
        svgclass="qr",
        lineclass=None,
        nl=False,
    )
    return out.getvalue().decode()


def qr_markup(url: str) -> Markup:
    """Return the same, marked as safe to stand in a page: it is made here, of numbers alone."""
    return Markup(qr_svg(url))  # noqa: S704
