"""The way in: an agenda in any of its three forms to a session that can be created."""

from __future__ import annotations

import difflib
import re
from typing import Literal

from server.importer.decode import decode
from server.importer.languages import is_tag
from server.importer.outline import read_outline
from server.importer.remarks import AgendaError, Imported, Remarks
from server.importer.structured import FIELDS, read_tree
from server.importer.tree import read_json, read_yaml

Kind = Literal["json", "yaml", "outline"]

_KEY = re.compile(r"^[\"']?([a-z_]{3,20})[\"']?[ \t]*:(?:[ \t]+(?P<value>\S.*))?[ \t]*$", re.MULTILINE)
_QUESTIONS = re.compile(r"^[ \t]*(?:-[ \t]+)?questions[ \t]*:", re.MULTILINE)


def read_agenda(source: bytes | str, kind: Kind | None = None, *, language: str = "en") -> Imported:
    """Read an agenda of at most 256 KiB.

    `kind` says the form; None lets it be guessed. `language` is a BCP 47 tag: that of plain texts where the agenda
    neither says nor shows its own. Raises AgendaError with every problem and its place, and nothing else.
    """
    remarks = Remarks()
    default = language if is_tag(language) else "en"
    text = decode(source, remarks)
    kind = kind or guess_kind(text)
    if kind == "json":
        return read_tree(read_json(text, remarks), remarks, default)
    if kind == "yaml":
        return read_tree(read_yaml(text, remarks), remarks, default)
    return read_outline(text, remarks, default)


def guess_kind(text: str) -> Kind:
    """The form of clean `text`: a brace opens JSON (or YAML that looks like it), a `segments:` line means YAML."""
    start = text.lstrip()
    if start.startswith("{"):
        try:
            read_json(text, Remarks())
        except AgendaError:
            return "yaml" if re.match(r"\{\s*[a-z]+\s*:", start) else "json"
        return "json"
    if re.match(r"\[\s*[\[{\"\]]", start):
        return "json"
    keys = [(match[1], match["value"] or "") for match in _KEY.finditer(text)]
    for key, value in keys:
        if difflib.get_close_matches(key, ["segments"], n=1, cutoff=0.8) and value[:1] in ("", "[", "#", "&"):
            return "yaml"
    known = {key for key, _ in keys} & set(FIELDS)
    return "yaml" if known and _QUESTIONS.search(text) else "outline"
