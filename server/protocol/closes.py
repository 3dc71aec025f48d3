"""Why a socket is closed. 4000 to 4099: do not come back with the same key; everything else: come back after a pause."""

from __future__ import annotations

from enum import IntEnum


class CloseCode(IntEnum):
    """Close codes of our own; see the table of the protocol page."""

    UNAUTHORISED = 4000
    REMOVED = 4001
    UNKNOWN_SESSION = 4002
    PROTOCOL = 4003
    REPLACED = 4004
    SLOW_READER = 4100
    TOO_FAST = 4101
    NO_HELLO = 4102
    RESTART = 1012
