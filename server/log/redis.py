"""The log in Redis or Valkey: for several workers that share sessions.

A session is a stream, and `append.lua` numbers, stores and announces in one act. The stream is the truth. Pub/sub is
the fast road to the other workers; what it loses is read from the stream: at a gap, after every (re)subscription, and
when the position check, every second or two, finds the stream longer than what was heard.

redis-py repeats commands by itself when a connection breaks, and a write whose reply was lost would then be done twice.
So appends have a client of their own that never repeats: the caller does, with the same drafts, and the script dedupes.
"""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Awaitable, Sequence
from importlib.resources import files
from typing import Any

import structlog
from redis.asyncio import BlockingConnectionPool, ConnectionPool, Redis
from redis.asyncio.retry import Retry
from redis.backoff import ExponentialWithJitterBackoff, NoBackoff
from redis.exceptions import RedisError

from server.log.announcement import parse
from server.log.feed import Feed, Feeds
from server.log.group import Append, Group
from server.log.listener import Channel, Listener
from server.log.port import CodeTaken, Draft, EntrySink, LogUnavailable, LostSink, Position, Stored, TellSink, unheeded
from server.log.redis_server import examine

CONNECTIONS = 16
"""Appends and reads under way at once, each; more wait for a connection."""

_logger = structlog.get_logger(__name__)


class RedisLog:
    """The port's promises on one Redis server. Entries are stamped with the server's clock.

    Args:
        url: `redis://`, `rediss://` (with `?ssl_cert_reqs=none` for a self-signed certificate) or `unix://`.
        prefix: what all keys and channels begin with.
        timeout: seconds after which an answer is no longer waited for.
        check_every: seconds between two position checks, the longest delay of an entry that pub/sub lost.
    """

    def __init__(self, url: str, prefix: str = "baraza", timeout: float = 5.0, check_every: float = 1.5) -> None:
        self.durability = "Redis, not connected yet"
        self._prefix = prefix
        self._check_every = check_every
        # RESP2: the same shapes on every server, and pub/sub messages are plain replies.
        options: dict[str, Any] = {"protocol": 2, "socket_timeout": timeout, "socket_connect_timeout": timeout}
        once: dict[str, Any] = options | {"retry": Retry(NoBackoff(), 0)}
        often: dict[str, Any] = options | {"retry": Retry(ExponentialWithJitterBackoff(cap=0.5, base=0.02), 4)}
        pools = {"max_connections": CONNECTIONS, "timeout": timeout}
        self._unguarded_appends = Redis.from_pool(BlockingConnectionPool.from_url(url, **once, **pools))
        self._unguarded_reads = Redis.from_pool(BlockingConnectionPool.from_url(url, **often, **pools))
        scripts = files(__package__)
        self._script = self._unguarded_appends.register_script(scripts.joinpath("append.lua").read_text())
        self._saving = self._unguarded_appends.register_script(scripts.joinpath("save.lua").read_text())
        self._listener = Listener(ConnectionPool.from_url(url, **once).make_connection, timeout)
        self._feeds = Feeds(self.read, self._joined, self._left)
        self._groups: dict[str, Group] = {}
        self._me = secrets.token_hex(8).encode()
        self._checking: asyncio.Task[None] | None = None
        self._closing = False

    async def open(self) -> None:
        """Connect, examine the server, begin to listen."""
        try:
            self.durability = await self._reached(examine(self._reads))
            await self.ready()
        except BaseException:
            await self.close()
            raise
        self._listener.start()
        self._checking = asyncio.create_task(self._check_positions())
        _logger.info("log.opened", durability=self.durability)

    async def close(self) -> None:
        """Write what was accepted, then let go of all connections."""
        for group in tuple(self._groups.values()):
            await group.idle()
        self._closing = True
        self._feeds.cancel()
        await self._listener.stop()
        if self._checking is not None:
            self._checking.cancel()
            await asyncio.wait([self._checking])
        await self._unguarded_appends.aclose(close_connection_pool=True)
        await self._unguarded_reads.aclose(close_connection_pool=True)

    async def create(self, session: str, code: str, first: Draft) -> Position:
        """Start a session; the same call again finds the first. `ValueError` when the session has another code."""
        [position] = await self._run(session, [first], code)
        return position

    async def find(self, code: str) -> str | None:
        """Return the session that a join code belongs to."""
        session: bytes | None = await self._reached(self._reads.hget(self._key("codes"), code))
        return None if session is None else session.decode()

    async def sessions(self) -> list[str]:
        """Return the ids of all sessions, oldest first."""
        found: list[bytes] = await self._reached(self._reads.lrange(self._key("sessions"), 0, -1))
        return [session.decode() for session in found]

    async def append(self, session: str, drafts: Sequence[Draft]) -> list[Position]:
        """Append in order, all or none, in one run of the script with whatever else waits for this session."""
        if not drafts:
            return []
        group = self._groups.setdefault(session, Group(self._write))
        try:
            return await group.add(Append(session, drafts))
        finally:
            if group.is_idle and self._groups.get(session) is group:
                del self._groups[session]

    async def read(self, session: str, after: int = 0, limit: int = 10_000) -> list[Stored]:
        """Return at most `limit` entries with `seq > after`, in order."""
        stream = self._key(session, "log")
        found = await self._reached(self._reads.xrange(stream, min=f"{after + 1}-0", count=limit))
        return [_stored(ident, fields) for ident, fields in found]

    async def save(self, session: str, seq: int, body: bytes) -> None:
        """Keep a snapshot, unless a newer one is there."""
        keys = [self._key(session, "log"), self._key(session, "snapshot")]
        await self._reached(self._saving(keys, [seq, body], client=self._appends))

    async def saved(self, session: str) -> tuple[int, bytes] | None:
        """Return the snapshot and the number of its last entry."""
        found = await self._reached(self._reads.hmget(self._key(session, "snapshot"), ["seq", "body"]))
        seq, body = found
        return None if seq is None or body is None else (int(seq), body)

    async def subscribe(
        self, session: str, after: int, entries: EntrySink, tells: TellSink, lost: LostSink = unheeded
    ) -> Feed:
        """Announce what stands after `after`, then what follows; returns when what stood there has been passed on."""
        return await self._feeds.start(session, after, entries, tells, lost)

    async def tell(self, session: str, message: bytes) -> None:
        """Publish to the other workers; when Redis cannot be reached, nobody hears it."""
        try:
            await self._reached(self._appends.publish(self._key(session, "tells"), self._me + message))
        except LogUnavailable as error:
            _logger.warning("log.tell_lost", session=session, error=str(error))

    async def ready(self) -> None:
        """Return when a key was written."""
        await self._reached(self._appends.set(self._key("ready"), self._me, px=60_000))

    async def _write(self, group: list[Append]) -> None:
        session = group[0].session
        drafts = [draft for append in group for draft in append.drafts]
        try:
            positions = iter(await self._run(session, drafts))
        except (LogUnavailable, KeyError) as error:
            for append in group:
                append.fail(error)
            return
        for append in group:
            append.succeed([next(positions) for _ in append.drafts])

    async def _run(self, session: str, drafts: Sequence[Draft], code: str = "") -> list[Position]:
        keys = [self._key(session, "log"), self._key(session, "firsts"), self._key("sessions"), self._key("codes")]
        seen = max((feed.last for feed in self._feeds.of(session)), default=0)
        parts = [part for draft in drafts for part in (draft.by, draft.key, draft.body)]
        values = [session, self._key(session, "entries"), seen, code, *parts]
        reply = await self._reached(self._script(keys, values, client=self._appends))
        status, *numbers = reply
        if status == b"taken":
            raise CodeTaken(code)
        if status == b"other":
            raise ValueError(f"The session {session} exists with another join code.")
        if status != b"ok":
            raise KeyError(session)
        triples = zip(numbers[0::3], numbers[1::3], numbers[2::3], strict=True)
        positions = [Position(seq, at, bool(repeated)) for seq, at, repeated in triples]
        self._feeds.offer(
            session,
            [
                Stored(position.seq, position.at, draft.by, draft.key, draft.body)
                for position, draft in zip(positions, drafts, strict=True)
                if not position.repeated
            ],
        )
        return positions

    async def _check_positions(self) -> None:
        # Asked besides being cancelled: redis-py's `asyncio.wait_for` can swallow a cancellation in Python 3.11.
        while not self._closing:
            await asyncio.sleep(self._check_every)
            before = [(feed, feed.last) for feed in self._feeds]
            if not before:
                continue
            try:
                pipeline = self._appends.pipeline(transaction=False)
                for feed, _ in before:
                    pipeline.xlen(self._key(feed.session, "log"))
                lengths = await self._reached(pipeline.execute())
            except LogUnavailable as error:
                _logger.warning("log.position_check_failed", error=str(error))
                continue
            for (feed, last), length in zip(before, lengths, strict=True):
                feed.compare(length, last)

    @property
    def _appends(self) -> Redis:
        return self._while_open(self._unguarded_appends)

    @property
    def _reads(self) -> Redis:
        return self._while_open(self._unguarded_reads)

    def _while_open(self, client: Redis) -> Redis:
        # A client that is used after its end would connect again, and nobody would close that connection.
        if self._closing:
            raise LogUnavailable("The log is closed.")
        return client

    def _joined(self, session: str) -> None:
        def message(data: bytes) -> None:
            self._feeds.offer(session, parse(data))

        def confirmed() -> None:
            for feed in self._feeds.of(session):
                feed.wake()

        def told(data: bytes) -> None:
            if not data.startswith(self._me):
                for feed in self._feeds.of(session):
                    feed.hear(data[len(self._me) :])

        self._listener.join(self._key(session, "entries"), Channel(message, confirmed))
        self._listener.join(self._key(session, "tells"), Channel(told, lambda: None))

    def _left(self, session: str) -> None:
        self._listener.leave(self._key(session, "entries"))
        self._listener.leave(self._key(session, "tells"))

    def _key(self, *parts: str) -> str:
        return ":".join((self._prefix, *parts))

    async def _reached(self, call: Awaitable[Any]) -> Any:
        try:
            return await call
        except (RedisError, OSError) as error:
            raise LogUnavailable(f"Redis: {str(error) or type(error).__name__}") from error


def _stored(ident: bytes, fields: dict[bytes, bytes]) -> Stored:
    seq = int(ident.partition(b"-")[0])
    return Stored(seq, int(fields[b"at"]), fields[b"by"].decode(), fields[b"key"].decode(), fields[b"body"])
