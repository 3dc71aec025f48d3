"""The lines of a pasted page, each with its kind: blank, rule, navigation, bullet, heading mark, or words."""

from __future__ import annotations

import re
from typing import Literal

import msgspec

from server.importer.clock import find_date
from server.importer.languages import known_tag

LineKind = Literal["blank", "rule", "navigation", "bullet", "heading", "words"]

MAX_LOOK = 2_000
"""Characters of a line that are searched for dates and the like; longer ones are paragraphs."""

_RULE = re.compile(r"(?:[-=_*~─━═—–#+]\s*){3,}")
_HEADING = re.compile(r"(?P<marks>#{1,6})\s+(?P<text>\S.*?)(?:\s+#+)?")
_SYMBOLS = r"\-*+•–—‣◦▪▫●○■□►▶➢➤✓✔✦·∙→\uf0b7\uf0a7\uf0d8"
_SYMBOL = re.compile(rf"(?:[{_SYMBOLS}]\s+|[•‣◦▪▫●○■□►▶➢➤\uf0b7\uf0a7\uf0d8])(?P<text>\S.*)")
_ORDINAL = re.compile(
    r"(?:\(?(?P<digits>\d{1,3})[.)\]]\s*(?=[^\d\s])|(?P<deep>[1-9]\d?(?:\.[1-9]){1,2}\.?)\s+|\(?(?P<letter>[A-Za-z]|[ivxIVX]{2,5})[.)]\s+"
    r"|Q(?:uestion)?\s?\d{1,3}\s?[.:)–-]\s*)(?P<text>\S.*)",
)
_LONE_SYMBOL = re.compile(rf"[{_SYMBOLS}]")
_CHECKBOX = re.compile(r"\[[ xX✓]\]\s+")
_MARKED = re.compile(r"\[(?P<lang>[A-Za-z-]{2,20})\]\s*(?P<text>\S.*)")
_PIECES = re.compile(r"\s*[|·•»›>\t]\s*|\s+/\s+|\s{3,}")
_LINK = re.compile(r"\[([^\[\]]{1,200})\]\([^()\s]{1,500}\)")
_GAP = re.compile(r"\s{4,}")
_SKIP = re.compile(
    r"(?:skip to|jump to|aller au|passer au|ir al contenido|saltar al|zum inhalt|©|\(c\)|copyright\b|all rights reserved"
    r"|tous droits réservés|follow us|suivez-nous|share (?:this|on)|partager sur|back to|retour (?:à|en haut)"
    r"|this (?:web)?site uses cookies|accept (?:all )?cookies|ce site utilise|powered by|تخطي إلى|انتقل إلى)",
    re.IGNORECASE,
)
_MENU_WORDS = (
    "home|about|about us|contact|contact us|contacts|events|event|news|menu|search|log in|login|log out|sign in|"
    "sign up|register|register now|registration|subscribe|newsletter|share|print|blog|resources|publications|"
    "privacy|privacy policy|terms|terms of use|legal notice|cookies|cookie policy|sitemap|site map|faq|help|donate|"
    "join us|our work|what we do|who we are|partners|members|team|projects|library|media|press|gallery|careers|"
    "facebook|twitter|x|linkedin|instagram|youtube|whatsapp|telegram|rss|programme|program|agenda|speakers|"
    "previous|next|close|read more|more|top|"
    "accueil|à propos|qui sommes-nous|actualités|événements|évènements|rechercher|recherche|se connecter|connexion|"
    "s'inscrire|inscription|nous contacter|contactez-nous|mentions légales|plan du site|partager|imprimer|"
    "nos actions|partenaires|intervenants|presse|ressources|"
    "inicio|quiénes somos|noticias|eventos|contacto|buscar|iniciar sesión|registro|"
    "startseite|über uns|aktuelles|veranstaltungen|kontakt|suche|anmelden|impressum|"
    "الرئيسية|من نحن|اتصل بنا|الأخبار|الفعاليات|بحث|تسجيل الدخول|القائمة"
)
_NAVIGATION = frozenset(_MENU_WORDS.split("|"))
_HEADING_WORDS = (
    "partners|members|team|projects|programme|program|agenda|speakers|partenaires|intervenants|"
    "event|x|more|next|top|resources|publications|ressources|registration"
)
_NEVER_ALONE = frozenset(_HEADING_WORDS.split("|"))
"""Words of a menu that are as likely a heading when they have a line to themselves."""


class Line(msgspec.Struct, frozen=True):
    """A line: its number from 1, its indent in columns, its kind, and its words without bullet or heading marks."""

    number: int
    kind: LineKind
    text: str = ""
    indent: int = 0
    marker: str = ""
    """`1` or `1.1` for an ordinal, `a` for a letter, else the bullet's own sign; `#` to `######`; the sign of a rule."""
    lang: str = ""
    """The tag of a `[fr] …` line, else empty."""


def split_lines(text: str) -> list[Line]:
    """The lines of clean text; a bullet whose words stand on the next line is put together with them."""
    lines: list[Line] = []
    lone: Line | None = None
    for number, raw in enumerate(text.split("\n"), 1):
        line = _read(number, raw.expandtabs(4))
        if lone is not None and line.kind in ("words", "blank"):
            if line.kind == "blank":
                continue
            line = Line(lone.number, "bullet", line.text, lone.indent, lone.marker, line.lang)
        lone = None
        if line.kind == "bullet" and not line.text:
            lone = line
            continue
        lines.append(line)
    return lines


def is_navigation(text: str) -> bool:
    """Whether a line is part of a page's menu, breadcrumb, or footer."""
    if _SKIP.match(text):
        return True
    text = _LINK.sub(r"\1", text)
    pieces = [piece.strip(" .:<>[]()").lower() for piece in _PIECES.split(text) if piece.strip(" .:<>[]()")]
    if len(pieces) <= 1:
        return bool(pieces) and pieces[0] in _NAVIGATION - _NEVER_ALONE
    if find_date(text[:MAX_LOOK]) or any(char in text for char in "?？؟"):
        return False
    hits = sum(piece in _NAVIGATION or (len(piece) == 2 and known_tag(piece)) for piece in pieces)
    menu = len(pieces) >= 4 and all(len(piece.split()) <= 3 and not piece[0].isdigit() for piece in pieces)
    return hits * 2 >= len(pieces) or (menu and hits > 0) or (pieces[0] in _NAVIGATION and hits > 0)


def _read(number: int, raw: str) -> Line:
    # Wide gaps separate the words of a menu; three spaces say so as well as a thousand, and cost less to search.
    text = _GAP.sub("   ", raw.strip())
    while text.startswith("> ") or text == ">":
        text = text[1:].strip()
    indent = len(raw) - len(raw.lstrip())
    if not text:
        return Line(number, "blank")
    if _RULE.fullmatch(text):
        return Line(number, "rule", marker=text[0])
    if _LONE_SYMBOL.fullmatch(text):
        return Line(number, "bullet", "", indent, text)
    heading = _HEADING.fullmatch(text)
    if heading:
        return Line(number, "heading", *_language(heading["text"], indent, heading["marks"]))
    if is_navigation(text):
        return Line(number, "navigation", text, indent)
    bullet = _bullet(text)
    if bullet:
        words, marker = bullet
        if is_navigation(words):
            return Line(number, "navigation", words, indent)
        return Line(number, "bullet", *_language(_CHECKBOX.sub("", words, count=1), indent, marker))
    return Line(number, "words", *_language(text, indent, ""))


def _bullet(text: str) -> tuple[str, str] | None:
    symbol = _SYMBOL.fullmatch(text)
    if symbol:
        return symbol["text"], text[0]
    ordinal = _ORDINAL.fullmatch(text)
    if ordinal is None:
        return None
    # `14. Oktober 2025` begins like a list and is a date.
    date = find_date(text[:MAX_LOOK]) if ordinal["digits"] else None
    if date is not None and date.span[0] <= 1:
        return None
    return ordinal["text"], "a" if ordinal["letter"] else "1.1" if ordinal["deep"] else "1"


def _language(text: str, indent: int, marker: str) -> tuple[str, int, str, str]:
    match = _MARKED.fullmatch(text)
    if match:
        primary, dash, rest = match["lang"].partition("-")
        tag = primary.lower() + dash + rest
        if known_tag(tag):
            return match["text"], indent, marker, tag
    return text, indent, marker, ""
