"""The hub: all live sessions of this worker, loaded when first wanted and let go when nobody is there."""

from __future__ import annotations

import asyncio
import re
import secrets
import time
from collections import Counter
from collections.abc import Callable

import msgspec
import structlog

from server.core.base import MODERATOR, RAPPORTEUR, SCREEN
from server.core.commands import encode_command
from server.core.session import Create
from server.core.setup import Setup
from server.hub.attendance import AWAY_SECONDS
from server.hub.live import Live, new_token, token_hash
from server.hub.opening import read_past
from server.log.port import CodeTaken, Draft, Log, LogUnavailable
from server.planner.process import Planner
from server.protocol.limits import Rate
from server.texts.catalogues import Catalogues

LINK_ROLES = (MODERATOR, RAPPORTEUR, SCREEN)

CODE_ALPHABET = "23456789ABCDEFGHJKMNPQRSTVWXYZ"
"""No I, L, O, U, 0 or 1: nothing that is misread from the back of a hall or misheard over the phone."""

CODE_LENGTH = 6
_LOOKS_RIGHT = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789")
_LONGEST_CODE = 12
CODE_TRIES = 20

_SESSION_ID = re.compile(r"[0-9a-f]{12}")

CARE_SECONDS = 1.0
TELL_SECONDS = 2.0
IDLE_SECONDS = 600.0

_logger = structlog.get_logger(__name__)


class Created(msgspec.Struct, frozen=True):
    """A new session: its id, its join code, and the key of every role link."""

    session: str
    code: str
    tokens: dict[str, str]


class Stats(msgspec.Struct, frozen=True):
    """What an operator wants to know of this worker.

    `plans` are those of rooms, made or failed; `flushing` is the CPU time that all flushes took and `lag` how late the event loop ran
    last, both in seconds.
    """

    sessions: int
    connections: dict[str, int]
    entries: int
    flushes: int
    flushing: float
    closed: int
    refused: dict[str, int]
    plans: dict[str, int]
    lag: float
    longest_interval: float


def normal_code(text: str) -> str:
    """Return a join code as people mean it: upper case, without the spaces and dashes they put between."""
    return "".join(c for c in text.upper() if c in _LOOKS_RIGHT)[:_LONGEST_CODE]


def wall_clock() -> int:
    """Return milliseconds since the epoch."""
    return time.time_ns() // 1_000_000


class Hub:
    """The live sessions of one worker.

    `rate` bounds the commands of one person, `planner` computes plans of breakout rooms, and who has not been connected for `away`
    seconds is gone.
    """

    def __init__(
        self,
        log: Log,
        *,
        texts: Catalogues,
        worker: str,
        planner: Planner,
        clock: Callable[[], int] = wall_clock,
        rate: Rate | None = None,
        away: float = AWAY_SECONDS,
    ) -> None:
        self._log = log
        self._texts = texts
        self._worker = worker
        self._clock = clock
        self._rate = rate or Rate()
        self._planner = planner
        self._away = away
        self._sessions: dict[str, asyncio.Future[Live]] = {}
        self._counters: Counter[str] = Counter()
        self._lag = 0.0
        self._tasks: list[asyncio.Task[None]] = []

    async def start(self) -> None:
        """Begin to look after sessions; the log is open already."""
        loop = asyncio.get_running_loop()
        self._tasks = [
            loop.create_task(self._care(), name="care for sessions"),
            loop.create_task(self._tell_others(), name="tell presence"),
        ]

    async def close(self) -> None:
        """Finish what was accepted in every session."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        # Connections are closed by now: the others should not count for a while those who come to them from here.
        await asyncio.gather(*(self._tell(live) for live in self._loaded()))
        await asyncio.gather(*(live.close() for live in self._loaded()))
        self._sessions.clear()

    async def create(self, setup: Setup) -> Created:
        """Start a session; `LogUnavailable` when it cannot be stored."""
        session = secrets.token_hex(6)
        tokens = {role: new_token() for role in LINK_ROLES}
        for _ in range(CODE_TRIES):
            code = "".join(secrets.choice(CODE_ALPHABET) for _ in range(CODE_LENGTH))
            command = Create(
                session=session,
                code=code,
                epoch=secrets.token_urlsafe(4),
                salt=secrets.token_hex(16),
                setup=setup,
                tokens={role: token_hash(token) for role, token in tokens.items()},
                names={role: self._texts.t(setup.languages[0], f"common.role.{role}") for role in LINK_ROLES},
            )
            try:
                await self._log.create(session, code, Draft("", "create", encode_command(command)))
            except CodeTaken:
                continue
            return Created(session, code, tokens)
        raise LogUnavailable("no free join code found")

    async def find(self, code: str) -> str | None:
        """Return the session of a join code, in whatever case and spacing it was typed."""
        return await self._log.find(normal_code(code))

    async def live(self, session: str) -> Live | None:
        """Return a session, loaded from the log if it is not here yet; None when there is none.

        Many who come at once wait for one loading.
        """
        if not _SESSION_ID.fullmatch(session):
            return None
        here = _loaded(self._sessions.get(session))
        if here is not None and here.lost:
            # The log forgot the session or went back behind what was folded here: fold again what it has now.
            await self._let_go(here)
        loading = self._sessions.get(session)
        if loading is None:
            loading = self._sessions[session] = asyncio.ensure_future(self._load(session))
        try:
            return await asyncio.shield(loading)
        except KeyError:
            return None
        finally:
            # The place may hold a later attempt already: that one stays.
            if loading.done() and _loaded(loading) is None and self._sessions.get(session) is loading:
                del self._sessions[session]

    def stats(self) -> Stats:
        """Return what is going on here."""
        connections: Counter[str] = Counter()
        loaded = self._loaded()
        for live in loaded:
            connections.update(live.delivery.connections)
        return Stats(
            sessions=len(loaded),
            connections=dict(connections),
            entries=self._counters["entries"],
            flushes=self._counters["flushes"],
            flushing=self._counters["flushing"] / 1e6,
            closed=self._counters["closed"],
            refused=self._by_label("refused"),
            plans=self._by_label("plans"),
            lag=self._lag,
            longest_interval=max((live.delivery.pace.interval for live in loaded), default=0.0),
        )

    def _by_label(self, name: str) -> dict[str, int]:
        """Return the counters called `name:label`, by label."""
        return {key.partition(":")[2]: n for key, n in self._counters.items() if key.startswith(f"{name}:")}

    async def _load(self, session: str) -> Live:
        live = Live(
            session,
            self._log,
            await read_past(self._log, session),
            clock=self._clock,
            texts=self._texts,
            worker=self._worker,
            rate=self._rate,
            counters=self._counters,
            planner=self._planner,
            away=self._away,
        )
        await live.start()
        return live

    async def _let_go(self, live: Live) -> None:
        # The place may hold another copy that was loaded since: that one stays.
        if _loaded(self._sessions.get(live.id)) is live:
            del self._sessions[live.id]
        await live.close()

    def _loaded(self) -> list[Live]:
        return [live for loading in self._sessions.values() if (live := _loaded(loading)) is not None]

    async def _care(self) -> None:
        loop = asyncio.get_running_loop()
        while True:
            due = loop.time() + CARE_SECONDS
            await asyncio.sleep(CARE_SECONDS)
            now = loop.time()
            self._lag = max(0.0, now - due)
            for live in self._loaded():
                live.care(now)
                if live.lost or (not live.busy and now - live.idle_since > IDLE_SECONDS and live.put_by()):
                    await self._let_go(live)

    async def _tell_others(self) -> None:
        """Apart from the care, which must not wait for a log that cannot be reached."""
        while True:
            await asyncio.sleep(TELL_SECONDS)
            await asyncio.gather(*(self._tell(live) for live in self._loaded()))

    async def _tell(self, live: Live) -> None:
        try:
            await live.tell_presence()
        except LogUnavailable as error:
            _logger.warning("presence not told", session=live.id, error=str(error))


def _loaded(loading: asyncio.Future[Live] | None) -> Live | None:
    """Return a session that has been loaded; None while it is, or when that failed."""
    if loading is None or not loading.done() or loading.cancelled() or loading.exception() is not None:
        return None
    return loading.result()
