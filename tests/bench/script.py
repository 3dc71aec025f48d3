"""The script of an hour: who does what and when, and connections that count what comes.

Everything goes through a live session of the hub, by the clock of the event loop, whatever that is.
"""

from __future__ import annotations

import asyncio
import json
from collections import Counter
from collections.abc import Awaitable, Callable, Container, Sequence
from random import Random
from typing import Any, ClassVar

from server.hub import Live
from server.hub.attachment import Attachment
from server.hub.live import Member
from server.hub.peer import Batch, Broadcast
from server.protocol.framing import text_frame

PING_SECONDS = 10.0
"""Between two pings of a page; each is answered."""
SOCKET_PING = 6 * 4
"""Bytes a minute of the server's own pings, one every 15 seconds, which only a socket sends."""
POLLS, QUESTIONS, SPEAKERS, NOTES, REACTIONS = 6, 40, 60, 60, 600


class Counting:
    """A connection that counts the bytes that come, by what they are."""

    traffic: ClassVar[Counter[bytes]] = Counter()
    """To how many each message went that was written to many at once."""

    def __init__(self) -> None:
        self.bytes: Counter[str] = Counter()
        self.at = ""
        self.refused: list[bytes] = []
        self.buffered = 0

    @classmethod
    def together(cls, peers: Sequence[Any]) -> Broadcast:
        def broadcast(batch: Batch, but: Container[int]) -> Sequence[int]:
            chosen = [peer for place, peer in enumerate(peers) if place not in but]
            for message in batch.messages:
                cls.traffic[message] += len(chosen)
            for peer in chosen:
                peer.take(batch)
            return ()

        return broadcast

    def send(self, batches: Sequence[Batch]) -> None:
        for batch in batches:
            self.take(batch)

    def take(self, batch: Batch) -> None:
        """Count a batch."""
        for message in batch.messages:
            self.bytes[_kind(message)] += len(text_frame(message))
            if message.startswith(b'{"refused"'):
                self.refused.append(message)
        self.at = batch.at or self.at

    def close(self, code: int, reason: str = "") -> None:
        raise AssertionError(f"closed with {code}")

    def abort(self) -> None:
        raise AssertionError("aborted")


def _kind(message: bytes) -> str:
    """Return the document a frame is about, or what else it is: its first word."""
    words = message.split(b'"', 4)
    return (words[3] if words[1] == b"doc" else words[1]).decode()


class Someone:
    """A person, their connection, and their page's pings."""

    def __init__(self, live: Live, member: Member) -> None:
        self.live = live
        self.member = member
        self.peer = Counting()
        self._attachment: Attachment | None = None
        self._sent = 0

    @property
    def bytes(self) -> Counter[str]:
        """What has come so far."""
        return self.peer.bytes

    def connect(self) -> int:
        """Connect, with the position held; return the bytes that this takes."""
        before = self.bytes.total()
        self._attachment = self.live.attach(self.member, self.peer, self.peer.at or None)
        return self.bytes.total() - before

    def leave(self) -> None:
        """Drop the connection."""
        assert self._attachment is not None
        self._attachment.detach()
        self._attachment = None

    @property
    def here(self) -> bool:
        """Whether the connection is open."""
        return self._attachment is not None

    def do(self, command: str, /, **fields: Any) -> str:
        """Send a command, if connected, and return its id."""
        self._sent += 1
        ident = f"{self.member.person}-{self._sent}"
        self._say({"id": ident, "do": command, **fields})
        return ident

    async def make(self, command: str, /, **fields: Any) -> str:
        """Send a command and return what it made, a second later."""
        ident = self.do(command, **fields)
        await asyncio.sleep(1)
        outcome = self.live.state.outcome(self.member.person, ident)
        assert outcome is not None
        assert outcome.made is not None, outcome
        return outcome.made

    async def ping(self, offset: float) -> None:
        """Be a page that asks every few seconds whether the server is there."""
        await asyncio.sleep(offset)
        while True:
            self._say({"ping": 1})
            await asyncio.sleep(PING_SECONDS)

    def _say(self, frame: dict[str, Any]) -> None:
        if self._attachment is not None:
            self._attachment.receive(json.dumps(frame, separators=(",", ":")).encode())


class Hour:
    """The script: who does what, when. `chance` decides the moments."""

    def __init__(self, live: Live, tokens: dict[str, str], people: int, minutes: int, chance: Random) -> None:
        self.live = live
        self.tokens = tokens
        self.people: list[Someone] = []
        self.linked: dict[str, Someone] = {}
        self.resumed: list[int] = []
        self.whole: list[int] = []
        self.idle = 0.0
        self.entries = 0
        self._many = people
        self._length = minutes * 60.0
        self._chance = chance
        self._tasks: list[asyncio.Task[None]] = []

    async def play(self) -> None:
        """Play the whole hour, and a quiet minute before it."""
        try:
            await self._play()
        finally:
            for task in self._tasks:
                task.cancel()
            await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _play(self) -> None:
        for role, token in self.tokens.items():
            self.linked[role] = await self._arrive(token)
        await asyncio.gather(*(self._come(number) for number in range(self._many)))
        await asyncio.sleep(60)
        quiet = sum(one.bytes.total() for one in self.people)
        await asyncio.sleep(60)
        self.idle = (sum(one.bytes.total() for one in self.people) - quiet) / self._many + SOCKET_PING
        self.linked["moderator"].do("session.open")
        await asyncio.gather(
            self._agenda(), self._floor(), *(self._poll(number) for number in range(POLLS)),
            *self._often(QUESTIONS, self._question), *self._often(SPEAKERS, self._hand), *self._often(NOTES, self._note),
            *self._often(REACTIONS, self._react), *self._often(self._many // 5, self._drop_out),
        )  # fmt: skip
        self.linked["moderator"].do("session.close")
        await asyncio.sleep(2)
        self.entries = self.live.state.seq

    async def _arrive(self, token: str) -> Someone:
        member = await self.live.holder(token)
        assert member is not None
        one = Someone(self.live, member)
        one.connect()
        self._tasks.append(asyncio.create_task(one.ping(self._chance.uniform(0, PING_SECONDS))))
        return one

    async def _come(self, number: int) -> None:
        await asyncio.sleep(self._chance.uniform(0, 180))
        group = self._chance.choice(("diaspora", "youth", None))
        self.people.append(await self._arrive((await self.live.join(f"Person Number {number}", group, "en")).token))

    def _often(self, many: int, act: Callable[[], Awaitable[None]]) -> list[Awaitable[None]]:
        """Do something so often, at random moments of the hour but its last two minutes."""

        async def once(moment: float) -> None:
            await asyncio.sleep(moment)
            await act()

        return [once(self._chance.uniform(0, self._length - 200)) for _ in range(many)]

    def _somebody(self) -> Someone:
        return self._chance.choice([one for one in self.people if one.here])

    async def _agenda(self) -> None:
        stage = [item for segment in self.live.state.agenda.segments.values() for item in segment.order]
        for question in stage:
            self.linked["moderator"].do("agenda.go", question=question)
            await asyncio.sleep(self._length / len(stage))

    async def _floor(self) -> None:
        """Give the floor to the next one as long as somebody waits."""
        for _ in range(int(self._length / 40)):
            await asyncio.sleep(40)
            speakers = self.live.state.speakers
            if speakers.waiting:
                current = speakers.current.person if speakers.current else None
                self.linked["moderator"].do("speaker.next", current=current)

    async def _poll(self, number: int) -> None:
        moderator = self.linked["moderator"]
        await asyncio.sleep(self._length * (number + 0.5) / POLLS)
        options = ["We should begin with this", "We should leave this for later", "We should never do this"]
        visibility = ("published", "live")[number % 2]
        prompt = "How should the ministry and the associations go on?"
        settings = {"visibility": visibility}
        poll = await moderator.make("poll.create", kind="single", prompt=prompt, options=options, settings=settings)
        moderator.do("poll.open", poll=poll)
        await asyncio.gather(*(self._ballot(one, poll) for one in self.people))
        moderator.do("poll.close", poll=poll)
        await asyncio.sleep(5)
        if visibility == "published":
            moderator.do("poll.publish", poll=poll)

    async def _ballot(self, one: Someone, poll: str) -> None:
        await asyncio.sleep(min(45.0, self._chance.expovariate(1 / 12)))
        one.do("ballot.cast", poll=poll, answer=[self._chance.choice("aabc")])

    async def _question(self) -> None:
        asker, moderator = self._somebody(), self.linked["moderator"]
        words = "What happens to the budget of the consulates when the agreement of 2024 ends next year?"
        question = await asker.make("question.ask", text=words)
        moderator.do("question.approve", question=question)
        for one in self._chance.sample(self.people, min(15, len(self.people))):
            await asyncio.sleep(self._chance.expovariate(1 / 6))
            if one is not asker:
                one.do("question.vote", question=question, on=True)
        moderator.do("question.answer", question=question, text="It goes on for two years; the decree is signed.")

    async def _hand(self) -> None:
        one = self._somebody()
        if one.member.person not in self.live.state.speakers.hands:
            one.do("hand.raise", reason="On the second point, from our experience in Lyon")

    async def _note(self) -> None:
        words = "The association in Lyon had an agreement with the consulate that outlived two directors."
        self.linked["rapporteur"].do("note.write", kind="works", text=words)

    async def _react(self) -> None:
        self._somebody().do("react", kind=self._chance.choice(("agree", "clap", "heart", "idea")))

    async def _drop_out(self) -> None:
        one = self._somebody()
        one.leave()
        await asyncio.sleep(60)
        self.resumed.append(one.connect())
        fresh = Someone(self.live, one.member)
        self.whole.append(fresh.connect())
        fresh.leave()
