"""Audiences: the connections of a session, grouped by the shared documents that they read.

Everybody in a group gets the same bytes, so what goes out is put together once a group. Whoever changes groups (another role, another
breakout room) stands in none of them while documents go out, and gets what the change means for them: see `Moved`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable

import msgspec

from server.hub.attachment import Attachment, Names
from server.hub.peer import Batch, Broadcast, Peer


class Moved(msgspec.Struct, frozen=True):
    """What a change of audience means: documents that are over, that are new, and that go on."""

    gone: Names
    new: Names
    kept: Names


class Group:
    """Those who read the same documents. What writes to all of them stands ready, by class of peer, until somebody comes or goes."""

    def __init__(self) -> None:
        self.members: set[Attachment] = set()
        self._ready: list[_Ready] | None = None

    def add(self, attachment: Attachment) -> None:
        """Take somebody in."""
        self.members.add(attachment)
        self._ready = None

    def discard(self, attachment: Attachment) -> None:
        """Let somebody go; harmless for who is not here."""
        self.members.discard(attachment)
        self._ready = None

    def broadcast(self, batch: Batch, but: set[Attachment]) -> list[Attachment]:
        """Write one batch to all but these members, and return those on which something waits to leave."""
        if self._ready is None:
            self._ready = _make_ready(self.members)
        late: list[Attachment] = []
        for ready in self._ready:
            left_out = {place for attachment in but if (place := ready.places.get(attachment)) is not None}
            late += [ready.attachments[place] for place in ready.broadcast(batch, left_out)]
        return late


class _Ready(msgspec.Struct, frozen=True):
    """Members whose peers are of one class, in order, their places in it, and what writes to all of them."""

    attachments: list[Attachment]
    places: dict[Attachment, int]
    broadcast: Broadcast


def _make_ready(members: Iterable[Attachment]) -> list[_Ready]:
    by_class: dict[type[Peer], list[Attachment]] = {}
    for attachment in members:
        by_class.setdefault(type(attachment.peer), []).append(attachment)
    return [
        _Ready(
            attachments,
            {attachment: place for place, attachment in enumerate(attachments)},
            kind.together([attachment.peer for attachment in attachments]),
        )
        for kind, attachments in by_class.items()
    ]


class Audiences:
    """See the module. `unread` is called with the name of a document when its last reader has left."""

    def __init__(self, unread: Callable[[str], None]) -> None:
        self._unread = unread
        self._groups: dict[Names, Group] = {}
        self._readers: Counter[str] = Counter()
        self._roles: Counter[str] = Counter()

    @property
    def groups(self) -> list[tuple[Names, Group]]:
        """The names of documents, and who reads just these; a copy, for groups come and go while it is gone through."""
        return list(self._groups.items())

    @property
    def roles(self) -> dict[str, int]:
        """How many connections there are, by role."""
        return dict(self._roles)

    def enter(self, attachment: Attachment) -> None:
        """Take in a new connection."""
        self._roles[attachment.role] += 1
        self._readers.update(attachment.names)
        self.place(attachment)

    def leave(self, attachment: Attachment) -> None:
        """Let a connection go."""
        self._roles[attachment.role] -= 1
        self._take(attachment)
        self._forget(attachment.names)

    def move(self, attachment: Attachment, role: str, names: Names) -> Moved:
        """Give a connection another role or other documents. It stands in no group until `place`."""
        before = attachment.names
        change = Moved(
            gone=tuple(name for name in before if name not in names),
            new=tuple(name for name in names if name not in before),
            kept=tuple(name for name in names if name in before),
        )
        self._take(attachment)
        self._roles[attachment.role] -= 1
        self._roles[role] += 1
        attachment.role, attachment.names = role, names
        self._readers.update(change.new)
        self._forget(change.gone)
        return change

    def place(self, attachment: Attachment) -> None:
        """Put a connection into the group that its names say."""
        group = self._groups.get(attachment.names)
        if group is None:
            group = self._groups[attachment.names] = Group()
        group.add(attachment)

    def _take(self, attachment: Attachment) -> None:
        group = self._groups.get(attachment.names)
        if group is not None:
            group.discard(attachment)
            if not group.members:
                del self._groups[attachment.names]

    def _forget(self, names: Names) -> None:
        for name in names:
            self._readers[name] -= 1
            if not self._readers[name]:
                del self._readers[name]
                self._unread(name)
