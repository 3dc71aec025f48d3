"""Breakout rooms for tests of those who watch them from outside: a plan that is open, and people in it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from typing import Any

from tests.support.member import Member
from tests.support.server import Server, Session

NAMES = ("Amina Diallo", "Ben Cole", "Chiara Rossi", "Dina Haddad")


class Rooms:
    """An open plan; `members` are the people in it, each with a document of a room."""

    def __init__(self, plan: str, moderator: Member, members: list[Member]) -> None:
        self.plan = plan
        self.moderator = moderator
        self.members = members

    @property
    def order(self) -> list[str]:
        """The rooms by their numbers."""
        order: list[str] = self.moderator.docs["desk"]["rooms"][self.plan]["order"]
        return order

    async def in_room(self, room: str, round_: int = 1) -> Member:
        """Somebody who has that room in that round, once they are there."""
        seated = self.moderator.docs["desk"]["rooms"][self.plan]["seats"][str(round_)][room]
        member = next(one for one in self.members if one.docs["me"]["person"] in seated)
        await member.until(lambda docs: docs[f"room/{room}"]["room"]["round"] == round_)
        return member


@asynccontextmanager
async def opened(server: Server, session: Session, moderator: Member, **fields: Any) -> AsyncIterator[Rooms]:
    """Let four people join, make a plan of two rooms and two rounds (or what `fields` of `rooms.plan` say) and open it."""
    async with AsyncExitStack() as stack:
        people = [await server.join(session.code, name) for name in NAMES]
        members = [await stack.enter_async_context(server.connect(session.session, one.token)) for one in people]
        wanted: dict[str, Any] = {"rooms": 2, "assign": "random", "rounds": 2, "seconds": 600} | fields
        plan = (await moderator.send("rooms.plan", **wanted)).made
        assert plan is not None
        await moderator.until(lambda docs: docs["desk"]["rooms"][plan]["state"] == "ready")
        await moderator.send("rooms.open", plan=plan)
        yield Rooms(plan, moderator, members)
