"""All forms of the report behind one door."""

from __future__ import annotations

import msgspec
from markupsafe import Markup

from server.core.state import State
from server.report.data import as_csv, as_json
from server.report.html import HtmlReport
from server.report.markdown import markdown
from server.report.outcome import outcome
from server.report.words import Words
from server.texts.catalogues import Catalogues

FORMATS = {
    "md": "text/markdown; charset=utf-8",
    "html": "text/html; charset=utf-8",
    "json": "application/json",
    "csv": "text/csv; charset=utf-8",
}
"""The forms of the report and their media types."""


class Rendered(msgspec.Struct, frozen=True):
    """A finished file. `style_source` is what the Content-Security-Policy has to allow for it, or None."""

    body: bytes
    media_type: str
    style_source: str | None = None


class Reports:
    """Makes reports; one for the whole application, because it reads its templates and style once."""

    def __init__(self, texts: Catalogues) -> None:
        self._texts = texts
        self._html = HtmlReport()

    def render(self, form: str, state: State, lang: str) -> Rendered:
        """Return the report in one of `FORMATS` for a reader of `lang`; the same record gives the same bytes. `KeyError` otherwise."""
        media_type = FORMATS[form]
        found = outcome(state)
        words = Words(self._texts, lang, found)
        if form == "md":
            return Rendered(markdown(found, words).encode(), media_type)
        if form == "html":
            return Rendered(self._html.document(found, words).encode(), media_type, self._html.style_source)
        if form == "json":
            return Rendered(as_json(found), media_type)
        return Rendered(as_csv(found, words).encode(), media_type)

    def fragment(self, state: State, lang: str) -> Markup:
        """Return the report's body as HTML for its page."""
        found = outcome(state)
        return self._html.fragment(found, Words(self._texts, lang, found))
