"""The rules for a text that people read: one kind of line end and of space, and nothing invisible.

What editors, browsers and word processors leave behind goes here, once.
"""

from __future__ import annotations

import re
import unicodedata

_LINE_ENDS = re.compile("\r\n|[\r\x0b\x0c\x85\u2028\u2029]")
_INVISIBLE = re.compile(
    "[\x00-\x08\x0e-\x1f\x7f-\x9f\xad\u061c\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb"
    "\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]"
)
"""Controls, zero-width characters, direction marks (a page isolates directions itself) and what is no character."""

_JOINERS = re.compile("(?<![\u0600-\u109f\u1780-\u18af\u2190-\U0001faff])[\u200c\u200d]")
"""Zero-width joiners, except where a script or an emoji needs them (Persian, Indic scripts)."""

_SPACES = re.compile("[\xa0\u1680\u2000-\u200a\u202f\u205f\u3000]")
_PLANE_ENDS = re.compile(
    "[" + "".join(chr(plane << 16 | end) for plane in range(1, 17) for end in (0xFFFE, 0xFFFF)) + "]"
)


def clean(text: str) -> str:
    """`text` with `\\n` line ends, plain spaces, and without invisible characters; tabs stay."""
    text = _SPACES.sub(" ", _LINE_ENDS.sub("\n", text))
    return _JOINERS.sub("", _PLANE_ENDS.sub("", _INVISIBLE.sub("", text)))


def tidy(text: str) -> str:
    """`clean` text on one line, with single spaces: a title, a guiding question, a name."""
    return unicodedata.normalize("NFC", " ".join(clean(text).split()))
