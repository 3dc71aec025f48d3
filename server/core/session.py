"""The session itself: its title, state and settings, and the announcement to everybody."""

from __future__ import annotations

from typing import Annotated, Any, ClassVar

import msgspec
from msgspec import Meta

from server.core import links
from server.core.base import SYSTEM, Command, Context, Seconds, ShortTextIn, TextIn
from server.core.refusals import Refusal
from server.core.setup import MAX_STARTS, Setup, Text

STAGE = ("stage", "session")
DESK_SETTINGS = ("desk", "settings")
STAGE_ANNOUNCEMENT = ("stage", "announcement")

LOBBY = "lobby"
LIVE = "live"
ENDED = "ended"


class Announcement(msgspec.Struct, frozen=True):
    """A message from the moderators to everybody; it goes away at `until` (milliseconds) where that is given."""

    text: Text
    at: int
    until: int | None


class Session(msgspec.Struct):
    """What is true of the whole session. `epoch` marks this log, `salt` is the secret that ids are drawn from."""

    id: str = ""
    code: str = ""
    epoch: str = ""
    salt: str = ""
    title: Text = {}
    state: str = LOBBY
    starts: int | None = None
    timezone: str = "UTC"
    languages: tuple[str, ...] = ("en",)
    groups: dict[str, Text] = {}
    created: int = 0
    opened: int | None = None
    closed: int | None = None
    announcement: Announcement | None = None
    link: str | None = None


class Create(Command, tag="session.create"):
    """The first entry: everything the session is made from. `tokens` and `names` are by role: hashes of keys, and what to call them."""

    roles: ClassVar[frozenset[str]] = SYSTEM
    session: str
    code: str
    epoch: str
    salt: str
    setup: Setup
    tokens: dict[str, str]
    names: dict[str, str]


class Tick(Command, tag="tick"):
    """A deadline has passed. The entry's time does the work; a doubled tick changes nothing."""

    roles: ClassVar[frozenset[str]] = SYSTEM
    after_end: ClassVar[bool] = True


class Open(Command, tag="session.open"):
    after_end: ClassVar[bool] = True


class Close(Command, tag="session.close"):
    pass


class ChangeSettings(Command, tag="session.settings"):
    title: ShortTextIn | None = None
    starts: Annotated[int, Meta(ge=0, le=MAX_STARTS)] | None = None
    limit: Seconds | None = None
    link: Annotated[str, Meta(max_length=links.MAX_LINK)] | None = None


class Announce(Command, tag="announce"):
    text: TextIn
    seconds: Annotated[int, Meta(ge=1, le=86_400)] | None = None


class ClearAnnouncement(Command, tag="announce.clear"):
    after_end: ClassVar[bool] = True


def build(session: Session, ctx: Context, command: Create) -> None:
    """Fill a new session."""
    setup = command.setup
    session.id, session.code = command.session, command.code
    session.epoch, session.salt = command.epoch, command.salt
    session.title, session.starts, session.timezone = setup.title, setup.starts, setup.timezone
    session.languages = setup.languages
    session.groups = {group.id: group.name for group in setup.groups}
    session.link = setup.link if setup.link and links.fault(setup.link) is None else None
    session.created = ctx.at
    ctx.touch(STAGE, DESK_SETTINGS)


def open_session(session: Session, ctx: Context) -> None:
    """Go live, from the lobby or again after an end."""
    if session.state == LIVE:
        raise Refusal("session.already_live")
    session.state, session.closed = LIVE, None
    session.opened = session.opened or ctx.at
    ctx.touch(STAGE)
    ctx.write("session.opened")


def close_session(session: Session, ctx: Context) -> None:
    """End the session; notes, answers and publishing go on."""
    session.state, session.closed = ENDED, ctx.at
    ctx.touch(STAGE)
    ctx.write("session.closed")


def change_settings(session: Session, ctx: Context, command: ChangeSettings) -> None:
    """Change title, planned start or the link of video rooms; the advised length of a turn belongs to the speakers."""
    if command.link and (wrong := links.fault(command.link)):
        raise Refusal("invalid", link=wrong)
    if command.title is not None:
        session.title = ctx.revised(session.title, command.title, "title")
    if command.starts is not None:
        session.starts = command.starts
    if command.link is not None:
        session.link = command.link or None
        ctx.touch(DESK_SETTINGS)
    ctx.touch(STAGE)


def announce(session: Session, ctx: Context, command: Announce) -> None:
    """Say something to everybody; a new announcement takes the place of the old one."""
    text = ctx.text(command.text)
    until = None if command.seconds is None else ctx.at + command.seconds * 1000
    session.announcement = Announcement(text, ctx.at, until)
    ctx.touch(STAGE_ANNOUNCEMENT)
    ctx.write("announced", text=text)


def clear_announcement(session: Session, ctx: Context) -> None:
    """Take the announcement away."""
    session.announcement = None
    ctx.touch(STAGE_ANNOUNCEMENT)


def stage(session: Session) -> dict[str, Any]:
    """Return `stage.session`."""
    return {
        "id": session.id,
        "title": session.title,
        "state": session.state,
        "starts": session.starts,
        "timezone": session.timezone,
        "languages": list(session.languages),
        "groups": session.groups,
        "group_order": list(session.groups),
        "code": session.code,
    }


def desk_settings(session: Session) -> dict[str, Any]:
    """Return `desk.settings`: what only those who run the session set and see."""
    return {"link": session.link}


def stage_announcement(session: Session) -> dict[str, Any] | None:
    """Return `stage.announcement`."""
    said = session.announcement
    return None if said is None else {"text": said.text, "at": said.at, "until": said.until}
