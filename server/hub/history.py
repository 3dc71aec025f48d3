"""History: what the last changes of one document touched, so that whoever holds an earlier version gets what is new alone.

A step goes from one flush to another that looked at the document. At both ends, and as long as no step follows, this worker knows what
the document was. Within a step it does not: another worker may have sent a value there that was gone again at the end. So a position
within a step is no place to go on from.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from itertools import islice
from typing import Any, NamedTuple

import msgspec

from server.core.patch import Trace

MOST_BYTES = 64 * 1024
"""Of all traces of a document together; older ones are dropped. In a poll with five patches a second that is four minutes, else many."""

_OVERHEAD = 64

_encode = msgspec.json.Encoder().encode
_decode = msgspec.json.Decoder(list[dict[str, Any]]).decode


class _Step(NamedTuple):
    since: int
    seq: int
    traces: bytes


class History:
    """The steps of a document that is known from entry `seq` on."""

    __slots__ = ("_from", "_size", "_steps")

    def __init__(self, seq: int) -> None:
        self._from = seq
        self._steps: deque[_Step] = deque()
        self._size = 0

    def add(self, since: int, seq: int, traces: Sequence[Trace]) -> None:
        """Add what was touched between two entries; nothing, where a look found the document as it was."""
        if not traces and seq - since < 2:
            return
        step = _Step(since, seq, _encode(traces))
        self._steps.append(step)
        self._size += len(step.traces) + _OVERHEAD
        while self._size > MOST_BYTES:
            gone = self._steps.popleft()
            self._size -= len(gone.traces) + _OVERHEAD
            self._from = gone.seq

    def later(self, seq: int) -> int | None:
        """Return how many steps came after an entry; None where it is not known what the document was then."""
        many = 0
        for step in reversed(self._steps):
            if step.seq <= seq:
                return many
            if step.since < seq:
                return None
            many += 1
        return many if seq >= self._from else None

    def traces(self, many: int) -> list[Trace]:
        """Return what so many last steps touched. Where it was the same again and again, as by the votes in a poll, it is said once."""
        distinct = dict.fromkeys(step.traces for step in islice(reversed(self._steps), many))
        return [trace for traces in distinct for trace in _decode(traces)]
