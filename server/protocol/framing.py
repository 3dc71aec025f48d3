"""WebSocket frames as bytes (RFC 6455, section 5): where the next one ends, and what a plain one says.

Nearly all that clients send is one unfragmented text frame a message. Those are read here; every other frame, and every
broken one, is for a full parser, which gets it whole.
"""

from __future__ import annotations

try:
    from websockets.speedups import apply_mask
except ImportError:  # an installation without the compiled part
    from websockets.utils import apply_mask

TEXT = 0x81
"""FIN and the opcode of a text frame, no reserved bits: a whole message."""

_MASKED = 0x80
_LENGTH = 0x7F


def frame_size(data: bytes, start: int) -> int:
    """Return how many bytes the frame at `start` has, header included, or 0 where its header is not there yet.

    A frame that is not masked, which only a broken client sends, is measured without a mask.
    """
    there = len(data) - start
    if there < 2:
        return 0
    second = data[start + 1]
    length = second & _LENGTH
    size = 6 if second & _MASKED else 2
    if length < 126:
        return size + length
    wide = 2 if length == 126 else 8
    if there < 2 + wide:
        return 0
    return size + wide + int.from_bytes(data[start + 2 : start + 2 + wide], "big")


def plain_text(data: bytes, start: int, size: int) -> bytes | None:
    """Return the payload of the frame at `start`, if it is one masked text message of less than 64 KiB in valid UTF-8, else None."""
    if data[start] != TEXT:
        return None
    second = data[start + 1]
    if second < 0xFE and second & _MASKED:
        mask = start + 2
    elif second == 0xFE:
        mask = start + 4
    else:
        return None
    payload = apply_mask(data[mask + 4 : start + size], data[mask : mask + 4])
    return payload if payload.isascii() or is_text(payload) else None


def short_text(data: bytes, start: int) -> bytes | None:
    """Return the payload of the frame at `start`, if all of it is there and it is one masked ASCII message of less than 126 bytes.

    That is what nearly every command is; it saves the general way two calls. Such a frame has 6 bytes more than its payload.
    """
    if data[start] != TEXT or len(data) - start < 6:
        return None
    size = data[start + 1] - _MASKED
    stop = start + 6 + size
    if not 0 <= size < 126 or stop > len(data):
        return None
    payload = apply_mask(data[start + 6 : stop], data[start + 2 : start + 6])
    return payload if payload.isascii() else None


def text_frame(payload: bytes) -> bytes:
    """Return one unmasked, final text frame around `payload`."""
    size = len(payload)
    if size < 126:
        return b"\x81" + bytes((size,)) + payload
    if size < 65536:
        return b"\x81\x7e" + size.to_bytes(2, "big") + payload
    return b"\x81\x7f" + size.to_bytes(8, "big") + payload


def is_text(payload: bytes) -> bool:
    """Say whether a text message is what it has to be: UTF-8."""
    try:
        payload.decode()
    except UnicodeDecodeError:
        return False
    return True
