"""The inbox of a session: commands wait here for their outcome, on their way into the log and out of it again.

A command that is known gets its first outcome, one that is on its way is waited for once more, and one that is plain noise never
reaches the log. The verdict on all others falls in the fold, and comes back through `settle`.
"""

from __future__ import annotations

import asyncio
import secrets
from collections import Counter
from collections.abc import Callable

import msgspec

from server.core.base import Command
from server.core.commands import encode_command
from server.core.fold import permit
from server.core.refusals import Refusal
from server.core.state import Outcome, State
from server.hub.appender import Appender
from server.log.port import Draft, Log, Position
from server.protocol.frames import Sent

Settle = Callable[[Outcome], None]


class Awaited(msgspec.Struct, frozen=True):
    """A command whose outcome somebody here waits for, and who."""

    command: Command
    body: bytes
    settles: list[Settle]


class Inbox:
    """See the module. `settled` is called after outcomes were given outside the fold, `lost` when the log knows no such session."""

    def __init__(
        self,
        log: Log,
        session: str,
        state: State,
        *,
        settled: Callable[[], None],
        lost: Callable[[], None],
        counters: Counter[str],
    ) -> None:
        self._state = state
        self._settled = settled
        self._lost = lost
        self._counters = counters
        self._loop = asyncio.get_running_loop()
        self._appender = Appender(log, session, self._repeated, self._failed)
        self._pending: dict[tuple[str, str], Awaited] = {}

    async def close(self) -> None:
        """Append what was accepted."""
        await self._appender.close()

    @property
    def waiting(self) -> bool:
        """Whether somebody waits for an outcome."""
        return bool(self._pending)

    def submit(self, person: str, frame: Sent, settle: Settle) -> None:
        """Take in a person's command; `settle` gets its outcome, at once or when its entry was folded."""
        place = (person, frame.id)
        pending = self._pending.get(place)
        if pending is not None:
            pending.settles.append(settle)
            return
        known = self._known(person, frame)
        if known is not None:
            self.settle(Awaited(frame.command, frame.body, [settle]), known)
            self._settled()
        else:
            self._pending[place] = Awaited(frame.command, frame.body, [settle])
            self._appender.put(Draft(person, frame.id, frame.body))

    async def ask(self, person: str, frame: Sent) -> Outcome:
        """Take in a person's command and return its outcome."""
        future: asyncio.Future[Outcome] = self._loop.create_future()
        self.submit(person, frame, lambda outcome: _resolve(future, outcome))
        return await future

    async def by_server(self, command: Command, key: str = "") -> Outcome:
        """Append a command of the server's own and return its outcome; the same key is stored once, whoever appends it."""
        key = key or secrets.token_hex(12)
        future: asyncio.Future[Outcome] = self._loop.create_future()
        body = encode_command(command)
        self._pending["", key] = Awaited(command, body, [lambda outcome: _resolve(future, outcome)])
        self._appender.put(Draft("", key, body))
        return await future

    def put(self, key: str, command: Command) -> None:
        """Append a command of the server's own that nobody waits for; the same key is stored once, whoever puts it."""
        self._appender.put(Draft("", key, encode_command(command)))

    def collect(self, by: str, key: str) -> Awaited | None:
        """Return the command that is waited for under this key, if one is, and wait no more: `settle` follows."""
        return self._pending.pop((by, key), None)

    def settle(self, awaited: Awaited, outcome: Outcome) -> None:
        """Tell everybody who waited for this command."""
        if outcome.code is not None:
            self._counters[f"refused:{outcome.code}"] += 1
        for settle in awaited.settles:
            settle(outcome)

    def _known(self, person: str, frame: Sent) -> Outcome | None:
        """Return the outcome of a repeat, or the refusal that is sure for want of permission: advice that spares the log."""
        known = self._state.outcome(person, frame.id)
        if known is None:
            try:
                permit(self._state, person, type(frame.command))
            except Refusal as refusal:
                return Outcome(self._state.seq, code=refusal.code, fields=refusal.fields)
        return known

    def _repeated(self, draft: Draft, position: Position) -> None:
        """A draft had its place before. Its entry settles it, unless that was folded before."""
        if (draft.by, draft.key) not in self._pending or position.seq > self._state.seq:
            return
        outcome = self._state.outcome(draft.by, draft.key)
        if outcome is not None:
            self._end(draft, outcome)

    def _failed(self, draft: Draft, code: str) -> None:
        self._end(draft, Outcome(self._state.seq, code=code))
        if code == "session.unknown":
            self._lost()

    def _end(self, draft: Draft, outcome: Outcome) -> None:
        awaited = self.collect(draft.by, draft.key)
        if awaited is not None:
            self.settle(awaited, outcome)
            self._settled()


def _resolve(future: asyncio.Future[Outcome], outcome: Outcome) -> None:
    if not future.done():
        future.set_result(outcome)
