"""The commands of breakout rooms."""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal

import msgspec
from msgspec import UNSET, Meta, UnsetType

from server.core.base import PEOPLE, SCRIBES, SYSTEM, Command, Id, Seconds, ShortTextIn, TextIn
from server.core.breakouts.model import MAX_ROOMS, MAX_ROUNDS, Assign
from server.core.seating import Quality

MAX_SIZE = 5_000

RoundNumber = Annotated[int, Meta(ge=1, le=MAX_ROUNDS)]
Change = Annotated[int, Meta(ge=-86_400, le=86_400)]


class TopicIn(msgspec.Struct, frozen=True, omit_defaults=True, forbid_unknown_fields=True):
    """What is said of one room when a plan is made."""

    name: ShortTextIn | None = None
    task: TextIn | None = None
    question: Id | None = None
    host: Id | None = None


class MakePlan(Command, tag="rooms.plan"):
    """Make a plan of `rooms` rooms, or of rooms of about `size` people. Nobody moves."""

    assign: Assign
    rooms: Annotated[int, Meta(ge=1, le=MAX_ROOMS)] | None = None
    size: Annotated[int, Meta(ge=2, le=MAX_SIZE)] | None = None
    from_: Id | None = msgspec.field(default=None, name="from")
    name: ShortTextIn | None = None
    rounds: RoundNumber | None = None
    rotate: Literal["people", "questions"] = "people"
    seconds: Seconds = 0
    auto: bool = False
    topics: Annotated[tuple[TopicIn, ...], Meta(max_length=MAX_ROOMS)] = ()
    places: Annotated[int, Meta(ge=1, le=MAX_SIZE)] | None = None


class Planned(Command, tag="rooms.planned"):
    """A plan was computed: for every round, the index of the room of each of the plan's people."""

    roles: ClassVar[frozenset[str]] = SYSTEM
    after_end: ClassVar[bool] = True
    plan: str
    seats: tuple[tuple[int, ...], ...]
    quality: Quality


class EditPlan(Command, tag="rooms.edit"):
    """Change a room (`name`, `task`, `question`, `host`) or a plan (`name`, `seconds`, `auto`)."""

    room: Id | None = None
    plan: Id | None = None
    name: ShortTextIn | UnsetType | None = UNSET
    task: TextIn | UnsetType | None = UNSET
    question: Id | UnsetType | None = UNSET
    host: Id | UnsetType | None = UNSET
    seconds: Seconds | None = None
    auto: bool | None = None


class AssignSeat(Command, tag="rooms.assign"):
    person: Id
    room: Id | None
    round: RoundNumber | None = None
    plan: Id | None = None


class OpenRooms(Command, tag="rooms.open"):
    plan: Id | None = None
    seconds: Seconds | None = None
    room: Id | None = None


class Rotate(Command, tag="rooms.rotate"):
    round: RoundNumber | None = None


class ExtendRooms(Command, tag="rooms.extend"):
    seconds: Change


class SendMessage(Command, tag="rooms.message"):
    text: TextIn
    room: Id | None = None


class CloseRooms(Command, tag="rooms.close"):
    grace: Annotated[int, Meta(ge=0, le=3_600)] = 60
    room: Id | None = None


class DropPlan(Command, tag="rooms.drop"):
    plan: Id


class ShowNotes(Command, tag="rooms.show"):
    roles: ClassVar[frozenset[str]] = SCRIBES
    after_end: ClassVar[bool] = True
    room: Id
    round: RoundNumber | None = None


class HideNotes(Command, tag="rooms.hide"):
    roles: ClassVar[frozenset[str]] = SCRIBES
    after_end: ClassVar[bool] = True


class Choose(Command, tag="room.choose"):
    roles: ClassVar[frozenset[str]] = PEOPLE
    room: Id


class Leave(Command, tag="room.leave"):
    """Go to the plenary for oneself; the seat stays. `room` is where the sender believes to be."""

    roles: ClassVar[frozenset[str]] = PEOPLE
    room: Id | None = None


class Enter(Command, tag="room.enter"):
    """Go back to one's room."""

    roles: ClassVar[frozenset[str]] = PEOPLE


class AskHelp(Command, tag="room.help"):
    """Ask for help, or say that none is needed. `room` is where the sender believes to be."""

    roles: ClassVar[frozenset[str]] = PEOPLE
    on: bool = True
    room: Id | None = None


class Coming(Command, tag="room.coming"):
    room: Id


class Helped(Command, tag="room.helped"):
    room: Id


class LeaveHandover(Command, tag="room.handover"):
    """Leave lines for the next group; `room` and `round` say where they were written, if that is over."""

    roles: ClassVar[frozenset[str]] = PEOPLE
    text: TextIn
    room: Id | None = None
    round: RoundNumber | None = None
