"""One client of the protocol, without sockets: it takes frames and says what to send.

It keeps the documents by applying patches, numbers its commands, keeps what was not acknowledged and sends it again after
`welcome`, and it watches the server: whatever breaks the protocol becomes a fault by name, never an exception.

Rules of time: `now` is this process's monotonic clock in seconds.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import msgspec

from server.rehearsal import wire
from server.rehearsal.patch import Document, SharedDocuments, merge, whole
from server.rehearsal.wire import Frame, FrameReader, Welcome

OWN_DOCUMENT = "me"
"""The one document that nobody shares."""
ROOM = "room/"
"""How the names of the documents of breakout rooms begin; the room's id follows."""
UNLOGGED = frozenset({"react"})
"""What is only counted, outside the log: a repeat has no first outcome to give again."""
PATIENCE = 10.0
"""Seconds without an answer to a ping after which a client takes its connection for dead."""


class Sent(msgspec.Struct):
    """A command that was sent or waits to be, until its fate is known."""

    id: str
    do: str
    fields: Mapping[str, Any]
    payload: bytes
    at: float
    lose_reply: bool = False
    """The first reply is taken for lost, and the same command is sent again."""
    lost: Frame | None = None
    """The reply that was taken for lost; the next one must say the same."""
    clean: bool = True
    """Sent once, on an open connection: its time to `done` is the server's."""


class Settled(msgspec.Struct, frozen=True):
    """What became of a command: `seq` when it was done, `code` when it was refused."""

    sent: Sent
    at: float
    seq: int = 0
    made: str | None = None
    code: str | None = None
    message: str | None = None


class Client:
    """The documents, the commands under way and the position of one person, screen or moderator."""

    def __init__(
        self,
        reader: FrameReader,
        shared: SharedDocuments,
        prefix: str,
        settled: Callable[[Settled], None],
        changed: Callable[[str, int, float], None],
    ) -> None:
        """Take what all clients share, a prefix for command ids, and who hears of outcomes and of new documents.

        `changed` is called with the document's name, its seq and the time.
        """
        self.docs: dict[str, Document] = {}
        self.at: str | None = None
        self.seq = 0
        self.person: str | None = None
        self.role: str | None = None
        self.live = False
        self.welcomes = 0
        self.resumed = 0
        self.heard_at = 0.0
        self.faults: Counter[str] = Counter()
        self.waiting: dict[str, Sent] = {}
        self._reader = reader
        self._shared = shared
        self._prefix = prefix
        self._settled = settled
        self._changed = changed
        self.welcomed_at = 0.0
        self._given: set[str] = set()
        """Documents of rooms that came with the last position."""
        self._taken: set[str] = set()
        """Documents that ended with it, or with the one that is coming in."""
        self._rooms: set[str] = set()
        """The document of the room in which this person was before."""
        self._numbered = 0
        self._pinged: float | None = None

    def opened(self) -> list[bytes]:
        """Return what to send on a new connection."""
        self._pinged = None
        return [wire.hello(self.at)]

    def closed(self) -> None:
        """Note that the connection is gone; what was not acknowledged is kept."""
        self.live = False
        for sent in self.waiting.values():
            sent.clean = False

    def command(self, do: str, fields: Mapping[str, Any], now: float, lose_reply: bool = False) -> list[bytes]:
        """Return the frames that carry a new command: none while offline, for then it is kept until `welcome`."""
        self._numbered += 1
        ident = f"{self._prefix}{self._numbered}"
        sent = Sent(ident, do, fields, wire.command(ident, do, fields), now, lose_reply, clean=self.live)
        self.waiting[ident] = sent
        return [sent.payload] if self.live else []

    def beat(self, now: float) -> list[bytes] | None:
        """Return a ping, or None when the last one was not answered in time and the connection is to be given up."""
        if self._pinged is not None and self.heard_at < self._pinged and now - self._pinged > PATIENCE:
            return None
        self._pinged = now
        return [wire.ping(int(now * 1000))]

    def receive(self, payload: bytes, now: float) -> Sequence[bytes]:
        """Take a frame and return the frames to send in answer."""
        self.heard_at = now
        try:
            frame = self._reader.read(payload)
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
            self.faults["frame not understood"] += 1
            return ()
        if frame.doc is not None:
            self._document(frame.doc, frame, now)
        elif frame.done is not None:
            return self._reply(frame.done, frame, now)
        elif frame.refused is not None:
            return self._reply(frame.refused, frame, now)
        elif frame.welcome is not None:
            return self._welcomed(frame.welcome, now)
        elif frame.pong is None:
            self.faults["frame not understood"] += 1
        return ()

    def _document(self, name: str, frame: Frame, now: float) -> None:
        if frame.gone:
            self.docs.pop(name, None)
            self._taken.add(name)
            return
        if frame.seq > self.seq:
            self._check_rooms()
        if frame.full is not wire.NOTHING:
            self.docs[name] = self._whole(name, frame.seq, bytes(frame.full))
        elif frame.patch is msgspec.UNSET:
            self.faults["document frame without patch or full"] += 1
            return
        elif name not in self.docs:
            self.faults["patch to a document never given"] += 1
            return
        elif name == OWN_DOCUMENT:
            self.docs[name] = merge(self.docs[name], frame.patch)
        else:
            self.docs[name] = self._shared.merge(name, frame.seq, self.docs[name], frame.patch)
        if frame.seq < self.seq:
            self.faults["document older than what was held"] += 1
        if name.startswith(ROOM):
            self._given.add(name)
        self.seq = max(self.seq, frame.seq)
        self.at = frame.at or self.at
        self._changed(name, frame.seq, now)

    def _whole(self, name: str, seq: int, raw: bytes) -> Document:
        return whole(raw) if name == OWN_DOCUMENT else self._shared.decode(name, seq, raw)

    def _check_rooms(self) -> None:
        """Hold the documents of rooms against where this person is, now that a later position begins and all of the last one is here.

        With it they may have come from one room to another, so both are theirs; any third one is not.
        """
        own = self.docs.get(OWN_DOCUMENT)
        now = {f"{ROOM}{own['room']}"} if isinstance(own, dict) and "room" in own else set()
        if self._given - self._rooms - now:
            self.faults["document of a room that is not theirs"] += 1
        held = {name for name in self.docs if name.startswith(ROOM)}
        if held - now:
            self.faults["document of a room kept after leaving it"] += 1
        if now - held - self._taken:
            self.faults["no document of the own room"] += 1
        self._given, self._taken, self._rooms = set(), set(), now

    def _welcomed(self, welcome: Welcome, now: float) -> list[bytes]:
        if welcome.resumed and self.at is None:
            self.faults["resumed without a position"] += 1
        if not welcome.resumed:
            self.docs = {}
        for name, raw in welcome.docs.items():
            self.docs[name] = self._whole(name, welcome.seq, bytes(raw))
        self._given, self._taken = {name for name in welcome.docs if name.startswith(ROOM)}, set()
        if "stage" not in self.docs:
            self.faults["no stage after welcome"] += 1
        self.at, self.seq = welcome.at, welcome.seq
        self.person, self.role = welcome.person, welcome.role
        self.live = True
        self.welcomed_at = now
        self.welcomes += 1
        self.resumed += welcome.resumed
        for name in self.docs:
            self._changed(name, welcome.seq, now)
        return [sent.payload for sent in self.waiting.values()]

    def _reply(self, ident: str, frame: Frame, now: float) -> Sequence[bytes]:
        sent = self.waiting.get(ident)
        if sent is None:
            self.faults["reply to nothing"] += 1
            return ()
        if sent.lose_reply and sent.lost is None:
            sent.lost = frame
            sent.clean = False
            return [sent.payload]
        # A refusal before the log may be lifted by the time of the repeat; what was done stays done.
        first = sent.lost if sent.lost is not None and sent.lost.done is not None else None
        if first is not None and sent.do not in UNLOGGED and _fate(first) != _fate(frame):
            self.faults[f"{sent.do} repeated, with another outcome"] += 1
        del self.waiting[ident]
        if frame.done is not None:
            self._settled(Settled(sent, now, frame.seq, frame.made))
        else:
            self._settled(Settled(sent, now, code=frame.code or "unknown", message=frame.message))
        return ()


def _fate(frame: Frame) -> tuple[str | None, int, str | None]:
    return (frame.done, frame.seq, frame.made)
