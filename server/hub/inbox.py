"""The inbox of a session: commands wait here for their outcome, on their way into the log and out of it again.

A command that is known gets its first outcome, one that is on its way is waited for once more, and one that is plain noise never
reaches the log. The verdict on all others falls in the fold, and comes back through `settle`.
"""

from __future__ import annotations

import asyncio
import secrets
from collections import Counter
from collections.abc import Callable

from server.core.base import Command
from server.core.commands import encode_command
from server.core.fold import permit
from server.core.refusals import Refusal
from server.core.state import Outcome, State
from server.hub.appender import Appender
from server.log.port import Draft, Log, Position
from server.protocol.frames import Sent

Settle = Callable[[Outcome], None]


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
        self._appender = Appender(log, session, self._landed, self._failed)
        self._pending: dict[tuple[str, str], list[Settle]] = {}

    async def close(self) -> None:
        """Append what was accepted."""
        await self._appender.close()

    @property
    def waiting(self) -> bool:
        """Whether somebody waits for an outcome."""
        return bool(self._pending)

    def submit(self, person: str, frame: Sent, settle: Settle) -> None:
        """Take in a person's command; `settle` gets its outcome, at once or when its entry was folded."""
        pending = self._pending.get((person, frame.id))
        if pending is not None:
            pending.append(settle)
            return
        known = self._state.outcome(person, frame.id) or self._refusal(person, frame.command)
        self._pending[person, frame.id] = [settle]
        if known is not None:
            self.settle(person, frame.id, known)
            self._settled()
        else:
            self._appender.put(Draft(person, frame.id, frame.body))

    async def ask(self, person: str, frame: Sent) -> Outcome:
        """Take in a person's command and return its outcome."""
        future: asyncio.Future[Outcome] = self._loop.create_future()
        self.submit(person, frame, lambda outcome: _resolve(future, outcome))
        return await future

    def awaits(self, person: str, key: str) -> bool:
        """Say whether somebody here waits for the outcome of this command."""
        return (person, key) in self._pending

    async def by_server(self, command: Command, key: str = "") -> Outcome:
        """Append a command of the server's own and return its outcome; the same key is stored once, whoever appends it."""
        key = key or secrets.token_hex(12)
        future: asyncio.Future[Outcome] = self._loop.create_future()
        self._pending["", key] = [lambda outcome: _resolve(future, outcome)]
        self._appender.put(Draft("", key, encode_command(command)))
        return await future

    def put(self, key: str, command: Command) -> None:
        """Append a command of the server's own that nobody waits for; the same key is stored once, whoever puts it."""
        self._appender.put(Draft("", key, encode_command(command)))

    def settle(self, by: str, key: str, outcome: Outcome) -> None:
        """Tell everybody who waits for this command."""
        if outcome.code is not None:
            self._counters[f"refused:{outcome.code}"] += 1
        for settle in self._pending.pop((by, key), ()):
            settle(outcome)

    def _refusal(self, person: str, command: Command) -> Outcome | None:
        """Return the refusal that a command is sure to meet for want of permission, as advice that spares the log."""
        try:
            permit(self._state, person, type(command))
        except Refusal as refusal:
            return Outcome(self._state.seq, code=refusal.code, fields=refusal.fields)
        return None

    def _landed(self, draft: Draft, position: Position) -> None:
        """A draft has its place. Its entry settles it, unless that was folded before."""
        if position.seq <= self._state.seq:
            outcome = self._state.outcome(draft.by, draft.key)
            if outcome is not None:
                self.settle(draft.by, draft.key, outcome)
                self._settled()

    def _failed(self, draft: Draft, code: str) -> None:
        self.settle(draft.by, draft.key, Outcome(self._state.seq, code=code))
        self._settled()
        if code == "session.unknown":
            self._lost()


def _resolve(future: asyncio.Future[Outcome], outcome: Outcome) -> None:
    if not future.done():
        future.set_result(outcome)
