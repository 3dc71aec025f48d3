"""From the bytes of a file or a paste to clean text, and the rules for a text that people read.

What editors, browsers and word processors leave behind goes here, once: byte order marks, UTF-16, Windows line ends,
control and zero-width characters, exotic spaces.
"""

from __future__ import annotations

import codecs
import re
import unicodedata

from server.importer.remarks import Place, Remarks

MAX_BYTES = 256 * 1024
"""Bytes of an agenda; a page with 200 guiding questions in ten languages stays far below."""

_MARKS = (
    # UTF-32 first: its little-endian mark begins with that of UTF-16.
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)

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


def decode(source: bytes | str, remarks: Remarks) -> str:
    """The clean text of `source`; raises AgendaError where it is too large (checked first) or empty."""
    if len(source) > MAX_BYTES or (isinstance(source, str) and len(source.encode("utf-8", "replace")) > MAX_BYTES):
        raise remarks.fail("too_large", Place(), max=MAX_BYTES // 1024)
    text = clean(source if isinstance(source, str) else _from_bytes(source, remarks))
    if not text.strip():
        raise remarks.fail("empty", Place())
    return text


def _from_bytes(source: bytes, remarks: Remarks) -> str:
    for mark, encoding in _MARKS:
        if source.startswith(mark):
            return source.decode(encoding, "replace")
    # UTF-16 without a mark: every second byte of mostly Latin text is zero. UTF-8 text never holds a zero byte.
    pairs = source[:2_000]
    if pairs and len(source) % 2 == 0:
        if pairs[1::2].count(0) * 2 > len(pairs[1::2]):
            return source.decode("utf-16-le", "replace")
        if pairs[::2].count(0) * 2 > len(pairs[::2]):
            return source.decode("utf-16-be", "replace")
    try:
        return source.decode("utf-8")
    except UnicodeDecodeError as error:
        place = Place(line=source.count(b"\n", 0, error.start) + 1)
        remarks.warn("encoding", place, encoding="Windows-1252")
        # Latin-1 fills the five bytes that Windows-1252 leaves undefined; they are controls and go away.
        return "".join(bytes([byte]).decode("cp1252", "ignore") or chr(byte) for byte in source)
