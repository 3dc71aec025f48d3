"""How people write the labels of a programme: `SEGMENT ONE`, `Guiding questions:`, `Moderator: …`, a question mark."""

from __future__ import annotations

import re

from server.importer.clock import find_time

MAX_PLAIN_HEADING = 120
"""Characters of an unmarked heading; longer lines are prose."""

_NUMBER_WORD = (
    r"\d{1,2}|[ivx]{1,4}|[a-h]|one|two|three|four|five|six|seven|eight|nine|ten|une?|deux|trois|quatre|cinq|sept|huit|"
    r"neuf|dix|uno|una|dos|tres|cuatro|cinco|um|uma|dois|duas|três|quatro|eins|zwei|drei|vier|fünf|"
    r"الأول|الأولى|الثاني|الثانية|الثالث|الثالثة|الرابع|الرابعة|الخامس"
)
_PART = (
    r"segments?|sessions?|parts?|parties?|séances?|blocs?|blocks?|rounds?|tables?|ateliers?|workshops?|panels?|themes?|"
    r"thèmes?|thématiques?|topics?|modules?|segmentos?|sesión|sesiones|sessão|parte|bloques?|bloco|temas?|abschnitt|"
    r"teil|thema|القسم|الجزء|المحور|الجلسة|الفقرة|الموضوع"
)
_ORDINAL = (
    r"first|second|third|fourth|fifth|sixth|1st|2nd|3rd|[4-9]th|premi[eè]re?|deuxième|seconde|troisième|quatrième|"
    r"cinquième|1re|1er|2e|3e|4e|primera?|segund[ao]|tercera?|cuart[ao]|primeir[ao]|terceir[ao]|erster|zweiter|dritter"
)
_LABEL = re.compile(
    rf"(?:(?:{_PART})\s+(?:n[°o]\.?\s*)?(?:{_NUMBER_WORD})|(?:{_ORDINAL})\s+(?:{_PART}))(?P<rest>$|\W.*)", re.IGNORECASE
)
_QUESTION_LABEL = re.compile(
    r"(?:.{0,40}\s)?(?:questions?|preguntas?|perguntas?|leitfragen|fragen|الأسئلة|أسئلة)(?:\s.{0,40})?", re.IGNORECASE
)
_CREDIT = re.compile(
    r"(?:co-?)?(?:moderat|modérat|modérée|moderad|speaker|panel|facilitat|chair|host|rapporteur|presenter|keynote|animat|"
    r"intervenant|ponente|room|venue|location|place|where|lieu|salle|lugar|when|time|duration|durée|format|zoom|link|"
    r"contact|e-?mail|tel|المتحدث|الميسر|المكان)[^:：]{0,30}[:：]\s*\S",
    re.IGNORECASE,
)
_ASKS = re.compile(r"[?؟？][!?.…؟？]*[\"'”’»)\]*_`\s]*$")
_ENDS = re.compile(r"[.!?;:؟？。…][\"'”’»)\]*_`\s]*$")


def asks(text: str) -> bool:
    """Whether `text` has words and ends in a question mark of any script, closing quotes and emphasis aside."""
    return _ASKS.search(text[-40:]) is not None and any(char.isalnum() for char in text)


def is_segment_label(text: str) -> bool:
    """Whether `text` begins by numbering a part of the programme."""
    return len(text) <= 2 * MAX_PLAIN_HEADING and _LABEL.fullmatch(text) is not None


def is_bare_label(text: str) -> bool:
    """Whether `text` numbers a part and says no more: `SEGMENT ONE`."""
    match = _LABEL.fullmatch(text) if len(text) <= 40 else None
    return match is not None and not match["rest"].strip(" :.-–—|")


def plain_words(text: str) -> str:
    """`text` without marks of emphasis around it or around its first words."""
    text = re.sub(r"\*\*(\S(?:[^*]*\S)?)\*\*", r"\1", text).strip()
    for mark in ("__", "*", "_", "`"):
        if len(text) > 2 * len(mark) and text.startswith(mark) and text.endswith(mark):
            text = text[len(mark) : -len(mark)].strip() or text
    return text


def is_question_label(text: str) -> bool:
    """Whether `text` names the questions below it, not a segment: `Guiding questions:`."""
    return len(text.split()) <= 5 and _QUESTION_LABEL.fullmatch(text.strip(" :：*")) is not None


def is_credit(text: str) -> bool:
    """Whether `text` says who, where or how long: `Moderator: Awa Ba`."""
    return _CREDIT.match(text) is not None


def is_finished(text: str) -> bool:
    """Whether `text` ends a sentence, so that the next line begins something new."""
    return _ENDS.search(text[-40:]) is not None


def is_hours(text: str) -> bool:
    """Whether a line says from when to when and nothing else: `2:10 pm – 2:40 pm`."""
    time = find_time(text)
    return time is not None and not any(char.isalnum() for char in text[: time.span[0]] + text[time.span[1] :])
