"""Breakout rooms: a plan says who sits where in which round; people are sent there, rotated and called back.

`model` and `round` hold the state, `commands` what people send, `making` plans, `seats` who gets which seat, `places` which one who comes
later, `worth` how good a plan is that was changed, `running` the rooms while people are in them, `inside` what those people do, `views`
what documents say of it, `touches` which of that a change concerns.
"""

from server.core.breakouts.commands import (
    AskHelp,
    AssignSeat,
    Choose,
    CloseRooms,
    Coming,
    DropPlan,
    EditPlan,
    Enter,
    ExtendRooms,
    Helped,
    HideNotes,
    Leave,
    LeaveHandover,
    MakePlan,
    OpenRooms,
    Planned,
    Rotate,
    SendMessage,
    ShowNotes,
)
from server.core.breakouts.making import drop, edit, forget_questions, make, planned, wanted
from server.core.breakouts.model import Breakouts
from server.core.breakouts.seats import arrive, assign, choose, depart
from server.core.breakouts.touches import (
    DESK,
    RECORD,
    STAGE,
    document,
    touch_desk_room,
    touch_note,
    touch_presence,
    touch_room,
    touch_signed,
)

__all__ = [
    "DESK",
    "RECORD",
    "STAGE",
    "AskHelp",
    "AssignSeat",
    "Breakouts",
    "Choose",
    "CloseRooms",
    "Coming",
    "DropPlan",
    "EditPlan",
    "Enter",
    "ExtendRooms",
    "Helped",
    "HideNotes",
    "Leave",
    "LeaveHandover",
    "MakePlan",
    "OpenRooms",
    "Planned",
    "Rotate",
    "SendMessage",
    "ShowNotes",
    "arrive",
    "assign",
    "choose",
    "depart",
    "document",
    "drop",
    "edit",
    "forget_questions",
    "make",
    "planned",
    "touch_desk_room",
    "touch_note",
    "touch_presence",
    "touch_room",
    "touch_signed",
    "wanted",
]
