"""The announcement of new entries, as `append.lua` publishes it.

Entries one after another, each a line `seq at len(by) len(key) len(body)` in decimal, then those three as raw bytes. A
format that Lua writes by joining strings needs no library of the server, and bodies keep every byte.
"""

from __future__ import annotations

from server.log.port import Stored


def parse(message: bytes) -> list[Stored]:
    """Return the entries of an announcement; raise `ValueError` when the message is none."""
    entries: list[Stored] = []
    at = 0
    while at < len(message):
        line_end = message.index(b"\n", at)
        seq, stamp, *lengths = map(int, message[at:line_end].split(b" "))
        by_length, key_length, body_length = lengths
        by_end = line_end + 1 + by_length
        key_end = by_end + key_length
        at = key_end + body_length
        if at > len(message):
            raise ValueError("The announcement is cut short.")
        by, key = message[line_end + 1 : by_end].decode(), message[by_end:key_end].decode()
        entries.append(Stored(seq, stamp, by, key, message[key_end:at]))
    return entries
