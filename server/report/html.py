"""The outcome document as HTML: a fragment for the report's page, and a file of its own that needs nothing else."""

from __future__ import annotations

import base64
import hashlib

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from server.report.markdown import facts
from server.report.outcome import Outcome
from server.report.words import Words
from server.texts.resources import resource


class HtmlReport:
    """Renders outcomes. `style_source` is what a Content-Security-Policy has to allow for a file of its own."""

    def __init__(self) -> None:
        self._environment = Environment(
            loader=FileSystemLoader(resource("templates") / "report"),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        sheets = resource("static") / "css"
        self._style = "\n".join((sheets / name).read_text("utf-8") for name in ("tokens.css", "report.css"))
        digest = hashlib.sha256(self._style.encode()).digest()
        self.style_source = f"'sha256-{base64.b64encode(digest).decode()}'"

    def fragment(self, outcome: Outcome, words: Words) -> Markup:
        """Return the document's body, to be put into a page."""
        template = self._environment.get_template("body.html")
        return Markup(template.render(outcome=outcome, words=words, facts=list(facts(outcome, words))))  # noqa: S704

    def document(self, outcome: Outcome, words: Words) -> str:
        """Return a whole file with its style in it."""
        template = self._environment.get_template("document.html")
        return template.render(
            outcome=outcome,
            words=words,
            body=self.fragment(outcome, words),
            style=Markup(self._style),  # noqa: S704
        )
