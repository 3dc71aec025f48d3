"""JavaScript without its comments and indentation, for the wire: every line keeps its number, every token its bytes.

Rule: what is not certain is left alone. Where this small reader of tokens cannot tell a division from the beginning of a
regular expression, or meets what it does not know, the whole module goes out as it was written.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

_TOKEN = re.compile(
    r"""
      (?P<gap> \s+ | //[^\n]* | /\*.*?\*/ )
    | (?P<value> "(?:[^"\\\n]|\\.)*" | '(?:[^'\\\n]|\\.)*' )
    | (?P<word> [\w$\#]+ )
    | (?P<sign> [^"'`] )
    """,
    re.DOTALL | re.VERBOSE,
)
_TEMPLATE = re.compile(r"[`}](?:[^`\\$]|\\.|\$(?!\{))*(?:`|\$\{)", re.DOTALL)
_REGEX = re.compile(r"/(?:[^/\\\[\n]|\\[^\n]|\[(?:[^\]\\\n]|\\[^\n])*\])+/[a-z]*")

_BEFORE_VALUE = frozenset(
    ["await", "case", "delete", "do", "else", "extends", "in", "instanceof", "new", "return", "throw", "typeof", "void"]
)
"""Words behind which a value begins, so that a slash begins a regular expression."""
_HEADS = frozenset({"if", "for", "while", "with"})
"""Words whose parentheses are followed by a statement, not by an operator."""


class _UnsureError(ValueError):
    """The module holds something of which this reader of tokens cannot be certain."""


@lru_cache(maxsize=512)
def without_comments(source: str) -> str:
    """Return a module that means the same as `source`, shorter; `source` itself where that is not certain."""
    try:
        return "".join(_shortened(source))
    except _UnsureError:
        return source


def _shortened(source: str) -> Iterator[str]:
    gap = ""
    for kind, text in _tokens(source):
        if kind == "gap":
            gap += text
            continue
        if gap:
            yield "\n" * gap.count("\n") or " "
        gap = ""
        yield text
    yield "\n"


def _tokens(source: str) -> Iterator[tuple[str, str]]:
    """Yield `(kind, text)` of every token; all texts together are `source`."""
    if re.search("[\r\u2028\u2029]", source):
        raise _UnsureError  # lines that end in another way
    at = 0
    divides: bool | None = False
    """What a slash would do here; None where that is not certain."""
    last = before = ""
    opened: list[str] = []
    """For every open bracket the word before it; for an open part of a template a backtick."""
    while at < len(source):
        kind, text = _next(source, at, divides, in_template=bool(opened) and opened[-1] == "`")
        at += len(text)
        yield kind, text
        if kind == "gap":
            continue
        if kind == "template":
            if text[0] == "}":
                opened.pop()
            divides = not text.endswith("${")
            if not divides:
                opened.append("`")
        elif kind == "word":
            divides = None if text in ("of", "yield") else text not in _BEFORE_VALUE or (last == "." != before)
        elif kind == "value":
            divides = True
        elif text in "([{":
            opened.append(last if before != "." else "")
            divides = False
        elif text in ")]}":
            if not opened:
                raise _UnsureError
            divides = _divides_behind(text, opened.pop())
        else:
            divides = None if text in "+-" and last == text else False
        last, before = text, last
    if opened:
        raise _UnsureError


def _divides_behind(bracket: str, word: str) -> bool | None:
    """Say the same of a slash behind a closing bracket, before whose opening one `word` stands."""
    if bracket == "}" or (bracket == ")" and word == "await"):
        return None  # the end of a block, or of an object
    return bracket == "]" or word not in _HEADS


def _next(source: str, at: int, divides: bool | None, *, in_template: bool) -> tuple[str, str]:
    sign = source[at]
    if sign == "`" or (sign == "}" and in_template):
        kind, found = "template", _TEMPLATE.match(source, at)
    elif sign == "/" and source[at + 1 : at + 2] not in ("/", "*") and not divides:
        if divides is None:
            raise _UnsureError
        kind, found = "value", _REGEX.match(source, at)
    else:
        found = _TOKEN.match(source, at)
        kind = (found and found.lastgroup) or ""
    if found is None or (kind == "sign" and source.startswith("/*", at)):
        raise _UnsureError  # something is open to the end
    return kind, found[0]
