"""The address of the video rooms: one template for all breakout rooms, `https://meet.example/{session}-{room}`."""

from __future__ import annotations

import re
from typing import Literal

import msgspec

from server.core import links
from server.importer.lines import MAX_LOOK, Line
from server.importer.remarks import Place, Remarks

LinkFault = Literal["link_address", "link_field", "link_long", "link_room"]
"""What is wrong with a template: no https address, an unknown `{name}` in it, too long, or without `{room}`."""

EXAMPLE = "https://meet.example/{session}-{room}"

_ROOMS = (
    r"(?:video|breakout|meeting|virtual)[ -]?rooms?(?: links?)?|"
    r"salles? (?:vid[ée]o|virtuelles?|de (?:visio(?:conf[ée]rence)?|sous-groupes?))|salons? (?:vid[ée]o|virtuels?)|"
    r"salas? (?:(?:de )?v[ií]deo(?:confer[eê]ncia)?|virtua(?:les|l|is)|de grupos?|simult[âa]neas?)|"
    r"غرف الفيديو|قاعات الفيديو|غرف الاجتماعات?|الغرف الافتراضية"
)
_ANY = r"(?:video )?links?|liens?(?: vid[ée]o)?|enlaces?|ligaç(?:ão|ões)|رابط|الرابط"
_LABELLED = re.compile(rf"(?:(?P<rooms>{_ROOMS})|{_ANY})\s*[:：]\s*(?P<link>\S.*)", re.IGNORECASE)
_SCHEME = re.compile(r"https?://", re.IGNORECASE)
_FIELD = re.compile(r"\{[^{}]*\}")
_FIELDS = ("{room}", "{session}")


class FoundLink(msgspec.Struct, frozen=True):
    """What a line of a page gives as the address of the video rooms, good or not."""

    line: int
    link: str


def find_link(lines: list[Line]) -> FoundLink | None:
    """Return the first line that gives it: a label such as `Video rooms:` before an address, or any label of a link before a `{room}`."""
    for line in lines:
        if line.kind not in ("words", "bullet") or len(line.text) > MAX_LOOK:
            continue
        match = _LABELLED.fullmatch(line.text.replace("**", ""))
        if match is None:
            continue
        is_address = _SCHEME.match(match["link"].lstrip("<`")) is not None
        if "{room}" in match["link"] or (match["rooms"] and is_address):
            return FoundLink(line.number, match["link"].strip("<>`\"'“”«» .,;"))
    return None


def link_fault(link: str) -> tuple[LinkFault, dict[str, str | int]] | None:
    """Return what is wrong with a template and the values of its message, or None where the session can use it."""
    fault = links.fault(link)
    if fault == "too long":
        return "link_long", {"length": len(link), "max": links.MAX_LINK}
    unknown = next((name for name in _FIELD.findall(link) if name not in _FIELDS), None)
    if fault is not None and unknown is not None and _SCHEME.match(link):
        return "link_field", {"value": unknown, "known": ", ".join(_FIELDS)}
    if fault == "room" and _SCHEME.match(link):
        return "link_room", {"value": link, "room": "{room}", "known": EXAMPLE}
    return None if fault is None else ("link_address", {"value": link, "known": EXAMPLE})


def read_link(found: FoundLink, remarks: Remarks) -> str | None:
    """Return the template of a pasted page; None, with a warning, where no session could use it."""
    fault = link_fault(found.link)
    if fault is None:
        return found.link
    remarks.warn(fault[0], Place(line=found.line), **fault[1])
    return None
