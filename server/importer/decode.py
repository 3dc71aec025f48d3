"""From the bytes of a file or a paste to clean text: the size first, then byte order marks, UTF-16, old code pages."""

from __future__ import annotations

import codecs

from server.importer.remarks import Place, Remarks
from server.importer.words import clean

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
